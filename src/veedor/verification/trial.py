"""`Trial`: what is tried, row by row: forecasts of one category, and what was then recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.errors import StudyError, phrase
from veedor.forecasts import CountDistribution, Forecast, require_same_ground
from veedor.spacetime import Cells, Counts
from veedor.spacetime.periods import local_iso
from veedor.verification.implied import ImpliedGain, implied_gain
from veedor.verification.places import CHANCE, ORACLE

_WEEK, _HOUR = np.timedelta64(7, "D"), np.timedelta64(1, "h")


@dataclass(frozen=True, eq=False)
class ForecastSeries:
    """All forecasts of one forecaster and category, a row for each period of each.

    Parameters
    ----------
    cells : CountDistribution, shape (n, cells)
    totals : CountDistribution, shape (n,)
    totals_stated : bool
        Whether the maker said how uncertain totals are; otherwise cells are taken as independent.
    """

    cells: CountDistribution
    totals: CountDistribution
    totals_stated: bool

    @classmethod
    def of(cls, forecasts: Sequence[Forecast]) -> ForecastSeries:
        """Put forecasts of one maker and category one after another."""
        totals = [forecast.totals for forecast in forecasts]
        stated = all(forecast.total_dispersion is not None for forecast in forecasts)
        if len(forecasts) == 1:
            return cls(forecasts[0].distribution, totals[0], stated)
        return cls(
            CountDistribution(
                np.concatenate([forecast.mean for forecast in forecasts]),
                np.concatenate([forecast.distribution.dispersion for forecast in forecasts]),
            ),
            CountDistribution(
                np.concatenate([one.mean for one in totals]),
                np.concatenate([one.dispersion for one in totals]),
            ),
            stated,
        )

    def rescaled(self, totals: Floats) -> CountDistribution:
        """Distributions of the cells when every row's means are scaled to the given totals."""
        return self.cells.scaled((totals / self.totals.mean)[:, None])

    def same_as(self, other: ForecastSeries) -> bool:
        """Whether both state the same, but for rounding."""
        return all(
            np.allclose(mine, theirs, rtol=1e-9, atol=0.0)
            for mine, theirs in (
                (self.cells.mean, other.cells.mean),
                (self.cells.dispersion, other.cells.dispersion),
            )
        )

    def implied_gain(self, reference: ForecastSeries) -> ImpliedGain:
        """Moments of the information gain over a reference; see `veedor.verification`."""
        return implied_gain(
            self.cells,
            reference.cells,
            forecast_totals=self.totals,
            reference_totals=reference.totals,
        )

    def gain_of_places(self, reference: ForecastSeries, observed: Ints) -> Floats:
        r"""Gain by period of where counts are expected, not of how many, nor how dispersed.

        Of means as Poisson rates, scaled to the reference's totals: :math:`\sum_c y_c \log (q_c /
        \mu_c)` where both sums agree, shape (n,).
        """
        means = self.rescaled(reference.totals.mean).mean
        theirs = reference.cells.mean
        gain: Floats = (observed * np.log(means / theirs) - (means - theirs)).sum(axis=1)
        return gain

    def same_places_as(self, reference: ForecastSeries) -> bool:
        """Whether both expect the same share of the total in each cell, but for rounding."""
        means = self.rescaled(reference.totals.mean).mean
        return bool(np.allclose(means, reference.cells.mean, rtol=1e-9, atol=0.0))

    def implied_gain_of_places(self, reference: ForecastSeries) -> ImpliedGain:
        """Moments of `gain_of_places`."""
        return implied_gain(
            self.rescaled(reference.totals.mean),
            reference.cells,
            forecast_totals=CountDistribution(reference.totals.mean, self.totals.dispersion),
            reference_totals=reference.totals,
            means_only=True,
        )

    def take(self, rows: Ints) -> ForecastSeries:
        """Return some of the rows."""
        return ForecastSeries(
            CountDistribution(self.cells.mean[rows], self.cells.dispersion[rows]),
            CountDistribution(self.totals.mean[rows], self.totals.dispersion[rows]),
            self.totals_stated,
        )


@dataclass(frozen=True, eq=False)
class CategoryTotals:
    """Of one category what a test of all categories together needs.

    Parameters
    ----------
    start, end : array of datetime64, shape (n,)
        Of the periods, each once.
    observed : array of int, shape (n,)
        Recorded in all cells.
    forecasts : mapping of str to CountDistribution, shape (n,)
        Totals, by forecaster.
    """

    start: Instants
    end: Instants
    observed: Ints
    forecasts: Mapping[str, CountDistribution]


