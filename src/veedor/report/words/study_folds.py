"""Headings of a study's report below its cover, each with its number, and what they are about."""

from __future__ import annotations

from veedor.areas.quality_report import CellStates
from veedor.report.words.language import Words


def of_sentences(words: Words, comparisons: int) -> str:
    """Head the findings in full."""
    return words.many(
        comparisons,
        "In whole sentences: {n} comparison",
        "In whole sentences: {n} comparisons",
    )


def of_map(words: Words, cells: int, periods: int) -> str:
    """Head the map."""
    return words.many(
        periods,
        "The map: {cells} cells in {n} period",
        "The map: {cells} cells in {n} periods",
        cells=cells,
    )


def of_scores(words: Words, gains: list[float]) -> str:
    """Head the scores: the lowest and the highest gain."""
    if not gains:
        return words.say("Every score: nothing was compared")
    if len(gains) == 1:
        return words.say(
            "Every score: a gain of {gain} nats per incident",
            gain=words.number(gains[0]),
        )
    return words.say(
        "Every score: gains from {low} to {high} nats per incident",
        low=words.number(min(gains)),
        high=words.number(max(gains)),
    )


def about_scores(words: Words, reference: str) -> str:
    """Say what is scored, and what a bar may show."""
    return words.say(
        "Every score is over all cells and periods, also those where nothing was recorded. A "
        "bar is the interval; where it crosses the line at 0, a difference from {reference} "
        "is not shown. Where it does not, what counts is the verdict above, which allows for "
        "all comparisons.",
        reference=reference,
    )


def of_periods(words: Words, inside: int, forecasts: int) -> str:
    """Head the periods: how often the totals' intervals held."""
    return words.many(
        forecasts,
        "Period by period: {inside} of {n} total within its 95% interval",
        "Period by period: {inside} of {n} totals within their 95% intervals",
        inside=inside,
    )


def about_periods(words: Words) -> str:
    """Say why periods are shown."""
    return words.say(
        "A mean over all periods can hide that a forecaster did well in some and badly in others."
    )


def of_calibration(words: Words, incompatible: int, forecasts: int) -> str:
    """Head the calibration: how many forecasts do not fit what was recorded."""
    return words.many(
        forecasts,
        "Calibration: {incompatible} of {n} forecast not compatible with the record",
        "Calibration: {incompatible} of {n} forecasts not compatible with the record",
        incompatible=incompatible,
    )


def about_calibration(words: Words) -> str:
    """Say what calibration is, and how its charts are read."""
    return words.say(
        "Whether the uncertainty that a forecast states is the uncertainty it has. Even bars, "
        "and points on the dashed line, are what a calibrated forecast gives; bars high at "
        "both ends mean that it was too sure."
    )


def of_patterns(words: Words, parts: int) -> str:
    """Head the chapter on patterns."""
    return words.many(
        parts, "Patterns of the record, in {n} part", "Patterns of the record, in {n} parts"
    )


def of_quality(words: Words, kept: int, read: int) -> str:
    """Head the quality of the records."""
    return words.many(
        read,
        "Quality of the records: {kept} of {n} row kept",
        "Quality of the records: {kept} of {n} rows kept",
        kept=kept,
    )


def of_area_quality(words: Words, states: CellStates) -> str:
    """Head the quality of counts by area: how many were reported."""
    cells = states.cells - states.not_applicable
    return words.many(
        cells,
        "Quality of the counts: {reported} of {n} reported",
        "Quality of the counts: {reported} of {n} reported",
        reported=states.observed + states.reported_zero,
    )


def about_area_quality(words: Words) -> str:
    """Say what is looked at."""
    return words.say(
        "All areas, offences and spans of the latest edition, also those that this study does not "
        "use. What was not reported is not 0, and in no score."
    )


def about_quality(words: Words) -> str:
    """Say what the quality report holds."""
    return words.say(
        "What was read, what was set aside and why. A forecast is no better than these."
    )


def of_parameters(words: Words, forecasters: int) -> str:
    """Head the parameters."""
    return words.many(
        forecasters,
        "Every parameter of {n} forecaster, every hash",
        "Every parameter of {n} forecasters, every hash",
    )


def about_parameters(words: Words) -> str:
    """Say what may be computed again."""
    return words.say(
        "With the same inputs (by their SHA-256 hash), study file, seed and versions, the "
        "same numbers come out."
    )
