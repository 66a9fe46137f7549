"""Days across which nothing may be compared, found before anything is; and months between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.access.ground import Ground, distinct_of
from veedor.audits.access.results import Break, Month
from veedor.audits.access.volumes import volumes
from veedor.audits.audit import estimate
from veedor.statistics.clusters import per_exposure
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

#: Columns whose values are words of the system or of its users.
_WORDED = ("reason", "search_type", "event")
#: Look-ups and days that each side of a break must have.
_LOOKUPS, _DAYS = 100, 7
#: A column begins or ends: known on fewer than the first of one side, more than the second of the
#: other.
_ABSENT, _PRESENT = 0.01, 0.5
#: Look-ups that make a value usual, and what share of each side must be of values of its own.
_USUAL, _OWN = 20, 0.95
#: Days in a row without rows.
_GAP = 7
#: How many times as high a number must be, day by day, on one side as on the other.
_HIGHER = 2.0


def breaks(ground: Ground) -> list[Break]:
    """Find the days on which the export, a column, the rules or the volume change, in order."""
    if not ground.days:
        return []
    exports = _exports(ground)
    told = {name for one in exports for name in one.columns}
    found = [
        *exports, *_columns(ground, told), *_vocabularies(ground), *_levels(ground),
        *_gaps(ground), *_policies(ground),
    ]  # fmt: skip
    found += volumes(ground, stretches(ground, found))
    return sorted(found, key=lambda one: (one.day, one.kind, one.columns, one.name))


def _exports(ground: Ground) -> list[Break]:
    """Days on which look-ups of another export begin, or one ended at its limit.

    A look-up that several exports hold is of the first of them, so that where they overlap the
    later one begins behind the earlier one's end.
    """
    releases = ground.log.releases
    begins, ends = _first_and_last(ground)
    present = [number for number in np.argsort(begins, kind="stable") if ends[number] >= 0]
    found = []
    for before, after in pairwise(present):
        changed = sorted({*releases[before].columns} ^ {*releases[after].columns})
        day = ground.first_day + int(begins[after])
        if changed and _inside(ground, day):
            found.append(Break("schema", str(day), tuple(changed)))
    for number in present:
        day = ground.first_day + int(ends[number]) + 1
        if releases[number].cap is not None and _inside(ground, day):
            found.append(Break("cap", str(day)))
    return found


def _first_and_last(ground: Ground) -> tuple[Ints, Ints]:
    """Days of the first and last look-up of each export; -1 of one that has none of its own."""
    timed = ground.log.timed
    release, day = ground.log.release[:timed], ground.day[:timed]
    first = np.full(len(ground.log.releases), -1, np.int64)
    last = first.copy()
    # Look-ups are in order of time, and the last to be written stays.
    last[release] = day
    first[release[::-1]] = day[::-1]
    return first, last


def _inside(ground: Ground, day: np.datetime64) -> bool:
    """Whether a break before a day has days of the log on both sides."""
    return bool(ground.first_day < day < ground.first_day + ground.days)


def _columns(ground: Ground, told: Collection[str]) -> list[Break]:
    """Columns that begin or end to hold values, without those of which exports tell it."""
    by_day: dict[int, list[str]] = {}
    every = ground.lookups_of_day
    for name, column in ground.columns.items():
        known = column.known
        if name in told or known.all() or not known.any():
            continue
        held = np.bincount(ground.day[known], minlength=ground.days + 1)[: ground.days]
        before, after, enough = _sides(held, every)
        begins = (before < _ABSENT) & (after > _PRESENT)
        ends = (before > _PRESENT) & (after < _ABSENT)
        gap = np.where(enough & (begins | ends), np.abs(after - before), 0.0)
        if gap.size and gap.max() > 0.0:
            by_day.setdefault(int(np.argmax(gap)) + 1, []).append(name)
    return [
        Break("column", str(ground.first_day + day), tuple(sorted(names)))
        for day, names in by_day.items()
    ]


def _sides(held: Ints, every: Ints) -> tuple[Floats, Floats, Bools]:
    """Shares before and after each day but the first, and whether both sides have enough."""
    part, whole = np.cumsum(held), np.cumsum(every)
    with np.errstate(invalid="ignore", divide="ignore"):
        before = part[:-1] / whole[:-1]
        after = (part[-1] - part[:-1]) / (whole[-1] - whole[:-1])
    some = np.cumsum(every > 0)
    enough = (whole[:-1] >= _LOOKUPS) & (whole[-1] - whole[:-1] >= _LOOKUPS)
    enough &= (some[:-1] >= _DAYS) & (some[-1] - some[:-1] >= _DAYS)
    return before, after, enough


def _vocabularies(ground: Ground) -> list[Break]:
    """Columns whose usual values are others from a day on: a list to choose from came or went."""
    found = []
    for name in _WORDED:
        column = ground.log.coded.get(name)
        if column is None or column.distinct < 2:
            continue
        many = np.bincount(column.codes[column.known], minlength=column.distinct)
        usual = np.append(many >= _USUAL, False)[column.codes] & (ground.day < ground.days)
        codes, days = column.codes[usual], ground.day[usual]
        if not codes.size:
            continue
        first, last = np.zeros((2, column.distinct), np.int64)
        # Look-ups are in order of time, and the last to be written stays.
        last[codes] = days
        first[codes[::-1]] = days[::-1]
        every = np.bincount(days, minlength=ground.days)
        ended = np.cumsum(np.bincount(last[codes], minlength=ground.days))[:-1]
        begun = np.cumsum(np.bincount(first[codes], minlength=ground.days)[::-1])[::-1][1:]
        whole = np.cumsum(every)
        _, _, enough = _sides(every, every)
        with np.errstate(invalid="ignore", divide="ignore"):
            own = np.minimum(ended / whole[:-1], begun / (whole[-1] - whole[:-1]))
        own = np.where(enough, own, 0.0)
        if own.size and own.max() >= _OWN:
            day = ground.first_day + int(np.argmax(own)) + 1
            found.append(Break("vocabulary", str(day), (name,)))
    return found


def _levels(ground: Ground) -> list[Break]:
    """Numbers that are of another size from a day on, twice as high or half, day by day."""
    found = []
    # Where a clock goes back over midnight an hour counts to the day behind it.
    time_order = np.maximum.accumulate(ground.day[: ground.log.timed])
    edges = np.searchsorted(time_order, np.arange(ground.days + 1))
    for name, column in ground.log.numbers.items():
        if column.constant or not column.known.any():
            continue
        held = [
            (day, values[~np.isnan(values)])
            for day, values in enumerate(np.split(column.values[: edges[-1]], edges[1:-1]))
        ]
        days = [day for day, values in held if len(values)]
        middle = np.array([np.median(values) for _, values in held if len(values)], np.float64)
        best, at = _HIGHER, 0
        for place in range(_DAYS, len(days) - _DAYS + 1):
            low, high = (np.quantile(side, (0.1, 0.9)) for side in (middle[:place], middle[place:]))
            ratio = max(low[0] / max(high[1], 1.0), high[0] / max(low[1], 1.0))
            if ratio > best:
                best, at = ratio, place
        if at:
            found.append(Break("level", str(ground.first_day + days[at]), (name,)))
    return found


def _gaps(ground: Ground) -> list[Break]:
    """Days in a row without rows; what comes behind them is another stretch."""
    some = np.flatnonzero(ground.lookups_of_day > 0)
    behind = some[1:][np.diff(some) - 1 > _GAP]
    return [Break("gap", str(ground.first_day + day)) for day in behind]


def _policies(ground: Ground) -> list[Break]:
    return [
        Break("policy", str(one.day), (), one.name)
        for one in ground.settings.policies
        if _inside(ground, np.datetime64(one.day, "D"))
    ]


def stretches(ground: Ground, found: Sequence[Break]) -> Ints:
    """Number of the stretch between breaks in which each day lies, shape (days,)."""
    days = np.unique(np.array([one.day for one in found], "datetime64[D]"))
    return np.asarray(np.searchsorted(days, ground.dates(), side="right"))


def months(ground: Ground, found: Sequence[Break]) -> list[Month]:
    """Count look-ups, users, units and forces of every local month, cut at breaks."""
    if not ground.days:
        return []
    stretch = stretches(ground, found)
    month = ground.dates().astype("datetime64[M]").astype(np.int64)
    spans, span_of_day = np.unique(np.stack([month, stretch]), axis=1, return_inverse=True)
    span = np.append(span_of_day.ravel(), -1).astype(np.int32)[ground.day]
    many = spans.shape[1]
    distinct: dict[str, Ints] = {}
    if ground.users:
        distinct["user"] = distinct_of(ground.user, span, ground.users, many)
    for name in ("unit", "force"):
        if grouping := ground.grouping(name):
            distinct[name] = distinct_of(grouping[0], span, len(grouping[1]), many)
    made = []
    for number in range(many):
        here = span_of_day.ravel() == number
        lookups = ground.lookups_of_day[here].astype(np.float64)
        hidden = "user" in distinct and ground.shown(int(distinct["user"][number])) is None
        made.append(Month(
            str(np.datetime64(int(spans[0, number]), "M")),
            int(spans[1, number]),
            int(here.sum()),
            int(lookups.sum()),
            _of(distinct, "user", number, hidden=hidden),
            _of(distinct, "unit", number, hidden=hidden),
            _of(distinct, "force", number, hidden=hidden),
            a_day(lookups, ground.settings.level),
            hidden,
        ))  # fmt: skip
    return made


def a_day(lookups: Floats, level: float) -> Estimate:
    """Estimate the look-ups of a day, over days that differ."""
    (low, high), over = per_exposure(lookups, np.ones(len(lookups)), level)
    method = Method("garwood_over_days" if over else "garwood")
    return estimate(
        float(lookups.mean()), (float(low), float(high)), method, len(lookups),
        Denominator("days"), level,
    )  # fmt: skip


def _of(distinct: dict[str, Ints], name: str, number: int, *, hidden: bool) -> int | None:
    return None if hidden or name not in distinct else int(distinct[name][number])
