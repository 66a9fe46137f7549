"""How far a request may go: what still is a question, and what no machine should be asked."""

from dataclasses import MISSING
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import get_origin

import pytest

from veedor.errors import StudyError
from veedor.tasks.request import checked, described

TODAY = date(2026, 11, 30)
#: Task, field, values that are taken, values that are not.
RANGES = [
    ("audit_alerts", "small", (1, 30), (0,)),
    ("audit_exposure", "replicates", (100, 100_000), (99, 100_001)),
    ("audit_exposure", "seed", (0,), (-1,)),
    ("audit_feedback", "discovered_fraction", (0.0, 1.0), (-1e-9, 1.000001)),
    ("audit_feedback", "half_life", (1e-6,), (0.0,)),
    ("audit_feedback", "rounds", (10,), (9,)),
    ("audit_feedback", "runs", (1,), (0,)),
    ("audit_reporting", "top", (1,), (0,)),
    ("fetch", "page", (1, 100_000), (0, 100_001)),
    ("fetch", "pause", (0.0, 600.0), (-0.1, 600.1)),
    ("forecast", "periods", (1, 1000), (0, 1001)),
    ("seal", "wait_days", (0, 3650), (-1, 3651)),
    ("verify_forecast", "expected_total", (0.0,), (-1e-9,)),
]


@pytest.mark.parametrize(("task", "name", "within", "beyond"), RANGES)
def test_a_request_is_taken_to_its_ends_and_no_farther(task, name, within, beyond):
    kind = import_module(f"veedor.tasks.{task}").Request
    needed = {
        field: ("x",) if get_origin(hint) is tuple else TODAY if hint is date else "x"
        for field, hint, default, _ in described(kind)
        if default is MISSING and field != name
    }
    for value in within:
        assert getattr(checked(kind(**needed, **{name: value}), Path()), name) == value
    for value in beyond:
        with pytest.raises(StudyError, match="hold what its fields say") as caught:
            checked(kind(**needed, **{name: value}), Path())
        assert caught.value.where.endswith(name)
