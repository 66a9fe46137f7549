"""The database out of a site and into one: SQLite as a file, PostgreSQL as the rows of its tables.

Rows are written and read by COPY, in one transaction that sees one moment. Nothing of a backup is
ever run as SQL: tables are made by veedor's own migrations, and filled.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from veedor.errors import StudyError, phrase
from veedor.web.backups.archive import TABLES, Snapshot, Table
from veedor.web.site.folder import DATABASE

_PIECE = 1 << 20

#: Asks the snapshot, as the database was when it was taken: a query, and its rows.
Ask = Callable[[str], list[tuple[Any, ...]]]


def copy_out(folder: Path, ask_also: Callable[[Ask], None]) -> Snapshot:
    """Write the database as it is at one moment into a folder, while others read and write it.

    Parameters
    ----------
    folder : Path
        Empty.
    ask_also : callable
        Given a function that asks the same moment by SQL.
    """
    if connection.vendor == "postgresql":
        return _rows_out(folder, ask_also)
    with connection.cursor() as cursor:
        # A copy without what was deleted, which pages of the file itself still hold.
        cursor.execute("VACUUM INTO %s", [str(folder / DATABASE)])
    with closing(sqlite3.connect(folder / DATABASE)) as copy:
        applied = copy.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = tuple(".".join(one) for one in applied)
        ask_also(lambda query: copy.execute(query).fetchall())
    return Snapshot(vendor="sqlite", migrations=migrations)


def _rows_out(folder: Path, ask_also: Callable[[Ask], None]) -> Snapshot:
    (folder / TABLES).mkdir()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        applied = sorted(
            ".".join(one) for one in MigrationRecorder(connection).applied_migrations()
        )
        tables = _tables(cursor)
        for table in tables:
            with (
                connection.connection.cursor().copy(f"COPY {_named(table)} TO STDOUT") as rows,
                (folder / TABLES / table.name).open("wb") as into,
            ):
                for piece in rows:
                    into.write(piece)
        sequences = _sequences(cursor)

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        ask_also(ask)
    return Snapshot(
        vendor="postgresql", migrations=tuple(applied), tables=tables, sequences=sequences
    )


def _tables(cursor: Any) -> tuple[Table, ...]:
    describe = connection.introspection.get_table_description
    return tuple(
        Table(name, tuple(column.name for column in describe(cursor, name)))
        for name in sorted(connection.introspection.table_names(cursor))
    )


def _sequences(cursor: Any) -> dict[str, int]:
    cursor.execute(
        "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences "
        "WHERE schemaname = current_schema() ORDER BY 1"
    )
    return dict(cursor.fetchall())


def _named(table: Table) -> str:
    quoted = connection.ops.quote_name
    return f"{quoted(table.name)} ({', '.join(quoted(one) for one in table.columns)})"


def require_fits(snapshot: Snapshot) -> None:
    """Refuse a snapshot of another kind of database than the one that is named, or a filled one.

    Raises
    ------
    StudyError
    """
    if snapshot.vendor != connection.vendor:
        raise StudyError(
            "A backup must be restored into the kind of database that it was taken from.",
            found=phrase(
                "{found}, where it is of {of}", found=connection.vendor, of=snapshot.vendor
            ),
            remedy="name an empty database of PostgreSQL in DATABASE_URL for a backup of one, and "
            "none for one of SQLite",
        )
    there = connection.introspection.table_names() if connection.vendor == "postgresql" else []
    if there:
        raise StudyError(
            "A backup must be restored into an empty database.",
            found=phrase("tables, as {names}", names=", ".join(sorted(there)[:3])),
            remedy="make a new database, and name it in DATABASE_URL",
        )


def copy_in(folder: Path, snapshot: Snapshot) -> None:
    """Put a snapshot into the empty database; within a transaction, so that it is all or nothing.

    Raises
    ------
    StudyError
        If its tables are not those that its migrations make.
    """
    if snapshot.vendor == "sqlite":
        _require_whole(folder)
        return
    executor = MigrationExecutor(connection)
    applied = {(app, name) for app, _, name in (one.partition(".") for one in snapshot.migrations)}
    nodes = executor.loader.graph.node_map
    last = [
        one for one in applied if not any(next_.key in applied for next_ in nodes[one].children)
    ]
    executor.migrate(sorted(last))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _require_same(_tables(cursor), snapshot, _sequences(cursor))
        quoted = [connection.ops.quote_name(one.name) for one in snapshot.tables]
        for name in quoted:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(quoted)}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _rows_in(folder, snapshot.tables)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in quoted:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        for name, gave in snapshot.sequences.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, max(gave, 1), gave > 0])


def _rows_in(folder: Path, tables: Sequence[Table]) -> None:
    for table in tables:
        with (
            (folder / TABLES / table.name).open("rb") as rows,
            connection.connection.cursor().copy(f"COPY {_named(table)} FROM STDIN") as into,
        ):
            while piece := rows.read(_PIECE):
                into.write(piece)


def _require_same(made: Sequence[Table], snapshot: Snapshot, sequences: dict[str, int]) -> None:
    # Columns that were added later stand after the others, in whatever order they were added.
    kept = {one.name: sorted(one.columns) for one in snapshot.tables}
    found = {one.name: sorted(one.columns) for one in made}
    if kept != found or set(snapshot.sequences) != set(sequences):
        odd = sorted(
            name for name in kept.keys() | found.keys() if kept.get(name) != found.get(name)
        )
        raise StudyError(
            "A backup must hold the tables that its migrations make.",
            found=phrase("others, as {names}", names=", ".join(odd[:3]) or "sequences"),
            remedy="restore it with the version of veedor that made it",
        )


def _require_whole(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as copy:
        try:
            found = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise StudyError(
            "The database of a backup must be whole.", found=found, where=DATABASE,
            remedy="take an earlier backup",
        )  # fmt: skip
