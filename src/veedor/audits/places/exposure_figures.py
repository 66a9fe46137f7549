"""Exposures and their ratios: how far they could be chance, and what is expected without a tie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from veedor.audits.places.composition import Composition, contrast
from veedor.audits.places.dependence import NOTHING, Contrast, Ground
from veedor.audits.places.estimates_file import Figure, estimate
from veedor.audits.places.exposure import EXPOSURES, Residents, exposures
from veedor.statistics.regression import poisson_mean

Floats = npt.NDArray[np.float64]
Answer = Literal["more", "less", "cannot tell"]

GIVEN = (
    "given who lives where: predictions as a field as smooth as they are, log scale, Student's t"
)


def method_of(contrast: Contrast, what: str = "zones") -> str:
    """How an interval was made, or why there is none."""
    if contrast.tells:
        return f"{GIVEN}; worth {contrast.effective:.1f} independent {what}"
    if np.isfinite(contrast.effective):
        return (
            f"none: worth {contrast.effective:.1f} independent {what}, of which fewer than 8 are "
            "left beyond the fitted terms"
        )
    return f"none: too few {what}, or nothing that varies"


@dataclass(frozen=True)
class Verdict:
    """Whether a group is more or less exposed than could be chance.

    Parameters
    ----------
    assignment, group, reference, statistic : str
    value, low, high : float or None
        The ratio and its interval.
    expected : float or None
        What the ratio would be if predictions hung on how many live in a zone and on its ground,
        and not on who lives there.
    over_expected, over_expected_low, over_expected_high : float or None
        The ratio by what is expected.
    effective_zones : float or None
        Independent zones that the ratio is worth.
    answer : {"more", "less", "cannot tell"}
        Of what is expected: more or less only where what is expected lies outside the interval of
        the ratio, and 1 outside that of the ratio by it.
    """

    assignment: str
    group: str
    reference: str
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    expected: float | None
    over_expected: float | None
    over_expected_low: float | None
    over_expected_high: float | None
    effective_zones: float | None
    answer: Answer

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready."""
        return asdict(self)


def answer_of(ratio: Figure, expected: float | None, relative: Figure) -> Answer:
    """Whether a ratio lies on one side of what is expected, beyond chance."""
    one, other = ratio.estimate, relative.estimate
    if expected is None or one.low is None or one.high is None:
        return "cannot tell"
    if other.low is None or other.high is None:
        return "cannot tell"
    if one.low > expected and other.low > 1.0:
        return "more"
    if one.high < expected and other.high < 1.0:
        return "less"
    return "cannot tell"


