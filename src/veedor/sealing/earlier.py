"""Scorings as they were written before results held codes, read in the form of today.

They are signed, so their bytes stay as they are. Their words were few and exact, and each is a
code now: a scoring that says anything else, or anything more, is none of theirs.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import structs

from veedor.sealing.scores import PromisedCapture, PromisedGain, PromiseScores
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.verification import GainByPeriod

_DRAWN = r"expanded percentile bootstrap of (?P<blocks>\d{1,9}) blocks \(weeks, or longer periods\)"
_METHODS = {
    "none_no_denominator": "none: the denominator is 0",
    "none_few_blocks": r"none: (?P<blocks>\d{1,9}) blocks \(weeks, or longer periods\) are too few",
    "expanded_percentile": _DRAWN,
    "expanded_percentile_or_chance": f"the wider, at each end, of: {_DRAWN}; chance, if the "
    r"reference \(low\) or the forecast \(high\) were right",
}
_DENOMINATORS = {
    "incidents_in_cells": "incidents recorded in the cells",
    "cells_by_periods": r"cells x periods: (?P<cells>[\d,]{1,15}) x (?P<periods>[\d,]{1,15})",
}


class _Estimate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    n: int
    denominator: str

    def estimate(self) -> Estimate:
        return Estimate(
            self.value,
            self.low,
            self.high,
            self.level,
            Method(*_coded(self.method, _METHODS)),
            self.n,
            Denominator(*_coded(self.denominator, _DENOMINATORS)),
        )


class _ByPeriod(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    gain: tuple[float, ...]
    incidents: tuple[int, ...]
    variance_if_reference: tuple[float, ...]
    variance_if_forecast: tuple[float, ...]


class _Gain(_Estimate, frozen=True, kw_only=True, forbid_unknown_fields=True):
    by_period: _ByPeriod

    def promised(self) -> PromisedGain:
        told = structs.asdict(self.by_period)
        incidents = told.pop("incidents")
        each = [
            gain / many if many else None
            for gain, many in zip(self.by_period.gain, incidents, strict=True)
        ]
        by_period = GainByPeriod(per_incident=tuple(each), **told)
        return PromisedGain(gain=self.estimate(), by_period=by_period, incidents=incidents)


class _Capture(_Estimate, frozen=True, kw_only=True, forbid_unknown_fields=True):
    area_fraction: float


class _Scores(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    incidents: int
    scores: dict[str, _Estimate]
    information_gain: _Gain | None
    capture_rate: tuple[_Capture, ...] | None


def scores_of_before(results: Any) -> PromiseScores:
    """Read the results of a scoring in the form that they had before.

    Parameters
    ----------
    results : object
        As JSON holds them.

    Raises
    ------
    msgspec.ValidationError, ValueError
        If they are of another form, or say in words what those builds never said.
    """
    read = msgspec.convert(results, _Scores)
    gain = read.information_gain
    return PromiseScores(
        incidents=read.incidents,
        scores={name: one.estimate() for name, one in read.scores.items()},
        information_gain=None if gain is None else gain.promised(),
        capture_rate=tuple(
            PromisedCapture(area_fraction=one.area_fraction, capture_rate=one.estimate())
            for one in read.capture_rate or ()
        ),
    )


def _coded(words: str, known: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Return the code of exact words, and the whole numbers in them."""
    for code, pattern in known.items():
        if found := re.fullmatch(pattern, words, re.ASCII):
            counts = found.groupdict().items()
            return code, {name: int(text.replace(",", "")) for name, text in counts}
    raise ValueError("words that no scoring held")
