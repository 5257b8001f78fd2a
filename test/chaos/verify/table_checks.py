"""Invariants between topics and tables: rows = records, offsets, incidents, outbox, lag, open transactions."""
import collections

from checks import Check
from dumps import TERMINAL, coordinate, raw_bytes


def rows_equal_records(dumps):
    """8: rows = records; the offset of each inbox stands behind the last record that it took."""
    check = Check()
    told = {outcome["id"]: outcome for outcome in dumps.outcomes}
    for key, outcome in told.items():
        found = dumps.outcome_rows.get(key, [])
        check.expect(len(found) == 1, lambda: {"outcome": key, "rows": len(found)})
        for row, body in found:
            at = f"{row['topic_id']}:{row['raw_partition']}:{row['raw_offset']}"
            same = body == outcome and at == coordinate(outcome["coordinate"]) and int(row["at"]) == outcome["at"]
            check.expect(same, lambda: {"outcome": key, "row": row})
    for key in dumps.outcome_rows:
        check.expect(key in told, lambda: {"row without a record": key})
    states = {f"{row['topic_id']}:{row['raw_partition']}:{row['raw_offset']}": row for row in dumps.table("records")}
    for at, outcomes in dumps.by_record.items():
        row = states.get(at)
        last = outcomes[-1]
        same = row is not None and row["state"] == last["to"] and (row["ended_at"] is not None) == (last["to"] in TERMINAL)
        check.expect(same, lambda: {"record": at, "state": last["to"], "row": row})
    for at in states:
        check.expect(at in dumps.by_record, lambda: {"row of records without outcomes": at})
    for topic, groups in inbox_groups(dumps).items():
        last = collections.defaultdict(lambda: -1)
        for row in dumps.topic(topic):
            last[row["partition"]] = row["offset"]
        for group in groups:
            stands = {row["part"]: row for row in dumps.table("inbox_offsets") if row["consumer"] == group}
            for partition, offset in last.items():
                row = stands.get(partition)
                end = next(e["end"] for e in dumps.rows("ends") if (e["topic"], e["partition"]) == (topic, partition))
                holds = row is not None and offset + 1 <= int(row["off"]) <= end
                check.expect(holds, lambda: {"inbox": group, "partition": partition, "last": offset, "row": row, "end": end})
                check.expect(
                    row is None or row["topic_id"] == dumps.run["topicIds"][topic],
                    lambda: {"inbox": group, "topic": topic, "row": row},
                )
    for row in dumps.table("inbox_rejects"):
        check.expect(False, {"rejected": row})
    for row in dumps.table("line_counters"):
        check.expect(int(row["duplicates"]) == 0, lambda: {"shard": row["shard"], "outcomes that came again": row["duplicates"]})
        check.expect(int(row["double_ends"]) == 0, lambda: {"shard": row["shard"], "second ends": row["double_ends"]})
    for row in dumps.table("ledger_violations"):
        check.expect(False, {"ledger": row})
    return check.result()


def inbox_groups(dumps):
    """Groups that keep their offsets in Postgres, by topic."""
    found = collections.defaultdict(set)
    for row in dumps.table("inbox_offsets"):
        found[row["topic"]].add(row["consumer"])
    prefix = dumps.run["groupPrefix"]
    found["errors.outcomes"].add(f"{prefix}.analytics")
    return found


