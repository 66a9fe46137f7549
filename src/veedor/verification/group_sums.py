"""Calibration of sums of cells: a check that sparse cells cannot pass whatever they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Ints
from veedor.forecasts import CountDistribution
from veedor.forecasts.sums import common_variance
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import Estimate, TestResult
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.pit import pit_cdf

INDEPENDENT, TOGETHER = "independent", "together"
_SOURCE = (
    "Czado, C., Gneiting, T. & Held, L. (2009). Predictive model assessment for count data. "
    "Biometrics 65, 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x"
)


class GroupSum(msgspec.Struct, frozen=True):
    """Sums of one group of cells, one a period.

    Parameters
    ----------
    group : int
    cells : float
        Cells of the group, mean over periods.
    expected, recorded : float
        Incidents of all its cells a period, mean over periods.
    spread : float
        Mean of squared errors by forecast variances: 1 where calibrated, above where too sure.
    coverage : tuple of (float, Estimate)
        Level of a central interval, and the share of periods whose sum lay in it.
    """

    group: int
    cells: float
    expected: float
    recorded: float
    spread: float
    coverage: tuple[tuple[float, Estimate], ...]


class SumCalibration(msgspec.Struct, frozen=True):
    """Calibration of the sums of groups of cells.

    Parameters
    ----------
    dependence : str
        `INDEPENDENT` or `TOGETHER`: how the distribution of a sum was made.
    groups : tuple of GroupSum
    result : TestResult
        Of all groups at once.
    """

    dependence: str
    groups: tuple[GroupSum, ...]
    result: TestResult


def calibration_of_sums(
    distribution: CountDistribution,
    observed: Ints,
    group: Ints,
    bootstrap: BlockBootstrap,
    *,
    totals: CountDistribution | None = None,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    simulations: int = 999,
    seed: int = 0,
) -> SumCalibration:
    r"""Hold the sum of each group of cells in each period against its forecast distribution.

    Most cells expect far less than one incident, and then nearly every count is 0 whatever the
    forecast states: the PIT and the intervals of single cells cannot fail. Sums over groups can.
    With cell means :math:`\mu_c` and dispersions :math:`\alpha_c`, the sum over group g is taken as
    a negative binomial of mean :math:`m_g = \sum \mu_c` and variance

    .. math:: v_g = m_g + \sum_{c \in g} \alpha_c \mu_c^2
              + \tau \left(m_g^2 - \sum_{c \in g} \mu_c^2\right).

    Where a forecast states the dispersion of the total of all cells, tau is what makes the variance
    of all cells together the one that it states: cells rise and fall by a common factor of variance
    tau. Otherwise cells are independent and tau is 0.

    The test asks for two things: whether errors are as large as stated, by
    :math:`S = \sum (y - m)^2 / v` over groups and periods, on both sides; and whether some groups
    are too high or low throughout, by :math:`\sum_g (\sum_t (y - m))^2 / \sum_t v`. Both are held
    against simulations of the forecast; the p-value is twice the smaller of the two.

    Parameters
    ----------
    distribution : CountDistribution, shape (periods, cells)
    observed : array of int, shape (periods, cells)
    group : array of int, shape (cells,) or (periods, cells)
        Bin of each forecast (`reliability_bins`), or zone. Below 0 is in no group.
    bootstrap : BlockBootstrap
        Of the periods.
    totals : CountDistribution, shape (periods,), optional
        Of all cells together, where the forecast states how uncertain they are.
    levels : sequence of float in (0, 1)
    simulations : int
    seed : int

    Returns
    -------
    SumCalibration
        The statistic is S by its number of terms: 1 where calibrated, above where too sure, below
        where too unsure.

    Notes
    -----
    Groups that expect less than about one incident a period say little. The number of terms and
    the sums they expect stand beside the result. Time: periods times cells.

    References
    ----------
    Czado, C., Gneiting, T. & Held, L. (2009). Predictive model assessment for count data.
    Biometrics 65, 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x

    Examples
    --------
    >>> forecast = CountDistribution(np.full((30, 400), 0.02), 0.0)  # 8 a period
    >>> seen = np.zeros((30, 400), dtype=int)
    >>> seen[::2, :16] = 1  # 16 and 0 in turn: no Poisson sums
    >>> weeks = BlockBootstrap(np.arange(30), np.random.default_rng(0))
    >>> found = calibration_of_sums(forecast, seen, np.zeros(400, dtype=int), weeks)
    >>> round(found.result.statistic, 6), found.result.p_value, found.groups[0].coverage[0][1].value
    (8.0, 0.004, 0.0)
    """
    sums = _Sums.of(distribution, observed, group, totals)
    there = sums.mean > 0.0
    forecast = CountDistribution(
        sums.mean[there], np.maximum(sums.variance - sums.mean, 0.0)[there] / sums.mean[there] ** 2
    )
    edges = np.array([(1.0 + side * level) / 2.0 for level in levels for side in (-1, 1)])
    ends = np.zeros((len(edges), *there.shape))
    ends[:, there] = pit_cdf(forecast, sums.recorded[there].astype(np.int64), edges)
    groups = []
    for number in np.flatnonzero(there.any(axis=1)).tolist():
        mine = there[number]
        error = (sums.recorded - sums.mean)[number, mine]
        held = [ends[2 * k + 1, number] - ends[2 * k, number] for k in range(len(levels))]
        covered = [
            bootstrap.ratio(inside, mine.astype(np.float64), of=Denominator("periods"))
            for inside in held
        ]
        groups.append(
            GroupSum(
                group=number,
                cells=float(sums.cells[number, mine].mean()),
                expected=float(sums.mean[number, mine].mean()),
                recorded=float(sums.recorded[number, mine].mean()),
                spread=float(np.mean(error**2 / sums.variance[number, mine])),
                coverage=tuple(zip(levels, covered, strict=True)),
            )
        )
    return SumCalibration(
        INDEPENDENT if totals is None else TOGETHER,
        tuple(groups),
        _test(sums, there, simulations, seed),
    )


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over the groups of each period, shape (groups, periods); tau of shape (periods,)."""

    cells: Floats
    mean: Floats
    own: Floats
    square: Floats
    recorded: Floats
    tau: Floats

    @classmethod
    def of(
        cls,
        distribution: CountDistribution,
        observed: Ints,
        group: Ints,
        totals: CountDistribution | None,
    ) -> _Sums:
        label = np.broadcast_to(group, observed.shape)
        groups = int(label.max(initial=-1)) + 1
        found = np.zeros((5, groups, len(observed)))
        tau = np.zeros(len(observed))
        for period, labels in enumerate(label):
            mean = distribution.mean[period]
            square = mean**2
            own = distribution.dispersion[period] * square
            mine = labels >= 0
            for row, weight in zip(
                found, (np.ones_like(mean), mean, own, square, observed[period]), strict=True
            ):
                row[:, period] = np.bincount(labels[mine], weights=weight[mine], minlength=groups)
            if totals is not None:
                tau[period] = common_variance(mean, own, float(totals.dispersion[period]))
        cells, means, owns, squares, recorded = found
        return cls(cells, means, owns, squares, recorded, tau)

    @property
    def variance(self) -> Floats:
        """Forecast variance of each sum."""
        variance: Floats = self.mean + self.own + self.tau * (self.mean**2 - self.square)
        return variance

    def draw(self, rng: np.random.Generator, size: int) -> Ints:
        """Sums as the forecast has them, shape (size, groups, periods)."""
        common = np.ones((size, 1, len(self.tau)))
        some = self.tau > 0.0
        shape = 1.0 / self.tau[some]
        common[:, 0, some] = rng.standard_gamma(shape, (size, len(shape))) / shape
        left = np.maximum(self.own - self.tau * self.square, 0.0)
        scale = self.mean**2 * (1.0 + self.tau)
        alone = np.divide(left, scale, out=np.zeros_like(left), where=scale > 0.0)
        rate = common * self.mean
        varied = alone > 1e-12
        size_of = 1.0 / alone[varied]
        rate[:, varied] *= rng.standard_gamma(size_of, (size, len(size_of))) / size_of
        return rng.poisson(rate)


