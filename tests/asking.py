"""Asking a task from a test, in this process."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from veedor.backtest import Executor, SerialExecutor
from veedor.tasks import Context, Done


def ask(task: ModuleType, executor: Executor | None = None, **fields: Any) -> Done:
    """Perform a task with these fields of its request."""
    made: Done = task.perform(
        task.Request(**fields), Context(executor=executor or SerialExecutor())
    )
    return made
