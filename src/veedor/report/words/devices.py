"""Words of the audit of devices."""

from __future__ import annotations

from veedor.audits.places.devices import DeviceAudit
from veedor.report.words.called import called
from veedor.report.words.devices_cover import between, counted
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted

#: Ratio -> what it is of, for ground in view and for devices.
MEASURES = {
    "view": {
        "ratio_per_1000": noted("m² in view to a member"),
        "ratio_count": noted("km² in view of the zone that a member lives in"),
        "ratio_per_km2": noted("share of members in view"),
    },
    "devices": {
        "ratio_per_1000": noted("devices to 1,000 members"),
        "ratio_count": noted("devices of the zone that a member lives in"),
        "ratio_per_km2": noted("devices to a km² around a member"),
    },
}
ANSWERS = {
    "more": noted("more"),
    "less": noted("less"),
    "cannot_tell": noted("cannot tell"),
}
CAUTIONS = (
    (
        noted("In view is where a device can look, not what it does with it."),
        noted(
            "No figure here says that anyone was watched, recorded or recognised, nor that a "
            "device works."
        ),
    ),
    (
        noted("Ground within range is not all seen."),
        noted(
            "Buildings, trees, hills and the height of a device are not known. What they hide "
            "counts as in view."
        ),
    ),
    (
        noted("What is not known of a device is bounded, never guessed."),
        noted(
            "The least holds with the shortest range and the narrowest view that a device may "
            "have, the most with the longest and the widest. No figure between them is likelier."
        ),
    ),
    (
        noted("Zones are not people."),
        noted(
            "Within a zone it is not known who lives where. Shares of residents take them to live "
            "evenly over its ground; the bounds beside them hold wherever they live."
        ),
    ),
    (
        noted("A list of devices is what somebody found."),
        noted(
            "Devices that nobody mapped are in no figure, and places that were looked at more have "
            "more of them."
        ),
    ),
)
IN_VIEW = Heading(
    noted("What is in view"),
    (
        noted("Ground"), noted("Of"), noted("Ground in view"),
        noted("In view of two devices or more"), noted("Residents in view"),
        noted("Wherever in their zones they live"), noted("m² in view per resident"),
    ),
)  # fmt: skip
RATIOS = Heading(
    noted("Ratios"), (
        noted("Group"), noted("Reference"), noted("Of"), noted("By"), noted("Ratio"),
        noted("95% interval"), noted("Expected"), noted("Answer"), noted("Out of"),
    ),
)  # fmt: skip
AGREED = Heading(
    noted("What holds at both ends"), (
        noted("Group"), noted("Reference"), noted("Of"), noted("Intervals, from end to end"),
        noted("Answer"),
    ),
)  # fmt: skip
COVERED = Heading(
    noted("Share of each group in view"), (
        noted("Group"), noted("By"), noted("Share"), noted("Bounds"), noted("Out of"),
    ),
)  # fmt: skip
DENSITY = Heading(
    noted("How many devices"), (
        noted("By"), noted("Of"), noted("Statistic"), noted("Value"), noted("Out of"),
    ),
)  # fmt: skip
ROUTES = Heading(
    noted("Routes"), (
        noted("Route"), noted("Of"), noted("Metres"), noted("Metres in view"),
        noted("Part in view"),
        noted("Metres in view of two devices or more"), noted("Devices that see some of it"),
    ),
)  # fmt: skip
STATISTICS = {
    "devices_in_zones": noted("part that stands in a zone"),
    "devices_per_km2": noted("to a km²"),
    "devices_per_1000": noted("to 1,000 residents"),
    "devices_of_kind": noted("part of all"),
}
EVERY_KIND = noted("all")
HOW_RATIOS = noted(
    "A ratio above 1 is more than the reference. It is called more or less only against what is "
    "expected of how many live in a zone and of its ground, and only where both ends of what is "
    "not known of the devices say so."
)
HOW_GROUND = noted(
    "Views are joined: ground that several devices see counts once. What one kind sees is joined "
    "by itself, so that kinds do not add up to all."
)
HOW_DENSITY = noted(
    "The density of devices is not the area in view: one that turns and one that looks at a door "
    "count alike here."
)
HOW_ROUTES = noted(
    "A route is a way that anyone may take. Each side is held against what every device can look "
    "at; a way that is gone twice counts twice. Metres that several devices see count once, so "
    "that kinds do not add up to all."
)


