"""Made-up panels: what sensitive series, controls and negative controls did by month."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from veedor.areas.spans import Spans
from veedor.audits.behaviour import Panel, Question

Make = Callable[..., Panel]


@pytest.fixture
def panel() -> Make:
    """Make a panel of months from January 2012; the event is that of `question`."""

    def make(
        sensitive: int = 3,
        controls: int = 4,
        negative: int = 0,
        before: int = 17,
        after: int = 13,
        change: float = 0.0,
        negative_change: float = 0.0,
        noise: float = 0.05,
        size: float = 2_000.0,
        seed: int = 3,
    ) -> Panel:
        rng = np.random.default_rng(seed)
        series, periods = sensitive + controls + negative, before + after
        roles = ["sensitive"] * sensitive + ["control"] * controls
        roles += ["negative_control"] * negative
        logs = np.log(size) + 0.1 * rng.normal(size=(series, 1)) + 0.1 * rng.normal(size=periods)
        logs = logs + noise * rng.normal(size=(series, periods))
        logs[:sensitive, before:] += np.log1p(change)
        logs[sensitive + controls :, before:] += np.log1p(negative_change)
        return Panel(
            "made.csv",
            Spans("month", np.datetime64("2012-01-01"), periods),
            np.array([f"topic {number:02}" for number in range(series)]),
            np.array(roles),
            np.round(np.exp(logs)),
            np.ones(logs.shape),
            np.zeros(logs.shape),
        )

    return make


@pytest.fixture
def question() -> Question:
    return Question(event="2013-06", because="a programme of surveillance became known")
