"""Exposures and their ratios: how far they could be chance, and what is expected without a tie."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import Statement, finite
from veedor.audits.places.composition import contrast
from veedor.audits.places.dependence import NOTHING, Contrast
from veedor.audits.places.exposed import Exposed, method_of
from veedor.audits.places.exposure import EXPOSURES, Residents, exposures
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.regression import poisson_mean

Answer = Literal["more", "less", "cannot_tell"]


class RatioVerdict(msgspec.Struct, frozen=True):
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
    answer : {"more", "less", "cannot_tell"}
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


def answer_of(ratio: Statement, expected: float | None, relative: Statement) -> Answer:
    """Whether a ratio lies on one side of what is expected, beyond chance."""
    one, other = ratio.estimate, relative.estimate
    if expected is None or one.low is None or one.high is None:
        return "cannot_tell"
    if other.low is None or other.high is None:
        return "cannot_tell"
    if one.low > expected and other.low > 1.0:
        return "more"
    if one.high < expected and other.high < 1.0:
        return "less"
    return "cannot_tell"


def exposure_statements(exposed: Exposed) -> tuple[list[Statement], list[RatioVerdict]]:
    """Exposures of every group, their ratios to the reference, and a verdict on each ratio.

    Where there are clusters of zones, verdicts let them have anything in common.
    """
    made: list[Statement] = []
    verdicts: list[RatioVerdict] = []
    for place in range(len(exposed.residents.groups)):
        _of_group(exposed, place, made, verdicts)
    return made, verdicts


def _of_group(
    exposed: Exposed, place: int, made: list[Statement], verdicts: list[RatioVerdict]
) -> None:
    residents, group = exposed.residents, exposed.residents.groups[place]
    other = residents.place_of(group.reference)
    mine, theirs = _exposure(exposed, place), _exposure(exposed, other)
    here = exposed.compositions[place]
    fitted = here.fitted(exposed.count)
    count = exposed.count[here.here]
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
    contrasts: list[list[Contrast]] = [[] for _ in exposed.grounds]
    if fitted is not None and used:
        grounds = [ground.part(here.here) for ground in exposed.grounds.values()]
        stacked = np.column_stack([columns[key] for key in used])
        contrasts = fitted.contrasts(stacked, grounds=grounds)
    total = Denominator("members_at_as_many_predictions", exposed.members(place))
    over = _over(exposed, place, other, "members_over_reference")
    for ending, each in zip(exposed.grounds, contrasts, strict=True):
        found = dict.fromkeys(columns, NOTHING) | dict(zip(used, each, strict=False))
        for name, (column, _) in EXPOSURES.items():
            made.append(_stated(
                exposed, place, f"exposure_{name}{ending}", mine[name], found[name, "exposure"],
                total, ending,
            ))  # fmt: skip
            if other == place:
                continue
            value = _ratio(mine[name], theirs[name])
            ratio = _stated(
                exposed, place, f"ratio_{name}{ending}", value, found[name, "ratio"], over, ending
            )
            made.append(ratio)
            # Where clusters are given, they may have anything in common: the answer allows it.
            if ending == list(exposed.grounds)[-1]:
                expect = expected.ratio(a[:, column], b[:, column], residents, place, other)
                relative = _stated(
                    exposed, place, f"ratio_{name}_over_expected", _ratio(value, expect),
                    found[name, "expected"],
                    _over(exposed, place, other, "members_over_expected"), ending,
                )  # fmt: skip
                effective = finite(found[name, "ratio"].effective)
                made += [
                    _counted(exposed, place, f"ratio_{name}_expected", expect, over,
                             Method("none_expected_without_a_tie")),
                    relative,
                    _counted(exposed, place, f"effective_n_ratio_{name}", effective,
                             Denominator("zones_with", {"of": group.of}),
                             Method("none_zones_of_a_ratio")),
                ]  # fmt: skip
                one, by = ratio.estimate, relative.estimate
                verdicts.append(RatioVerdict(
                    exposed.assignment, group.name, group.reference, f"ratio_{name}", one.value,
                    one.low, one.high, expect, by.value, by.low, by.high, effective,
                    answer_of(ratio, expect, relative),
                ))  # fmt: skip


def _over(exposed: Exposed, place: int, other: int, code: str) -> Denominator:
    theirs = exposed.members(other)
    named = {"reference": theirs["group"], "reference_of": theirs["of"]}
    return Denominator(code, exposed.members(place) | named)


def _exposure(exposed: Exposed, place: int) -> dict[str, float | None]:
    residents = exposed.residents
    return exposures(
        residents.members[place], residents.everyone[place], exposed.count, residents.area_km2
    )


def _stated(
    exposed: Exposed, place: int, statistic: str, value: float | None, chance: Contrast,
    of: Denominator, ending: str,
) -> Statement:  # fmt: skip
    ends = chance.about(value, exposed.level)
    members = exposed.residents.members[place].sum()
    return exposed.state(
        place, statistic, value, ends, method_of(chance, bool(ending)), members, of
    )


def _counted(
    exposed: Exposed, place: int, statistic: str, value: float | None, of: Denominator,
    method: Method,
) -> Statement:  # fmt: skip
    members = exposed.residents.members[place].sum()
    return exposed.state(place, statistic, value, None, method, members, of)


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
