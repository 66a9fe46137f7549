"""Independent counts, drawn at the cost of the incidents or of the cells, whichever are fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.errors import StudyError, phrase
from veedor.forecasts import CountDistribution

# Below this dispersion two incidents of one cluster are rarer than rounding errors.
_POISSON_BELOW = 1e-12
_MOST_INCIDENTS = 4_000_000
_MOST_DRAFTS = 1_000
_DENSE = 8
# Above so many incidents a bin, a bin at a time costs less than an incident at a time.
_MANY = 4.0


@dataclass(frozen=True, eq=False)
class SparseCounts:
    """Simulated counts above 0, as one list of (simulation, bin, count).

    Parameters
    ----------
    simulations : int
        How many; one that drew nothing at all does not occur in the list.
    simulation, bin, count : array of int, shape (m,)
        Sorted by simulation, then bin.
    """

    simulations: int
    simulation: Ints
    bin: Ints
    count: Ints

    def dense(self, bins: int) -> Ints:
        """Return the same as a table of shape (simulations, bins)."""
        table = np.zeros((self.simulations, bins), dtype=np.int64)
        table[self.simulation, self.bin] = self.count
        return table

    @classmethod
    def of(cls, table: Ints) -> SparseCounts:
        """Return the counts above 0 of a table of shape (simulations, bins)."""
        simulation, place = np.nonzero(table)
        return cls(len(table), simulation, place, table[simulation, place].astype(np.int64))

    def columns(self, columns: int) -> SparseCounts:
        """Return sums over rows, where bins are the cells of a table with so many columns."""
        key = self.simulation * columns + self.bin % columns
        size = self.simulations * columns
        if size <= _DENSE * len(key):
            count = np.bincount(key, weights=self.count, minlength=size)
            hit = np.flatnonzero(count)
            count = count[hit]
        else:
            hit, inverse = np.unique(key, return_inverse=True)
            count = np.bincount(inverse, weights=self.count)
        return SparseCounts(self.simulations, hit // columns, hit % columns, count.astype(np.int64))


class CountSimulator:
    r"""Draws of independent Poisson or negative binomial counts.

    A negative binomial count is a Poisson number of clusters, each with a logarithmic number of
    incidents: with mean :math:`\mu` and dispersion :math:`\alpha`, :math:`\log(1 + \alpha\mu) /
    \alpha` clusters are expected, with parameter :math:`\alpha\mu / (1 + \alpha\mu)`. So the
    clusters of all bins are drawn at once and laid into bins by their weights: a simulation costs
    O(incidents log bins), and empty bins cost nothing. Where there are several incidents a bin, as
    in counts of whole areas, bins are drawn one by one instead: a simulation costs O(bins).

    Parameters
    ----------
    distribution : CountDistribution, shape (bins,)

    References
    ----------
    Quenouille, M. H. (1949). A relation between the logarithmic, Poisson, and negative binomial
    series. Biometrics 5, 162-164. https://doi.org/10.2307/3001917

    Examples
    --------
    >>> simulator = CountSimulator(CountDistribution(np.array([2.0, 1.0]), 0.5))
    >>> drawn = next(simulator.given_total(5, 3, np.random.default_rng(0)))
    >>> drawn.dense(2).sum(axis=1)
    array([5, 5, 5])
    """

    def __init__(self, distribution: CountDistribution) -> None:
        self._mean = distribution.mean
        self._alpha = distribution.dispersion
        self._dispersed = bool(np.any(self._alpha > _POISSON_BELOW))

    def _is_dense(self, incidents: float) -> bool:
        return incidents > _MANY * len(self._mean)

    def unconditional(self, size: int, rng: np.random.Generator) -> Iterator[SparseCounts]:
        """Draw `size` simulations, in batches that bound memory."""
        expected = float(self._mean.sum())
        dense = self._is_dense(expected)
        batch = self._batch(len(self._mean) if dense else expected)
        for begin in range(0, size, batch):
            many = min(batch, size - begin)
            yield (
                SparseCounts.of(self._table(self._mean, many, rng))
                if dense
                else self._clusters(self._mean, many, rng).gathered()
            )

    def given_total(
        self, total: int, size: int, rng: np.random.Generator
    ) -> Iterator[SparseCounts]:
        r"""Draw `size` simulations of exactly `total` incidents, in batches.

        The means are scaled to add up to `total`, the dispersions kept. Given the total, Poisson
        counts are multinomial. For the negative binomial there is no closed form, but this is
        exact: counts with twice the means are drawn; one with N' incidents is kept with
        probability proportional to :math:`\binom{N'}{N} 2^{-N'}`; and N of the N' are kept, chosen
        at random. Thinned by a half, negative binomials keep their dispersion, and the weight is
        the chance that a thinning leaves N.

        Raises
        ------
        StudyError
            If so few drafts have the wanted total that a draw would not end.
        """
        bins = len(self._mean)
        scaled = self._mean * (total / float(self._mean.sum()))
        dense = self._is_dense(float(total))
        if total == 0 or not self._dispersed:
            batch = self._batch(float(bins if dense else total))
            edges = np.cumsum(self._mean)
            for begin in range(0, size, batch):
                many = min(batch, size - begin)
                if dense:
                    yield SparseCounts.of(rng.multinomial(total, scaled / scaled.sum(), many))
                    continue
                row = np.repeat(np.arange(many), total)
                yield _Clusters(many, row, _places(edges, row, rng), np.ones_like(row)).gathered()
            return
        batch, drafted, drawn = self._batch(float(bins if dense else 4 * total)), 0, 0
        while drawn < size:
            if drafted > _MOST_DRAFTS * size:
                raise StudyError(
                    "Counts given their total can only be drawn where the total is not too "
                    "uncertain.",
                    found=phrase(
                        "{drawn} draws of {size} after {drafted} drafts",
                        drawn=drawn,
                        size=size,
                        drafted=drafted,
                    ),
                    remedy="test with dispersions nearer to 0, or the Poisson version of the test",
                )
            # As many drafts as should do, by the share kept so far: half, to begin with.
            wanted = int(1.1 * (size - drawn) * (drafted + 2) / (drawn + 1)) + 8
            drafts = min(batch, wanted)
            if dense:
                table = self._table(2.0 * scaled, drafts, rng)
                kept_rows = _kept(table.sum(axis=1), total, rng)[: size - drawn]
                many = len(kept_rows)
                if many:
                    yield SparseCounts.of(_thinned_table(table[kept_rows], total, rng))
            else:
                clusters = self._clusters(2.0 * scaled, drafts, rng)
                begins, chosen = _thinned(clusters, total, rng)
                many = min(len(chosen), size - drawn)
                if many:
                    yield clusters.picked(begins[:many], chosen[:many])
            drafted, drawn = drafted + drafts, drawn + many

    @staticmethod
    def _batch(incidents: float) -> int:
        return max(1, min(10_000, int(_MOST_INCIDENTS / max(incidents, 1.0))))

    def _table(self, mean: Floats, many: int, rng: np.random.Generator) -> Ints:
        """Draw the count of every bin, shape (many, bins): Poisson of a gamma where dispersed."""
        dispersed = np.broadcast_to(self._alpha > _POISSON_BELOW, mean.shape)
        alpha = np.where(dispersed, self._alpha, 1.0)
        gamma = rng.gamma(1.0 / alpha, alpha * mean, (many, len(mean))) if self._dispersed else mean
        table: Ints = rng.poisson(np.where(dispersed, gamma, mean), (many, len(mean)))
        return table

    def _clusters(self, mean: Floats, many: int, rng: np.random.Generator) -> _Clusters:
        from veedor.verification.compiled_places import logarithmic

        odds = self._alpha * mean
        dispersed = self._alpha > _POISSON_BELOW
        clusters = np.where(dispersed, np.log1p(odds) / np.where(dispersed, self._alpha, 1.0), mean)
        edges = np.cumsum(clusters)
        row = np.repeat(np.arange(many), rng.poisson(edges[-1], many))
        where = _places(edges, row, rng)
        share = np.where(dispersed, np.minimum(odds / (1.0 + odds), 1.0 - 1e-12), 0.0)
        return _Clusters(many, row, where, logarithmic(rng, share, where))


@dataclass(frozen=True, eq=False)
class _Clusters:
    """Incidents drawn together: simulation, bin and number of each cluster, sorted by the former.

    They are never laid out one by one.
    """

    simulations: int
    row: Ints
    bin: Ints
    size: Ints

    def gathered(self) -> SparseCounts:
        """Counts of all."""
        from veedor.verification.compiled_places import gathered

        return SparseCounts(self.simulations, *gathered(self.row, self.bin, self.size))

    def picked(self, begins: Ints, chosen: Ints) -> SparseCounts:
        """Counts of some incidents of some simulations.

        Parameters
        ----------
        begins : array of int, shape (m,)
            First cluster of each simulation.
        chosen : array of int, shape (m, n)
            Which of its incidents, ascending.
        """
        from veedor.verification.compiled_places import picked

        return SparseCounts(len(begins), *picked(begins, chosen, self.bin, self.size))


def _places(edges: Floats, row: Ints, rng: np.random.Generator) -> Ints:
    """Bins drawn in proportion to the steps of `edges`, ascending within each row."""
    # Sorted first: looking up neighbours in turn is many times faster than looking up at random.
    from veedor.verification.compiled_places import steps_above

    chance = np.sort(row + rng.random(len(row))) - row
    even = np.searchsorted(edges, np.arange(len(edges)) * (edges[-1] / len(edges)), side="right")
    places: Ints = steps_above(edges, even, chance * edges[-1])
    return places


def _thinned(clusters: _Clusters, total: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """First cluster of each draft that is kept, and which `total` of its incidents stay."""
    first = np.searchsorted(clusters.row, np.arange(clusters.simulations + 1))
    drafted = np.diff(np.append(0, np.cumsum(clusters.size))[first])
    kept = _kept(drafted, total, rng)
    chosen = np.empty((len(kept), total), dtype=np.int64)
    for number, draft in enumerate(kept):
        chosen[number] = rng.choice(drafted[draft], total, False, shuffle=False)
    chosen.sort(axis=1)
    return first[kept], chosen


def _kept(drafted: Ints, total: int, rng: np.random.Generator) -> Ints:
    """Drafts that are kept: by the chance that a thinning by half leaves `total` of each."""
    enough = drafted >= total
    log_weight = np.full(len(drafted), -np.inf)
    log_weight[enough] = _log_binomial(drafted[enough], total) - _log_binomial(
        np.array([2 * total]), total
    )
    return np.flatnonzero(rng.random(len(drafted)) < np.exp(log_weight))


def _thinned_table(table: Ints, total: int, rng: np.random.Generator) -> Ints:
    """Keep `total` incidents of each row, any as likely as another."""
    return np.stack(
        [rng.multivariate_hypergeometric(row, total, method="marginals") for row in table]
    )


def _log_binomial(drafted: Ints, total: int) -> Floats:
    """Log of the chance that a thinning by half leaves `total` of so many."""
    log: Floats = (
        special.gammaln(drafted + 1.0)
        - special.gammaln(drafted - total + 1.0)
        - drafted * np.log(2.0)
    )
    return log
