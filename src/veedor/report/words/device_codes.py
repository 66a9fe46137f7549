"""Words of the codes of the audit of devices."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "km2_of_zones": noted("km² of zones"),
    "ground_of_zone": noted("km² of the zone"),
    "devices": noted("devices"),
    "metres_of_route": noted("metres of {route}"),
    "members_at_as_much_seen": noted("{group} members (in {of}); as much in view, or as many "
                                     "devices, in all"),
    "members_at_as_many_unseen_zones": noted(
        "{group} members (in {of}); as many zones without any ground in view, or any device"
    ),
    "in_zones_with_most_seen": noted(
        "{of} in the {percent}% of zones with the most in view, or the most devices"
    ),
    "in_zones_with_least_seen": noted(
        "{of} in the {percent}% of zones with the least in view, or the fewest devices"
    ),
    "in_zones_with_most_seen_over_all": noted(
        "{of} in the {percent}% of zones with the most in view, or the most devices, over the "
        "share of {group} in all zones"
    ),
    "in_zones_with_least_seen_over_all": noted(
        "{of} in the {percent}% of zones with the least in view, or the fewest devices, over the "
        "share of {group} in all zones"
    ),
}  # fmt: skip
METHODS = {
    "bounds_of_views": noted(
        "between the least and the most that devices may see, or the fewest and the most that "
        "there may be; no confidence interval"
    ),
    "bounds_of_whole_zones": noted(
        "residents taken to live evenly over the ground of their zone; wherever in it they live, "
        "from those of zones that are in view whole to those of all zones of which some is in view"
    ),
    "field_given_residents_seen": noted(
        "given who lives where: what each zone has of it as a field as smooth as it is, log scale, "
        "Student's t; worth {effective} independent zones"
    ),
    "field_given_residents_clusters_seen": noted(
        "given who lives where: what each zone has of it as a field as smooth as it is, log scale, "
        "Student's t; worth {effective} independent clusters of zones"
    ),
    "none_expected_without_a_tie_seen": noted(
        "none: the ratio if devices hung on how many live in a zone and on its ground, and not on "
        "who lives there"
    ),
}
FINDINGS = {
    "devices_range_assumed": noted_many(
        "Of {devices} devices, {n} has no range in the file. What it sees rests on the range that "
        "was assumed; both of its ends are given.",
        "Of {devices} devices, {n} have no range in the file. What they see rests on the range "
        "that was assumed; both of its ends are given.",
    ),
    "devices_direction_unknown": noted_many(
        "Of {devices} devices, it is not known in which direction {n} looks. At the least nothing "
        "is surely in its view, at the most all around it is.",
        "Of {devices} devices, it is not known in which direction {n} look. At the least nothing "
        "is surely in their view, at the most all around them is.",
    ),
    "devices_angle_unknown": noted_many(
        "Of {devices} devices, {n} has a direction and no field of view in the file. How wide it "
        "sees is bounded by what was assumed: not at all to all round, where nothing was.",
        "Of {devices} devices, {n} have a direction and no field of view in the file. How wide "
        "they see is bounded by what was assumed: not at all to all round, where nothing was.",
    ),
    "devices_uncounted": noted_many(
        "Of {places} places, {n} was not counted by any reader who could tell. It is in no figure: "
        "how many devices stand there is not known, which is not 0.",
        "Of {places} places, {n} were not counted by any reader who could tell. They are in no "
        "figure: how many devices stand there is not known, which is not 0.",
    ),
    "devices_repeated": noted_many(
        "{n} device is alike in everything with one before it: the same twice, or two. It counts "
        "in what is most, and not in what is least.",
        "{n} devices are alike in everything with one before them: the same twice, or two. They "
        "count in what is most, and not in what is least.",
    ),
    "devices_placed_by_view": noted_many(
        "{n} device has no place in the file, only its view. It counts as a device of the zone "
        "that a point within its view lies in; where it stands is not known.",
        "{n} devices have no place in the file, only their views. Each counts as a device of the "
        "zone that a point within its view lies in; where they stand is not known.",
    ),
    "views_mended": noted_many(
        "The outline of {n} view crosses itself. The ground that it encloses was taken.",
        "The outlines of {n} views cross themselves. The ground that they enclose was taken.",
    ),
    "devices_set_aside": noted(
        "Of {rows} features, {n} were set aside: no device that watches {other}, indoors {indoor}, "
        "drawn without a point {without_point}."
    ),
    "devices_outside": noted(
        "Only {percent}% of the devices stand in a zone. Who lives around the others is left out "
        "of every figure; what they see of the zones is not."
    ),
    "nothing_surely_in_view": noted(
        "No ground is surely in view: of no device are range, direction and field of view known "
        "well enough. Only the most that may be in view can be compared."
    ),
    "many_zones_unseen": noted(
        "{percent}% of the zones with residents have no ground in view. They are tied, and a "
        "correlation of ranks says little about who lives in them."
    ),
}
TESTS = {
    "spearman_effective_zones_seen": (
        noted(
            "Spearman correlation, Fisher's transformation with the effective number of zones, "
            "two-sided"
        ),
        noted(
            "The share of the group in a zone has nothing to do with how much of it is in view, or "
            "how many devices stand there, given that neighbours resemble each other."
        ),
    ),
    "morans_i_log_seen": (
        noted(
            "Moran's I of log(1 + km² in view) or log(1 + devices), queen contiguity, "
            "row-standardised, upper tail"
        ),
        noted(
            "Ground in view, or devices, are spread over the zones without regard to which are "
            "neighbours."
        ),
    ),
}
