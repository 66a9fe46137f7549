"""What estimates of every room are out of, and how their intervals are made."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "cells_by_periods": noted("cells x periods: {cells} x {periods}"),
    "cell_periods": noted("cells x periods"),
    "cell_periods_of_group": noted("cells x periods of the group"),
    "periods": noted("periods"),
    "days": noted("days"),
    "zones": noted("zones"),
    "places": noted("places"),
    "incidents": noted("recorded incidents"),
    "flagged": noted("flagged"),
    "pairs_of_periods": noted("pairs of neighbouring periods"),
    "expected_incidents_of_group": noted("expected incidents of the group"),
    "incidents_in_cells": noted("incidents recorded in the cells"),
    "incidents_of_lead_time": noted("incidents recorded in the cells, lead time {lead_time}"),
    "incidents_of_month": noted("incidents recorded in the cells, periods that begin in {month}"),
    "incidents_of_zone": noted("incidents recorded in the cells of zone {zone}"),
    "incidents_in_cells_over_chance": noted(
        "incidents recorded in the cells; area over chance by the oracle's"
    ),
    "incidents_by_area": noted("incidents recorded in the cells; capture rate by share of area"),
    "incidents_by_most": noted(
        "incidents recorded in the cells; captured by most capturable at this area"
    ),
    "incidents_by_area_power": noted(
        "incidents recorded in the cells; capture rate by share of area to the power {alpha}"
    ),
    "incidents_by_doublings": noted(
        "incidents recorded in the cells, each times the doublings of the record"
    ),
    "incidents_of_scored_rounds": noted(
        "incidents recorded in the cells, in all rounds that were scored"
    ),
    "sums_of_cells": noted("sums: groups of cells x periods"),
}
METHODS = {
    "none_no_denominator": noted("none: the denominator is 0"),
    "none_few_blocks": noted_many(
        "none: {blocks} block (a week, or a longer period) is too few",
        "none: {blocks} blocks (weeks, or longer periods) are too few",
    ),
    "none_few_incidents": noted("none: fewer than two incidents, or all ratios of rates are equal"),
    "none_few_periods": noted_many(
        "none: {periods} period is too few", "none: {periods} periods are too few"
    ),
    "expanded_percentile": noted(
        "expanded percentile bootstrap of {blocks} blocks (weeks, or longer periods)"
    ),
    "expanded_percentile_or_chance": noted(
        "the wider, at each end, of: expanded percentile bootstrap of {blocks} blocks (weeks, or "
        "longer periods); chance, if the reference (low) or the forecast (high) were right"
    ),
    "expanded_percentile_stretched": noted(
        "expanded percentile bootstrap of {blocks} blocks (weeks, or longer periods), stretched: "
        "they resemble the one before and tell as much as {effective} would that did not"
    ),
    "expanded_percentile_stretched_or_chance": noted(
        "the wider, at each end, of: expanded percentile bootstrap of {blocks} blocks (weeks, or "
        "longer periods), stretched, for they resemble the one before and tell as much as "
        "{effective} would that did not; chance, if the reference (low) or the forecast (high) "
        "were right"
    ),
    "residual_bootstrap": noted(
        "bootstrap of residuals of all {blocks} blocks, for this group has only {own}"
    ),
    "residual_bootstrap_or_chance": noted(
        "the wider, at each end, of: bootstrap of residuals of all {blocks} blocks, for this group "
        "has only {own}; chance, if the reference (low) or the forecast (high) were right"
    ),
    "student_t_incidents": noted("Student's t over incidents, taken as independent"),
    "student_t_or_chance": noted(
        "Student's t over incidents, taken as independent; or chance, if one of the forecasts were "
        "right"
    ),
    "circular_blocks": noted_many(
        "circular bootstrap of blocks of {length} period, {replicates} replicates",
        "circular bootstrap of blocks of {length} periods, {replicates} replicates",
    ),
    "circular_blocks_or_implied": noted_many(
        "circular bootstrap of blocks of {length} period, {replicates} replicates; no spread "
        "smaller than the forecasts imply",
        "circular bootstrap of blocks of {length} periods, {replicates} replicates; no spread "
        "smaller than the forecasts imply",
    ),
}
