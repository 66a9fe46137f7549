"""`SmoothField`: a log-Gaussian surface of the intensity that drifts and has a season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from veedor.arrays import Floats, Instants
from veedor.errors import phrase
from veedor.forecasters.allocation import AllocatingForecaster, everywhen
from veedor.forecasters.random_features import (
    Course,
    RandomFeatures,
    fit_surface,
    sketch_surface,
    with_intercept,
)
from veedor.forecasters.shrinkage import best_strength, offered, surroundings
from veedor.forecasters.task import Task
from veedor.spacetime import Cells, KernelSmoother, Periods
from veedor.statistics.regression import Fit

# Tried: length scales as a part of the side of a square with the area's ground, and prior
# standard deviations of log surfaces. The first of each is taken where little is recorded.
_SCALES = (1 / 4, 1 / 2, 1 / 8, 1 / 16)
_SURFACE_SDS = (1.0, 0.5, 2.0)
_COURSE_SDS = (0.0, 0.03, 0.1, 0.3)
# Change in time is seen in far fewer incidents than the long run: fewer and wider features.
_COURSE_SCALE = 1 / 4
_COURSE_PART = 1 / 4
_FEWEST_FEATURES, _MOST_FEATURES = 8, 5_000
# Cell widths within which neighbours correct the surface, beside not at all.
_NEIGHBOURS = (0.5, 1.0, 2.0, 4.0)
# Kernel mean, in cell widths, from which one step comes close to the surface.
_SKETCH_WIDTH = 4.0
_LOG_STRENGTH = (-4.0, 8.0)
_BLOCK_DAYS = 28.0
_DRIFT_HALF_LIFE_DAYS = 180.0
_SEASON_NEEDS_DAYS = 540.0
_YEAR_DAYS = 365.25
_FEWEST_INCIDENTS = 50
_FEWEST_BLOCKS = 4
_ORIGINS = 3
# Log likelihoods that differ by less are equal, whatever order the cells were summed in.
_EQUAL = 1e-6
_EPOCH = np.datetime64("2000-01-01", "us")


class SmoothField(AllocatingForecaster):
    r"""Smooth log intensity, its slow drift and season, and each cell's deviation from it.

    **Surface.** The incidents n of a cell with ground A are Poisson with mean
    :math:`A e^{f(x)}`, f a Gaussian process with a Matern-3/2 kernel, written in random Fourier
    features :math:`\varphi`: :math:`f(x) = \beta_0 + \varphi(x) \cdot \beta`,
    :math:`\beta_j \sim N(0, \sigma^2)`, the posterior mode by Newton's method.

    **Cells.** The surface's mean is corrected by how the other cells within `neighbours_m_`
    compare with it, to m; the cell's own incidents then count as in `Shrinkage`, in proportion to

    .. math:: \frac{\phi + n}{\phi / m + 1}.

    **Course.** These long-run shares are multiplied by :math:`\exp(z_1 g_1(x) + z_2 g_2(x) + z_3
    g_3(x))` and divided by their sum: :math:`z_1 = 2^{-\text{age} / 180\,\text{days}}` is a drift
    towards the cut-off, :math:`z_2, z_3` are a yearly cosine and sine, each less its mean over the
    record, and the g are smooth surfaces of wider scale.

    The length scale, :math:`\sigma` and the deviations of drift and season, which may be 0, gave
    the largest (Poisson, given the totals) likelihood of later blocks of the training record, each
    fitted to what came before it. The season is tried once the record is 540 days long.

    Parameters
    ----------
    features : int
        Of the surface, in all, two for each frequency; at least 8. A quarter as many serve each
        of drift, cosine and sine.
    random_state : int
        Of the frequencies.

    Attributes
    ----------
    length_scale_m_ : float
        Of the surface's kernel, in metres.
    surface_sd_, drift_sd_, season_sd_ : float
        Prior standard deviations of log surfaces; 0 for none.
    neighbours_m_ : float
        Bandwidth of the neighbours' correction in metres; 0 for none.
    strength_ : float
        Shape phi: a large one trusts the surface, a small one the cell.
    converged_ : bool
        Whether surface and course were fitted until nothing was left to gain.
    iterations_ : int
        Newton steps of the surface.

    Raises
    ------
    StudyError
        In `fit`, if there are fewer than 8 features.

    Notes
    -----
    With fewer than 50 incidents, or four blocks of four weeks, nothing is tuned: the surface has a
    quarter of the area's side as its scale, its deviation and the strength are 1, and there is no
    course. With no incident at all, shares are close to those of ground. On another record the
    fits are repeated with the tuning that was learned.
    O(cells x features^2) for each Newton step, O(cells x (features + blocks)) memory.

    References
    ----------
    Flaxman, S., Chirico, M., Pereira, P. & Loeffler, C. (2019). Scalable high-resolution
    forecasting of sparse spatiotemporal events with kernel methods: a winning solution to the NIJ
    "Real-Time Crime Forecasting Challenge". Annals of Applied Statistics 13, 2564-2585.
    https://doi.org/10.1214/19-AOAS1284
    """

    def __init__(self, features: int = 200, random_state: int = 0) -> None:
        self.features = features
        self.random_state = random_state

    def check_parameters(self) -> None:
        """Refuse too few features for a surface, and more than fit in memory."""
        must = phrase(
            "from {fewest} to {most:,}",
            fewest=_FEWEST_FEATURES,
            most=_MOST_FEATURES,
        )
        self._require("features", must, _FEWEST_FEATURES <= self.features <= _MOST_FEATURES)
        self._require("random_state", phrase("at least 0"), self.random_state >= 0)

    def _learn_shares(self, task: Task) -> None:
        cells, smoother, record = task.cells, task.smoother, _Blocks.of(task)
        side_m = 1000.0 * float(np.sqrt(cells.area_km2.sum()))
        self.length_scale_m_, self.surface_sd_ = _SCALES[0] * side_m, _SURFACE_SDS[0]
        self.drift_sd_ = self.season_sd_ = 0.0
        enough = record.counts.sum() >= _FEWEST_INCIDENTS and len(record.counts) >= _FEWEST_BLOCKS
        if enough:
            self._choose_surface(record, cells, smoother, side_m)
        # Of the cells alone, so made once for whatever record is forecast from.
        self.design_ = with_intercept(self._random(self.length_scale_m_).at(cells))
        self.wide_ = self._random(_COURSE_SCALE * side_m, _COURSE_PART).at(cells)
        if enough:
            self._choose_course(record, smoother)

        amounts, design = record.counts.sum(axis=0), self.design_
        self.surface_ = self._sketch(design, amounts, smoother, [self.surface_sd_])[0]
        surface = self._fit_surface(design, amounts, smoother)
        self.surface_, self.iterations_ = surface.coefficients, surface.iterations
        field = _field(design, self.surface_, smoother)
        self.posterior_ = _Posterior(0.0, 1.0)
        if enough:
            self.posterior_ = _Posterior.fit(amounts, field, smoother)
        self.neighbours_m_ = self.posterior_.neighbours_m
        self.strength_ = self.posterior_.strength
        log_base = np.log(self.posterior_.shares(amounts, field, smoother))
        wide = self.wide_
        course = _course(record, log_base, wide).fit(
            self._course_sds(record), np.zeros((3, wide.shape[1]))
        )
        self.course_ = course.coefficients
        self.converged_ = surface.converged and course.converged

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Long-run shares times the course at each period's middle."""
        smoother, record = task.smoother, _Blocks.of(task)
        amounts, design = record.counts.sum(axis=0), self.design_
        field = _field(design, self._fit_surface(design, amounts, smoother).coefficients, smoother)
        shares = self.posterior_.shares(amounts, field, smoother)
        sds = self._course_sds(record)
        if not sds.any():
            return everywhen(shares, periods)
        course = _course(record, np.log(shares), self.wide_)
        found = course.fit(sds, self.course_).coefficients
        edges = _days(periods.edges)
        ahead = record.times((edges[:-1] + edges[1:]) / 2.0)
        return np.exp(course.log_shares(found, ahead))

    def _random(self, length_scale_m: float, part: float = 1.0) -> RandomFeatures:
        return RandomFeatures.matern(length_scale_m, round(part * self.features), self.random_state)

    def _sketch(
        self, design: Floats, amounts: Floats, smoother: KernelSmoother, sds: Sequence[float]
    ) -> list[Floats]:
        """Coefficients of the surface close to its fit, for each prior deviation."""
        amounts = amounts + _half(smoother)
        width_m = offered([_SKETCH_WIDTH], smoother)[0]
        near = surroundings(amounts, smoother, width_m)
        near *= amounts.sum() / near.sum()
        precisions = [sd**-2.0 for sd in sds]
        return sketch_surface(design, amounts, smoother.area_km2, precisions, near)

    def _fit_surface(self, design: Floats, amounts: Floats, smoother: KernelSmoother) -> Fit:
        precision = self.surface_sd_**-2.0
        amounts, area = amounts + _half(smoother), smoother.area_km2
        return fit_surface(design, amounts, area, precision, self.surface_)

    def _course_sds(self, record: _Blocks) -> Floats:
        season = self.season_sd_ if record.seasonal else 0.0
        return np.array([self.drift_sd_, season, season])

    def _choose_surface(
        self, record: _Blocks, cells: Cells, smoother: KernelSmoother, side_m: float
    ) -> None:
        """Length scale and prior by the likelihood of the blocks after what was fitted."""
        best = -np.inf
        for scale in _SCALES:
            design = with_intercept(self._random(scale * side_m).at(cells))
            scores = np.zeros(len(_SURFACE_SDS))
            for first, last in record.origins():
                amounts = record.counts[:first].sum(axis=0)
                later = record.counts[first:last].sum(axis=0)
                for k, sketch in enumerate(self._sketch(design, amounts, smoother, _SURFACE_SDS)):
                    field = _field(design, sketch, smoother)
                    posterior = _Posterior.by_moments(amounts, field)
                    scores[k] += later @ np.log(posterior.shares(amounts, field, smoother))
            k = int(np.argmax(scores))
            if scores[k] > best + _EQUAL:
                best = float(scores[k])
                self.length_scale_m_, self.surface_sd_ = scale * side_m, _SURFACE_SDS[k]

    def _choose_course(self, record: _Blocks, smoother: KernelSmoother) -> None:
        """Prior deviations of drift and season by the likelihood of the blocks ahead."""
        design, wide = self.design_, self.wide_
        seasons = _COURSE_SDS if record.seasonal else (0.0,)
        tried = [(drift, season, season) for drift in _COURSE_SDS for season in seasons]
        scores = np.zeros(len(tried))
        for first, last in record.origins():
            early = record.until(first)
            amounts = early.counts.sum(axis=0)
            sketch = self._sketch(design, amounts, smoother, [self.surface_sd_])[0]
            field = _field(design, sketch, smoother)
            posterior = _Posterior.fit(amounts, field, smoother)
            log_base = np.log(posterior.shares(amounts, field, smoother))
            course = _course(early, log_base, wide)
            ahead = early.times(record.middle_days[first:last])
            for k, sketch in enumerate(course.sketches(tried)):
                log_shares = course.log_shares(sketch, ahead)
                scores[k] += float(np.vdot(record.counts[first:last], log_shares))
        # The first is no course at all: it takes more than rounding to leave it.
        k = int(np.argmax(scores - _EQUAL * (np.arange(len(tried)) > 0)))
        self.drift_sd_, self.season_sd_, _ = tried[k]


