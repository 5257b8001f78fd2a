"""Invariants over what lies on the topics: ends, ids, order, fan-out, dead letters, claims, ranges."""
import collections
import hashlib
import json

from checks import Check
from dumps import RECORD_TOPICS, STATE_OF_TOPIC, TERMINAL, TOPIC_OF_STATE, coordinate, raw_bytes


def acknowledged_are_there(dumps):
    """What was acknowledged lies on errors.raw where it was said to, and nothing else does."""
    check = Check()
    acked = collections.Counter()
    hashes = {}
    for entry in dumps.rows("acked"):
        at = f"{entry['topicId']}:{entry['partition']}:{entry['offset']}"
        acked[at] += 1
        hashes[at] = entry["hash"]
        row = dumps.raw.get(at)
        check.expect(row is not None and value_hash(row) == entry["hash"], lambda: {"acked": at, "found": row is not None})
    for at, count in acked.items():
        check.expect(count == 1, lambda: {"acked": at, "times": count})
    unanswered = collections.Counter(entry["hash"] for entry in dumps.rows("unanswered"))
    for at, row in dumps.raw.items():
        known = at in acked
        if not known and unanswered[value_hash(row)] > 0:
            unanswered[value_hash(row)] -= 1
            known = True
        check.expect(known, lambda: {"onRaw": at, "sentBy": "nobody"})
    return check.result()


def value_hash(row):
    value = raw_bytes(row["value"])
    return hashlib.sha256(value or b"").hexdigest()


def one_terminal_state(dumps):
    """1: every record of errors.raw, acknowledged or not, ends exactly once."""
    check = Check()
    tally = collections.Counter()
    for at in dumps.raw:
        ends = [outcome for outcome in dumps.by_record.get(at, []) if outcome["to"] in TERMINAL]
        check.expect(len(ends) == 1, lambda: {"record": at, "ends": [(e["stage"], e["to"], e["hops"]) for e in ends]})
        if len(ends) == 1:
            tally[ends[0]["to"]] += 1
            last = dumps.by_record[at][-1]
            check.expect(last is ends[0], lambda: {"record": at, "after its end": last["id"]})
    for at in dumps.by_record:
        check.expect(at in dumps.raw, lambda: {"outcomes of": at, "on errors.raw": False})
    dumps.cache["terminal"] = dict(tally)
    return check.result()


def no_id_twice(dumps):
    """2: no transition, no record of a hop, no dead letter, no incident twice; in topics and in tables."""
    check = Check()

    def unique(what, keys):
        for key, count in collections.Counter(keys).items():
            check.expect(count == 1, lambda: {what: key, "times": count})

    every = [row["decoded"]["id"] for row in dumps.topic("errors.outcomes") if row["decoded"] is not None]
    unique("outcome", every)
    unique(
        "transition",
        [
            (coordinate(o["coordinate"]), o["stage"], o["round"], o["hops"])
            for o in dumps.outcomes
        ],
    )
    for (topic, at, hops), rows in dumps.records.items():
        check.expect(len(rows) == 1, lambda: {"record": at, "topic": topic, "hops": hops, "times": len(rows)})
    for at, rows in dumps.dead_letters.items():
        check.expect(len(rows) == 1, lambda: {"dead letter of": at, "times": len(rows)})
    unique("work", [row["decoded"]["id"] for row in dumps.topic("errors.work") if row["decoded"]])
    incidents = [row["decoded"] for row in dumps.topic("errors.incidents") if row["decoded"]]
    unique("incident transition", [incident["transitionId"] for incident in incidents])
    for key, rows in dumps.outcome_rows.items():
        check.expect(len(rows) == 1, lambda: {"row of outcomes": key, "times": len(rows)})
    unique("row of records", [(row["topic_id"], row["raw_partition"], row["raw_offset"]) for row in dumps.table("records")])
    for topic in dumps.topics:
        unique("offset", [(topic, row["partition"], row["offset"]) for row in dumps.topic(topic)])
    return check.result()


def order_per_key(dumps):
    """3: what one input partition sends to one output partition keeps its order, so each key does on its path."""
    check = Check()
    input_of = {(coordinate(o["coordinate"]), o["hops"]): o["input"] for o in dumps.outcomes}

    def rising(topic, row, at, source, last):
        lane = (topic, row["partition"], source["topic"], source["partition"])
        before = last.get(lane, -1)
        check.expect(source["offset"] > before, lambda: {"lane": lane, "record": at, "offset": source["offset"], "after": before})
        last[lane] = max(before, source["offset"])

    for topic in RECORD_TOPICS:
        last = {}
        for row in dumps.topic(topic):
            record = row["decoded"]
            if record is None:
                continue
            at = coordinate(record["coordinate"])
            source = input_of.get((at, record["hops"] - 1))
            if source is not None:
                rising(topic, row, at, source, last)
    last = {}
    for row in dumps.topic("errors.outcomes"):
        outcome = row["decoded"]
        if outcome and outcome["subject"] == "record":
            rising("errors.outcomes", row, coordinate(outcome["coordinate"]), outcome["input"], last)
    return check.result()


