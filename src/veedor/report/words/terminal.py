"""What a terminal shows of a page: what it says in plain words, and where it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from veedor.report.document import Document, Section
from veedor.report.words.language import Words


def headed(words: Words, page: Document, file: Path, *more: str) -> Document:
    """Put before a page's headline what it says in plain words, and after it its file."""
    plain = Section(sentences=page.plain.sentences, points=page.plain.points)
    last = Section(sentences=[*more, words.say("Report: {file}", file=file)])
    return replace(page, headline=[plain, *page.headline, last])
