"""A page of sections: what every report but a study's is made of.

Whoever reports says what stands in it, as finished sentences, tables and drawings; this module
lays it out, escapes it, and closes it to the outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from veedor.files.replacing import replacing
from veedor.report import html
from veedor.report.cover import SHAPES, Cover
from veedor.report.tables import Table
from veedor.report.words.language import words_in

if TYPE_CHECKING:
    from veedor.report.map_section import MapSection


@dataclass(frozen=True)
class Section:
    """A part of a page: shown in this order, each piece only where there is one.

    Parameters
    ----------
    title : str
    sentences : sequence of str
        A paragraph each.
    points : sequence of str
        A list, a point each.
    figures : sequence of (Markup, str)
        A drawing (`veedor.report.chart_svg.svg`; keys unique in the page) and what it shows, in
        words.
    tables : sequence of Table
        Of `veedor.report.tables.table`, shown.
    behind : sequence of Table
        Tables that a reader opens.
    behind_name : str
        What the reader opens them by; that they are tables, by default.
    verbatim : str
        Lines to be copied as they are.
    links : sequence of (str, str)
        Words, and the page beside this one that they lead to.
    parts : sequence of Section
        What stands below, each with a smaller title.
    folded : bool
        Whether a reader opens it by its title, which then states what was found, with its number.
    map : MapSection, optional
        That a reader may move and ask; one in a page.
    anchor : str
        What a link names it by, unique in the page; its place among the sections if empty.
    """

    title: str = ""
    sentences: Sequence[str] = ()
    points: Sequence[str] = ()
    figures: Sequence[tuple[Markup, str]] = ()
    tables: Sequence[Table] = ()
    behind: Sequence[Table] = ()
    behind_name: str = ""
    verbatim: str = ""
    links: Sequence[tuple[str, str]] = ()
    parts: Sequence[Section] = ()
    folded: bool = False
    map: MapSection | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Document:
    """A page.

    Parameters
    ----------
    title, subtitle : str
    made : str
        By what and from what it was made.
    plain : Section
        What was found, in whole sentences: a reader opens it by its title.
    cautions : sequence of (str, str)
        What must not be concluded: a sentence, and the reason.
    sections : sequence of Section
    cover : Cover, optional
        What stands before all else, on one page. What only a terminal shows has none.
    headline : sequence of Section
        What a terminal shows of it: sentences, tables, points and lines to be copied.
    details : sequence of Section
        What it shows besides where it is asked for details.
    """

    title: str
    subtitle: str = ""
    made: str = ""
    plain: Section = Section()
    cautions: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    headline: Sequence[Section] = ()
    details: Sequence[Section] = ()
    cover: Cover | None = None


def write_document(document: Document, path: Path, language: str = "en") -> None:
    """Write a page as one self-contained HTML file; the same document gives the same bytes.

    Parameters
    ----------
    document : Document
        Of text, to be escaped; only drawings are markup.
    path : Path
        A file that is there is replaced only once the new one is complete.
    language : str
        Of what stands between the document's parts, of `veedor.languages.languages`.

    Raises
    ------
    ValueError
        For a document without a cover.
    """
    text = rendered(document, language)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def rendered(document: Document, language: str = "en") -> str:
    """Return the page as text; the parameters are those of `write_document`."""
    if document.cover is None:
        raise ValueError("a page begins with a cover; only what a terminal shows has none")
    shown = next((one.map for one in document.sections if one.map is not None), None)
    library, script = (html.asset(name) if shown else "" for name in ("leaflet.js", "report.js"))
    return html.render(
        "document.html.j2",
        words_in(language),
        (library, script) if shown else (),
        page=html.printable(document),
        shapes=SHAPES,
        styles=html.styles(*(["leaflet.css"] if shown else [])),
        map_data=None if shown is None else html.inline_json(html.printable(shown.data)),
        library=Markup(library),  # noqa: S704 - shipped with veedor
        script=Markup(script),  # noqa: S704 - shipped with veedor
        licence=html.asset("leaflet.LICENSE.txt") if shown else "",
    )
