"""What is tested: a system that scores zones, a rule that allots patrols, and remedies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase


class System(Protocol):
    """One that learns from the record and scores zones; runs are independent of each other."""

    def start(self, record: Floats) -> None:
        """Forget everything; begin with a record, shape (runs, zones)."""

    def learn(self, added: Floats) -> None:
        """Take what one round added to the record, shape (runs, zones)."""

    def scores(self) -> Floats:
        """Score zones by all that was learned: at least 0, shape (runs, zones)."""


class Counting:
    """Scores a zone by its recorded incidents, older ones counting less, through a function.

    Parameters
    ----------
    half_life : float, optional
        Rounds after which an incident counts half; by default all count alike.
    function : callable, optional
        From the record, shape (runs, zones), to scores of the same shape: any rule that is fed with
        counts. By default the record itself is the score.

    Examples
    --------
    >>> system = Counting(half_life=1.0)
    >>> system.start(np.array([[4.0, 0.0]]))
    >>> system.learn(np.array([[0.0, 3.0]]))
    >>> system.scores()
    array([[2., 3.]])
    """

    def __init__(
        self, half_life: float | None = None, function: Callable[[Floats], Floats] | None = None
    ) -> None:
        self.half_life = half_life
        self.function = function

    def start(self, record: Floats) -> None:
        """Begin with a record."""
        self._keep = 1.0 if self.half_life is None else 0.5 ** (1.0 / self.half_life)
        self._record = record.copy()

    def learn(self, added: Floats) -> None:
        """Add a round, after the record has lost what a round takes."""
        if self._keep < 1.0:
            self._record *= self._keep
        self._record += added

    def scores(self) -> Floats:
        """Return the record, or what the function makes of it.

        Raises
        ------
        StudyError
            If the function returns another shape, or anything but finite numbers of at least 0.
        """
        if self.function is None:
            return self._record
        made = np.asarray(self.function(self._record.copy()), dtype=np.float64)
        if made.shape != self._record.shape or not bool(np.all(np.isfinite(made) & (made >= 0.0))):
            raise StudyError(
                "A system's function must return finite scores of at least 0, as many as it got.",
                found=phrase(
                    "shape {shape} for {other_shape}, or values out of range",
                    shape=made.shape,
                    other_shape=self._record.shape,
                ),
            )
        return made


class Allocation(Protocol):
    """A rule that turns scores into shares of the patrols."""

    def __call__(self, scores: Floats, /) -> Floats:
        """Shares of the patrols, each row summing to 1, shape (runs, zones)."""


def proportional(scores: Floats) -> Floats:
    """Allot patrols in proportion to the scores; evenly where all are 0.

    Returns
    -------
    array, shape (runs, zones)
        Shares; each row sums to 1.
    """
    total = scores.sum(axis=1, keepdims=True)
    if total.min() > 0.0:
        shares: Floats = scores / total
        return shares
    return np.where(total > 0.0, scores / np.where(total > 0.0, total, 1.0), 1.0 / scores.shape[1])


def top(fraction: float) -> Allocation:
    """Allot all patrols, evenly, to the zones with the highest scores.

    Parameters
    ----------
    fraction : float
        Of the zones, in (0, 1]; at least one zone. Where the last are tied they share what is left,
        so that no order of the zones decides.

    Examples
    --------
    >>> top(0.5)(np.array([[5.0, 2.0, 2.0, 1.0]]))
    array([[0.5 , 0.25, 0.25, 0.  ]])
    """
    if not 0.0 < fraction <= 1.0:
        raise StudyError("The share of zones to flag must be in (0, 1].", found=f"{fraction:g}")

    def allot(scores: Floats) -> Floats:
        zones = scores.shape[1]
        flags = max(round(fraction * zones), 1)
        last = np.partition(scores, zones - flags, axis=1)[:, zones - flags, None]
        above, tied = scores > last, scores == last
        left = flags - above.sum(axis=1, keepdims=True)
        shares: Floats = (above + tied * (left / tied.sum(axis=1, keepdims=True))) / flags
        return shares

    return allot


@dataclass(frozen=True)
class Remedy:
    """A change to what the system is fed or how patrols are allotted.

    Parameters
    ----------
    name : str
        Its code.
    use_discovered : bool
        Whether discovered incidents are fed at all.
    weighting : str
        Of a discovered incident: ``none``; ``presence``, one over the presence it was found with
        (1 where patrols are spread evenly); ``thinning``, kept with probability one minus the share
        of the patrols, which is exact for two zones.
    floor : float
        Share of the patrols that is spread evenly, whatever the system says.
    """

    name: str
    use_discovered: bool = True
    weighting: str = "none"
    floor: float = 0.0


#: What is tried against the loop, the loop itself first.
REMEDIES = (
    Remedy("none"),
    Remedy("reported_only", use_discovered=False),
    Remedy("weighted_by_presence", weighting="presence"),
    # Ensign et al. (2018); exact for two zones.
    Remedy("thinned_by_share", weighting="thinning"),
    Remedy("fifth_spread_evenly", floor=0.2),
)
