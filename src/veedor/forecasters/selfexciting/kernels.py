"""Kernels of lag and distance: how the excess after an incident fades in days and metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from veedor.arrays import Floats

# Real or complex: the derivatives below step into the imaginary direction.
Numbers = Any

TIME_KERNELS = ("exponential", "power")
SPACE_KERNELS = ("gaussian", "power")

_SMALL = 1e-30
# Exponents less 1: below, a kernel has hardly any mass within reach; above, its shape is that of
# the exponential or the Gaussian and only the scale is left to tell.
_EXPONENTS = (0.05, 6.0)
_SHORTEST_DAYS = 0.2


def ring_edges(reach_m: float, resolution_m: float) -> Floats:
    """Radii that bound the disc of radius `resolution_m` and the rings half as wide around it.

    Returns
    -------
    array, shape (rings + 1,)
        In metres, from 0 to `reach_m`.

    Examples
    --------
    >>> ring_edges(220.0, 100.0)
    array([  0., 100., 150., 200., 220.])
    """
    step = resolution_m / 2.0
    between = np.arange(2, int(np.ceil(reach_m / step - 1e-9)), dtype=np.float64) * step
    return np.concatenate([[0.0], between, [reach_m]])


@dataclass(frozen=True, eq=False)
class Kernels:
    r"""A kernel of lag in whole days times a kernel of distance in rings, by their families.

    Lags are differences of civil days. With parent and child uniform within their days, a lag
    with density g and survival function S falls k days apart with probability

    .. math:: h_k = \int g(t)\,(1 - |t - k|)_+\,dt = A(k) - A(k-1) - (A(k+1) - A(k)), \quad
              A(t) = \int_0^t S(u)\,du,

    and on the same day with :math:`h_0 = 1 - A(1)`. Only lags from 1 to `reach_days` excite; they
    are scaled to sum to 1. Distances have a density that is constant on each ring: the exact
    probability of the ring, by its area, scaled to integrate to 1 within the reach.

    ============ ======================================================= =====================
    exponential  :math:`g(t) = e^{-t/\tau}/\tau`                         ``mean_lag_days``
    power (time) :math:`g(t) = \frac{p-1}{c}(1 + t/c)^{-p}`              ``c_days``, ``p``
    gaussian     :math:`f(r) = e^{-r^2/2\sigma^2}/2\pi\sigma^2`          ``sigma_m``
    power        :math:`f(r) = \frac{q-1}{\pi d^2}(1 + r^2/d^2)^{-q}`    ``scale_m``, ``q``
    ============ ======================================================= =====================

    Parameters
    ----------
    time, space : str
        Of `TIME_KERNELS` and `SPACE_KERNELS`.
    reach_days : int
    edges : array, shape (rings + 1,)
        Of `ring_edges`.

    Notes
    -----
    Parameters travel as logarithms; exponents as the logarithm of what exceeds 1.

    References
    ----------
    Ogata, Y. (1998). Space-time point-process models for earthquake occurrences. Annals of the
    Institute of Statistical Mathematics 50, 379-402. https://doi.org/10.1023/A:1003403601725
    """

    time: str
    space: str
    reach_days: int
    edges: Floats

    @property
    def time_names(self) -> tuple[str, ...]:
        """Parameters of the time kernel."""
        return ("mean_lag_days",) if self.time == "exponential" else ("c_days", "p")

    @property
    def space_names(self) -> tuple[str, ...]:
        """Parameters of the space kernel."""
        return ("sigma_m",) if self.space == "gaussian" else ("scale_m", "q")

    @property
    def names(self) -> tuple[str, ...]:
        """All parameters, time first."""
        return self.time_names + self.space_names

    @property
    def start(self) -> Floats:
        """Log parameters to begin a fit with: a sixth of the reach in days, a quarter in metres."""
        days, metres = self.reach_days / 6.0, self.edges[-1] / 4.0
        lower, upper = self.bounds
        time = [days] if self.time == "exponential" else [days, 1.0]
        space = [metres] if self.space == "gaussian" else [metres, 1.0]
        return np.clip(np.log(time + space), lower, upper)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Smallest and largest log parameters.

        The scale of distance is at least half the radius of the innermost disc: published places
        are snapped to blocks, and below that the fit would follow the snapping.
        """
        low, high = _EXPONENTS
        days = [_SHORTEST_DAYS, float(self.reach_days)]
        metres = [self.edges[1] / 2.0, self.edges[-1]]
        time = [days] if self.time == "exponential" else [days, [low, high]]
        space = [metres] if self.space == "gaussian" else [metres, [low, high]]
        both = np.log(np.array(time + space))
        return both[:, 0], both[:, 1]

    def values(self, log_parameters: Floats) -> dict[str, float]:
        """Parameters by name, in their units."""
        raw = np.exp(log_parameters)
        return {
            name: float(value) + (1.0 if name in ("p", "q") else 0.0)
            for name, value in zip(self.names, raw, strict=True)
        }

    def lags(self, log_parameters: Floats) -> Floats:
        """Probability of a lag of 1, 2, ... days among those within reach; sums to 1."""
        masses: Floats = self._lags(log_parameters).real
        return masses

    def rings(self, log_parameters: Floats) -> Floats:
        """Probability of each ring among those within reach; sums to 1."""
        masses: Floats = self._rings(log_parameters).real
        return masses

    def derivatives(self, log_parameters: Floats) -> tuple[Floats, Floats]:
        """Derivatives of the log probabilities of lags and rings by each log parameter.

        Returns
        -------
        time : array, shape (parameters, reach_days)
        space : array, shape (parameters, rings)

        Notes
        -----
        By a complex step, exact to rounding (Squire, W. & Trapp, G. (1998). Using complex
        variables to estimate derivatives of real functions. SIAM Review 40, 110-112.
        https://doi.org/10.1137/S003614459631241X).
        """
        n = len(log_parameters)
        time, space = np.zeros((n, self.reach_days)), np.zeros((n, len(self.edges) - 1))
        for at in range(n):
            moved = log_parameters.astype(np.complex128)
            moved[at] += 1j * _SMALL
            if at < len(self.time_names):
                lags = self._lags(moved)
                time[at] = lags.imag / _SMALL / lags.real
            else:
                rings = self._rings(moved)
                space[at] = rings.imag / _SMALL / rings.real
        return time, space

    def same_day(self, log_parameters: Floats) -> float:
        """Probability that the untruncated lag falls on the same civil day."""
        return float(1.0 - self._integrated(log_parameters)[1].real)

    def beyond(self, log_parameters: Floats) -> tuple[float, float]:
        """Probability of the untruncated kernels beyond the reach, in time and in space."""
        area = self._integrated(log_parameters).real
        days = float(area[-1] - area[-2])
        return days, float(self._outside(log_parameters)[-1].real)

    def _lags(self, log_parameters: Numbers) -> Numbers:
        # A second difference; the clip keeps rounding from making a far lag negative or 0.
        masses = -np.diff(self._integrated(log_parameters), n=2)
        masses = np.where(masses.real > 1e-14, masses, 1e-14)
        return masses / masses.sum()

    def _integrated(self, log_parameters: Numbers) -> Numbers:
        """Integral of the survival function to 0, 1, ..., reach + 1 days."""
        days = np.arange(self.reach_days + 2, dtype=np.float64)
        scale = np.exp(log_parameters[0])
        if self.time == "exponential":
            return -scale * np.expm1(-days / scale)
        rest = 1.0 - np.exp(log_parameters[1])
        grown = np.log(1.0 + days / scale)
        if abs(rest) < 1e-6:
            return scale * grown * (1.0 + rest * grown / 2.0)
        return scale * np.expm1(rest * grown) / rest

    def _rings(self, log_parameters: Numbers) -> Numbers:
        masses = -np.diff(self._outside(log_parameters))
        masses = np.where(masses.real > 1e-14, masses, 1e-14)
        return masses / masses.sum()

    def _outside(self, log_parameters: Numbers) -> Numbers:
        """Probability of a distance beyond each radius."""
        first = len(self.time_names)
        square = (self.edges / np.exp(log_parameters[first])) ** 2
        if self.space == "gaussian":
            return np.exp(-0.5 * square)
        return np.exp(-np.exp(log_parameters[first + 1]) * np.log(1.0 + square))


def branching_ratio(later_days: float, same_day: float) -> float:
    r"""Direct offspring of an incident, same day included, from those of later days.

    Same-day pairs have no order once times are rounded, so only later days are fitted: an
    incident is followed by :math:`\kappa` on later days. That takes in what each of these draws
    on its own day. In a process with branching ratio n whose lags stay within the day with
    probability :math:`h_0`, what the past draws to a day is multiplied by
    :math:`1 + n h_0 + (n h_0)^2 + \dots`, so that

    .. math:: \kappa = \frac{n (1 - h_0)}{1 - n h_0}, \qquad
              n = \frac{\kappa}{1 - h_0 + \kappa h_0}.

    (With :math:`\kappa' = \kappa / (1 - h_0)`, that is :math:`n = \kappa' / (1 + \kappa' h_0)`.)

    Parameters
    ----------
    later_days : float
        Kappa, between 0 and 1.
    same_day : float
        Probability h0.

    Returns
    -------
    float
        At least kappa, below 1 where kappa is.

    Examples
    --------
    >>> branching_ratio(0.5, 0.5)
    0.6666666666666666
    """
    return later_days / (1.0 - same_day + later_days * same_day)
