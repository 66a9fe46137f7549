"""veedor: forecast recorded incidents for places in the open, and audit such systems from files.

Examples
--------
>>> import veedor
>>> "forecast" in dir(veedor)
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from veedor.errors import Refusal, StudyError, VeedorError
    from veedor.notebook import (
        AuditResult,
        BacktestResult,
        CellsResult,
        CountsResult,
        ExaminationResult,
        ForecastResult,
        PatternsResult,
        Picture,
        ReadResult,
        Result,
        audit_access,
        audit_alerts,
        audit_behaviour,
        audit_devices,
        audit_exposure,
        backtest,
        cells,
        examine,
        forecast,
        patterns,
        read,
        read_counts,
        set_language,
    )

__version__ = "0.2.0"

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
    "Refusal",
    "Result",
    "StudyError",
    "VeedorError",
    "__version__",
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


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that ``import veedor`` stays fast."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    errors = import_module("veedor.errors")
    return getattr(errors if hasattr(errors, name) else import_module("veedor.notebook"), name)


def __dir__() -> list[str]:
    return __all__
