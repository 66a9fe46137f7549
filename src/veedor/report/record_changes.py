"""The page of what differs between two versions of a record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from veedor.disclosure.record import Change, Differences
from veedor.disclosure.record.comparison import KINDS
from veedor.report.audit_sections import cautions, headed
from veedor.report.cover import Cover
from veedor.report.document import Document, Section
from veedor.report.system_record import told
from veedor.report.words import Words, records
from veedor.report.words import record_changes as said
from veedor.report.words.records import shortened
from veedor.report.words.terminal import cover_told

_MOST_NAMED = 8


def changes_document(found: Differences, words: Words) -> Document:
    """Turn what differs into a page: on its cover the fields, below their answers."""
    named = [
        [
            records.name_of(words, one.field),
            words.say(said.BECAME[one.kind]),
        ]
        for one in found.changes
    ]
    first = headed(words, said.NAMED, shortened(words, named, _MOST_NAMED))
    sections = [_section(words, found, kind) for kind in KINDS if found.of(kind)]
    besides = [*said.renamed(words, found), *said.audits(words, found)]
    return Document(
        title=words.say("What changed in the record of {system}", system=found.after.system),
        subtitle=found.after.body,
        made=words.say("Made by veedor from two versions of a record that is kept by hand."),
        plain=Section(
            words.say("In short"),
            sentences=[said.finding(words, found), said.because(words, found)],
            points=besides,
        ),
        cautions=cautions(words, zip(said.CAUTIONS, said.REASONS, strict=True)),
        cover=Cover(
            finding=said.finding(words, found),
            tone="none",
            because=said.because(words, found),
            lists=(first,) if named else (),
            cautions=tuple(words.say(one) for one in said.CAUTIONS),
        ),
        sections=sections,
    )


def on_terminal(words: Words, page: Document, found: Differences, file: Path | None) -> Document:
    """Make the headline of the page, for a terminal: each field that differs, by name."""
    points = [
        words.say(
            "{name}: {became}",
            name=records.name_of(words, one.field), became=words.say(said.BECAME[one.kind]),
        )
        for one in found.changes
    ]  # fmt: skip
    written = [words.say("Report: {file}", file=file)] if file else []
    named = Section(points=[*points, *page.plain.points])
    covered = cover_told(words, page.cover) if page.cover else []
    return replace(
        page, headline=[*covered, named, Section(sentences=written)], details=list(page.sections)
    )


def _section(words: Words, found: Differences, kind: str) -> Section:
    changes = [one for one in found.changes if one.kind == kind]
    rows = [_row(words, one, found) for one in changes]
    heading = said.KINDS[kind]
    return Section(
        words.say(
            "{kind}: {count} of {all} fields",
            kind=words.say(heading.caption),
            count=len(changes),
            all=len(found.changes) + found.unchanged,
        ),
        folded=True,
        tables=[headed(words, heading, rows)],
    )


def _row(words: Words, change: Change, found: Differences) -> list[str]:
    key = change.field
    return [
        records.name_of(words, key),
        *told(words, key, change.before, found.before.language),
        *told(words, key, change.after, found.after.language),
    ]
