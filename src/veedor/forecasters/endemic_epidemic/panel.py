"""`Panel`: counts by period and area, which of them are known, and what is known about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts of areas, one period after the other.

    Parameters
    ----------
    counts : array of whole numbers, shape (T, areas)
        At least 0; what stands where a cell is not observed is not read.
    observed : array of bool, shape (T, areas), or None
        Which cells were reported; all by default. A cell that was not contributes nothing, and a
        cell whose predecessors were not all reported is left out too.
    covariates : mapping of str to array
        By name; each broadcasts to (periods, areas). Vary by period with shape (periods, 1) or by
        area with shape (areas,).
    periods : int or None
        Periods that the covariates cover: T, or more, so that what comes after can be forecast.
    neighbours : (indptr, indices) or None
        Areas that touch each, as in `veedor.spacetime.Cells`.
    flows : sparse array, shape (areas, areas), or None
        Given weights; row j, column i says how much of area j counts for area i. No diagonal.

    Raises
    ------
    DataError
        If a count is no whole number of at least 0, or a shape does not fit.
    """

    counts: Floats
    observed: Bools | None = None
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    periods: int | None = None
    neighbours: tuple[Ints, Ints] | None = None
    flows: sparse.csr_array | None = None

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts, dtype=np.float64)
        if counts.ndim != 2 or min(counts.shape) < 1:
            raise DataError(
                "Counts of areas must have a row for each period and a column for each area.",
                found=phrase("shape {shape}", shape=counts.shape),
            )
        if self.observed is not None:
            self._require_shape("observed", np.shape(self.observed), counts.shape)
            counts = np.where(self.observed, counts, 0.0)
        wrong = ~((counts >= 0.0) & (counts == np.floor(counts)) & np.isfinite(counts))
        if bool(wrong.any()):
            raise DataError(
                "Every count must be a whole number of at least 0.",
                found=phrase(
                    "{n} that are not, the first is {first}",
                    n=int(wrong.sum()),
                    first=counts[wrong][0],
                ),
                remedy="cells that were not reported are told by observed",
            )
        object.__setattr__(self, "counts", counts)
        if self.periods is not None and self.periods < len(counts):
            raise DataError(
                "A panel must have no fewer periods than it has counts of.",
                found=phrase("{periods} and {counts}", periods=self.periods, counts=len(counts)),
            )
        if self.flows is not None:
            self._require_shape("flows", self.flows.shape, (self.areas, self.areas))

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return int(self.counts.shape[1])

    @property
    def all_periods(self) -> int:
        """How many periods the covariates cover."""
        return len(self.counts) if self.periods is None else self.periods

    @cached_property
    def known(self) -> Bools:
        """Which cells were reported, shape (T, areas)."""
        if self.observed is None:
            return np.ones(self.counts.shape, dtype=bool)
        return np.asarray(self.observed, dtype=bool)

    def covariate(self, name: str) -> Floats:
        """One covariate, shape (periods or 1, areas or 1).

        Raises
        ------
        DataError
            If there is none of that name, its shape does not fit, or a number is not finite.
        """
        if name not in self.covariates:
            raise DataError(
                "A covariate of an endemic-epidemic model must be in the panel.",
                found=name,
                remedy=phrase("it has {known}", known=", ".join(sorted(self.covariates)) or "-"),
            )
        values = np.atleast_2d(np.asarray(self.covariates[name], dtype=np.float64))
        shape = (self.all_periods, self.areas)
        fits = values.ndim == 2 and all(
            one in (1, whole) for one, whole in zip(values.shape, shape, strict=True)
        )
        if not fits:
            self._require_shape(name, values.shape, shape)
        if not bool(np.isfinite(values).all()):
            raise DataError(
                "Every number of a covariate must be finite.",
                found=phrase("one that is not"),
                where=name,
            )
        return values

    def until(self, period: int) -> Panel:
        """Return the same with the counts of the first periods only; covariates stay."""
        observed = None if self.observed is None else self.observed[:period]
        return replace(
            self, counts=self.counts[:period], observed=observed, periods=self.all_periods
        )

    @staticmethod
    def _require_shape(name: str, found: tuple[int, ...], must: tuple[int, ...]) -> None:
        if found != must:
            raise DataError(
                phrase("{name} must be of shape {must}.", name=name, must=must),
                found=phrase("shape {shape}", shape=found),
            )
