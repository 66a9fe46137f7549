"""Tables of a scored reading, that its cover and its sections share."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.audit import Statement, Subject
from veedor.audits.reading import ReadingScore
from veedor.report.audit_sections import headed
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import reading as said
from veedor.report.words.intervals import out_of

#: Measures of agreement, in the order of a table; a reading has those of its kind.
MEASURES = ("agreement", "kappa", "ac1", "alpha", "alpha_ordinal", "alpha_interval")
#: Answers that a table has room for.
_MOST_ANSWERS = 12


def cross_tables(words: Words, score: ReadingScore, part: str) -> list[Table]:
    """Rows by what any two readers said, of a part; none of more answers than a table holds."""
    made = []
    for one in score.tables:
        if one.part != part or len(one.answers) > _MOST_ANSWERS or not one.answers:
            continue
        caption = words.say(
            said.TABLE.caption, first=one.first, second=one.second, part=words.say(said.PARTS[part])
        )
        rows = [
            [answer, *map(words.number, counts)]
            for answer, counts in zip(one.answers, one.counts, strict=True)
        ]
        made.append(table(caption, [words.say(said.ANSWER_OF, n=one.first), *one.answers], rows))
    return made


def agreement_table(words: Words, score: ReadingScore, part: str) -> Table:
    """Every measure of agreement of a part, with its interval."""
    rows = []
    for statistic in MEASURES:
        one = score.of(statistic, Subject("all", subset=part))
        if one is None:
            continue
        made, share = one.estimate, statistic == "agreement"
        write = words.percent if share else words.number
        ends = (
            words.of(made.method)
            if made.low is None
            else words.say("{low} to {high}", low=write(made.low), high=write(made.high))
        )
        rows.append([words.say(said.STATISTICS[statistic]), write(made.value), ends])
    return table(
        words.say(said.AGREEMENT.caption), [words.say(one) for one in said.AGREEMENT.columns[1:4]],
        rows,
    )  # fmt: skip


def rates_table(words: Words, score: ReadingScore, statements: Sequence[Statement]) -> Table:
    """Rates with their interval and what they are out of."""
    rows = [
        [
            words.say(said.PARTS[one.subject.subset])
            if one.subject.group == "all"
            else one.subject.group,
            said.scenario(words, one.subject.assignment),
            words.say(said.STATISTICS[one.statistic]),
            _value(words, one),
            said.ends(words, one.estimate, share=not score.counts or _is_share(one)),
            out_of(words, one.estimate),
        ]
        for one in statements
    ]
    return headed(words, said.RATES, rows, headers=3)


def _is_share(one: Statement) -> bool:
    return one.statistic not in ("mean_count", "total_count")


def _value(words: Words, one: Statement) -> str:
    write = words.percent if _is_share(one) else words.number
    return "" if one.estimate.value is None else write(one.estimate.value)
