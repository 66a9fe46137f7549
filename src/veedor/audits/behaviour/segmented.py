"""Designs of published studies: one series, segmented by least squares or as counts."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
import numpy as np

from veedor.arrays import Floats
from veedor.audits.behaviour.design import FEWEST_POINTS, Question, Timing, columns
from veedor.audits.behaviour.panel import Panel
from veedor.errors import DataError, phrase
from veedor.statistics.autocorrelated import least_squares
from veedor.statistics.intervals import normal_quantile
from veedor.statistics.regression import gram, poisson_regression
from veedor.statistics.suppression import SMALL_COUNT

#: Whether coefficients are sums in the values' own unit, or ratios.
Scale: TypeAlias = Literal["values", "ratios"]


class Coefficient(msgspec.Struct, frozen=True):
    """A coefficient of a segmented regression.

    Parameters
    ----------
    name : str
        ``intercept``, ``trend``, ``level``, ``ramp``, or a harmonic.
    value, error, low, high : float
        As fitted: logarithms where counts were regressed.
    """

    name: str
    value: float
    error: float
    low: float
    high: float


class Segmented(msgspec.Struct, frozen=True, kw_only=True):
    """A published study's regression of all sensitive series together.

    Parameters
    ----------
    scale : str
        ``values`` or ``ratios``.
    coefficients : tuple of Coefficient
    dispersion : float or None
        Pearson's, of counts: 1 for Poisson's.
    durbin_watson : float or None
        Of least squares.
    before, after : int
        Periods.
    periods : tuple of str
        Those that enter.
    values, fitted, expected : tuple of float
        Of each: the sum, the regression's line, and the same without the event.
    """

    scale: Scale
    coefficients: tuple[Coefficient, ...]
    dispersion: float | None
    durbin_watson: float | None
    before: int
    after: int
    periods: tuple[str, ...]
    values: tuple[float, ...]
    fitted: tuple[float, ...]
    expected: tuple[float, ...]

    def of(self, name: str) -> Coefficient | None:
        """Return a coefficient by its name; None where the design has none."""
        return next((one for one in self.coefficients if one.name == name), None)


def segmented(panel: Panel, timing: Timing, question: Question) -> Segmented:
    r"""Fit one series, the sum of all sensitive ones, as a published study did.

    ``ols``: least squares of the sums, intervals by Student's t. ``poisson`` and
    ``quasi-poisson``: counts with the logarithm of their denominators as offset, normal intervals;
    for the second the covariance is multiplied by Pearson's
    :math:`\sum_t (y_t - \mu_t)^2 / \mu_t / (n - p)`.

    Parameters
    ----------
    panel : Panel
    timing : Timing
    question : Question

    Raises
    ------
    DataError
        With fewer than 8 periods on a side, as many coefficients as periods, or a sum below 10.

    References
    ----------
    Lopez Bernal, J., Cummins, S. & Gasparrini, A. (2017). Interrupted time series regression for
    the evaluation of public health interventions: a tutorial. International Journal of
    Epidemiology 46, 348-355. https://doi.org/10.1093/ije/dyw098

    Penney, J. W. (2016). Chilling effects: online surveillance and Wikipedia use. Berkeley
    Technology Law Journal 31, 117-182. https://doi.org/10.15779/Z38SS13
    """
    values = panel.values.sum(axis=0)
    known = np.isfinite(values) & timing.used
    before, after = timing.sides(known)
    periods = np.flatnonzero(known)
    cols = columns(timing, question, periods)
    if min(before, after) < FEWEST_POINTS or len(periods) <= len(cols.names):
        raise DataError(
            "Both sides of the event need at least 8 periods with a value.",
            found=phrase("{before} before and {after} after", before=before, after=after),
            where=panel.source,
        )
    y, dispersion, watson = values[periods], None, None
    if bool((y < SMALL_COUNT).any()):
        raise DataError(
            "Sums of series must be at least 10 in every period.",
            found=phrase("a smaller one"),
            where=panel.source,
            remedy="take longer periods, or more series",
        )
    if question.design == "ols":
        fit = least_squares(cols.matrix, y)
        watson = fit.durbin_watson
        made = [fit.of(cols.contrast(**{name: 1.0})) for name in cols.names]
        found = tuple(
            Coefficient(name, one.mean, one.error, *one.interval(question.level))
            for name, one in zip(cols.names, made, strict=True)
        )
        fitted = cols.matrix @ fit.coefficients
        expected = cols.counterfactual @ fit.coefficients
    else:
        offset = panel.denominators.sum(axis=0)[periods]
        estimates, covariance, fitted = _counts(cols.matrix, y, offset)
        dispersion = 1.0
        if question.design == "quasi-poisson":
            dispersion = float(((y - fitted) ** 2 / fitted).sum()) / (len(y) - len(cols.names))
        errors = np.sqrt(dispersion * np.diag(covariance))
        expected = offset * np.exp(cols.counterfactual @ estimates)
        reach = normal_quantile(question.level) * errors
        found = tuple(
            Coefficient(name, *map(float, four))
            for name, *four in zip(
                cols.names, estimates, errors, estimates - reach, estimates + reach, strict=True
            )
        )
    return Segmented(
        scale="values" if question.design == "ols" else "ratios",
        coefficients=found,
        dispersion=dispersion,
        durbin_watson=watson,
        before=before,
        after=after,
        periods=tuple(timing.spans.labels[place] for place in periods.tolist()),
        values=tuple(y.tolist()),
        fitted=tuple(fitted.tolist()),
        expected=tuple(expected.tolist()),
    )


def _counts(design: Floats, counts: Floats, offset: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients of a log-linear regression, their covariance, and the fitted counts."""
    scale = np.maximum(np.abs(design).max(axis=0), 1e-12)
    x = design / scale
    start = np.linalg.lstsq(x, np.log(np.maximum(counts, 0.5) / offset), rcond=None)[0]
    fit = poisson_regression(x, counts, offset, np.zeros(x.shape[1]), [start])
    fitted: Floats = offset * np.exp(x @ fit.coefficients)
    covariance = np.linalg.inv(gram(x, fitted)) / np.outer(scale, scale)
    return fit.coefficients / scale, covariance, fitted
