"""Every benchmark, one after the other: ``python -m benchmarks``. Takes about half an hour.

Each can be run alone, as ``python -m benchmarks.study_run``; ``--help`` says with what.
"""

from __future__ import annotations

import subprocess
import sys

ALL = ("command_line", "kernels", "study_run", "reading", "fuzz_reading")

for name in ALL:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
