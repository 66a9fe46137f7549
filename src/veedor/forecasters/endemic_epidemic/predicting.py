"""What a fitted endemic-epidemic model expects: a period ahead, several ahead, and made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from veedor.arrays import Floats, Ints
from veedor.errors import StudyError, phrase
from veedor.forecasters.endemic_epidemic.design import Design, Values
from veedor.forecasters.endemic_epidemic.fitting import Fitted, fit
from veedor.forecasters.endemic_epidemic.panel import Panel
from veedor.forecasters.endemic_epidemic.specification import (
    AUTOREGRESSIVE,
    ENDEMIC,
    NEIGHBOURS,
    Model,
)
from veedor.forecasts import CountDistribution

Refit = Literal["rolling", "final"]

#: A mean above which a model is taken to grow without bound.
LARGEST_MEAN = 1e9
# Nothing is drawn of a mean of nothing.
_NOTHING = 1e-300


@dataclass(frozen=True, eq=False)
class OneStep:
    """Forecasts a period ahead.

    Parameters
    ----------
    periods : array of int, shape (m,)
        Numbers of the periods that were forecast.
    mean, dispersion : array, shape (m, areas)
        NaN where what a cell follows from was not reported.
    """

    periods: Ints
    mean: Floats
    dispersion: Floats


def one_step(
    model: Model, panel: Panel, first: int, last: int, refit: Refit = "rolling"
) -> OneStep:
    """Forecast each of some periods from what was recorded before it.

    Parameters
    ----------
    model : Model
    panel : Panel
    first, last : int
        Numbers of the first and the last period, from 0, to be forecast.
    refit : {"rolling", "final"}
        Fit to the periods before each, which is a forecast; or once to all counts of the panel,
        which is not: those values have seen what they are judged by.

    Raises
    ------
    StudyError
        If the periods are not among those of the panel that have one before them, or a fit does
        not converge.
    """
    if not 1 <= first <= last < len(panel.counts):
        raise StudyError(
            "Periods to be forecast one ahead must be in the panel, after its first.",
            found=phrase("{first} to {last}", first=first, last=last),
            where=phrase("{periods} periods", periods=len(panel.counts)),
        )
    periods = np.arange(first, last + 1)
    mean = np.empty((len(periods), panel.areas))
    dispersion = np.empty_like(mean)
    found = fit(model, panel).require_converged() if refit == "final" else None
    for row, period in enumerate(periods.tolist()):
        if refit == "rolling":
            found = fit(model, panel.until(period), found).require_converged()
        assert found is not None  # noqa: S101 - one of the two was done
        before = panel.counts[period - 1 : period]
        mean[row] = _mean(found.design, found.values, period, before)[0]
        mean[row, _unknown(found.design, panel, period)] = np.nan
        dispersion[row] = found.design.dispersion(found.values)
    return OneStep(periods, mean, dispersion)


@dataclass(frozen=True, eq=False)
class Moments:
    """Means and variances of counts to come.

    Parameters
    ----------
    mean, variance : array, shape (periods, areas)
    total_variance : array, shape (periods,)
        Of the sum over all areas, which rise and fall together.
    """

    mean: Floats
    variance: Floats
    total_variance: Floats

    @property
    def dispersion(self) -> Floats:
        """Dispersions of the negative binomials with these moments, shape (periods, areas)."""
        return np.maximum((self.variance - self.mean) / self.mean**2, 0.0)

    @property
    def total_dispersion(self) -> Floats:
        """Dispersions of the totals, shape (periods,)."""
        total = self.mean.sum(axis=1)
        alpha: Floats = np.maximum((self.total_variance - total) / total**2, 0.0)
        return alpha


def moments(fitted: Fitted, ahead: int) -> Moments:
    r"""Means and variances of the next periods, exactly, at the fitted values.

    The mean is linear in what was recorded, :math:`\mu_t = \nu_t + \Lambda_t Y_{t-1}`, so that

    .. math::

        m_t = \nu_t + \Lambda_t m_{t-1}, \qquad
        V_t = \Lambda_t \Sigma_{t-1} \Lambda_t^\top, \qquad
        \Sigma_t = V_t + \operatorname{diag}\left(m_t + \psi (m_t^2 + \operatorname{diag} V_t)
        \right).

    One period ahead a count is negative binomial; farther ahead it is a mixture, of which these
    are the moments.

    Parameters
    ----------
    fitted : Fitted
        On a panel whose covariates reach as far.
    ahead : int
        Periods after the last that has counts.

    Notes
    -----
    It begins at the last period of which every area was reported. Of those after, what was
    reported is taken as it is, and the rest as expected from the periods before. Where no period
    was reported by all, it begins at the first, with an area's average for what is missing.
    Memory is that of an areas x areas matrix.
    """
    design, values = fitted.design, fitted.values
    panel = design.panel
    begin, mean = _beginning(panel)
    spread = np.zeros((panel.areas, panel.areas))
    psi = design.dispersion(values)
    weights = _flows(design, values)
    found: list[tuple[Floats, Floats, float]] = []
    for period in range(begin + 1, _end(panel, ahead)):
        rates = {
            name: rate[0] for name, rate in design.rates(values, slice(period, period + 1)).items()
        }
        step = sparse.csr_array(
            sparse.diags_array(rates.get(AUTOREGRESSIVE, np.zeros(panel.areas)))
        )
        if weights is not None:
            step = sparse.csr_array(step + sparse.diags_array(rates[NEIGHBOURS]) @ weights)
        mean = rates.get(ENDEMIC, 0.0) + step @ mean
        spread = np.asarray(step @ np.asarray(step @ spread).T)
        own = np.diag_indices(panel.areas)
        spread[own] += mean + psi * (mean**2 + spread[own])
        if period < len(panel.counts):
            seen = panel.known[period]
            mean = np.where(seen, panel.counts[period], mean)
            spread[seen, :] = 0.0
            spread[:, seen] = 0.0
        else:
            found.append((mean, spread[own].copy(), float(spread.sum())))
    return Moments(
        np.array([one for one, _, _ in found]),
        np.array([one for _, one, _ in found]),
        np.array([one for _, _, one in found]),
    )


def paths(fitted: Fitted, ahead: int, rng: np.random.Generator, size: int) -> Ints:
    """Draw courses of the counts to come, shape (size, ahead, areas); see `moments`."""
    design, panel = fitted.design, fitted.design.panel
    begin, start = _beginning(panel)
    course = _draw(design, fitted.values, begin, _end(panel, ahead), start, rng, size)
    return course[:, len(panel.counts) - begin - 1 :]


def simulate(design: Design, values: Values, rng: np.random.Generator) -> Ints:
    """Make up counts of all of a panel's periods, the first as it is, shape (periods, areas).

    Parameters
    ----------
    design : Design
        Only the first row of its panel's counts is read.
    values : Values
    rng : numpy.random.Generator
    """
    panel = design.panel.until(1)
    alone = Design(design.model, panel)
    first = panel.counts[0]
    course = _draw(alone, values, 0, panel.all_periods, first, rng, 1)[0]
    return np.concatenate([first[None].astype(np.int64), course])


def _draw(
    design: Design,
    values: Values,
    begin: int,
    end: int,
    start: Floats,
    rng: np.random.Generator,
    size: int,
) -> Ints:
    """Courses of the periods after `begin`, shape (size, end - begin - 1, areas)."""
    panel, psi = design.panel, design.dispersion(values)
    now = np.broadcast_to(start, (size, panel.areas))
    found = np.empty((size, end - begin - 1, panel.areas), dtype=np.int64)
    for row, period in enumerate(range(begin + 1, end)):
        mean = _mean(design, values, period, now)
        if not bool((mean < LARGEST_MEAN).all()):
            raise StudyError(
                "Courses of an endemic-epidemic model must stay within bounds.",
                found=phrase("a mean of {mean:.1e} in period {n}", mean=mean.max(), n=period),
                remedy="draw fewer periods ahead, or from a model in which echoes fade",
            )
        counts = CountDistribution(np.maximum(mean, _NOTHING), psi).sample(rng, 1)[0]
        if period < len(panel.counts):
            counts = np.where(panel.known[period], panel.counts[period], counts)
        found[:, row] = counts
        now = found[:, row].astype(np.float64)
    return found


def _mean(design: Design, values: Values, period: int, previous: Floats) -> Floats:
    """Expected counts of one period, for each row of what was recorded before."""
    parts = design.means(values, slice(period, period + 1), previous)
    mean: Floats = np.sum([np.broadcast_to(one, previous.shape) for one in parts.values()], axis=0)
    return mean


def _flows(design: Design, values: Values) -> sparse.csr_array | None:
    """Weights by which each area is reached, a row an area; None without a neighbour part."""
    if NEIGHBOURS not in design.model.parts:
        return None
    return sparse.csr_array(design.spreading.at(design.log_decay(values)).T)


def _unknown(design: Design, panel: Panel, period: int) -> Ints:
    """Areas of which something that they follow from was not reported."""
    missing = ~panel.known[period - 1]
    unknown = np.zeros(panel.areas, dtype=bool)
    if AUTOREGRESSIVE in design.model.parts:
        unknown |= missing
    if NEIGHBOURS in design.model.parts:
        unknown |= design.spreading.unknown((~missing)[None].astype(np.float64))[0] > 0.5
    return np.flatnonzero(unknown)


def _beginning(panel: Panel) -> tuple[int, Floats]:
    """Last period that was reported by all, and its counts; see `moments`."""
    whole = np.flatnonzero(panel.known.all(axis=1))
    if whole.size:
        begin = int(whole[-1])
        return begin, panel.counts[begin]
    reported = panel.known.sum(axis=0)
    average = panel.counts.sum(axis=0) / np.maximum(reported, 1)
    average[reported == 0] = panel.counts.sum() / max(int(reported.sum()), 1)
    return 0, np.where(panel.known[0], panel.counts[0], np.round(average))


def _end(panel: Panel, ahead: int) -> int:
    end = len(panel.counts) + ahead
    if not len(panel.counts) < end <= panel.all_periods:
        raise StudyError(
            "Periods ahead must be at least one, and the covariates must reach as far.",
            found=phrase("{ahead} ahead", ahead=ahead),
            where=phrase(
                "covariates of {periods} periods, counts of {counts}",
                periods=panel.all_periods,
                counts=len(panel.counts),
            ),
        )
    return end
