r"""Is a forecast compatible with what was recorded? L-, CL-, S- and M-like tests.

All are one-sided, by simulation: with L the log likelihood of what was recorded and
:math:`L_1, L_2, \ldots, L_R` those of counts drawn from the forecast,

.. math:: p = \frac{1 + \#\{r : L_r \le L\}}{R + 1}.

Near 0, the record is less likely than the forecast's own draws: the forecast is not compatible with
it. Near 1, it is more likely than they are: no rejection, but a sign that the forecast is vaguer
than it need be. Cells are taken as independent given the forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.errors import SameGroundError, phrase
from veedor.forecasts import CountDistribution
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import TestResult
from veedor.verification.count_simulation import CountSimulator, SparseCounts

#: Families of count distributions, as codes.
POISSON, NEGATIVE_BINOMIAL = "poisson", "negative_binomial"
_SMALL_COUNTS = 4
_SAME = 1e-10
_SCHORLEMMER = (
    "Schorlemmer, D., Gerstenberger, M. C., Wiemer, S., Jackson, D. D. & Rhoades, D. A. (2007). "
    "Earthquake likelihood model testing. Seismological Research Letters 78, 17-29. "
    "https://doi.org/10.1785/gssrl.78.1.17"
)
_WERNER = (
    "Werner, M. J., Helmstetter, A., Jackson, D. D. & Kagan, Y. Y. (2011). High-resolution "
    "long-term and short-term earthquake forecasts for California. Bulletin of the Seismological "
    "Society of America 101, 1630-1648. https://doi.org/10.1785/0120090340"
)
_ZECHAR = (
    "Zechar, J. D., Gerstenberger, M. C. & Rhoades, D. A. (2010). Likelihood-based tests for "
    "evaluating space-rate-magnitude earthquake forecasts. Bulletin of the Seismological Society "
    "of America 100, 1184-1195. https://doi.org/10.1785/0120090192"
)


def likelihood_test(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    *,
    simulations: int = 1000,
    seed: int = 0,
) -> TestResult:
    r"""L-test: the joint likelihood of all cells and periods.

    :math:`L = \sum_t \sum_c \log P(y_{t,c})`, beside that of counts drawn from the forecast, all
    cells independent. It reacts to the total as well as to where: see `number_test` and
    `conditional_likelihood_test`, which take the two apart. A forecast that expects far too few
    incidents can pass, since few incidents are likelier than many (Zechar et al. 2010).

    Parameters
    ----------
    distribution : CountDistribution, shape (periods, cells)
        Poisson where its dispersion is 0.
    observed : array of whole numbers, same shape
    simulations : int
        R; the smallest p-value is 1 / (R + 1).
    seed : int

    Returns
    -------
    TestResult
        Its statistic is L in nats. Always defined.

    Raises
    ------
    SameGroundError
        If the shapes differ.

    References
    ----------
    Schorlemmer, D. et al. (2007). Earthquake likelihood model testing. Seismological Research
    Letters 78, 17-29. https://doi.org/10.1785/gssrl.78.1.17

    Examples
    --------
    >>> forecast = CountDistribution(np.array([[3.0, 1.0]]), 0.0)
    >>> result = likelihood_test(forecast, [[3, 1]], simulations=99)
    >>> round(result.statistic, 3), result.p_value  # nothing is likelier
    (-2.496, 1.0)
    """
    counts = _checked(distribution, observed)
    flat = _flat(distribution)
    test = _Test("likelihood_test", _CountLikelihood(flat), counts.ravel(), _SCHORLEMMER)
    drawn = CountSimulator(flat).unconditional(simulations, np.random.default_rng(seed))
    return _ranked([test], drawn, _family(distribution), seed)[0]


def conditional_likelihood_test(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    *,
    simulations: int = 1000,
    seed: int = 0,
) -> TestResult:
    r"""CL-test: the joint likelihood, given the total of all cells and periods.

    The forecast's means are scaled to the recorded total N, its dispersions kept, and counts are
    drawn *given* that N incidents were recorded: multinomial for Poisson cells, exactly
    conditional negative binomials otherwise (`CountSimulator.given_total`). So only when and where
    are tested, not how many.

    Parameters, errors and direction as in `likelihood_test`.

    Returns
    -------
    TestResult
        Undefined (None) where no incident was recorded: given that, there is one outcome only.

    References
    ----------
    Werner, M. J. et al. (2011). High-resolution long-term and short-term earthquake forecasts for
    California. Bulletin of the Seismological Society of America 101, 1630-1648.
    https://doi.org/10.1785/0120090340

    Examples
    --------
    >>> forecast = CountDistribution(np.array([[30.0, 10.0]]), 0.0)
    >>> conditional_likelihood_test(forecast, [[3, 1]], simulations=99).p_value  # all have 4
    1.0
    """
    counts = _checked(distribution, observed)
    scaled = _scaled(distribution, counts)
    drawn = _given_total(scaled, counts, simulations, seed)
    return _ranked([_conditional(scaled, counts)], drawn, _family(distribution), seed)[0]


def space_test(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    *,
    simulations: int = 1000,
    seed: int = 0,
) -> TestResult:
    r"""S-test: where, over all periods together, given the total.

    With :math:`w_c = \sum_t \mu_{t,c} / \sum_{t,c} \mu_{t,c}` and :math:`y_c = \sum_t y_{t,c}`,

    .. math:: S = \log N! + \sum_c y_c \log w_c - \log y_c!,

    the multinomial log likelihood of the cells, beside that of counts drawn from the forecast
    given N. For negative binomial cells the statistic is the same and the draws are more spread.
    The source's, of Poisson cells whose rates are scaled to N, is smaller by
    :math:`\log N! - N\log N + N`, which depends on N alone: p-values are the same.

    Parameters, errors, direction and undefined case as in `conditional_likelihood_test`.

    References
    ----------
    Zechar, J. D., Gerstenberger, M. C. & Rhoades, D. A. (2010). Likelihood-based tests for
    evaluating space-rate-magnitude earthquake forecasts. Bulletin of the Seismological Society of
    America 100, 1184-1195. https://doi.org/10.1785/0120090192

    Examples
    --------
    >>> forecast = CountDistribution(np.array([[1.0, 3.0], [1.0, 3.0]]), 0.0)
    >>> result = space_test(forecast, [[1, 0], [0, 1]], simulations=999)
    >>> round(float(np.exp(result.statistic)), 3)  # 2 * 1/4 * 3/4
    0.375
    """
    return _share_test("space_test", distribution, observed, (simulations, seed))


def conditional_tests(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    *,
    simulations: int = 1000,
    seed: int = 0,
) -> tuple[TestResult, TestResult]:
    """CL-test and S-test: the same as `conditional_likelihood_test` and `space_test`.

    Both rank the record among counts drawn given the total; of negative binomial cells these are
    the same counts, and drawn once.
    """
    family = _family(distribution)
    if family == POISSON:  # the S-test then draws a count a cell, and not one a period as well
        given = {"simulations": simulations, "seed": seed}
        return (
            conditional_likelihood_test(distribution, observed, **given),
            space_test(distribution, observed, **given),
        )
    counts = _checked(distribution, observed)
    scaled = _scaled(distribution, counts)
    tests = [
        _conditional(scaled, counts),
        _shares("space_test", distribution, counts, by_column=True),
    ]
    drawn = _given_total(scaled, counts, simulations, seed)
    conditional, space = _ranked(tests, drawn, family, seed)
    return conditional, space


def category_test(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    *,
    simulations: int = 1000,
    seed: int = 0,
) -> TestResult:
    """M-like test: of which category, over all periods together, given the total.

    What the M-test does with magnitudes, with offence categories: the same statistic as in
    `space_test`, categories in the place of cells.

    Parameters
    ----------
    distribution : CountDistribution, shape (periods, categories)
        Of all cells together, a column a category: each forecast's `totals`.
    observed : array of whole numbers, same shape
    simulations, seed : int
        As in `likelihood_test`.

    Returns
    -------
    TestResult
        Undefined (None) where no incident was recorded.

    Reference as in `space_test`.

    Examples
    --------
    >>> thefts_and_robberies = CountDistribution(np.array([[90.0, 10.0]]), 0.0)
    >>> category_test(thefts_and_robberies, [[50, 50]], simulations=999).p_value
    0.001
    """
    return _share_test(
        "category_test",
        distribution,
        observed,
        (simulations, seed),
    )


def _share_test(
    code: str,
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    simulation: tuple[int, int],
) -> TestResult:
    """Test the shares of the last axis, all periods together, given the total."""
    counts, family = _checked(distribution, observed), _family(distribution)
    if family == POISSON:  # sums of Poisson counts are Poisson counts
        flat = CountDistribution(distribution.mean.sum(axis=0), 0.0)
    else:
        flat = _flat(distribution)
    test = _shares(code, distribution, counts, by_column=family != POISSON)
    return _ranked([test], _given_total(flat, counts, *simulation), family, simulation[1])[0]


def _scaled(distribution: CountDistribution, counts: Ints) -> CountDistribution:
    """All cells and periods as one row of bins, means scaled to the recorded total."""
    flat = _flat(distribution)
    return flat.scaled(np.full(flat.shape, max(int(counts.sum()), 1) / float(flat.mean.sum())))


def _given_total(
    flat: CountDistribution, counts: Ints, simulations: int, seed: int
) -> Iterable[SparseCounts]:
    """Draws with the recorded total; none where nothing was recorded."""
    total = int(counts.sum())
    rng = np.random.default_rng(seed)
    return CountSimulator(flat).given_total(total, simulations, rng) if total else ()


def _conditional(scaled: CountDistribution, counts: Ints) -> _Test:
    likelihood = _CountLikelihood(scaled)
    return _Test("conditional_likelihood_test", likelihood, counts.ravel(), _WERNER)


def _shares(
    code: str,
    distribution: CountDistribution,
    counts: Ints,
    *,
    by_column: bool,
) -> _Test:
    share = distribution.mean.sum(axis=0) / float(distribution.mean.sum())
    likelihood = _ShareLikelihood(share, int(counts.sum()), by_column=by_column)
    return _Test(code, likelihood, counts.sum(axis=0), _ZECHAR)


class _CountLikelihood:
    """Joint log likelihood of independent counts; nearly all are 0 or small."""

    def __init__(self, distribution: CountDistribution) -> None:
        self._distribution = distribution
        self._zero = distribution.log_pmf(0)
        self._nothing = float(self._zero.sum())
        self._small = np.stack(
            [distribution.log_pmf(k) - self._zero for k in range(1, _SMALL_COUNTS + 1)]
        )

    def __call__(self, counts: SparseCounts) -> Floats:
        gain = self._small[np.minimum(counts.count, _SMALL_COUNTS) - 1, counts.bin]
        large = counts.count > _SMALL_COUNTS
        where = counts.bin[large]
        gain[large] = self._distribution[where].log_pmf(counts.count[large]) - self._zero[where]
        likelihood: Floats = self._nothing + _by_simulation(counts, gain)
        return likelihood


class _ShareLikelihood:
    """Multinomial log likelihood of counts that add up to a total, perhaps summed over rows."""

    def __init__(self, share: Floats, total: int, *, by_column: bool) -> None:
        self._log_share = np.log(share)
        self._arrangements = float(special.gammaln(total + 1.0))
        self._by_column = by_column

    def __call__(self, counts: SparseCounts) -> Floats:
        if self._by_column:
            counts = counts.columns(len(self._log_share))
        gain = counts.count * self._log_share[counts.bin] - special.gammaln(counts.count + 1.0)
        likelihood: Floats = self._arrangements + _by_simulation(counts, gain)
        return likelihood


def _by_simulation(counts: SparseCounts, gain: Floats) -> Floats:
    return np.bincount(counts.simulation, weights=gain, minlength=counts.simulations).astype(
        np.float64
    )


@dataclass(frozen=True, eq=False)
class _Test:
    """What is ranked among draws: the record, by its likelihood."""

    code: str
    likelihood: _CountLikelihood | _ShareLikelihood
    observed: Ints
    source: str

    def statistic(self) -> float:
        hit = np.flatnonzero(self.observed)
        record = SparseCounts(1, np.zeros(len(hit), dtype=np.int64), hit, self.observed[hit])
        return float(self.likelihood(record)[0])


def _ranked(
    tests: Sequence[_Test], drawn: Iterable[SparseCounts], family: str, seed: int
) -> list[TestResult]:
    """Rank the record of each test among the same draws; without draws a test is undefined."""
    statistics = [test.statistic() for test in tests]
    draws, as_likely = 0, [0] * len(tests)
    for batch in drawn:
        draws += batch.simulations
        for number, (test, statistic) in enumerate(zip(tests, statistics, strict=True)):
            margin = _SAME * max(1.0, abs(statistic))
            as_likely[number] += int(np.sum(test.likelihood(batch) <= statistic + margin))
    return [
        TestResult(
            test=Hypothesis(test.code, {"family": family}),
            statistic=statistic if draws else None,
            p_value=(as_many + 1) / (draws + 1) if draws else None,
            n=int(test.observed.sum()),
            unit=Denominator("incidents_in_cells"),
            seed=seed,
            source=test.source,
        )
        for test, statistic, as_many in zip(tests, statistics, as_likely, strict=True)
    ]


def _flat(distribution: CountDistribution) -> CountDistribution:
    """All cells and periods as one row of bins."""
    return CountDistribution(distribution.mean.ravel(), distribution.dispersion.ravel())


def _family(distribution: CountDistribution) -> str:
    return NEGATIVE_BINOMIAL if bool(np.any(distribution.dispersion > 0.0)) else POISSON


def _checked(distribution: CountDistribution, observed: npt.ArrayLike) -> Ints:
    counts = np.asarray(observed)
    if counts.shape != distribution.shape or counts.ndim != 2:
        raise SameGroundError(
            "A consistency test needs one recorded count for every period and cell (or category).",
            found=phrase(
                "a forecast of shape {shape} and counts of shape {other_shape}",
                shape=distribution.shape,
                other_shape=counts.shape,
            ),
        )
    whole = counts.astype(np.int64)
    if bool(np.any(whole != counts)) or bool(np.any(whole < 0)):
        raise SameGroundError(
            "Recorded counts must be whole numbers of at least 0.",
            found=f"{counts[(whole != counts) | (whole < 0)][0]}",
        )
    return whole
