"""Words that audits of places share: what they are out of, how intervals are made, warnings."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "reported_incidents": noted("reported incidents"),
    "discovered_incidents": noted("discovered incidents"),
    "recorded_incidents": noted("recorded incidents"),
    "residents": noted("residents"),
    "predictions": noted("predictions"),
    "reported_incidents_of_largest": noted(
        "reported incidents of zones where {group} is the largest group"
    ),
    "discovered_incidents_of_largest": noted(
        "discovered incidents of zones where {group} is the largest group"
    ),
    "recorded_incidents_of_largest": noted(
        "recorded incidents of zones where {group} is the largest group"
    ),
    "residents_of_largest": noted("residents of zones where {group} is the largest group"),
    "predictions_of_largest": noted("predictions of zones where {group} is the largest group"),
    "members_by_rule": noted("{group} members; as many predictions, placed by the rule"),
    "members_to_reference_by_rule": noted(
        "{group} members; as many predictions, placed by the rule, both relative to {reference}"
    ),
    "zones_with_residents": noted("zones with residents"),
    "zones_with_residents_and_islands": noted(
        "zones with residents, {islands} of them without neighbours"
    ),
    "km2_of_zones_with_residents": noted("km² of zones with residents"),
    "zones_with": noted("zones with {of}"),
    "zones_with_per_10_points": noted(
        "zones with {of}, for 10 points more of the share of {group}"
    ),
    "all_of": noted("{of}"),
    "members": noted("{group} members"),
    "members_in_zones_with_residents": noted("{group} in zones with residents"),
    "members_at_as_many_predictions": noted(
        "{group} members (in {of}); as many predictions in all"
    ),
    "members_at_as_many_empty_zones": noted(
        "{group} members (in {of}); as many zones without predictions"
    ),
    "members_over_reference": noted(
        "{group} members (in {of}), over the exposure of {reference} members (in {reference_of})"
    ),
    "members_over_expected": noted(
        "{group} members (in {of}), over the exposure of {reference} members (in {reference_of}), "
        "by what is expected"
    ),
    "in_zones_with_most": noted("{of} in the {percent}% of zones with the most predictions"),
    "in_zones_with_fewest": noted("{of} in the {percent}% of zones with the fewest predictions"),
    "in_zones_with_most_over_all": noted(
        "{of} in the {percent}% of zones with the most predictions, over the share of {group} in "
        "all zones"
    ),
    "in_zones_with_fewest_over_all": noted(
        "{of} in the {percent}% of zones with the fewest predictions, over the share of {group} in "
        "all zones"
    ),
    "in_zones_of_bin": noted("{of} in the {zones} zones of the bin"),
}  # fmt: skip

#: Ratios that stand among the arguments of findings.
RATIOS = {
    "ratio_per_1000": noted("the ratio per 1,000 members"),
    "ratio_count": noted("the ratio by the zone that a member lives in"),
    "ratio_per_km2": noted("the ratio per km² around a member"),
}
METHODS = {
    "none_see_permutation_test": noted("none: see the permutation test"),
    "none_expected_without_a_tie": noted(
        "none: the ratio if predictions hung on how many live in a zone and on its ground, and not "
        "on who lives there"
    ),
    "none_zones_of_a_ratio": noted(
        "none: zones by how much more the ratio varies than over independent ones"
    ),
    "none_effective_by_mean_products": noted(
        "none: an estimate by mean products over distance and direction"
    ),
    "none_ties_as_published": noted("none: ties ranked by the order of rows, as published"),
    "none_bins_as_published": noted("none: bins cut as published, ends left out"),
    "none_too_few_zones": noted("none: too few zones, or nothing that varies"),
    "none_too_few_clusters": noted("none: too few clusters of zones, or nothing that varies"),
    "field_given_residents": noted(
        "given who lives where: predictions as a field as smooth as they are, log scale, "
        "Student's t; worth {effective} independent zones"
    ),
    "field_given_residents_clusters": noted(
        "given who lives where: predictions as a field as smooth as they are, log scale, "
        "Student's t; worth {effective} independent clusters of zones"
    ),
    "fisher_effective_zones": noted(
        "given who lives where: Fisher's transformation with the effective number, worth "
        "{effective} independent zones"
    ),
    "fisher_effective_clusters": noted(
        "given who lives where: Fisher's transformation with the effective number, worth "
        "{effective} independent clusters of zones"
    ),
    "none_few_effective_zones": noted(
        "none: worth {effective} independent zones, of which fewer than 8 are left beyond the "
        "fitted terms"
    ),
    "none_few_effective_clusters": noted(
        "none: worth {effective} independent clusters of zones, of which fewer than 8 are left "
        "beyond the fitted terms"
    ),
    "none_few_correlated_zones": noted(
        "none: worth {effective} independent zones, of which fewer than 8 are left beyond 2"
    ),
    "none_few_correlated_clusters": noted(
        "none: worth {effective} independent clusters of zones, of which fewer than 8 are left "
        "beyond 2"
    ),
    "census_margins": noted(
        "Monte Carlo of the census counts within their margins of error, {replicates} draws"
    ),
    "duncan_davis_bounds": noted(
        "Duncan-Davis bounds, no confidence interval; the value is the neighbourhood model, which "
        "assumes that members live like everyone else in their zone; all three assume that "
        "residents live evenly over its ground"
    ),
    "poisson_regression": noted(
        "Poisson regression; the wider of a jackknife over {blocks} blocks of {block_m} m and of "
        "deviations as a field as smooth as they are"
    ),
    "negative_binomial_regression": noted(
        "negative binomial regression; the wider of a jackknife over {blocks} blocks of {block_m} "
        "m and of deviations as a field as smooth as they are"
    ),
}

FINDINGS = {
    "few_matched": noted(
        "Only {percent}% of the predictions fell in a zone with residents. The rest fell where "
        "this audit knows of none, so whoever lives there is left out of every figure."
    ),
    "many_zones_without": noted(
        "{percent}% of the zones with residents have no prediction at all. They are tied, and a "
        "correlation of ranks says little about who lives in them; read the shares of the most "
        "targeted zones instead."
    ),
    "few_zones": noted_many(
        "There is only {zones} zone with residents. Little can be told from it.",
        "There are only {zones} zones with residents. Single zones weigh much, and little can "
        "be told from so few.",
    ),
    "stored_and_assigned_disagree": noted(
        "The counts that the zones carry and those assigned here rank the zones differently "
        "(Spearman {spearman}): they are not of the same predictions, or not of the same zones."
    ),
    "zones_shared": noted_many(
        "{zones} zone is shared by two jurisdictions, or lies over another: {first}. Its "
        "residents would be counted for both, and their predictions may be those of the other.",
        "{zones} zones are shared by two jurisdictions, or lie over one another: {first}. "
        "Their residents would be counted for both, and their predictions may be those of the "
        "other.",
    ),
    "one_zone_decides": noted(
        "One zone decides {statistic} of {group}: it is {value} with all zones and {without} "
        "without one of them."
    ),
    "one_zone_turns_a_ratio": noted(
        "One zone decides {statistic} of {group}: it is {value} with all zones and {without} "
        "without one of them, on the other side of 1."
    ),
    "box_size_in_feet": noted(
        "Boxes are said to be {box_m} m wide (--box-m) and stand {spacing_m} m apart. {box_m} feet "
        "are --box-m {option}: is the side in feet? Every figure by box and covered share rest on "
        "the side."
    ),
    "boxes_overlap": noted(
        "Boxes are said to be {box_m} m wide (--box-m) and stand {spacing_m} m apart. Boxes of "
        "that side lie over one another. Every figure by box and covered share rest on the side."
    ),
    "boxes_leave_gaps": noted(
        "Boxes are said to be {box_m} m wide (--box-m) and stand {spacing_m} m apart. Boxes of "
        "that side leave ground between them. Every figure by box and covered share rest on the "
        "side."
    ),
    "shares_alike": noted(
        "Among zones alike in residents, ground and records, the share of {group} differs by less "
        "than 1 percentage point. What 10 points more would bring cannot be told from so little: "
        "no rate ratio is given where this holds."
    ),
    "conditioning_can_hide_bias": noted(
        "Figures that are conditional on recorded incidents ask whether the system looks somewhere "
        "more than the record explains. If the record itself is biased, because some places are "
        "reported from or patrolled more than others, that bias is taken for granted and can hide "
        "in them: a ratio of 1 then says that the system repeats the record, not that it is "
        "even-handed."
    ),
}
