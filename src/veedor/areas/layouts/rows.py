"""`Rows`: the rows of an opened file as codes, days and whole numbers, in columns, to an edition.

A layout says in SQL what names the area, the span and the offence of a row, and which columns hold
counts: one of a row (long), one an offence, or one a month (wide). Nothing is done row by row in
Python, so that tens of millions of cells are read in a minute.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.numbers import Counted, counts_sql
from veedor.areas.names import Level
from veedor.areas.noticed import Example, Notice
from veedor.areas.spans import Spans
from veedor.errors import DataError, phrase
from veedor.tables.database import identifier, reading
from veedor.tables.escape import shown
from veedor.tables.malformed import refuse_malformed
from veedor.tables.written import quoted

#: The table in DuckDB that rows are loaded into.
TABLE = "area_rows"
_FIRST = 5


def when(first: object, months: int = 0) -> str:
    """Say which span a day begins: the month where it is the first of one.

    Examples
    --------
    >>> when("2024-01-01"), when("2024-01-01", 3), when("2024-01-08")
    ('2024-01', '2024-04', '2024-01-08')
    """
    day = np.datetime64(str(first)[:10], "D")
    if months:
        day = (day.astype("datetime64[M]") + months).astype("datetime64[D]")
    return str(day).removesuffix("-01")


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a file, loaded once.

    Parameters
    ----------
    file : AreaFile
    counts : tuple of Counted
    long : bool
        Whether a row names its offence.
    """

    file: AreaFile
    counts: tuple[Counted, ...]
    long: bool

    @classmethod
    def load(
        cls,
        file: AreaFile,
        *,
        area: str,
        day: str,
        counts: Sequence[Counted],
        offence: str | None = None,
        others: Mapping[str, str] | None = None,
        aside: str = "false",
        missing: Sequence[str] = (),
    ) -> Rows:
        """Read a file once.

        Parameters
        ----------
        file : AreaFile
        area, offence : str
            SQL of codes; no offence where every column of `counts` is of one.
        day : str
            SQL of the first day of a row's span.
        counts : sequence of Counted
        others : dict of str to str
            Further columns by name, as names of areas, to SQL.
        aside : str
            SQL that is true for a row which holds no cell: a note, a total.
        missing : sequence of str
            What stands for a blank among counts, besides what is usual.

        Raises
        ------
        DataError
            If a row names no area, span or offence, or a count is no whole number.
        """
        columns = {"area": area, "first": day, "aside": f"coalesce({aside}, false)"}
        columns |= {} if offence is None else {"offence": offence}
        columns |= dict(others or {})
        rows = cls(file, tuple(counts), offence is not None)
        database, table = file.source.database, file.source.table
        listed = [f"{sql} AS {identifier(name)}" for name, sql in columns.items()]
        listed += counts_sql(file, rows.counts, missing)
        with reading(table.name):
            database.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT {', '.join(listed)} "
                f"FROM {table.relation}"
            )
        refuse_malformed(database, table)
        file.read.update(one.header for one in rows.counts)
        rows._refuse_nameless()
        file.notice(Notice.ROWS_SET_ASIDE, rows._count("aside"))
        rows._notice_negative()
        return rows

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the rows; ``{rows}`` in the query stands for those that hold cells."""
        held = f"(SELECT rowid AS row, * FROM {TABLE} WHERE NOT aside)"
        with reading(self.file.name):
            return self.file.source.database.rows(sql.replace("{rows}", held))

    def recode(self, column: str, codes: Mapping[str, str]) -> None:
        """Put codes in the place of what a column holds: few texts in millions of rows."""
        connection, name = self.file.source.database.connection, identifier(column)
        said = pa.table({"said": list(codes), "code": list(codes.values())})
        connection.register("area_codes", said)
        connection.execute(
            f"UPDATE {TABLE} SET {name} = c.code FROM area_codes c WHERE {TABLE}.{name} = c.said"
        )
        connection.unregister("area_codes")

    def members(self, code: str, name: str | None = None) -> dict[str, str]:
        """Return the codes of a column, sorted, and the name that each had last."""
        label = identifier(name or code)
        column = identifier(code)
        last = f"max(struct_pack(f := first, l := {label})) FILTER ({label} IS NOT NULL)"
        found = self.query(
            f"SELECT {column}, ({last}).l, count(DISTINCT {label}) FROM {{rows}} "
            f"WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        several = [str(one) for one, _, names in found if isinstance(names, int) and names > 1]
        if code in ("area", "offence"):
            self.file.notice(
                Notice.CODES_RENAMED,
                len(several),
                [Example(**{code: one}) for one in several[:_FIRST]],
            )
        return {str(one): str(one if label is None else label) for one, label, _ in found}

    def level(self, name: str, areas: Sequence[str], code: str, label: str | None = None) -> Level:
        """Return a coarser division, of which each area is where it was last."""
        names = self.members(code, label)
        column = identifier(code)
        found = self.query(
            f"SELECT area, max(struct_pack(f := first, l := {column})).l FROM {{rows}} "
            f"WHERE {column} IS NOT NULL GROUP BY 1"
        )
        member = {str(area): str(of) for area, of in found}
        place = {one: n for n, one in enumerate(names)}
        of = np.array([place[member[area]] if area in member else -1 for area in areas])
        return Level(name, tuple(names), tuple(names.values()), of)

    def add_parts(self, part: str, once: Collection[str] = ()) -> None:
        """Add rows that hold a part of a cell to the row that holds the rest.

        Parameters
        ----------
        part : str
            SQL over the loaded columns, true for a row that is such a part.
        once : collection of str
            Offences whose number, where both rows say it, is one and the same.
        """
        key = "r.area = p.area AND r.first = p.first" + (
            " AND r.offence = p.offence" if self.long else ""
        )
        keys = "area, first" + (", offence" if self.long else "")
        values = [f"v{n}" for n in range(len(self.counts))]
        added = ", ".join(
            f"{v} = CASE WHEN r.{v} = p.{v} THEN r.{v} "
            f"ELSE coalesce(r.{v} + p.{v}, r.{v}, p.{v}) END"
            if one.offence in once
            else f"{v} = coalesce(r.{v} + p.{v}, r.{v}, p.{v})"
            for v, one in zip(values, self.counts, strict=True)
        )
        sums = ", ".join(f"sum({v})::BIGINT AS {v}" for v in values)
        connection = self.file.source.database.connection
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE area_parts AS SELECT {keys}, {sums}, "
            f"list(rowid) AS of FROM {TABLE} WHERE NOT aside AND ({part}) GROUP BY {keys}"
        )
        whole = f"NOT r.aside AND NOT list_contains(p.of, r.rowid) AND {key}"
        found = self.file.source.database.rows(
            f"SELECT p.area, p.first, p.of FROM area_parts p JOIN {TABLE} r ON {whole}"
        )
        if not found:
            return
        connection.execute(f"UPDATE {TABLE} r SET {added} FROM area_parts p WHERE {whole}")
        of = ", ".join(str(int(row)) for _, _, rows in found for row in rows)
        connection.execute(f"UPDATE {TABLE} SET aside = true WHERE rowid IN ({of})")
        self.file.notice(
            Notice.ROWS_ADDED,
            len(found),
            [Example(area=str(area), span=when(first)) for area, first, _ in found],
        )

    def refuse_others(self, column: str, known: Sequence[str]) -> None:
        """Refuse rows that say something else in a column than what the layout knows.

        Raises
        ------
        DataError
        """
        words = ", ".join(map(quoted, known))
        self.file.source.forbid(
            TABLE,
            f"NOT aside AND coalesce({identifier(column)} NOT IN ({words}), true)",
            phrase(
                "Column {column} must hold one of {words}.",
                column=shown(self.file.headers.get(column, column)),
                words=", ".join(known),
            ),
            remedy=phrase("look into the file: its publisher may have changed what it writes"),
        )

    def spans(self, unit: str) -> Spans:
        """Return the spans from the first to the last that a row has.

        Raises
        ------
        DataError
            If there are no rows.
        """
        low, high = self.query("SELECT min(first), max(first) FROM {rows}")[0]
        if low is None:
            raise DataError("The table must hold rows.", found=phrase("none"), where=self.file.name)
        ends = np.array([low, high], dtype="datetime64[D]")
        last = max(one.month for one in self.counts)
        if last:
            ends[1] = ends[1].astype("datetime64[M]") + last
        return Spans.covering(unit, ends)

    def _refuse_nameless(self) -> None:
        lacking = "area IS NULL OR first IS NULL" + (" OR offence IS NULL" if self.long else "")
        self.file.source.forbid(
            TABLE,
            f"NOT aside AND ({lacking})",
            phrase("Every row must name its area, its time and its offence.")
            if self.long
            else phrase("Every row must name its area and its time."),
            remedy=phrase(
                "write codes, years and months as such, and take rows of notes and totals out"
            ),
        )

    def _count(self, condition: str) -> int:
        sql = f"SELECT count(*) FROM {TABLE} WHERE {condition}"
        return int(self.file.source.database.rows(sql)[0][0])

    def _notice_negative(self) -> None:
        cells = " + ".join(f"coalesce(v{n} < 0, false)::INTEGER" for n in range(len(self.counts)))
        found = self.query(f"SELECT sum({cells}) FROM {{rows}}")
        n = int(str(found[0][0] or 0))
        if n == 0:
            return
        examples = []
        for place, one in enumerate(self.counts):
            offence = "offence" if self.long else "NULL"
            for area, first, of, value in self.query(
                f"SELECT area, first, {offence}, v{place} FROM {{rows}} WHERE v{place} < 0 "
                f"ORDER BY row LIMIT {_FIRST}"
            ):
                examples.append(
                    Example(
                        area=str(area),
                        span=when(first, one.month),
                        offence=one.offence or str(of or ""),
                        text=str(value),
                    )
                )
        self.file.notice(Notice.NEGATIVE, n, examples)
