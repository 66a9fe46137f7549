"""When incidents of a category are: classes over time, seasons, two maps, before and after."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import structs

from veedor.arrays import Floats, Ints
from veedor.patterns.clocks import Clock, hour_of_week
from veedor.patterns.decomposition import decompose
from veedor.patterns.departures import common_departures
from veedor.patterns.displacement import DisplacementTest, weighted_displacement_difference
from veedor.patterns.emerging import CLASSES, emerging
from veedor.patterns.map_changes import map_change
from veedor.patterns.of_places import Columns
from veedor.patterns.record import Recorded
from veedor.patterns.seasons import Effect, calendar_effects
from veedor.patterns.settings import ROLES, AreaChange, PatternSettings
from veedor.spacetime import Periods
from veedor.statistics import FALSE_DISCOVERY_RATE, TestResult, false_discovery_q, smallest_q

_FEWEST_STEPS = 6
#: Days, and incidents on them, below which effects of the calendar are not looked for.
_FEWEST_DAYS, _FEWEST_DATED = 56, 50


class Trends(msgspec.Struct, frozen=True):
    """How many places rose or fell against the reference, those that kept their share.

    Parameters
    ----------
    tested, rising, falling, reference : int
    dispersion, carried : float
        See `PoissonTrend`.
    p_value : float or None
        Of no place having a trend.
    """

    tested: int
    rising: int
    falling: int
    reference: int
    dispersion: float
    carried: float
    p_value: float | None


class EmergingCounts(msgspec.Struct, frozen=True):
    """How many places are in each class over time.

    Parameters
    ----------
    step : str
        ``"month"`` or ``"week"``.
    starts : tuple of str
        Local days on which the steps begin.
    hot, cold : dict of str to int
        Key of `CLASSES` -> places.
    hot_by_step : tuple of int
        Hot spots of each step.
    steps_p_value : float
        Of no step having a hot or cold spot.
    trends : Trends
    """

    step: str
    steps: int
    starts: tuple[str, ...]
    hot: dict[str, int]
    cold: dict[str, int]
    hot_by_step: tuple[int, ...]
    steps_p_value: float
    trends: Trends

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask whether any place has a trend, and any step a hot or cold spot."""
        return (
            ("trends_of_places", self.trends.p_value),
            ("hot_spots_of_single_steps", self.steps_p_value),
        )


def emerging_of(record: Recorded, category: str) -> tuple[EmergingCounts | None, Columns]:
    """Trends and classes of places over months, or weeks in a short record."""
    periods = record.months if len(record.months) >= _FEWEST_STEPS else record.weeks
    if len(periods) < _FEWEST_STEPS:
        return None, {}
    counts = record.by_cell(category, periods)
    found = emerging(counts, record.cells.neighbours, years=record.years_of(periods))
    trend = found.own
    named = found.trend_q <= FALSE_DISCOVERY_RATE
    starts = [record.local_day(start) for start in periods.start]
    columns: Columns = {
        "hot_class": found.hot_class,
        "hot_since": np.array([*starts, ""])[_since(found.kind > 0)],
        "cold_class": found.cold_class,
        "trend_change_a_year": found.change,
        "trend_q_value": found.trend_q,
        "share_change_a_year": trend.change,
        "share_change_low": trend.low,
        "share_change_high": trend.high,
        "share_change_q_value": trend.q_value,
    }
    return EmergingCounts(
        step="month" if periods is record.months else "week",
        steps=len(periods),
        starts=tuple(starts),
        hot={name: int(np.sum(found.hot_class == name)) for name in CLASSES},
        cold={name: int(np.sum(found.cold_class == name)) for name in CLASSES},
        hot_by_step=tuple((found.kind > 0).sum(axis=1).tolist()),
        steps_p_value=float(false_discovery_q(found.step_p).min()),
        trends=Trends(
            tested=int(np.isfinite(found.trend_p).sum()),
            rising=int(np.sum(named & (found.change > 0))),
            falling=int(np.sum(named & (found.change < 0))),
            reference=int(trend.reference.sum()),
            dispersion=trend.dispersion,
            carried=trend.carried,
            p_value=smallest_q(found.trend_q),
        ),
    ), columns


def _since(hot: npt.NDArray[np.bool_]) -> Ints:
    """Step from which on each place is hot to the last one, shape (cells,); -1 for none.

    >>> _since(np.array([[1, 1, 0], [0, 1, 1], [1, 1, 0]], dtype=bool)).tolist()
    [2, 0, -1]
    """
    steps = len(hot)
    run = np.where(hot.all(axis=0), steps, np.argmin(hot[::-1], axis=0))
    return np.where(run > 0, steps - run, -1)


class DailySeries(msgspec.Struct, frozen=True, eq=False):
    """A daily series with its trend: see `Decomposition`. Arrays of shape (days,)."""

    start: str
    recorded: Ints
    trend: Floats
    low: Floats
    high: Floats
    strength: dict[str, tuple[float, float, float]]