class ExposureFigures:
    """Exposures of every group under one assignment, and their ratios to the reference.

    Parameters
    ----------
    assignment : str
    residents : Residents
    count : array, shape (n,)
        Predictions of each zone with residents.
    ground : Ground
        Of these zones.
    clustered : Ground, optional
        The same with clusters of zones.
    level : float
        Of the intervals.
    """

    def __init__(
        self,
        assignment: str,
        residents: Residents,
        count: Floats,
        ground: Ground,
        clustered: Ground | None = None,
        level: float = 0.95,
    ) -> None:
        self.assignment = assignment
        self.residents = residents
        self.count = count
        self.grounds = {"": ground} | ({} if clustered is None else {"_tract": clustered})
        self.level = level
        self._verdicts: list[Verdict] = []

    def figures(self) -> Iterator[Figure]:
        """Every figure, group by group."""
        for place in range(len(self.residents.groups)):
            yield from self._of_group(place)

    @cached_property
    def compositions(self) -> list[Composition]:
        """Each group over the zones that it is compared in."""
        return [
            Composition.of(self.residents, place, self.grounds[""])
            for place in range(len(self.residents.groups))
        ]

    @property
    def verdicts(self) -> list[Verdict]:
        """Of every ratio, once the figures were made; by clusters where there are."""
        return self._verdicts

    def _of_group(self, place: int) -> Iterator[Figure]:
        residents, group = self.residents, self.residents.groups[place]
        other = residents.place_of(group.reference)
        mine, theirs = self._exposure(place), self._exposure(other)
        here = self.compositions[place]
        fitted = here.fitted(self.count)
        count = self.count[here.here]
        a, b = here.weights(residents, place), here.weights(residents, other)
        expected = _Expected(here.size, count)
        columns = {
            (name, kind): weights
            for name, (column, _) in EXPOSURES.items()
            for kind, weights in (
                ("exposure", contrast(a[:, column], np.ones(len(count)), count)),
                ("ratio", contrast(a[:, column], b[:, column], count)),
                ("expected", expected.contrast(a[:, column], b[:, column])),
            )
        }
        used = [key for key, weights in columns.items() if bool(np.isfinite(weights).all())]
        made: list[list[Contrast]] = [[] for _ in self.grounds]
        if fitted is not None and used:
            grounds = [ground.part(here.here) for ground in self.grounds.values()]
            stacked = np.column_stack([columns[key] for key in used])
            made = fitted.contrasts(stacked, grounds=grounds)
        for ending, contrasts in zip(self.grounds, made, strict=True):
            found = dict.fromkeys(columns, NOTHING) | dict(zip(used, contrasts, strict=False))
            for name, (column, _) in EXPOSURES.items():
                yield self._figure(
                    place, f"exposure_{name}{ending}", mine[name], found[name, "exposure"],
                    f"{self._members(place)}; as many predictions in all", ending,
                )  # fmt: skip
                if other == place:
                    continue
                value = _ratio(mine[name], theirs[name])
                of = f"{self._members(place)}, over the exposure of {self._members(other)}"
                ratio = self._figure(
                    place, f"ratio_{name}{ending}", value, found[name, "ratio"], of, ending
                )
                yield ratio
                # Where clusters are given, they may have anything in common: the answer allows it.
                if ending == list(self.grounds)[-1]:
                    yield from self._verdict(
                        place, name, ratio, found[name, "expected"], found[name, "ratio"],
                        expected.ratio(a[:, column], b[:, column], residents, place, other),
                    )  # fmt: skip

    def _verdict(
        self, place: int, name: str, ratio: Figure, tied: Contrast, chance: Contrast,
        expected: float | None,
    ) -> Iterator[Figure]:  # fmt: skip
        """What is expected, the ratio by it, the effective zones; the answer is kept."""
        group, value = self.residents.groups[place], ratio.estimate.value
        of = str(ratio.estimate.denominator)
        yield self._counted(
            place, f"ratio_{name}_expected", expected, of,
            "none: the ratio if predictions hung on how many live in a zone and on its ground, "
            "and not on who lives there",
        )  # fmt: skip
        relative = self._figure(
            place, f"ratio_{name}_over_expected", _ratio(value, expected), tied,
            f"{of}, by what is expected", list(self.grounds)[-1],
        )  # fmt: skip
        yield relative
        effective = chance.effective if np.isfinite(chance.effective) else None
        yield self._counted(
            place, f"effective_n_ratio_{name}", effective, f"zones with {group.of}",
            "none: zones by how much more the ratio varies than over independent ones",
        )  # fmt: skip
        one, by = ratio.estimate, relative.estimate
        self._verdicts.append(Verdict(
            self.assignment, group.name, group.reference, f"ratio_{name}", one.value, one.low,
            one.high, expected, by.value, by.low, by.high, effective,
            answer_of(ratio, expected, relative),
        ))  # fmt: skip

    def _exposure(self, place: int) -> dict[str, float | None]:
        residents = self.residents
        return exposures(
            residents.members[place], residents.everyone[place], self.count, residents.area_km2
        )

    def _members(self, place: int) -> str:
        group = self.residents.groups[place]
        kind = "members" if group.of == self.residents.groups[0].of else group.of
        return f"{group.name} {kind}"

    def _figure(
        self, place: int, statistic: str, value: float | None, chance: Contrast, of: str,
        ending: str,
    ) -> Figure:  # fmt: skip
        members = self.residents.members[place].sum()
        method = method_of(chance, "clusters of zones" if ending else "zones")
        made = estimate(value, chance.about(value, self.level), method, members, of, self.level)
        return Figure(self.assignment, self.residents.groups[place].name, statistic, made)

    def _counted(
        self, place: int, statistic: str, value: float | None, of: str, method: str
    ) -> Figure:
        members = self.residents.members[place].sum()
        made = estimate(value, None, method, members, of, self.level)
        return Figure(self.assignment, self.residents.groups[place].name, statistic, made)


class _Expected:
    """Predictions of each zone if they hung on its size alone."""

    def __init__(self, size: Floats, count: Floats) -> None:
        self.size, self.count = size, count
        self.mean = poisson_mean(count, size) if count.sum() > 0.0 else np.zeros(len(count))

    def contrast(self, a: Floats, b: Floats) -> Floats:
        """Weights of the errors of the ratio by what is expected, which is estimated too."""
        plain, at_mean = contrast(a, b, self.count), contrast(a, b, self.mean)
        if not (np.isfinite(plain).all() and np.isfinite(at_mean).all()):
            return np.full(len(self.count), np.nan)
        x = self.size
        information = x.T @ (x * self.mean[:, None])
        found: Floats = plain - x @ (
            np.linalg.pinv(information, hermitian=True) @ (x.T @ (at_mean * self.mean))
        )
        return found

    def ratio(
        self, a: Floats, b: Floats, residents: Residents, place: int, other: int
    ) -> float | None:
        """What the ratio is expected to be; None where it is undefined."""
        mine, theirs = float(a @ self.mean), float(b @ self.mean)
        people = residents.members[place].sum(), residents.members[other].sum()
        if min(mine, theirs, *people) <= 0.0:
            return None
        return float(mine / people[0] / (theirs / people[1]))


def _ratio(top: float | None, below: float | None) -> float | None:
    return None if top is None or not below else top / below
