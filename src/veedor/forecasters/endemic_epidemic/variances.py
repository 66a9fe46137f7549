"""Variances of random intercepts, by their approximate marginal likelihood."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.endemic_epidemic.arrow import Factor

#: At this standard deviation of its log, areas are taken not to differ in a part.
LEAST_DEVIATION = 0.01
_START = 0.5
_MEMORY = 4
_LONGEST, _LONGER = 1.5, 4.0


class Covariance:
    r"""Covariance of an area's random intercepts, by numbers that may be anything.

    :math:`\Sigma = L L^\top`, with L lower triangular, and diagonal where intercepts are
    independent; the numbers are the logarithms of its diagonal, then what is below.

    Parameters
    ----------
    size : int
        Parts with random intercepts.
    correlated : bool
    """

    def __init__(self, size: int, *, correlated: bool) -> None:
        self.size, self._correlated = size, correlated
        self._below = np.tril_indices(size, -1) if correlated else (np.zeros(0, int),) * 2
        self.least: Floats = np.full(size + len(self._below[0]), -np.inf)
        self.least[:size] = np.log(LEAST_DEVIATION)

    def start(self) -> Floats:
        """Numbers to begin from."""
        return np.concatenate([np.full(self.size, np.log(_START)), np.zeros(len(self._below[0]))])

    def numbers(self, matrix: Floats) -> Floats:
        """Numbers of a covariance."""
        root = np.linalg.cholesky(matrix)
        return np.concatenate([np.log(np.diag(root)), root[self._below]])

    def root(self, numbers: Floats) -> Floats:
        """L, shape (size, size)."""
        found = np.diag(np.exp(numbers[: self.size]))
        found[self._below] = numbers[self.size :]
        return found

    def matrix(self, numbers: Floats) -> Floats:
        """Sigma, shape (size, size)."""
        root = self.root(numbers)
        return np.asarray(root @ root.T)

    def precision(self, numbers: Floats) -> Floats:
        """Inverse of Sigma, shape (size, size)."""
        inverse = np.linalg.inv(self.root(numbers))
        return np.asarray(inverse.T @ inverse)

    def improved(self, effects: Floats, factor: Factor) -> Floats:
        r"""Numbers that the effects and their uncertainty ask for.

        Where they change nothing, the `marginal` likelihood is stationary:

        .. math:: \Sigma = \frac{1}{n} \sum_i \left(b_i b_i^\top + C_i\right),

        with :math:`C_i` the block of the inverse penalised information that belongs to the
        random intercepts of area i.

        Parameters
        ----------
        effects : array, shape (areas, size)
            b, where the penalised likelihood is largest.
        factor : Factor
            Of the penalised information there; the random effects stand first in its blocks.
        """
        inside = factor.own_covariance[:, : self.size, : self.size].sum(axis=0)
        matrix = (effects.T @ effects + inside) / len(effects)
        if not self._correlated:
            matrix = np.diag(np.diag(matrix))
        return self.numbers(matrix)

    def marginal(self, numbers: Floats, effects: Floats, factor: Factor) -> float:
        r"""Log marginal likelihood of Sigma by Laplace's approximation, up to a constant.

        .. math:: -\tfrac{n}{2} \log|\Sigma| - \tfrac12 \sum_i b_i^\top \Sigma^{-1} b_i
                  - \tfrac12 \log|F|,

        with F the penalised information of all numbers, fixed terms too. Arguments as of
        `improved`.

        References
        ----------
        Paul, M. & Held, L. (2011), as in `Model`.
        """
        spread = effects.T @ effects
        logs = float(np.log(np.diag(self.root(numbers))).sum())
        penalty = float(np.sum(self.precision(numbers) * spread))
        return -len(effects) * logs - 0.5 * penalty - 0.5 * factor.log_determinant


class Turns:
    """Steps of a map to where it changes nothing, hurried by those before.

    Anderson's mixing: the next point is the combination of the last few whose changes cancel
    best. Where that would go against what the map asks for, to a point that it flees, the step is
    the change itself, the longer the more often. A step longer than a bound is cut, and what was
    learned is forgotten where the changes grow.

    References
    ----------
    Walker, H. F. & Ni, P. (2011). Anderson acceleration for fixed-point iterations. SIAM Journal
    on Numerical Analysis 49, 1715-1735. https://doi.org/10.1137/10078356X
    """

    def __init__(self) -> None:
        self._at: list[Floats] = []
        self._change: list[Floats] = []
        self._stride = 1.0

    @property
    def first(self) -> bool:
        """Whether no step was taken yet."""
        return not self._at

    def step(self, at: Floats, mapped: Floats) -> Floats:
        """Where to go on, from a point and what the map makes of it."""
        change = mapped - at
        if self._change and np.abs(change).max() > 2.0 * np.abs(self._change[-1]).max():
            self._at, self._change = [], []
        self._at, self._change = [*self._at, at][-_MEMORY:], [*self._change, change][-_MEMORY:]
        step = change * self._stride
        if len(self._at) > 1:
            moves = np.diff(np.stack(self._at), axis=0).T
            changes = np.diff(np.stack(self._change), axis=0).T
            share = np.linalg.lstsq(changes, change, rcond=1e-10)[0]
            step = change - (moves + changes) @ share
        if step @ change <= 0.0:
            self._at, self._change = self._at[-1:], self._change[-1:]
            self._stride *= _LONGER
            step = change * self._stride
        else:
            self._stride = max(1.0, self._stride / _LONGER)
        longest = float(np.abs(step).max())
        return np.asarray(at + step * min(1.0, _LONGEST / max(longest, 1e-300)))
