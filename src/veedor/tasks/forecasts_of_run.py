"""All forecasts of a run: first what serves every category is learned, then each is made."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from veedor.backtest import Backtest, Executor
from veedor.errors import phrase
from veedor.tasks.context import Context


def make_forecasts(
    backtest: Backtest, executor: Executor, context: Context
) -> Generator[int, None, dict[str, float]]:
    """Make every forecast that is missing.

    Yields
    ------
    int
        How many there are in all, before the first is made; then after each how many are left.

    Returns
    -------
    dict of str to float
        Seconds that each forecaster took, those of what it was first to need included.
    """
    plan = backtest.plan
    seconds = dict.fromkeys(plan.forecasters, 0.0)
    total = len(plan.categories) * len(plan.origins) * len(plan.entries)
    yield total
    backtest = _taught(backtest, executor, context, seconds)
    context.step(phrase("Forecasting"), total)
    # Closed, so that an executor lets go at once of what is queued.
    with closing(backtest.run(executor)) as making:
        for done, made in enumerate(making, start=total - len(backtest.missing()) + 1):
            seconds[made.forecaster] += made.seconds
            context.advance(done)
            if done < total:
                yield total - done
    yield 0
    return {name: round(value, 2) for name, value in seconds.items()}


def _taught(
    backtest: Backtest, executor: Executor, context: Context, seconds: dict[str, float]
) -> Backtest:
    """Learn what serves every category, and let the forecasters know it."""
    lessons = backtest.lessons()
    if not lessons:
        return backtest
    context.step(phrase("Learning from all categories"), len(lessons))
    known = []
    with closing(backtest.learn(executor)) as learning:
        for learned in learning:
            seconds[learned.forecaster] += learned.seconds
            known.append(learned)
            context.advance(len(known))
    return backtest.knowing(known)