@dataclass(frozen=True, eq=False)
class Trial:
    """Rows (a period, as forecast from one issue time), cells, and what was recorded there.

    Parameters
    ----------
    category : str
    cells : Cells
    start, end : array of datetime64, shape (n,)
        Of the periods, ascending.
    lead_time : array of int, shape (n,)
        1 for the first period after the issue, 2 for the next.
    time_zone : str
    observed : array of int, shape (n, cells)
    unlocated, outside : array of int, shape (n,)
    forecasts : mapping of str to ForecastSeries
        By forecaster, the reference first.
    reference : str
        The one that all are compared with.
    reference_made : bool
        Whether veedor made it, from the record before each issue time.
    zones : (names, number of each cell's zone) or None
        -1 for a cell whose centre is in no zone.
    """

    category: str
    cells: Cells
    start: Instants
    end: Instants
    lead_time: Ints
    time_zone: str
    observed: Ints
    unlocated: Ints
    outside: Ints
    forecasts: Mapping[str, ForecastSeries]
    reference: str
    reference_made: bool = False
    zones: tuple[tuple[str, ...], Ints] | None = None

    @classmethod
    def of(
        cls,
        forecasts: Mapping[str, Sequence[Forecast]],
        counts: Sequence[Counts],
        *,
        reference: str,
        time_zone: str,
        reference_made: bool = False,
        covered: Bools | None = None,
        zones: tuple[tuple[str, ...], Ints] | None = None,
    ) -> Trial:
        """Lay forecasts and what was recorded side by side, rows by period and lead time.

        Parameters
        ----------
        forecasts : mapping of str to sequence of Forecast
            By forecaster, for the same cells and periods.
        counts : sequence of Counts
            In the periods of each of one maker's forecasts, in their order.
        reference, time_zone : str
        reference_made : bool
        covered : array of bool, shape (all periods,), optional
            Periods that the record covers; the others are left out.
        zones : optional
            As of the class.

        Raises
        ------
        StudyError
            If the reference is none of them, a name is taken, or makers do not forecast the same
            number of times.
        SameGroundError
            If they do not forecast the same cells and periods.
        """
        require_comparable(forecasts)
        if reference not in forecasts:
            raise StudyError(
                "The reference must be one of the forecasters.",
                found=reference,
                where=phrase("forecast by {forecasts}", forecasts=", ".join(forecasts)),
            )
        one = next(iter(forecasts.values()))
        start = np.concatenate([each.periods.start for each in one])
        lead = np.concatenate([_lead_time(each) for each in one])
        kept = np.arange(len(start)) if covered is None else np.flatnonzero(covered)
        order = kept[np.lexsort((lead[kept], start[kept]))]
        whole = np.array_equal(order, np.arange(len(start)))
        names = [reference, *(name for name in forecasts if name != reference)]
        series = {name: ForecastSeries.of(forecasts[name]) for name in names}
        return cls(
            category=one[0].category,
            cells=one[0].cells,
            start=start[order],
            end=np.concatenate([each.periods.end for each in one])[order],
            lead_time=lead[order],
            time_zone=time_zone,
            observed=np.concatenate([each.values for each in counts])[order],
            unlocated=np.concatenate([each.unlocated for each in counts])[order],
            outside=np.concatenate([each.outside for each in counts])[order],
            forecasts=series
            if whole
            else {name: stated.take(order) for name, stated in series.items()},
            reference=reference,
            reference_made=reference_made,
            zones=zones,
        )

    def __len__(self) -> int:
        return len(self.start)

    @property
    def weeks(self) -> Ints:
        """Number of the week, counted from the first period, in which each row's period begins."""
        if len(self) == 1:
            return np.zeros(1, dtype=np.int64)
        number = np.floor((self.start - self.start[0]) / _WEEK + 1e-2)
        return np.unique(number, return_inverse=True)[1].astype(np.int64)

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Beginnings and ends of the periods, local ISO 8601."""
        return (
            tuple(local_iso(instant, self.time_zone) for instant in self.start),
            tuple(local_iso(instant, self.time_zone) for instant in self.end),
        )

    @property
    def incidents(self) -> Floats:
        """Recorded in all cells, shape (n,)."""
        incidents: Floats = self.observed.sum(axis=1).astype(np.float64)
        return incidents

    @property
    def totals(self) -> CategoryTotals:
        """Totals over the cells, of each period's last forecast."""
        latest = self.latest()
        return CategoryTotals(
            latest.start,
            latest.end,
            latest.observed.sum(axis=1),
            {name: series.totals for name, series in latest.forecasts.items()},
        )

    def take(self, rows: Ints) -> Trial:
        """Return some of the rows."""
        return replace(
            self,
            start=self.start[rows],
            end=self.end[rows],
            lead_time=self.lead_time[rows],
            observed=self.observed[rows],
            unlocated=self.unlocated[rows],
            outside=self.outside[rows],
            forecasts={name: one.take(rows) for name, one in self.forecasts.items()},
        )

    def latest(self) -> Trial:
        """Each period once, by the forecast that was issued last before it."""
        order = np.lexsort((self.lead_time, self.start))
        first = np.ones(len(order), dtype=bool)
        first[1:] = self.start[order][1:] != self.start[order][:-1]
        return self if first.all() else self.take(np.sort(order[first]))


def require_comparable(forecasts: Mapping[str, Sequence[Forecast]]) -> None:
    """Refuse forecasters of a category that do not forecast the same, or take another's name.

    Raises
    ------
    StudyError
        If a name is taken, or makers do not forecast the same number of times.
    SameGroundError
        If they do not forecast the same cells and periods.
    """
    (first, theirs), *others = forecasts.items()
    where = f"category {theirs[0].category}"
    if taken := sorted({CHANCE, ORACLE} & forecasts.keys()):
        raise StudyError(
            phrase(
                "No forecaster may be named {chance} or {oracle}: rankings that stand beside "
                "every other are.",
                chance=repr(CHANCE),
                oracle=repr(ORACLE),
            ),
            found=", ".join(taken),
            where=where,
            remedy="give it another name in the column forecaster",
        )
    for name, made in others:
        if len(made) != len(theirs):
            raise StudyError(
                "Forecasters must forecast the same periods to be compared.",
                found=phrase(
                    "{n_theirs} forecasts by {first} and {n_made} by {name}",
                    n_theirs=len(theirs),
                    first=first,
                    n_made=len(made),
                    name=name,
                ),
                where=where,
                remedy="give the files of the same issue times of each",
            )
        for one, other in zip(theirs, made, strict=True):
            require_same_ground(one, other)


def _lead_time(forecast: Forecast) -> Ints:
    """1 for the first period after the issue, 2 for the next, and so on."""
    since = (forecast.periods.start - forecast.issued_at) / _HOUR
    lead: Ints = np.floor(since / forecast.periods.hours + 0.05).astype(np.int64)
    return lead + 1
