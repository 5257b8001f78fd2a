"""What the run itself says: recovery, memory, what it contained, and that its dumps are whole."""
import collections
import os
import statistics

from checks import Check
from dumps import file_digest


def recovery(dumps):
    """11: after kill -9 of a service under load every partition moves on within session + transaction time-out."""
    check = Check()
    bound = (dumps.run["sessionTimeoutMs"] + dumps.run["transactionTimeoutMs"]) / 1000
    for sample in dumps.run["recoveries"]:
        check.expect(sample["seconds"] is not None and sample["seconds"] <= bound, {**sample, "bound": bound})
    return check.result(boundS=bound)


def memory(dumps):
    """12: no process grows: its last quarter is near its second, and below 512 MB."""
    check = Check()
    lives = collections.defaultdict(list)
    for service, pid, rss in ((s["service"], s["pid"], s["rssMb"]) for s in dumps.rows("memory")):
        lives[(service, pid)].append(rss)
    for (service, pid), sizes in lives.items():
        check.expect(max(sizes) < 512, {"service": service, "pid": pid, "maxMb": max(sizes)})
        if len(sizes) >= 120:  # two minutes of samples: below that a process is still warming up
            quarter = len(sizes) // 4
            early, late = statistics.median(sizes[quarter : 2 * quarter]), statistics.median(sizes[-quarter:])
            check.expect(late <= early * 1.25 + 32, {"service": service, "pid": pid, "earlyMb": early, "lateMb": late})
    peak = max((max(sizes) for sizes in lives.values()), default=0)
    return check.result(processes=len(lives), peakMb=round(peak, 1))


def contained(dumps):
    """13: the run held what it is to survive; one that did not proves nothing."""
    check = Check()
    for name in dumps.run["mustContain"]:
        check.expect(dumps.run["contained"][name] > 0, {name: dumps.run["contained"][name]})
    for fault in dumps.run["mustInject"]:
        check.expect(dumps.run["injected"].get(fault, 0) > 0, {"never injected": fault})
    check.expect(dumps.run["settled"], {"settled": dumps.run["settled"], "why": dumps.run.get("unsettled")})
    return check.result()


def services_stay_up(dumps):
    """No process ended by itself, whatever else was down."""
    check = Check()
    for exit_ in dumps.run["exits"]:
        check.expect(exit_["expected"], exit_)
    return check.result()


def dumps_whole(dumps):
    """Each file is as the run left it."""
    check = Check()
    for name, (lines, digest) in dumps.run["manifest"].items():
        path = os.path.join(dumps.folder, name)
        found = file_digest(path) if os.path.exists(path) else (0, "missing")
        check.expect(found == (lines, digest), lambda: {"file": name, "lines": lines, "found": found[0]})
    return check.result()
