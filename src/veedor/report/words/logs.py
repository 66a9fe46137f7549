"""What is said of a log of promises: sealed, scored, verified."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

from veedor.report.document import Document, Section
from veedor.report.tables import Table, table
from veedor.report.words.language import Words
from veedor.report.words.log_cover import promised
from veedor.report.words.sealing import STATES, notices, problem
from veedor.report.words.studies import interval
from veedor.report.words.terminal import cover_told
from veedor.sealing import CheckedLog, LogFindings, Promise, Scored, Sealed, Timestamp
from veedor.sealing.scores import PromisedGain

#: More on a terminal are read by nobody; the report has all.
_MOST_LINES, _MOST_ROWS = 200, 1_000


def key_made(words: Words, place: Path) -> str:
    """Say that a key was made, and what depends on it."""
    return words.say(
        "Made a private key, {file}. Keep a copy where nobody else can read it.", file=place
    )


def sealed(words: Words, made: Sealed) -> Document:
    """Say what was promised, when, and what to give away."""
    say = words.say
    before = [
        say("Sealed before, as entry {number}: {file}", number=str(number), file=path)
        for path, number in made.already
    ]
    told = []
    for entry in made.entries:
        about = entry.manifest
        if isinstance(about, Promise):
            line = say(
                "Entry {number}: {category} by {forecaster}, from {begins}; {clock}",
                number=str(about.number),
                category=about.category,
                forecaster=about.forecaster,
                begins=about.periods.edges[0],
                clock=about.time_source,
            )
            told.append(say("{entry}; LATE", entry=line) if about.late else line)
        elif isinstance(about, Timestamp):
            number = str(about.number)
            line = say("Entry {number}: timestamp by {who}", number=number, who=about.authority)
            told.append(line)
    promises = [
        (one.manifest.periods.edges[0], one.manifest.late)
        for one in made.entries
        if isinstance(one.manifest, Promise)
    ]
    first = [promised(words, promises)] if promises else before
    headline = [Section(sentences=first), _checkpoint(words, made.checkpoint)]
    details = [Section(sentences=[*before, *told] if promises else told)]
    return Document(say("Promised"), headline=headline, details=details)


def scored(
    words: Words, page: Document, made: Scored, found: LogFindings, report: Path | None
) -> Document:
    """Say what was not scored and why, how all promises went, and what to give away."""
    say = words.say
    told = []
    for one in made.waiting:
        about = {
            "entry": str(one.entry),
            "category": one.promise.category,
            "forecaster": one.promise.forecaster,
            "reason": words.of(one.reason),
        }
        told.append(
            say("NOT SCORED: entry {entry}, {category} by {forecaster}: {reason}", **about)
            if one.due
            else say("Not scored: entry {entry}, {category} by {forecaster}: {reason}", **about)
        )
    entries = {entry.manifest.number for entry in made.entries}
    table_of_all = Section(tables=[_promises(words, found, entries)] if entries else [])
    return replace(
        page,
        headline=[
            Section(sentences=told),
            *_covered(words, page),
            _checkpoint(words, made.checkpoint),
            *_report(words, report),
        ],
        details=[page.plain, table_of_all],
    )


def verified(
    words: Words,
    page: Document,
    verdict: CheckedLog,
    found: LogFindings,
    report: Path | None,
    remember: Path | None,
) -> Document:
    """Say what holds, what does not, and what a log can never prove."""
    say = words.say
    parts = [
        *_covered(words, page),
        *_titled(
            words,
            (say("PROBLEMS"), [problem(words, one) for one in found.problems]),
            (say("Note"), notices(words, found)),
            (say("Not proven"), [words.of(one) for one in found.not_proven]),
        ),
    ]
    details = [
        page.plain,
        *_titled(words, (say("Proven"), [words.of(one) for one in found.proven])),
        Section(tables=[] if found.looks else [_promises(words, found)]),
    ]
    if not verdict.holds:
        problems = len(verdict.problems)
        told = words.many(
            problems,
            "The log does NOT verify: {n} problem.",
            "The log does NOT verify: {n} problems.",
        )
        headline = [*parts, *_report(words, report), Section(sentences=[told])]
        return replace(page, headline=headline, details=details)
    entries = found.log.entries
    last = [words.many(entries, "The log verifies: {n} entry.", "The log verifies: {n} entries.")]
    if remember is not None:
        last.append(say("Checkpoint kept: {file}", file=remember))
    headline = [*parts, *_report(words, report), Section(sentences=last)]
    return replace(page, headline=headline, details=details)


def _covered(words: Words, page: Document) -> list[Section]:
    return [] if page.cover is None else cover_told(words, page.cover)


def _titled(words: Words, *parts: tuple[str, list[str]]) -> list[Section]:
    return [Section(title, points=_first(words, lines)) for title, lines in parts if lines]


def _promises(words: Words, found: LogFindings, only: Set[int] | None = None) -> Table:
    """Show the promises and how they went; of some scorings only, if given."""
    say = words.say
    promises = [
        one
        for one in found.promises
        if only is None or any(scoring.entry in only for scoring in one.scorings)
    ]
    before = max(len(promises) - _MOST_ROWS, 0)
    rows = []
    for one in promises[-_MOST_ROWS:]:
        gains = [
            _gain(words, scoring.results.information_gain)
            if scoring.results is not None
            else say("not confirmed")
            for scoring in one.scorings
            if only is None or scoring.entry in only
        ]
        rows.append([
            str(one.entry),
            one.category,
            one.forecaster,
            one.begins[:10],
            say("LATE") if one.late else say("in time"),
            say(STATES[one.state]),
            say("; revised: ").join(gains) if one.reference else say("held against none"),
        ])  # fmt: skip
    head = [
        say("Entry"),
        say("Category"),
        say("Forecaster"),
        say("Begins"),
        say("Sealed"),
        say("State"),
        say("Gain over the reference, nats per incident"),
    ]
    title = (
        say("Promises; {n} before these: --report FILE lists all.", n=before)
        if before
        else say("Promises")
    )
    return table(title, head, rows, 6)


def _gain(words: Words, found: PromisedGain | None) -> str:
    return words.say("reference") if found is None else interval(words, found.gain)


def _first(words: Words, lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MOST_LINES
    if more <= 0:
        return list(lines)
    return [*lines[:_MOST_LINES], words.say("and {n} more; --report FILE lists all", n=more)]


def _checkpoint(words: Words, checkpoint: str) -> Section:
    told = words.say("Checkpoint, to be given away:")
    return Section(sentences=[told, ""], verbatim=checkpoint)


def _report(words: Words, report: Path | None) -> list[Section]:
    if report is None:
        return []
    return [Section(sentences=[words.say("Report: {file}", file=report)])]
