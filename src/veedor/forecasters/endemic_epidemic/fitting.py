"""Fitting an endemic-epidemic model: Newton's method, and variances by turns with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.forecasters.endemic_epidemic.arrow import Arrow, Factor
from veedor.forecasters.endemic_epidemic.design import DECAY, DISPERSION, Design, Values
from veedor.forecasters.endemic_epidemic.edges import edges, without
from veedor.forecasters.endemic_epidemic.likelihood import Likelihood
from veedor.forecasters.endemic_epidemic.panel import Panel
from veedor.forecasters.endemic_epidemic.specification import Model
from veedor.forecasters.endemic_epidemic.variances import Covariance, Turns
from veedor.statistics.regression import newton

_MOST_TURNS = 200
# Logarithms of standard deviations, and how far they may still move.
_STILL = 1e-7
_LEFT_TO_GAIN = 1e-6
# How far a logarithm may move in one step.
_FARTHEST = 1.0
_RIDGES = (1e-8, 1e-4, 1e-2, 1.0)


@dataclass(frozen=True, eq=False)
class Fitted:
    r"""A fitted model.

    Parameters
    ----------
    design : Design
        Of the model on the panel that it was fitted to.
    values : Values
    covariance : array, shape (p, p)
        Of the fixed terms: inverse of the observed information, penalised where intercepts are
        random. NaN where the information is not positive definite.
    log_likelihood : float
        In nats; with random intercepts less their penalty, half the sum of
        :math:`b^\top \Sigma^{-1} b`.
    effects_covariance : array, shape (R, R), or None
        Sigma of the random intercepts of `Design.random`; None without.
    marginal_log_likelihood : float or None
        Of Sigma, up to a constant; None without random intercepts.
    cells : int
        Cells that it was judged by.
    converged : bool
        Whether no step was left to take and the information is positive definite.
    edges : tuple of str
        What went to the edge of what it can be, as `veedor.forecasters.endemic_epidemic.edges`
        names it. It was left out, and the model fitted without it; `design` holds what is left.
    """

    design: Design
    values: Values
    covariance: Floats
    log_likelihood: float
    effects_covariance: Floats | None
    marginal_log_likelihood: float | None
    cells: int
    converged: bool
    edges: tuple[str, ...]

    @property
    def coefficients(self) -> dict[str, float]:
        """Fixed terms by name; the decay and the dispersion as logarithms."""
        return dict(zip(self.design.names, self.values.fixed.tolist(), strict=True))

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard errors of `coefficients`."""
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(self.covariance))
        return dict(zip(self.design.names, errors.tolist(), strict=True))

    @property
    def natural(self) -> dict[str, tuple[float, float]]:
        """Decay and dispersion themselves with standard errors, by the delta method."""
        named = {DECAY: "neighbours.decay", DISPERSION: "dispersion"}
        found = {}
        for name, log in self.coefficients.items():
            if name in named:
                value = float(np.exp(log))
                found[named[name]] = (value, value * self.standard_errors[name])
        return found

    @property
    def aic(self) -> float | None:
        """Akaike's criterion; None with random intercepts, whose terms have no number."""
        if self.effects_covariance is not None:
            return None
        return 2.0 * len(self.values.flat) - 2.0 * self.log_likelihood

    def on(self, panel: Panel) -> Fitted:
        """Return the same values on another panel of these areas, to forecast from that."""
        return replace(self, design=Design(self.design.model, panel))

    def require_converged(self) -> Fitted:
        """Return itself.

        Raises
        ------
        StudyError
            If the fit did not converge.
        """
        if not self.converged:
            raise StudyError(
                "The fit of an endemic-epidemic model must converge.",
                found=phrase("that it did not"),
                remedy="give it fewer terms, or a longer record",
            )
        return self


def fit(model: Model, panel: Panel, start: Fitted | None = None) -> Fitted:
    """Fit a model to a panel by maximum likelihood.

    Fixed terms by Newton's method with the analytic score and observed information, where that is
    not positive definite by its expectation. Random intercepts by penalised likelihood, in turns
    with their variances by approximate marginal likelihood, until neither moves.

    Parameters
    ----------
    model : Model
    panel : Panel
    start : Fitted or None
        An earlier fit of the same model to begin from.

    Raises
    ------
    TooLittleDataError
        If the panel says too little; see `Design.require_rows`.
    DataError
        If the panel lacks what the model names.

    References
    ----------
    As in `Model`.
    """
    left_out: tuple[str, ...] = ()
    while True:
        found = _fit_once(Design(model, panel), start)
        smaller = [(edge, without(model, edge)) for edge in found.edges]
        edge, less = next(((edge, one) for edge, one in smaller if one is not None), ("", None))
        if less is None:
            return replace(found, edges=(*left_out, *found.edges))
        model, left_out = less, (*left_out, edge)


