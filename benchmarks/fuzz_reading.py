"""Read thousands of hostile CSV files: each is read with reconciled counts or refused in one line.

python benchmarks/fuzz_reading.py --files 10000
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings, strategies

from veedor.errors import VeedorError
from veedor.files.json_file import plain
from veedor.incidents import Category, Columns, Source, assess, read

CELLS = (
    "",
    " ",
    "0",
    "-1",
    "7",
    "07",
    "1e5",
    "NaN",
    "inf",
    "NULL",
    "robo",
    "ROBO ",
    "hurto",
    "=1+1",
    "@SUM(A1)",
    "<script>x</script>",
    '"',
    '""',
    "a\nb",
    "a\r\nb",
    "\t",
    "ñandú",
    "\u202e",
    "😀",
    "\ufeff",
    "2022-01-31",
    "2022-02-30",
    "2022-01-31 23:59",
    "2022-03-13T02:30",
    "2022-11-06 01:30:00",
    "2022-01-31T10:00:00Z",
    "31/01/2022 10:00",
    "01/31/2022 10:00 PM",
    "01/02/2022",
    "99999-01-01",
    "1850-01-01",
    "infinity",
    "epoch",
    "-34.6",
    "-34,6",
    "41.8",
    "-87.6",
    "999",
    "1" * 400,
    "x" * 3000,
    "12.345.678",
    "20-05536168-2",
    "ana@example.org",
    "18-20",
    "25:00",
    "'",
)
HEADERS = ("id", "when", "kind", "lat", "lon", "reported", "notes", "", "id", 'a"b', "nombre")


def hostile(rng: random.Random) -> bytes:
    """Make one file: now and then well-formed, mostly not."""
    delimiter = rng.choice(",,,,;\t|")
    newline = rng.choice(("\n", "\n", "\r\n", "\r"))
    width = rng.choice((6, 6, 6, 6, 6, 6, 7, 8, 9, rng.randrange(1, 12)))
    tame = rng.random() < 0.6
    header = list(HEADERS[:width]) if rng.random() < 0.95 else rng.choices(HEADERS, k=width)
    lines = [delimiter.join(header)] if rng.random() < 0.95 else []
    for row in range(rng.choice((0, 1, 2, 5, 20, 60))):
        if tame and rng.random() < 0.9:
            cells = [
                str(row),
                f"2022-0{rng.randrange(1, 10)}-{rng.randrange(1, 29):02d} 1{rng.randrange(10)}:30",
                rng.choice(("robo", "hurto", "otro")),
                f"41.{rng.randrange(999)}",
                f"-87.{rng.randrange(999)}",
                "",
            ]
            cells += ["x"] * (width - 6)
        else:
            cells = [rng.choice(CELLS) for _ in range(width + rng.choice((0, 0, 0, -1, 1)))]
        if rng.random() < 0.7:
            cells = [
                '"' + cell.replace('"', '""') + '"'
                if set(cell) & set('"\r\n' + delimiter)
                else cell
                for cell in cells
            ]
        lines.append(delimiter.join(cells))
    text = newline.join(lines) + rng.choice((newline, ""))
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"))
    data = bytearray(text.encode(encoding, errors="replace"))
    for _ in range(rng.choice((0, 0, 0, 1, 3, 30))):
        if data:
            place = rng.randrange(len(data))
            choice = rng.random()
            if choice < 0.4:
                data[place] = rng.randrange(256)
            elif choice < 0.7:
                del data[place : place + rng.randrange(1, 20)]
            else:
                data[place:place] = rng.choice(
                    (b"\0", b'"', b"\xff\xfe", b"\n\n", b",", b"\x1f\x8b", b"PK\x03\x04")
                )
    return bytes(data)


def main() -> int:
    """Run, and print how many were read, refused and crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    outcome: collections.Counter[str] = collections.Counter()
    kinds: collections.Counter[str] = collections.Counter()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.csv"

        @seed(arguments.seed)
        @settings(
            max_examples=arguments.files,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategies.randoms(use_true_random=False))
        def run(rng: random.Random) -> None:
            path.write_bytes(hostile(rng))
            try:
                report = plain(assess(read(any_source(path, rng))))
                assert report["rows"]["reconciled"]
                outcome["rows kept"] += report["rows"]["kept"]
                outcome["read"] += 1
            except VeedorError as error:
                if "\n" in str(error) or "\r" in str(error):
                    print(f"an error of several lines: {error!r}")
                    outcome["crashed"] += 1
                else:
                    outcome["refused"] += 1
                    kinds[type(error).__name__] += 1
            except Exception:  # noqa: BLE001 - what the run is there to find
                outcome["crashed"] += 1
                print(path.read_bytes()[:2000])
                traceback.print_exc(limit=-3)

        run()
    print(
        f"files {outcome['read'] + outcome['refused'] + outcome['crashed']}: read "
        f"{outcome['read']} ({outcome['rows kept']} rows kept), refused {outcome['refused']}, "
        f"crashed {outcome['crashed']}; {time.perf_counter() - begun:.0f} s"
    )
    for name, times in kinds.most_common():
        print(f"  {name}: {times}")
    return int(outcome["crashed"] > 0)


def any_source(path: Path, rng: random.Random) -> Source:
    """Read with or without ids and times of report."""
    return Source(
        (str(path),),
        Columns(
            id=rng.choice(("id", None)),
            time="when",
            category="kind",
            latitude="lat",
            longitude="lon",
            reported_at=rng.choice(("reported", None)),
        ),
        (
            Category("robbery", "reported", ("robo",)),
            Category("theft", "reported", ("hurto",)),
        ),
        "America/Chicago",
        "EPSG:32616",
    )


if __name__ == "__main__":
    sys.exit(main())
