"""Every benchmark, one after the other: ``python -m benchmarks``. Takes an hour or more.

Each can be run alone, as ``python -m benchmarks.study_run``; ``--help`` says with what. Accuracy,
the last, takes longest: alone it can be narrowed, and keeps its forecasts with ``--keep``.
"""

from __future__ import annotations

import subprocess
import sys

ALL = (
    "command_line",
    "kernels",
    "verification",
    "study_run",
    "many_studies",
    "reading",
    "hundred_million",
    "area_reading",
    "area_check",
    "access",
    "fuzz_reading",
    "personal_screen",
    "test_sizes",
    "dependent_weeks",
    "verdict_sizes",
    "selfexciting",
    "endemic_epidemic",
    "alerts",
    "alerts_coverage",
    "audit_feedback",
    "patterns",
    "pattern_sizes",
    "behaviour_sizes",
    "pattern_reports",
    "pattern_coverage",
    "pattern_coverage_places",
    "layouts",
    "map_frames",
    "masked_table",
    "web_load",
    "hostile_uploads",
    "web_kills",
    "sealing",
    "cluster",
    "audit_exposure",
    "audit_coverage",
    "area_forecasts",
    "accuracy",
)

for name in ALL:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
