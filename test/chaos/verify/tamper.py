"""Shows that the verification sees one changed line: in each dump of a kept run the line in the middle is removed,
doubled, and altered in its text and in its numbers, one after the other, and everything is verified again without
looking at the digests of the files. Prints one JSON object: what was tried, and what nobody noticed.

usage: tamper.py DIR
"""
import copy
import glob
import json
import os
import sys

from dumps import Dumps
from verify import verify


def flip(text):
    """Another text of the same length: its middle character is another one."""
    middle = len(text) // 2
    other = "A" if text[middle] != "A" else "B"
    return text[:middle] + other + text[middle + 1 :]


def alter(row, kind):
    """The row with its longest text, or its first whole number, changed; None where it has none."""
    changed = copy.deepcopy(row)
    fields = [(name, value) for name, value in changed.items() if type(value) is kind and (kind is int or len(value) > 0)]
    if not fields:
        return None
    name, value = max(fields, key=lambda field: len(field[1])) if kind is str else fields[0]
    changed[name] = flip(value) if kind is str else value + 1
    return changed


def tampered(rows):
    middle = len(rows) // 2
    yield "removed", rows[:middle] + rows[middle + 1 :]
    yield "doubled", rows[: middle + 1] + rows[middle:]
    for kind in (str, int):
        changed = alter(rows[middle], kind)
        if changed is not None:
            yield f"altered {kind.__name__}", rows[:middle] + [changed] + rows[middle + 1 :]


def main():
    folder = sys.argv[1]
    unnoticed = []
    empty = []
    tried = 0
    for path in sorted(glob.glob(os.path.join(folder, "*.ndjson"))):
        name = os.path.basename(path)[: -len(".ndjson")]
        rows = Dumps(folder).rows(name)
        if not rows:
            empty.append(name)
            continue
        for how, changed in tampered(rows):
            dumps = Dumps(folder)
            dumps.cache[name] = changed
            tried += 1
            _, _, ok = verify(dumps, sealed=False)
            if ok:
                unnoticed.append([name, how])
    _, _, ok = verify(Dumps(folder))
    print(json.dumps({"v": 1, "untouched": ok, "tried": tried, "unnoticed": unnoticed, "empty": empty}))


main()
