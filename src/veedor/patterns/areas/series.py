"""Trends and level shifts of areas, told apart from what was not reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats
from veedor.patterns.areas.ground import DOUBTED, AreaGround, LeftOut, Stretch, Why, runs
from veedor.patterns.areas.trends import Trend, common_season, trend
from veedor.patterns.breaks import SHORTEST, Shift, Shifts, find_shifts, usual_carried
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

#: Recorded incidents a span that a series needs for its level to be looked at.
FEWEST_A_SPAN = 0.5
#: Share of all that areas which were not reported must usually record for a sum to lack them.
_MATTERS = 0.01
#: An interval of a logarithm that is wider tells nothing: departures last, and spans are few.
_WIDEST = 20.0


class AreaShift(Shift, frozen=True, kw_only=True):
    """A `Shift` with the label of the first span of the new level.

    Parameters
    ----------
    first : str
    beside : tuple of LeftOut
        Spans just before it that were not reported, or look so: then the level may be lower on one
        side because less was reported, and it is neither a rise nor a fall.
    """

    first: str
    beside: tuple[LeftOut, ...] = ()


class AreaSeries(msgspec.Struct, frozen=True):
    """The course of one offence in one area.

    Parameters
    ----------
    area : str or None
        Its code; None: all areas together, residual ones too.
    recorded : int
        In the spans that are used.
    spans : int
        Used.
    left_out : tuple of LeftOut
        All others of the stretch.
    per_people : bool
        Whether it is held against the population, and not against the length of spans alone.
    change : Estimate
        Yearly change of the trend: 0.1 is 10% more a year. Undefined for under two years, 8 spans
        or 10 incidents; its interval also where so much of a departure lasts that spans are too
        few to tell.
    trend_p, trend_q : float or None
        Of there being no trend; q over all tests of the page.
    shift_p, shift_q : float or None
        Of there being no level shift, whenever it may be; likewise.
    shifts : tuple of AreaShift
        Empty where the q-value is above the false discovery rate.
    dispersion, carried : float or None
        Variance by mean about the trend, and the share of a departure that lasts into the next
        span.
    """

    area: str | None
    recorded: int
    spans: int
    left_out: tuple[LeftOut, ...]
    per_people: bool
    change: Estimate
    trend_p: float | None
    shift_p: float | None
    dispersion: float | None
    carried: float | None
    trend_q: float | None = None
    shift_q: float | None = None
    shifts: tuple[AreaShift, ...] = ()

    @property
    def doubted(self) -> tuple[LeftOut, ...]:
        """What was not reported, or looks so, though other spans of the area were."""
        return tuple(one for one in self.left_out if one.why in _DOUBTED)


_DOUBTED = tuple(why.name.lower() for why in DOUBTED)


@dataclass(frozen=True, eq=False)
class Counted:
    """One series before it is tested: used spans in order.

    Parameters
    ----------
    area : str or None
    counts, exposure : array, shape (used,)
    at : array of int, shape (used,)
        Which spans of the stretch these are.
    left_out : tuple of LeftOut
    per_people : bool
    """

    area: str | None
    counts: Floats
    exposure: Floats
    at: npt.NDArray[np.int64]
    left_out: tuple[LeftOut, ...]
    per_people: bool


@dataclass(frozen=True, eq=False)
class Fitted:
    """A series with its trend, whose level can be looked at.

    Parameters
    ----------
    counted : Counted
    found : Trend or None
    level : array, shape (used,)
        What counts are expected to be in proportion to without a shift.
    carried : float or None
        What series of this kind carry on average; None where this one has too few incidents.
    labels : tuple of str
        Of the spans of the stretch.
    rng : numpy.random.Generator
    """

    counted: Counted
    found: Trend | None
    level: Floats
    carried: float | None
    labels: tuple[str, ...]
    rng: np.random.Generator

    def described(self, simulations: int, few_beyond: int = 0) -> AreaSeries:
        """Look for level shifts, by so many simulations, and say all that was found."""
        shifts = None
        if self.carried is not None:
            shifts = find_shifts(
                self.counted.counts,
                self.level,
                self.rng,
                simulations=simulations,
                least_carried=self.carried,
                few_beyond=few_beyond,
            )
        return _described(self.counted, self.found, shifts, self.labels)


def series_of(
    ground: AreaGround, offence: str, stretch: Stretch, rng: np.random.Generator
) -> tuple[Fitted, ...]:
    """Series of an offence with their trends: all areas together first, then each place.

    Cells that were not reported, look so, are provisional or corrections are left out, and said.

    Parameters
    ----------
    ground : AreaGround
    offence : str
    stretch : Stretch
        Of `AreaGround.stretch`, or any other.
    rng : numpy.random.Generator

    Raises
    ------
    BrokenSeriesError
        If a break lies inside of the stretch.
    """
    ground.require_unbroken(offence, stretch.first, stretch.last)
    counted = counted_series(ground, offence, stretch)
    years = ground.years[stretch.first : stretch.last]
    if not len(years):
        return ()
    season = _season(counted, years)
    exposures = [one.exposure * season[one.at] for one in counted]
    alone = [trend(one.counts, e, years[one.at]) for one, e in zip(counted, exposures, strict=True)]
    known = [one.carried for one in alone if one is not None]
    least = float(np.mean(known)) if known else 0.0
    trends = [
        None if first is None else trend(one.counts, e, years[one.at], least_carried=least)
        for one, e, first in zip(counted, exposures, alone, strict=True)
    ]
    levels = [
        e if found is None else found.level for e, found in zip(exposures, trends, strict=True)
    ]
    enough = [
        len(one.counts) >= 2 * SHORTEST and one.counts.mean() >= FEWEST_A_SPAN for one in counted
    ]
    lasting = usual_carried(
        [
            (one.counts, level)
            for one, level, yes in zip(counted, levels, enough, strict=True)
            if yes
        ]
    )
    labels = ground.record.spans.labels[stretch.first : stretch.last]
    return tuple(
        Fitted(one, found, level, lasting if yes else None, labels, own)
        for one, found, level, yes, own in zip(
            counted, trends, levels, enough, rng.spawn(len(counted)), strict=True
        )
    )


def counted_series(ground: AreaGround, offence: str, stretch: Stretch) -> list[Counted]:
    """Gather the series of a stretch: all areas together, then each place.

    All areas together lack a span for which areas were not reported that record, where they are, a
    hundredth of all or more; and any that one area alone lacks for another reason.
    """
    record, part = ground.record, slice(stretch.first, stretch.last)
    labels = record.spans.labels[part]
    values = ground.series(offence).values[part].astype(np.float64)
    why = ground.why(offence)[part]
    people = ground.person_years()[part]
    lengths = ground.lengths[part]
    leaves = record.leaves
    places = ground.places
    everyone = people[:, places].sum(axis=1)
    whole = _together(values[:, leaves], why[:, leaves])
    series = [_counted(None, values[:, leaves].sum(axis=1), whole, everyone, lengths, labels)]
    series += [
        _counted(
            record.areas[place].code,
            values[:, place], why[:, place], people[:, place], lengths, labels,
        )
        for place in places
    ]  # fmt: skip
    return series


def _together(values: Floats, why: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Why spans of all areas together are left out.

    An area to which the offence is not applicable lacks nothing, and a correction belongs to the
    sum, unless it is more than all of it. What was not reported, or looks so, matters where the
    areas usually record a hundredth of all.
    """
    used = why == Why.USED
    usual = np.where(used, values, 0.0).sum(axis=0) / np.maximum(used.sum(axis=0), 1)
    share = usual / usual.sum() if usual.sum() > 0 else np.ones(len(usual))
    doubted = np.isin(why, DOUBTED)
    passed_over = (doubted @ share < _MATTERS) & ~doubted.all(axis=1)
    held = np.isin(why, (Why.NOT_APPLICABLE, Why.CORRECTION)) | (doubted & passed_over[:, None])
    lacks = np.where(held, Why.USED, why)
    whole = lacks.max(axis=1, initial=Why.USED)
    whole[values.sum(axis=1) < 0] = Why.CORRECTION
    whole[(lacks == Why.LOOKS_UNREPORTED).any(axis=1)] = Why.LOOKS_UNREPORTED
    whole[(lacks == Why.NOT_REPORTED).any(axis=1)] = Why.NOT_REPORTED
    whole[(why == Why.NOT_APPLICABLE).all(axis=1)] = Why.NOT_APPLICABLE
    found: npt.NDArray[np.uint8] = whole.astype(np.uint8)
    return found


