"""Asking a task from a test, in this process."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from veedor.backtest import Executor, SerialExecutor
from veedor.tasks import Context, Done
from veedor.tasks.run import Outcome, run_study


def ask(task: ModuleType, executor: Executor | None = None, **fields: Any) -> Done:
    """Perform a task with these fields of its request."""
    made: Done = task.perform(
        task.Request(**fields), Context(executor=executor or SerialExecutor())
    )
    return made


def run_here(study: Path, executor: Executor | None = None, **options: Any) -> Outcome:
    """Run a study without writing its page."""
    options = {"command": "test", "report": False} | options
    return run_study(study, Context(), executor or SerialExecutor(), **options)
