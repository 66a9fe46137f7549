"""The front door for a notebook: what ``import veedor`` offers.

Each call takes paths as text or as paths, or tables of pandas, polars or Arrow, and returns a
`Result` that says what it is and becomes a table (`to_arrow`, `to_pandas`) or a picture (`plot`).
The work is done in the rooms below; nothing imports this one.
"""

import sys
from types import ModuleType
from typing import Any

from veedor.notebook.auditing import (
    AuditResult,
    audit_access,
    audit_alerts,
    audit_behaviour,
    audit_devices,
    audit_exposure,
)
from veedor.notebook.counts import CountsResult, read_counts
from veedor.notebook.describing import PatternsResult, patterns
from veedor.notebook.examining import ExaminationResult, examine
from veedor.notebook.forecasting import BacktestResult, ForecastResult, backtest, forecast
from veedor.notebook.language import set_language
from veedor.notebook.places import CellsResult, ReadResult, cells, read
from veedor.notebook.results import Picture, Result

__all__ = [
    "AuditResult",
    "BacktestResult",
    "CellsResult",
    "CountsResult",
    "ExaminationResult",
    "ForecastResult",
    "PatternsResult",
    "Picture",
    "ReadResult",
    "Result",
    "audit_access",
    "audit_alerts",
    "audit_behaviour",
    "audit_devices",
    "audit_exposure",
    "backtest",
    "cells",
    "examine",
    "forecast",
    "patterns",
    "read",
    "read_counts",
    "set_language",
]


class _Door(ModuleType):
    """A room that has the name of a call: ``veedor.backtest`` is both."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__dict__["__wrapped__"](*args, **kwargs)


for _call in (backtest, patterns):
    _room: Any = sys.modules[f"veedor.{_call.__name__}"]
    _room.__class__, _room.__wrapped__ = _Door, _call
