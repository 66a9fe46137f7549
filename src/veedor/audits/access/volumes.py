"""Months from which on look-ups a day are fewer than half, or more than twice, unexplained.

Asked of whole months between the other breaks only. A log that grows or fades month by month has no
such month; one that stands alone among others has a break before it and one behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from veedor.arrays import Ints
from veedor.audits.access.ground import Ground
from veedor.audits.access.results import Break

#: Months beside a break that are looked at; one side must have as many.
_NEAR = 3
#: How many times as many look-ups a day the median month of one side must have, and the month next
#: to the break, without which a slow change would be one.
_HIGHER, _SUDDEN = 2.0, 1.5
#: Look-ups that the higher side must have, and standard errors between the sides.
_LOOKUPS, _ERRORS = 100, 3.0
_WEEK, _WEEKS = 7, 4
#: Months of a log long enough to show by how much its months usually differ; and what makes a
#: standard deviation of the median of absolute differences between two in a row.
_YEAR, _SPREAD = 12, 1.0484

#: Look-ups of each day of a month.
Month = Ints


def volumes(ground: Ground, stretch: Ints) -> list[Break]:
    """Find the months before which the volume changes, where no other break says why.

    Parameters
    ----------
    ground : Ground
    stretch : array of int, shape (days,)
        Of each day, between the other breaks.
    """
    found = []
    for days in _runs(ground, stretch):
        months = [ground.lookups_of_day[one] for one in days]
        bounds = [0, *changes(months), len(months)]
        for (first, place), (_, last) in pairwise(pairwise(bounds)):
            before, after = (_middle(one) for one in _sides(months[first:last], place - first))
            day = ground.first_day + days[place].start
            found.append(Break("volume", str(day), before=before, after=after))
    return found


def _runs(ground: Ground, stretch: Ints) -> Iterator[list[slice]]:
    """Give the days of whole months that follow one another within one stretch."""
    dates = ground.dates()
    month = dates.astype("datetime64[M]")
    edges = np.flatnonzero(np.diff(month.astype(np.int64)) | np.diff(stretch)) + 1
    run: list[slice] = []
    for first, end in pairwise([0, *edges.tolist(), ground.days]):
        begins = month[first].astype("datetime64[D]") == dates[first]
        whole = begins and (month[first] + 1).astype("datetime64[D]") == dates[end - 1] + 1
        if run and not (whole and stretch[first] == stretch[first - 1]):
            yield run
            run = []
        if whole:
            run.append(slice(first, end))
    if run:
        yield run


def changes(months: Sequence[Month]) -> list[int]:
    """Find the months before which the volume changes, in order.

    Parameters
    ----------
    months : sequence of array of int, shape (days of the month,)
        That follow one another.

    Examples
    --------
    >>> usual, few = np.full(30, 10), np.full(30, 4)
    >>> changes([usual, usual, usual, few, few]), changes([usual, usual, few, usual, usual])
    ([3], [2, 3])
    >>> changes([usual, usual, usual, usual // 2, usual // 2])
    []
    """
    usual = _usual(months)
    bounds = [0, *_steps(months, 0, usual), len(months)]
    found = set(bounds[1:-1])
    for first, last in pairwise(bounds):
        found.update(first + place for place in _alone(months[first:last], usual))
    return sorted(found)


def _steps(months: Sequence[Month], first: int, usual: float) -> list[int]:
    """Find the largest step, and those before it and behind it."""
    best, at = 0.0, 0
    for place in range(1, len(months)):
        before, after = _sides(months, place)
        if max(len(before), len(after)) < _NEAR or not _differ(before, after, usual):
            continue
        size = abs(np.log(_middle(after) + 1e-9) - np.log(_middle(before) + 1e-9))
        if _times(before[-1:], after[:1], _middle(after) > _middle(before)) > _SUDDEN and (
            size > best
        ):
            best, at = float(size), place
    if not at:
        return []
    early, late = _steps(months[:at], first, usual), _steps(months[at:], first + at, usual)
    return [*early, first + at, *late]


def _usual(months: Sequence[Month]) -> float:
    """By how much the logarithms of months usually differ; 0 for less than a year."""
    if len(months) < _YEAR:
        return 0.0
    rates = np.log([one.mean() + 1e-9 for one in months])
    return float(_SPREAD * np.median(np.abs(np.diff(rates))))


def _alone(months: Sequence[Month], usual: float) -> Iterator[int]:
    """Give the months before and behind one that is unlike those on both sides of it."""
    for place in range(1, len(months) - 1):
        before, _ = _sides(months, place)
        one, (_, after) = months[place : place + 1], _sides(months, place + 1)
        if len(before) + len(after) < _NEAR:
            continue
        rises = _middle(one) > _middle(before)
        if rises == (_middle(one) > _middle(after)) and all(
            _differ(side, one, usual) for side in (before, after)
        ):
            yield from (place, place + 1)


def _sides(months: Sequence[Month], place: int) -> tuple[Sequence[Month], Sequence[Month]]:
    """Give the months next to a place, before and behind it."""
    return months[max(place - _NEAR, 0) : place], months[place : place + _NEAR]


def _middle(months: Sequence[Month]) -> float:
    """Look-ups a day of the median month."""
    return float(np.median([one.mean() for one in months]))


def _times(before: Sequence[Month], after: Sequence[Month], rises: bool) -> float:
    """How many times as many look-ups a day the side that should have more has."""
    low, high = (before, after) if rises else (after, before)
    return _middle(high) / max(_middle(low), 1e-9)


def _differ(before: Sequence[Month], after: Sequence[Month], usual: float) -> bool:
    """Whether one side has more than twice as many look-ups a day, and chance does not give it.

    The ratio of both is judged beside two standard errors: with weeks of a month that differ by as
    much as these do, and with months that differ as they usually do.
    """
    rises = _middle(after) > _middle(before)
    if not _times(before, after, rises) > _HIGHER:
        return False
    n, days = (
        np.array([sum(float(number(one)) for one in side) for side in (before, after)])
        for number in (np.sum, len)
    )
    if n.max() < _LOOKUPS:
        return False
    weeks = np.array([
        one[: _WEEK * _WEEKS].reshape(_WEEKS, _WEEK).sum(axis=1) for one in (*before, *after)
    ])  # fmt: skip
    mean = np.maximum(weeks.mean(axis=1, keepdims=True), 1e-9)
    dispersion = ((weeks - mean) ** 2 / mean).sum() / ((_WEEKS - 1) * len(weeks))
    ratio = np.log((n[1] + 0.5) / days[1]) - np.log((n[0] + 0.5) / days[0])
    error = np.sqrt(max(dispersion, 1.0) * (1.0 / (n + 0.5)).sum())
    of_months = usual * np.sqrt(1.0 / len(before) + 1.0 / len(after))
    return bool(abs(ratio) > _ERRORS * max(error, of_months))
