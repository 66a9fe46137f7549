"""Seconds and memory from a raw file to a report, for each layout: ``veedor init``, ``veedor run``.

python -m benchmarks.layouts [--rows 50000]

The files are made up, as the tests' are; study.toml is as `veedor init` wrote it, but for the
forecasters and the number of origins, which are fixed here.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from veedor.incidents.layouts import LAYOUTS

_MADE_UP = Path(__file__).parents[1] / "tests" / "unit" / "layouts" / "made_up.py"
_FORECASTERS = 'use = ["PooledCounts", "Recency", "PastMean"]'


def _made_up() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_up", _MADE_UP)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(_MADE_UP)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _call(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "veedor", *arguments], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print a line a layout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    write_raw = _made_up().write_raw
    total = 0.0
    for name in LAYOUTS:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (raw,) = write_raw(name, folder, rows)
            study = folder / "study"
            init = _call("init", str(study), "--incidents", str(raw))
            path = study / "study.toml"
            text = re.sub(r"(?m)^use = .*$", _FORECASTERS, path.read_text(encoding="utf-8"))
            path.write_text(re.sub(r"(?m)^origins = \d+", "origins = 4", text), encoding="utf-8")
            run = _call("run", str(study))
            quality = json.loads((study / "results" / "quality.json").read_text(encoding="utf-8"))
        kept = quality["rows"]
        total += init + run
        print(
            f"{name:15} {rows:,} rows: init {init:.1f} s, run {run:.1f} s; {kept['kept']:,} kept, "
            f"reconciled {kept['reconciled']}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"all: {total:.0f} s; largest process {peak:,.0f} MB")


if __name__ == "__main__":
    main()
