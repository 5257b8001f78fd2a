"""Verifies what a run of the chaos harness left in a folder. Prints one JSON object; ends with 1 where something
does not hold. With --unsealed the digests of the files are not looked at, so that only what they say counts.

usage: verify.py DIR [--unsealed]
"""
import json
import sys
import traceback

import effect_checks
import line_checks
import retry_checks
import run_checks
import table_checks
from checks import Check
from dumps import Dumps

INVARIANTS = {
    "acknowledgedAreThere": line_checks.acknowledged_are_there,
    "oneTerminalState": line_checks.one_terminal_state,
    "noIdTwice": line_checks.no_id_twice,
    "orderPerKey": line_checks.order_per_key,
    "readersAgree": line_checks.readers_agree,
    "noPartialFanOut": line_checks.no_partial_fan_out,
    "retriesAsRecorded": retry_checks.retries_as_recorded,
    "deadLettersOnce": line_checks.dead_letters_once,
    "rowsEqualRecords": table_checks.rows_equal_records,
    "lagZero": table_checks.lag_zero,
    "noOpenTransaction": table_checks.no_open_transaction,
    "recovery": run_checks.recovery,
    "memory": run_checks.memory,
    "contained": run_checks.contained,
    "conservation": line_checks.conservation,
    "oneClaimPerId": line_checks.one_claim_per_id,
    "incidentsComplete": table_checks.incidents_complete,
    "everyEffectEnds": effect_checks.every_effect_ends,
    "servicesStayUp": run_checks.services_stay_up,
    "dumpsWhole": run_checks.dumps_whole,
}


def broken(error):
    """A check that fell over what a dump holds has found something wrong with it."""
    check = Check()
    check.expect(False, {"check failed": repr(error), "at": traceback.format_exc(limit=-2)})
    return check.result()


def verify(dumps, sealed=True):
    """Every check over some dumps, and whether all hold."""
    results = {}
    for name, check in INVARIANTS.items():
        if name == "dumpsWhole" and not sealed:
            continue
        try:
            result = check(dumps)
        except Exception as error:
            result = broken(error)
        if result is not None:
            results[name] = result
    try:
        effects = effect_checks.effects(dumps)
    except Exception as error:
        effects = {"A": broken(error)}
    everything = [*results.values(), *effects.values()]
    ok = all(result["checked"] > 0 and result["violations"] == 0 for result in everything)
    return results, effects, ok


def main():
    folder, *options = sys.argv[1:]
    dumps = Dumps(folder)
    results, effects, ok = verify(dumps, "--unsealed" not in options)
    recoveries = [sample["seconds"] for sample in dumps.run["recoveries"] if sample["seconds"] is not None]
    print(
        json.dumps(
            {
                "v": 1,
                "seed": dumps.run["seed"],
                "minutes": dumps.run["minutes"],
                "brokers": dumps.run["brokers"],
                "faults": dumps.run["faults"],
                "acked": len(dumps.rows("acked")),
                "terminal": dumps.cache.get("terminal", {}),
                "invariants": results,
                "effects": effects,
                "contained": dumps.run["contained"],
                "injected": dumps.run["injected"],
                "recoveryS": {"max": max(recoveries, default=None)},
                "fullDisk": dumps.run.get("fullDisk"),
                "ok": ok,
            }
        )
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
