"""Reads every topic of the line with librdkafka, committed records only, and writes what it read.

usage: read.py live|final BROKERS REGISTRY DIR TOPIC...

live   reads from the beginning until standard input ends; writes live-TOPIC.ndjson (partition, offset, digest) and
       samples.ndjson (committed offsets of every group, twice a second).
final  reads from the beginning to the end of each partition; writes topic-TOPIC.ndjson (partition, offset,
       timestamp, headers, key, value, decoded), groups.ndjson (committed offset of each group and partition) and
       ends.ndjson (start, end and last stable offset of each partition).
"""
import base64
import hashlib
import io
import json
import os
import struct
import sys
import threading
import time
import urllib.request

import fastavro
from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, OffsetSpec

mode, brokers, registry, folder, *topics = sys.argv[1:]
settings = {"bootstrap.servers": brokers, "log_level": 0, "reconnect.backoff.max.ms": 1_000}


def consumer():
    return Consumer(
        {
            **settings,
            "group.id": f"chaos-verifier-{os.getpid()}",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "fetch.message.max.bytes": 8_388_608,
            "fetch.wait.max.ms": 100,
            "enable.partition.eof": mode == "final",
        }
    )


def patiently(what, action, seconds=120):
    end = time.monotonic() + seconds
    while True:
        try:
            return action()
        except Exception as error:  # a broker that restarts is the subject of the run
            if time.monotonic() > end:
                raise RuntimeError(f"{what}: {error}") from error
            time.sleep(0.5)


def partitions_of(reader):
    metadata = patiently("metadata", lambda: reader.list_topics(timeout=10))
    missing = [topic for topic in topics if topic not in metadata.topics]
    if missing:
        raise RuntimeError(f"no topic {missing}")
    return [(topic, partition) for topic in topics for partition in sorted(metadata.topics[topic].partitions)]


def digest(message):
    """Of everything that a reader sees of a record."""
    whole = hashlib.sha256()
    for part in (message.key(), message.value()):
        whole.update(b"-" if part is None else b"+" + struct.pack(">I", len(part)) + part)
    for name, value in message.headers() or []:
        for part in (name.encode(), value):
            whole.update(b"-" if part is None else b"+" + struct.pack(">I", len(part)) + part)
    return whole.hexdigest()


def group_offsets(admin):
    """Committed offsets of every group that has some: {(group, topic, partition): offset}."""
    groups = [listing.group_id for listing in admin.list_consumer_groups(request_timeout=10).result().valid]
    found = {}
    for group in groups:
        if group.startswith("chaos-verifier"):
            continue
        request = [ConsumerGroupTopicPartitions(group)]
        answer = list(admin.list_consumer_group_offsets(request, request_timeout=10).values())[0].result()
        for entry in answer.topic_partitions:
            if entry.offset >= 0:
                found[(group, entry.topic, entry.partition)] = entry.offset
    return found


def live():
    stop = threading.Event()

    def until_input_ends():
        sys.stdin.read()
        stop.set()

    threading.Thread(target=until_input_ends, daemon=True).start()

    def sample():
        admin = AdminClient(settings)
        with open(os.path.join(folder, "samples.ndjson"), "w") as out:
            while not stop.wait(0.5):
                try:
                    offsets = group_offsets(admin)
                except Exception:  # the cluster is away for now: the next sample tells
                    continue
                rows = [[group, topic, partition, at] for (group, topic, partition), at in sorted(offsets.items())]
                out.write(json.dumps({"at": int(time.time() * 1000), "offsets": rows}) + "\n")
                out.flush()

    sampler = threading.Thread(target=sample)
    sampler.start()
    reader = consumer()
    reader.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for topic, partition in partitions_of(reader)])
    outputs = {topic: open(os.path.join(folder, f"live-{topic}.ndjson"), "w") for topic in topics}
    while not stop.is_set():
        for message in reader.consume(500, timeout=0.3):
            if message.error() is not None:
                continue
            row = {"partition": message.partition(), "offset": message.offset(), "digest": digest(message)}
            outputs[message.topic()].write(json.dumps(row) + "\n")
    for out in outputs.values():
        out.close()
    reader.close()
    sampler.join()


