"""`laid_out`: a file as its layout reads it, without a copy: a view that is read as a stream."""

from __future__ import annotations

from dataclasses import replace

from veedor.errors import UnreadableError
from veedor.incidents.escape import shown
from veedor.incidents.headers import words
from veedor.incidents.layouts.expressions import cleaned
from veedor.incidents.layouts.layout import Layout
from veedor.incidents.personal import names_a_person
from veedor.incidents.tables import Database, Table, identifier, reading

_SAMPLE_ROWS = 2_000


def laid_out(database: Database, table: Table, layout: Layout) -> Table:
    """Return the table with the columns that a layout makes; its own columns stay.

    Raises
    ------
    UnreadableError
        If it lacks a field that the layout needs.
    """
    lacking = layout.lacks(list(table.columns))
    if lacking:
        raise UnreadableError(
            f"A file of layout {layout.name!r} must have its columns.",
            found=f"no column for {', '.join(lacking)} among "
            + ", ".join(shown(name, 30) for name in list(table.columns)[:30]),
            where=table.name,
            remedy="leave the layout out, and name the columns yourself",
        )
    headers = layout.fields_in(list(table.columns))
    fields = {name: identifier(f"field {name}") for name in layout.fields}
    clean = {
        name: cleaned(table.columns[headers[name]], table.types[headers[name]], layout.missing)
        if name in headers
        else "NULL::VARCHAR"
        for name in layout.fields
    }
    view = layout.view(fields)
    made = {name: identifier(f"made {name}") for name in view.columns}
    flags = {
        **{f"mended {what}": sql for what, sql in view.mended.items()},
        **{f"aside {reason}": sql for reason, sql in view.aside.items()},
    }
    inner = ", ".join(f"{sql} AS {fields[name]}" for name, sql in clean.items())
    outer = ", ".join(
        [f"({sql}) AS {made[name]}" for name, sql in view.columns.items()]
        + [f"coalesce({sql}, false) AS {identifier(name)}" for name, sql in flags.items()]
    )
    relation = f"(SELECT *, {outer} FROM (SELECT *, {inner} FROM {table.relation}))"
    new = fields | made
    drawn = {name: (headers[name],) for name in headers} | {
        name: tuple(headers[part] for part in headers if fields[part] in sql)
        for name, sql in view.columns.items()
    }
    return replace(
        table,
        relation=relation,
        columns=table.columns | new,
        types=table.types | dict.fromkeys(new, "VARCHAR"),
        samples=table.samples | _samples(database, table.name, relation, new),
        details=table.details | {"layout": layout.name},
        headers=tuple(table.columns),
        drawn=drawn,
        flags=tuple(flags),
    )


def _samples(
    database: Database, name: str, relation: str, columns: dict[str, str]
) -> dict[str, list[str]]:
    with reading(name):
        rows = database.rows(
            f"SELECT {', '.join(columns.values())} FROM {relation} LIMIT {_SAMPLE_ROWS}"
        )
    database.malformed()
    return {
        column: [row[at] for row in rows if row[at] is not None]
        for at, column in enumerate(columns)
    }


def person_columns(layout: Layout, headers: tuple[str, ...]) -> list[str]:
    """Return the headers of a file that hold data about persons."""
    known = {words(name) for name in layout.persons}
    return [name for name in headers if words(name) in known or names_a_person(name)]
