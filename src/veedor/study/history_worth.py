"""What the length of the record is worth: the reference, made from only the last part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from veedor.arrays import Floats
from veedor.backtest import Archive, Backtest, Executor, Plan, unpacked
from veedor.errors import StudyError
from veedor.forecasters import REFERENCE, Task, make_forecaster
from veedor.forecasters.dispersion import periods_held_back
from veedor.spacetime import Counts, Length, Periods
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.verification import (
    ForecastSeries,
    ImpliedGain,
    Judged,
    gain_of_scores,
    judge,
    judge_family,
    log_score,
)

#: Days of history that are tried, where the record is longer at every origin.
DAYS = (91, 182, 365, 730)
_FEWEST_PERIODS = 5


class PartWorth(msgspec.Struct, frozen=True, kw_only=True):
    """Gain of the whole record over its last `days`, nats per incident, at the same totals."""

    days: int
    gain: Judged


class DoublingWorth(msgspec.Struct, frozen=True, kw_only=True):
    """Gain of each doubling of the record, from its last `from_days` to all of it."""

    from_days: int
    gain: Judged


class HistoryWorth(msgspec.Struct, frozen=True, kw_only=True):
    """What the length of the record is worth.

    Parameters
    ----------
    days_at_first_origin, days_at_last_origin : int
        Of the record.
    parts : tuple of PartWorth
        Of each length that was tried.
    last_doubling : DoublingWorth or None
        From the length nearest to half the record; None with fewer than two lengths.
    """

    days_at_first_origin: int
    days_at_last_origin: int
    parts: tuple[PartWorth, ...]
    last_doubling: DoublingWorth | None


@dataclass(frozen=True, eq=False)
class _Shared:
    """What the tasks need, wherever they run."""

    plan: Plan
    outcomes: dict[str, Counts]
    days: tuple[int, ...]


def history_worth(
    backtest: Backtest,
    outcomes: dict[str, Counts],
    bootstrap: BlockBootstrap,
    executor: Executor,
) -> dict[str, HistoryWorth]:
    """Measure, for each category, what the whole record gained over only the last part of it.

    At every origin the reference is made again from the last 91, 182, 365 and 730 days, those
    that are shorter than the record at the first origin and hold at least five periods. Every
    forecast is scaled to the totals that the reference expected from the whole record, so that
    only what was learned about places, and the dispersion, counts.

    Parameters
    ----------
    backtest : Backtest
        All its forecasts are made.
    outcomes : dict of Counts, by category
    bootstrap : BlockBootstrap
    executor : Executor

    Returns
    -------
    dict of HistoryWorth, by category
        Verdicts are those of each gain alone; see `worth_together`.
    """
    plan = backtest.plan
    record = (plan.cutoffs - plan.tasks[0].begins) / np.timedelta64(1, "D")
    days = tuple(
        one
        for one in lengths_to_try(float(record[0]), plan.length)
        if all(_long_enough(plan, number, one) for number in range(len(plan.origins)))
    )
    gains = {category: np.zeros((len(days), len(plan.periods))) for category in plan.categories}
    implied: dict[str, dict[int, list[ImpliedGain]]] = {one: {} for one in plan.categories}
    if days:
        archive = Archive(backtest.folder)
        tasks = (
            (category, number, archive.files(category, [REFERENCE], plan.origins[number:][:1]))
            for number in range(len(plan.origins))
            for category in plan.categories
        )
        ahead = plan.periods_per_origin
        for category, number, found, errors in executor.run(
            _gains, _Shared(plan, outcomes, days), tasks
        ):
            gains[category][:, number * ahead : (number + 1) * ahead] = found
            implied[category][number] = errors
    return {
        category: _summary(
            np.repeat(record, plan.periods_per_origin),
            days,
            gains[category],
            [
                ImpliedGain.joined(parts)
                for parts in zip(
                    *(one for _, one in sorted(implied[category].items())), strict=True
                )
            ],
            outcomes[category].values.sum(axis=1).astype(np.float64),
            bootstrap,
        )
        for category in plan.categories
    }


def lengths_to_try(record_days: float, length: Length) -> tuple[int, ...]:
    """Lengths of history, in days, that are shorter than a record and hold five periods.

    >>> lengths_to_try(400.0, Length(1, "week")), lengths_to_try(400.0, Length(2, "month"))
    ((91, 182, 365), (365,))
    """
    least = _FEWEST_PERIODS * length.nominal_hours / 24.0
    return tuple(days for days in DAYS if least <= days < record_days)


def _long_enough(plan: Plan, number: int, days: int) -> bool:
    """Whether a part of a record still has a period where the reference holds its last ones back.

    What is published late ends earlier then than these periods begin.
    """
    if plan.tasks[0].record.grain is None:
        return True
    part = last_days(plan.task(plan.categories[0], number), days)
    periods = part.periods
    kept = len(periods) - periods_held_back(len(periods))
    try:
        return kept == len(periods) or len(part.until(periods.edges[kept]).periods) > 0
    except StudyError:
        return False


def last_days(task: Task, days: int) -> Task:
    """Return the same task as if its record had begun so many local days before it ends."""
    length = Length(days, "day")
    begins = Periods.stepping(task.record.covered.through, length, -1, 0, task.record.zone).edges[0]
    return replace(task, record=task.record.since(begins))


def _gains(
    shared: _Shared, asked: tuple[str, int, dict[str, bytes]]
) -> tuple[str, int, Floats, list[ImpliedGain]]:
    """Gain of the whole record by length and period, and what is implied of it, at one origin."""
    category, number, files = asked
    plan, ahead = shared.plan, shared.plan.periods_per_origin
    with unpacked(files) as archive:
        whole = archive.get(category, REFERENCE, plan.origins[number], plan.cells)
    observed = shared.outcomes[category].values[number * ahead : (number + 1) * ahead]
    scores = log_score(whole.distribution, observed)
    task = plan.task(category, number)
    found, implied = [], []
    for days in shared.days:
        part = make_forecaster(REFERENCE).fit(last_days(task, days)).predict(whole.periods)
        part = part.rescaled(whole.mean.sum(axis=1))
        found.append(gain_of_scores(scores, log_score(part.distribution, observed)))
        implied.append(ForecastSeries.of([whole]).implied_gain(ForecastSeries.of([part])))
    return category, number, np.array(found), implied


def _summary(
    record: Floats,
    days: tuple[int, ...],
    gains: Floats,
    implied: list[ImpliedGain],
    incidents: Floats,
    bootstrap: BlockBootstrap,
) -> HistoryWorth:
    """Estimates from gains of shape (lengths, periods)."""
    of = Denominator("incidents_in_cells")
    doubling = None
    if len(days) > 1:
        half = np.log(float(record.mean()) / 2.0)
        nearest = int(np.argmin(np.abs(np.log(days) - half)))
        doublings = np.log2(record / days[nearest])
        doubling = DoublingWorth(
            from_days=days[nearest],
            gain=judge(
                bootstrap,
                gains[nearest],
                incidents * doublings,
                implied[nearest],
                n=round(float(incidents.sum())),
                of=Denominator("incidents_by_doublings"),
            ),
        )
    return HistoryWorth(
        days_at_first_origin=round(record[0]),
        days_at_last_origin=round(record[-1]),
        parts=tuple(
            PartWorth(days=length, gain=judge(bootstrap, gain, incidents, errors, of=of))
            for length, gain, errors in zip(days, gains, implied, strict=True)
        ),
        last_doubling=doubling,
    )


def worth_together(worth: Mapping[str, HistoryWorth]) -> dict[str, HistoryWorth]:
    """Give verdicts that hold together over all categories: of parts, and of doublings."""
    parts = iter(judge_family([part.gain for one in worth.values() for part in one.parts]))
    last = [one.last_doubling for one in worth.values() if one.last_doubling is not None]
    doublings = iter(judge_family([one.gain for one in last]))
    return {
        name: msgspec.structs.replace(
            one,
            parts=tuple(msgspec.structs.replace(part, gain=next(parts)) for part in one.parts),
            last_doubling=one.last_doubling
            and msgspec.structs.replace(one.last_doubling, gain=next(doublings)),
        )
        for name, one in worth.items()
    }
