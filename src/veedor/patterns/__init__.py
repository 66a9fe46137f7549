"""What the record shows: concentration, hot spots, near repeats, trends, seasons and change.

Everything here is about *recorded* incidents in places. Whatever looks at many places at once is
adjusted for it (`veedor.statistics.false_discovery_q`), and what a change of recording could do is
told beside it. `find_patterns` finds them all in a record.
"""

from veedor.patterns.area_shifts import AreaShifts, find_area_shifts
from veedor.patterns.breaks import Shift, Shifts, find_shifts, pelt, usual_carried
from veedor.patterns.changes import Changes, DatedShift, Watched
from veedor.patterns.clocks import Clock, hour_of_week
from veedor.patterns.concentration import MOST_RUNS, Chance, Concentration, concentration
from veedor.patterns.decomposition import Decomposition, decompose
from veedor.patterns.denominators import denominator_of_cells
from veedor.patterns.departures import Departures, common_departures, departures
from veedor.patterns.description import CategoryPatterns, Patterns, find_patterns
from veedor.patterns.displacement import DisplacementTest, weighted_displacement_difference
from veedor.patterns.emerging import CLASSES, Emerging, classify, emerging
from veedor.patterns.findings import findings
from veedor.patterns.hot_spots import (
    QUADRANTS,
    HotSpots,
    empirical_bayes_rates,
    hot_spots,
    kernel_density,
)
from veedor.patterns.map_changes import MapChange, map_change
from veedor.patterns.near_repeats import NearRepeats, near_repeats
from veedor.patterns.of_places import Columns
from veedor.patterns.of_times import DailySeries
from veedor.patterns.record import Recorded
from veedor.patterns.recording import recording_signs
from veedor.patterns.seasons import Effect, Season, calendar_effects, fit_season
from veedor.patterns.settings import ROLES, AreaChange, Denominator, PatternSettings
from veedor.patterns.share_trends import PoissonTrend, poisson_trend
from veedor.patterns.trends import MannKendall, mann_kendall
from veedor.patterns.watch import Baseline, WeeklyWatch, baseline, weekly_watch

__all__ = [
    "CLASSES",
    "MOST_RUNS",
    "QUADRANTS",
    "ROLES",
    "AreaChange",
    "AreaShifts",
    "Baseline",
    "CategoryPatterns",
    "Chance",
    "Changes",
    "Clock",
    "Columns",
    "Concentration",
    "DailySeries",
    "DatedShift",
    "Decomposition",
    "Denominator",
    "Departures",
    "DisplacementTest",
    "Effect",
    "Emerging",
    "HotSpots",
    "MannKendall",
    "MapChange",
    "NearRepeats",
    "PatternSettings",
    "Patterns",
    "PoissonTrend",
    "Recorded",
    "Season",
    "Shift",
    "Shifts",
    "Watched",
    "WeeklyWatch",
    "baseline",
    "calendar_effects",
    "classify",
    "common_departures",
    "concentration",
    "decompose",
    "denominator_of_cells",
    "departures",
    "emerging",
    "empirical_bayes_rates",
    "find_area_shifts",
    "find_patterns",
    "find_shifts",
    "findings",
    "fit_season",
    "hot_spots",
    "hour_of_week",
    "kernel_density",
    "mann_kendall",
    "map_change",
    "near_repeats",
    "pelt",
    "poisson_trend",
    "recording_signs",
    "usual_carried",
    "weekly_watch",
    "weighted_displacement_difference",
]
