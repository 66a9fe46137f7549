"""`Ground`: where the zones lie, and what of it the dependence of a field is told from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, spatial

from veedor.arrays import Bools, Floats, Ints

#: With fewer independent zones left beyond the fitted terms, nothing can be told.
FEWEST_LEFT = 8.0
#: A covariance is fitted to at most so many zones, drawn at random.
_MOST_FITTED = 600
_RANGES = 8
#: Zones touch if their middles are at most so many usual spacings apart.
_TOUCH = 1.6
_FINE = 2048


@dataclass(frozen=True)
class Shape:
    r"""A correlation that falls with distance: :math:`e^{-h/r}`, or Matern's with index 3/2.

    Parameters
    ----------
    smooth : bool
        Whether Matern's, :math:`(1 + \sqrt 3 h/r) e^{-\sqrt 3 h/r}`.
    range_m : float
    """

    smooth: bool
    range_m: float

    def at(self, distance_m: Floats) -> Floats:
        """Correlation at some distances, in (0, 1]."""
        far = distance_m / self.range_m * (np.sqrt(3.0) if self.smooth else 1.0)
        fallen: Floats = np.exp(-far)
        return (1.0 + far) * fallen if self.smooth else fallen


@dataclass(frozen=True, eq=False)
class Products:
    """Sums of products of values over unordered pairs of zones, k values at once.

    Parameters
    ----------
    pairs : array, shape (classes,)
        By distance (Sturges' number of steps) and four directions.
    by_class : array, shape (classes, k)
    distance_m : array, shape (fine,)
        Mean of each fine step of distance.
    by_distance : array, shape (fine, exact)
        Of the first values.
    """

    pairs: Floats
    by_class: Floats
    distance_m: Floats
    by_distance: Floats

    @property
    def means(self) -> Floats:
        """Mean product of each class, shape (classes, k); 0 where a class is empty."""
        found: Floats = self.by_class / np.maximum(self.pairs, 1.0)[:, None]
        return found


class Ground:
    """Middles of zones, and the clusters that they lie in.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Metres.
    rng : numpy.random.Generator
        Draws the zones that covariances are fitted to, where there are more than 600.
    cluster : array of int, shape (n,), optional
        Zones of one cluster may have anything in common; each is its own by default.
    usable : array of bool, shape (n,), optional
        Zones that may be drawn; those for which every figure is defined, so that parts of the
        ground share what is computed once.
    """

    def __init__(
        self,
        x_m: Floats,
        y_m: Floats,
        rng: np.random.Generator,
        cluster: Ints | None = None,
        usable: Bools | None = None,
    ) -> None:
        self.x_m, self.y_m = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
        self.cluster = None if cluster is None else np.unique(cluster, return_inverse=True)[1]
        self.widest = float(np.hypot(np.ptp(x_m), np.ptp(y_m))) if len(x_m) else 0.0
        self._rng = rng
        drawn = np.arange(len(x_m)) if usable is None else np.flatnonzero(usable)
        if len(drawn) > _MOST_FITTED:
            drawn = np.sort(rng.choice(drawn, _MOST_FITTED, replace=False))
        self.fitted = drawn
        self._parts: dict[bytes, Ground] = {}

    def __len__(self) -> int:
        return len(self.x_m)

    @property
    def units(self) -> int:
        """Clusters, or zones where there are none: what may be independent at best."""
        return len(self) if self.cluster is None else int(self.cluster.max(initial=-1)) + 1

    @property
    def enough(self) -> bool:
        """Whether there are enough places and clusters to tell anything."""
        return min(len(self), self.units) > FEWEST_LEFT and self.widest > 0.0

    @cached_property
    def spacing(self) -> float:
        """Usual distance of neighbours, metres: the median of the fourth nearest."""
        number = min(4, len(self) - 1) + 1
        distance, _ = self._tree.query(np.column_stack([self.x_m, self.y_m]), k=number)
        found = float(np.median(distance[:, -1]))
        return found if found > 0.0 else self.widest / np.sqrt(len(self))

    @cached_property
    def shapes(self) -> list[Shape]:
        """Correlations to choose from: two kinds, from half a spacing to half of the ground."""
        ranges = np.geomspace(0.5 * self.spacing, 0.5 * self.widest, _RANGES)
        return [Shape(smooth, float(r)) for smooth in (False, True) for r in ranges]

    @cached_property
    def spectra(self) -> list[tuple[Floats, Floats]]:
        """Eigenvalues and vectors of each shape's correlation of the fitted zones."""
        x, y = self.x_m[self.fitted], self.y_m[self.fitted]
        distance = np.hypot(x[:, None] - x, y[:, None] - y)
        made = []
        for shape in self.shapes:
            values, vectors = linalg.eigh(shape.at(distance), check_finite=False)
            made.append((np.maximum(values, 1e-8), vectors))
        return made

    @cached_property
    def near(self) -> tuple[Ints, Ints]:
        """Pairs of zones that touch or share a cluster, each once."""
        pairs = self._tree.query_pairs(_TOUCH * self.spacing, output_type="ndarray")
        if self.cluster is not None:
            pairs = np.vstack([pairs, *(_all_pairs(of) for of in self._members())])
        keys = np.unique(pairs.min(axis=1) * len(self) + pairs.max(axis=1)) if len(pairs) else pairs
        first, second = np.divmod(keys.ravel().astype(np.int64), len(self))
        return first, second

    def products(self, values: Floats, exact: int = 0) -> Products:
        """Products over all pairs, of values of shape (n, k). O(n^2 k) time, O(n k) memory."""
        from veedor.audits.places.dependence.compiled import pair_products

        pairs, by_class, fine, apart, by_distance = pair_products(
            self.x_m, self.y_m, np.ascontiguousarray(values), exact, self.widest, self._steps, _FINE
        )
        return Products(pairs, by_class, apart / np.maximum(fine, 1.0), by_distance)

    def classes(self, first: Ints, second: Ints) -> Ints:
        """Class of distance and direction of some pairs, as in `Products`."""
        dx, dy = self.x_m[first] - self.x_m[second], self.y_m[first] - self.y_m[second]
        wide, high, eighth = np.abs(dx), np.abs(dy), np.sqrt(2.0) - 1.0
        way = np.select([high < eighth * wide, wide <= eighth * high, dx * dy > 0.0], [0, 2, 1], 3)
        step = (np.hypot(dx, dy) * (self._steps / self.widest)).astype(np.int64)
        found: Ints = 4 * np.minimum(step, self._steps - 1) + way
        return found

    def part(self, here: Bools) -> Ground:
        """Take the zones of a mask; asked again, the same object."""
        if bool(here.all()):
            return self
        key = here.tobytes()
        if key not in self._parts:
            cluster = None if self.cluster is None else self.cluster[here]
            made = Ground(self.x_m[here], self.y_m[here], self._rng, cluster)
            if bool(here[self.fitted].all()) and len(self.fitted) == _MOST_FITTED:
                made.fitted = (np.cumsum(here) - 1)[self.fitted]
                made.__dict__.update(spacing=self.spacing, shapes=self.shapes, spectra=self.spectra)
            self._parts[key] = made
        return self._parts[key]

    def clustered(self, cluster: Ints) -> Ground:
        """The same ground, whose zones of one cluster may have anything in common."""
        made = Ground(self.x_m, self.y_m, self._rng, cluster)
        made.fitted = self.fitted
        if self.enough:
            made.__dict__.update(spacing=self.spacing, shapes=self.shapes, spectra=self.spectra)
        return made

    @property
    def _steps(self) -> int:
        return int(np.ceil(1.0 + np.log2(len(self) * (len(self) - 1) / 2.0)))

    @cached_property
    def _tree(self) -> spatial.KDTree:
        return spatial.KDTree(np.column_stack([self.x_m, self.y_m]))

    def _members(self) -> list[Ints]:
        """Zones of each cluster."""
        if self.cluster is None:
            return []
        order = np.argsort(self.cluster, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.cluster))[:-1])


def _all_pairs(members: Ints) -> Ints:
    first, second = np.triu_indices(len(members), 1)
    return np.column_stack([members[first], members[second]])
