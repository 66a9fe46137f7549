"""The page of a record of a system: what was answered, who asks for it, what audits show."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.disclosure.record import (
    FIELDS,
    STATES,
    About,
    Answer,
    Framework,
    Matrix,
    RecordResults,
    RecordShown,
    framework,
)
from veedor.disclosure.record.core import State
from veedor.disclosure.record.fields import BY_KEY, TOPICS
from veedor.disclosure.record.shown import AnyAudit
from veedor.report.audit_covers import cover_of
from veedor.report.audit_sections import cautions, headed
from veedor.report.cover import Count, Cover, Proof
from veedor.report.document import Document, Section
from veedor.report.tables import Spoken, Table
from veedor.report.words import Words, records
from veedor.report.words import record_page as said

_MOST_NAMED = 4
#: The language in which Canada's questionnaire is shown.
_OF_CANADA = "en"


def record_document(results: RecordResults, audits: Sequence[AnyAudit], words: Words) -> Document:
    """Turn a record into a page.

    Parameters
    ----------
    results : RecordResults
    audits : sequence of Audit
        One for each of ``results.audits``.
    words : Words
    """
    about = results.about
    shown = _shown(words, results, audits)
    return Document(
        title=words.say("What is told of {system}", system=about.system),
        subtitle=_version(words, about),
        made=words.say("Made by veedor from a record that is kept by hand."),
        plain=Section(
            words.say("In short"),
            sentences=[said.finding(words, results), said.because(words, results)],
        ),
        cautions=cautions(words, zip(said.CAUTIONS, said.REASONS, strict=True)),
        cover=_cover(words, results, shown),
        sections=[
            *(_matrix(words, one, about.language) for one in results.matrices),
            *([_audits(words, shown)] if shown else []),
            _fields(words, results),
            *([_questions(words, results)] if results.questionnaire else []),
        ],
    )


def on_terminal(record: RecordShown, words: Words) -> Document:
    """Say a record for a terminal: a table a topic, a line of text a field."""
    about = record.about
    tables = [
        headed(
            words, said.PRINTED,
            [
                [records.name_of(words, one.key),
                 *(" ".join(cell.split())
                   for cell in told(words, one.key, record.answers[one.key], about.language))]
                for one in FIELDS if one.topic == topic
            ],
            headers=4, topic=words.say(records.TOPICS[topic]),
        )
        for topic in TOPICS
    ]  # fmt: skip
    title = words.say("What is told of {system}", system=about.system)
    counts = said.counted_told(words, record.counted)
    named = said.audits_named(words, record.audits)
    return Document(
        title,
        headline=[
            Section(sentences=[title, _version(words, about)], tables=tables),
            Section(sentences=[*named, counts]),
        ],
    )


def _version(words: Words, about: About) -> str:
    return words.say(
        "{body}: record, version {version} of {day}",
        body=about.body, version=about.version, day=words.day(about.date),
    )  # fmt: skip


def _cover(words: Words, results: RecordResults, shown: Sequence[Section]) -> Cover:
    counted, everything = results.counted, sum(results.counted.values())
    kinds: tuple[State, ...] = ("given", "refused", "not answered")
    tables = []
    for state, heading in (("refused", said.REFUSALS), ("not answered", said.ASKED)):
        named = [
            [records.name_of(words, key), words.day(one.date)]
            for key, one in results.answers.items()
            if one.state == state and one.date
        ]
        if named:
            tables.append(headed(words, heading, records.shortened(words, named, _MOST_NAMED)))
    if shown:
        found = [[one.title, one.sentences[0]] for one in shown]
        tables.append(headed(words, said.SHOWN, records.shortened(words, found, _MOST_NAMED)))
    return Cover(
        finding=said.finding(words, results),
        tone="none",
        because=said.because(words, results),
        proof=Proof(
            words.say("Of all that a record asks"),
            tuple(
                Count(
                    words.say(records.STATES[kind]),
                    words.say("{count} of {all}", count=counted[kind], all=everything),
                    counted[kind] / everything,
                    "ours" if kind == "given" else "reference",
                )
                for kind in kinds
            ),
        ),
        tables=tuple(tables),
        lists=(_counts(words, results),),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def _counts(words: Words, results: RecordResults) -> Table:
    rows = []
    for topic in TOPICS:
        states = [results.answers[one.key].state for one in FIELDS if one.topic == topic]
        rows.append(
            [words.say(records.TOPICS[topic]), *(words.number(states.count(one)) for one in STATES)]
        )
    return headed(words, said.COUNTED, rows)


def told(words: Words, key: str, answer: Answer, language: str) -> list[str]:
    """State, value and source of an answer, a cell each; the value is in the record's language."""
    value = records.answered(words, answer, key)
    chosen = key in BY_KEY and BY_KEY[key].choices
    return [
        words.say(records.STATES[answer.state]),
        value if chosen else Spoken(value, language),
        records.sourced(words, answer),
    ]