class Seasons(msgspec.Struct, frozen=True, eq=False):
    """The week, and the year.

    Parameters
    ----------
    clock : Clock
    effects : tuple of Effect, or None
    tests : dict of str to TestResult, or None
        Is there any effect of the weekday, of the month?
    decomposition : DailySeries or None
        All None where there are fewer than 56 days or 50 incidents, or where most incidents are
        known only to within more than a day: daily counts then say how they were written down.
    """

    clock: Clock
    effects: tuple[Effect, ...] | None = None
    tests: dict[str, TestResult] | None = None
    decomposition: DailySeries | None = None

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask whether any hour of the week, and any kind of day, differs from the mean."""
        hours = ("hours_of_the_week", smallest_q(self.clock.q_value))
        if self.effects is None:
            return (hours,)
        days = smallest_q(false_discovery_q([one.p_value for one in self.effects]))
        return (hours, ("kinds_of_day", days))


def seasons_of(
    record: Recorded, category: str, rng: np.random.Generator, settings: PatternSettings
) -> Seasons:
    """Clock, effects of the calendar, and the series taken apart."""
    edges = record.days.edges
    clock = hour_of_week(record.incidents, category, edges[0], edges[-1])
    daily, rows = record.daily(category), record.rows(category)
    few = len(daily) < _FEWEST_DAYS or daily.sum() < _FEWEST_DATED
    if few or 2 * record.dated(rows).sum() < len(rows):
        return Seasons(clock)
    effects, tests = calendar_effects(
        daily, record.dates, holidays=settings.holidays, pay_days=settings.pay_days
    )
    apart = decompose(daily, rng)
    return Seasons(
        clock,
        effects,
        tests,
        DailySeries(
            record.dates[0].isoformat(), daily, apart.trend, apart.low, apart.high,
            {str(days): strength for days, strength in apart.strength.items()},
        ),
    )  # fmt: skip


class MapChangeCounts(msgspec.Struct, frozen=True):
    """Two maps compared: see `MapChange`.

    Parameters
    ----------
    base, test : (str, str)
        Local days from which and before which each map counts.
    whole_years : bool
    incidents : (int, int)
    s_index, robust_s_index : float or None
    s_by_chance : (float, float, float) or None
    outcome : TestResult
    places_tested, places_rose, places_fell, places_changed, reference : int
    dispersion : float
    p_value : float or None
        Of no place having changed.
    """

    base: tuple[str, str]
    test: tuple[str, str]
    whole_years: bool
    incidents: tuple[int, int]
    s_index: float | None
    robust_s_index: float | None
    s_by_chance: tuple[float, float, float] | None
    outcome: TestResult
    places_rose: int
    places_fell: int
    places_changed: int
    places_tested: int
    reference: int
    dispersion: float
    p_value: float | None

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask whether any place changed."""
        return (("change_of_the_map", self.p_value),)


def map_change_of(
    record: Recorded, category: str, rng: np.random.Generator, seed: int
) -> tuple[MapChangeCounts | None, Columns]:
    """Last year against the year before, or the second half against the first."""
    days = len(record.days)
    if days < 2:
        return None, {}
    whole_years = days >= 730
    half = 365 if whole_years else days // 2
    edges = record.days.edges[[days - 2 * half, days - half, days]]
    begins, middle, until = (record.local_day(edge) for edge in edges)
    base, test = record.by_cell(category, Periods(edges.copy(), record.days.time_zone))
    weekly = record.by_cell(category, record.weeks).T
    dispersion = float(common_departures(weekly).long_run[0]) if len(weekly) else 1.0
    found = map_change(base, test, rng, dispersion=dispersion, seed=seed)
    return MapChangeCounts(
        base=(begins, middle),
        test=(middle, until),
        whole_years=whole_years,
        incidents=(int(base.sum()), int(test.sum())),
        s_index=found.s_index,
        robust_s_index=found.robust_s_index,
        s_by_chance=found.s_by_chance,
        outcome=found.test,
        places_rose=int(np.sum(found.changed > 0)),
        places_fell=int(np.sum(found.changed < 0)),
        places_changed=int(np.sum(found.changed != 0)),
        places_tested=int(np.isfinite(found.q_value).sum()),
        reference=int(found.reference.sum()),
        dispersion=dispersion,
        p_value=smallest_q(found.q_value),
    ), {
        "recorded_before": base,
        "recorded_after": test,
        "map_change": found.changed,
        "map_change_ratio": found.ratio,
        "map_change_q_value": found.q_value,
    }


class BeforeAfter(DisplacementTest, frozen=True, kw_only=True):
    """`DisplacementTest` of a change: its local day, and role -> counts before and after it."""

    changed: str
    days: float
    counts: dict[str, tuple[int, int]]

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask whether the area and its surroundings changed otherwise than their comparisons."""
        return (("before_and_after", self.test.p_value),)


def before_after(record: Recorded, category: str, change: AreaChange) -> BeforeAfter:
    """Before and after a change, in the areas that it names."""
    from shapely import STRtree, points

    rows = record.rows(category)
    rows = rows[record.incidents.located[rows]]
    middle = record.incidents.midpoint_of(rows)
    where = points(record.incidents.x_m[rows], record.incidents.y_m[rows])
    polygon, point = STRtree(where).query(change.polygons, predicate="intersects")
    counts = {}
    for role in ROLES:
        mine = np.isin(polygon, [n for n, name in enumerate(change.roles) if name == role])
        when = middle[np.unique(point[mine])]
        before = int(np.sum((when >= change.at - change.span) & (when < change.at)))
        after = int(np.sum((when >= change.at) & (when < change.at + change.span)))
        counts[role] = before, after
    found = weighted_displacement_difference(*(counts[role] for role in ROLES))
    return BeforeAfter(
        **structs.asdict(found),
        changed=record.local_day(change.at),
        days=float(change.span / np.timedelta64(1, "D")),
        counts=counts,
    )
