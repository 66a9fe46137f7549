"""`laid_out`: a file as its layout reads it, without a copy: a view that is read as a stream."""

from __future__ import annotations

from dataclasses import replace

from veedor.errors import StudyError, UnreadableError, phrase
from veedor.incidents.layouts.expressions import cleaned
from veedor.incidents.layouts.layout import Layout
from veedor.tables.database import Database, Table, identifier, reading
from veedor.tables.escape import shown
from veedor.tables.names import words
from veedor.tables.personal import names_a_person
from veedor.tables.times import find_style, order_probe

_SAMPLE_ROWS = 2_000


def laid_out(database: Database, table: Table, layout: Layout) -> Table:
    """Return the table with the columns that a layout makes; its own columns stay.

    Raises
    ------
    UnreadableError
        If it lacks a field that the layout needs.
    StudyError
        If some of its dates have the day first and some the month.
    """
    lacking = layout.lacks(list(table.columns))
    if lacking:
        raise UnreadableError(
            phrase("A file of layout {name} must have its columns.", name=repr(layout.name)),
            found=phrase(
                "no column for {lacking} among {columns}",
                lacking=", ".join(lacking),
                columns=", ".join(shown(name, 30) for name in list(table.columns)[:30]),
            ),
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
    view = layout.view(fields, _day_first(database, table, layout, headers))
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
        headers=tuple(table.columns),
        drawn=drawn,
        flags=tuple(flags),
    )


def _day_first(database: Database, table: Table, layout: Layout, headers: dict[str, str]) -> bool:
    """Find the order of day and month that a file shows; the layout's, if it shows none."""
    texts = [
        headers[name]
        for name in layout.dates
        if name in headers and table.types[headers[name]] == "VARCHAR"
    ]
    styles = [
        find_style(table.samples[name], None, f"column {name!r} of {table.name}") for name in texts
    ]
    shown_first = {style.day_first for style in styles if style.day_first is not None}
    unsettled = [name for name, style in zip(texts, styles, strict=True) if style.unsettled]
    if unsettled and not shown_first:
        with reading(table.name):
            probes = ", ".join(order_probe(table.columns[name]) for name in unsettled)
            seen = database.rows(f"SELECT {probes} FROM {table.relation}")[0]
        database.malformed()
        shown_first = {True for count in seen[0::2] if count} | {
            False for count in seen[1::2] if count
        }
    if len(shown_first) > 1:
        raise StudyError(
            "The dates of a file must have one order of day and month.",
            found=phrase("dates with the day first and dates with the month first"),
            where=table.name,
            remedy="download the file again: a program seems to have rewritten part of its dates",
        )
    return next(iter(shown_first), layout.day_first)


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
    return [name for name in headers if layout.bare(name) in known or names_a_person(name)]
