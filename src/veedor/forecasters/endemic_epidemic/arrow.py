"""`Arrow`: a symmetric matrix of which each area's own numbers touch only those for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from veedor.arrays import Floats


@dataclass(frozen=True, eq=False)
class Arrow:
    r"""The information of a model with numbers for each area and numbers for all.

    .. math:: \begin{pmatrix} D & B_1^\top & B_2^\top & \cdots \\
              B_1 & A_1 & & \\ B_2 & & A_2 & \\ \vdots & & & \ddots \end{pmatrix}

    Solved, and its determinant taken, in time that is linear in areas.

    Parameters
    ----------
    blocks : array, shape (areas, K, K)
        A.
    side : array, shape (areas, K, p)
        B.
    core : array, shape (p, p)
        D.
    """

    blocks: Floats
    side: Floats
    core: Floats

    def with_precision(self, precision: Floats) -> Arrow:
        """Add to every area's own block, shape (K, K)."""
        return Arrow(self.blocks + precision, self.side, self.core)

    def ridged(self, share: float) -> Arrow:
        """Raise the diagonal by a share of itself, and by a trifle where it is nothing."""
        k, p = self.side.shape[1:]
        own = np.abs(np.einsum("ikk->ik", self.blocks)) * share + 1e-8
        blocks = self.blocks + own[:, :, None] * np.eye(k)
        core = self.core + np.diag(np.abs(np.diag(self.core)) * share + 1e-8) if p else self.core
        return Arrow(blocks, self.side, core)

    def holding(self, place: int) -> Arrow:
        """Leave one of the numbers for all where it is, apart from everything else."""
        side, core = self.side.copy(), self.core.copy()
        side[:, :, place] = 0.0
        core[place], core[:, place] = 0.0, 0.0
        core[place, place] = 1.0
        return Arrow(self.blocks, side, core)

    def factor(self) -> Factor:
        """Factorise.

        Raises
        ------
        numpy.linalg.LinAlgError
            If it is not positive definite.
        """
        roots = np.linalg.cholesky(self.blocks)
        inner = np.asarray(np.linalg.solve(self.blocks, self.side), dtype=np.float64)
        left = self.core - np.einsum("ikp,ikq->pq", self.side, inner)
        root: Floats = np.linalg.cholesky(0.5 * (left + left.T))
        logs = np.log(np.diagonal(roots, axis1=1, axis2=2)).sum() + np.log(np.diag(root)).sum()
        return Factor(self, inner, root, 2.0 * float(logs))


@dataclass(frozen=True, eq=False)
class Factor:
    """An `Arrow` that can be solved.

    Parameters
    ----------
    arrow : Arrow
    inner : array, shape (areas, K, p)
        A^-1 B.
    root : array, shape (p, p)
        Lower Cholesky factor of the Schur complement.
    log_determinant : float
    """

    arrow: Arrow
    inner: Floats
    root: Floats
    log_determinant: float

    def solve(self, right: Floats) -> Floats:
        """Solution for a right-hand side of fixed numbers, then effects, area by area."""
        areas, k, p = self.arrow.side.shape
        own = right[p:].reshape(areas, k, 1)
        first = np.linalg.solve(self.arrow.blocks, own)[:, :, 0]
        core = right[:p] - np.einsum("ikp,ik->p", self.arrow.side, first)
        fixed = linalg.cho_solve((self.root, True), core) if p else core
        effects = first - np.einsum("ikp,p->ik", self.inner, fixed)
        return np.concatenate([fixed, effects.ravel()])

    @property
    def fixed_covariance(self) -> Floats:
        """Block of the inverse for the fixed numbers, shape (p, p)."""
        p = len(self.root)
        inverse: Floats = linalg.cho_solve((self.root, True), np.eye(p)) if p else self.root
        return inverse

    @property
    def own_covariance(self) -> Floats:
        """Blocks of the inverse for each area's own numbers, shape (areas, K, K)."""
        inverse = np.linalg.inv(self.arrow.blocks)
        around = np.einsum("ikp,pq,ilq->ikl", self.inner, self.fixed_covariance, self.inner)
        found: Floats = inverse + around
        return found
