"""Cover of a scored reading: the rate, as strictly and as leniently as readers allow."""

from __future__ import annotations

from veedor.audits.audit import Subject
from veedor.audits.reading import ReadingScore
from veedor.audits.reading.rates import STATISTICS
from veedor.audits.reading.results import SETTLED
from veedor.report.cover import (
    Bar,
    Cell,
    Count,
    CountKind,
    Cover,
    Matrix,
    Proof,
    Row,
    axis_of,
    bars_of,
)
from veedor.report.reading_tables import agreement_table, cross_tables
from veedor.report.words import Words
from veedor.report.words import reading as sentences
from veedor.report.words import reading_cover as said
from veedor.statistics.estimates import Estimate

#: Answers that a table of a cover has room for.
_FEW_ANSWERS = 4


def reading_cover(words: Words, score: ReadingScore) -> Cover:
    """Make the cover of a scored reading, of its first part: alerts where there are any.

    Parameters
    ----------
    words : Words
    score : ReadingScore
    """
    part = score.parts[0]
    agreed = _of(score, "agreement", "", part)
    cross = cross_tables(words, score, part)
    small = len(cross) == 1 and len(score.tables[0].answers) <= _FEW_ANSWERS
    tables = (*(cross if small else ()), agreement_table(words, score, part))
    if score.counts:
        finding = said.counted(words, score, _of(score, "total_count", "median", part))
    else:
        finding = said.finding(words, score, shares(score, part))
    return Cover(
        finding=finding,
        tone="none",
        because=said.because(words, score, agreed),
        proof=_proof(words, score, part),
        matrix=_counts(words, score) if score.counts else _rates(words, score),
        tables=tables,
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def shares(score: ReadingScore, part: str) -> list[Estimate]:
    """Return the share of a part in each scenario, from the strictest to the most lenient."""
    statistic = STATISTICS[part][0]
    return [
        score.by_subject[Subject("all", scenario, part), statistic].estimate
        for scenario in score.scenarios
    ]


def _of(score: ReadingScore, statistic: str, assignment: str, part: str) -> Estimate | None:
    one = score.of(statistic, Subject("all", assignment, part))
    return None if one is None else one.estimate


def _proof(words: Words, score: ReadingScore, part: str) -> Proof:
    if score.counts:
        about = words.say(said.PLACES_DRAWN)
        named = (
            (said.ALIKE, "unanimous_share", "ours"),
            (said.MOST_ALIKE, "majority_share", "reference"),
            (said.NONE_ALIKE, "none_share", "chance"),
        )
        whole = score.read
        counted = [
            (name, round(score.by_subject[Subject("all", "", part), code].numerator or 0), kind)
            for name, code, kind in named
        ]
    else:
        about = words.say(said.PROOF[part])
        statistic = STATISTICS[part][0]
        strict, lenient = (
            score.by_subject[Subject("all", one, part), statistic]
            for one in (score.scenarios[0], score.scenarios[-1])
        )
        whole = round(strict.out_of or 0)
        yes, doubtful = round(strict.numerator or 0), round(lenient.numerator or 0)
        counted = [
            (said.ALL_YES, yes, "ours"),
            (said.DIFFER, doubtful - yes, "reference"),
            (said.ALL_NO, whole - doubtful, "chance"),
        ]
    kinds: dict[str, CountKind] = {"ours": "ours", "reference": "reference", "chance": "chance"}
    return Proof(
        about,
        tuple(
            Count(words.say(name), said.of_whole(words, many, whole), many / whole, kinds[kind])
            for name, many, kind in counted
        ),
    )


def _rates(words: Words, score: ReadingScore) -> Matrix:
    rows = []
    # Of what was missed the settled share stands here where there is one; all are below.
    few = (SETTLED,) if SETTLED in score.scenarios else score.scenarios
    for part in score.parts:
        statistic, first = STATISTICS[part][0], part == score.parts[0]
        told = score.scenarios if first else few
        rows += [_row(words, score, statistic, one, part) for one in told]
        if first:
            rows.append(_row(words, score, f"{statistic}_band", "", part))
    rows += [
        _row(words, score, "recall", one, "all")
        for one in few
        if _of(score, "recall", one, "all") is not None
    ]
    every = shares(score, score.parts[0])
    return Matrix(
        finding=said.rates(words, score, every[0], every[-1]),
        corner=words.say(said.RATE),
        columns=(words.say(said.SHARE),),
        rows=tuple(rows),
        axis=axis_of(bars_of(rows), 0.0, words.percent),
        note=words.say(said.NOTE),
        verdict=words.say(said.VALUE),
    )


def _row(words: Words, score: ReadingScore, statistic: str, scenario: str, part: str) -> Row:
    one = score.by_subject[Subject("all", scenario, part), statistic].estimate
    name, note = said.row(words, statistic, scenario), ""
    if one.value is None and one.low is not None and one.high is not None:  # a band
        middle = (one.low + one.high) / 2.0
        word = words.say("a range")
        return Row(name, note, (Cell(word, "open", Bar(one.low, middle, one.high),
                                     sentences.band(words, one)),))  # fmt: skip
    bar = None
    if one.value is not None:
        ends = (one.value, one.value) if one.low is None else (one.low, one.high or one.low)
        bar = Bar(ends[0], one.value, ends[1])
    word = words.percent(one.value) if one.value is not None else words.say("not told")
    return Row(name, note, (Cell(word, "none", bar, sentences.told(words, one)),))


def _counts(words: Words, score: ReadingScore) -> Matrix | None:
    rows = []
    for part in score.parts:
        for which in ("least", "median", "most"):
            one = _of(score, "mean_count", which, part)
            if one is None or one.value is None:
                continue
            low = one.value if one.low is None else one.low
            high = one.value if one.high is None else one.high
            told = words.say(
                "{value} ({low} to {high})", value=words.number(one.value), low=words.number(low),
                high=words.number(high),
            )  # fmt: skip
            cell = Cell(words.number(one.value), "none", Bar(low, one.value, high), told)
            rows.append(
                Row(sentences.scenario(words, which), words.say(sentences.PARTS[part]), (cell,))
            )
    if not rows:
        return None
    return Matrix(
        finding=words.say("Whose count is taken, of several readers"),
        corner=words.say("Count"),
        columns=(words.say(said.COUNT),),
        rows=tuple(rows),
        axis=axis_of(bars_of(rows), 0.0, words.number),
        note=words.say(said.NOTE_COUNTS),
        verdict=words.say(said.VALUE),
    )
