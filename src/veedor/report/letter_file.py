"""A letter as a page to print, and as a document that its sender goes on in."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from veedor.disclosure.request.letter import Letter
from veedor.files.replacing import replacing
from veedor.report import html
from veedor.report.docx_file import (
    Block,
    Bullets,
    Heading,
    Lines,
    Numbered,
    Paragraph,
    write_docx,
)
from veedor.report.words.language import Words


def write_letter(letter: Letter, folder: Path, words: Words) -> None:
    """Write a letter as HTML and as docx.

    Parameters
    ----------
    letter : Letter
        In its own language, which need not be one that veedor speaks.
    folder : Path
    words : Words
        Of the note on the screen, which is not printed.
    """
    text = html.render(
        "letter.html.j2",
        words,
        letter=html.printable(letter),
        styles=Markup(html.asset("letter.css")),  # noqa: S704 - shipped with veedor
    )
    with replacing(folder / f"{letter.name}.html") as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    write_docx(letter.subject, blocks(letter), folder / f"{letter.name}.docx", letter.language)


def blocks(letter: Letter) -> list[Block]:
    """Lay a letter out: the same pieces, in the same order as on its page."""
    made: list[Block] = [
        Lines([letter.place]),
        Paragraph(letter.addressee),
        Heading(letter.reference, 3),
        *map(Paragraph, letter.opening),
        Paragraph(letter.asked, bold=True),
        Numbered(letter.items),
    ]
    if letter.again:
        made.append(Paragraph(letter.again))
    if letter.exceptions:
        made += [Paragraph(letter.before_exceptions, bold=True), Bullets(letter.exceptions)]
    return [
        *made,
        *map(Paragraph, letter.closing),
        Paragraph(letter.who, bold=True),
        Lines(letter.lines),
    ]
