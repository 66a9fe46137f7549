"""The report of an audit of access, in plain words: every share with what it is out of."""

from __future__ import annotations

from veedor.audits.access.quality import AccessQuality
from veedor.audits.access.results import AccessAudit
from veedor.report import access_sections as sections
from veedor.report import access_uses as uses
from veedor.report.access_cover import access_cover
from veedor.report.audit_sections import cautions, warnings_section
from veedor.report.document import Document, Section
from veedor.report.words import Words, words_in
from veedor.report.words import access as called
from veedor.report.words import access_cover as titled
from veedor.report.words import access_sentences as said
from veedor.report.words.audits import SENTENCES


def access_document(
    audit: AccessAudit, quality: AccessQuality, words: Words | None = None
) -> Document:
    """Turn an audit of access into a page.

    Parameters
    ----------
    audit : AccessAudit
    quality : AccessQuality
        What was noticed while the log was read.
    words : Words, optional
        English by default.
    """
    words = words or words_in("en")
    cover = access_cover(words, audit, sections.through_time(words, audit))
    parts = [
        sections.read(words, audit, quality),
        sections.breaks(words, audit),
        sections.who(words, audit, cover),
        uses.reach(words, audit),
        uses.explained(words, audit),
        uses.reasons(words, audit),
        sections.when(words, audit),
        uses.peers(words, audit),
        uses.plan(words, audit),
        warnings_section(words, audit),
        sections.every(words, audit),
    ]
    return Document(
        title=words.say(titled.TITLES[audit.kind]),
        subtitle=words.say(called.SUBTITLES[audit.kind]),
        made=said.made(words, audit),
        plain=Section(words.say(SENTENCES), points=_plain(words, audit)),
        cautions=cautions(words, called.CAUTIONS),
        cover=cover,
        sections=[one for one in parts if one is not None],
    )


def _plain(words: Words, audit: AccessAudit) -> list[str]:
    """Say every finding that stands above a section, and what each word list makes of reasons."""
    return [
        f"{sentence}."
        for sentence in (
            said.broken(words, audit),
            said.concentrated(words, audit),
            said.reached(words, audit),
            said.again(words, audit),
            said.vague(words, audit),
            said.days_without(words, audit),
            said.above(words, audit),
            said.planned(words, audit),
        )
    ] + said.each_list(words, audit)
