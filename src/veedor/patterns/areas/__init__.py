"""What area counts show: rates with intervals, neighbours, trends, level shifts."""

from veedor.patterns.areas.description import (
    AreaPatterns,
    DescribedAreas,
    OffencePatterns,
    find_area_patterns,
)
from veedor.patterns.areas.doubts import doubted_cells
from veedor.patterns.areas.ground import AreaGround, LeftOut, Stretch, Why
from veedor.patterns.areas.rates import AreaRate, FunnelLimits, OffenceRates, offence_rates
from veedor.patterns.areas.series import AreaSeries, AreaShift
from veedor.patterns.areas.settings import AreaPatternSettings
from veedor.patterns.areas.trends import Trend, common_season, trend

__all__ = [
    "AreaGround",
    "AreaPatternSettings",
    "AreaPatterns",
    "AreaRate",
    "AreaSeries",
    "AreaShift",
    "DescribedAreas",
    "FunnelLimits",
    "LeftOut",
    "OffencePatterns",
    "OffenceRates",
    "Stretch",
    "Trend",
    "Why",
    "common_season",
    "doubted_cells",
    "find_area_patterns",
    "offence_rates",
    "trend",
]
