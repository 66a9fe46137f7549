"""The page of a calendar of deadlines: by when each must act, and by what provision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from veedor.disclosure.request.deadlines import Deadline, Deadlines
from veedor.disclosure.request.law import Article, LegalText
from veedor.report.audit_sections import cautions, headed
from veedor.report.calendar_file import Entry
from veedor.report.cover import Cover
from veedor.report.document import Document, Section
from veedor.report.tables import Spoken, Table
from veedor.report.words import Words
from veedor.report.words import deadlines as said

#: Days before one's own last day at which a calendar reminds.
_REMIND_DAYS = 7


def deadlines_document(made: Deadlines, words: Words) -> Document:
    """Turn a calendar into a page."""
    sentences = [said.sentence(words, row) for row in made.dated]
    return Document(
        title=said.title(words, made),
        subtitle=said.subtitle(words, made),
        made=words.say("Made by veedor from the days that you gave."),
        plain=Section(words.say("In short"), [words.own(made.reach)], sentences),
        cautions=cautions(words, zip(said.CAUTIONS, said.REASONS, strict=True)),
        cover=_cover(words, made),
        sections=[
            *([_remarks(words, made)] if made.findings else []),
            _terms(words, made),
            quoted_section(words, made.articles, made.texts, made.language),
            Section(
                words.say("How days are counted"),
                said.how(words, made),
                folded=True,
                anchor="counting",
            ),
        ],
    )


def calendar_entries(made: Deadlines, words: Words) -> list[Entry]:
    """Return the days of a calendar, those of whoever asks with a reminder."""
    texts = _texts(made.texts)
    entries = []
    for row in made.dated:
        if row.day is None:
            continue
        cited = [
            words.say(
                "{provision} (as read in {read})",
                provision=said.provision(words, one, texts[one.text]),
                read=said.read_in(words, texts[one.text]),
            )
            for one in _articles(made, row)
        ]
        note, advice = words.own(row.term.note), words.say(said.NO_ADVICE)
        entries.append(
            Entry(
                f"{made.law}-{made.procedure}-{row.term.code}-{made.events['received']}@veedor",
                row.day,
                said.summary(words, made, row),
                "\n".join(one for one in (*dict.fromkeys(cited), note, advice) if one),
                _REMIND_DAYS if row in made.own and not row.term.opens else 0,
            )
        )
    return entries


def deadline_rows(made: Deadlines, words: Words) -> list[tuple[object, ...]]:
    """Return the rows of a table of deadlines, in the order of the law."""
    texts = _texts(made.texts)
    return [
        (
            row.term.code,
            "" if row.day is None else row.day.isoformat(),
            "opens" if row.term.opens else "ends",
            "yes" if row.happens else "no",
            said.what(words, row),
            row.term.whose,
            said.length(words, row.term, extended=row.extended),
            "" if row.counted_from is None else row.counted_from.isoformat(),
            row.event,
            "; ".join(one.day.isoformat() for one in row.days_off),
            said.cited(words, _articles(made, row), texts),
            "; ".join(dict.fromkeys(texts[one.text].read for one in _articles(made, row))),
        )
        for row in made.rows
    ]


#: Of the rows of `deadline_rows`.
COLUMNS = (
    "code", "day", "kind", "counted_on", "what", "whose", "term", "counted_from", "event",
    "days_off", "provision", "read_in",
)  # fmt: skip


def quoted_section(
    words: Words, articles: Sequence[Article], texts: Sequence[LegalText], language: str
) -> Section:
    """Quote provisions in the law's language, each with its text and when that was read."""
    known = _texts(texts)
    rows = [
        [
            said.provision(words, one, known[one.text]),
            Spoken(one.quote, language),
            said.read_in(words, known[one.text]),
        ]
        for one in articles
    ]
    sources = [
        [
            one.title,
            Spoken(one.about, language),
            words.say("{read}: {source}", read=said.read_in(words, one), source=one.source),
        ]
        for one in texts
    ]
    return Section(
        said.quoted(words, len(articles)),
        [words.say(said.NO_ADVICE)],
        tables=[headed(words, said.QUOTED, rows), headed(words, said.TEXTS, sources)],
        folded=True,
        anchor="law",
    )


def _cover(words: Words, made: Deadlines) -> Cover:
    answer = next(row for row in reversed(made.rows) if row.term.code == "answer" and row.happens)
    ends = [row for row in made.own if not row.term.opens]
    texts = _texts(made.texts)
    due = [
        [
            said.day(words, row),
            said.due(words, row, said.cited(words, _articles(made, row)[:1], texts)),
        ]
        for row in made.dated
    ]
    return Cover(
        finding=said.finding(words, answer, next(iter(ends or made.own), None)),
        tone="none",
        because=said.because(words, made),
        lists=(headed(words, said.DUE, due, headers=2),),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def _remarks(words: Words, made: Deadlines) -> Section:
    return Section(
        said.noticed(words, made),
        points=[said.remark(words, one) for one in made.findings],
        folded=True,
        anchor="remarks",
    )


def _terms(words: Words, made: Deadlines) -> Section:
    return Section(
        said.every_term(words, made),
        points=list(dict.fromkeys(words.own(r.term.note) for r in made.rows if r.term.note)),
        tables=[_table(words, made)],
        folded=True,
        anchor="terms",
    )


def _table(words: Words, made: Deadlines) -> Table:
    texts = _texts(made.texts)
    rows = [
        [
            said.what(words, row),
            words.say(said.WHOSE[row.term.whose]),
            said.length(words, row.term, extended=row.extended),
            said.counted_from(words, made, row),
            said.day(words, row),
            said.off(words, row),
            said.cited(words, _articles(made, row), texts),
        ]
        for row in made.rows
    ]
    return headed(words, said.TERMS, rows)


def _texts(texts: Sequence[LegalText]) -> Mapping[str, LegalText]:
    return {one.code: one for one in texts}


def _articles(made: Deadlines, row: Deadline) -> list[Article]:
    """Return the provisions of a row, in the order in which the law names them."""
    known = {one.code: one for one in made.articles}
    return [known[code] for code in row.term.articles]
