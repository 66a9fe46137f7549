"""Words of the cover of the audit of devices, and the findings that its sections are headed by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from veedor.audits.places.devices import Agreed, DeviceAudit, RouteSeen
from veedor.report.words.audits import answers
from veedor.report.words.language import Words, noted

CAUTIONS = (
    noted("That anyone is watched, recorded or recognised there: only where devices can look."),
    noted("That a device sees all of it: what walls, trees and height hide is not known."),
    noted("That people live near a device: within a zone that is not known."),
    noted("That devices stand there because of who lives there."),
)  # fmt: skip
WORDS = {
    "more": noted("more in view"),
    "less": noted("less in view"),
    "cannot_tell": noted("not shown"),
}
RESIDENTS, VERDICT = noted("Residents"), noted("Verdict")
NOTHING = noted("nothing in view")
IN_ALL = noted("What is in view, out of all")
#: Assignment -> what its column is of.
COLUMNS = {
    "view_least": noted("By the least in view"),
    "view_most": noted("By the most in view"),
}
#: Assignment -> what a map's legend says of it.
GROUND = {
    "view": noted("in view"),
    "view_least": noted("in view at the least"),
    "view_most": noted("in view at the most"),
}
ZONES = noted("zones")


def between(words: Words, least: float | None, most: float | None) -> str:
    """Say a share; two where they differ as they are written."""
    low, high = words.percent(least), words.percent(most)
    return low if low == high else words.say("{low} to {high}", low=low, high=high)


def counted(words: Words, least: float, most: float) -> str:
    """Say how many; two numbers where they differ."""
    low, high = words.number(least, 6), words.number(most, 6)
    return low if low == high else words.say("{low} to {high}", low=low, high=high)


def finding(words: Words, least: float | None, most: float | None) -> str:
    """Say how many residents live where devices can look: the verdict of the page."""
    return words.say(
        "{share} of the residents live where a device can look, if spread evenly over their zones",
        share=between(words, least, most),
    )


def because(words: Words, audit: DeviceAudit, residents: str, zones: str) -> str:
    """Say what was set against what, and what is not known of it."""
    least, most = (sum(getattr(one, end) for one in audit.kinds) for end in ("least", "most"))
    named = {"devices": counted(words, least, most), "residents": residents, "zones": zones}
    if audit.range_m is None:
        told = words.say(
            "{devices} devices whose views are drawn in their file, set against {residents} "
            "residents in {zones} zones.",
            **named,
        )
    elif audit.devices.drawn:
        told = words.say(
            "{devices} devices that see {range} m, or what is drawn in their file, set against "
            "{residents} residents in {zones} zones.",
            range=_metres(words, *audit.range_m), **named,
        )  # fmt: skip
    else:
        told = words.say(
            "{devices} devices that see {range} m, set against {residents} residents in {zones} "
            "zones.",
            range=_metres(words, *audit.range_m), **named,
        )  # fmt: skip
    if "view" in audit.assignments:
        return told
    open_ends = words.say(
        "Where range, direction or number of devices is not known, both ends are given."
    )
    return f"{told} {open_ends}"


def _metres(words: Words, low: float, high: float) -> str:
    if low == high:
        return words.number(low)
    return words.say("{low} to {high}", low=words.number(low), high=words.number(high))


def at_most(words: Words, known: bool) -> tuple[str, str, str]:
    """Name the three counts of the proof."""
    if known:
        return (
            words.say("Residents"), words.say("Ground"),
            words.say("Ground in view of two devices or more"),
        )  # fmt: skip
    return (
        words.say("Residents, at the most"), words.say("Residents, at the least"),
        words.say("Ground in view of two devices or more, at the most"),
    )  # fmt: skip


def share_told(words: Words, share: float | None, out_of: str) -> str:
    """Say a share out of its denominator."""
    return words.say("{part} of {all}", part=words.percent(share), all=out_of)


def km2(words: Words, area: float) -> str:
    """Say an area."""
    return words.say("{area} km²", area=words.number(area))


def who(words: Words, judged: Sequence[Agreed]) -> str:
    """Say which groups live where more is in view, or less: the heading of the matrix."""
    named = {
        answer: words.listed([one.group for one in judged if one.answer == answer])
        for answer in ("more", "less")
    }
    if named["more"] and named["less"]:
        return words.say(
            "{more} live where more is in view, {less} where less is, whatever is not known of the "
            "devices",
            **named,
        )
    if named["more"]:
        return words.say(
            "{more} live where more is in view, whatever is not known of the devices",
            more=named["more"],
        )
    if named["less"]:
        return words.say(
            "{less} live where less is in view, whatever is not known of the devices",
            less=named["less"],
        )
    return words.say("For no group is it shown that more, or less, is in view where they live")


def times(words: Words, reference: str) -> str:
    """Say what the bars measure, where there is one column."""
    return words.say("Share of them in view, as times that of {reference}", reference=reference)


def note(words: Words, known: bool, reference: str) -> str:
    """Say what the bars are."""
    if known:
        return words.say(
            "Bars: 95% intervals, each judged by itself, against what is expected of how many live "
            "in a zone."
        )
    return words.say(
        "Share in view, as times that of {reference}, at both ends. Bars: 95% intervals, each "
        "judged by itself, against what is expected of how many live in a zone.",
        reference=reference,
    )


def mapped(words: Words, least: float | None, most: float | None) -> str:
    """Say how much ground is in view: the heading of the map."""
    return words.say("{share} of the ground is in view", share=between(words, least, most))


def compared(words: Words, judged: Sequence[Agreed]) -> str:
    """Say how many comparisons are more, less and not shown: the heading of all of them."""
    every = Counter(one.answer for one in judged)
    return words.many(
        len(judged),
        "Groups beside their reference, by both ends, of {n} comparison: {answers}",
        "Groups beside their reference, by both ends, of {n} comparisons: {answers}",
        answers=answers(words, every["more"], every["less"], every["cannot_tell"]),
    )


def twice(words: Words, least: float | None, most: float | None) -> str:
    """Say how much ground two devices or more see: the heading of what is in view."""
    return words.say(
        "{share} of the ground is in view of two devices or more",
        share=between(words, least, most),
    )


def density(words: Words, least: float | None, most: float | None) -> str:
    """Say how many devices there are to a square kilometre: the heading of their density."""
    low, high = words.number(least), words.number(most)
    told = low if low == high else words.say("{low} to {high}", low=low, high=high)
    return words.say("Density of devices: {density} to a km²", density=told)


def zones_in_view(words: Words, least: int, most: int, zones: int) -> str:
    """Say how many zones have ground in view: the heading of the zones."""
    told = counted(words, float(least), float(most))
    return words.many(
        zones,
        "Of {n} zone, {seen} with ground in view",
        "Of {n} zones, {seen} with ground in view",
        seen=told,
    )  # fmt: skip


def routes(words: Words, seen: Sequence[RouteSeen]) -> str:
    """Say of the route that is most in view how much of it is: the heading of the routes."""
    most = max(seen, key=lambda one: one.in_view_m[1] / one.length_m if one.length_m else 0.0)
    shares = [metres / most.length_m if most.length_m else None for metres in most.in_view_m]
    if len(seen) == 1:
        return words.say(
            "Of the route {name}, {share} is in view",
            name=most.name, share=between(words, shares[0], shares[1]),
        )  # fmt: skip
    return words.many(
        len(seen),
        "Of {n} route, most of {name} is in view: {share}",
        "Of {n} routes, most of {name} is in view: {share}",
        name=most.name, share=between(words, shares[0], shares[1]),
    )  # fmt: skip
