"""The map's colour classes: few, named by their limits, the same in every period.

The sequential scale runs from light to dark in one blue, so it holds in grey print and for
colour-blind readers. The diverging one is purple and ochre; in print a hatch marks the side where
more was recorded.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np

from veedor.report.words import Words

SEQUENTIAL = ("#e9eff6", "#d0e0ee", "#b0cce2", "#84aed1", "#558dbb", "#2b689d", "#0c3c6e")
DIVERGING = ("#9a5a0b", "#d9963f", "#f4d3a2", "#eeeeee", "#cbc3e0", "#8c7db9", "#4a2c82")


class Scale(msgspec.Struct, frozen=True):
    """Classes of a map.

    Parameters
    ----------
    breaks : list of float
        Where a class ends and the next begins, ascending; one fewer than the classes.
    colours, labels : list of str
        Of each class.
    """

    breaks: list[float]
    colours: list[str]
    labels: list[str]

    def classes(self, values: Any) -> Any:
        """Class of each value: a value at a break belongs to the class above.

        >>> Scale([1.0], ["#fff", "#000"], ["0", "1 or more"]).classes([0.0, 1.0]).tolist()
        [0, 1]
        """
        return np.searchsorted(np.asarray(self.breaks), values, side="right")


def scale_of_means(means: list[Any], words: Words) -> Scale:
    """Classes of expected counts, the same for all forecasts."""
    breaks = mean_breaks(means)
    return Scale(breaks, sequential(breaks), labels(breaks, words))


def scale_of_counts(observed: Any, words: Words) -> Scale:
    """Classes of recorded counts."""
    breaks = count_breaks(observed)
    return Scale(breaks, sequential(breaks), labels(breaks, words, whole=True))


def scale_of_differences(observed: Any, means: list[Any], words: Words) -> Scale:
    """Classes of recorded less expected counts."""
    breaks = difference_breaks(observed, means)
    return Scale(breaks, diverging(breaks), labels(breaks, words, signed=True))


def nice(value: float) -> float:
    """Round to the nearest of 1, 2, 5 times a power of ten.

    >>> nice(0.0371), nice(7.2), nice(1.2)
    (0.05, 5.0, 1.0)
    """
    power = math.floor(math.log10(value))
    part = value / 10**power
    step = 1 if part < 1.5 else 2 if part < 3.5 else 5 if part < 7.5 else 10
    return float(f"{step * 10.0**power:.12g}")


def mean_breaks(means: list[Any]) -> list[float]:
    """Limits of the classes for expected counts: rounded quantiles over all forecasts.

    >>> mean_breaks([np.linspace(0.0, 1.0, 101)])
    [0.5, 1.0]
    """
    values = np.concatenate([np.ravel(m)[:: max(1, m.size // 40_000)] for m in means])
    values = values[values > 0]
    if values.size == 0:
        return []
    quantiles = np.quantile(values, (0.4, 0.65, 0.82, 0.92, 0.97, 0.99))
    return sorted({nice(float(q)) for q in quantiles})


def count_breaks(observed: Any) -> list[float]:
    """Limits of the classes for recorded counts: whole numbers, 0 apart.

    >>> count_breaks(np.array([[0, 1, 3]])), count_breaks(np.array([[0]]))
    ([1.0, 2.0, 3.0], [1.0])
    """
    top = int(np.max(observed, initial=0))
    ladder = (
        [1, 2, 3, 4, 5, 6]
        if top <= 6
        else [1, 2, 3, 5, 10, 20]
        if top <= 50
        else [1, 2, 5, 10, 50, 200]
    )
    return [float(step) for step in ladder if step <= max(top, 1)]


def difference_breaks(observed: Any, means: list[Any]) -> list[float]:
    """Limits of the classes for recorded less expected, the same on both sides of zero.

    >>> difference_breaks(np.array([[0, 1]]), [np.array([[0.1, 0.1]])])
    [-1.0, -0.5, -0.1, 0.1, 0.5, 1.0]
    """
    gaps = np.concatenate(
        [np.ravel(np.abs(observed - m))[:: max(1, m.size // 40_000)] for m in means]
    )
    top = float(np.max(gaps, initial=0.0))
    if top == 0:
        return [-1.0, -0.5, -0.1, 0.1, 0.5, 1.0]
    large = nice(max(float(np.quantile(gaps, 0.995)), top / 50))
    steps = sorted({nice(large / 10), nice(large / 2), large})
    return [-step for step in reversed(steps)] + steps


def sequential(breaks: list[float]) -> list[str]:
    """As many colours as there are classes, from light to dark.

    >>> sequential([1.0]) == [SEQUENTIAL[0], SEQUENTIAL[6]]
    True
    """
    if not breaks:
        return [SEQUENTIAL[0]]
    places = np.linspace(0, len(SEQUENTIAL) - 1, len(breaks) + 1).round().astype(int)
    return [SEQUENTIAL[place] for place in places]


def diverging(breaks: list[float]) -> list[str]:
    """Colours for classes that lie evenly about zero.

    >>> diverging([-1.0, 1.0]) == [DIVERGING[0], DIVERGING[3], DIVERGING[6]]
    True
    """
    places = np.linspace(0, len(DIVERGING) - 1, len(breaks) + 1).round().astype(int)
    return [DIVERGING[place] for place in places]


def labels(
    breaks: list[float], words: Words, *, signed: bool = False, whole: bool = False
) -> list[str]:
    """Name each class by its limits.

    >>> from veedor.report.words import words_in
    >>> labels([1.0, 2.0, 5.0], words_in("en"), whole=True)
    ['0', '1', '2 to 4', '5 or more']
    >>> labels([0.1, 0.5], words_in("en"))
    ['below 0.1', '0.1 to 0.5', '0.5 or more']
    """
    if not breaks:
        return ["0"]
    text = [
        ("+" if signed and limit > 0 else "") + words.number(int(limit) if whole else limit)
        for limit in breaks
    ]
    ends = [words.number(int(limit) - 1) for limit in breaks[1:]] if whole else text[1:]
    middle = [
        low if low == high else words.say("{low} to {high}", low=low, high=high)
        for low, high in zip(text, ends, strict=False)
    ]
    below = "0" if whole else words.say("below {limit}", limit=text[0])
    return [below, *middle, words.say("{limit} or more", limit=text[-1])]
