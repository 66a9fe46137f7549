"""Words that stand in the frame of every page, and between the parts of a run's."""

from __future__ import annotations

from veedor.report.words.language import noted

#: What a template asks for by name.
FRAME = {
    "report_of": noted("{title}: report"),
    "skip": noted("Skip to what was found"),
    "sections": noted("Sections"),
    "made": noted("Made with veedor. This page loads nothing from outside."),
    "plain": noted("In plain words"),
    "cautions": noted("What must not be concluded"),
    "next": noted("Where to go next"),
    "map": noted("Map"),
    "about_scores": noted(
        "Every score is over all cells and periods, also those where nothing was recorded. A "
        "bar is the interval; where it crosses the line at 0, a difference from {reference} "
        "is not shown. Where it does not, what counts is the verdict above, which allows for "
        "all comparisons."
    ),
    "history": noted("What the length of the record is worth"),
    "meaning": noted("What the scores mean"),
    "scores": noted("Scores"),
    "periods": noted("Period by period"),
    "about_periods": noted(
        "A mean over all periods can hide that a forecaster did well in some and badly in others."
    ),
    "calibration": noted("Calibration"),
    "about_calibration": noted(
        "Whether the uncertainty that a forecast states is the uncertainty it has. Even bars, "
        "and points on the dashed line, are what a calibrated forecast gives; bars high at "
        "both ends mean that it was too sure."
    ),
    "patterns": noted("Patterns of the record"),
    "quality": noted("Quality of the records"),
    "about_quality": noted(
        "What was read, what was set aside and why. A forecast is no better than these."
    ),
    "parameters": noted("Every parameter and hash"),
    "about_parameters": noted(
        "With the same inputs (by their SHA-256 hash), study file, seed and versions, the "
        "same numbers come out."
    ),
    "manifest": noted("Manifest"),
    "parameters_heading": noted("Parameters"),
    "study_file": noted("Study file"),
    "forecast": noted("What was forecast"),
    "how_it_did": noted("How it did against {reference}"),
    "licence": noted("Licence of Leaflet, which draws the map"),
    "licence_label": noted("Licence of Leaflet"),
    "every_parameter": noted("Every parameter, as set and as fitted"),
    "table_of_all": noted("Table: every forecaster against the reference, and what was counted"),
    "table_of_counts": noted("Table: what was counted"),
}
