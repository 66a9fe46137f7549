"""`write_document_docx`: a page's words and tables as a document that people can go on in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from veedor.report.cover import Cover
from veedor.report.document import Document, Section
from veedor.report.docx_file import Block, Bullets, Heading, Paragraph, write_docx
from veedor.report.words.language import Words

_DEEPEST = 4


def write_document_docx(document: Document, path: Path, words: Words) -> None:
    """Write a page as a document for word processors, without its drawings and maps."""
    write_docx(document.title, list(_blocks(document, words)), path, words.language)


def _blocks(document: Document, words: Words) -> Iterator[Block]:
    yield Heading(document.title)
    if document.subtitle:
        yield Paragraph(document.subtitle)
    if document.cover is not None:
        yield from _covered(document.cover)
    if document.cautions:
        yield Heading(words.say("What must not be concluded"), 2)
        yield Bullets(
            [words.say("{what} {why}", what=what, why=why) for what, why in document.cautions]
        )
    for section in document.sections:
        yield from _of(section, 2)
    yield Paragraph(document.made)


def _covered(cover: Cover) -> Iterator[Block]:
    yield Paragraph(cover.finding, bold=True)
    if cover.because:
        yield Paragraph(cover.because)
    yield from cover.lists
    yield from cover.tables


def _of(section: Section, level: int) -> Iterator[Block]:
    if section.title:
        yield Heading(section.title, min(level, _DEEPEST))
    for sentence in section.sentences:
        yield Paragraph(sentence)
    if section.points:
        yield Bullets(section.points)
    yield from section.tables
    yield from section.behind
    for part in section.parts:
        yield from _of(part, level + 1)
