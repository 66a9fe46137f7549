"""What estimates of every room are out of, and how their intervals are made."""

from __future__ import annotations

from veedor.report.words.language import noted

DENOMINATORS = {
    "cells_by_periods": noted("cells x periods: {cells} cells in {periods} periods"),
    "cell_periods": noted("cells x periods"),
    "cell_periods_of_group": noted("cells x periods of the group"),
    "periods": noted("periods"),
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
}
