"""Rates by day or deployment, watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from veedor.arrays import Floats
from veedor.audits.alerts.counting import DailyCounts
from veedor.audits.alerts.monitoring import (
    Drift,
    Watch,
    confidence_sequence,
    false_alarms,
    watch,
)
from veedor.audits.alerts.rates import RATES
from veedor.audits.alerts.settings import Settings


class Side(msgspec.Struct, frozen=True):
    """A rate on one side of an alarm."""

    value: float
    numerator: int
    denominator: int
    low: float
    high: float


class Run(msgspec.Struct, frozen=True):
    """What raised an alarm: the rate of the first quarter, and that of the run since."""

    since: str
    before: Side
    run: Side


class WatchedDrift(msgspec.Struct, frozen=True):
    """A watch for a rise or a fall; its run is None without an alarm, or out of too few."""

    direction: str
    limit: float
    alarm: str | None
    periods_between_false_alarms: float
    run: Run | None


class WatchedRate(msgspec.Struct, frozen=True, kw_only=True):
    """A rate of a group over time: counted from the beginning, with a confidence sequence."""

    metric: str
    group: str
    unit: str
    periods: tuple[str, ...]
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    numerator: int
    denominator: int
    level: float
    baseline_until: str
    false_alarms_expected: float
    false_alarms_at_most: float
    drifts: tuple[WatchedDrift, ...]


def watched(daily: DailyCounts, names: Sequence[str], settings: Settings) -> list[WatchedRate]:
    """Watch rates of every group, a period a day.

    Parameters
    ----------
    daily : DailyCounts
    names : sequence of str
        Of `RATES`.
    settings : Settings
    """
    found: list[WatchedRate] = []
    for name in names:
        above, below = RATES[name].weights()
        series = {
            group: (daily.cells[number] @ above, daily.cells[number] @ below)
            for number, group in enumerate(daily.groups)
        }
        found += watched_series(name, daily.days, "day", series, settings)
    return found


def watched_series(
    metric: str,
    periods: Sequence[str],
    unit: str,
    series: Mapping[str, tuple[Floats, Floats]],
    settings: Settings,
) -> list[WatchedRate]:
    """Watch one rate of several groups.

    Parameters
    ----------
    metric : str
    periods : sequence of str
        In order of time.
    unit : str
        What a period is: ``day`` or ``deployment``.
    series : dict of str to (array, array)
        Group to events and trials of each period.
    settings : Settings

    Returns
    -------
    list of WatchedRate
        A record for each group: the periods that had trials, the confidence sequence, and the
        drifts, and where one raised an alarm the rate before and since; how rarely false alarms
        come, and how many of them are to be expected over the record were the rate not to change.
        For publication without the first periods, up to which fewer than `small` were counted.
    """
    found = []
    rng = np.random.default_rng(settings.seed)
    for group, (events, trials) in series.items():
        there = np.flatnonzero(np.nan_to_num(trials) > 0)
        if len(there) < 2:
            continue
        x, n = events[there], trials[there]
        begins = int(np.sum(np.cumsum(n) < settings.small)) if settings.publish else 0
        if begins == len(there):
            continue
        seen = watch(
            x, n, periods_between_false_alarms=settings.periods_between_false_alarms,
            level=settings.level,
        )  # fmt: skip
        names = [periods[place] for place in there.tolist()]
        share = settings.periods_between_false_alarms
        expected, at_most = (
            false_alarms(
                n, float(x.sum() / n.sum()), rng, periods_between_false_alarms=share,
                replicates=max(min(1_000, 20_000 // len(series)), 10),
            )
            if seen.drifts
            else (0.0, 0.0)
        )  # fmt: skip
        found.append(WatchedRate(
            metric=metric,
            group=group,
            unit=unit,
            periods=tuple(names[begins:]),
            value=tuple((np.cumsum(x) / np.cumsum(n))[begins:].tolist()),
            low=tuple(seen.low[begins:].tolist()),
            high=tuple(seen.high[begins:].tolist()),
            numerator=int(x.sum()),
            denominator=int(n.sum()),
            level=settings.level,
            baseline_until=names[min(seen.baseline, len(names)) - 1],
            false_alarms_expected=expected,
            false_alarms_at_most=at_most,
            drifts=tuple(
                WatchedDrift(
                    drift.direction, drift.limit,
                    None if drift.alarm is None else names[seen.baseline + drift.alarm],
                    drift.periods_between_false_alarms,
                    _run(names, x, n, seen, drift, settings.level),
                )
                for drift in seen.drifts
            ),
        ))  # fmt: skip
    return found


def _run(
    names: Sequence[str], x: Floats, n: Floats, seen: Watch, drift: Drift, level: float
) -> Run | None:
    """Rates of the first quarter, and of the run of periods that raised the alarm.

    Their intervals hold whenever one looks, the second also wherever the run begins: it is at a
    level that all beginnings share.
    """
    if drift.alarm is None or drift.since is None:
        return None
    before, run = (
        _side(x[here], n[here], 1.0 - (1.0 - level) / shared)
        for here, shared in (
            (slice(0, seen.baseline), 1),
            (slice(seen.baseline + drift.since, seen.baseline + drift.alarm + 1),
             len(n) - seen.baseline),
        )
    )  # fmt: skip
    return Run(names[seen.baseline + drift.since], before, run)


def _side(x: Floats, n: Floats, level: float) -> Side:
    events, trials = x.sum(), n.sum()
    low, high = confidence_sequence(events, trials, level)
    return Side(float(events / trials), int(events), int(trials), float(low), float(high))
