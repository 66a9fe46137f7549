"""Cover of the exposure audit: where half of the predictions fell, and whom they fall on."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from veedor.audits.audit import WHOLE, Subject
from veedor.audits.places import ExposureAudit, RatioVerdict
from veedor.audits.places.by_place import PlaceOutlines
from veedor.report.audit_places import DARK, MIDDLE, PALE, kinds_map
from veedor.report.cover import (
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    Tone,
    axis_of_ratios,
    bar_of_ratio,
)
from veedor.report.group_rows import group_rows
from veedor.report.words import Words
from veedor.report.words import exposure as sentences
from veedor.report.words import exposure_cover as said

_TONES: dict[str, Tone] = {"more": "more", "less": "less", "cannot_tell": "open"}


def exposure_cover(words: Words, audit: ExposureAudit, outlines: PlaceOutlines | None) -> Cover:
    """Make the cover of an audit of exposure, by its first assignment.

    Parameters
    ----------
    words : Words
    audit : ExposureAudit
    outlines : PlaceOutlines, optional
        Of its zones; without it there is no map.
    """
    first = audit.settings.assignments[0]

    def whole(statistic: str) -> float | None:
        one = audit.of(statistic, Subject(WHOLE, first))
        return None if one is None else one.estimate.value

    residents = whole("population")
    total = words.number(whole("predictions_total"), 6)
    return Cover(
        finding=said.finding(words, held_by_most(audit)),
        tone="none",
        because=said.because(
            words, total, words.number(residents, 9), words.number(whole("n_zones"), 6), first
        ),
        proof=_proof(words, audit, whole("predictions_matched"), residents),
        matrix=exposure_matrix(words, audit),
        picture=_picture(words, audit, outlines),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def zones_that_hold(audit: ExposureAudit) -> tuple[int, int, int]:
    """Zones that hold half of the predictions, other zones with any, and zones without."""
    kinds = audit.by_place[0].kinds("part_of_predictions", audit.settings.assignments[0])
    codes = () if kinds is None else kinds.code
    half, other, none = (codes.count(name) for name in ("half", "other", "none"))
    return half, other, none


def held_by_most(audit: ExposureAudit) -> tuple[float, float] | None:
    """Shares of the predictions and of the residents in the zones that hold half, each whole.

    A zone is not cut: where in it predictions fell among its residents is not known. None without
    a prediction in a zone with residents.
    """
    figures, first = audit.by_place[0], audit.settings.assignments[0]
    kinds, predicted = (
        figures.kinds("part_of_predictions", first), figures.column("predictions", first)
    )  # fmt: skip
    residents = figures.column("residents")
    if kinds is None or predicted is None or residents is None:
        return None
    rows = [
        (code == "half", count or 0.0, people or 0.0)
        for code, count, people in zip(kinds.code, predicted.value, residents.value, strict=True)
        if people
    ]
    counts, everyone = sum(row[1] for row in rows), sum(row[2] for row in rows)
    if not counts:
        return None
    mine = [row for row in rows if row[0]]
    return sum(row[1] for row in mine) / counts, sum(row[2] for row in mine) / everyone


def _proof(
    words: Words, audit: ExposureAudit, total: float | None, residents: float | None
) -> Proof | None:
    held = held_by_most(audit)
    if held is None or total is None or residents is None:
        return None
    part, lived = held
    holding, other, none = zones_that_hold(audit)
    zones = holding + other + none

    def told(part: str, of: str) -> str:
        return words.say("{part} of {all}", part=part, all=of)

    return Proof(
        words.say(said.HALF_AND_WHO),
        (
            Count(words.say("Predictions in zones with residents"),
                  told(words.percent(part), words.number(total, 6)), part),
            Count(words.say("Residents of the zones that hold them"),
                  told(words.percent(lived), words.number(residents, 9)), lived, "reference"),
            Count(words.say("Zones"), told(words.number(holding), words.number(zones)),
                  holding / zones, "chance"),
        ),
    )  # fmt: skip


def exposure_matrix(words: Words, audit: ExposureAudit) -> Matrix | None:
    """Make a row of each group that has a reference, those most exposed first; None without any."""
    first = audit.settings.assignments[0]
    totals = {group.name: group for group in audit.groups}
    every = [one for one in audit.verdicts if one.assignment == first]
    judged = [one for one in every if one.statistic == "ratio_per_1000"]
    judged.sort(key=lambda one: -(one.value or 0.0))
    if not judged:
        return None
    rows = []
    usual = Counter(one.reference for one in judged).most_common(1)[0][0]
    for one in judged:
        group = totals[one.group]
        share = group.members / group.everyone if group.everyone else None
        note = said.share_of(
            words, share, group.of, "" if one.reference == usual else one.reference
        )
        rows.append(Row(one.group, note, (_cell(words, one),)))
    note = said.note(words, [one for one in every if one not in judged])
    shown, note = group_rows(words, rows, note)
    return Matrix(
        finding=said.who(words, judged),
        corner=words.say(said.RESIDENTS),
        columns=(said.times(words, usual),),
        rows=shown,
        axis=axis_of_ratios(words, shown),
        note=note,
        verdict=words.say(said.VERDICT),
    )  # fmt: skip


def _cell(words: Words, one: RatioVerdict) -> Cell:
    told = words.say(
        "{value} times ({brackets})",
        value=words.number(one.value), brackets=sentences.brackets(words, one),
    )  # fmt: skip
    bar = bar_of_ratio(one.low, one.value, one.high)
    return Cell(words.say(said.WORDS[one.answer]), _TONES[one.answer], bar, told)


def _picture(words: Words, audit: ExposureAudit, outlines: PlaceOutlines | None) -> Picture | None:
    figures, first = audit.by_place[0], audit.settings.assignments[0]
    kinds = figures.kinds("part_of_predictions", first)
    if outlines is None or kinds is None:
        return None
    half, other, none = zones_that_hold(audit)
    title = said.zones_hold(words, half, none, half + other + none)
    many = {"other": other, "half": half, "none": none}
    called = {
        code: (colour, words.say(said.PARTS[code], n=many[code]))
        for code, colour in (("other", MIDDLE), ("half", DARK), ("none", PALE))
    }
    drawing: Markup | None = kinds_map(
        figures, kinds, called, outlines, title, hatched="none",
        named_by=figures.column("predictions_per_1000", first),
    )  # fmt: skip
    return None if drawing is None else Picture(title, drawing)