def _test(sums: _Sums, there: Bools, simulations: int, seed: int) -> TestResult:
    drawn = sums.draw(np.random.default_rng(seed), simulations)
    variance = np.where(there, sums.variance, 1.0)
    whole = np.maximum(np.where(there, sums.variance, 0.0).sum(axis=1), np.finfo(np.float64).tiny)

    def statistics(recorded: npt.NDArray[Any]) -> tuple[Floats, Floats]:
        error = np.where(there, recorded - sums.mean, 0.0)
        return (
            (error**2 / variance).sum(axis=(-2, -1)),
            (error.sum(axis=-1) ** 2 / whole).sum(axis=-1),
        )

    spread, lean = statistics(sums.recorded)
    spreads, leans = statistics(drawn)
    above, below = _share(spreads >= spread), _share(spreads <= spread)
    p_value = min(1.0, 2.0 * min(2.0 * min(above, below), _share(leans >= lean)))
    terms = int(there.sum())
    return TestResult(
        test=Hypothesis("sums_of_cells"),
        statistic=float(spread) / terms if terms else None,
        p_value=p_value if terms else None,
        n=terms,
        unit=Denominator("sums_of_cells"),
        seed=seed,
        source=_SOURCE,
    )


def _share(reached: Bools) -> float:
    return (float(reached.sum()) + 1.0) / (len(reached) + 1.0)
