"""`Context`: what a task is given besides the question, by whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from veedor.errors import Phrase
from veedor.progress import Progress, Silent

if TYPE_CHECKING:
    from veedor.backtest import Executor


class Cancelled(KeyboardInterrupt):
    """The asker wants a task no more: it ends as at Ctrl-C, and nothing is half-written."""


class Cancel(Protocol):
    """Says whether a task is to end; a `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it is to end."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """Where, by what means and for whom a task is performed.

    It is itself a `Progress`: each step and each part that is told looks first whether the task
    is to end.

    Parameters
    ----------
    workspace : Path
        What the paths of a request are relative to; the current folder by default.
    executor : Executor, optional
        Where forecasts are made; by default in as many processes as the request says.
    progress : Progress
        Is told how far the task is.
    cancel : Cancel, optional
        Once it is set, the task ends with `Cancelled` at its next step.
    clock : callable
        The present time, with its zone: of a fetch and of a run.
    language : str
        Of `veedor.languages.languages`.
    language_asked : bool
        Whether somebody asked for it; a study that states another is then told in it too.
    given : frozenset of str, optional
        Fields of the request that were given by whoever asks, those at their defaults too; None
        where the door cannot tell.
    runs_code : bool
        Whether a file of Python that a request names may be run. Where others ask than who keeps
        the machine, it may not.
    """

    workspace: Path = Path()
    executor: Executor | None = None
    progress: Progress = field(default_factory=Silent)
    cancel: Cancel | None = None
    clock: Callable[[], datetime] = _now
    language: str = "en"
    language_asked: bool = False
    given: frozenset[str] | None = None
    runs_code: bool = True

    def __post_init__(self) -> None:
        if self.workspace != Path():
            object.__setattr__(self, "workspace", self.workspace.absolute())

    def step(self, name: Phrase, total: int | None) -> None:
        """Begin a step of `total` parts, or of an unknown number.

        Raises
        ------
        Cancelled
        """
        self.go_on()
        self.progress.step(name, total)

    def advance(self, done: int) -> None:
        """Tell that `done` parts of the current step are over.

        Raises
        ------
        Cancelled
        """
        self.go_on()
        self.progress.advance(done)

    def rest(self) -> None:
        """Tell that no step is under way: what follows waits for others, for as long as it will."""
        self.progress.rest()

    def tell(self, text: str) -> None:
        """Say at once what must not wait for the end."""
        self.progress.tell(text)

    def go_on(self) -> None:
        """Go on, or end where that is wanted.

        Raises
        ------
        Cancelled
        """
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled
