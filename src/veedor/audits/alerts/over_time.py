"""Rates by day or deployment, watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.audits.alerts.counting import DailyCounts
from veedor.audits.alerts.monitoring import watch
from veedor.audits.alerts.rates import RATES
from veedor.audits.alerts.settings import Settings

Floats = npt.NDArray[np.float64]


def watched(daily: DailyCounts, names: Sequence[str], settings: Settings) -> list[dict[str, Any]]:
    """Watch rates of every group, a period a day.

    Parameters
    ----------
    daily : DailyCounts
    names : sequence of str
        Of `RATES`.
    settings : Settings
    """
    found = []
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
) -> list[dict[str, Any]]:
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
    list of dict
        A record for each group: the periods that had trials, the confidence sequence, and the
        drifts; with how rarely false alarms come.
    """
    found = []
    for group, (events, trials) in series.items():
        there = np.flatnonzero(np.nan_to_num(trials) > 0)
        if len(there) < 2:
            continue
        x, n = events[there], trials[there]
        seen = watch(
            x, n, periods_between_false_alarms=settings.periods_between_false_alarms,
            level=settings.level,
        )  # fmt: skip
        names = [periods[place] for place in there.tolist()]
        found.append({
            "metric": metric,
            "group": group,
            "unit": unit,
            "periods": names,
            "value": (np.cumsum(x) / np.cumsum(n)).tolist(),
            "low": seen.low.tolist(),
            "high": seen.high.tolist(),
            "numerator": int(x.sum()),
            "denominator": int(n.sum()),
            "level": settings.level,
            "baseline_until": names[min(seen.baseline, len(names)) - 1],
            "drifts": [
                {
                    "direction": drift.direction,
                    "limit": drift.limit,
                    "alarm": None if drift.alarm is None else names[seen.baseline + drift.alarm],
                    "periods_between_false_alarms": drift.periods_between_false_alarms,
                }
                for drift in seen.drifts
            ],
        })  # fmt: skip
    return found