@dataclass(frozen=True)
class _Posterior:
    """How far a cell follows its neighbours, and its own count, away from the surface."""

    neighbours_m: float
    strength: float

    @classmethod
    def fit(cls, amounts: Floats, field: Floats, smoother: KernelSmoother) -> _Posterior:
        """Those with the largest marginal likelihood."""
        best, chosen = -np.inf, cls(0.0, 1.0)
        for width_m in (0.0, *offered(_NEIGHBOURS, smoother)):
            mean = cls(width_m, 1.0)._mean(amounts, field, smoother)
            strength, log_marginal = best_strength(amounts, mean)
            if log_marginal > best + _EQUAL:
                best, chosen = log_marginal, cls(width_m, strength)
        return chosen

    @classmethod
    def by_moments(cls, amounts: Floats, field: Floats) -> _Posterior:
        """Strength from the variance around the surface alone, for little work."""
        excess = max(float(np.sum((amounts - field) ** 2 - field)), 1e-9)
        low, high = np.exp(_LOG_STRENGTH)
        return cls(0.0, float(np.clip(np.sum(field**2) / excess, low, high)))

    def shares(self, amounts: Floats, field: Floats, smoother: KernelSmoother) -> Floats:
        """Posterior means as shares of their sum, each above 0, shape (cells,)."""
        mean = self._mean(amounts, field, smoother)
        # Where the surface is next to nothing, half an incident over all the ground remains.
        mass = mean * (self.strength + amounts) / (self.strength + mean) + _half(smoother)
        shares: Floats = mass / mass.sum()
        return shares

    def _mean(self, amounts: Floats, field: Floats, smoother: KernelSmoother) -> Floats:
        """Surface times how the other cells nearby compare with it, half an incident at 1."""
        width_m = self.neighbours_m
        if width_m == 0.0:
            return field
        own = smoother.own_weight(width_m)
        near = np.maximum(smoother.sum(amounts, width_m) - own * amounts, 0.0)
        expected = np.maximum(smoother.sum(field, width_m) - own * field, 0.0)
        mean: Floats = field * (near + 0.5 * own) / (expected + 0.5 * own)
        return mean


