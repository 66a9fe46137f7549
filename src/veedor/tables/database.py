"""`Table`: an input file as DuckDB sees it; `Database`: DuckDB, closed to the network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from veedor.errors import UnreadableError, phrase
from veedor.tables import geojson, spreadsheets
from veedor.tables.dialect import Dialect, Format, find_dialect
from veedor.tables.escape import shown
from veedor.tables.files import InputFile
from veedor.tables.numerals import Evidence, probe
from veedor.tables.written import quoted

#: Text that means "nothing here", besides an empty cell.
NULL_WORDS = (
    "NULL", "null", "NA", "N/A", "NaN", "nan", "None", "\\N", "S/D", "s/d", "N/D", "n/d",
    "S/I", "s/i", "Sin dato", "sin dato", "SIN DATO", "Sin datos", "sin datos", "SIN DATOS",
)  # fmt: skip
#: Beyond this many malformed rows a file is refused: it is not what it claims to be.
MOST_MALFORMED = 100_000
#: Kind of a malformed row whose open quote took further lines for its own.
SWALLOWS_LINES = "SWALLOWS LINES"
#: Kind of a malformed row with bytes that are no text of the encoding: DuckDB's name for it.
NO_TEXT = "INVALID ENCODING"
_SAMPLE_ROWS = 2_000
#: DuckDB's instants in nanoseconds, of which it gives no timestamp; read as those in microseconds.
_FINE_INSTANTS, _INSTANTS = "TIMESTAMPTZ_NS", "TIMESTAMP WITH TIME ZONE"


class UnevenLinesError(UnreadableError):
    """A CSV that DuckDB cannot parse; perhaps only because its lines end in different ways."""


@dataclass(frozen=True)
class Table:
    """One input file, ready to be queried.

    Parameters
    ----------
    name : str
        How messages call it.
    relation : str
        SQL that reads it.
    columns : dict
        Header to quoted SQL name.
    types : dict
        Header to SQL type.
    samples : dict
        Header to the first values that are there, as text.
    kind : str
        Kind of file that it came as; of a ``"csv"``, malformed rows are asked for after reading.
    written : Format
        How it is written, as given or found; None for what is usual.
    lines_before : int
        How many lines come before the header of a CSV; of one without, before its data, less one.
    headers : tuple of str
        Headers of the file itself, where a layout has made further columns; else empty.
    drawn : dict
        Column that a layout made -> the headers that it is made from.
    flags : tuple of str
        SQL names of columns that say what a layout did to a row.
    parquet : Path or None
        The Parquet file that it is read from, if it is one or was made one.
    """

    name: str
    relation: str
    columns: dict[str, str]
    types: dict[str, str]
    samples: dict[str, list[str]]
    kind: str
    written: Format
    lines_before: int = 0
    headers: tuple[str, ...] = ()
    drawn: dict[str, tuple[str, ...]] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    parquet: Path | None = None

    def unread(self, columns: Iterable[str]) -> list[str]:
        """Return the headers of the file that none of the columns given is, or is made from."""
        read = {header for name in columns for header in self.drawn.get(name, (name,))}
        return [name for name in self.headers or self.columns if name not in read]

    def find(self, role: str, column: str) -> str:
        """Return the header that a mapped column means: the same text, or the same but for case.

        Raises
        ------
        UnreadableError
            If the file has no such column.
        """
        if column in self.columns:
            return column
        alike = [name for name in self.columns if name.casefold() == column.strip().casefold()]
        if len(alike) == 1:
            return alike[0]
        listed = ", ".join(shown(name, 30) for name in list(self.columns)[:30])
        raise UnreadableError(
            phrase("Each file must have the column mapped as `{role}`.", role=role),
            found=phrase(
                "no column {column} among {listed}", column=repr(shown(column)), listed=listed
            ),
            where=self.name,
            remedy="correct the name under columns in study.toml",
        )


def identifier(name: str) -> str:
    """Return a quoted SQL name: the one place where names enter SQL.

    Examples
    --------
    >>> identifier('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def absent(column: str, kind: str) -> str:
    """Give the SQL of whether a value is missing: empty, or of a text a word for nothing."""
    if kind != "VARCHAR":
        return f"{column} IS NULL"
    # Not IN: DuckDB turns a long IN into a hash join, which loses the order of rows.
    words = "|".join(map(re.escape, NULL_WORDS))
    return f"{column} IS NULL OR regexp_full_match({column}, {quoted(words)})"


class Database:
    """An in-memory DuckDB that reads local files only.

    Parameters
    ----------
    folder : Path, optional
        For temporary files.
    threads : int, optional
        All cores where not given.
    """

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        config: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": "1GB",
            "preserve_insertion_order": True,
        }
        if folder is not None:
            config["temp_directory"] = str(folder)
        if threads is not None:
            config["threads"] = threads
        self.folder = folder or Path()
        self.connection = duckdb.connect(config=config)
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET streaming_buffer_size = '16MB'")
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET python_enable_replacements = false")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found

    def ask(self, asked: pa.Table, sql: str) -> pa.Table:
        """Run a query over a table named ``asked``, while another query is being read."""
        with self.connection.cursor() as cursor:
            cursor.execute("SET TimeZone = 'UTC'")
            cursor.register("asked", asked)
            return cursor.sql(sql).to_arrow_table()

    def malformed(self) -> list[tuple[int, str]]:
        """Line and kind of each malformed row of the CSV read last; forgets them.

        A quote that does not close takes the rows after it for its own, as far as DuckDB looks:
        such a row is of the kind `SWALLOWS_LINES`. The end of the line before it, which DuckDB
        keeps where lines end in CRLF, is none of its own.
        """
        there = self.rows(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors' AND temporary"
        )
        if there[0][0] == 0:
            return []
        found = self.rows(
            "SELECT line, CASE WHEN bool_or("
            "error_type IN ('UNQUOTED VALUE', 'LINE SIZE OVER MAXIMUM')"
            " AND regexp_matches(trim(csv_line, E'\\r\\n'), '[\\r\\n]')) "
            f"THEN {quoted(SWALLOWS_LINES)} ELSE min(error_type::VARCHAR) END "
            "FROM reject_errors GROUP BY line ORDER BY line"
        )
        self.connection.execute("DROP TABLE reject_errors")
        self.connection.execute("DROP TABLE reject_scans")
        return [(int(line), str(kind)) for line, kind in found]


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what DuckDB raises into one clear error; its own text could repeat the data.

    In the middle of a stream its errors come through Arrow, as an `OSError`.
    """
    try:
        yield
    except (duckdb.Error, OSError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory" in str(error):
            raise UnreadableError(
                "A file must be readable in bounded memory.",
                found=phrase("rows or values too large"),
                where=name,
                remedy="split the file, or check that its quotes are closed",
            ) from error
        line = re.search(r"[Ll]ine:? (\d+)", str(error))
        csv = "CSV" in str(error)
        raise (UnevenLinesError if csv else UnreadableError)(
            "A file must be readable as what it claims to be.",
            found="quotes that do not close, or rows of another kind" if csv else "broken contents",
            where=f"{name}, line {line[1]}" if line else name,
            remedy="open it in an editor, mend it, export it again, or set delimiter and encoding",
        ) from error


def table(database: Database, file: InputFile, known: Format | None = None) -> Table:
    """Make a file ready to be queried.

    Raises
    ------
    UnreadableError
        If it is not what it claims to be.
    """
    known = known or Format()
    if file.kind == "csv":
        return _csv(database, file, find_dialect(file, database.folder, known))
    path, written = file.path, Format()
    if file.kind == "geojson":
        path = geojson.to_parquet(file, database.folder)
    elif file.kind == "workbook":
        path, written = spreadsheets.to_parquet(file, database.folder, known)
    relation = f"read_parquet({quoted(plain_path(path, database.folder))})"
    one = described(database, file.name, relation, file.kind)
    if not any(one.samples.values()) and not database.rows(f"SELECT 1 FROM {relation} LIMIT 1"):
        raise UnreadableError("A file must hold rows.", found=phrase("none"), where=file.name)
    return replace(one, written=written, parquet=path)


def described(database: Database, name: str, relation: str, kind: str) -> Table:
    """Make a relation ready to be queried: its columns, their types, and their first values."""
    with reading(name):
        found = database.rows(f"DESCRIBE SELECT * FROM {relation}")
        columns = {row[0]: identifier(row[0]) for row in found}
        types = {row[0]: row[1] for row in found}
        fine = [name for name, sort in types.items() if sort == _FINE_INSTANTS]
        if fine:
            cast = (f"{columns[name]}::{_INSTANTS} AS {columns[name]}" for name in fine)
            relation = f"(SELECT * REPLACE ({', '.join(cast)}) FROM {relation})"
            types |= dict.fromkeys(fine, _INSTANTS)
        listed = ", ".join(
            f"left({column}::VARCHAR, 1000)" if types[name] != "BLOB" else "NULL"
            for name, column in columns.items()
        )
        rows = database.rows(f"SELECT {listed} FROM {relation} LIMIT {_SAMPLE_ROWS}")
    samples = {
        name: [row[index] for row in rows if row[index] and row[index] not in NULL_WORDS]
        for index, name in enumerate(columns)
    }
    return Table(name, relation, columns, types, samples, kind, Format())


def evidence(database: Database, one: Table, header: str, *, settled: bool = False) -> Evidence:
    """How the numbers of a column are written: a sample says, or else, unless `settled`, all."""
    seen = Evidence.of(one.samples[header])
    if seen.settled or settled:
        return seen
    with reading(one.name):
        counted = database.rows(probe(one.columns[header], one.relation))[0]
    database.malformed()
    return Evidence(*counted)


def _csv(database: Database, file: InputFile, dialect: Dialect) -> Table:
    names = [f"c{index}" for index in range(len(dialect.header))]
    spec = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    relation = (
        f"read_csv({quoted(plain_path(dialect.path, database.folder))}, columns = {{{spec}}}, "
        f"auto_detect = false, header = {str(dialect.named).lower()}, skip = {dialect.skipped}, "
        f"delim = {quoted(dialect.delimiter)}, quote = '\"', escape = '\"', "
        f"compression = 'none', ignore_errors = true, store_rejects = true, "
        f"rejects_limit = {MOST_MALFORMED + 1})"
    )
    columns = {header: name for header, name in zip(dialect.header, names, strict=True) if header}
    samples: dict[str, list[str]] = {
        header: [
            row[index]
            for row in dialect.rows
            if index < len(row) and row[index] not in ("", *NULL_WORDS)
        ]
        for index, header in enumerate(dialect.header)
        if header
    }
    written = Format(
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
        skip_rows=dialect.skipped or None,
        header=None if dialect.named else False,
    )
    types = dict.fromkeys(columns, "VARCHAR")
    before = dialect.skipped if dialect.named else dialect.skipped - 1
    return Table(file.name, relation, columns, types, samples, "csv", written, before)


def plain_path(path: Path, folder: Path) -> str:
    """Return the path as DuckDB takes it: one without glob characters."""
    if not set("*?[]{}") & set(str(path)):
        return str(path.absolute())
    link = folder / f"link-{sum(1 for _ in folder.iterdir())}{path.suffix}"
    link.symlink_to(path.absolute())
    return str(link)