def _fit_once(design: Design, start: Fitted | None) -> Fitted:
    design.require_rows()
    likelihood = Likelihood(design)
    flat = design.start().flat
    covariance = Covariance(len(design.random), correlated=design.model.correlated)
    numbers = covariance.start()
    if start is not None and start.design.model == design.model:
        flat = start.values.flat
        if start.effects_covariance is not None:
            numbers = covariance.numbers(start.effects_covariance)
    if not design.random:
        climb = _Climb(design, likelihood, np.zeros((0, 0)))
        flat, settled = climb.up(climb.near(flat))
        return _fitted(climb, flat, settled, None, None)

    still, marginal, turns = False, None, Turns()
    for _ in range(_MOST_TURNS):
        climb = _Climb(design, likelihood, covariance.precision(numbers))
        flat, settled = climb.up(climb.near(flat) if turns.first else flat)
        factor = climb.factor(flat)
        if not settled or factor is None:
            break
        effects = design.values(flat).effects[:, : covariance.size]
        asked = np.maximum(covariance.improved(effects, factor), covariance.least)
        marginal = covariance.marginal(numbers, effects, factor)
        still = bool(np.abs(asked - numbers).max() < _STILL)
        if still:
            break
        numbers = np.maximum(turns.step(numbers, asked), covariance.least)
    return _fitted(climb, flat, settled and still, covariance.matrix(numbers), marginal)


class _Climb:
    """Newton's method for one covariance of the random intercepts."""

    def __init__(self, design: Design, likelihood: Likelihood, precision: Floats) -> None:
        self.design, self._likelihood = design, likelihood
        k, r = len(design.effects), len(precision)
        self._random = r
        self._held: int | None = None
        self._levels = [
            number
            for number, name in enumerate(design.names)
            if name in (DECAY, DISPERSION) or name.endswith(".intercept")
        ]
        self._precision = np.zeros((k, k))
        self._precision[:r, :r] = precision

    def value(self, flat: Floats) -> float:
        """Log likelihood, less the penalty."""
        values = self.design.values(flat)
        penalty = 0.5 * float(np.sum((values.effects @ self._precision) * values.effects))
        return self._likelihood.at(values) - penalty

    def near(self, flat: Floats) -> Floats:
        """Climb with the decay as it is, so that the rest is near before it goes anywhere."""
        if not self.design.decays:
            return flat
        self._held = self.design.places[DECAY].start
        found, _ = self.up(flat)
        self._held = None
        return found

    def up(self, flat: Floats) -> tuple[Floats, bool]:
        """Climb from some values; whether it got to where no step is left."""
        found = newton(self.value, self._step, [flat], longest=self._longest)
        return found.coefficients, found.converged

    def _longest(self, _: Floats, step: Floats) -> float:
        """Share of a step that moves no logarithm so far that nothing could be told of it."""
        moved = self.design.values(step)
        logs = [moved.effects.ravel(), moved.fixed[self._levels]]
        farthest = max(float(np.abs(one).max(initial=0.0)) for one in logs)
        return _FARTHEST / max(farthest, _FARTHEST)

    def _step(self, flat: Floats) -> tuple[Floats, Floats]:
        values = self.design.values(flat)
        slope = self._likelihood.slope(values)
        score = slope.score.copy()
        score[len(values.fixed) :] -= (values.effects @ self._precision).ravel()
        observed, expected = slope.observed, slope.expected
        if self._held is not None:
            score[self._held] = 0.0
            observed = observed.holding(self._held)
        factor = self._try(observed)
        if factor is None:
            likely = expected() if self._held is None else expected().holding(self._held)
            tries = (self._try(likely.ridged(ridge)) for ridge in _RIDGES)
            factor = next((one for one in tries if one is not None), None)
        return score, score if factor is None else factor.solve(score)

    def _try(self, information: Arrow) -> Factor | None:
        try:
            return self._whole(information).factor()
        except np.linalg.LinAlgError:
            return None

    def _whole(self, information: Arrow) -> Arrow:
        """Information with the penalty; free numbers of areas that say nothing stay as they are."""
        whole = information.with_precision(self._precision)
        free = np.arange(len(self.design.effects)) >= self._random
        silent = free & ~np.einsum("ikk->ik", information.blocks).astype(bool)
        blocks = whole.blocks + silent[:, :, None] * np.eye(len(free))
        return Arrow(blocks, whole.side, whole.core)

    def factor(self, flat: Floats) -> Factor | None:
        """Factor of the penalised observed information; None where it is not to be had."""
        return self._try(self._likelihood.slope(self.design.values(flat)).observed)

    def covariance(self, flat: Floats) -> Floats | None:
        """Covariance of the fixed terms; None where it is not to be had or a step is left."""
        factor = self.factor(flat)
        if factor is None:
            return None
        score, step = self._step(flat)
        return factor.fixed_covariance if float(score @ step) < _LEFT_TO_GAIN else None


def _fitted(
    climb: _Climb,
    flat: Floats,
    settled: bool,
    effects_covariance: Floats | None,
    marginal: float | None,
) -> Fitted:
    design = climb.design
    covariance = climb.covariance(flat)
    nothing = np.full((len(design.names), len(design.names)), np.nan)
    values = design.values(flat)
    return Fitted(
        design=design,
        values=values,
        covariance=nothing if covariance is None else covariance,
        log_likelihood=climb.value(flat),
        effects_covariance=effects_covariance,
        marginal_log_likelihood=marginal,
        cells=int(design.rows.sum()),
        converged=settled and covariance is not None,
        edges=edges(design, values, effects_covariance),
    )
