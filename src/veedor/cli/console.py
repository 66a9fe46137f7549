"""What the commands print: panels, tables and progress, plain where there is no terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.box import HEAVY_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text

from veedor.cli.visible import visible
from veedor.errors import Phrase, VeedorError
from veedor.report.words import Words, terminal

if TYPE_CHECKING:
    from veedor.report import Document
    from veedor.report.tables import Table

_WIDTH = 120
_HEARTBEAT_S = 30.0


class Printer(Console):
    """The one way to a terminal: anyone's text is text there, never markup and never a code.

    Parameters
    ----------
    err : bool
        Standard error in place of output.
    """

    def __init__(self, *, err: bool = False) -> None:
        super().__init__(stderr=err, highlight=False, soft_wrap=False, markup=False, emoji=False)
        if not self.is_terminal:
            self.no_color = True
            columns = self._environ.get("COLUMNS", "")
            if not (columns.isdigit() and int(columns)):
                self.width = _WIDTH

    def say(self, text: str) -> None:
        """Print one line, however long, whatever names it holds."""
        self.print(visible(text), soft_wrap=True)

    def say_lines(self, text: str) -> None:
        """Print lines that are veedor's own."""
        self.print(text, soft_wrap=True)

    def render_str(self, text: str, **options: Any) -> Text:
        """Lay out text by what is seen of it."""
        return super().render_str(visible(text, lines=True), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Let nothing through that is not seen, but rich's own codes."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(visible(segment.text, lines=True), segment.style)


class Rows(RichTable):
    """A table whose cells hold anyone's names, each on lines of its own making only.

    Parameters
    ----------
    title : str
        Made seen as the cells are.
    """

    def __init__(self, *, title: str) -> None:
        super().__init__(title=visible(title), title_justify="left", box=HEAVY_HEAD)

    def add_column(self, *header: RenderableType, **options: Any) -> None:
        """Add a column; what is too long for it goes on in the next line, nothing is cut off."""
        super().add_column(*header, **({"overflow": "fold"} | options))

    def add_row(self, *cells: RenderableType | None, **options: Any) -> None:
        """Add a row; an end of line in a cell is shown as such."""
        super().add_row(
            *(visible(cell) if isinstance(cell, str) else cell for cell in cells), **options
        )


def printer(*, err: bool = False) -> Printer:
    """Console for standard output or error; no colour unless it is a terminal.

    Where it is none, lines are as long as COLUMNS says, or 120.
    """
    return Printer(err=err)


def show(document: Document, *, details: bool = False) -> None:
    """Print the headline of a document, after its details where they are asked for."""
    console = printer()
    for section in (*(document.details if details else ()), *document.headline):
        if section.title:
            console.say(section.title if section.title.endswith("?") else f"{section.title}:")
        for sentence in section.sentences:
            console.say(sentence)
        for point in section.points:
            console.say(f"  - {point}")
        for table in section.tables:
            console.print(_rows(table))
        if section.verbatim:
            console.say_lines(section.verbatim)


def _rows(table: Table) -> Rows:
    """Lay out a table; columns that name no row are numbers."""
    rows = Rows(title=table.caption)
    for number, name in enumerate(table.head):
        rows.add_column(name, justify="left" if number < table.headers else "right")
    for row in table.rows:
        rows.add_row(*row)
    return rows


def show_error(error: VeedorError, words: Words) -> None:
    """Print an error as one panel: what must hold, what was found, where, what to do."""
    lines = Text(visible(words.translated(error.must)))
    for label, text in terminal.error_parts(words, error):
        lines.append(f"\n{label} ", style="bold")
        lines.append(visible(text))
    title = terminal.error_title(words, error)
    printer(err=True).print(Panel(lines, title=title, title_align="left", border_style="yellow"))


def show_fault(error: Exception, words: Words) -> None:
    """Print what was not foreseen: a failing disk or permission, or a fault of veedor itself."""
    title, label, do = terminal.fault_parts(words, error)
    lines = Text(visible(f"{type(error).__name__}: {error}"))
    lines.append(f"\n{label} ", style="bold")
    lines.append(do)
    printer(err=True).print(Panel(lines, title=title, title_align="left"))


class ShownProgress:
    """Progress on standard error: a bar on a terminal; elsewhere a line a step, and every 30 s.

    Parameters
    ----------
    words : Words
    every_s : float
        How often a line tells how far a step is.
    """

    def __init__(self, words: Words, every_s: float = _HEARTBEAT_S) -> None:
        self._words = words
        self._console = printer(err=True)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._current: TaskID | None = None
        self._every_s = every_s
        self._step: tuple[str, int | None, float] | None = None
        self._done = 0
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._bars.start()
        if not self._console.is_terminal:
            self._beating.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._beating.is_alive():
            self._beating.join()
        self._bars.stop()

    def step(self, step: Phrase, total: int | None) -> None:
        """Begin a step of `total` parts, or of an unknown number."""
        name = self._words.translated(step)
        if self._current is not None:
            self._bars.remove_task(self._current)
        self._current = self._bars.add_task(visible(name), total=total)
        self._done = 0
        self._step = (name, total, time.monotonic())
        if not self._console.is_terminal:
            self._console.say(f"{name} ...")

    def advance(self, done: int) -> None:
        """Tell that `done` parts of the current step are over."""
        self._done = done
        if self._current is not None:
            self._bars.update(self._current, completed=done)

    def rest(self) -> None:
        """Say no more of the step before: what follows waits for others."""
        if self._current is not None:
            self._bars.remove_task(self._current)
        self._current = self._step = None

    def tell(self, text: str) -> None:
        """Say at once, in a line that stays."""
        self._console.say(text)

    def _beat(self) -> None:
        """Say now and then what is being done, and how far it is."""
        while not self._over.wait(self._every_s):
            if self._step is not None:
                name, total, began = self._step
                took = time.monotonic() - began
                far = terminal.how_far(self._words, self._done, total, took)
                self._console.say(f"{name}: {far}")
