"""Before and after: the change of a place against its comparison, and what moved next door."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy import special

from veedor.errors import DataError, phrase
from veedor.statistics.codes import Denominator, Hypothesis, Method
from veedor.statistics.estimates import Estimate, TestResult
from veedor.statistics.intervals import normal_quantile

_SOURCE = (
    "Wheeler, A. P. & Ratcliffe, J. H. (2018). A simple weighted displacement difference test to "
    "evaluate place based crime interventions. Crime Science 7, 11. "
    "https://doi.org/10.1186/s40163-018-0085-5"
)


class DisplacementTest(msgspec.Struct, frozen=True):
    """Change of a place against its comparison, and of its surroundings against theirs.

    Parameters
    ----------
    local, displaced, total : Estimate
        Incidents more (fewer: negative) than the comparison would have it, in the place, around it,
        and together.
    test : TestResult
        Of the total, two-sided: did the place and its surroundings change by as many incidents as
        their comparisons?
    """

    local: Estimate
    displaced: Estimate
    total: Estimate
    test: TestResult


def weighted_displacement_difference(
    treated: tuple[float, float],
    control: tuple[float, float],
    displacement: tuple[float, float] = (0, 0),
    displacement_control: tuple[float, float] = (0, 0),
    *,
    time_weights: tuple[float, float] = (1.0, 1.0),
    area_weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
    level: float = 0.95,
) -> DisplacementTest:
    r"""Weighted displacement difference (WDD) with its Poisson standard error.

    :math:`WDD = (\Delta T - \Delta C) + (\Delta D - \Delta C_D)` with :math:`\Delta` the count
    after less the count before, each divided by its weights; its variance is the sum of the eight
    counts, each divided by its weights squared.

    Parameters
    ----------
    treated, control : (before, after)
        Recorded incidents where something was done, and in a comparison of like size.
    displacement, displacement_control : (before, after)
        The same around the treated place, and in a comparison for that.
    time_weights : (before, after)
        Lengths of the two spans, where they differ.
    area_weights : (treated, control, displacement, displacement control)
        Areas, or numbers of homes, where they differ.
    level : float
        Of the intervals.

    Returns
    -------
    DisplacementTest
        Below 0: fewer than the comparison would have it. The test is undefined where all counts are
        0.

    Raises
    ------
    DataError
        If a count is negative, a weight not above 0, or either is not finite.

    References
    ----------
    Wheeler, A. P. & Ratcliffe, J. H. (2018). A simple weighted displacement difference test to
    evaluate place based crime interventions. Crime Science 7, 11.
    https://doi.org/10.1186/s40163-018-0085-5

    Examples
    --------
    >>> found = weighted_displacement_difference((20, 10), (20, 20))
    >>> found.total.value, round(found.total.low, 1), round(found.test.p_value, 3)
    (-10.0, -26.4, 0.232)
    """
    counts = np.array([treated, control, displacement, displacement_control], dtype=np.float64)
    weights = np.outer(area_weights, time_weights)
    finite = bool(np.isfinite(counts).all() and np.isfinite(weights).all())
    if not (finite and bool(np.all(counts >= 0) and np.all(weights > 0))):
        raise DataError(
            "Counts must be at least 0, weights above 0, and all finite.",
            found=phrase(
                "counts {counts}, weights {weights}",
                counts=counts.tolist(),
                weights=weights.tolist(),
            ),
        )
    change = np.diff(counts / weights, axis=1)[:, 0]
    variance = (counts / weights**2).sum(axis=1)
    sign = np.array([1.0, -1.0, 1.0, -1.0])
    reach = normal_quantile(level)

    def estimate(rows: slice, of: Denominator) -> Estimate:
        value = float((sign * change)[rows].sum())
        error = float(np.sqrt(variance[rows].sum()))
        n = round(float(counts[rows].sum()))
        low, high = value - reach * error, value + reach * error
        return Estimate(value, low, high, level, Method("normal_of_poisson_counts"), n, of)

    total = estimate(slice(0, 4), Denominator("before_and_after_in_all"))
    error = float(np.sqrt(variance.sum()))
    z = None if error == 0 or total.value is None else total.value / error
    return DisplacementTest(
        local=estimate(slice(0, 2), Denominator("before_and_after_in_the_area")),
        displaced=estimate(slice(2, 4), Denominator("before_and_after_around_it")),
        total=total,
        test=TestResult(
            test=Hypothesis("weighted_displacement_difference"),
            statistic=z,
            p_value=None if z is None else float(2.0 * special.ndtr(-abs(z))),
            n=total.n,
            unit=Denominator("incidents"),
            seed=None,
            source=_SOURCE,
        ),
    )
