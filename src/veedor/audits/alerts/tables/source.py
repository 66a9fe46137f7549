"""One input file, opened, screened, and cleaned column by column into a table to count from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from veedor.audits.alerts.tables.forms import day_sql, distinct_names, folded, number_sql
from veedor.audits.alerts.tables.privacy import refuse_likeness, screen_keys
from veedor.errors import DataError, StudyError, UnreadableError
from veedor.files.temporary import temporary_folder
from veedor.tables.database import Database, Table, reading, table
from veedor.tables.escape import shown
from veedor.tables.files import opened
from veedor.tables.times import quoted

#: Codes of a truth value.
FALSE, TRUE, UNKNOWN, UNREADABLE = range(4)
NOT_RECORDED = "not recorded"
TIMES = (
    "Times must be days or times of one form, as 2022-01-31, 2022-01-31T18:30 or 31/01/2022, from "
    "1900 on."
)
_TRUE = ("true", "t", "yes", "y", "1", "1.0", "si", "sí", "verdadero")
_FALSE = ("false", "f", "no", "n", "0", "0.0", "falso")
_UNKNOWN = (
    "", "unknown", "unresolved", "pending", "na", "n/a", "nan", "null", "none", "desconocido",
    "sin resolver",
)  # fmt: skip
_FIRST = 5


@dataclass(frozen=True)
class Source:
    """An input file that may be counted from.

    Parameters
    ----------
    database : Database
    table : Table
    said : list of str
        How numbers were read that could be read in two ways by themselves.
    """

    database: Database
    table: Table
    said: list[str] = field(default_factory=list)

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
                    found=f"columns {' and '.join(repr(shown(h, 30)) for h in alike[:5])}",
                    where=self.table.name,
                    remedy="take out or rename all but one",
                )
            if alike:
                return alike[0]
        return None

    def need(self, role: str, names: Sequence[str]) -> str:
        """Return the header of a role.

        Raises
        ------
        DataError
            If the file has no such column.
        """
        header = self.find(*names)
        if header is None:
            held = ", ".join(shown(name, 30) for name in list(self.table.columns)[:30])
            raise DataError(
                f"The table must have a column `{role}`.",
                found=f"columns {held}",
                where=self.table.name,
                remedy=f"name it {' or '.join(names)}",
            )
        return header

    def groups(self, asked: Sequence[str]) -> list[str]:
        """Return the headers of the columns that make the groups.

        Parameters
        ----------
        asked : sequence of str
            As the user named them: a header, or one without its ``group_``, or several with
            commas between them.

        Raises
        ------
        StudyError
            If there is no such column.
        """
        found: list[str] = []
        for name in asked:
            whole = self.find(name, f"group_{name}")
            parts = [whole] if whole else [p.strip() for p in name.split(",")]
            for part in parts:
                header = self.find(part, f"group_{part}")
                only = [h for h in self.table.columns if h.casefold().startswith("group")]
                if header is None and part.casefold() in ("group", "race") and len(only) == 1:
                    header = only[0]
                if header is None:
                    held = ", ".join(shown(h, 30) for h in list(self.table.columns)[:30])
                    raise StudyError(
                        "A group must be a column of the table.",
                        found=f"no column {shown(part)!r} among {held}",
                        where=self.table.name,
                        remedy="name a column with --group",
                    )
                found.append(header)
        return list(dict.fromkeys(found))

    def text(self, header: str) -> str:
        """Give the SQL of a column as text, NULL where empty."""
        return f"nullif(trim({self.table.columns[header]}::VARCHAR), '')"

    def key(self, header: str) -> str:
        """Give the SQL of a key as a 64-bit number, NULL where empty.

        Two of 10 million keys share a number with a probability of 3 in a million.
        """
        column = f"{self.table.columns[header]}::VARCHAR"
        return f"CASE WHEN trim({column}) <> '' THEN hash(trim({column})) END"

    def truth(self, header: str) -> str:
        """Give the SQL of a truth value: `FALSE`, `TRUE`, `UNKNOWN` or `UNREADABLE`."""
        column, kind = self.table.columns[header], self.table.types[header]
        if kind == "BOOLEAN":
            return (
                f"(CASE WHEN {column} IS NULL THEN {UNKNOWN} WHEN {column} THEN {TRUE} "
                f"ELSE {FALSE} END)::UTINYINT"
            )
        value = f"lower(trim({column}::VARCHAR))"
        cases = " ".join(
            f"WHEN {value} IN ({', '.join(map(quoted, spelled))}) THEN {code}"
            for spelled, code in ((_TRUE, TRUE), (_FALSE, FALSE), (_UNKNOWN, UNKNOWN))
        )
        return (
            f"(CASE WHEN {column} IS NULL THEN {UNKNOWN} {cases} ELSE {UNREADABLE} END)::UTINYINT"
        )

    def number(self, header: str, *, whole: bool = False, most: float | None = None) -> str:
        """Give the SQL of a number, as `number_sql` does, and keep what is to be said of it."""
        sql, said = number_sql(self.database, self.table, header, whole=whole, most=most)
        if said:
            self.said.append(said)
        return sql

    def day(self, header: str) -> str:
        """Give the SQL of the day of a time, as `day_sql` does."""
        return day_sql(self.database, self.table, header)

    def group_label(self, headers: Sequence[str]) -> str:
        """Give the SQL of a group's name; of several columns their values joined by ``&``."""
        parts = [f"coalesce({self.text(h)}, {quoted(NOT_RECORDED)})" for h in headers]
        return " || ' & ' || ".join(parts) if parts else quoted("ALL")

    def check_groups(self, groups: Sequence[str], headers: Sequence[str]) -> None:
        """Refuse names of groups that cannot be told apart, from each other or from everyone.

        Parameters
        ----------
        groups : sequence of str
        headers : sequence of str
            Of the columns that make them.

        Raises
        ------
        DataError
        """
        if any(folded(name) == "all" for name in groups):
            raise DataError(
                "No group may be named ALL: that is everyone.",
                found="a group of this name",
                where=self.table.name,
                remedy="take the rows of totals out, or name the group otherwise",
            )
        distinct_names(groups, f"{self.table.name}, {', '.join(map(shown, headers))}")
        if len(headers) < 2:
            return
        label = self.group_label(headers)
        parts = ", ".join(f"coalesce({self.text(h)}, {quoted(NOT_RECORDED)})" for h in headers)
        twice = self.database.rows(
            f"SELECT label FROM (SELECT DISTINCT {label} AS label, [{parts}] AS parts "
            f"FROM {self.table.relation}) GROUP BY label HAVING count(*) > 1 ORDER BY label LIMIT 1"
        )
        self.database.malformed()
        if twice:
            raise DataError(
                "Groups of several columns must be told apart by their joined names.",
                found=f"{shown(twice[0][0], 60)!r}, which two different pairs of values make",
                where=self.table.name,
                remedy="write the values without ' & '",
            )

    def load(self, name: str, columns: Mapping[str, str]) -> int:
        """Read the file once into a table of the database; return its rows.

        Parameters
        ----------
        name : str
            Of the table.
        columns : dict
            Name to SQL.

        Raises
        ------
        DataError
            If rows of a CSV have more or fewer cells than its header, or there are no rows.
        """
        listed = ", ".join(f"{sql} AS {column}" for column, sql in columns.items())
        with reading(self.table.name):
            self.database.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {listed} FROM {self.table.relation}"
            )
        if self.table.is_csv:
            malformed = self.database.malformed()
            if malformed:
                lines = ", ".join(str(line) for line, _ in malformed[:_FIRST])
                raise DataError(
                    "Every row must have as many cells as the header.",
                    found=f"{len(malformed)} rows that do not",
                    where=f"{self.table.name}, lines {lines}",
                    remedy="mend the rows, or export the file again",
                )
        rows = int(self.database.rows(f"SELECT count(*) FROM {name}")[0][0])
        if rows == 0:
            raise DataError("The table must hold rows.", found="none", where=self.table.name)
        return rows

    def where(self, rows: Sequence[int]) -> str:
        """Say which rows, counted from 1 under the header, and the lines of a CSV."""
        first = sorted(rows)[:_FIRST]
        told = f"row{'s' * (len(first) > 1)} {', '.join(str(row + 1) for row in first)}"
        if self.table.is_csv:
            lines = ", ".join(str(row + 2 + self.table.lines_before) for row in first)
            told += f" (line{'s' * (len(first) > 1)} {lines})"
        return f"{self.table.name}, {told}"

    def forbid(self, name: str, condition: str, must: str, found: str, remedy: str = "") -> None:
        """Raise where rows of a loaded table meet a condition.

        Raises
        ------
        DataError
            With how many rows, and the first five.
        """
        count = int(self.database.rows(f"SELECT count(*) FROM {name} WHERE {condition}")[0][0])
        if count == 0:
            return
        first = self.database.rows(
            f"SELECT rowid FROM {name} WHERE {condition} ORDER BY rowid LIMIT {_FIRST}"
        )
        raise DataError(
            must,
            found=f"{found} ({count:,} row{'s' * (count > 1)})",
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
            f"Every `{what}` must be unique.",
            found=f"{whole - different:,} that repeat one before",
            where=self.where([row for (rows,) in twice for row in rows][:_FIRST]),
            remedy="one row each: take the repeated rows out",
        )


