"""What the database itself refuses: to change a row that is kept, to take one out, to go back.

Triggers stand on tables, and SQLite makes a table anew where a migration changes its columns: such
a migration sets them up again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError


@dataclass(frozen=True)
class Guarded:
    """Tables of which rows are only added.

    Parameters
    ----------
    name : str
        Of what refuses, in the database.
    refused : str
        What is said then.
    kept : tuple of str
        Tables of which no row is changed or taken out.
    keys : dict of str to str
        Table -> the column that tells its rows apart, where none is replaced either.
    end : bool
        Whether these are the log's: then its end is moved forward only.
    """

    name: str
    refused: str
    kept: tuple[str, ...]
    keys: dict[str, str]
    end: bool = False


_END = "looks_logend"
LOG = Guarded(
    "looks",
    "an access log is only added to",
    ("looks_entry", "looks_purpose"),
    {"looks_purpose": "entry_id", _END: "id"},  # an entry is refused by its number
    end=True,
)
#: What readers answered, and to what.
ANSWERS = Guarded(
    "reading",
    "answers of readers are only added to",
    ("reading_line", "reading_judgement"),
    {"reading_line": "id", "reading_judgement": "id"},
)
_ALL = (LOG, ANSWERS)
_NEXT = "NEW.number <> (SELECT size FROM looks_logend)"
_FORWARD = "NEW.size <> OLD.size + 1 OR NEW.id <> OLD.id OR NEW.origin <> OLD.origin"


def set_up(connection: BaseDatabaseWrapper, guarded: Guarded) -> None:
    """Make the triggers in a database that has the tables."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, guarded):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the triggers that are not there."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = {name for (name,) in cursor.fetchall()}
    wanted = {name for one in _ALL for name in _names(connection.vendor, one)}
    return sorted(wanted - found)


def _names(vendor: str, guarded: Guarded) -> list[str]:
    names = [f"{table}_no_{what}" for table in guarded.kept for what in ("update", "delete")]
    if guarded.end:
        names += [f"{_END}_forward", f"{_END}_no_delete", "looks_entry_next"]
    if vendor == "postgresql":
        return names + [f"{table}_no_truncate" for table in _whole(guarded)]
    return names + [f"{table}_no_replace" for table in guarded.keys]


def _whole(guarded: Guarded) -> tuple[str, ...]:
    return (*guarded.kept, _END) if guarded.end else guarded.kept


def _statements(vendor: str, guarded: Guarded) -> list[str]:
    if vendor == "sqlite":
        return _of_sqlite(guarded)
    if vendor == "postgresql":
        return _of_postgresql(guarded)
    raise ProgrammingError(f"an access log is kept in SQLite or PostgreSQL, not in {vendor}")


def _of_sqlite(guarded: Guarded) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{guarded.refused}'); END"
    made = [
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} {refuse}"
        for table in guarded.kept
        for what in ("update", "delete")
    ]
    if guarded.end:
        made += [
            f"CREATE TRIGGER {_END}_forward BEFORE UPDATE ON {_END} WHEN {_FORWARD} {refuse}",
            f"CREATE TRIGGER {_END}_no_delete BEFORE DELETE ON {_END} {refuse}",
            f"CREATE TRIGGER looks_entry_next BEFORE INSERT ON looks_entry WHEN {_NEXT} {refuse}",
        ]
    # INSERT OR REPLACE takes a row out without asking the trigger of DELETE.
    return made + [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}"
        for table, key in guarded.keys.items()
    ]


def _of_postgresql(guarded: Guarded) -> list[str]:
    refuse = f"EXECUTE FUNCTION {guarded.name}_refuse()"
    made = [
        f"CREATE FUNCTION {guarded.name}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{guarded.refused}'; END $$",
        *(
            f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
            f"FOR EACH ROW {refuse}"
            for table in guarded.kept
            for what in ("update", "delete")
        ),
        *(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {refuse}"
            for table in _whole(guarded)
        ),
    ]
    if guarded.end:
        made += [
            "CREATE FUNCTION looks_next() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {_NEXT} THEN RAISE EXCEPTION '{guarded.refused}'; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {_END}_forward BEFORE UPDATE ON {_END} FOR EACH ROW "
            f"WHEN ({_FORWARD}) {refuse}",
            f"CREATE TRIGGER {_END}_no_delete BEFORE DELETE ON {_END} FOR EACH ROW {refuse}",
            "CREATE TRIGGER looks_entry_next BEFORE INSERT ON looks_entry FOR EACH ROW "
            "EXECUTE FUNCTION looks_next()",
        ]
    return made
