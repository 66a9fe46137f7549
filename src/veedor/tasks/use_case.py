"""`use_case` and `Done`: what every task has in common before it begins and after it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from veedor.errors import VeedorError
from veedor.tasks.context import Context
from veedor.tasks.request import checked

if TYPE_CHECKING:
    from veedor.report.document import Document

_Request = TypeVar("_Request")


@dataclass(frozen=True, eq=False)
class Done:
    """What a task hands on.

    Parameters
    ----------
    folder : Path
        What it wrote: a folder, or where it writes one, a file.
    results : object
        The numbers, as they were written.
    document : Document
        The page that was written, or what there is to say; its headline is what a command prints.
    holds : bool
        False where the answer to what was asked is no: not reproduced, a log that does not verify.
    hindrances : tuple of VeedorError
        What stopped a part, while the rest was done.
    """

    folder: Path
    results: Any
    document: Document
    holds: bool = True
    hindrances: tuple[VeedorError, ...] = ()


def use_case(
    perform: Callable[[_Request, Context], Done],
) -> Callable[[_Request, Context], Done]:
    """Check a request and lay its paths into the workspace before a task is performed."""

    @wraps(perform)
    def performed(request: _Request, context: Context) -> Done:
        return perform(checked(request, context.workspace), context)

    return performed
