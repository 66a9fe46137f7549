"""Seconds until help is shown, beside an empty Python.

python -m benchmarks.command_line
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

CALLS = {
    "python -c pass": ("-c", "pass"),
    "veedor --help": ("-m", "veedor", "--help"),
    "veedor run --help": ("-m", "veedor", "run", "--help"),
}
REPEATS = 11


def main() -> None:
    """Print the median of each."""
    floor = 0.0
    for label, arguments in CALLS.items():
        seconds = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            seconds.append(time.perf_counter() - began)
        median = statistics.median(seconds)
        floor = floor or median
        print(f"{label:20} {median:.3f} s, {median / floor:.1f} times an empty Python")


if __name__ == "__main__":
    main()
