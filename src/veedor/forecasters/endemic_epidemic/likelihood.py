"""Log likelihood of an endemic-epidemic model, with its score and information."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.forecasters.endemic_epidemic.arrow import Arrow
from veedor.forecasters.endemic_epidemic.columns import Columns
from veedor.forecasters.endemic_epidemic.design import DECAY, DISPERSION, Design, Values
from veedor.forecasters.endemic_epidemic.specification import AUTOREGRESSIVE, NEIGHBOURS

_TERM_BY_TERM = 4096.0


@dataclass(frozen=True, eq=False)
class Slope:
    """Score and information of all numbers of a model.

    Parameters
    ----------
    score : array, shape (p + areas * K,)
    observed : Arrow
        Minus the second derivatives.
    expected : callable
        Makes a stand-in for their expectation, which is never negative.
    """

    score: Floats
    observed: Arrow
    expected: Callable[[], Arrow]


class Likelihood:
    r"""Log likelihood of the counts of a design.

    .. math:: \ell = \sum \sum_{j < y} \log(1 + \psi j) + y \log \mu
              - (y + 1/\psi) \log(1 + \psi\mu) - \log y!

    over the design's `rows`, given what was recorded before each; for psi 0 the Poisson's. The
    sum over j needs no gamma functions, so that nothing cancels as psi goes to 0.

    Parameters
    ----------
    design : Design
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        panel = design.panel
        self._periods = slice(1, len(panel.counts))
        self._rows = design.rows[1:]
        self._y = np.where(self._rows, panel.counts[1:], 0.0)
        self._previous = panel.counts[:-1]
        self._constant = float(special.gammaln(self._y + 1.0).sum())

    def at(self, values: Values) -> float:
        """Log likelihood, in nats; minus infinity where a recorded count was impossible."""
        design, rows, y = self.design, self._rows, self._y
        with np.errstate(all="ignore"):
            parts = design.means(values, self._periods, self._previous)
            mean = np.sum([*parts.values()], axis=0)
            psi = design.dispersion(values)
            dispersed = psi > 0.0
            size = 1.0 / np.where(dispersed, psi, 1.0)
            wide = (y + size) * np.log1p(psi * mean)
            each = special.xlogy(y, mean) - np.where(dispersed, wide, mean)
            found = float(each[rows].sum()) - self._constant
            if design.model.dispersion != "none":
                (each,) = self._rising(psi, 0)
                found += float(each.sum())
        return found if np.isfinite(found) else -np.inf

    def slope(self, values: Values) -> Slope:
        """Score and information at finite values."""
        with np.errstate(all="ignore"):
            return self._slope(values)

    def _slope(self, values: Values) -> Slope:
        design, y = self.design, self._y
        parts = design.rates(values, self._periods)
        steps: dict[str, Floats] = dict(parts)
        if AUTOREGRESSIVE in parts:
            steps[AUTOREGRESSIVE] = parts[AUTOREGRESSIVE] * self._previous
        bend = None
        if NEIGHBOURS in parts:
            sums, first, second = design.spreading.sums(self._previous, design.log_decay(values))
            steps[NEIGHBOURS] = parts[NEIGHBOURS] * sums
            if design.decays:
                steps[DECAY] = parts[NEIGHBOURS] * first
                bend = parts[NEIGHBOURS] * second
        mean = np.sum([steps[name] for name in parts], axis=0)
        psi = design.dispersion(values)
        use = self._rows & (mean > 0.0)
        safe = np.where(use, mean, 1.0)
        wide = 1.0 + psi * safe
        u = np.where(use, (y - safe) / (safe * wide), 0.0)
        v = np.where(use, -y / safe**2 + psi * (1.0 + psi * y) / wide**2, 0.0)

        channels = design.channels
        score: dict[str, Floats] = {}
        observed: dict[tuple[str, str], Floats] = {}
        names = [name for name in channels if name != DISPERSION]
        for name in names:
            score[name] = u * steps[name]
        for place, name in enumerate(names):
            for other in names[place:]:
                observed[name, other] = -v * steps[name] * steps[other]
            if name != DECAY:
                observed[name, name] = observed[name, name] - u * steps[name]
        if bend is not None:
            observed[NEIGHBOURS, DECAY] = observed[NEIGHBOURS, DECAY] - u * steps[DECAY]
            observed[DECAY, DECAY] = observed[DECAY, DECAY] - u * bend
        if DISPERSION in channels:
            size = 1.0 / psi
            rising, rising_again = self._rising(psi, 1, 2)
            log_wide = size * np.log1p(psi * safe)
            ratio = safe / wide
            one = rising + np.where(use, log_wide - (1.0 + psi * y) * ratio, 0.0)
            score[DISPERSION] = one
            curve = rising_again + np.where(
                use,
                -log_wide + ratio - psi * y * ratio + (1.0 + psi * y) * psi * ratio**2,
                0.0,
            )
            mixed = np.where(use, -psi * (y - safe) / wide**2, 0.0)
            for name in names:
                observed[name, DISPERSION] = -mixed * steps[name]
            observed[DISPERSION, DISPERSION] = -curve

        def expected() -> dict[tuple[str, str], Floats]:
            found: dict[tuple[str, str], Floats] = {}
            for place, name in enumerate(channels):
                for other in channels[place:]:
                    if name == other == DISPERSION:
                        found[name, other] = score[DISPERSION] ** 2
                    elif DISPERSION in (name, other):
                        found[name, other] = np.zeros_like(mean)
                    else:
                        weight = np.where(use, 1.0 / (safe * wide), 0.0)
                        found[name, other] = weight * steps[name] * steps[other]
            return found

        return Slope(
            self._score(score),
            self._information(observed),
            lambda: self._information(expected()),
        )

    def _rising(self, psi: Floats, *derivatives: int) -> list[Floats]:
        """Sum over j < y of log(1 + psi j) in each cell, or its derivatives by log psi."""
        if self.design.model.dispersion == "common":
            counts, cells = self._distinct
            return [rising(float(psi[0]), counts, derivative)[cells] for derivative in derivatives]
        each = [(float(one), self._y[:, area]) for area, one in enumerate(psi)]
        return [
            np.stack([rising(one, counts, derivative) for one, counts in each], axis=1)
            for derivative in derivatives
        ]

    @cached_property
    def _distinct(self) -> tuple[Floats, Ints]:
        """Every count that there is, and which of them each cell has, shape (periods, areas)."""
        counts, cells = np.unique(self._y, return_inverse=True)
        return counts, cells.reshape(self._y.shape)

    @cached_property
    def _terms(self) -> dict[str, Columns]:
        return {name: terms.of(self._periods) for name, terms in self.design.terms.items()}

    def _score(self, of: dict[str, Floats]) -> Floats:
        design = self.design
        fixed = [self._terms[name].sums(of[name]) for name in design.channels]
        effects = [of[name].sum(axis=0) for name in design.effects]
        own = np.stack(effects, axis=1) if effects else np.zeros((design.panel.areas, 0))
        return np.concatenate([*fixed, own.ravel()])

    def _information(self, of: dict[tuple[str, str], Floats]) -> Arrow:
        """Sums of what two channels have in common, over the columns of both."""
        design, areas = self.design, self.design.panel.areas
        p, k = len(design.names), len(design.effects)
        core, side, blocks = np.zeros((p, p)), np.zeros((areas, k, p)), np.zeros((areas, k, k))
        own = {name: number for number, name in enumerate(design.effects)}
        for (one, other), common in of.items():
            rows, columns = design.places[one], design.places[other]
            for column, term in zip(range(p)[columns], self._terms[other], strict=True):
                weighted = common * term
                core[rows, column] = self._terms[one].sums(weighted)
                if one in own:
                    side[:, own[one], column] = weighted.sum(axis=0)
            core[columns, rows] = core[rows, columns].T
            if other in own and one != other:
                for row, term in zip(range(p)[rows], self._terms[one], strict=True):
                    side[:, own[other], row] = (common * term).sum(axis=0)
            if one in own and other in own:
                blocks[:, own[one], own[other]] = common.sum(axis=0)
                blocks[:, own[other], own[one]] = blocks[:, own[one], own[other]]
        return Arrow(blocks, side, core)