@dataclass(frozen=True)
class _Blocks:
    """The training periods in blocks of about four weeks, the last ones whole."""

    counts: Floats
    edge_days: Floats

    @classmethod
    def of(cls, task: Task) -> _Blocks:
        periods = task.periods
        each = max(1, round(24.0 * _BLOCK_DAYS / float(periods.hours.mean())))
        starts = np.union1d([0], np.arange(len(periods) % each, len(periods), each))
        counts = np.add.reduceat(task.counts.values, starts, axis=0).astype(np.float64)
        return cls(counts, _days(periods.edges[np.append(starts, len(periods))]))

    @property
    def middle_days(self) -> Floats:
        middles: Floats = (self.edge_days[:-1] + self.edge_days[1:]) / 2.0
        return middles

    @property
    def seasonal(self) -> bool:
        return bool(self.edge_days[-1] - self.edge_days[0] >= _SEASON_NEEDS_DAYS)

    def until(self, block: int) -> _Blocks:
        """Return the record before a block."""
        return _Blocks(self.counts[:block], self.edge_days[: block + 1])

    def origins(self) -> list[tuple[int, int]]:
        """Blocks before which to fit, each with the block until which that is judged."""
        n = len(self.counts)
        first = n // 2
        if self.seasonal:
            # A season can only be judged once a year was seen.
            year = np.searchsorted(self.edge_days, self.edge_days[0] + _YEAR_DAYS)
            first = max(first, int(year))
        origins = np.unique(np.linspace(first, n, _ORIGINS + 1).astype(int))
        return list(pairwise(origins.tolist()))

    def times(self, days: Floats) -> Floats:
        """Drift, yearly cosine and sine, less their means over the record, shape (days, 3)."""
        totals = self.counts.sum(axis=1) + 1e-9
        centre = totals @ self._waves(self.middle_days) / totals.sum()
        times: Floats = self._waves(days) - centre
        return times

    def _waves(self, days: Floats) -> Floats:
        age = np.maximum(self.edge_days[-1] - days, 0.0)
        turn = 2.0 * np.pi * days / _YEAR_DAYS
        drift = 0.5 ** (age / _DRIFT_HALF_LIFE_DAYS)
        return np.column_stack([drift, np.cos(turn), np.sin(turn)])


def _course(record: _Blocks, log_base: Floats, features: Floats) -> Course:
    return Course(record.counts, log_base, record.times(record.middle_days), features)


def _field(design: Floats, coefficients: Floats, smoother: KernelSmoother) -> Floats:
    """Incidents that a surface expects in each cell."""
    field: Floats = smoother.area_km2 * np.exp(design @ coefficients)
    return field


def _days(instants: Instants) -> Floats:
    days: Floats = (instants - _EPOCH) / np.timedelta64(1, "D")
    return days


def _half(smoother: KernelSmoother) -> Floats:
    """Half an incident spread over all the ground."""
    half: Floats = 0.5 * smoother.area_km2 / smoother.area_km2.sum()
    return half
