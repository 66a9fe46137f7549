"""What a table of alerts may not hold: images, embeddings, names, direct identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from veedor.errors import PersonalDataRefusal
from veedor.tables.database import Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.headers import words
from veedor.tables.personal import Screen, names_a_person, refuse_personal_text

_LIKENESS = {
    *("image", "images", "img", "photo", "photos", "photograph", "picture", "pictures", "face"),
    *("faces", "foto", "fotos", "imagen", "imagenes", "rostro", "rostros", "frame", "snapshot"),
    *("embedding", "embeddings", "faceprint", "faceprints", "template", "templates", "mugshot"),
    "descriptor",
}
_IMAGE_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic|mp4|avi|mov|mkv)(?:[?#].*)?$|^data:image/|^/9j/|^iVBOR",
    re.IGNORECASE,
)
_VECTOR = re.compile(
    r"^[\[({]?\s*-?\d+(?:\.\d+)?(?:e-?\d+)?(?:[\s,;]+-?\d+(?:\.\d+)?(?:e-?\d+)?){7,}"
)
_SCREENED_ROWS = 20_000
_MOST_LABELS = 100_000


def refuse_likeness(table: Table) -> None:
    """Refuse a table with images, embeddings or columns that say they are about a person.

    Every column is looked at, used or not: veedor does not want such a file in its hands.

    Parameters
    ----------
    table : Table

    Raises
    ------
    PersonalDataRefusal
        Naming the column, never a value.
    """
    refuse_personal_text(table.types, what="a header", where=table.name)
    for header, kind in table.types.items():
        sample = table.samples.get(header, [])[:200]
        if names_a_person(header):
            _refuse(table, header, "a column that says it holds names or identifiers of persons")
        if kind == "BLOB" or kind.endswith("]") or kind.startswith("STRUCT"):
            _refuse(table, header, f"values of type {shown(kind.lower(), 20)}, as embeddings have")
        if any(_IMAGE_FILE.search(value.strip()) for value in sample):
            _refuse(table, header, "paths of images or video, or images themselves")
        if any(_VECTOR.match(value.strip()) for value in sample):
            _refuse(table, header, "rows of numbers in one cell, as embeddings are")
        if set(words(header).split()) & _LIKENESS and any(_is_text(value) for value in sample):
            _refuse(table, header, "a column named for a likeness, with text in it")


def screen_keys(database: Database, table: Table, headers: list[str]) -> None:
    """Refuse keys and groups that are names, addresses, telephone or identity numbers.

    Parameters
    ----------
    database : Database
    table : Table
    headers : list of str
        The columns that are used as text; their first 20,000 rows are looked at.

    Raises
    ------
    PersonalDataRefusal
    """
    for header in headers:
        if table.types[header] not in ("VARCHAR", "BIGINT", "INTEGER", "UBIGINT", "HUGEINT"):
            continue
        with reading(table.name):
            values = database.connection.sql(
                f"SELECT {table.columns[header]}::VARCHAR AS v FROM {table.relation} "
                f"LIMIT {_SCREENED_ROWS}"
            ).to_arrow_table()
        database.malformed()  # what this look met is met again, and told, when the file is read
        screen = Screen("a key", header)
        screen.look(values.column(0).cast(pa.string()).combine_chunks())
        screen.refuse()


def screen_labels(database: Database, name: str, columns: Mapping[str, str]) -> None:
    """Refuse personal data among the few different texts of a loaded table: groups, versions.

    Every value is looked at, since every value can be printed.

    Parameters
    ----------
    database : Database
    name : str
        Of the loaded table.
    columns : dict
        Column of it to the header in the file.

    Raises
    ------
    PersonalDataRefusal
    """
    for column, header in columns.items():
        values = database.connection.sql(
            f"SELECT DISTINCT {column}::VARCHAR AS v FROM {name} ORDER BY v LIMIT {_MOST_LABELS}"
        ).to_arrow_table()
        screen = Screen("a label", header, distinct=True)
        screen.look(values.column(0).cast(pa.string()).combine_chunks())
        screen.refuse()


def _is_text(value: str) -> bool:
    return re.fullmatch(r"\s*[-+\d.,eE]*\s*", value) is None


def _refuse(table: Table, header: str, found: str) -> None:
    raise PersonalDataRefusal(
        "A table of alerts must hold no image, embedding, name or direct identifier: veedor "
        "matches no face and identifies no person.",
        found=found,
        where=f"column {shown(header)!r} of {table.name}",
        remedy="take the column out, and put a key that says nothing of a person in its place",
    )
