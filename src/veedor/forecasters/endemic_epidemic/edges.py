"""What goes to the edge of what it can be, and the model that is left without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.endemic_epidemic.design import Design, Values
from veedor.forecasters.endemic_epidemic.specification import (
    ENDEMIC,
    NEIGHBOURS,
    PARTS,
    Model,
    Part,
)
from veedor.forecasters.endemic_epidemic.variances import LEAST_DEVIATION

#: A part that brings less of all that is expected, a dispersion below it, and a weight of the
#: second order beside the first below it, or above one less it, are taken as none.
NOTHING = 1e-6
_DISPERSION, _NEAREST, _ALIKE, _VARIANCE = "dispersion", "only_nearest", "all_alike", ".variance"


def edges(design: Design, values: Values, covariance: Floats | None) -> tuple[str, ...]:
    """Name what went to an edge.

    ``"endemic"``, ``"autoregressive"`` or ``"neighbours"``, a part that brings nothing;
    ``"only_nearest"`` and ``"all_alike"``, a power law that falls off at once, or never;
    ``"dispersion"``, counts that vary no more than Poisson's; ``"endemic.variance"`` and the like,
    random intercepts that do not differ.
    """
    counts, rows = design.panel.counts, design.rows[1:]
    parts = design.means(values, slice(1, len(counts)), counts[:-1])
    brought = {name: float(part[rows].sum()) for name, part in parts.items()}
    least = NOTHING * sum(brought.values())
    found = [name for name in reversed(PARTS) if brought.get(name, np.inf) < least]
    if design.decays and NEIGHBOURS not in found:
        second = float(2.0 ** -np.exp(min(design.log_decay(values), 50.0)))
        if second < NOTHING:
            found.append(_NEAREST)
        elif second > 1.0 - NOTHING:
            found.append(_ALIKE)
    if design.model.dispersion != "none" and bool((design.dispersion(values) < NOTHING).any()):
        found.append(_DISPERSION)
    if covariance is not None:
        deviations = np.sqrt(np.diag(covariance))
        found += [
            f"{name}{_VARIANCE}"
            for name, one in zip(design.random, deviations, strict=True)
            if one <= 1.001 * LEAST_DEVIATION
        ]
    return tuple(found)


def without(model: Model, edge: str) -> Model | None:
    """Return the model that is left without what is at an edge; None where there is none such."""
    if edge in PARTS:
        return None if len(model.parts) == 1 else _with(model, edge, None)
    if edge == _NEAREST:
        return replace(model, weights=replace(model.weights, kind="first_order"))
    if edge == _ALIKE:
        return replace(model, weights=replace(model.weights, kind="equal"))
    if edge == _DISPERSION:
        return replace(model, dispersion="none") if model.dispersion == "common" else None
    name = edge.removesuffix(_VARIANCE)
    return _with(model, name, replace(model.parts[name], intercept="common"))


def _with(model: Model, name: str, part: Part | None) -> Model:
    if name == ENDEMIC:
        return replace(model, endemic=part)
    return (
        replace(model, neighbours=part)
        if name == NEIGHBOURS
        else replace(model, autoregressive=part)
    )
