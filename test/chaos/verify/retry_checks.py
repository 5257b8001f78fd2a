"""Invariant 6 and class C: retries happened as recorded, none before its time, none twice where that is forbidden."""
import collections

from checks import Check
from dumps import coordinate, raw_bytes

TIERS_MS = (0, 1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000)
NOT_BEFORE = "faultline-not-before"


def calls_by_key(dumps):
    found = collections.defaultdict(list)
    for call in dumps.rows("target"):
        found[call["key"]].append(call)
    return found


def retries_as_recorded(dumps):
    """6: attempts told = attempts kept = runs that the targets saw; none before it was due."""
    check = Check()
    calls = calls_by_key(dumps)
    kept = {row["key"]: row for row in dumps.table("attempts")}
    for key, told in dumps.attempts.items():
        check.expect(len(told) == 1, lambda: {"attempt": key, "told as": told})
        at, attempt = told[0]
        row = kept.get(key)
        check.expect(row is not None, lambda: {"attempt": key, "of": at, "kept": False})
        if row is not None and attempt["outcome"] != "unknown":
            answer = row["answer"] or {}
            same = row["state"] == "done" and answer.get("state") == attempt["outcome"] and answer.get("status") == attempt["status"]
            check.expect(same, lambda: {"attempt": key, "told": attempt, "kept": row})
        if attempt["status"] is not None:
            seen = calls.get(key, [])
            answered = [call for call in seen if call["status"] == attempt["status"]]
            check.expect(bool(answered), lambda: {"attempt": key, "status": attempt["status"], "the target": seen})
    for key, row in kept.items():
        check.expect(key in dumps.attempts, lambda: {"kept and never told": row})
    for key, seen in calls.items():
        row = kept.get(key)
        check.expect(row is not None, lambda: {"the target was called under": key, "kept": False})
        if row is not None:
            check.expect(len(seen) <= row["runs"], lambda: {"attempt": key, "runs": row["runs"], "calls": len(seen)})
    due = {}
    for at, outcomes in dumps.by_record.items():
        numbers = collections.defaultdict(list)
        for position, outcome in enumerate(outcomes):
            retry = outcome.get("retry") or {}
            attempts = retry.get("attempts", [])
            numbers = [attempt["number"] for attempt in attempts]
            if numbers:
                check.expect(numbers == list(range(1, len(numbers) + 1)), lambda: {"record": at, "attempts": numbers})
            if outcome["to"] != "delayed":
                continue
            key, moment = retry["nextKey"], retry["nextAt"]
            due[key] = min(due.get(key, moment), moment)
            after = outcomes[position + 1] if position + 1 < len(outcomes) else None
            if after is not None and after["reason"] != "cascaded":
                check.expect(after["at"] >= moment, lambda: {"record": at, "due": moment, "decided": after["at"]})
    for key, moment in due.items():
        for call in calls.get(key, []):
            check.expect(call["at"] >= moment, lambda: {"attempt": key, "due": moment, "called": call["at"]})
        for _, attempt in dumps.attempts.get(key, []):
            check.expect(attempt["at"] >= moment, lambda: {"attempt": key, "due": moment, "ran": attempt["at"]})
    next_of = {(coordinate(o["coordinate"]), o["hops"]): o for o in dumps.outcomes}
    for row in dumps.topic("errors.delayed"):
        record = row["decoded"]
        if record is None:
            continue
        after = next_of.get((coordinate(record["coordinate"]), record["hops"]))
        if after is None:
            continue
        tier = row["partition"] % len(TIERS_MS)
        headers = {name: raw_bytes(value) for name, value in row["headers"]}
        free = row["timestamp"] + TIERS_MS[tier] if tier > 0 else int(headers.get(NOT_BEFORE, b"0"))
        check.expect(after["at"] >= free, lambda: {"record": record["coordinate"], "tier": tier, "free": free, "taken": after["at"]})
        check.expect(
            int(headers.get(NOT_BEFORE, b"0")) == record["retry"]["nextAt"],
            lambda: {"record": record["coordinate"], "header": headers.get(NOT_BEFORE), "nextAt": record["retry"]["nextAt"]},
        )
    if not dumps.attempts:
        check.expect(False, "the load held no retry")
    return check.result(attempts=len(dumps.attempts), calls=sum(len(seen) for seen in calls.values()))


def reruns(dumps, idempotent):
    """What the targets did for each key: once where they know keys (A), called once at most where they do not (C)."""
    check = Check()
    for key, seen in calls_by_key(dumps).items():
        if seen[0]["idempotent"] != idempotent:
            continue
        acted = sum(1 for call in seen if call["acted"])
        allowed = acted <= 1 if idempotent else len(seen) <= 1
        check.expect(allowed, lambda: {"key": key, "calls": len(seen), "acted": acted})
    return check
