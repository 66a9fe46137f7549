"""`python -m tests.golden [NAME ...]`: renew what is kept, and show what that changes."""

from __future__ import annotations

import difflib
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.golden.commands import BESIDE, EXPECTED, perform
from tests.golden.keeping import kept, numbers_moved, written

_SHOWN = 12


def renew(wanted: list[str]) -> None:
    """Write every golden file anew; print the lines that differ and the numbers that moved."""
    EXPECTED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_STATE_HOME"] = place
        for name, document in perform(Path(place)):
            if name not in BESIDE and (not wanted or name in wanted):
                _renew(name, kept(document))


def _renew(name: str, found: object) -> None:
    path = EXPECTED / f"{name}.json"
    before = path.read_text(encoding="utf-8") if path.exists() else "null\n"
    after = written(found) + "\n"
    if before == after:
        print(f"{name}: as it was")
        return
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, "", "", 0, "")
    print(*lines, sep="\n")
    gone, new = numbers_moved(json.loads(before), found)
    for what, numbers in (("are gone", gone), ("are new", new)):
        shown = ", ".join(f"{number:g}" for number in numbers[:_SHOWN])
        print(f"{name}: {len(numbers)} numbers {what}{': ' * bool(numbers)}{shown}")
    path.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    renew(sys.argv[1:])