def _counted(
    area: str | None,
    values: Floats,
    why: npt.NDArray[np.uint8],
    people: Floats,
    lengths: Floats,
    labels: tuple[str, ...],
) -> Counted:
    used: Bools = why == Why.USED
    # Years without a population would leave a gap that is none of the recording.
    per_people = bool(used.any() and not np.isnan(people[used]).any())
    exposure = people if per_people else lengths
    return Counted(
        area, values[used], exposure[used], np.flatnonzero(used), runs(why, labels), per_people
    )


def _season(counted: Sequence[Counted], years: Floats) -> Floats:
    """Season that the places have in common, each expected at its own level where it is used."""
    total, expected = np.zeros(len(years)), np.zeros(len(years))
    for one in counted[1:]:
        if one.counts.sum() > 0:
            total[one.at] += one.counts
            expected[one.at] += one.exposure * one.counts.sum() / one.exposure.sum()
    return common_season(total, expected, years)


def _described(
    one: Counted, found: Trend | None, shifts: Shifts | None, labels: tuple[str, ...]
) -> AreaSeries:
    recorded = int(one.counts.sum())
    low, high = (np.nan, np.nan) if found is None else found.interval()
    told = bool(high - low < _WIDEST)
    return AreaSeries(
        area=one.area,
        recorded=recorded,
        spans=len(one.counts),
        left_out=one.left_out,
        per_people=one.per_people,
        change=Estimate(
            value=None if found is None else float(np.expm1(found.slope)),
            low=float(np.expm1(low)) if told else None,
            high=float(np.expm1(high)) if told else None,
            level=0.95,
            method=Method("quasi_poisson_trend" if found is not None else "none_short_series"),
            n=recorded,
            denominator=Denominator("recorded_in_spans", {"spans": len(one.counts)}),
        ),
        trend_p=None if found is None else found.p_value,
        shift_p=None if shifts is None else shifts.p_value,
        dispersion=None if found is None else found.dispersion,
        carried=None if found is None else found.carried,
        shifts=()
        if shifts is None
        else tuple(_dated(shift, one, labels) for shift in shifts.shifts),
    )


def _dated(shift: Shift, one: Counted, labels: tuple[str, ...]) -> AreaShift:
    """Name the span of a shift, and what was left out just before it."""
    at, before = int(one.at[shift.at]), int(one.at[shift.at - 1])
    gap = labels[before + 1 : at]
    beside = tuple(left for left in one.left_out if left.first in gap and left.why in _DOUBTED)
    return AreaShift(**msgspec.structs.asdict(shift), first=labels[at], beside=beside)
