"""What the drawings of a page of patterns say."""

from __future__ import annotations

from veedor.report.words.language import noted

CURVE = noted("Share of incidents in the busiest places")
EVENLY = noted("spread evenly")
PLACES = noted("places, those with the most incidents first (%)")
INCIDENTS = noted("recorded incidents (%)")
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
HALF = noted("{category}: half of the incidents in {places} of the places")
HALF_OF_ALL = noted("Share of the places that hold half of the incidents. {extremes}")
TREND = noted("trend")
A_DAY = noted("recorded a day")