def _matrix(words: Words, matrix: Matrix, language: str) -> Section:
    asks = framework(matrix.framework)
    month = words.month(f"{matrix.read_in}-01")
    about = said.ABOUT_MATRIX if asks.articles else said.ABOUT_REGISTER
    tables = _of_articles if asks.articles else _register
    return Section(
        said.matrix_title(words, matrix),
        folded=True,
        anchor=matrix.framework,
        sentences=[words.say(about, month=month, source=matrix.source)],
        tables=tables(words, matrix, asks, language),
    )


def _of_articles(words: Words, matrix: Matrix, law: Framework, language: str) -> list[Table]:
    """Lay out a law: a table an article, each of its texts quoted once."""
    tables = []
    for number, title in law.articles.items():
        rows, quoted = [], ""
        for one in matrix.rows:
            if one.reference.partition("(")[0] != number:
                continue
            text = Spoken(words.say(said.QUOTED, text=one.says), law.language)
            again, quoted = one.says == quoted, one.says
            rows.append([
                one.reference,
                words.say(said.SAME) if again else text,
                records.name_of(words, one.field),
                *told(words, one.field, one.answer, language),
            ])  # fmt: skip
        tables.append(headed(words, said.MATRIX, rows, number=number, title=title))
    return tables


def _register(words: Words, matrix: Matrix, asks: Framework, language: str) -> list[Table]:
    rows = [
        [
            Spoken(one.reference, asks.language),
            Spoken(one.says, asks.language),
            records.name_of(words, one.field),
            *told(words, one.field, one.answer, language),
        ]
        for one in matrix.rows
    ]
    name = words.say(records.FRAMEWORKS[matrix.framework])
    return [headed(words, said.REGISTER, rows, framework=name)]


def _shown(words: Words, results: RecordResults, audits: Sequence[AnyAudit]) -> list[Section]:
    """Say of each audit what it found, in its own words, and which fields it has to do with."""
    sections = []
    for about, audit in zip(results.audits, audits, strict=True):
        cover = cover_of(words, audit)
        found = [] if cover is None else [cover.finding, cover.because]
        fields = words.listed([records.name_of(words, key) for key in about.fields])
        told = [
            *filter(None, found),
            words.say("Has to do with: {fields}.", fields=fields),
            said.audit_kept(words, about),
        ]
        sections.append(Section(said.audit_named(words, about), told))
    return sections


def _audits(words: Words, shown: Sequence[Section]) -> Section:
    return Section(
        words.many(
            len(shown),
            "{n} audit shows something beside the answers",
            "{n} audits show something beside the answers",
        ),
        folded=True,
        sentences=[words.say(said.ABOUT_SHOWN)],
        parts=shown,
    )


def _fields(words: Words, results: RecordResults) -> Section:
    tables = []
    for topic in TOPICS:
        rows = [
            [
                records.name_of(words, one.key),
                words.say(records.FIELDS[one.key][1]),
                *told(words, one.key, results.answers[one.key], results.about.language),
            ]
            for one in FIELDS
            if one.topic == topic
        ]
        tables.append(headed(words, said.FIELDS, rows, topic=words.say(records.TOPICS[topic])))
    return Section(
        words.say("The record: all {all} fields", all=len(FIELDS)), folded=True, tables=tables
    )


def _questions(words: Words, results: RecordResults) -> Section:
    parts: dict[str, list[list[str]]] = {}
    for one in results.questionnaire:
        blank = words.say(said.CONDITIONAL if one.conditional else records.STATES["not answered"])
        answer = Spoken("; ".join(one.answers), _OF_CANADA) if one.answers else blank
        parts.setdefault(one.part, []).append([Spoken(one.question, _OF_CANADA), answer])
    answered = sum(bool(one.answers) for one in results.questionnaire)
    return Section(
        words.many(
            answered,
            "Canada's questionnaire: {n} of {all} questions is answered",
            "Canada's questionnaire: {n} of {all} questions are answered",
            all=len(results.questionnaire),
        ),
        folded=True,
        sentences=[words.say(said.ABOUT_QUESTIONS)],
        tables=[headed(words, said.QUESTIONS, rows, part=part) for part, rows in parts.items()],
    )
