"""Seconds to fit the endemic-epidemic model, beside a plain numpy floor in the same run.

    python -m benchmarks.endemic_epidemic

Made-up counts of 140 areas on a lattice in 416 weeks, by the model itself: three pairs of waves and
a trend in the level, a covariate in the other parts. The floor is one step of Newton's method as
plain numpy would do it, dense: weights of all cells and ``X' W X`` of thirteen columns; a fit takes
some dozens, and those with random intercepts have 420 more columns. Goal: each within 10 s.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from benchmarks.kernels import best
from veedor.forecasters.endemic_epidemic import (
    Design,
    Model,
    Panel,
    Part,
    Values,
    Weights,
    fit,
    moments,
    one_step,
    simulate,
)

_ROWS, _COLUMNS, _WEEKS = 14, 10, 416
_GOAL_S = 10.0
_FIXED = Model(
    Part(trend=True, season=3, offset="people"),
    Part(covariates=("log_people",)),
    Part(covariates=("log_people",)),
    Weights("first_order", normalised=True),
)
_RANDOM = Model(
    replace(_FIXED.parts["endemic"], intercept="random"),
    Part("random", covariates=("log_people",)),
    Part("random", covariates=("log_people",)),
    _FIXED.weights,
)
_TRUTH = np.array([-1.0, 0.001, 0.8, 0.5, 0.2, 0.1, 0.05, 0.02, -0.9, 0.1, -1.2, 0.3, -0.5])
MODELS = {
    "fixed terms": _FIXED,
    "power law": replace(_FIXED, weights=Weights("power_law", 5, normalised=True)),
    "random intercepts": _RANDOM,
    "random, correlated": replace(_RANDOM, correlated=True),
    "random, power law": replace(_RANDOM, weights=Weights("power_law", 5, normalised=True)),
}


def made_up(seed: int = 1) -> Panel:
    """Counts of the model with random intercepts."""
    rng = np.random.default_rng(seed)
    areas = np.arange(_ROWS * _COLUMNS)
    row, column = np.divmod(areas, _COLUMNS)
    near = np.abs(row[:, None] - row) + np.abs(column[:, None] - column) == 1
    people = rng.gamma(3.0, 1.0 / 3.0, len(areas))
    empty = Panel(
        np.full((1, len(areas)), 2.0),
        covariates={"people": people, "log_people": np.log(people)},
        periods=_WEEKS,
        neighbours=(np.concatenate([[0], np.cumsum(near.sum(axis=1))]), np.nonzero(near)[1]),
    )
    effects = rng.normal(0.0, [0.6, 0.4, 0.5], (len(areas), 3))
    counts = simulate(Design(_RANDOM, empty), Values(_TRUTH, effects), rng)
    return replace(empty, counts=counts.astype(np.float64))


def main() -> None:
    """Print a line for each."""
    panel = made_up()
    dense = np.random.default_rng(0).normal(size=(panel.counts.size, len(_TRUTH)))
    floor = best(lambda: dense.T @ (np.exp(dense @ _TRUTH)[:, None] * dense))
    print(f"{panel.areas} areas, {_WEEKS} weeks, mean {panel.counts.mean():.1f}")
    print(f"{'floor: one dense step':28} {floor:.4f} s")
    for name, model in MODELS.items():
        began = time.perf_counter()
        fitted = fit(model, panel)
        seconds = time.perf_counter() - began
        assert fitted.converged, name
        kept = "within the goal" if seconds <= _GOAL_S else "beyond the goal"
        print(f"fit {name:24} {seconds:.2f} s, {seconds / floor:,.0f} times the floor, {kept}")
    fitted = fit(_FIXED, panel.until(_WEEKS - 12))
    seconds = best(lambda: moments(fitted, 12))
    print(f"moments, 12 weeks ahead      {seconds:.3f} s, {seconds / floor:,.0f} times the floor")
    seconds = best(lambda: one_step(_FIXED, panel, _WEEKS - 4, _WEEKS - 1), repeats=1)
    print(f"4 rolling forecasts          {seconds:.2f} s, {seconds / floor:,.0f} times the floor")


if __name__ == "__main__":
    main()
