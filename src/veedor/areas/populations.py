"""`Populations`: people of each area and year, with who says so, as denominators of rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.areas.spans import Spans
from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Populations:
    """People of areas by year.

    Parameters
    ----------
    codes : tuple of str
        Of areas.
    years : array of int, shape (years,), ascending
    values : array of float, shape (years, areas)
        NaN where nobody says; never 0.
    source, vintage : str
        Who says so, and of which publication (``"INDEC, 2013 projections"``).

    Raises
    ------
    DataError
        If shapes differ, or a population is not above 0.
    """

    codes: tuple[str, ...]
    years: Ints
    values: Floats
    source: str
    vintage: str

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.years), len(self.codes)) or bool(
            np.any(np.diff(self.years) <= 0)
        ):
            raise DataError(
                "Populations must be given by year, ascending, and area.",
                found=str(self.values.shape),
                where=self.source,
            )
        wrong = ~np.isnan(self.values) & ~((self.values > 0) & np.isfinite(self.values))
        if bool(wrong.any()):
            raise DataError(
                "A population must be above 0, or not said.",
                found=phrase("{wrong:,} that are not", wrong=int(wrong.sum())),
                where=self.source,
                remedy="leave it blank where it is not known",
            )

    def at(self, codes: tuple[str, ...], spans: Spans) -> Floats:
        """People of areas in the year of each span, shape (spans, areas).

        NaN for areas and years that nobody says; years are neither interpolated nor carried on.
        """
        column = {code: place for place, code in enumerate(self.codes)}
        row = {int(year): place for place, year in enumerate(self.years)}
        found = np.full((len(spans), len(codes)), np.nan)
        for place, code in enumerate(codes):
            if code in column:
                mine = self.values[:, column[code]]
                found[:, place] = [
                    mine[row[int(year)]] if int(year) in row else np.nan for year in spans.years
                ]
        return found

    def person_years(self, codes: tuple[str, ...], spans: Spans) -> Floats:
        """People times the length of each span in years, shape (spans, areas)."""
        days = np.diff(spans.edges).astype(np.int64)
        years = np.ones(len(spans)) if spans.unit == "year" else days / _DAYS_A_YEAR
        return self.at(codes, spans) * years[:, None]
