"""Reporting rates, as intervals: what share of the incidents of a category is ever recorded."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.statistics import normal_quantile
from veedor.tables.escape import shown
from veedor.tables.rows import Rows, read_table, slots

#: Stratum of the rates that hold wherever no other rate is given.
ELSEWHERE = ""

_TEXTS = (
    "survey", "area", "reference_period", "category", "measure", "agency", "publication", "table",
    "url", "note",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ReportingRates:
    """Share of the incidents that is recorded, by stratum and category, each an interval.

    Parameters
    ----------
    categories : tuple of str
    strata : tuple of str
        Zones or groups of places that share their rates; `ELSEWHERE` for all that are not named.
    low, high : array in (0, 1], shape (strata, categories)
        Admissible rates, ends included.
    rate, standard_error : array, shape (strata, categories)
        A survey's estimate; NaN where none is given.
    by : str
        The column of the places that names their stratum; empty if rates hold everywhere.
    level : float or None
        Of the intervals; None where they were given as bounds.
    source : str
        In words.

    Raises
    ------
    DataError
        If an interval is not within (0, 1] or its ends are crossed.
    """

    categories: tuple[str, ...]
    strata: tuple[str, ...]
    low: Floats
    high: Floats
    rate: Floats
    standard_error: Floats
    by: str
    level: float | None
    source: str

    def __post_init__(self) -> None:
        wrong = ~((self.low > 0.0) & (self.low <= self.high) & (self.high <= 1.0))
        if bool(wrong.any()):
            stratum, category = np.argwhere(wrong)[0]
            raise DataError(
                "A reporting rate must be an interval of shares: 0 < low <= high <= 1.",
                found=phrase(
                    "{low:g} to {high:g}",
                    low=self.low[stratum, category],
                    high=self.high[stratum, category],
                ),
                where=phrase(
                    "{source}, category {categories}",
                    source=self.source,
                    categories=shown(self.categories[category]),
                ),
                remedy="give shares, not percentages; a rate of 0 would allow any true count",
            )

    def stratum_of(self, labels: npt.NDArray[np.str_]) -> Ints:
        """Row of the rates of each place, by its label, shape (places,).

        Raises
        ------
        DataError
            If a label has no rates and there are none for elsewhere.
        """
        known = {name: row for row, name in enumerate(self.strata)}
        names, place = np.unique(labels, return_inverse=True)
        rows = [known.get(str(name), known.get(ELSEWHERE, -1)) for name in names]
        missing = [shown(str(name)) for name, row in zip(names, rows, strict=True) if row < 0]
        if missing:
            raise DataError(
                phrase("Every {by} must have reporting rates.", by=self.by or phrase("place")),
                found=phrase(
                    "none for {n}: {missing}",
                    n=len(missing),
                    missing=", ".join(missing[:5]),
                ),
                where=self.source,
                remedy=phrase(
                    "add rows for them, or rows whose {by} is empty, which hold for all that are "
                    "not named",
                    by=self.by or phrase("stratum"),
                ),
            )
        found: Ints = np.array(rows, dtype=np.int64)[place]
        return found


def read_rates(path: Path, *, by: str = "", level: float = 0.95) -> ReportingRates:
    """Read ``category, low, high`` or ``category, rate, standard_error``, and a column of strata.

    Parameters
    ----------
    path : Path
    by : str, optional
        Name of the column of strata, such as ``zone`` or ``group``. An empty field in it holds for
        all places that no other row names; all of those share one rate.
    level : float
        Of the intervals that are made from standard errors: rate plus and minus the normal
        quantile times the standard error, kept within (0, 1].

    Raises
    ------
    DataError
        If a stratum and category is given twice or missing, or a rate is no share.
    """
    sheet = read_table(path, ("category", *((by,) if by else ())))
    return rates_of(sheet, by=by, level=level, source=path.name)


def rates_of(sheet: Rows, *, by: str, level: float, source: str) -> ReportingRates:
    """Make rates of the columns of a sheet; see `read_rates`."""
    empty = np.full(len(sheet), np.nan)
    given = {
        name: sheet.numbers(name, empty=np.nan) if name in sheet else empty
        for name in ("low", "high", "rate", "standard_error")
    }
    half = normal_quantile(level) * given["standard_error"]
    low = np.where(np.isnan(given["low"]), np.maximum(given["rate"] - half, 1e-6), given["low"])
    high = np.where(np.isnan(given["high"]), np.minimum(given["rate"] + half, 1.0), given["high"])
    lacking = np.isnan(low) | np.isnan(high)
    if bool(lacking.any()):
        raise sheet.fault(
            phrase("Each row must have low and high, or rate and standard_error."),
            lacking,
            "category",
        )
    categories, column = sheet.coded("category")
    nowhere = np.array([ELSEWHERE]), np.zeros(len(sheet), dtype=np.int64)
    strata, row = sheet.coded(by) if by else nowhere
    axes = {by or "stratum": (strata, row), "category": (categories, column)}
    slot = slots(axes, source, complete=True)
    order = np.argsort(slot)

    def shaped(values: Floats) -> Floats:
        return values[order].reshape(len(strata), len(categories))

    return ReportingRates(
        categories=tuple(categories.tolist()),
        strata=tuple(strata.tolist()),
        low=shaped(low),
        high=shaped(high),
        rate=shaped(given["rate"]),
        standard_error=shaped(given["standard_error"]),
        by=by,
        level=level if bool(np.isnan(given["low"]).all()) else None,
        source=source,
    )


@dataclass(frozen=True)
class PublishedRate:
    """A reporting rate that a victimisation survey published.

    Parameters
    ----------
    survey : str
        Short name with its year, as ``us-ncvs-2017``.
    area, reference_period, category : str
    measure : str
        What is counted as reported, in the survey's words.
    rate : float
        Share of the victimisations.
    standard_error : float or None
        Of the rate, where it was published and found.
    agency, publication, table, url, note : str
    """

    survey: str
    area: str
    reference_period: str
    category: str
    measure: str
    rate: float
    standard_error: float | None
    agency: str
    publication: str
    table: str
    url: str
    note: str


def published_rates() -> tuple[PublishedRate, ...]:
    """Return the published rates that ship with veedor, as facts with their sources.

    Examples
    --------
    >>> rates = {(r.survey, r.area, r.category): r for r in published_rates()}
    >>> found = rates["us-ncvs-2017", "United States", "Motor vehicle theft"]
    >>> found.rate, found.standard_error
    (0.79, 0.0315)
    """
    text = (
        resources.files("veedor.audits.places.reporting")
        .joinpath("published_rates.csv")
        .read_text(encoding="utf-8")
    )
    return tuple(
        PublishedRate(
            **{name: row[name] for name in _TEXTS},
            rate=float(row["rate"]),
            standard_error=float(row["standard_error"]) if row["standard_error"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def published_intervals(survey: str, area: str, *, level: float = 0.95) -> ReportingRates:
    """Make intervals of one survey's published rates for one area.

    Raises
    ------
    DataError
        If there is no such survey and area, or its standard errors are not published: an interval
        must then be given by hand.
    """
    rows = [r for r in published_rates() if (r.survey, r.area) == (survey, area)]
    whole = [r for r in rows if r.standard_error is not None]
    if not whole:
        known = sorted({f"{r.survey} ({r.area})" for r in published_rates() if r.standard_error})
        raise DataError(
            "A survey must have published rates with standard errors.",
            found=phrase(
                "{n} rates, none with a standard error, for {survey} ({area})",
                n=len(rows),
                survey=survey,
                area=area,
            ),
            remedy=phrase(
                "give intervals by hand, or use one of {known}", known=", ".join(known[:5])
            ),
        )
    table = pa.table({
        "category": [r.category for r in whole],
        "rate": [r.rate for r in whole],
        "standard_error": [r.standard_error for r in whole],
    })  # fmt: skip
    return rates_of(Rows.of(survey, table), by="", level=level, source=f"{survey} ({area})")
