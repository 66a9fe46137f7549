"""Rates of areas: with intervals, drawn towards others, in a funnel, and beside neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.patterns.areas.ground import AreaGround, Stretch, Why
from veedor.patterns.areas.settings import AreaPatternSettings
from veedor.patterns.hot_spots import empirical_bayes_rates
from veedor.statistics.codes import Denominator, Hypothesis, Method
from veedor.statistics.estimates import Estimate, TestResult
from veedor.statistics.intervals import garwood
from veedor.statistics.rates import Funnel, ShrunkRates, funnel, marshall
from veedor.statistics.spatial import among, morans_i, morans_i_p_value

#: Rates are for so many people and a year.
PEOPLE = 100_000
#: Levels of the limits of a funnel: about two, and about three standard deviations.
FUNNEL_LEVELS = (0.95, 0.998)
#: A rate needs so large a share of the spans that it is of.
_FEWEST_REPORTED = 0.5
_FEWEST_PLACES = 3
_ASSUNCAO_REIS = (
    "Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population "
    "density. Statistics in Medicine 18, 2147-2162. "
    "https://doi.org/10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I"
)


class AreaRate(msgspec.Struct, frozen=True):
    """The rate of an area.

    Parameters
    ----------
    area : str
        Its code.
    recorded : int or None
        In the spans that are used; None where there are none.
    spans : int
        Used: reported, with a population.
    rate : Estimate
        Recorded per 100,000 people and year; undefined without a population, or where fewer than
        half of the spans are used.
    shrunk, shrunk_near : Estimate
        The same drawn towards the rate of all places, and of the place with its neighbours; the
        second undefined without an outline.
    position : str or None
        ``"above"`` or ``"below"`` the 99.8% limits of the funnel, ``"inside"``; None without a
        rate or a funnel.
    """

    area: str
    recorded: int | None
    spans: int
    rate: Estimate
    shrunk: Estimate
    shrunk_near: Estimate
    position: str | None


class FunnelLimits(msgspec.Struct, frozen=True, eq=False):
    """A funnel and its limits along person-years.

    Parameters
    ----------
    target : float
        Rate of all places together, per 100,000 people and year.
    dispersion : float
    widened : bool
        See `veedor.statistics.rates.Funnel`.
    person_years : array, shape (points,)
    low, high : array, shape (levels, points)
        Per 100,000 people and year, for 95% and 99.8%.
    by_chance : float
        Places that would lie outside of the outer limits if all were alike, of those that have a
        rate.
    """

    target: float
    dispersion: float
    widened: bool
    person_years: Floats
    low: Floats
    high: Floats
    by_chance: float


class OffenceRates(msgspec.Struct, frozen=True, eq=False):
    """Rates of an offence.

    Parameters
    ----------
    first, last : str
        Labels of the spans that they are of.
    spans : int
    overall : Estimate
        Of all places that have a rate, together.
    between : float or None
        Coefficient of variation of true rates between places, by moments: 0 where rates differ by
        no more than chance gives.
    without_population, not_reported : int
        Places without a rate, and why.
    funnel : FunnelLimits or None
    association : TestResult or None
        Moran's I of rates standardised for their populations; None without outlines, or where
        fewer than three places have both.
    association_places, islands : int
        Places with a rate and an outline, and those of them that touch none.
    areas : tuple of AreaRate
        In the order of the record.
    """

    first: str
    last: str
    spans: int
    overall: Estimate
    between: float | None
    without_population: int
    not_reported: int
    funnel: FunnelLimits | None
    association: TestResult | None
    association_places: int
    islands: int
    areas: tuple[AreaRate, ...]


@dataclass(frozen=True, eq=False)
class _Window:
    """Sums over the spans that rates are of, shape (places,)."""

    first: int
    last: int
    events: Floats
    exposure: Floats
    used: Ints
    reported: Ints


def offence_rates(
    ground: AreaGround,
    offence: str,
    stretch: Stretch,
    settings: AreaPatternSettings,
    rng: np.random.Generator,
) -> OffenceRates | None:
    """Rates of an offence over the end of a stretch; None without populations.

    Parameters
    ----------
    ground : AreaGround
    offence : str
    stretch : Stretch
    settings : AreaPatternSettings
    rng : numpy.random.Generator
    """
    window = _window(ground, offence, stretch, settings)
    if window is None:
        return None
    spans, labels = window.last - window.first, ground.record.spans.labels
    has = (window.used >= _FEWEST_REPORTED * spans) & (window.exposure > 0)
    y, n = np.where(has, window.events, np.nan), np.where(has, window.exposure, np.nan)
    shrunk, near = marshall(y, n), _near(ground, y, n)
    fitted, limits = funnel(y, n), None
    positions: list[str | None] = [None] * len(y)
    if fitted is not None:
        limits = _limits(fitted, n[has])
        low, high = fitted.limits(np.where(has, n, 1.0), FUNNEL_LEVELS[-1])
        rate = y / n
        above, below = rate > high, rate < low
        positions = [
            None if not known else "above" if over else "below" if under else "inside"
            for known, over, under in zip(has, above, below, strict=True)
        ]
    ends = garwood(y, n)
    association, with_both, islands = _association(ground, y, n, settings, rng)
    total_y, total_n = float(np.nansum(y)), float(np.nansum(n))
    low_end, high_end = garwood(total_y, total_n)
    together = total_y / total_n if total_n > 0 else np.nan
    overall = _estimate(ground, together, float(low_end), float(high_end), total_n, "garwood")
    between = shrunk.between[has]
    variation = (
        float(np.sqrt(between[0]) / shrunk.towards[has][0])
        if len(between) > 1 and total_y > 0
        else None
    )
    return OffenceRates(
        first=labels[window.first],
        last=labels[window.last - 1],
        spans=spans,
        overall=overall,
        between=variation,
        without_population=int(np.sum(~has & (window.reported >= _FEWEST_REPORTED * spans))),
        not_reported=int(np.sum(window.reported < _FEWEST_REPORTED * spans)),
        funnel=limits,
        association=association,
        association_places=with_both,
        islands=islands,
        areas=tuple(
            AreaRate(
                area=code,
                recorded=int(window.events[k]) if window.used[k] else None,
                spans=int(window.used[k]),
                rate=_estimate(ground, y[k] / n[k], ends[0][k], ends[1][k], n[k], "garwood"),
                shrunk=_shrunk(ground, shrunk, k, n[k], "marshall"),
                shrunk_near=_shrunk(ground, near, k, n[k], "marshall_near"),
                position=positions[k],
            )
            for k, code in enumerate(ground.codes)
        ),
    )


def _window(
    ground: AreaGround, offence: str, stretch: Stretch, settings: AreaPatternSettings
) -> _Window | None:
    """Sum over the last spans of a stretch for which any place is reported and has a population."""
    person_years = ground.person_years()[:, ground.places]
    reported = ground.why(offence)[:, ground.places] == Why.USED
    inside = np.zeros(len(reported), dtype=np.bool_)
    inside[stretch.first : stretch.last] = True
    used = reported & ~np.isnan(person_years) & inside[:, None]
    there = np.flatnonzero(used.any(axis=1))
    if len(there) == 0:
        return None
    last = int(there[-1]) + 1
    within = np.cumsum(ground.lengths[:last][::-1])[::-1] <= settings.rate_years + 0.02
    first = max(int(np.flatnonzero(within)[0]) if within.any() else last - 1, stretch.first)
    values = ground.series(offence).values[:, ground.places]
    part = slice(first, last)
    return _Window(
        first,
        last,
        np.where(used[part], values[part], 0).sum(axis=0, dtype=np.float64),
        np.where(used[part], person_years[part], 0.0).sum(axis=0),
        used[part].sum(axis=0),
        reported[part].sum(axis=0),
    )


def _near(ground: AreaGround, y: Floats, n: Floats) -> ShrunkRates:
    """Draw the rates of outlined places towards those around them."""
    outlined = _outlined_with(ground, np.ones(len(y), dtype=np.bool_))
    whole = np.full((6, len(y)), np.nan)
    if ground.cells is not None and len(outlined):
        cell = ground.cell_of_place[outlined]
        order = np.argsort(cell)
        mine = outlined[order]
        found = marshall(y[mine], n[mine], among(ground.cells.neighbours, cell[order]))
        parts = (found.value, found.low, found.high, found.towards, found.between, found.own)
        whole[:, mine] = np.array(parts)
    return ShrunkRates(*whole)


def _outlined_with(ground: AreaGround, which: Bools) -> Ints:
    return np.flatnonzero(ground.outlined & which)


def _association(
    ground: AreaGround,
    y: Floats,
    n: Floats,
    settings: AreaPatternSettings,
    rng: np.random.Generator,
) -> tuple[TestResult | None, int, int]:
    """Moran's I of standardised rates, over how many places, and how many of them are islands."""
    mine = _outlined_with(ground, np.isfinite(n))
    if ground.cells is None or len(mine) < _FEWEST_PLACES:
        return None, len(mine), 0
    cell = ground.cell_of_place[mine]
    order = np.argsort(cell)
    near = among(ground.cells.neighbours, cell[order])
    islands = int(np.sum(np.diff(near[0]) == 0))
    z = empirical_bayes_rates(y[mine][order], n[mine][order])
    value = float(morans_i(z, near)) if np.isfinite(z).all() else np.nan
    if not np.isfinite(value):
        return None, len(mine), islands
    return (
        TestResult(
            test=Hypothesis("morans_i_of_rates", {"permutations": settings.permutations}),
            statistic=value,
            p_value=morans_i_p_value(z, near, rng, settings.permutations),
            n=len(mine),
            unit=Denominator("places"),
            seed=settings.seed,
            source=_ASSUNCAO_REIS,
        ),
        len(mine),
        islands,
    )