def readers_agree(dumps):
    """4: a reader during the run saw the same committed records, byte for byte, and nothing else."""
    check = Check()
    for topic in dumps.topics:
        live = collections.defaultdict(list)
        for row in dumps.rows(f"live-{topic}"):
            live[(row["partition"], row["offset"])].append(row["digest"])
        final = {(row["partition"], row["offset"]): row["digest"] for row in dumps.topic(topic)}
        for at in final.keys() | live.keys():
            check.expect(
                live.get(at) == [final.get(at)],
                lambda: {"topic": topic, "at": at, "during": len(live.get(at, [])), "after": at in final},
            )
        for row in dumps.topic(topic):
            check.expect(row["digest"] == digest_of(row), lambda: {"topic": topic, "offset": row["offset"], "bytes": "altered"})
    return check.result()


def digest_of(row):
    whole = hashlib.sha256()

    def add(part):
        whole.update(b"-" if part is None else b"+" + len(part).to_bytes(4, "big") + part)

    add(raw_bytes(row["key"]))
    add(raw_bytes(row["value"]))
    for name, value in row["headers"]:
        add(name.encode())
        add(raw_bytes(value))
    return whole.hexdigest()


def no_partial_fan_out(dumps):
    """5: each decision is whole: the record that goes on, its transition, its dead letter, its input, in one chain."""
    check = Check()
    index = {(topic, row["partition"], row["offset"]): row for topic in ("errors.raw", *RECORD_TOPICS) for row in dumps.topic(topic)}
    for at, outcomes in dumps.by_record.items():
        state = "raw"
        for position, outcome in enumerate(outcomes):
            here = {"record": at, "hops": outcome["hops"], "to": outcome["to"], "stage": outcome["stage"]}
            undecodable = outcome["to"] == "dead-lettered" and outcome["eventId"] is None
            check.expect(undecodable or outcome["hops"] == position, lambda: {**here, "expected hops": position})
            check.expect(outcome["from"] == state, lambda: {**here, "from": outcome["from"], "was": state})
            state = outcome["to"]
            source = outcome["input"]
            row = index.get((source["topic"], source["partition"], source["offset"]))
            same = row is not None and (
                source["topic"] == "errors.raw"
                and f"{dumps.topic_id}:{source['partition']}:{source['offset']}" == at
                or source["topic"] != "errors.raw"
                and coordinate((row["decoded"] or {}).get("coordinate")) == at
                and (undecodable or row["decoded"]["hops"] == outcome["hops"])
            )
            check.expect(same, lambda: {**here, "input": source})
            check.expect(STATE_OF_TOPIC.get(source["topic"]) == outcome["from"], lambda: {**here, "input": source})
            target = TOPIC_OF_STATE.get(outcome["to"])
            if target is not None:
                found = dumps.records.get((target, at, outcome["hops"] + 1), [])
                check.expect(len(found) == 1, lambda: {**here, "records on": target, "found": len(found)})
            if outcome["to"] == "dead-lettered":
                found = dumps.dead_letters.get((source["topic"], source["partition"], source["offset"]), [])
                check.expect(len(found) == 1, lambda: {**here, "dead letters": len(found)})
    told = {
        (TOPIC_OF_STATE.get(o["to"]), coordinate(o["coordinate"]), o["hops"] + 1) for o in dumps.outcomes
    }
    for key in dumps.records:
        check.expect(key in told, lambda: {"record without a transition": key})
    dead = {
        (o["input"]["topic"], o["input"]["partition"], o["input"]["offset"])
        for o in dumps.outcomes
        if o["to"] == "dead-lettered"
    }
    for key in dumps.dead_letters:
        check.expect(key in dead, lambda: {"dead letter without a transition": key})
    for topic in (*RECORD_TOPICS, "errors.outcomes", "errors.incidents", "errors.work"):
        for row in dumps.topic(topic):
            check.expect(row["decoded"] is not None, lambda: {"undecodable": topic, "offset": row["offset"]})
    return check.result()


