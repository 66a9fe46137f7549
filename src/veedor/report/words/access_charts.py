"""What the drawings of an audit of access say."""

from __future__ import annotations

from veedor.report.words.chart_findings import OfCurves
from veedor.report.words.language import noted, noted_many

A_DAY = noted("look-ups a day")
THROUGH_TIME = noted("Look-ups a day, month by month")
BREAKS = noted_many(
    "Nothing is drawn across the {n} day on which the log became another.",
    "Nothing is drawn across the {n} days on which the log became another.",
)
CONCENTRATION = OfCurves(
    title=noted("Share of the look-ups that the busiest users made"),
    half=noted("{name}: half of the look-ups by {share} of the users"),
    half_of_all=noted("Share of the users that made half of the look-ups. {extremes}"),
    holders=noted("users, those with most look-ups first (%)"),
    held=noted("look-ups (%)"),
)
