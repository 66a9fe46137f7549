"""How often the audit of behaviour finds a change where there is none, and one where there is.

``python -m benchmarks.behaviour_sizes [REPLICATES]``: series with autocorrelated errors, of their
own and shared by all sensitive ones; controls with theirs; common shocks that cancel. Prints the
table of docs/audits/behaviour.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from veedor.areas.spans import Spans
from veedor.arrays import Bools, Floats
from veedor.audits.behaviour.comparison import Comparer, Comparison
from veedor.audits.behaviour.design import Question, Timing
from veedor.audits.behaviour.panel import Panel
from veedor.statistics.autocorrelated import least_squares

SEED = 20_260_601
HEAD = (
    "| before + after | sensitive + controls | autocorrelation | shared | differ by | change "
    "| pooled test | change named | REML put in | Prais-Winsten | least squares | covered |"
)


class World(NamedTuple):
    """What is simulated; `shared` is the share of a sensitive series' variance that all have."""

    before: int = 17
    after: int = 13
    sensitive: int = 12
    controls: int = 12
    carried: float = 0.3
    shared: float = 0.0
    differ: float = 0.0
    change: float = 0.0


WORLDS = [
    *(World(carried=carried, shared=shared) for shared in (0.0, 0.5)
      for carried in (0.0, 0.3, 0.6, 0.8)),
    World(carried=0.3, differ=0.1), World(carried=0.6, differ=0.1),
    *(World(sensitive=1, controls=1, carried=carried) for carried in (0.3, 0.6)),
    *(World(sensitive=3, controls=5, carried=carried) for carried in (0.3, 0.6)),
    *(World(8, 8, carried=carried) for carried in (0.3, 0.6)),
    *(World(36, 24, carried=carried) for carried in (0.3, 0.6)),
    World(carried=0.3, change=-0.08), World(carried=0.6, change=-0.08),
    World(carried=0.6, shared=0.5, change=-0.2),
]  # fmt: skip


def main() -> None:
    """Print a row for each world."""
    replicates = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print(HEAD)
    for world in WORLDS:
        row = np.mean([*simulated(world, replicates)], axis=0)
        told = (
            f"{world.before} + {world.after}", f"{world.sensitive} + {world.controls}",
            world.carried, world.shared, world.differ, world.change,
            *(f"{100.0 * share:.1f}%" for share in row),
        )  # fmt: skip
        print("| " + " | ".join(map(str, told)) + " |", flush=True)


def simulated(world: World, replicates: int) -> Iterator[list[bool]]:
    """Give of each made-up panel what was found, by each way; last whether the level is covered."""
    rng = np.random.default_rng(SEED)
    periods = world.before + world.after
    spans = Spans("month", np.datetime64("2012-01-01"), periods)
    series = world.sensitive + world.controls
    ours = np.arange(series) < world.sensitive
    question = Question(event=spans.labels[world.before], because="it is made up for a test")
    timing = Timing.of(spans, question)
    for _ in range(replicates):
        logs = made_up(world, rng, ours)
        panel = Panel(
            "made up", spans, np.arange(series).astype(str),
            np.where(ours, "sensitive", "control"), np.exp(logs), np.ones(logs.shape),
            np.zeros(logs.shape),
        )  # fmt: skip
        found = Comparer(panel, timing, question).compare(ours, ~ours)
        if found is None:
            raise RuntimeError("every world has enough periods")
        yield [*verdicts(found), covered(found, np.log1p(world.change))]


def verdicts(found: Comparison) -> list[bool]:
    """Whether a change is found: by the pooled test, by the verdict, and by three rivals."""
    contrast = found.columns.contrast(level=1.0)
    alike = found.effect("level_change", of_others=True)
    rivals = (
        alike, found.fit.by_reml(contrast), found.by_prais_winsten().of(contrast),
        least_squares(found.columns.matrix, found.values).of(contrast),
    )  # fmt: skip
    return [
        found.p_value <= 0.05,
        *(one is not None and one.p_value() <= 0.05 for one in rivals),
    ]


def covered(found: Comparison, truth: float) -> bool:
    """Whether the interval of the level's change holds the true one."""
    low, high = found.level.interval()
    return low <= truth <= high


def made_up(world: World, rng: np.random.Generator, ours: Bools) -> Floats:
    """Logarithms of counts, shape (series, periods)."""
    periods, series = world.before + world.after, len(ours)
    own = autoregression(rng, series, periods, world.carried)
    common, of_ours = autoregression(rng, 2, periods, world.carried)
    logs = 8.0 + rng.normal(0.0, 1.0, series)[:, None] + 0.1 * common
    logs = logs + rng.normal(0.0, 0.01, series)[:, None] * np.arange(periods)
    noise = np.where(
        ours[:, None],
        np.sqrt(1.0 - world.shared) * own + np.sqrt(world.shared) * of_ours,
        own,
    )
    effects = rng.normal(0.0, world.differ, series) + np.where(ours, np.log1p(world.change), 0.0)
    after = np.arange(periods) >= world.before
    found: Floats = logs + 0.1 * noise + effects[:, None] * after
    return found


def autoregression(rng: np.random.Generator, n: int, periods: int, carried: float) -> Floats:
    """Stationary first-order autoregressions of variance 1, shape (n, periods)."""
    drawn = rng.normal(size=(n, periods))
    for place in range(1, periods):
        drawn[:, place] = (
            carried * drawn[:, place - 1] + np.sqrt(1.0 - carried**2) * drawn[:, place]
        )
    return drawn


if __name__ == "__main__":
    main()
