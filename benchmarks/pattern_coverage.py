"""How often the 95% intervals of `veedor.patterns` over time hold what is true.

``python -m benchmarks.pattern_coverage [simulations]`` prints a line an interval: the share of
intervals that hold the truth, with how many records were simulated. Where a record has many
intervals (168 hours, 100 places), the share is over all of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from veedor.incidents import Category, Incidents
from veedor.patterns import (
    calendar_effects,
    decompose,
    find_shifts,
    hour_of_week,
    poisson_trend,
    weighted_displacement_difference,
)
from veedor.patterns.departures import draw_counts

Rng = np.random.Generator
Held = list[bool]

_DAYS = [date(2022, 1, 1) + timedelta(days=k) for k in range(730)]
_BEGINS = np.datetime64("2022-01-03T03:00", "us")
_HOUR = np.timedelta64(1, "h")
_CLOCK = 1.0 + 0.6 * np.sin(np.arange(168) * 2 * np.pi / 24)
_CLOCK[125:150] *= 1.5
_CLOCK /= _CLOCK.mean()


def _incidents(start: np.ndarray, width: np.timedelta64) -> Incidents:
    end: np.ndarray = start + width
    return Incidents(
        id=np.arange(len(start)),
        category=np.zeros(len(start), dtype=np.int16),
        start=start,
        end=end,
        reported_at=None,
        x_m=np.zeros(len(start)),
        y_m=np.zeros(len(start)),
        precision_m=None,
        categories=(Category("theft", "reported"),),
        crs="EPSG:32721",
        time_zone="America/Argentina/Buenos_Aires",
    )


def _clock(rng: Rng, a_day: float, shape: float, width: int) -> Held:
    """A year whose days have gamma factors of that shape; intervals of so many hours."""
    weeks = 52
    day = rng.gamma(shape, 1.0 / shape, (weeks, 7)).repeat(24, axis=1)
    hour = np.repeat(np.arange(weeks * 168), rng.poisson(a_day / 24 * _CLOCK * day).ravel())
    start = _BEGINS + hour * _HOUR + (rng.random(len(hour)) * 3.6e9).astype("timedelta64[us]")
    truth = _CLOCK
    if width:
        # Half an hour in, on average: the first and the last hour get half of an inner one's.
        parts = np.r_[0.5, np.ones(width - 1), 0.5] / width
        truth = sum(part * np.roll(_CLOCK, k) for k, part in enumerate(parts))
    until = _BEGINS + weeks * 168 * _HOUR
    found = hour_of_week(_incidents(start, width * _HOUR), "theft", _BEGINS, until)
    return list((found.low <= truth) & (truth <= found.high))


def clock_of_a_frequent_category(rng: Rng) -> Held:
    """20 a day, days with variance 6 times the mean."""
    return _clock(rng, 20.0, 4.0, 0)


def clock_of_a_rare_category(rng: Rng) -> Held:
    """1.5 a day."""
    return _clock(rng, 1.5, 4.0, 0)


def clock_of_intervals(rng: Rng) -> Held:
    """20 a day, each known to four hours: of the clock that such a record has on average."""
    return _clock(rng, 20.0, 4.0, 4)


def _calendar(rng: Rng, mean: float, carried: float) -> Held:
    holidays = [day for day in _DAYS if (day.month, day.day) in ((1, 1), (7, 9), (12, 25), (5, 1))]
    weekday = np.array([0.9, 0.9, 0.9, 1.0, 1.1, 1.3, 1.0])
    month = 1.0 + 0.2 * np.cos(np.arange(12) * np.pi / 6)
    weekday /= np.exp(np.log(weekday).mean())
    month /= np.exp(np.log(month).mean())
    paid = np.array([day.day in (15, 16) for day in _DAYS])
    expected = mean * weekday[[day.weekday() for day in _DAYS]]
    expected *= month[[day.month - 1 for day in _DAYS]]
    expected *= np.where(np.isin(np.array(_DAYS), np.array(holidays)), 0.8, 1.0)
    expected *= np.where(paid, 1.2, 1.0)
    counts = draw_counts(expected[None], 2.0, rng, carried)[0]
    effects, _ = calendar_effects(counts, _DAYS, holidays=holidays, pay_days=(15,))
    truth = {"holiday": 0.8, "pay-day": 1.2, "recording": 1.0}
    truths = [*weekday, *month] + [truth[one.kind] for one in effects[19:]]
    return [one.low <= true <= one.high for one, true in zip(effects, truths, strict=True)]


def calendar(rng: Rng) -> Held:
    """All 22 effects of two years with 20 a day, variance twice the mean."""
    return _calendar(rng, 20.0, 0.0)


def calendar_autocorrelated(rng: Rng) -> Held:
    """The same, where 30% of a departure lasts to the next day."""
    return _calendar(rng, 20.0, 0.3)


def calendar_holiday(rng: Rng) -> Held:
    """The holiday's alone: eight days."""
    return _calendar(rng, 20.0, 0.3)[19:20]


