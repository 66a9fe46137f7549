"""How good every forecaster is on the development data, and which goals are reached.

    python -m benchmarks.accuracy --size 500 --length week --forecasters PriorCounts Kernel

Chicago 2016-2017, 13 weekly origins from 1 October 2017; everything that a forecaster fits, it fits
to what was known before each origin. Forecasts are made by each forecaster in a process of its own;
with --keep they stay, and the next run makes only what is missing. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import veedor
from benchmarks.accuracy.cases import LENGTHS, SIZES_M, Case
from benchmarks.accuracy.goals import judge
from benchmarks.accuracy.making import make_missing
from benchmarks.accuracy.measuring import FLOOR, Figures, Measuring
from benchmarks.accuracy.tables import show, show_goals
from benchmarks.chicago import CATEGORIES, MOST_ORIGINS, is_there
from veedor.backtest import make_executor
from veedor.forecasters import FORECASTERS, REFERENCE

BEST = "Stack"
_ROOMS = ("incidents", "spacetime", "forecasts", "forecasters")


def main() -> int:
    """Make what is missing, then measure and print."""
    given = _arguments()
    if not is_there():
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        return _run(given, given.keep or Path(temporary))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, choices=SIZES_M, help="metres (default: both)")
    parser.add_argument("--length", choices=LENGTHS, help="of a period (default: both)")
    parser.add_argument("--categories", nargs="+", choices=CATEGORIES, default=list(CATEGORIES))
    parser.add_argument(
        "--origins", type=int, choices=range(1, MOST_ORIGINS + 1), default=MOST_ORIGINS
    )
    parser.add_argument(
        "--forecasters",
        nargs="+",
        choices=FORECASTERS,
        default=list(FORECASTERS),
        help=f"{REFERENCE} and {FLOOR} are always among them (default: all)",
    )
    parser.add_argument("--judged", choices=FORECASTERS, help=f"for the goals (default: {BEST})")
    parser.add_argument(
        "--history", action="store_true", help="also forecast from the last 13 weeks only"
    )
    parser.add_argument(
        "--gaps",
        type=int,
        choices=range(1, 5),
        default=1,
        help="close gaps in the ground of up to twice so many cells (default 1, as veedor run)",
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (default 1)")
    parser.add_argument("--keep", type=Path, help="folder where forecasts stay")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    return parser.parse_args()


def _run(given: argparse.Namespace, folder: Path) -> int:
    categories, judged = tuple(given.categories), given.judged or BEST
    asked = [*given.forecasters, given.judged] if given.judged else given.forecasters
    names = tuple(dict.fromkeys([REFERENCE, *asked, FLOOR]))
    with_history = tuple(name for name in (REFERENCE, judged) if name in names)
    with_history = tuple(dict.fromkeys(with_history)) if given.history else ()
    cases = [
        Case(size_m, length, given.origins, gaps=given.gaps)
        for size_m in ((given.size,) if given.size else SIZES_M)
        for length in ((given.length,) if given.length else LENGTHS)
    ]
    tasks = [(case, name) for case in cases for name in names]
    tasks += [(replace(case, recent_only=True), name) for case in cases for name in with_history]
    _warn_if_older_than_the_code(folder)
    wrong = False
    for case, name, problem in make_missing(tasks, categories, folder, given.jobs):
        print(f"{case.name} {name}: {problem or 'made'}", flush=True)
        wrong = wrong or problem is not None
    tables = []
    for case in cases:
        backtest = case.backtest(folder, categories, names)
        measuring = Measuring(case, backtest, folder, judged, with_history)
        for table in make_executor(given.jobs).run(_category, measuring, categories):
            show(table)
            tables.append(table)
    goals = judge(tables, judged)
    show_goals(goals, judged)
    if given.json:
        found = {"veedor": veedor.__version__, "judged": judged, "cases": tables, "goals": goals}
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return int(wrong)


def _category(measuring: Measuring, category: str) -> Figures:
    return measuring.category(category)


def _warn_if_older_than_the_code(folder: Path) -> None:
    source = Path(veedor.__file__).parent
    made = min(_times(folder.glob("*/forecasts/*/*/*.parquet")), default=None)
    changed = max(time for room in _ROOMS for time in _times((source / room).rglob("*.py")))
    if made is not None and made < changed:
        print(f"note: {folder} holds forecasts older than the code; remove them to make them anew")


def _times(paths: Iterator[Path]) -> Iterator[float]:
    return (path.stat().st_mtime for path in paths)


if __name__ == "__main__":
    raise SystemExit(main())
