"""Recorded counts of places by category, with what the audit needs to know of each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from veedor.arrays import Bools, Floats, Texts
from veedor.errors import DataError, phrase
from veedor.tables.escape import shown
from veedor.tables.names import folded
from veedor.tables.rows import Rows, read_table, slots


@dataclass(frozen=True, eq=False)
class PlaceCounts:
    """What was recorded, or forecast to be recorded, at each place.

    Parameters
    ----------
    place : array of str, shape (places,)
        Unique.
    categories : tuple of str
    counts : array, shape (places, categories)
        At least 0 and finite.
    flagged : array of bool, shape (places,), or None
        Whether the audited system flags the place; None where the audit is to flag the top.
    facts : Rows or None
        One row a place in the same order: stratum, area, population, groups.
    source : str
        In words.

    Raises
    ------
    DataError
        If a place is given twice or a count is negative.
    """

    place: Texts
    categories: tuple[str, ...]
    counts: Floats
    flagged: Bools | None
    facts: Rows | None
    source: str

    def __post_init__(self) -> None:
        if len(np.unique(self.place)) != len(self.place):
            raise DataError(
                "Places must be unique.", found=phrase("one given twice"), where=self.source
            )
        wrong = ~(np.isfinite(self.counts) & (self.counts >= 0.0))
        if bool(wrong.any()):
            rows = np.flatnonzero(wrong.any(axis=1))[:5]
            raise DataError(
                "Counts must be finite and at least 0.",
                found=phrase("{wrong} that are not", wrong=int(wrong.sum())),
                where=phrase(
                    "{source}, places {rows}",
                    source=self.source,
                    rows=", ".join(shown(str(self.place[row])) for row in rows),
                ),
            )

    def __len__(self) -> int:
        return len(self.place)

    def fact(self, column: str) -> Texts:
        """Return what is known of each place under a name, as text."""
        return self._facts(column).text(column)

    def fact_numbers(self, column: str) -> Floats:
        """Return what is known of each place under a name, as numbers of at least 0."""
        sheet = self._facts(column)
        values = sheet.numbers(column)
        if bool(np.any(values < 0.0)):
            raise sheet.fault(
                phrase("{column} must be at least 0.", column=column), values < 0.0, column
            )
        return values

    def _facts(self, column: str) -> Rows:
        if self.facts is None:
            raise DataError(
                phrase("The places must have the column {column}.", column=column),
                found=phrase("no table of places"),
                where=self.source,
                remedy="add it to the counts, or give a table of places with --places",
            )
        return self.facts

    def joined(self, facts: Rows) -> PlaceCounts:
        """Return the same counts with the facts of another table, matched by place.

        Raises
        ------
        DataError
            If a place is missing there or given twice.
        """
        key = facts.text(_place_column(facts))
        order = np.argsort(key, kind="stable")
        doubled = key[order][1:] == key[order][:-1]
        if bool(doubled.any()):
            raise DataError(
                "A table of places must have one row for each place.",
                found=phrase("two rows for {key}", key=shown(str(key[order][1:][doubled][0]))),
                where=facts.name,
            )
        at = np.minimum(np.searchsorted(key[order], self.place), len(key) - 1)
        missing = key[order][at] != self.place
        if bool(missing.any()):
            lost = ", ".join(shown(str(name)) for name in self.place[missing][:5])
            raise DataError(
                "A table of places must have every place.",
                found=phrase("none of {missing}: {lost}", missing=int(missing.sum()), lost=lost),
                where=facts.name,
            )
        rows = order[at]
        chosen = facts.chosen(rows)
        flagged = chosen.flags("flagged") if "flagged" in chosen else self.flagged
        return replace(self, facts=chosen, flagged=flagged)

    def of_categories(self, categories: Sequence[str]) -> PlaceCounts:
        """Return the counts of these categories, in this order.

        Raises
        ------
        DataError
            If a category that was recorded has no reporting rate.
        """
        lost = [name for name in self.categories if name not in categories]
        if lost:
            raise DataError(
                "Every category must have a reporting rate.",
                found=phrase("none for {lost}", lost=", ".join(shown(name) for name in lost[:5])),
                where=self.source,
                remedy=phrase(
                    "the rates are for {categories}; write the categories of the counts in their "
                    "column category",
                    categories=", ".join(
                        shown(c) if c else "(no name)" for c in list(categories)[:8]
                    ),
                ),
            )
        place = {name: column for column, name in enumerate(self.categories)}
        kept = [name for name in categories if name in place]
        columns = [place[name] for name in kept]
        return replace(self, categories=tuple(kept), counts=self.counts[:, columns])


def read_counts(path: Path, *, category: str = "all") -> PlaceCounts:
    """Read ``place, count`` and, if given, ``category, flagged`` and facts of the places.

    Parameters
    ----------
    path : Path
        CSV; one row for each place and category. A place may also be called ``cell_id``. Other
        columns are facts of the place and must be the same in all its rows.
    category : str
        Name of the category where the file has none.

    Raises
    ------
    DataError
        If a place and category is given twice, or a place has two different facts.
    """
    sheet = read_table(path, ("count",))
    names, row = sheet.coded(_place_column(sheet))
    first = np.unique(row, return_index=True)[1]
    categories, column = (
        sheet.coded("category")
        if "category" in sheet
        else (np.array([category]), np.zeros(len(sheet), dtype=np.int64))
    )
    axes = {"place": (names, row), "category": (categories, column)}
    slot = slots(axes, path.name, complete=False)
    shape = (len(names), len(categories))
    counts = np.bincount(slot, sheet.numbers("count"), minlength=shape[0] * shape[1])
    for name in sheet.columns:
        if folded(name) not in ("count", "category"):
            text = sheet.text(name)
            differs = text != text[first][row]
            if bool(differs.any()):
                raise sheet.fault(
                    phrase("{name} must be the same in all rows of a place.", name=name),
                    differs,
                    name,
                )
    chosen = sheet.chosen(first)
    return PlaceCounts(
        place=names,
        categories=tuple(categories.tolist()),
        counts=counts.astype(np.float64).reshape(shape),
        flagged=chosen.flags("flagged") if "flagged" in chosen else None,
        facts=chosen,
        source=path.name,
    )


def read_forecast_counts(path: Path) -> PlaceCounts:
    """Read a forecast file: the counts are its means, summed over its periods.

    Parameters
    ----------
    path : Path
        A table with ``category, cell_id, mean`` and a row for each period.

    Raises
    ------
    DataError
        If it is no such file.
    """
    rows = read_table(path, ("category", "cell_id", "mean"))
    categories, column = rows.coded("category")
    places, row = rows.coded("cell_id")
    if "" in (categories[0], places[0]):
        raise DataError(
            "A forecast file must give a category and a cell in every row.",
            found=phrase("rows without"),
            where=path.name,
        )
    shape = (len(places), len(categories))
    mean = rows.numbers("mean", usual=".")
    counts = np.bincount(row * shape[1] + column, mean, minlength=shape[0] * shape[1])
    return PlaceCounts(
        places,
        tuple(categories.tolist()),
        counts.astype(np.float64).reshape(shape),
        None,
        None,
        path.name,
    )


def _place_column(sheet: Rows) -> str:
    return "cell_id" if "cell_id" in sheet and "place" not in sheet else "place"