def _limits(fitted: Funnel, n: Floats) -> FunnelLimits:
    points = np.geomspace(n.min(), n.max(), 60) if n.min() < n.max() else n[:1]
    ends = [fitted.limits(points, level) for level in FUNNEL_LEVELS]
    return FunnelLimits(
        target=PEOPLE * fitted.target,
        dispersion=fitted.dispersion,
        widened=fitted.widened,
        person_years=points,
        low=PEOPLE * np.array([low for low, _ in ends]),
        high=PEOPLE * np.array([high for _, high in ends]),
        by_chance=len(n) * (1.0 - FUNNEL_LEVELS[-1]),
    )


def _shrunk(ground: AreaGround, of: ShrunkRates, place: int, n: float, method: str) -> Estimate:
    return _estimate(ground, of.value[place], of.low[place], of.high[place], n, method)


def _estimate(
    ground: AreaGround, value: float, low: float, high: float, n: float, method: str
) -> Estimate:
    """Write a rate per 100,000 people and year, with who says how many people there are."""
    said = ground.populations
    known = bool(np.isfinite(value))
    return Estimate(
        value=PEOPLE * float(value) if known else None,
        low=PEOPLE * float(low) if known else None,
        high=PEOPLE * float(high) if known else None,
        level=0.95,
        method=Method(method if known else "none_no_rate"),
        n=round(float(n)) if np.isfinite(n) else 0,
        denominator=Denominator("person_years_unknown")
        if said is None
        else Denominator("person_years", {"source": said.source, "vintage": said.vintage}),
    )
