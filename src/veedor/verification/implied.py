"""What two forecasts themselves imply about the gain of one over the other, before any count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.errors import SameGroundError, phrase
from veedor.forecasts import CountDistribution


@dataclass(frozen=True, eq=False)
class ImpliedGain:
    """Mean and variance of the information gain if one, or the other, forecast were right.

    Parameters
    ----------
    mean_if_reference, mean_if_forecast : array, shape (periods,) or (periods, groups)
        Nats; the first is never above 0, the second never below where dispersions agree.
    if_reference, if_forecast : array, same shape
        Variances, nats squared.
    largest_step : array, same shape
        The most that one incident, alone in its cell, changes the gain by: nats.
    """

    mean_if_reference: Floats
    mean_if_forecast: Floats
    if_reference: Floats
    if_forecast: Floats
    largest_step: Floats

    def errors(self, total: float) -> tuple[float, float]:
        """Standard errors of the sum of all periods by `total`: if the reference, the forecast."""
        reference, forecast = self.if_reference.sum(), self.if_forecast.sum()
        return float(np.sqrt(reference)) / total, float(np.sqrt(forecast)) / total

    def group(self, number: int) -> ImpliedGain:
        """Return that of one group of cells."""
        return ImpliedGain(*(getattr(self, name)[:, number] for name in self.__dataclass_fields__))

    @classmethod
    def joined(cls, parts: Sequence[ImpliedGain]) -> ImpliedGain:
        """Put periods one after another."""
        return cls(
            *(
                np.concatenate([getattr(one, name) for one in parts])
                for name in cls.__dataclass_fields__
            )
        )

    def take(self, rows: npt.NDArray[np.generic]) -> ImpliedGain:
        """Return that of some periods."""
        return ImpliedGain(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def implied_gain(
    forecast: CountDistribution,
    reference: CountDistribution,
    *,
    forecast_totals: CountDistribution | None = None,
    reference_totals: CountDistribution | None = None,
    means_only: bool = False,
    groups: Ints | None = None,
) -> ImpliedGain:
    r"""Moments of the information gain under the reference's own distribution and the forecast's.

    With :math:`g_c(y) = \log q_c(y) - \log p_c(y)` the gain of cell c,

    .. math:: V_P = \sum_c \mathrm{Var}_{p_c}(g_c)
              + \phi \left( \sum_c b_c \mu_c \right)^2, \qquad
              b_c = \frac{\mathrm{Cov}_{p_c}(g_c, y)}{\mathrm{Var}_{p_c}(y)} .

    For Poisson counts the first term is :math:`\sum_c \mu_c \log^2 (q_c / \mu_c)`. The second is
    for what all cells of a period share: :math:`\phi` is the part of the stated variance of the
    total that independent cells leave unexplained, by the square of the total's mean.

    Parameters
    ----------
    forecast, reference : CountDistribution, shape (periods, cells)
    forecast_totals, reference_totals : CountDistribution, shape (periods,), optional
        Of all cells; without, cells are taken as independent.
    means_only : bool
        Whether the gain is that of the means as Poisson rates. Counts keep their dispersion.
    groups : array of int, shape (cells,), optional
        Number of each cell's group, from 0: moments are then those of each.

    Returns
    -------
    ImpliedGain
        "If the forecast were right" takes its means, but in no cell a dispersion above the
        reference's: else a forecaster that claims to know nothing would be shielded from every
        finding against it.

    Raises
    ------
    SameGroundError
        If shapes differ.

    Notes
    -----
    Exact to 1e-3 for large dispersed counts, to 1e-9 for small ones. O(periods x cells).

    Examples
    --------
    One cell, 1 against 2 expected: variance 1 log(2)^2 if the reference is right.

    >>> found = implied_gain(
    ...     CountDistribution(np.array([[2.0]]), 0.0), CountDistribution(np.array([[1.0]]), 0.0)
    ... )
    >>> round(float(found.if_reference[0]), 4), round(float(found.mean_if_reference[0]), 4)
    (0.4805, -0.3069)
    """
    from veedor.verification.compiled_gain import gain_moments

    if forecast.shape != reference.shape or len(forecast.shape) != 2:
        raise SameGroundError(
            "A gain is implied by two forecasts for the same periods and cells.",
            found=phrase(
                "shapes {shape} and {other_shape}",
                shape=forecast.shape,
                other_shape=reference.shape,
            ),
        )
    number = np.zeros(forecast.shape[1], dtype=np.int64) if groups is None else groups
    many = int(number.max()) + 1 if len(number) else 1
    none = np.broadcast_to(0.0, forecast.shape)
    scored = [forecast.mean, none if means_only else forecast.dispersion]
    scored += [reference.mean, none if means_only else reference.dispersion]
    held = np.minimum(forecast.dispersion, reference.dispersion)
    found = []
    for mean, dispersion, totals in (
        (reference.mean, reference.dispersion, reference_totals),
        (forecast.mean, held, forecast_totals),
    ):
        moments = gain_moments(mean, dispersion, *scored, number, many)
        shared = np.zeros(len(mean))
        if totals is not None:
            alone = mean.sum(axis=1) + (dispersion * mean**2).sum(axis=1)
            whole = totals.mean * (1.0 + totals.dispersion * totals.mean)
            shared = np.maximum(whole - alone, 0.0) / totals.mean**2
        variance = moments[:, :, 1] + shared[:, None] * moments[:, :, 2] ** 2
        found.append((moments[:, :, 0], variance, moments[:, :, 3]))
    (mean_p, var_p, step), (mean_q, var_q, _) = found
    every = ImpliedGain(mean_p, mean_q, var_p, var_q, step)
    return every.group(0) if groups is None else every
