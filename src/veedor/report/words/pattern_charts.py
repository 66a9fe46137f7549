"""What the drawings of a page of patterns say."""

from __future__ import annotations

from veedor.report.words.chart_findings import OfCurves
from veedor.report.words.language import noted

CONCENTRATION = OfCurves(
    title=noted("Share of incidents in the busiest places"),
    half=noted("{name}: half of the incidents in {share} of the places"),
    half_of_all=noted("Share of the places that hold half of the incidents. {extremes}"),
    holders=noted("places, those with the most incidents first (%)"),
    held=noted("recorded incidents (%)"),
)
DENSITY = noted("Recorded per km²")
HOT_SPOTS = noted("Hot spots")
OVER_TIME = noted("Over time")
A_MAP = noted("{title}, {category}. A map of the cells, north up.")
FROM_TO = noted("{low} to {high}")
KINDS_OF_SPOT = (noted("cold spot"), noted("neither"), noted("hot spot"))
NONE = noted("none")
PAIRS = noted("Pairs observed by pairs expected, {category}")
WEEK_OF = noted("Week of {category}")
BY_MEAN_HOUR = noted("by the mean hour")
DAYS = (
    noted("Mon"), noted("Tue"), noted("Wed"), noted("Thu"), noted("Fri"), noted("Sat"),
    noted("Sun"),
)  # fmt: skip
SERIES_OF = noted("Series of {category}")
TREND = noted("trend")
A_DAY = noted("recorded a day")
