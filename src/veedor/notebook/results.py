"""What every call of the front door returns: a result that becomes a table or a picture."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from veedor.errors import StudyError, phrase
from veedor.files.replacing import replacing
from veedor.notebook.arguments import path_of
from veedor.notebook.language import spoken
from veedor.report.html import asset
from veedor.report.words import Words

_ROWS = 10
_LEFT = Markup(' style="text-align:left"')


class Picture:
    """A drawing that a notebook shows and a file can hold."""

    def __init__(self, drawing: Markup) -> None:
        self._drawing = drawing

    def _repr_html_(self) -> str:
        style = Markup("<style>{}</style>").format(Markup(asset("panels.css")))  # noqa: S704
        return Markup('<div class="veedor">{}{}</div>').format(style, self._drawing)

    def __repr__(self) -> str:
        return "Picture: shown in a notebook; save(path) writes it as HTML"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as a page of its own, whole or not at all."""
        page = f"<!DOCTYPE html>\n<meta charset='utf-8'>\n{self._repr_html_()}\n"
        with replacing(path_of(path, "path")) as part:
            part.write_text(page, encoding="utf-8", newline="\n")


class Result(ABC):
    """The base of all results: `facts` say it in a few lines, `to_arrow` holds its numbers."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is."""

    @abstractmethod
    def facts(self, words: Words) -> list[tuple[str, str]]:
        """Return what it says of itself: pairs of a name, or none, and a text."""

    @abstractmethod
    def to_arrow(self) -> pa.Table:
        """Return its numbers as an Arrow table."""

    @abstractmethod
    def plot(self) -> Picture:
        """Draw it."""

    def to_pandas(self) -> Any:
        """Return its numbers as a pandas frame.

        Raises
        ------
        StudyError
            If pandas is not installed: veedor itself does not need it.
        """
        try:
            return self.to_arrow().to_pandas()
        except ImportError as error:
            raise StudyError(
                "pandas must be installed to return a pandas frame.",
                found=phrase("no pandas"),
                remedy="install pandas, or use to_arrow()",
            ) from error

    def __repr__(self) -> str:
        facts = self.facts(spoken())
        lines = (f"  {name}: {text}" if name else f"  {text}" for name, text in facts)
        return "\n".join([self.title, *lines])

    def _repr_html_(self) -> str:
        facts = Markup("").join(
            Markup("<tr><th{0}>{1}</th><td{0}>{2}</td></tr>").format(_LEFT, name, text)
            for name, text in self.facts(spoken())
        )
        table = self.to_arrow()
        head = _row("th", table.column_names)
        first = table.slice(0, _ROWS).to_pylist()
        rows = Markup("").join(_row("td", map(_shown, row.values())) for row in first)
        return Markup(
            "<div><strong>{}</strong><table>{}</table><table><thead>{}</thead>"
            "<tbody>{}</tbody></table></div>"
        ).format(self.title, facts, head, rows)


def _row(tag: str, values: Iterable[str]) -> Markup:
    cells = (Markup("<{0}>{1}</{0}>").format(tag, value) for value in values)
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return spoken().number(value) if isinstance(value, float) else str(value)
