"""A made-up city in which the truth is known: what happens, is reported, and is discovered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats
from veedor.errors import DataError, StudyError, phrase
from veedor.tables.escape import shown
from veedor.tables.rows import read_table

_MOST = 500.0


@dataclass(frozen=True, eq=False)
class World:
    r"""Zones with true rates, of which some part is reported and some is found by whoever is there.

    Each round a zone has a Poisson number of incidents. Each is reported by a victim or witness
    with the zone's probability, wherever patrols are. Of those that are not reported, each is
    discovered with probability $1 - e^{-d s}$, where s is the presence in the zone (1 if patrols
    were spread evenly) and d the detection.

    Parameters
    ----------
    zone : tuple of str
        Names; at least two.
    true_rate : array, shape (zones,)
        Incidents a round, above 0 and at most 500.
    reporting : array in [0, 1], shape (zones,)
        Probability that an incident is reported.
    detection : float
        Discoveries that even presence would make of one unreported incident, above 0.
    prior : array, shape (zones,)
        Recorded incidents that the system starts from, at least 0 and not all 0.

    Raises
    ------
    StudyError
        If a value is out of its range.

    Examples
    --------
    >>> world = World.of([10.0, 10.0], reporting=0.5, detection=0.1)
    >>> round(world.discovered_fraction, 4)
    0.0869
    >>> round(world.with_discovered_fraction(0.5).discovered_fraction, 4)
    0.5
    """

    zone: tuple[str, ...]
    true_rate: Floats
    reporting: Floats
    detection: float
    prior: Floats

    def __post_init__(self) -> None:
        faults = (
            (len(self.zone) < 2, phrase("A world must have at least two zones.")),
            (
                bool(np.any(~((self.true_rate > 0.0) & (self.true_rate <= _MOST)))),
                phrase(
                    "True rates must be above 0 and at most 500 incidents a round; use shorter "
                    "rounds."
                ),
            ),
            (
                bool(np.any(~((self.reporting >= 0.0) & (self.reporting <= 1.0)))),
                phrase("Reporting must be a probability."),
            ),
            (not 0.0 < self.detection < np.inf, phrase("Detection must be above 0.")),
            (
                bool(np.any(~(self.prior >= 0.0))) or not 0.0 < self.prior.sum() < np.inf,
                phrase("The record to start from must be at least 0 everywhere, and not 0 in all."),
            ),
        )
        for fault, must in faults:
            if fault:
                raise StudyError(
                    must, found=phrase("another value"), where=phrase("the world to simulate")
                )

    @classmethod
    def of(
        cls,
        true_rate: npt.ArrayLike,
        *,
        reporting: npt.ArrayLike = 0.0,
        detection: float = 0.05,
        prior: npt.ArrayLike | None = None,
    ) -> World:
        """Make a world; the prior is what ten rounds of even presence would record."""
        rate = np.atleast_1d(np.asarray(true_rate, dtype=np.float64))
        part = np.broadcast_to(np.asarray(reporting, dtype=np.float64), rate.shape)
        found = 1.0 - np.exp(-detection)
        start = 10.0 * rate * (part + (1.0 - part) * found) if prior is None else prior
        return cls(
            tuple(str(number + 1) for number in range(len(rate))),
            rate,
            part,
            detection,
            np.broadcast_to(np.asarray(start, dtype=np.float64), rate.shape),
        )

    def __len__(self) -> int:
        return len(self.true_rate)

    @property
    def discovered_fraction(self) -> float:
        """Share of the recorded incidents that are discovered, if patrols were spread evenly."""
        reported = float((self.true_rate * self.reporting).sum())
        found = float((self.true_rate * (1.0 - self.reporting)).sum()) * self._found
        return found / (reported + found)

    @property
    def least_discovered_fraction(self) -> float:
        """Smallest discovered fraction that scaling the reporting can reach."""
        top = float(self.reporting.max())
        if top <= 0.0:
            return 1.0
        return replace(self, reporting=self.reporting / top).discovered_fraction

    @property
    def _found(self) -> float:
        return float(-np.expm1(-self.detection))

    def with_discovered_fraction(self, fraction: float) -> World:
        """Return the same world with all reporting scaled so that `fraction` is discovered.

        Raises
        ------
        StudyError
            If no scale of the reporting reaches it.
        """
        if not self.least_discovered_fraction - 1e-9 <= fraction <= 1.0:
            raise StudyError(
                phrase(
                    "The discovered fraction must be between {least_discovered_fraction:.3g} and 1 "
                    "in this world.",
                    least_discovered_fraction=self.least_discovered_fraction,
                ),
                found=f"{fraction:g}",
                remedy="a lower detection lets it be smaller",
            )
        reported, all_ = float((self.true_rate * self.reporting).sum()), float(self.true_rate.sum())
        if reported == 0.0:
            return self
        found = self._found
        scale = found * all_ * (1.0 - fraction) / reported
        scale /= fraction + found - fraction * found
        return replace(self, reporting=np.clip(self.reporting * scale, 0.0, 1.0))


def read_world(path: Path, *, detection: float = 0.05) -> World:
    """Read ``zone, true_rate`` and, if given, ``reporting, prior``.

    Raises
    ------
    DataError
        If a zone is given twice or a field is no number.
    """
    sheet = read_table(path, ("zone", "true_rate"))
    zone = sheet.text("zone")
    names, counted = np.unique(zone, return_counts=True)
    if bool(np.any(counted > 1)):
        raise DataError(
            "Zones must be unique.",
            found=phrase("two rows for {names}", names=shown(str(names[counted > 1][0]))),
            where=path.name,
        )
    reporting = sheet.numbers("reporting") if "reporting" in sheet else np.zeros(len(sheet))
    prior = sheet.numbers("prior") if "prior" in sheet else None
    rate = sheet.numbers("true_rate")
    world = World.of(rate, reporting=reporting, detection=detection, prior=prior)
    return replace(world, zone=tuple(zone.tolist()))