class Decoder:
    """Avro in the Confluent wire format; long timestamps stay milliseconds."""

    def __init__(self):
        self.schemas = {}

    def schema(self, number):
        if number not in self.schemas:
            try:
                url = f"{registry}/schemas/ids/{number}"
                text = json.load(urllib.request.urlopen(url, timeout=10))["schema"]
                self.schemas[number] = fastavro.parse_schema(self.plain(json.loads(text)))
            except Exception as error:
                self.schemas[number] = error
        return self.schemas[number]

    def plain(self, schema):
        if isinstance(schema, dict):
            return {key: self.plain(value) for key, value in schema.items() if key != "logicalType"}
        return [self.plain(each) for each in schema] if isinstance(schema, list) else schema

    def decode(self, value):
        if value is None or len(value) < 5 or value[0] != 0:
            return None
        schema = self.schema(struct.unpack(">I", value[1:5])[0])
        if isinstance(schema, Exception):
            return None
        body = io.BytesIO(value[5:])
        try:
            record = fastavro.schemaless_reader(body, schema)
        except Exception:
            return None
        return record if body.read(1) == b"" else None


def base64_of(data):
    return None if data is None else base64.b64encode(data).decode()


def final():
    reader = consumer()
    admin = AdminClient(settings)
    partitions = partitions_of(reader)
    request = {TopicPartition(topic, partition): OffsetSpec.latest() for topic, partition in partitions}

    def offsets(isolation):
        futures = admin.list_offsets(request, isolation_level=isolation, request_timeout=20)
        return {(at.topic, at.partition): future.result().offset for at, future in futures.items()}

    stable = patiently("stable offsets", lambda: offsets(IsolationLevel.READ_COMMITTED))
    ends = patiently("end offsets", lambda: offsets(IsolationLevel.READ_UNCOMMITTED))
    with open(os.path.join(folder, "ends.ndjson"), "w") as out:
        for topic, partition in partitions:
            low, _ = patiently(
                "watermarks", lambda: reader.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
            )
            row = {
                "topic": topic,
                "partition": partition,
                "start": low,
                "end": ends[(topic, partition)],
                "stable": stable[(topic, partition)],
            }
            out.write(json.dumps(row) + "\n")
    with open(os.path.join(folder, "groups.ndjson"), "w") as out:
        for (group, topic, partition), at in sorted(patiently("groups", lambda: group_offsets(admin)).items()):
            out.write(json.dumps({"group": group, "topic": topic, "partition": partition, "offset": at}) + "\n")

    decoder = Decoder()
    for topic in topics:
        own = [(topic, partition) for name, partition in partitions if name == topic]
        reader.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for _, partition in own])
        rows = []
        waiting = set(own)
        end = time.monotonic() + 120
        while waiting:
            for message in reader.consume(1000, timeout=0.2):
                error = message.error()
                at = (message.topic(), message.partition())
                if error is None:
                    rows.append(message)
                elif error.code() == KafkaError._PARTITION_EOF and message.offset() >= stable[at]:
                    waiting.discard(at)
            if time.monotonic() > end:
                raise RuntimeError(f"{topic} could not be read to its end: {waiting} of {stable}")
        with open(os.path.join(folder, f"topic-{topic}.ndjson"), "w") as out:
            for message in sorted(rows, key=lambda each: (each.partition(), each.offset())):
                row = {
                    "partition": message.partition(),
                    "offset": message.offset(),
                    "timestamp": message.timestamp()[1],
                    "headers": [[name, base64_of(value)] for name, value in message.headers() or []],
                    "key": base64_of(message.key()),
                    "value": base64_of(message.value()),
                    "digest": digest(message),
                    "decoded": None if topic == "errors.dead-letter" else decoder.decode(message.value()),
                }
                out.write(json.dumps(row) + "\n")
    reader.close()


if mode == "live":
    live()
else:
    final()
print(json.dumps({"v": 1, "mode": mode, "topics": len(topics)}))