def trend_band(rng: Rng) -> Held:
    """A level that swings slowly by a fifth, under a week, 400 days."""
    days = np.arange(400)
    level = 40 * (1 + 0.2 * np.sin(2 * np.pi * days / 400))
    counts = draw_counts((level * (1 + 0.3 * (days % 7 == 5)))[None], 2.0, rng)[0]
    # The trend is a level of the whole week, on the scale on which the week is taken off.
    root = np.mean(np.sqrt(np.array([1.0] * 6 + [1.3])))
    found = decompose(counts, rng)
    truth = level * root**2
    return list((found.low <= truth) & (truth <= found.high))


def share_of_a_place(rng: Rng) -> Held:
    """100 places over 24 months with a common season, changing by -30% to 40% a year."""
    years = np.arange(24) / 12
    change = np.linspace(np.log(0.7), np.log(1.4), 100)
    level = 6.0 * np.exp(np.outer(years - years.mean(), change))
    level *= (1 + 0.4 * np.sin(2 * np.pi * years))[:, None]
    found = poisson_trend(rng.poisson(level), years)
    total = level.sum(axis=1)
    mean = np.sum(years * total) / total.sum()
    whole = np.sum((years - mean) * total * np.log(total / (1 + 0.4 * np.sin(2 * np.pi * years))))
    own = np.expm1(change - whole / np.sum((years - mean) ** 2 * total))
    return list((found.low <= own) & (own <= found.high))


def _shift(rng: Rng, ratio: float, carried: float) -> Held:
    mean = np.r_[np.full(60, 20.0), np.full(44, 20.0 * ratio)]
    counts = draw_counts(mean[None], 2.0, rng, carried)[0]
    found = find_shifts(counts, np.ones(104), rng, simulations=199).shifts
    return [bool(one.low <= ratio <= one.high) for one in found if len(found) == 1]


def shift(rng: Rng) -> Held:
    """By half, in 104 weeks of 20 with variance twice the mean; of those found as one."""
    return _shift(rng, 1.5, 0.0)


def shift_by_a_fifth(rng: Rng) -> Held:
    """By a fifth: hardly found, and found where chance makes it large."""
    return _shift(rng, 1.2, 0.0)


def shift_autocorrelated(rng: Rng) -> Held:
    """By half, where 30% of a departure lasts to the next week."""
    return _shift(rng, 1.5, 0.3)


def displacement(rng: Rng) -> Held:
    """Difference of local changes, displaced ones, and both."""
    means = np.array([[60, 40], [80, 70], [50, 55], [40, 40]])
    found = weighted_displacement_difference(*(tuple(pair) for pair in rng.poisson(means)))
    change = np.diff(means, axis=1)[:, 0] * np.array([1, -1, 1, -1])
    truth = (change[:2].sum(), change[2:].sum(), change.sum())
    of = (found.local, found.displaced, found.total)
    return [bool(one.low <= true <= one.high) for one, true in zip(of, truth, strict=True)]


#: Each with the share of the simulations that it is given.
INTERVALS: tuple[tuple[Callable[[Rng], Held], float], ...] = (
    (clock_of_a_frequent_category, 0.2),
    (clock_of_a_rare_category, 0.2),
    (clock_of_intervals, 0.2),
    (calendar, 0.2),
    (calendar_autocorrelated, 0.2),
    (calendar_holiday, 1.0),
    (trend_band, 0.05),
    (share_of_a_place, 1.0),
    (shift, 1.0),
    (shift_by_a_fifth, 1.0),
    (shift_autocorrelated, 1.0),
    (displacement, 1.0),
)


def main(simulations: int) -> None:
    """Simulate each, and print how often it holds the truth."""
    for number, (interval, part) in enumerate(INTERVALS):
        began = time.perf_counter()
        rng = np.random.default_rng([2, number])
        records = max(1, round(part * simulations))
        held = [interval(rng) for _ in range(records)]
        every = [one for of_one in held for one in of_one]
        print(
            f"{interval.__name__:30} {np.mean(every):.3f} of {len(every)} intervals of {records} "
            f"records, {time.perf_counter() - began:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
