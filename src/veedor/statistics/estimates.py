"""`Estimate` and `TestResult`: numbers that never go without what they are out of."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from veedor.statistics.codes import Denominator, Hypothesis, Method


class Estimate(msgspec.Struct, frozen=True):
    """A value with its interval.

    Parameters
    ----------
    value : float or None
        None where undefined: 0/0 is not 0.
    low, high : float or None
        None where the data are too few for an interval.
    level : float
        Of the interval, in (0, 1).
    method : Method
        Of the interval.
    n : int
        Size of the denominator.
    denominator : Denominator
        What was counted for it.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    method: Method
    n: int
    denominator: Denominator


class TestResult(msgspec.Struct, frozen=True):
    """What a test found.

    Parameters
    ----------
    test : Hypothesis
        What was tested, and how.
    statistic : float or None
        None where undefined.
    p_value : float or None
        In [0, 1]; Monte Carlo: (M + 1) / (R + 1). None where undefined.
    n : int
        Number of what was tested.
    unit : Denominator
        What was counted for `n`.
    seed : int or None
        Of the simulation; None where there was none.
    source : str
        The paper, with its DOI.
    """

    __test__: ClassVar[bool] = False  # its name is no name of a test for pytest

    test: Hypothesis
    statistic: float | None
    p_value: float | None
    n: int
    unit: Denominator
    seed: int | None
    source: str
