"""Readings that are counts: median of the readers at each place, and how far they agree on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.audits.audit import Statement, Subject, estimate
from veedor.audits.reading.agreeing import shares_of_agreement
from veedor.audits.reading.design import PlannedStratum
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.stratified import stratified_mean, stratified_share
from veedor.tables.csv_file import write_rows

#: Columns of ``items.csv``.
COLUMNS = ("key", "readers", "least", "median", "most", "agreement")
#: Which of the readers' counts a total is of.
LEAST, MEDIAN, MOST = "least", "median", "most"


def of_readers(judged: Floats) -> dict[str, Floats]:
    """Least, median and most of the readers' counts; NaN where nobody could tell.

    Examples
    --------
    >>> {name: one.tolist() for name, one in of_readers(np.array([[2.0, 5.0, 3.0]])).items()}
    {'least': [2.0], 'median': [3.0], 'most': [5.0]}
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of rows that nobody could tell
        return {
            LEAST: np.nanmin(judged, axis=1),
            MEDIAN: np.nanmedian(judged, axis=1),
            MOST: np.nanmax(judged, axis=1),
        }


def statements(
    judged: Floats, strata: Sequence[PlannedStratum], stratum: Ints, name: str, level: float
) -> list[Statement]:
    """State totals and means of a frame, and on how many rows readers agree.

    Rows that nobody could tell are left out of means; the share of them is told.
    """
    rows = np.array([one.rows for one in strata])
    drawn = np.array([one.drawn for one in strata])
    whole, of = int(rows.sum()), Denominator("rows_drawn", {"rows": int(rows.sum())})
    made: list[Statement] = []
    for which, values in of_readers(judged).items():
        mean, variance, known = _by_stratum(values, stratum, len(strata))
        if (known == 0).any():
            continue
        value, low, high = stratified_mean(rows, known, mean, variance, level)
        if ((known == 1) & (rows > 1)).any():  # one row alone shows no spread
            low = high = np.nan
        census = bool((drawn == rows).all()) and bool((known == drawn).all())
        method = Method("none_counted") if census else Method("student_t_of_strata")
        ends = None if census or np.isnan(low) else (max(low, 0.0), high)
        if not census and np.isnan(low):
            method = Method("none_few_rows", {"rows": int(known.sum())})
        elif not census and low == high:  # none found in some rows are not none in all
            ends, method = None, Method("none_counts_alike")
        subject, n = Subject("all", which, name), int(known.sum())
        scaled = None if ends is None else (whole * ends[0], whole * ends[1])
        made += [
            Statement(subject, "mean_count", estimate(value, ends, method, n, of, level)),
            Statement(
                subject, "total_count", estimate(whole * value, scaled, method, n, of, level)
            ),
        ]
    shares = {f"{kind}_share": are for kind, are in shares_of_agreement(judged).items()} | {
        "cannot_tell_share": np.isnan(judged).all(axis=1)
    }
    for statistic, are in shares.items():
        found = np.bincount(stratum[are], minlength=len(strata))
        share = stratified_share(rows, drawn, found, level)
        census = bool((drawn == rows).all())
        ends = None if census else (share.low, share.high)
        method = Method("korn_graubard", {"strata": len(strata)})
        told = estimate(
            share.value, ends, Method("none_counted") if census else method, len(judged), of, level
        )
        subject = Subject("all", subset=name)
        made.append(Statement(subject, statistic, told, float(found.sum()), float(len(judged))))
    return made


def _by_stratum(values: Floats, stratum: Ints, strata: int) -> tuple[Floats, Floats, Ints]:
    known = ~np.isnan(values)
    at, held = stratum[known], values[known]
    many = np.bincount(at, minlength=strata)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(at, weights=held, minlength=strata) / many
        squares = np.bincount(at, weights=(held - mean[at]) ** 2, minlength=strata)
        variance = np.where(many > 1, squares / np.maximum(many - 1, 1), 0.0)
    return mean, variance, many


def write_items(keys: Sequence[str], judged: Floats, path: Path) -> None:
    """Write what readers counted at each place: ``items.csv``, for audits that take counts.

    A row a place: how many readers could tell, their least, median and most, and whether all of
    them (``unanimous``), most (``majority``) or no two most (``none``) gave one count.

    Parameters
    ----------
    keys : sequence of str
        Of the places.
    judged : array, shape (places, readers)
        Counts; NaN for who cannot tell.
    path : Path
    """
    write_rows(COLUMNS, _rows(keys, judged), path)


def _rows(keys: Sequence[str], judged: Floats) -> Iterator[tuple[object, ...]]:
    counts, kinds = of_readers(judged), shares_of_agreement(judged)
    for n, key in enumerate(keys):
        agreed = next((kind for kind, are in kinds.items() if are[n]), "")
        given = int(np.sum(~np.isnan(judged[n])))
        yield (key, given, *(_plain(counts[one][n]) for one in (LEAST, MEDIAN, MOST)), agreed)


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)
