"""Cover of the benchmark audit: which groups are more exposed than the record explains."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.audits.places import BenchmarkAudit
from veedor.audits.places.by_place import PlaceFigures, PlaceOutlines
from veedor.report.audit_places import map_picture
from veedor.report.cover import (
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    axis_of_ratios,
    bar_of_ratio,
    side,
)
from veedor.report.group_rows import group_rows
from veedor.report.words import Words
from veedor.report.words import benchmark as sentences
from veedor.report.words import benchmark_cover as said
from veedor.report.words.intervals import in_brackets

#: Rules by how much they say, the first that there is makes the verdict.
_FOREMOST = (
    "record_reported", "record_recorded", "prior", "population", "uniform", "record_discovered",
)  # fmt: skip
_COLUMNS = 3
_TWICE = 2.0


def benchmark_cover(words: Words, audit: BenchmarkAudit, outlines: PlaceOutlines | None) -> Cover:
    """Make the cover of a benchmark audit, by the rule that says most.

    Parameters
    ----------
    words : Words
    audit : BenchmarkAudit
    outlines : PlaceOutlines, optional
        Of its zones; without it there is no map.
    """
    rule = foremost(audit)[0]
    more = [
        group.name
        for group in audit.groups
        if (one := excess(audit, group.name, rule)) is not None
        and side(one.estimate.low, one.estimate.high) == "more"
    ]
    data = audit.data.predictions
    return Cover(
        finding=said.finding(words, rule, more),
        tone="more" if more else "open",
        because=said.because(
            words, words.number(data.total, 6), data.file, len(audit.counterfactuals)
        ),
        proof=_proof(words, audit),
        matrix=_matrix(words, audit),
        picture=_picture(words, audit, rule, outlines),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def foremost(audit: BenchmarkAudit) -> list[str]:
    """Rules of an audit, those that say most first."""
    return [rule for rule in _FOREMOST if rule in audit.counterfactuals]


def excess(audit: BenchmarkAudit, group: str, rule: str) -> Statement | None:
    """Exposure of a group per 1,000 members by what a rule would give it."""
    return audit.of(f"excess_per_1000_vs_{rule}", Subject(group, audit.assignment))


def more_than_twice(figures: PlaceFigures, rule: str) -> int:
    """Zones that have more than twice as many predictions as by a rule, which may give none."""
    ruled = figures.column(f"by_rule_{rule}")
    made = next((one for one in figures.columns if one.statistic == "predictions"), None)
    if ruled is None or made is None:
        return 0
    return sum(
        predicted is not None and given is not None and predicted > _TWICE * given
        for predicted, given in zip(made.value, ruled.value, strict=True)
    )


def _proof(words: Words, audit: BenchmarkAudit) -> Proof | None:
    counts: list[Count] = []
    for kind in audit.data.incidents:
        one = audit.of(f"capture_rate_{kind}", Subject(WHOLE, audit.assignment))
        if one is None or one.estimate.value is None:
            continue
        told = said.captured(words, words.percent(one.estimate.value), words.number(one.estimate.n))
        counts.append(
            Count(words.say(sentences.KINDS[kind][1]), told, one.estimate.value,
                  "ours" if not counts else "reference")
        )  # fmt: skip
    return Proof(words.say(said.PROOF), tuple(counts)) if counts else None


def _matrix(words: Words, audit: BenchmarkAudit) -> Matrix | None:
    rules, rows = foremost(audit)[:_COLUMNS], []
    for group in sorted(audit.groups, key=lambda one: -_exceeds(audit, one.name, rules[:1])):
        cells = []
        for rule in rules:
            one = excess(audit, group.name, rule)
            if one is None:
                cells.append(Cell(words.number(None), "none"))
                continue
            made = one.estimate
            kind, bar = side(made.low, made.high), bar_of_ratio(made.low, made.value, made.high)
            told = said.told(words, words.number(made.value), in_brackets(words, made))
            cells.append(Cell(words.say(said.WORDS[kind]), kind, bar, told))
        rows.append(Row(group.name, "", tuple(cells)))
    if not rows or not rules:
        return None
    every = [cell for row in rows for cell in row.cells]
    shown, note = group_rows(words, rows, words.say(said.NOTE))
    return Matrix(
        finding=said.compared(
            words, sum(cell.tone == "more" for cell in every),
            sum(cell.tone == "less" for cell in every), len(every),
        ),
        corner=words.say(said.RESIDENTS),
        columns=tuple(words.say(said.FOLLOWS[rule]) for rule in rules),
        rows=shown,
        axis=axis_of_ratios(words, shown),
        note=note,
    )  # fmt: skip


def _exceeds(audit: BenchmarkAudit, group: str, rules: Sequence[str]) -> float:
    """Return what a group's rows are sorted by: its excess by the rule that says most."""
    found = [excess(audit, group, rule) for rule in rules]
    return next((one.estimate.value or 0.0 for one in found if one is not None), 0.0)


def _picture(
    words: Words, audit: BenchmarkAudit, rule: str, outlines: PlaceOutlines | None
) -> Picture | None:
    figures = audit.by_place[0]
    title = said.zones(words, rule, more_than_twice(figures, rule), len(figures.place))
    return map_picture(words, figures, figures.column(f"times_rule_{rule}"), outlines, title)
