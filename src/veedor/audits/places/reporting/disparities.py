"""What reporting would have to be to swap two places, or to close a disparity between groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from veedor.arrays import Bools, Floats, Ints

_WIDEST = np.log(1000.0)


def break_even_ratio(first: float, second: float) -> float | None:
    r"""Ratio of the reporting rate of one place to another's at which their true counts are equal.

    $n_i / r_i = n_j / r_j$ where $r_i / r_j = n_i / n_j$.

    Parameters
    ----------
    first, second : float
        Counts as recorded, or true counts at the rates that are taken as given; the ratio is then
        relative to those.

    Returns
    -------
    float or None
        Above 1: reporting in the first must be that many times as frequent as in the second before
        the second has as many. None where the second has none: no rate lets it catch up.

    Examples
    --------
    >>> break_even_ratio(30.0, 24.0)
    1.25
    """
    return first / second if second > 0.0 else None


def nearest_swap(values: Floats, flagged: Bools) -> tuple[int, int] | None:
    """Flagged and unflagged place whose swap needs the smallest ratio of reporting rates.

    Parameters
    ----------
    values : array, shape (places,)
        What places are ranked by.
    flagged : array of bool, shape (places,)

    Returns
    -------
    tuple of int or None
        The lowest flagged place and the highest that is not; the first of equals. None where all
        places are flagged or none.
    """
    inside, outside = np.flatnonzero(flagged), np.flatnonzero(~flagged)
    if len(inside) == 0 or len(outside) == 0:
        return None
    return int(inside[values[inside].argmin()]), int(outside[values[outside].argmax()])


def exposure_per_1000(values: Floats, members: Floats, population: Floats) -> float | None:
    r"""Incidents per 1,000 members of a group, if a place's incidents fall on all its residents.

    $\frac{1000}{G} \sum_i s_i v_i$ with $s_i = g_i / p_i$, over places with residents.

    None where the group has no members.
    """
    lived = population > 0.0
    total = float(members[lived].sum())
    if total <= 0.0:
        return None
    return float(1000.0 * (members[lived] / population[lived] * values[lived]).sum() / total)


@dataclass(frozen=True)
class RatioBounds:
    """A ratio between groups as recorded, and all that it can be.

    Parameters
    ----------
    value : float or None
        At equal reporting everywhere. None where undefined.
    low, high : float or None
        Smallest and largest over all admissible rates.
    """

    value: float | None
    low: float | None
    high: float | None


def ratio_bounds(
    counts: Floats,
    low: Floats,
    high: Floats,
    stratum: Ints,
    members: Floats,
    reference: Floats,
    population: Floats,
) -> RatioBounds:
    r"""Bounds of the ratio of two groups' exposures over all admissible reporting rates.

    The ratio is $a \cdot u / b \cdot u$ with $u_k = 1 / r_k$ in a box, one k for each stratum and
    category. Its largest value has u at its largest where $a_k / b_k$ is above the ratio itself and
    at its smallest elsewhere, so sorting by $a_k / b_k$ finds it: exact, in K log K.

    Parameters
    ----------
    counts : array, shape (places, categories)
    low, high : array in (0, 1], shape (strata, categories)
    stratum : array of int, shape (places,)
        Places of one stratum share their rates.
    members, reference, population : array, shape (places,)
        Members of the group and of the reference group, and all residents.

    References
    ----------
    Charnes, A. & Cooper, W. W. (1962). Programming with linear fractional functionals. Naval
    Research Logistics Quarterly 9, 181-186. https://doi.org/10.1002/nav.3800090303

    Examples
    --------
    Group a lives in place 1, b in place 2; 10 recorded in each, reported at 40% to 60%.

    >>> low, high = np.full((2, 1), 0.4), np.full((2, 1), 0.6)
    >>> only_1, only_2 = np.array([5.0, 0.0]), np.array([0.0, 5.0])
    >>> found = ratio_bounds(np.full((2, 1), 10.0), low, high, np.arange(2), only_1, only_2,
    ...                      np.array([5.0, 5.0]))
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (1.0, 0.667, 1.5)
    """
    lived = population > 0.0
    if members[lived].sum() <= 0.0 or reference[lived].sum() <= 0.0:
        return RatioBounds(None, None, None)
    coefficients = []
    for group in (members, reference):
        share = np.zeros(len(population))
        share[lived] = group[lived] / population[lived] / group[lived].sum()
        each = np.zeros(low.shape)
        np.add.at(each, stratum, share[:, None] * counts)
        coefficients.append(each.ravel())
    a, b = coefficients
    if b.sum() <= 0.0:
        return RatioBounds(None, None, None)
    used = (a > 0.0) | (b > 0.0)
    least, most = 1.0 / high.ravel()[used], 1.0 / low.ravel()[used]
    a_used, b_used = a[used], b[used]
    largest = _largest_ratio(a_used, b_used, least, most)
    inverse = _largest_ratio(b_used, a_used, least, most)
    return RatioBounds(float(a.sum() / b.sum()), 1.0 / inverse if inverse > 0.0 else 0.0, largest)


def _largest_ratio(a: Floats, b: Floats, least: Floats, most: Floats) -> float:
    order = np.argsort(np.where(b > 0.0, -a / np.where(b > 0.0, b, 1.0), -np.inf), kind="stable")
    a, b, least, most = a[order], b[order], least[order], most[order]
    tops, bottoms = (
        np.concatenate([[0.0], np.cumsum(x * most)])
        + np.concatenate([np.cumsum((x * least)[::-1])[::-1], [0.0]])
        for x in (a, b)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = tops / bottoms
    return float(np.nanmax(np.where(bottoms > 0.0, ratios, np.inf)))


def closing_ratio(
    values: Floats, members: Floats, reference: Floats, population: Floats
) -> float | None:
    r"""Ratio of the group's reporting rate to everyone else's that would close the disparity.

    A place's rate is taken as the mix of its residents': $r_i \propto 1 + (t - 1) s_i$ with
    $s_i$ the group's share and t the ratio. The disparity is closed where the exposures of the
    group and of the reference, with $v_i / r_i$ for the counts, are equal.

    Parameters
    ----------
    values : array, shape (places,)
        Counts at equal reporting.
    members, reference, population : array, shape (places,)

    Returns
    -------
    float or None
        Above 1: the group's incidents are reported that many times as often. None where no ratio
        between 1/1000 and 1000 closes it.
    """
    lived = population > 0.0
    share = members[lived] / population[lived]
    other = reference[lived] / population[lived]
    recorded = values[lived]
    group, rest = float(members[lived].sum()), float(reference[lived].sum())
    if group <= 0.0 or rest <= 0.0 or (other * recorded).sum() <= 0.0:
        return None

    def gap(log_ratio: float) -> float:
        true = recorded / (1.0 + (np.exp(log_ratio) - 1.0) * np.minimum(share, 1.0))
        return float((share * true).sum() / group - (other * true).sum() / rest)

    ends = gap(-_WIDEST), gap(_WIDEST)
    if not np.isfinite(ends).all() or ends[0] * ends[1] > 0.0:
        return None
    return float(np.exp(optimize.brentq(gap, -_WIDEST, _WIDEST, xtol=1e-10)))
