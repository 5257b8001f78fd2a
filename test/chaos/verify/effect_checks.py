"""Effects on outside systems by class: A one object for each id, B never lost and repeats counted, C no second run."""
import collections
import json

from checks import Check
from retry_checks import reruns

LOST_ANSWERS = frozenset(("drop-answer", "bad-gateway", "time-out"))


def settled(row):
    """Whether an effect was made through its own channel."""
    return row["state"] == "done" and not (row["result"] or {}).get("mailbox")


def effects(dumps):
    rows = collections.defaultdict(list)
    if dumps.run["notifier"]:
        for row in dumps.table("effects"):
            rows[row["channel"]].append(row)
    return {"A": class_a(dumps, rows), "B": class_b(dumps, rows), "C": class_c(dumps, rows)}


def objects(dumps, name):
    return dumps.rows(f"outside-{name}-objects")


def class_a(dumps, rows):
    check = reruns(dumps, True)
    planned = {row["id"]: row for channel in rows.values() for row in channel}
    webhooks = collections.Counter(event["id"] for event in objects(dumps, "webhook"))
    for row in rows["webhook"]:
        if settled(row):
            check.expect(webhooks[row["id"]] == 1, lambda: {"webhook": row["id"], "received": webhooks[row["id"]]})
    for key, count in webhooks.items():
        known = planned.get(key, {}).get("channel") == "webhook"
        check.expect(known and count == 1, lambda: {"webhook": key, "of ours": known, "times": count})
    incidents = collections.Counter()
    for issue in objects(dumps, "linear"):
        found = [line for line in (issue["description"] or "").split("\n") if line.startswith("Incident ")]
        incidents[found[-1][len("Incident ") :] if found else None] += 1
    opened = {row["incident_id"] for row in rows["linear"] if settled(row) and row["kind"] == "open"}
    for incident in opened | incidents.keys():
        ours = any(row["incident_id"] == incident for row in rows["linear"])
        fine = incidents[incident] <= 1 and ours and (incident not in opened or incidents[incident] == 1)
        check.expect(fine, lambda: {"incident": incident, "tickets": incidents[incident]})
    comments = collections.Counter()
    for issue in objects(dumps, "linear"):
        for comment in issue["comments"]:
            comments[comment["id"]] += 1
    for key, count in comments.items():
        check.expect(count == 1, lambda: {"comment": key, "times": count})
    said = sum(1 for row in rows["linear"] if settled(row) and row["kind"] != "open")
    begun = sum(1 for row in rows["linear"] if row["attempts"] > 0 and row["kind"] != "open")
    check.expect(said <= len(comments) <= begun, lambda: {"notices": said, "begun": begun, "comments": len(comments)})
    alerts = collections.Counter(alert["key"] for alert in objects(dumps, "pagerduty"))
    paged = {row["incident_id"] for row in rows["pagerduty"] if settled(row) and row["kind"] == "open"}
    for incident in paged | alerts.keys():
        fine = alerts[incident] == 1 and any(row["incident_id"] == incident for row in rows["pagerduty"])
        check.expect(fine, lambda: {"incident": incident, "alerts": alerts[incident]})
    for name in ("webhook", "linear", "pagerduty", "codegen", "smtp"):
        for entry in dumps.rows(f"outside-{name}"):
            check.expect(not entry["problems"] or entry["problems"] == ["Entity already exists"] or harmless(name, entry), lambda: {name: entry["problems"]})
    return check.result(
        webhooks=len(webhooks), tickets=sum(incidents.values()), alerts=len(alerts)
    )


def harmless(name, entry):
    """Linear says of an id that is there that it is there: that is how it deduplicates."""
    return name == "linear" and all("already exists" in problem or "not found" in problem for problem in entry["problems"])


def class_b(dumps, rows):
    check = Check()
    told = collections.Counter()
    texts = []
    for message in objects(dumps, "slack"):
        texts.append([block["text"]["text"] for block in message.get("blocks", [])])
    groups = collections.defaultdict(list)
    for row in rows["slack"]:
        if row["payload"] is not None:
            groups[(row["payload"]["body"], row["payload"]["line"])].append(row)
    extra = 0
    for (body, line), own in groups.items():
        seen = sum(text.count(body) + (text.count(line) if line != body else 0) for text in texts)
        done = sum(1 for row in own if settled(row))
        check.expect(seen >= done, lambda: {"slack": own[0]["id"], "done": done, "messages": seen})
        extra += max(0, seen - done)
    known = {text for pair in groups for text in pair}
    for message in texts:
        check.expect(any(text in known for text in message), lambda: {"a message of nobody": message[:2]})
    mails = collections.Counter(mail["messageId"] for mail in objects(dumps, "smtp"))
    for row in rows["email"]:
        if settled(row):
            reference = (row["result"] or {}).get("reference")
            check.expect(mails[reference] >= 1, lambda: {"mail": row["id"], "received": mails[reference]})
    extra += sum(count - 1 for count in mails.values())
    repeats = sum(row["repeats"] for row in rows["slack"] + rows["email"])
    lost = sum(1 for name in ("slack", "smtp") for entry in dumps.rows(f"outside-{name}") if entry["fault"] in LOST_ANSWERS)
    crashes = dumps.run["effectCrashes"]
    check.expect(extra <= repeats, lambda: {"messages twice": extra, "counted as repeats": repeats})
    # one call carries several notices to Slack, so a lost answer may repeat as many
    notices = max([1] + [len(text) for text in texts])
    check.expect(repeats <= (lost + crashes) * notices, lambda: {"repeats": repeats, "lost answers": lost, "crashes": crashes})
    for row in rows["slack"] + rows["email"]:
        ended = row["state"] in ("done", "skipped") or row["state"] == "failed" and row["fell_back"]
        check.expect(ended, lambda: {"effect": row["id"], "state": row["state"], "error": row["last_error"]})
        told[row["state"]] += 1
    return check.result(messages=len(texts) + sum(mails.values()), repeats=repeats, twice=extra, states=dict(told))


def class_c(dumps, rows):
    check = reruns(dumps, False)
    runs = collections.Counter((run["metadata"] or {}).get("faultline_effect") for run in objects(dumps, "codegen"))
    for row in rows["codegen"]:
        if settled(row):
            check.expect(runs[row["id"]] == 1, lambda: {"codegen": row["id"], "runs": runs[row["id"]]})
    for key, count in runs.items():
        check.expect(count == 1 and any(row["id"] == key for row in rows["codegen"]), lambda: {"codegen": key, "runs": count})
    return check.result(agentRuns=sum(runs.values()))


def every_effect_ends(dumps):
    """No effect is left planned or half made once the line has settled, except one that waits for its time."""
    check = Check()
    if not dumps.run["notifier"]:
        return None
    for row in dumps.table("effects"):
        waits = row["state"] == "planned" and int(row["not_before"]) > dumps.run["settledAt"]
        check.expect(row["state"] in ("done", "skipped", "failed") or waits, lambda: {"effect": row["id"], "row": json.dumps(row)[:300]})
    return check.result()
