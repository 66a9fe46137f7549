"""Cover of the audit of devices: how many live where they can look, and who."""

from __future__ import annotations

from collections import Counter

from veedor.audits.audit import WHOLE, Subject
from veedor.audits.places import RatioVerdict
from veedor.audits.places.by_place import PlaceOutlines
from veedor.audits.places.devices import Agreed, DeviceAudit, InView
from veedor.report.audit_places import DARK, MIDDLE, PALE, ground_map
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
from veedor.report.group_rows import MOST, group_rows
from veedor.report.words import Words
from veedor.report.words import devices_cover as said
from veedor.report.words import exposure as sentences
from veedor.report.words import exposure_cover as shared

#: The ratio of the shares of two groups that are in view.
SHARE = "ratio_per_km2"
#: Groups that a cover has room for, where each has two cells.
_MOST_OF_TWO = 4
_TONES: dict[str, Tone] = {"more": "more", "less": "less", "cannot_tell": "open"}


def ends(audit: DeviceAudit, statistic: str, basis: str = "view") -> tuple[
    float | None, float | None
]:  # fmt: skip
    """Return a figure of the whole at both ends of what is not known; twice the same if it is."""
    held = [name for name in audit.assignments if name.startswith(basis)]
    found = [audit.of(statistic, Subject(WHOLE, name)) for name in (held[0], held[-1])]
    least, most = (None if one is None else one.estimate.value for one in found)
    return least, most


def devices_cover(
    words: Words, audit: DeviceAudit, outlines: PlaceOutlines | None, in_view: InView | None
) -> Cover:
    """Make the cover of an audit of devices.

    Parameters
    ----------
    words : Words
    audit : DeviceAudit
    outlines : PlaceOutlines, optional
        Of its zones; without it there is no map.
    in_view : InView, optional
    """
    residents = ends(audit, "population")[1]
    lived = ends(audit, "residents_in_view")
    return Cover(
        finding=said.finding(words, *lived),
        tone="none",
        because=said.because(
            words, audit, words.number(residents, 9),
            words.number(ends(audit, "n_zones")[1], 6),
        ),
        proof=_proof(words, audit, words.number(residents, 9)),
        matrix=_matrix(words, audit),
        picture=_picture(words, audit, outlines, in_view),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )  # fmt: skip


def agreed_of(audit: DeviceAudit) -> list[Agreed]:
    """What holds of the share of each group that is in view."""
    return [one for one in audit.agreed if (one.basis, one.statistic) == ("view", SHARE)]


def _proof(words: Words, audit: DeviceAudit, everyone: str) -> Proof:
    lived, ground, twice = (
        ends(audit, name) for name in ("residents_in_view", "ground_in_view",
                                       "ground_in_view_twice")
    )  # fmt: skip
    known = "view" in audit.assignments
    whole = audit.of("ground_in_view", Subject(WHOLE, audit.assignments[0]))
    area = said.km2(words, 0.0 if whole is None or whole.out_of is None else whole.out_of)
    first, second, third = said.at_most(words, known)
    beside = (ground[1], area) if known else (lived[0], everyone)
    return Proof(
        words.say(said.IN_ALL),
        (
            Count(first, said.share_told(words, lived[1], everyone), lived[1]),
            Count(second, said.share_told(words, *beside), beside[0], "reference"),
            Count(third, said.share_told(words, twice[1], area), twice[1], "chance"),
        ),
    )


def _matrix(words: Words, audit: DeviceAudit) -> Matrix | None:
    """Make a row of each group that has a reference, those most in view first; None without any."""
    views = [name for name in audit.assignments if name.startswith("view")]
    verdicts = {
        (one.group, one.assignment): one for one in audit.verdicts if one.statistic == SHARE
    }
    compared = [group for group in audit.groups if group.reference != group.name]
    compared.sort(key=lambda one: -_value(verdicts.get((one.name, views[-1]))))
    if not compared:
        return None
    usual = Counter(group.reference for group in compared).most_common(1)[0][0]
    rows = []
    for group in compared:
        share = group.members / group.everyone if group.everyone else None
        beside = "" if group.reference == usual else group.reference
        note = shared.share_of(words, share, group.of, beside)
        cells = tuple(_cell(words, verdicts.get((group.name, name))) for name in views)
        rows.append(Row(group.name, note, cells))
    known = len(views) == 1
    room = MOST if known else _MOST_OF_TWO
    shown, note = group_rows(words, rows, said.note(words, known, usual), room)
    return Matrix(
        finding=said.who(words, agreed_of(audit)),
        corner=words.say(said.RESIDENTS),
        columns=(said.times(words, usual),) if known else tuple(
            words.say(said.COLUMNS[name]) for name in views
        ),
        rows=shown,
        axis=axis_of_ratios(words, shown, ticks=3 if known else 1),
        note=note,
        verdict=words.say(said.VERDICT) if known else "",
    )  # fmt: skip


def _value(one: RatioVerdict | None) -> float:
    return 0.0 if one is None or one.value is None else one.value


def _cell(words: Words, one: RatioVerdict | None) -> Cell:
    if one is None:
        return Cell(words.say(said.NOTHING), "none")
    told = words.say(
        "{value} times ({brackets})",
        value=words.number(one.value), brackets=sentences.brackets(words, one),
    )  # fmt: skip
    bar = bar_of_ratio(one.low, one.value, one.high)
    return Cell(words.say(said.WORDS[one.answer]), _TONES[one.answer], bar, told)


def _picture(
    words: Words, audit: DeviceAudit, outlines: PlaceOutlines | None, in_view: InView | None
) -> Picture | None:
    if outlines is None or in_view is None:
        return None
    title = said.mapped(words, *ends(audit, "ground_in_view"))
    colours = {"view": DARK, "view_least": DARK, "view_most": MIDDLE}
    layers = [
        (colours[name], words.say(said.GROUND[name]), ground)
        for name, ground in zip(in_view.name, in_view.outlines, strict=True)
    ]
    zones = PALE, words.say(said.ZONES)
    # The most is drawn first: what is in view at the least lies within it.
    drawing = ground_map(outlines, zones, layers[::-1], title)
    return None if drawing is None else Picture(title, drawing)
