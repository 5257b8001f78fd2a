"""Produces one event to errors.raw with librdkafka and fastavro.

Reads {"brokers", "registry", "schema", "record", "key", "partition"} from standard input: the schema is
registered as this client's own, and the record is written with it. Prints {"partition", "offset", "schemaId"}.
"""
import io
import json
import struct
import sys
import urllib.request

import fastavro
from confluent_kafka import Producer

given = json.load(sys.stdin)
request = urllib.request.Request(
    given["registry"] + "/subjects/errors.raw-value/versions",
    data=json.dumps({"schemaType": "AVRO", "schema": json.dumps(given["schema"])}).encode(),
    headers={"Content-Type": "application/vnd.schemaregistry.v1+json"},
)
schema_id = json.load(urllib.request.urlopen(request))["id"]

body = io.BytesIO()
fastavro.schemaless_writer(body, fastavro.parse_schema(given["schema"]), given["record"])
acknowledged = {}


def delivered(error, message):
    if error is not None:
        raise SystemExit(str(error))
    acknowledged.update(partition=message.partition(), offset=message.offset(), schemaId=schema_id)


producer = Producer({"bootstrap.servers": given["brokers"], "acks": "all", "enable.idempotence": True})
producer.produce(
    "errors.raw",
    key=given.get("key"),
    value=struct.pack(">bI", 0, schema_id) + body.getvalue(),
    on_delivery=delivered,
)
producer.flush(30)
print(json.dumps(acknowledged))
