"""What the database itself refuses: to change an entry, to take one out, to move the end back."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError

#: Tables of which no row is changed or taken out.
_KEPT = ("looks_entry", "looks_purpose")
_END = "looks_logend"
_REFUSED = "an access log is only added to"
#: Each by the column that tells its rows apart.
_REPLACED = {"looks_purpose": "entry_id", _END: "id"}
_NEXT = "NEW.number <> (SELECT size FROM looks_logend)"
_FORWARD = "NEW.size <> OLD.size + 1 OR NEW.id <> OLD.id OR NEW.origin <> OLD.origin"


def set_up(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers in a database that has the tables."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
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
    return sorted(set(_names(connection.vendor)) - found)


def _names(vendor: str) -> list[str]:
    names = [f"{table}_no_{what}" for table in _KEPT for what in ("update", "delete")]
    names += [f"{_END}_forward", f"{_END}_no_delete", "looks_entry_next"]
    if vendor == "postgresql":
        return names + [f"{table}_no_truncate" for table in (*_KEPT, _END)]
    return names + [f"{table}_no_replace" for table in _REPLACED]


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return _of_sqlite()
    if vendor == "postgresql":
        return _of_postgresql()
    raise ProgrammingError(f"an access log is kept in SQLite or PostgreSQL, not in {vendor}")


def _of_sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    return [
        *(
            f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} {refuse}"
            for table in _KEPT
            for what in ("update", "delete")
        ),
        f"CREATE TRIGGER {_END}_forward BEFORE UPDATE ON {_END} WHEN {_FORWARD} {refuse}",
        f"CREATE TRIGGER {_END}_no_delete BEFORE DELETE ON {_END} {refuse}",
        f"CREATE TRIGGER looks_entry_next BEFORE INSERT ON looks_entry WHEN {_NEXT} {refuse}",
        # INSERT OR REPLACE takes a row out without asking the trigger of DELETE.
        *(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}"
            for table, key in _REPLACED.items()
        ),
    ]


def _of_postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION looks_refuse()"
    return [
        "CREATE FUNCTION looks_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
        "CREATE FUNCTION looks_next() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_NEXT} THEN RAISE EXCEPTION '{_REFUSED}'; END IF; RETURN NEW; END $$",
        *(
            f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
            f"FOR EACH ROW {refuse}"
            for table in _KEPT
            for what in ("update", "delete")
        ),
        f"CREATE TRIGGER {_END}_forward BEFORE UPDATE ON {_END} FOR EACH ROW "
        f"WHEN ({_FORWARD}) {refuse}",
        f"CREATE TRIGGER {_END}_no_delete BEFORE DELETE ON {_END} FOR EACH ROW {refuse}",
        "CREATE TRIGGER looks_entry_next BEFORE INSERT ON looks_entry FOR EACH ROW "
        "EXECUTE FUNCTION looks_next()",
        *(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {refuse}"
            for table in (*_KEPT, _END)
        ),
    ]
