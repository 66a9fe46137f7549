"""Counts of several readers that somebody published: how far they agree, and nothing else.

Without a plan it is not known which items were counted out of which: there is no frame, and so no
rate, total or interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np

from veedor.arrays import Bools, Floats
from veedor.audits.audit import NOTE, SERIOUS, Audit, AuditWarning, Statement, Subject, estimate
from veedor.audits.reading.agreeing import coefficients, shares_of_agreement
from veedor.errors import DataError, StudyError, phrase
from veedor.files.replacing import sha256
from veedor.statistics.agreement import NO_ANSWER, Ratings
from veedor.statistics.codes import Denominator, Method
from veedor.tables.rows import Rows, read_table

#: Columns of a table with a row for each count; the first names an item in a wide one too.
ITEM, READER, COUNT = "item", "reader", "count"
#: People who count one item: more are another kind of file.
_MOST_READERS = 50


@dataclass(frozen=True, eq=False)
class PublishedCounts:
    """Counts by item; whose they are is not kept.

    Parameters
    ----------
    items : tuple of str
    judged : array, shape (items, most counts of an item)
        NaN beyond an item's counts, and for who gave none.
    """

    items: tuple[str, ...]
    judged: Floats


class Split(msgspec.Struct, frozen=True):
    """How many items split their readers so.

    Parameters
    ----------
    alike : tuple of int
        How many readers gave each count, most first: 2 and 1 of three, of whom two count alike.
    items : int
    """

    alike: tuple[int, ...]
    items: int


class CountsAgreement(Audit, frozen=True, kw_only=True, tag="published-counts"):
    """How far readers agree on counts that stand in a file.

    Parameters
    ----------
    file, sha256 : str
        The file, and its hash.
    items : int
        Of the file.
    compared : int
        Of which there are two counts or more: those that figures are of.
    fewest, most : int
        Counts that such an item has.
    splits : tuple of Split
        Most frequent first.
    """

    newest_schema: ClassVar[int] = 1

    file: str
    sha256: str
    items: int
    compared: int
    fewest: int
    most: int
    splits: tuple[Split, ...]


def read_counts(path: Path, readers: Sequence[str] = (), item: str = ITEM) -> PublishedCounts:
    """Read a table of counts: a row an item and a column a reader, or a row a count.

    Parameters
    ----------
    path : Path
        An empty count is of a reader who gave none.
    readers : sequence of str
        Columns of readers. Without them it is a row a count, where there are ``reader`` and
        ``count``; else each column but that of the item is a reader's.
    item : str
        Column that names an item.

    Raises
    ------
    DataError
        If a column is lacking, a count is no whole number from 0, or one stands there twice.
    StudyError
        If no item has two counts.
    PersonalDataRefusal
        If readers or items are named as persons are.
    """
    rows = read_table(path, (item, *readers))
    if not readers and READER in rows and COUNT in rows:
        names, judged = _long(rows, item)
    else:
        names, judged = _wide(rows, item, readers)
    if not (np.sum(~np.isnan(judged), axis=1) >= 2).any():
        raise StudyError(
            "Two people or more must have counted the same item.",
            found=phrase("no item with two counts"),
            where=rows.name,
            remedy="give a column for each reader (--reader), or rows of item,reader,count",
        )
    return PublishedCounts(names, judged)


def _wide(rows: Rows, item: str, readers: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    named = readers or [one for one in rows.columns if one.strip().lower() != item.strip().lower()]
    if len(set(named)) < 2 or len(set(named)) < len(named) or len(named) > _MOST_READERS:
        raise StudyError(
            phrase(
                "There must be a column for each reader, of 2 readers to {most}.",
                most=_MOST_READERS,
            ),
            found=phrase("{n} columns", n=len(set(named))),
            where=rows.name,
            remedy="name them with --reader, once for each",
        )
    names = rows.text(item)
    _require_once(rows, np.asarray(names), item, phrase("Every item must be there once."))
    return tuple(map(str, names)), np.column_stack([_counts(rows, one) for one in named])


def _long(rows: Rows, item: str) -> tuple[tuple[str, ...], Floats]:
    (names, of), (_, by), counts = rows.coded(item), rows.coded(READER), _counts(rows, COUNT)
    _require_once(
        rows, of * (by.max(initial=0) + 1) + by, READER,
        phrase("A reader must have counted an item once."),
    )  # fmt: skip
    order = np.argsort(of, kind="stable")
    many = np.bincount(of, minlength=len(names))
    if many.max(initial=0) > _MOST_READERS:
        raise DataError(
            phrase("An item must have at most {most} counts.", most=_MOST_READERS),
            found=phrase("{n} counts of one item", n=int(many.max())), where=rows.name,
        )  # fmt: skip
    place = np.arange(len(of)) - np.repeat(np.cumsum(many) - many, many)
    judged = np.full((len(names), int(many.max(initial=0))), np.nan)
    judged[of[order], place] = counts[order]
    return tuple(map(str, names)), judged


def _require_once(rows: Rows, keys: np.ndarray, column: str, must: str) -> None:
    _, first = np.unique(keys, return_index=True)
    again: Bools = np.ones(len(keys), dtype=bool)
    again[first] = False
    if again.any():
        raise rows.fault(must, again, column)


def _counts(rows: Rows, column: str) -> Floats:
    counts = rows.numbers(column, empty=np.nan, whole=True)
    wrong = (counts < 0) | (counts != np.floor(counts))
    wrong &= ~np.isnan(counts)
    if wrong.any():
        raise rows.fault(phrase("Counts must be whole numbers from 0."), wrong, column)
    return counts


def agreement_of(counts: PublishedCounts, path: Path, level: float = 0.95) -> CountsAgreement:
    """Tell how far readers agree on the items of a file, as they stand there.

    Items of which there are fewer than two counts are in no figure.

    Parameters
    ----------
    counts : PublishedCounts
    path : Path
        Their file.
    level : float
        Of intervals, of which there are none.
    """
    many = np.sum(~np.isnan(counts.judged), axis=1)
    judged = counts.judged[many >= 2]
    compared, whole = len(judged), Subject("all")
    of = Denominator("items_counted_twice", {"items": len(many)})
    none = Method("none_frame_unknown")
    made = []
    for kind, are in shares_of_agreement(judged).items():
        found = int(are.sum())
        told = estimate(found / compared, None, none, compared, of, level)
        made.append(Statement(whole, f"{kind}_share", told, float(found), float(compared)))
    values, codes = np.unique(judged, return_inverse=True)
    values = values[~np.isnan(values)]
    codes = codes.reshape(judged.shape)
    codes = np.sort(np.where(np.isnan(judged), NO_ANSWER, codes), axis=1)  # whose is no matter
    patterns, weights = np.unique(codes, axis=0, return_counts=True)
    ratings = Ratings(patterns, weights.astype(np.float64), max(len(values), 2))
    for name, figure in coefficients(judged.shape[1], True, values).items():
        told = estimate(float(figure(ratings)), None, none, compared, of, level)
        made.append(Statement(whole, name, told))
    splits = Counter(_split(row) for row in judged)
    left_out = len(many) - compared
    warnings = [AuditWarning("frame_not_known", {}, SERIOUS)]
    if left_out:
        warnings.append(AuditWarning("items_counted_once", {"n": left_out}, NOTE))
    return CountsAgreement(
        schema_version=CountsAgreement.newest_schema,
        statements=tuple(made),
        warnings=tuple(warnings),
        file=path.name,
        sha256=sha256(path),
        items=len(many),
        compared=compared,
        fewest=int(many[many >= 2].min()),
        most=int(many.max()),
        splits=tuple(
            Split(alike, n)
            for alike, n in sorted(splits.items(), key=lambda one: (-one[1], -one[0][0], one[0]))
        ),
    )


def _split(row: Floats) -> tuple[int, ...]:
    """How many readers gave each count of an item, most first.

    >>> _split(np.array([3.0, 2.0, 3.0, np.nan]))
    (2, 1)
    """
    counted = Counter(row[~np.isnan(row)].tolist())
    return tuple(sorted(counted.values(), reverse=True))
