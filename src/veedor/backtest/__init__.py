"""Rolling origins: forecasts made as if on the day, and what was then recorded."""

from veedor.backtest.archive import Archive, Written, slug, unpacked
from veedor.backtest.executors import Executor, ProcessExecutor, SerialExecutor, make_executor
from veedor.backtest.making import Absence, make_each
from veedor.backtest.plan import Plan
from veedor.backtest.rolling import Backtest, Made

__all__ = [
    "Absence",
    "Archive",
    "Backtest",
    "Executor",
    "Made",
    "Plan",
    "ProcessExecutor",
    "SerialExecutor",
    "Written",
    "make_each",
    "make_executor",
    "slug",
    "unpacked",
]
