"""The change beside changes where there can be none, and without each thing that it may rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from veedor.arrays import Bools
from veedor.audits.behaviour.comparison import Comparer, Comparison
from veedor.audits.behaviour.design import FEWEST_POINTS
from veedor.audits.behaviour.results import LeftKind, LeftOut, Placebo, Placebos

#: Error that is accepted of the test of no change at the event.
SIZE = 0.05
#: Placebos by which alone a change can be as rare as 1 in 20.
ENOUGH_PLACEBOS = 19
#: How many of the last periods are left out, one after another.
LAST = (1, 2, 3)
_FEWEST_CONTROLS = 3


def in_time(comparer: Comparer, found: Comparison, ours: Bools, theirs: Bools) -> Placebos:
    """Put the event where nothing happened: in every period before it that leaves 8 on each side.

    Parameters
    ----------
    comparer : Comparer
    found : Comparison
        At the event itself.
    ours, theirs : array of bool, shape (series,)
    """
    timing = comparer.timing
    early = np.flatnonzero(~timing.used | timing.after)
    # The season is that of the event itself, though fewer than two years lie before a fake one.
    asked = msgspec.structs.replace(comparer.question, harmonics=timing.pairs(comparer.question))
    made = []
    for event in range(FEWEST_POINTS, timing.event - timing.anticipation - FEWEST_POINTS + 1):
        fake = Comparer(comparer.panel, replace(timing, event=event), asked)
        one = fake.compare(ours, theirs, without=early)
        if one is not None:
            made.append(Placebo(timing.spans.labels[event], one.studentised))
    return _ranked(found, made)


def in_space(comparer: Comparer, found: Comparison, theirs: Bools) -> Placebos:
    """Take each control as if it were sensitive, beside the other controls; from three on.

    Parameters
    ----------
    comparer : Comparer
    found : Comparison
    theirs : array of bool, shape (series,)
        The controls.
    """
    controls = np.flatnonzero(theirs)
    made = []
    if len(controls) >= _FEWEST_CONTROLS:
        for place in controls.tolist():
            alone = np.arange(len(theirs)) == place
            one = comparer.compare(alone, theirs & ~alone)
            if one is not None:
                made.append(Placebo(str(comparer.panel.series[place]), one.studentised))
    return _ranked(found, made)


def _ranked(found: Comparison, made: Sequence[Placebo]) -> Placebos:
    size = found.studentised
    larger = sum(one.studentised >= size for one in made)
    return Placebos(size, tuple(made), (1 + larger) / (1 + len(made)) if made else None)


def left_out(comparer: Comparer, ours: Bools, theirs: Bools) -> Iterator[LeftOut]:
    """Leave out one series, one period, and the last one, two and three.

    Parameters
    ----------
    comparer : Comparer
    ours, theirs : array of bool, shape (series,)
    """
    number = np.arange(len(ours))
    for group, other, swapped in ((ours, theirs, False), (theirs, ours, True)):
        if group.sum() > 1:
            for place in np.flatnonzero(group).tolist():
                rest = group & (number != place)
                pair = (other, rest) if swapped else (rest, other)
                yield from _one(
                    "series", str(comparer.panel.series[place]), comparer.compare(*pair)
                )
    periods = np.flatnonzero(comparer.timing.used)
    for place in periods.tolist():
        one = comparer.compare(ours, theirs, without=np.array([place]))
        yield from _one("period", comparer.timing.spans.labels[place], one)
    for many in LAST:
        one = comparer.compare(ours, theirs, without=periods[-many:])
        yield from _one("last", str(many), one)


def _one(kind: LeftKind, name: str, found: Comparison | None) -> Iterator[LeftOut]:
    if found is not None:
        yield LeftOut(kind, name, float(np.exp(found.level.mean)), found.p_value)
