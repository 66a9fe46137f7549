"""Coherent forecasts: whole numbers that add up, of areas, regions, sums of offences, and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from veedor.arrays import Floats, Ints
from veedor.errors import IncoherentForecastsError, phrase
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.forecast import Forecast
from veedor.forecasts.layers import Layer

#: Samples that a conditioned forecast must be worth.
FEWEST_EFFECTIVE = 200

# Below this dispersion a rate is as good as fixed, and has nothing in common with others.
_POISSON_BELOW = 1e-9


@dataclass(frozen=True, eq=False)
class Coherent:
    """Samples of what all leaves record together: every sum of them is a forecast too.

    Parameters
    ----------
    samples : array of int64, shape (size, periods, leaves)
        At least 0.
    effective : array, shape (periods,)
        How many samples they are worth: `size` before they are conditioned on anything, then the
        fewest of any step (Kish: squared sum of the weights by the sum of their squares).
    """

    samples: Ints
    effective: Floats

    def at(self, layer: Layer | None = None) -> Ints:
        """Samples of the sums of a layer, shape (size, periods, groups); of the leaves for None."""
        return self.samples if layer is None else layer.sums(self.samples)

    def distribution(self, layer: Layer | None = None) -> CountDistribution:
        """Negative binomials with the means and the variances of the samples.

        Where they vary less than a Poisson's, that; a mean of 0 is half a count in all samples.

        Returns
        -------
        CountDistribution, shape (periods, groups)
        """
        samples = self.at(layer)
        mean = np.maximum(samples.mean(axis=0), 0.5 / len(samples))
        excess = samples.var(axis=0, ddof=1) - mean
        return CountDistribution(mean, np.maximum(excess, 0.0) / mean**2)


def bottom_up(
    forecasts: Sequence[Forecast], size: int, rng: np.random.Generator, *, together: bool = True
) -> Coherent:
    r"""Samples of one or more forecasts of the same cells and periods, one after another as leaves.

    A count is Poisson with a rate :math:`\mu_c (S(t_c) + T_c) / r_c`, where :math:`r_c = 1 /
    \alpha_c`, S is a gamma process that all cells of a period share, :math:`t_c = \min(s, r_c)` and
    :math:`T_c` is Gamma with shape :math:`r_c - t_c`. So each cell is negative binomial exactly as
    forecast, and two of them have the covariance

    .. math:: \mu_i \mu_j \alpha_i \alpha_j \min(s, r_i, r_j),

    with the s that makes the variance of all cells together the one that the forecast states for
    the total. Where no s reaches that, cells are tied as closely as this can.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Of several offences, which are taken as independent of one another.
    size : int
    rng : numpy.random.Generator
    together : bool
        False draws every cell independently, as where forecasts of the sums are to say what cells
        have in common: see `conditioned`.
    """
    parts = []
    for forecast in forecasts:
        rows = [
            _tied(
                forecast.distribution[period],
                forecast.total_dispersion if together else None,
                size,
                rng,
            )
            for period in range(len(forecast.periods))
        ]
        parts.append(np.stack(rows, axis=1))
    samples = np.concatenate(parts, axis=2)
    return Coherent(samples, np.full(samples.shape[1], float(size)))


def conditioned(
    coherent: Coherent,
    layers: Sequence[tuple[Layer, CountDistribution]],
    rng: np.random.Generator,
    *,
    together: bool = False,
    fewest: int = FEWEST_EFFECTIVE,
) -> Coherent:
    r"""Condition samples of the leaves on forecasts of sums of them, made apart.

    .. math:: \tilde\pi(b) \propto \pi(b) \prod_u \pi_u\left(\sum_{i \in u} b_i\right)

    by bottom-up importance sampling: layer by layer, from fine to coarse, rows are drawn anew with
    the probability that a sum's own forecast gives to the sum of the row. Leaves that no sum has
    tied yet are drawn anew apart from one another, so that the weights of a layer do not multiply;
    those that are tied, by a sum before or by a common cause, stay in one row. Samples stay whole
    numbers of at least 0, and add up.

    Forecasts of the leaves and of each sum count as independent evidence. Where they are made from
    the same record they are not, and the result is too sure of itself: it is judged by its scores.

    Parameters
    ----------
    coherent : Coherent
        As `bottom_up` draws it, with ``together=False`` unless `together` is true here too.
    layers : sequence of (Layer, CountDistribution)
        From fine to coarse; distributions of shape (periods, groups).
    rng : numpy.random.Generator
    together : bool
        Whether all leaves of a row are tied from the first: needed where their samples have
        something in common. The weights of all groups of a layer then multiply, and far more
        samples are needed.
    fewest : int
        Effective samples of a step that are enough; one in a hundred of all are needed too.

    Raises
    ------
    IncoherentForecastsError
        If a step leaves fewer: the sums are forecast to be what their parts hardly reach.

    References
    ----------
    Zambon, L., Azzimonti, D. & Corani, G. (2024). Efficient probabilistic reconciliation of
    forecasts for real-valued and count time series. Statistics and Computing 34, 21.
    https://doi.org/10.1007/s11222-023-10343-y
    """
    samples, effective = coherent.samples.copy(), coherent.effective.copy()
    needed = max(fewest, len(samples) // 100)
    for period in range(samples.shape[1]):
        rows = samples[:, period]
        block = np.zeros(rows.shape[1], np.int64) if together else np.arange(rows.shape[1])
        for layer, distribution in layers:
            block = _merged(block, layer)
            log = distribution[period].log_pmf(layer.sums(rows))
            for one in np.unique(block[layer.of >= 0]):
                leaves = np.flatnonzero(block == one)
                groups = np.unique(layer.of[leaves])
                weight = log[:, groups[groups >= 0]].sum(axis=1)
                weight = np.exp(weight - weight.max())
                worth = float(weight.sum() ** 2 / (weight @ weight))
                effective[period] = min(effective[period], worth)
                if worth < needed:
                    raise _too_far(layer, groups, worth, needed, len(samples))
                drawn = rng.choice(len(rows), len(rows), p=weight / weight.sum())
                rows[:, leaves] = rows[np.ix_(drawn, leaves)]
    return Coherent(samples, effective)


def _too_far(
    layer: Layer, groups: Ints, worth: float, needed: int, size: int
) -> IncoherentForecastsError:
    return IncoherentForecastsError(
        "Forecasts of sums must be near enough to the sums of their parts to be joined.",
        found=phrase(
            "{size:,} samples worth {worth:,.0f}, with {needed:,} needed",
            size=size,
            worth=worth,
            needed=needed,
        ),
        where=phrase(
            "{layer}: {groups}",
            layer=layer.name,
            groups=", ".join(" ".join(layer.codes[n]) for n in groups if n >= 0),
        ),
        remedy="draw more samples, or leave forecasts of sums out",
    )


def _merged(block: Ints, layer: Layer) -> Ints:
    """Blocks of leaves, those that a group of the layer ties together made one."""
    merged = block.copy()
    for group in range(len(layer)):
        tied = np.unique(merged[layer.of == group])
        merged[np.isin(merged, tied)] = tied[0]
    return merged


def _tied(
    cells: CountDistribution, total: float | None, size: int, rng: np.random.Generator
) -> Ints:
    """Counts of the cells of one period, shape (size, cells)."""
    alpha = cells.dispersion
    dispersed = np.flatnonzero(alpha > _POISSON_BELOW)
    rate = np.broadcast_to(cells.mean, (size, len(alpha))).copy()
    shape = 1.0 / alpha[dispersed]
    order = np.argsort(shape, kind="stable")
    dispersed, shape = dispersed[order], shape[order]
    shared = np.minimum(shape, _shared_shape(cells, dispersed, shape, total))
    steps = np.diff(shared, prepend=0.0)
    common = np.cumsum(rng.standard_gamma(np.broadcast_to(steps, (size, len(steps)))), axis=1)
    own = rng.standard_gamma(np.broadcast_to(shape - shared, (size, len(shape))))
    rate[:, dispersed] *= (common + own) / shape
    return rng.poisson(rate).astype(np.int64)


def _shared_shape(
    cells: CountDistribution, dispersed: Ints, shape: Floats, total: float | None
) -> float:
    """Shape s of what the cells have in common, by the dispersion of the total."""
    if total is None or len(dispersed) < 2:
        return 0.0
    weight = cells.mean[dispersed] / shape
    after = weight.sum() - np.cumsum(weight)

    def covariance(s: float) -> float:
        """Twice the sum over pairs; shapes rise, so the lesser of two is the first one's."""
        return float(2.0 * np.sum(np.minimum(shape, s) * weight * after))

    whole = float(cells.mean.sum()) ** 2
    wanted = total * whole - float(np.sum(cells.dispersion * cells.mean**2))
    if wanted <= 0.0:
        return 0.0
    farthest = float(shape[-1])
    if covariance(farthest) <= wanted:
        return farthest
    return float(optimize.brentq(lambda s: covariance(s) - wanted, 0.0, farthest, rtol=1e-9))
