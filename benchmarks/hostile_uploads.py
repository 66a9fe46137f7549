"""What becomes of a thousand uploads that are made to break a site, by kind.

    python -m benchmarks.hostile_uploads --uploads 1050 --seed 1

Each is looked at as the web app does, in a process of its own within the bounds of a job: archives
that become gigabytes, files that are two things at once, workbooks that claim a billion cells, deep
JSON, cut and changed files, names that lead elsewhere (`tests.web.hostile` makes them). Each must
be kept as the table that it is or be refused by an error that says why; in under 10 s of processor
and 1 GiB, and nothing of it may be left. What does otherwise is printed with its number, and fails.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict

from tests.web.hostile import End, end_of, uploads

SECONDS, BYTES = 10.0, 1 << 30


def main() -> None:
    """Give them all, and print what became of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--uploads", type=int, default=1_050)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    import veedor.tables.screening  # noqa: F401 - once, for all processes that are copied of this

    ends: dict[str, list[End]] = defaultdict(list)
    failed = 0
    for n, upload in enumerate(uploads(given.seed, given.uploads)):
        end = end_of(upload.data)
        ends[upload.kind].append(end)
        if not end.sound or end.left or end.seconds > SECONDS or end.memory > BYTES:
            failed += 1
            left = f", left {len(end.left)} files as {end.left[:2]}" if end.left else ""
            print(
                f"upload {n} ({upload.kind}, {len(upload.data):,} bytes): {end.how}, "
                f"{end.seconds:.1f} s, {end.memory >> 20} MiB{left}",
                flush=True,
            )
    for kind, found in ends.items():
        hows = ", ".join(f"{how} {n}" for how, n in Counter(one.how for one in found).most_common())
        print(
            f"{kind:18} {len(found):4}  at most {max(one.seconds for one in found):5.2f} s, "
            f"{max(one.memory for one in found) >> 20:4} MiB  {hows}"
        )
    print(f"{sum(map(len, ends.values()))} uploads, {failed} not as they must be")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