def rising(psi: float, counts: Floats, derivative: int) -> Floats:
    r"""Sum over j below each count of log(1 + psi j), or its derivatives by log psi.

    Term by term up to some thousands, beyond by Euler and Maclaurin's formula, whose next term is
    below rounding there.

    Parameters
    ----------
    psi : float
        Above 0.
    counts : array of whole numbers
    derivative : int
        0, 1 or 2.

    Examples
    --------
    >>> rising(0.5, np.array([0.0, 1.0, 3.0]), 0).round(6)  # log 1.5 + log 2
    array([0.      , 0.      , 1.098612])
    """
    near = np.minimum(counts, _TERM_BY_TERM)
    j = psi * np.arange(float(near.max(initial=0.0)))
    term = (np.log1p(j), j / (1.0 + j), j / (1.0 + j) ** 2)[derivative]
    found: Floats = np.concatenate([[0.0], np.cumsum(term)])[near.astype(np.int64)]
    far = counts > _TERM_BY_TERM
    if bool(far.any()):
        up, low = psi * counts[far], psi * _TERM_BY_TERM
        found[far] += _smooth(psi, up, derivative) - _smooth(psi, low, derivative)
    return found


def _smooth(psi: float, u: Floats | float, derivative: int) -> Floats:
    """Integral of a term, less half of it, plus a twelfth of its slope, at u = psi j."""
    log, whole = np.log1p(u), 1.0 + np.asarray(u, dtype=np.float64)
    if derivative == 0:
        integral, term, slope = whole * log - u, log, 1.0 / whole
    elif derivative == 1:
        integral, term, slope = u - log, u / whole, 1.0 / whole**2
    else:
        integral, term, slope = log - u / whole, u / whole**2, (1.0 - u) / whole**3
    found: Floats = np.asarray(integral / psi - 0.5 * term + psi * slope / 12.0)
    return found
