"""Where tasks run: in this process, in several, or on many machines.

A worker may share nothing with the asking process but the installed packages: what a function is
given and what it returns is all that goes there and back. Only the asking process writes files.
"""

from veedor.backtest.executors.contract import Executor
from veedor.backtest.executors.processes import ProcessExecutor
from veedor.backtest.executors.serial import SerialExecutor, make_executor

__all__ = ["Executor", "ProcessExecutor", "SerialExecutor", "make_executor"]