def subtitle(words: Words, audit: DeviceAudit) -> str:
    """Say what was audited."""
    return words.say("An audit of the devices of {file}", file=audit.devices.file)


def made(words: Words, audit: DeviceAudit) -> str:
    """Say from what the page was made."""
    return words.many(
        audit.data.zones,
        "Made by veedor from {rows} rows of devices and {n} zone; seed {seed}.",
        "Made by veedor from {rows} rows of devices and {n} zones; seed {seed}.",
        rows=audit.devices.rows, seed=str(audit.settings.seed),
    )  # fmt: skip


def kinds(words: Words, audit: DeviceAudit) -> str:
    """Say how many devices of which kinds there are."""
    told = [
        words.say("{kind}: {n}", kind=one.kind, n=counted(words, one.least, one.most))
        for one in audit.kinds
    ]
    return words.say("Devices by kind: {kinds}.", kinds="; ".join(told))


def residents(words: Words, least: float | None, most: float | None, everyone: str) -> str:
    """Say how many of the residents are in view."""
    return words.say(
        "Of {everyone} residents, {share} live on ground that a device can look at, if they live "
        "evenly over their zones.",
        everyone=everyone, share=between(words, least, most),
    )  # fmt: skip


def group(words: Words, name: str, least: float | None, most: float | None) -> str:
    """Say how much of a group is in view."""
    return words.say("{group}: {share} in view.", group=name, share=between(words, least, most))


def unknown(words: Words, audit: DeviceAudit) -> str:
    """Say of how many devices what is not known; empty where all is."""
    read = audit.devices
    if not (read.range_assumed or read.direction_unknown or read.angle_assumed):
        return ""
    return words.say(
        "Not in the file: the range of {range} devices, the direction of {direction}, the field of "
        "view of {angle}.",
        range=read.range_assumed, direction=read.direction_unknown, angle=read.angle_assumed,
    )  # fmt: skip


def part(words: Words, subset: str, prefix: str) -> str:
    """Name what kind of device a figure is of."""
    return subset.removeprefix(prefix) if subset.startswith(prefix) else words.say(EVERY_KIND)


def by(words: Words, assignment: str) -> str:
    """Name the end of what is not known."""
    return called(words, assignment)


def how(words: Words, audit: DeviceAudit) -> str:
    """Say what the figures rest on: the heading of how it was done."""
    return words.say(
        "How it was done: {inhabited} of {zones} zones have residents, {rows} rows of devices",
        inhabited=audit.data.zones_with_residents, zones=audit.data.zones, rows=audit.devices.rows,
    )  # fmt: skip


def done(words: Words, audit: DeviceAudit) -> list[str]:
    """Say how it was done."""
    read = audit.devices
    drawn = words.many(
        read.drawn,
        "The view of {n} device is taken as the file draws it.",
        "The views of {n} devices are taken as the file draws them.",
    )
    return [
        words.say(
            "A view is a sector of a circle about its device, true north up, drawn with a side for "
            "every 5 degrees so that its area is exact. Areas are in an equal-area projection "
            "about the middle of the zones ({crs}).",
            crs=audit.data.crs,
        ),
        *([drawn] if read.drawn else []),
        words.say(
            "Of {rows} rows, set aside: no device that watches {other}, indoors {indoor}, without "
            "a point {without}; given again with the same id {copies}, alike in everything "
            "{repeated}.",
            rows=read.rows, other=read.other, indoor=read.indoor, without=read.without_point,
            copies=read.copies, repeated=read.repeated,
        ),
        words.say(
            "Every number of this page stands in estimates.csv and results.json, with its method; "
            "the ground in view is in views.geojson."
        ),
    ]  # fmt: skip
