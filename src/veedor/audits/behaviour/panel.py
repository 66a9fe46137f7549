"""`Panel`: what people did, by period and series, with what is missing told from what is zero."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np

from veedor.areas.layouts.periods import first_days
from veedor.areas.spans import Spans
from veedor.arrays import Bools, Floats, Ints, Texts
from veedor.errors import DataError, phrase
from veedor.statistics.suppression import SMALL_COUNT
from veedor.tables.escape import shown
from veedor.tables.names import words
from veedor.tables.rows import Rows, read_table, slots

#: What a series is in the comparison: of what people may have turned from, of what they had no
#: reason to, and of what nothing should have moved.
Role: TypeAlias = Literal["sensitive", "control", "negative_control"]
ROLES: tuple[Role, ...] = get_args(Role)
#: A period with fewer of its days observed than this share is missing.
LEAST_OBSERVED = 0.5
#: What a column is called, where a file does not have our name for it.
_NAMES = {
    "date": ("date", "period", "month", "fecha", "periodo", "mes"),
    "series": ("series", "serie"),
    "role": ("role", "rol"),
    "value": ("value", "count", "valor", "cantidad"),
    "denominator": ("denominator", "denominador"),
}
_MISSING_DAYS = (
    "missing_days", "zero_days", "days_missing", "dias_faltantes", "dias_sin_datos", "dias_en_cero",
)  # fmt: skip
_SPANISH: dict[str, Role] = {
    "sensible": "sensitive", "testigo": "control", "control_negativo": "negative_control",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Panel:
    """Counts of several series over the same consecutive periods.

    Parameters
    ----------
    source : str
        Name of the file.
    spans : Spans
    series : array of str, shape (series,)
        Unique.
    roles : array of str, shape (series,)
        Of `ROLES`.
    values : array, shape (series, periods)
        At least 0; NaN where missing, which is never 0.
    denominators : array, shape (series, periods)
        Above 0 where there is a value: what it is out of, times the share of days observed.
    missing_days : array, shape (series, periods)
        Days of the period without a record; 0 where no column says.
    unused_days : str
        A column of the file that looks as if it held missing days, and was not named.

    Raises
    ------
    DataError
        If a value is negative or a denominator is not above 0.
    """

    source: str
    spans: Spans
    series: Texts
    roles: Texts
    values: Floats
    denominators: Floats
    missing_days: Floats
    unused_days: str = ""

    def __post_init__(self) -> None:
        known = np.isfinite(self.values)
        for name, wrong in (
            ("value", known & (self.values < 0.0)),
            ("denominator", known & ~(self.denominators > 0.0)),
        ):
            if bool(wrong.any()):
                row, period = (int(one[0]) for one in np.nonzero(wrong))
                raise DataError(
                    "Values must be at least 0, and their denominators above 0.",
                    found=phrase(
                        "{many} of the column {name} that are not, first of {series} in {period}",
                        many=int(wrong.sum()), name=name, series=shown(str(self.series[row])),
                        period=self.spans.labels[period],
                    ),
                    where=self.source,
                )  # fmt: skip

    def of_role(self, role: Role) -> Bools:
        """Which series have a role."""
        return np.asarray(self.roles == role)

    def keeping(self, series: Bools) -> Panel:
        """Return some of the series."""
        return replace(
            self, series=self.series[series], roles=self.roles[series], values=self.values[series],
            denominators=self.denominators[series], missing_days=self.missing_days[series],
        )  # fmt: skip

    def without(self, cells: Bools) -> Panel:
        """Return the same with some cells missing, shape (series, periods)."""
        return replace(self, values=np.where(cells, np.nan, self.values))

    @property
    def logs(self) -> Floats:
        """Logarithms of values by their denominators, NaN where missing, shape (series, periods).

        -inf where a value is 0: such series are set aside before.
        """
        with np.errstate(divide="ignore"):
            found: Floats = np.log(self.values) - np.log(self.denominators)
        return found

    def small(self, periods: Bools) -> Bools:
        """Which series have a count below 10 in one of some periods."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.values[:, periods] < SMALL_COUNT).any(axis=1))