def incidents_complete(dumps):
    """Every escalated record belongs to one incident; every transition of an incident was sent once, in order."""
    check = Check()
    if not dumps.run["notifier"]:
        return None
    members = collections.Counter(f"{r['topic_id']}:{r['part']}:{r['off']}" for r in dumps.table("incident_records"))
    escalated = {coordinate(row["decoded"]["coordinate"]) for row in dumps.topic("errors.escalated") if row["decoded"]}
    for at in escalated | members.keys():
        check.expect(members[at] == 1 and at in escalated, lambda: {"record": at, "incidents": members[at]})
    incidents = {row["id"]: row for row in dumps.table("incidents")}
    counts = collections.Counter(row["incident_id"] for row in dumps.table("incident_records"))
    for key, row in incidents.items():
        check.expect(int(row["records"]) == counts[key], lambda: {"incident": key, "records": row["records"], "rows": counts[key]})
    kept = {row["transition_id"]: row for row in dumps.table("incident_transitions")}
    order = collections.defaultdict(list)
    sent = set()
    for row in dumps.topic("errors.incidents"):
        incident = row["decoded"]
        if incident is None:
            continue
        sent.add(incident["transitionId"])
        order[incident["id"]].append(incident["sequence"])
        check.expect(incident["transitionId"] in kept, lambda: {"sent and not kept": incident["transitionId"]})
    for key, row in kept.items():
        check.expect(key in sent, lambda: {"kept and not sent": row})
        check.expect(row["published"], lambda: {"not published": row})
    for key, sequences in order.items():
        check.expect(sequences == list(range(len(sequences))) or sequences == list(range(1, len(sequences) + 1)), lambda: {"incident": key, "sent in the order": sequences})
    committed = {(g["group"], g["topic"], g["partition"]): g["offset"] for g in dumps.rows("groups")}
    for shard in dumps.table("outbox_shards"):
        group = f"{dumps.run['groupPrefix']}.outbox.{shard['shard']}"
        offsets = [offset for (name, _, _), offset in committed.items() if name == group]
        check.expect(offsets == [int(shard["next_seq"]) - 1], lambda: {"outbox": shard, "committed": offsets})
    values = collections.Counter(row["value"] for row in dumps.topic("errors.incidents"))
    for row in dumps.table("outbox"):
        if row["topic"] == "errors.incidents":
            check.expect(values[row["value"]] == 1, lambda: {"outbox": row["seq"], "sent": values[row["value"]]})
    check.expect(
        sum(int(shard["next_seq"]) - 1 for shard in dumps.table("outbox_shards")) >= len(dumps.topic("errors.incidents")),
        lambda: {"sent": len(dumps.topic("errors.incidents"))},
    )
    return check.result(incidents=len(incidents))


def lag_zero(dumps):
    """9: nothing is left to read, and no committed offset ever went back."""
    check = Check()
    prefix = dumps.run["groupPrefix"]
    committed = {(g["group"], g["topic"], g["partition"]): g["offset"] for g in dumps.rows("groups")}
    ends = {(e["topic"], e["partition"]): e["end"] for e in dumps.rows("ends")}
    for group, topic in dumps.run["stageInputs"]:
        by_partition = collections.defaultdict(list)
        for row in dumps.topic(topic):
            by_partition[row["partition"]].append(row["offset"])
        for partition, offsets in by_partition.items():
            stands = committed.get((f"{prefix}.{group}", topic, partition), 0)
            left = sum(1 for offset in offsets if offset >= stands)
            check.expect(left == 0, lambda: {"group": group, "topic": topic, "partition": partition, "left": left})
            check.expect(stands <= ends[(topic, partition)], lambda: {"group": group, "topic": topic, "committed": stands})
    last = {}
    samples = 0
    for sample in dumps.rows("samples"):
        samples += 1
        for group, topic, partition, offset in sample["offsets"]:
            before = last.get((group, topic, partition), -1)
            check.expect(offset >= before, lambda: {"group": group, "topic": topic, "partition": partition, "from": before, "to": offset})
            last[(group, topic, partition)] = offset
    for key, offset in last.items():
        check.expect(committed.get(key, -1) >= offset, lambda: {"group": key, "sampled": offset, "at the end": committed.get(key)})
    check.expect(samples > 0, "no sample of the committed offsets was taken")
    return check.result(samples=samples)


def no_open_transaction(dumps):
    """10: the last stable offset of each partition is its end; each topic was read up to there."""
    check = Check()
    for row in dumps.rows("ends"):
        check.expect(row["stable"] == row["end"], row)
    counts = collections.Counter()
    for topic in dumps.topics:
        for row in dumps.topic(topic):
            counts[(topic, row["partition"])] = row["offset"]
    ends = {(row["topic"], row["partition"]): row["end"] for row in dumps.rows("ends")}
    for at, last in counts.items():
        check.expect(last < ends.get(at, -1), lambda: {"partition": at, "last": last, "end": ends.get(at)})
    for topic, partitions in dumps.run["partitions"].items():
        found = sum(1 for name, _ in ends if name == topic)
        check.expect(found == partitions, lambda: {"topic": topic, "partitions": partitions, "found": found})
    return check.result()
