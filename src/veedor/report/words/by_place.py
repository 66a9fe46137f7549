"""Words of what audits found at each place."""

from __future__ import annotations

from veedor.audits.places.by_place import PlaceColumn, PlaceFigures, PlaceOutlines
from veedor.report.words.benchmark import RULES
from veedor.report.words.language import Words, noted

DENOMINATORS = {
    "incidents_in_zone": noted("recorded incidents in the zone"),
    "predictions_by_rule": noted("predictions that the zone would have if {rule}"),
    "periods_of_record": noted("{periods} periods"),
    "incidents_known_at_place": noted("incidents that became known at the place"),
    "incidents_recorded_at_place": noted("recorded incidents at the place"),
}
METHODS = {
    "bounds_of_boxes": noted(
        "from the predictions of boxes that lie whole in the zone to those of all boxes that touch "
        "it"
    ),
    "census_margin": noted("within the census' margin of error"),
}
#: Statistic of a place -> the heading of its column.
STATISTICS = {
    "residents": noted("Residents"),
    "predictions": noted("Predictions"),
    "predictions_per_1000": noted("Predictions per 1,000 residents"),
    "incidents_reported": noted("Incidents that were reported"),
    "incidents_discovered": noted("Incidents that police found"),
    "incidents_recorded": noted("Recorded incidents"),
    "incidents_possible": noted("Incidents that there may have been"),
    "share_in_view": noted("Ground in view"),
    "share_in_view_twice": noted("Ground in view of two devices or more"),
    "m2_in_view_per_resident": noted("m² in view per resident"),
    "devices": noted("Devices"),
    "devices_per_km2": noted("Devices per km²"),
    "patrol_share": noted("Patrols at the end"),
    "target_share": noted("Target"),
    "true_share": noted("True incidents"),
    "periods_flagged": noted("Periods flagged"),
}
#: Statistics that are shares, written in percent.
SHARES = frozenset(
    {"patrol_share", "target_share", "true_share", "share_in_view", "share_in_view_twice"}
)
#: Statistic of codes -> the heading of its column, and code -> its words.
KINDS = {
    "part_of_predictions": (
        noted("Part"),
        {
            "half": noted("of those that hold half"),
            "other": noted("another"),
            "none": noted("without a prediction"),
        },
    ),
    "flag": (
        noted("Flag"),
        {
            "robust": noted("flagged, stays flagged"),
            "fragile": noted("flagged, may lose it"),
            "undetermined": noted("flagged, cannot be decided"),
            "not_flagged_robust": noted("not flagged, stays so"),
            "not_flagged_fragile": noted("not flagged, may be"),
            "not_flagged_undetermined": noted("not flagged, cannot be decided"),
        },
    ),
}
PLACE = noted("Place")
_BY_RULE, _TIMES_RULE = "by_rule_", "times_rule_"


def heading(words: Words, column: PlaceColumn) -> str:
    """Name a column."""
    name = column.statistic
    if name.startswith(_BY_RULE):
        rule = words.say(RULES[name.removeprefix(_BY_RULE)])
        return words.say("Predictions if {rule}", rule=rule)
    if name.startswith(_TIMES_RULE):
        rule = words.say(RULES[name.removeprefix(_TIMES_RULE)])
        return words.say("Times as many as if {rule}", rule=rule)
    return words.say(STATISTICS[name])


def mapped(words: Words, column: PlaceColumn) -> str:
    """Name a column on a map; of one that has bounds alone, the upper ends are drawn."""
    told = heading(words, column)
    if column.high and all(one is None for one in column.value):
        return words.say("{column}, at the most", column=told)
    return told


def figure(words: Words, column: PlaceColumn, place: int) -> str:
    """Say a figure of a place with its interval; where it is undefined, why there is none."""
    write = words.percent if column.statistic in SHARES else words.number
    value, low, high = column.of(place)
    if low is None or high is None:
        return words.say("undefined") if value is None else write(value)
    if value is None:
        return words.say("{low} to {high}", low=write(low), high=write(high))
    return words.say(
        "{value} ({low} to {high})", value=write(value), low=write(low), high=write(high)
    )


def explained(words: Words, columns: list[PlaceColumn]) -> list[str]:
    """Say of each column what its figures are out of, and what their brackets hold."""
    told = []
    for column in columns:
        named = {
            "column": heading(words, column),
            "out_of": _denominator(words, column),
            "method": words.of(column.method),
        }
        if column.out_of:
            told.append(
                words.say("{column}: out of the {out_of} of each place; {method}.", **named)
            )
        else:
            told.append(words.say("{column}: of {out_of}; {method}.", **named))
    return told


def _denominator(words: Words, column: PlaceColumn) -> str:
    of = column.denominator
    if of.code != "predictions_by_rule":
        return words.of(of)
    rule = words.say(RULES[str(of.arguments["rule"])])
    return words.say(DENOMINATORS[of.code], rule=rule)


def all_places(words: Words, figures: PlaceFigures, most: int) -> str:
    """Say how many places there are, and where all of them are listed."""
    return words.many(
        len(figures.place),
        "{n} place, with its figures in places.csv.",
        "{n} places, those with most first; all of them are in places.csv, and at most {most} "
        "here.",
        most=most,
    )  # fmt: skip


def without_outline(words: Words, outlines: PlaceOutlines) -> list[str]:
    """Say how many places are not in the file of outlines, where there are such."""
    lost = int((~outlines.known).sum())
    if not lost:
        return []
    return [
        words.many(
            lost,
            "{n} place of {all} has no outline in {file}, and is on no map.",
            "{n} places of {all} have no outline in {file}, and are on no map.",
            all=len(outlines.polygons), file=outlines.file,
        )
    ]  # fmt: skip