def dead_letters_once(dumps):
    """7: bad records are dead letters once, bytes and headers as they came, with the reason; good ones never."""
    check = Check()
    expected = {f"{e['topicId']}:{e['partition']}:{e['offset']}": e["expect"] for e in dumps.rows("acked")}
    bad = 0
    for at, row in dumps.raw.items():
        want = expected.get(at)
        found = dumps.dead_letters.get(("errors.raw", row["partition"], row["offset"]), [])
        if want is None:
            continue
        if want == "line":
            check.expect(not found, lambda: {"record": at, "dead-lettered as": [reason for _, reason in found]})
            continue
        bad += 1
        here = {"record": at, "expected": want, "found": [reason for _, reason in found]}
        check.expect(len(found) == 1 and found[0][1] == want, here)
        for letter, _ in found:
            same = letter["key"] == row["key"] and letter["value"] == row["value"] and letter["partition"] == row["partition"]
            check.expect(same, lambda: {**here, "bytes": "differ"})
            kept = letter["headers"][: len(row["headers"])] == row["headers"]
            check.expect(kept, lambda: {**here, "headers": "differ"})
    for at in dumps.dead_letters:
        check.expect(at[0] == "errors.raw", lambda: {"dead letter of": at})
    if bad == 0:
        check.expect(False, "the load held no bad record")
    return check.result(bad=bad)


def one_claim_per_id(dumps):
    """One record of each id goes on; the others are suppressed, with the reason that their payload asks for."""
    check = Check()
    by_id = collections.defaultdict(list)
    for at, outcomes in dumps.by_record.items():
        first = outcomes[0]
        row = dumps.raw.get(at)
        if row is not None and row["decoded"] is not None and first["to"] != "dead-lettered":
            by_id[row["decoded"]["id"]].append((at, first, row["decoded"]))
    claims = {f"{row['topic_id']}:{row['part']}:{row['off']}" for row in dumps.table("claims") if row["kind"] == "event"}
    repeated = 0
    for event_id, copies in by_id.items():
        on = [at for at, first, _ in copies if first["to"] != "suppressed"]
        check.expect(len(on) == 1, lambda: {"id": event_id, "copies": len(copies), "went on": on})
        if len(on) != 1:
            continue
        check.expect(on[0] in claims, lambda: {"id": event_id, "claim of": on[0], "found": False})
        payload = next(event for at, _, event in copies if at == on[0])
        for at, first, event in copies:
            if at == on[0]:
                continue
            repeated += 1
            want = "duplicate" if event == payload else "duplicate-conflict"
            check.expect(first["reason"] == want, lambda: {"id": event_id, "record": at, "reason": first["reason"], "expected": want})
    check.expect(len(claims) == len(by_id), {"claims": len(claims), "ids": len(by_id)})
    return check.result(ids=len(by_id), repeated=repeated)


def conservation(dumps):
    """Received = ends, by a recount; ranges without gap or overlap; the line's own figures are the same."""
    check = Check()
    by_partition = collections.defaultdict(list)
    for report in dumps.ranges:
        if report["topicId"] == dumps.topic_id:
            by_partition[report["partition"]].append(report)
    offsets = collections.defaultdict(list)
    for row in dumps.topic("errors.raw"):
        offsets[row["partition"]].append(row["offset"])
    for partition, own in offsets.items():
        reports = sorted(by_partition[partition], key=lambda report: (report["from"], report["to"]))
        at = 0
        for report in reports:
            check.expect(report["from"] == at, lambda: {"partition": partition, "range": report, "expected from": at})
            inside = sum(1 for offset in own if report["from"] <= offset < report["to"])
            check.expect(inside == report["count"], lambda: {"partition": partition, "range": report, "records": inside})
            at = report["to"]
        check.expect(at == max(own) + 1, lambda: {"partition": partition, "ranges end": at, "records end": max(own) + 1})
    tally = collections.Counter(dumps.cache.get("terminal", {}))
    recount = {
        "in": len(dumps.raw),
        "resolved": tally["resolved"],
        "suppressed": tally["suppressed"],
        "deadLettered": tally["dead-lettered"],
        "escalated": tally["escalated"],
        "inFlight": len(dumps.raw) - sum(tally.values()),
        "overdue": 0,
        "unaccounted": 0,
    }
    line = dumps.run["line"]
    for name, value in recount.items():
        told = None if line is None else line.get(name)
        check.expect(told == value, lambda: {name: value, "the line says": told})
    check.expect(recount["inFlight"] == 0, lambda: {"inFlight": recount["inFlight"]})
    return check.result(recount=recount)
