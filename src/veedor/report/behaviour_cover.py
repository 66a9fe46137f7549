"""Cover of the behaviour audit: whether a change is shown, and how rare it is elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from veedor.audits.audit import WHOLE, Subject
from veedor.audits.behaviour.placebos import SIZE
from veedor.audits.behaviour.results import BehaviourAudit, Pooled
from veedor.audits.behaviour.segmented import Coefficient, Segmented
from veedor.audits.behaviour.statements import NEGATIVE, POOLED
from veedor.report.audit_sections import headed
from veedor.report.cover import (
    Axis,
    Bar,
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    Tone,
    axis_of,
    bars_of,
    side,
)
from veedor.report.tables import Table
from veedor.report.words import Words
from veedor.report.words import behaviour as text
from veedor.report.words import behaviour_cover as said
from veedor.statistics.estimates import Estimate
from veedor.tables.escape import shown

_REASON, _DIGITS = 150, 4
#: Changes further than so many times, either way, are cut.
_FURTHEST = 1.0


def behaviour_cover(words: Words, audit: BehaviourAudit, drawn: Markup) -> Cover:
    """Make the cover.

    Parameters
    ----------
    words : Words
    audit : BehaviourAudit
    drawn : Markup
        The course.
    """
    level = change(audit, "level_change")
    tones: dict[str, Tone] = {"change": side(*_ends(level)), "none": "none"}
    return Cover(
        finding=said.finding(words, audit, level, published_level(words, audit.segmented)),
        tone=tones.get(audit.verdict, "open"),
        because=said.because(words, audit, shown(audit.question.because.rstrip("."), _REASON)),
        proof=None if audit.pooled is None else _proof(words, audit.pooled),
        matrix=_matrix(words, audit),
        picture=Picture(said.course(words, audit), drawn),
        lists=() if audit.segmented is None else (_coefficients(words, audit.segmented),),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def change(
    audit: BehaviourAudit, statistic: str, group: str = POOLED, way: str = "", subset: str = WHOLE
) -> Estimate | None:
    """Return a change that is stated; None where it is not."""
    one = audit.of(statistic, Subject(group, way, subset))
    return None if one is None else one.estimate


def published_level(words: Words, made: Segmented | None) -> str:
    """Say the change of the level that a published study's design gives."""
    level = None if made is None else made.of("level")
    return "" if made is None or level is None else coefficient(words, level, made)


def coefficient(words: Words, one: Coefficient, made: Segmented) -> str:
    """Say a coefficient with its interval: in the values' own unit, or as a change in percent."""
    ends = (one.value, one.low, one.high)
    if made.scale == "ratios":
        return text.published_told(words, *(said.by(words, math.exp(end)) for end in ends))
    return text.published_told(words, *(words.number(end, _DIGITS) for end in ends))


def _coefficients(words: Words, made: Segmented) -> Table:
    rows = [
        [text.statistic(words, f"segmented_{one.name}"), coefficient(words, one, made)]
        for one in made.coefficients
        if one.name in ("trend", "level", "ramp")
    ]
    return headed(words, text.SHORT_COEFFICIENTS, rows)


def _ends(made: Estimate | None) -> tuple[float | None, float | None]:
    return (None, None) if made is None else (made.low, made.high)


def _proof(words: Words, parts: Pooled) -> Proof | None:
    counts = []
    for name, one in ((said.COUNTS[0], parts.in_space), (said.COUNTS[1], parts.in_time)):
        if one.placebos:
            many = sum(each.studentised >= one.studentised for each in one.placebos)
            share = many / len(one.placebos)
            counts.append(Count(words.say(name), said.as_large(words, one), share, "reference"))
    if parts.left_out:
        kept = sum(one.p_value <= SIZE for one in parts.left_out) / len(parts.left_out)
        counts.append(Count(words.say(said.COUNTS[2]), said.stays(words, parts), kept))
    return Proof(words.say(said.PROOF), tuple(counts)) if counts else None


def _matrix(words: Words, audit: BehaviourAudit) -> Matrix | None:
    rows = tuple(_rows(words, audit))
    if not rows:
        return None
    return Matrix(
        finding=said.matrix(words, audit),
        corner=words.say(said.WHAT),
        columns=(words.say(said.AXIS),),
        rows=rows,
        axis=_axis(words, rows),
        note=words.say(said.BARS),
        verdict=words.say(said.VERDICT),
    )


def _rows(words: Words, audit: BehaviourAudit) -> Iterator[Row]:
    for name, made in (
        (words.say(said.ROWS["level_change"]), change(audit, "level_change")),
        (said.slope(words, audit.unit), change(audit, "slope_change")),
        (words.say(said.ROWS["mean_change"]), change(audit, "mean_change")),
        (words.say(said.ROWS["negative"]), change(audit, "level_change", NEGATIVE)),
    ):
        if made is not None:
            tone = side(made.low, made.high)
            yield Row(name, "", (
                Cell(words.say(said.WORDS[tone]), tone, _bar(made), said.between(words, made)),
            ))  # fmt: skip


def _bar(made: Estimate) -> Bar | None:
    if made.value is None or made.low is None or made.high is None:
        return None
    return Bar(made.low - 1.0, made.value - 1.0, made.high - 1.0)


def _axis(words: Words, rows: tuple[Row, ...]) -> Axis:
    return axis_of(bars_of(rows), 0.0, lambda value: said.by(words, 1.0 + value), most=_FURTHEST)
