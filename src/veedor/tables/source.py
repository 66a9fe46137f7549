"""`Source`: a table of anyone's, open and screened; each column is read by the rule of its kind.

The one way into a file that somebody else wrote, for all but incidents, whose columns a study maps
and whose rows are set aside one by one. Rules are SQL, so that ten million rows are read as they
stand; `veedor.tables.rows` holds smaller tables in memory and reads them by the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from veedor.errors import DataError, phrase
from veedor.suggestions import did_you_mean
from veedor.tables.database import Database, Table, evidence, reading
from veedor.tables.escape import shown
from veedor.tables.kinds import UNKNOWN, UNREADABLE, Column, TruthWords, key, text, there, truth
from veedor.tables.malformed import refuse_malformed
from veedor.tables.names import folded
from veedor.tables.numerals import (
    find_decimal,
    read_number,
    sql_number,
    table_decimal,
)
from veedor.tables.personal import Screen, names_a_place, safe
from veedor.tables.time_columns import (
    as_text,
    is_text,
    open_order_error,
    time_sql,
    time_style,
    where,
)
from veedor.tables.written import MONTH_ONLY, let

#: A day that stands for a time that cannot be read.
NO_DAY = "DATE '0001-01-01'"
_NAN = "'NaN'::DOUBLE"
#: Years outside these are a mistake of reading or of writing.
_YEARS = (1900, 2200)
_ANOTHER, _FIRST = phrase("another value"), 5
_MOST_WORDS = 50
_SCREENED_ROWS, _MOST_LABELS = 20_000, 100_000
_KEY_TYPES = ("VARCHAR", "BIGINT", "INTEGER", "UBIGINT", "HUGEINT")


class ReadAs(NamedTuple):
    """A number that could be read in two ways by itself, and how its column reads it."""

    column: str
    written: str
    value: float


@dataclass(frozen=True)
class Source:
    """A table that may be counted from.

    Parameters
    ----------
    database : Database
    table : Table
    read_as : list of ReadAs
        How numbers were read that could be read in two ways by themselves.
    """

    database: Database
    table: Table
    read_as: list[ReadAs] = field(default_factory=list)

    def find(self, *names: str) -> str | None:
        """Return the first of some headers that the file has, whatever its case.

        Raises
        ------
        DataError
            If the file has two columns of that name.
        """
        for name in names:
            alike = [h for h in self.table.columns if folded(h) == folded(name)]
            if len(alike) > 1:
                raise DataError(
                    "A column must be there once.",
                    found=phrase(
                        "columns {alike}", alike=", ".join(repr(shown(h, 30)) for h in alike[:5])
                    ),
                    where=self.table.name,
                    remedy="take out or rename all but one",
                )
            if alike:
                return alike[0]
        return None

    def need(self, *names: str, role: str = "", remedy: str = "") -> str:
        """Return the header of a role that goes by one of some names.

        Raises
        ------
        DataError
            If the file has no such column.
        """
        header = self.find(*names)
        if header is None:
            held = ", ".join(shown(name, 30) for name in list(self.table.columns)[:30])
            meant = did_you_mean(names[0], self.table.columns)
            called = ", ".join(shown(name) for name in names)
            way = remedy or phrase("name it {names}", names=called)
            raise DataError(
                phrase("The table must have a column `{role}`.", role=shown(role or names[0])),
                found=phrase("columns {held}", held=held),
                where=self.table.name,
                remedy=phrase("{way}. {meant}", way=way, meant=meant) if meant else way,
            )
        return header

    def text(self, header: str) -> Column:
        """Read a column as text, NULL where empty."""
        return text(*self._of(header))

    def key(self, header: str) -> Column:
        """Read a key as a 64-bit number, NULL where empty.

        Two of 10 million keys share a number with a probability of 3 in a million.
        """
        return key(*self._of(header))

    def truth(
        self,
        header: str,
        *,
        known: bool = False,
        remedy: str = "",
        given: TruthWords | None = None,
    ) -> Column:
        """Read a truth value: `FALSE`, `TRUE`, or `UNKNOWN` unless it must be `known`."""
        read = truth(*self._of(header), given)
        if known:
            must = phrase("`{header}` must be true or false.", header=header)
            return read.never(f"{{0}} >= {UNKNOWN}", must, remedy=remedy)
        must = phrase("`{header}` must be true, false or unknown.", header=header)
        return read.never(f"{{0}} = {UNREADABLE}", must, self._unread(header, given), remedy)

    def _unread(self, header: str, given: TruthWords | None) -> str:
        """Say the most frequent words of the first rows that are no truth value."""
        read = truth(self.table.columns[header], "VARCHAR", given)
        held = Counter(self.table.samples[header])
        words = [text for text, _ in held.most_common(_MOST_WORDS)]
        named = f"SELECT v AS {self.table.columns[header]} FROM asked"
        asked = pa.table({"v": pa.array(words, pa.string())})
        found = self.database.ask(asked, f"SELECT {read.sql} FROM ({named})")
        unread = [
            safe(text)
            for text, code in zip(words, found.column(0).to_pylist(), strict=True)
            if code == UNREADABLE
        ]
        return ", ".join(repr(text) for text in unread[:_FIRST]) or _ANOTHER

    def _of(self, header: str) -> tuple[str, str]:
        return self.table.columns[header], self.table.types[header]

    def number(
        self,
        header: str,
        *,
        whole: bool = False,
        most: float | None = None,
        usual: str | None = None,
        sampled: bool = False,
    ) -> Column:
        """Read a number: NULL where empty, NaN where it is no finite number.

        Parameters
        ----------
        header : str
        whole : bool
            Whether the column holds whole numbers from 0, so that ``1.250`` is above a thousand.
        most : float, optional
            No number of the column can be larger, as 180 for a longitude.
        usual : str, optional
            The decimal mark of such files, where columns leave open whether 1.250 is whole.
        sampled : bool
            Whether only the first rows say how the column writes numbers.

        Raises
        ------
        UnreadableError
            If the numbers of the column can be read in two ways; see `veedor.tables.numerals`.
        """
        column, kind = self._of(header)
        if kind != "VARCHAR":
            value = column if kind == "DOUBLE" else f"TRY_CAST({column} AS DOUBLE)"
            sql = f"CASE WHEN {column} IS NULL OR isfinite({value}) THEN {value} ELSE {_NAN} END"
        else:
            mark = self._decimal(header, whole, most, usual, sampled)
            sql = f"coalesce({sql_number(column, mark)}, CASE WHEN {there(column)} THEN {_NAN} END)"
        if whole:
            return Column(sql).never(
                "isnan({0}) OR {0} < 0 OR {0} <> floor({0})",
                phrase("`{header}` must be whole numbers from 0.", header=header),
            )
        return Column(sql).never(
            "isnan({0})",
            phrase("`{header}` must be a finite number.", header=header),
            remedy=phrase("write numbers alone, without a sign for per cent or a unit"),
        )

    def _decimal(
        self, header: str, whole: bool, most: float | None, usual: str | None, sampled: bool
    ) -> str:
        seen = evidence(self.database, self.table, header, settled=sampled)
        beside = {
            name: evidence(self.database, self.table, name)
            for name in self.table.columns
            if folded(name) in ("lat", "lon") and self.table.types[name] == "VARCHAR"
        }
        mark = find_decimal(
            seen,
            f"column {shown(header)!r} of {self.table.name}",
            most=most,
            whole=whole,
            table=(table_decimal({header: seen} | beside) if beside else None) or usual,
            remedy="write the numbers without marks between thousands, and not with three decimals",
        )
        read = read_number(seen.example, mark)
        if read is not None:
            self.read_as.append(ReadAs(header, seen.example.strip(), read))
        return mark

    def day(self, header: str) -> Column:
        """Read the day of a time: NULL where empty, `NO_DAY` where it cannot be read.

        Raises
        ------
        StudyError
            If the column has days first and months first.
        DataError
            If nothing shows which of the two comes first.
        """
        style = time_style(self.database, self.table, header, settled=False)
        if style.unsettled:
            raise open_order_error(where(self.table, header), style)
        day = let(
            time_sql(self.table, header, style),
            "v__t",
            f"CASE WHEN v__t.k <> {MONTH_ONLY} THEN make_timestamp(v__t.t)::DATE END",
        )
        text = as_text(self.table, header)
        given = there(text) if is_text(self.table.types[header]) else f"{text} IS NOT NULL"
        first, last = _YEARS
        sane = let(day, "v__d", f"CASE WHEN year(v__d) BETWEEN {first} AND {last} THEN v__d END")
        return Column(f"CASE WHEN {given} THEN coalesce({sane}, {NO_DAY}) END").never(
            f"{{0}} = {NO_DAY}",
            "Times must be days or times of one form, as 2022-01-31, 2022-01-31T18:30 or "
            "31/01/2022, from 1900 on.",
        )

    def load(self, name: str, columns: Mapping[str, Column]) -> int:
        """Read the file once into a table of the database, checked; return its rows.

        Parameters
        ----------
        name : str
            Of the table.
        columns : dict
            Name to column.

        Raises
        ------
        DataError
            If rows of a CSV have more or fewer cells than its header, there are no rows, or a row
            breaks a rule.
        """
        listed = ", ".join(f"{one.sql} AS {column}" for column, one in columns.items())
        with reading(self.table.name):
            self.database.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {listed} FROM {self.table.relation}"
            )
        refuse_malformed(self.database, self.table)
        rules = [
            rule._replace(condition=rule.condition.format(column))
            for column, one in columns.items()
            for rule in one.rules
        ]
        counts = [f"count_if({rule.condition})" for rule in rules]
        rows, *broken = self.database.rows(
            f"SELECT {', '.join(['count(*)', *counts])} FROM {name}"
        )[0]
        if rows == 0:
            raise DataError(
                "The table must hold rows.", found=phrase("none"), where=self.table.name
            )
        for rule, count in zip(rules, broken, strict=True):
            if count:
                self.forbid(name, *rule)
        return int(rows)

    def where(self, rows: Sequence[int]) -> str:
        """Say which rows, counted from 1 under the header, and the lines of a CSV."""
        first = sorted(rows)[:_FIRST]
        named = {
            "name": self.table.name,
            "rows": ", ".join(str(row + 1) for row in first),
            "lines": ", ".join(str(row + 2 + self.table.lines_before) for row in first),
        }
        if self.table.kind == "csv":
            return (
                phrase("{name}, rows {rows} (lines {lines})", **named)
                if len(first) > 1
                else phrase("{name}, row {rows} (line {lines})", **named)
            )
        return (
            phrase("{name}, rows {rows}", **named)
            if len(first) > 1
            else phrase("{name}, row {rows}", **named)
        )

    def forbid(
        self, name: str, condition: str, must: str, found: str = _ANOTHER, remedy: str = ""
    ) -> None:
        """Raise where rows of a loaded table meet a condition.

        Raises
        ------
        DataError
            With how many rows, and the first five.
        """
        met = f"FROM {name} WHERE {condition}"
        count = int(self.database.rows(f"SELECT count(*) {met}")[0][0])
        if count == 0:
            return
        first = self.database.rows(f"SELECT rowid {met} ORDER BY rowid LIMIT {_FIRST}")
        raise DataError(
            must,
            found=phrase("{found} (1 row)", found=found)
            if count == 1
            else phrase("{found} ({n:,} rows)", found=found, n=count),
            where=self.where([int(row[0]) for row in first]),
            remedy=remedy,
        )

    def distinct(self, name: str, column: str, what: str) -> None:
        """Raise where a key of a loaded table repeats.

        Raises
        ------
        DataError
        """
        whole, different = self.database.rows(
            f"SELECT count({column}), count(DISTINCT {column}) FROM {name}"
        )[0]
        if whole == different:
            return
        twice = self.database.rows(
            f"SELECT list(rowid ORDER BY rowid) FROM {name} WHERE {column} IS NOT NULL "
            f"GROUP BY {column} HAVING count(*) > 1 ORDER BY min(rowid) LIMIT {_FIRST}"
        )
        raise DataError(
            phrase("Every `{examples}` must be unique.", examples=what),
            found=phrase("{whole:,} that repeat one before", whole=whole - different),
            where=self.where([row for (rows,) in twice for row in rows][:_FIRST]),
            remedy="one row each: take out rows that are there twice; where several people checked "
            "one thing, decide by a rule made before whose answer counts, not by the order of rows",
        )

    def screen_keys(self, headers: Sequence[str]) -> None:
        """Refuse keys and groups that are names, addresses, telephone or identity numbers.

        Their first 20,000 rows are looked at.

        Raises
        ------
        PersonalDataRefusal
        """
        for header in headers:
            if self.table.types[header] in _KEY_TYPES:
                values = f"SELECT {self.table.columns[header]}::VARCHAR FROM {self.table.relation}"
                looked_at, places = f"{values} LIMIT {_SCREENED_ROWS}", names_a_place(header)
                looked_at = f"SELECT DISTINCT * FROM ({looked_at})" if places else looked_at
                self._screen(looked_at, Screen("a key", header, places=places))
                self.database.malformed()  # met again, and told, when the file is read

    def screen_labels(self, name: str, columns: Mapping[str, str]) -> None:
        """Refuse personal data among the few different texts of a loaded table: groups, versions.

        Every value is looked at, since every value can be printed.

        Parameters
        ----------
        name : str
            Of the loaded table.
        columns : dict
            Column of it to the header in the file.

        Raises
        ------
        PersonalDataRefusal
        """
        for column, header in columns.items():
            values = f"SELECT DISTINCT {column}::VARCHAR AS v FROM {name} ORDER BY v"
            screen = Screen("a label", header, distinct=True, places=names_a_place(header))
            self._screen(f"{values} LIMIT {_MOST_LABELS}", screen)

    def _screen(self, sql: str, screen: Screen) -> None:
        with reading(self.table.name):
            values = self.database.connection.sql(sql).to_arrow_table().column(0)
        screen.look(values.cast(pa.string()).combine_chunks())
        screen.refuse()