@contextmanager
def source(path: Path, keys: Sequence[str] = ()) -> Iterator[Source]:
    """Open a CSV or Parquet file, plain or in one .gz or .zip, and screen it.

    Parameters
    ----------
    path : Path
    keys : sequence of str
        Headers, of those that may be there, that hold keys of persons or groups.

    Yields
    ------
    Source

    Raises
    ------
    UnreadableError
        If it cannot be read as what it claims to be.
    PersonalDataRefusal
        If it holds images, embeddings, names or identifiers.
    """
    with temporary_folder() as folder:
        (folder / "unpacked").mkdir()
        if not path.is_file():
            raise UnreadableError(
                "A table must be a file that exists.", found="no such file", where=shown(path.name)
            )
        files = list(opened(path, folder / "unpacked"))
        if len(files) != 1 or files[0].kind not in ("csv", "parquet"):
            raise UnreadableError(
                "A table must be one CSV or Parquet file.",
                found=f"{len(files)} files" if len(files) != 1 else files[0].kind,
                where=shown(path.name),
                remedy="give one file a table",
            )
        database = Database(folder / "unpacked")
        try:
            there = table(database, files[0], header=True)
            refuse_likeness(there)
            wanted = {key.casefold() for key in keys}
            held = [
                h
                for h in there.columns
                if h.casefold() in wanted or h.casefold().startswith("group")
            ]
            screen_keys(database, there, held)
            yield Source(database, there)
        except duckdb.OutOfMemoryException as error:
            raise UnreadableError(
                "A table must be countable in bounded memory.",
                found="more groups or keys than fit",
                where=shown(path.name),
                remedy="fewer group columns, or a file for each part",
            ) from error
        finally:
            database.close()
