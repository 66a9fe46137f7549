"""What the commands print: panels, tables and progress, plain where there is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
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
from rich.table import Table
from rich.text import Text

from veedor.errors import Refusal, VeedorError


def printer(*, err: bool = False) -> Console:
    """Console for standard output or error; no colour unless it is a terminal."""
    console = Console(stderr=err, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(stderr=err, highlight=False, no_color=True, width=max(console.width, 120))
    return console


def show_error(error: VeedorError) -> None:
    """Print an error as one panel: what must hold, what was found, where, what to do."""
    lines = Text(error.must)
    for label, text in (("Found", error.found), ("Where", error.where), ("To do", error.remedy)):
        if text:
            lines.append(f"\n{label}: ", style="bold")
            lines.append(text)
    title = "Refused, by design" if isinstance(error, Refusal) else "This needs mending"
    printer(err=True).print(Panel(lines, title=title, title_align="left", border_style="yellow"))


def show_fault(error: Exception) -> None:
    """Print what was not foreseen: a failing disk or permission, or a fault of veedor itself."""
    lines = Text(f"{type(error).__name__}: {error}")
    if isinstance(error, OSError):
        lines.append("\nTo do: ", style="bold")
        lines.append("check that the disk has room and the files may be read and written.")
    else:
        lines.append("\nThis is a fault of veedor, not of your data. ", style="bold")
        lines.append("Run it again with `veedor --debug ...` and report what it prints.")
    printer(err=True).print(
        Panel(lines, title="Stopped; old results are as they were", title_align="left")
    )


class Watched:
    """Progress on standard error: a bar on a terminal, a line a step elsewhere."""

    def __init__(self) -> None:
        self._console = printer(err=True)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._current: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def step(self, name: str, total: int | None) -> None:
        """Begin a step of `total` parts, or of an unknown number."""
        if self._current is not None:
            self._bars.remove_task(self._current)
        self._current = self._bars.add_task(name, total=total)
        if not self._console.is_terminal:
            self._console.print(f"{name} ...")

    def advance(self, done: int) -> None:
        """Tell that `done` parts of the current step are over."""
        if self._current is not None:
            self._bars.update(self._current, completed=done)


def interval(estimate: dict[str, Any] | None, digits: int = 3, *, percent: bool = False) -> str:
    """Format an estimate with its interval, or say that it is undefined.

    >>> interval({"value": 0.1, "low": 0.05, "high": 0.2, "level": 0.95}, 2)
    '0.10 (0.05 to 0.20)'
    """
    if estimate is None:
        return "reference"
    if estimate["value"] is None:
        return "undefined"
    scale, unit = (100.0, "%") if percent else (1.0, "")
    value = f"{scale * estimate['value']:.{digits}f}{unit}"
    if estimate["low"] is None:
        return f"{value} (no interval)"
    low, high = scale * estimate["low"], scale * estimate["high"]
    return f"{value} ({low:.{digits}f} to {high:.{digits}f})"


def results_table(results: dict[str, Any]) -> Table:
    """Short table of a run: each forecaster against the reference, by category."""
    table = Table(
        title=f"{escape(results['study']['title'])}: {results['cells']['count']:,} cells, "
        f"{len(results['origins'])} origins, periods of {results['periods']['length']}",
        title_justify="left",
        caption="Intervals: 95%, resampling weeks. Gain above 0 beats the reference. "
        "Capture rate at 5% of the area; chance captures 5%.",
        caption_justify="left",
        box=SIMPLE_HEAD,
    )
    for name in ("Category", "Forecaster"):
        table.add_column(name)
    for name in ("Gain, nats per incident", "Capture rate", "Log score"):
        table.add_column(name, justify="right")
    for category in results["categories"]:
        for row in category["forecasts"]:
            five = next(p for p in row["places"] if p["area_fraction"] == 0.05)
            table.add_row(
                f"{escape(category['name'])} ({category['counted']['inside']:,})",
                escape(row["forecaster"]),
                interval(row["gain"]["raw"]),
                interval(five["capture_rate"], 1, percent=True),
                interval(row["scores"]["log_score"], 4),
            )
        for absent in category["absent"]:
            table.add_row(
                f"{escape(category['name'])} ({category['counted']['inside']:,})",
                escape(absent["forecaster"]),
                f"too little data at {absent['origins_absent']} of {absent['origins']} origins",
                "not scored",
                "not scored",
            )
    return table