def read_panel(path: Path, *, missing_days: str | None = None) -> Panel:
    """Read a long table: a row for each series and period.

    Parameters
    ----------
    path : Path
        With ``date, series, role, value`` and, if the values are out of something, ``denominator``;
        the same in Spanish is known too (``fecha, serie, rol, valor, denominador``). An empty value
        is missing. Periods without a row are missing.
    missing_days : str, optional
        Column of how many days of the period no record was kept: the value is out of the others,
        and missing where they are fewer than half.

    Raises
    ------
    DataError
        If a column lacks, a role is unknown or changes within a series, a series has two rows of
        one period, or a value or a date cannot be.
    PersonalDataRefusal
        If a series is called as a person, or by an identifier of one.
    """
    rows = read_table(path)
    header = {name: _found(rows, name) for name in _NAMES}
    for name in ("date", "series", "role", "value"):
        rows.source.need(*_NAMES[name], role=name)
    spans, period = _spans(rows, str(header["date"]))
    names, row = rows.coded(str(header["series"]))
    at = slots(
        {
            "series": (names, row),
            "period": (np.array(spans.labels), period),
        },
        rows.name,
        complete=False,
    )
    shape = (len(names), len(spans))

    def laid(values: Floats, empty: float) -> Floats:
        table = np.full(shape[0] * shape[1], empty)
        table[at] = values
        return table.reshape(shape)

    values = laid(rows.numbers(str(header["value"]), empty=np.nan), np.nan)
    of = header["denominator"]
    out_of = np.ones(shape) if of is None else laid(rows.numbers(of, empty=np.nan), np.nan)
    days = np.zeros(shape)
    if missing_days is not None:
        days = laid(rows.numbers(rows.source.need(missing_days), empty=0.0), 0.0)
    long = np.diff(spans.edges).astype(np.float64)[None, :]
    if bool(((days < 0.0) | (days > long)).any()):
        raise DataError(
            "Missing days must be between 0 and the days of the period.",
            found=phrase("{most:g} days", most=float(days.max())),
            where=phrase("{file}, column {column}", file=rows.name, column=missing_days),
        )
    observed = 1.0 - days / long
    return Panel(
        source=rows.name,
        spans=spans,
        series=names,
        roles=_roles(rows, str(header["role"]), row),
        values=np.where(observed < LEAST_OBSERVED, np.nan, values),
        denominators=out_of * np.maximum(observed, LEAST_OBSERVED),
        missing_days=days,
        unused_days="" if missing_days is not None else (rows.source.find(*_MISSING_DAYS) or ""),
    )


def _found(rows: Rows, name: str) -> str | None:
    return rows.source.find(*_NAMES[name])


def _spans(rows: Rows, header: str) -> tuple[Spans, Ints]:
    texts, which = rows.coded(header)
    if "" in texts.tolist():
        raise DataError(
            "Every row must say of which period it is.",
            found=phrase("a row without"),
            where=phrase("{file}, column {column}", file=rows.name, column=header),
        )
    unit, days = first_days(texts.tolist(), rows.name)
    months = set((np.unique(days.astype("datetime64[M]")).astype(np.int64) % 12).tolist())
    if unit == "month" and len(texts) > 1 and months <= {0, 3, 6, 9}:
        unit = "quarter"
    spans = Spans.covering(unit, days)
    return spans, spans.index_of(days)[which]


def _roles(rows: Rows, header: str, row: Ints) -> Texts:
    said = np.array([_role(text) for text in rows.text(header).tolist()])
    unknown = ~np.isin(said, ROLES)
    if bool(unknown.any()):
        raise rows.fault(
            phrase(
                "The column {column} must hold one of {roles}.", column=header,
                roles=", ".join(ROLES),
            ),
            unknown,
            header,
        )  # fmt: skip
    first = np.unique(row, return_index=True)[1]
    roles = said[first]
    changed = said != roles[row]
    if bool(changed.any()):
        raise rows.fault(
            phrase("{column} must be the same in all rows of a series.", column=header),
            changed,
            header,
            remedy=phrase("name the two series differently"),
        )
    return roles


def _role(text: str) -> str:
    plain = words(text).replace(" ", "_")
    return _SPANISH.get(plain, plain)
