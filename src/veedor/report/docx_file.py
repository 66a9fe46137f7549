"""`write_docx`: the one way to write a document that a word processor opens, and people go on in.

It has headings, paragraphs, numbered items, lines to be filled in by hand, tables, and numbered
pages; the same content gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import docx
from babel import Locale
from docx.document import Document as Written
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.text.paragraph import Paragraph as WrittenParagraph

from veedor.files.replacing import replacing
from veedor.languages import languages
from veedor.report import html
from veedor.report.tables import Table

#: A4, and its margins.
_WIDTH, _HEIGHT, _MARGIN = Cm(21.0), Cm(29.7), Cm(2.5)
_TEXT_WIDTH = Cm(21.0 - 2 * 2.5)
_POINTS, _POINTS_IN_TABLES = Pt(11), Pt(9)
#: Of a letter in a table, on average, and of what stands beside the text of a cell.
_LETTER, _BESIDE = Cm(0.19), Cm(0.45)
#: The time that parts of the archive are stamped with: an archive has no earlier one.
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Numbered:
    """Items, each with its number; numbers go on from no other list."""

    items: Sequence[str]


@dataclass(frozen=True)
class Bullets:
    """Items without an order."""

    items: Sequence[str]


@dataclass(frozen=True)
class Lines:
    """What is to be filled in by hand: a name and a line each."""

    names: Sequence[str]


Block: TypeAlias = Heading | Paragraph | Numbered | Bullets | Lines | Table


def write_docx(title: str, blocks: Sequence[Block], path: Path, language: str) -> None:
    """Write a document of A4 pages.

    Parameters
    ----------
    title : str
        Of the file, for whoever lists it; it is not printed.
    blocks : sequence of Block
        In their order. Characters that cannot be printed are replaced.
    path : Path
        A file that is there is replaced only once the new one is complete.
    language : str
        Of the text, two letters of ISO 639-1, for whoever reads it aloud or checks its spelling.
    """
    made = docx.Document()
    _prepare(made, html.printable(title), language)
    for block in html.printable(list(blocks)):
        _put(made, block)
    packed = io.BytesIO()
    made.save(packed)
    with replacing(path) as part:
        part.write_bytes(_stamped(packed))


def _prepare(made: Written, title: str, language: str) -> None:
    """Set the page, the language and what the file says of itself."""
    page = made.sections[0]
    page.page_width, page.page_height = _WIDTH, _HEIGHT
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    normal = made.styles["Normal"]
    normal.font.size = _POINTS
    normal.paragraph_format.space_after = Pt(6)
    for level in range(1, 5):
        made.styles[f"Heading {level}"].paragraph_format.space_after = Pt(4)
    _number_pages(page.footer.paragraphs[0])
    spoken = languages().get(language, language)
    for named in made.styles.element.iter(qn("w:lang")):
        named.set(qn("w:val"), str(Locale.parse(spoken)).replace("_", "-"))
    about = made.core_properties
    about.title, about.author, about.comments, about.language = title, "", "", language
    for dated in ("created", "modified"):  # by whatever time, the same content has other bytes
        for element in about._element.findall(qn(f"dcterms:{dated}")):
            about._element.remove(element)


def _number_pages(footer: WrittenParagraph) -> None:
    """Put the number of the page, and how many there are, as fields that are counted when shown."""
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, name in enumerate(("PAGE", "NUMPAGES")):
        if number:
            footer.add_run(" / ").font.size = _POINTS_IN_TABLES
        run = footer.add_run()
        run.font.size = _POINTS_IN_TABLES
        for kind in ("begin", "", "end"):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = name
            run._r.append(element)


def _put(made: Written, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(block.text, block.level)
    elif isinstance(block, Paragraph):
        paragraph = made.add_paragraph()
        paragraph.add_run(block.text).bold = block.bold or None
        paragraph.paragraph_format.keep_with_next = block.bold or None
    elif isinstance(block, Numbered):
        for number, item in enumerate(block.items, 1):
            _hanging(made, f"{number}.\t{item}")
    elif isinstance(block, Bullets):
        for item in block.items:
            _hanging(made, f"•\t{item}")
    elif isinstance(block, Lines):
        for name in block.names:
            line = made.add_paragraph(f"{name}: \t")
            line.paragraph_format.tab_stops.add_tab_stop(
                _TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES
            )
            line.paragraph_format.space_before = Pt(8)
    else:
        _put_table(made, block)


def _hanging(made: Written, text: str) -> None:
    """Put an item whose lines hang under its first word."""
    item = made.add_paragraph(text)
    item.paragraph_format.left_indent, item.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
    item.paragraph_format.tab_stops.add_tab_stop(Cm(0.9))


def _put_table(made: Written, table: Table) -> None:
    caption = made.add_paragraph()
    caption.add_run(table.caption).bold = True
    caption.paragraph_format.keep_with_next = True
    widths = _widths(table)
    put = made.add_table(rows=1, cols=len(table.head), style="Table Grid")
    put.autofit = False
    for column, width in zip(put.columns, widths, strict=True):
        column.width = width
    repeated = OxmlElement("w:tblHeader")
    put.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in (table.head, *table.rows):
        written = put.rows[0] if row is table.head else put.add_row()
        whole = OxmlElement("w:cantSplit")
        written._tr.get_or_add_trPr().insert(0, whole)
        for place, (cell, text) in enumerate(zip(written.cells, row, strict=True)):
            cell.width = widths[place]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = Pt(2)
            paragraph.paragraph_format.space_after = Pt(2)
            # A head alone at the foot of a page names nothing.
            paragraph.paragraph_format.keep_with_next = row is table.head or None
            run = paragraph.add_run(text)
            run.font.size = _POINTS_IN_TABLES
            run.bold = row is table.head or place < table.headers or None
    made.add_paragraph()


def _widths(table: Table) -> list[Length]:
    """Share the width of the text out: to each column its longest word, the rest by its texts."""
    columns = list(zip(table.head, *table.rows, strict=True))
    words = [max(map(len, " ".join(column).split()), default=1) for column in columns]
    least = [_BESIDE + word * _LETTER for word in words]
    rest = _TEXT_WIDTH - sum(least)
    if rest < 0:
        return [Length(_TEXT_WIDTH * one // sum(least)) for one in least]
    wanted = [
        max(max(map(len, column)) - word, 0) + 1
        for column, word in zip(columns, words, strict=True)
    ]
    return [
        Length(one + rest * want // sum(wanted)) for one, want in zip(least, wanted, strict=True)
    ]


def _stamped(packed: io.BytesIO) -> bytes:
    """Return an archive whose parts are stamped with no time of their own."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as read, zipfile.ZipFile(out, "w") as written:
        for part in read.infolist():
            about = zipfile.ZipInfo(part.filename, _STAMP)
            about.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(about, read.read(part))
    return out.getvalue()
