"""What a run left behind, read into memory: acknowledgements, topics, tables, what the outside systems were sent."""
import base64
import collections
import hashlib
import io
import json
import os

import fastavro

RECORD_TOPICS = ("errors.classified", "errors.delayed", "errors.fixable", "errors.unresolved", "errors.escalated")
STATE_OF_TOPIC = {
    "errors.raw": "raw",
    "errors.classified": "classified",
    "errors.delayed": "delayed",
    "errors.fixable": "fixable",
    "errors.unresolved": "unresolved",
    "errors.escalated": "escalated",
}
TOPIC_OF_STATE = {state: topic for topic, state in STATE_OF_TOPIC.items() if topic != "errors.raw"}
TERMINAL = frozenset(("resolved", "suppressed", "dead-lettered", "escalated"))


def coordinate(value):
    """(topic id, partition, offset) of a coordinate, as text."""
    return None if value is None else f"{value['topicId']}:{value['partition']}:{value['offset']}"


def plain(schema):
    """A schema without logical types, so that times stay milliseconds."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != "logicalType"}
    return [plain(each) for each in schema] if isinstance(schema, list) else schema


def raw_bytes(text):
    return None if text is None else base64.b64decode(text)


class Dumps:
    def __init__(self, folder):
        self.folder = folder
        self.cache = {}
        with open(os.path.join(folder, "run.json")) as file:
            self.run = json.load(file)
        self.topic_id = self.run["topicIds"]["errors.raw"]

    def has(self, name):
        return os.path.exists(os.path.join(self.folder, f"{name}.ndjson"))

    def rows(self, name):
        """Rows of a dump; a dump that is missing is an error, never an empty one."""
        if name not in self.cache:
            with open(os.path.join(self.folder, f"{name}.ndjson")) as file:
                self.cache[name] = [json.loads(line) for line in file if line.strip()]
        return self.cache[name]

    def topic(self, name):
        return self.rows(f"topic-{name}")

    def table(self, name):
        return self.rows(f"table-{name}")

    def once(self, name, make):
        if name not in self.cache:
            self.cache[name] = make()
        return self.cache[name]

    @property
    def topics(self):
        return self.run["topics"]

    @property
    def raw(self):
        """Records of errors.raw by coordinate."""

        def make():
            return {f"{self.topic_id}:{row['partition']}:{row['offset']}": row for row in self.topic("errors.raw")}

        return self.once("raw", make)

    @property
    def outcomes(self):
        """Transitions of records, as they lie on errors.outcomes."""

        def make():
            rows = self.topic("errors.outcomes")
            return [row["decoded"] for row in rows if (row["decoded"] or {}).get("subject") == "record"]

        return self.once("outcomes", make)

    @property
    def outcome_rows(self):
        """Rows of the table of outcomes, by the id in their bodies: (row, decoded body)."""

        def make():
            schemas = {row["schema"]: fastavro.parse_schema(plain(json.loads(row["body"]))) for row in self.table("outcome_schemas")}
            found = collections.defaultdict(list)
            for row in self.table("outcomes"):
                body = fastavro.schemaless_reader(io.BytesIO(raw_bytes(row["body"])), schemas[row["schema"]])
                found[body["id"]].append((row, body))
            return found

        return self.once("outcome_rows", make)

    @property
    def ranges(self):
        def make():
            rows = self.topic("errors.outcomes")
            return [row["decoded"]["range"] for row in rows if (row["decoded"] or {}).get("subject") == "range"]

        return self.once("ranges", make)

    @property
    def by_record(self):
        """Transitions by coordinate, in the order of their hops."""

        def make():
            found = collections.defaultdict(list)
            for outcome in self.outcomes:
                found[coordinate(outcome["coordinate"])].append(outcome)
            for outcomes in found.values():
                outcomes.sort(key=lambda outcome: outcome["hops"])
            return found

        return self.once("by_record", make)

    @property
    def records(self):
        """Decoded records of the line by (topic, coordinate, hops)."""

        def make():
            found = collections.defaultdict(list)
            for topic in RECORD_TOPICS:
                for row in self.topic(topic):
                    record = row["decoded"]
                    if record is not None:
                        found[(topic, coordinate(record["coordinate"]), record["hops"])].append(row)
            return found

        return self.once("records", make)

    @property
    def dead_letters(self):
        """Dead letters by the (topic, partition, offset) that they name."""

        def make():
            found = collections.defaultdict(list)
            for row in self.topic("errors.dead-letter"):
                headers = {name: raw_bytes(value) for name, value in row["headers"]}

                def text(name):
                    value = headers.get(f"__connect.errors.{name}")
                    return None if value is None else value.decode()

                at = (text("topic"), int(text("partition") or -1), int(text("offset") or -1))
                found[at].append((row, text("reason")))
            return found

        return self.once("dead_letters", make)

    @property
    def attempts(self):
        """Attempts as the transitions tell them, by key: (coordinate, attempt)."""

        def make():
            found = collections.defaultdict(dict)
            for at, outcomes in self.by_record.items():
                for outcome in outcomes:
                    for attempt in (outcome.get("retry") or {}).get("attempts", []):
                        found[attempt["key"]][(at, json.dumps(attempt, sort_keys=True))] = (at, attempt)
            return {key: list(told.values()) for key, told in found.items()}

        return self.once("attempts", make)


def file_digest(path):
    """(lines, SHA-256) of a file."""
    whole = hashlib.sha256()
    lines = 0
    with open(path, "rb") as file:
        for line in file:
            whole.update(line)
            lines += 1
    return lines, whole.hexdigest()
