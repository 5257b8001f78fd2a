"""Sends records with librdkafka (idempotent, acks=all) and says of each what the brokers answered.

usage: produce.py BROKERS. Reads NDJSON from standard input: {"n", "topic", "partition", "key", "value", "headers"},
key and value in base64 or null, headers as [name, base64]. Prints NDJSON: {"n", "partition", "offset"} where every
in-sync replica has it, {"n", "error"} where that is not known. Ends when the input ends and all is answered.
"""
import base64
import json
import sys
import threading

from confluent_kafka import Producer

producer = Producer(
    {
        "bootstrap.servers": sys.argv[1],
        "acks": "all",
        "enable.idempotence": True,
        "linger.ms": 20,
        "message.timeout.ms": 120_000,
        "message.max.bytes": 8_388_608,
        "reconnect.backoff.max.ms": 1_000,
        "log_level": 0,
    }
)
lock = threading.Lock()
done = threading.Event()


def say(answer):
    with lock:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def delivered(n):
    def on_delivery(error, message):
        if error is not None:
            say({"n": n, "error": str(error)})
        else:
            say({"n": n, "partition": message.partition(), "offset": message.offset()})

    return on_delivery


def decode(text):
    return None if text is None else base64.b64decode(text)


def poll():
    while not done.is_set():
        producer.poll(0.05)


poller = threading.Thread(target=poll, daemon=True)
poller.start()
for line in sys.stdin:
    record = json.loads(line)
    while True:
        try:
            producer.produce(
                record["topic"],
                partition=record["partition"],
                key=decode(record["key"]),
                value=decode(record["value"]),
                headers=[(name, decode(value)) for name, value in record["headers"]],
                on_delivery=delivered(record["n"]),
            )
            break
        except BufferError:
            done.wait(0.1)
producer.flush(150)
done.set()
poller.join()
