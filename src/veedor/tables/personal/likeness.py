"""What no table may hold: images, embeddings; and of persons' cases, columns that name persons."""

from __future__ import annotations

import re

from veedor.errors import PersonalDataRefusal, phrase
from veedor.tables.database import Table
from veedor.tables.escape import shown
from veedor.tables.names import words
from veedor.tables.personal.headers import names_a_person
from veedor.tables.personal.screen import refuse_personal_text

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
_NO_TEXT = re.compile(r"\s*[-+\d.,eE]*\s*")


def refuse_likeness(table: Table, *, persons: bool) -> None:
    """Refuse a table with images, embeddings or personal data in its headers.

    Every column is looked at, used or not: veedor does not want such a file in its hands.

    Parameters
    ----------
    table : Table
    persons : bool
        Whether its rows are about persons: then a header that names one is refused, too. A table
        of places may have a column of names.

    Raises
    ------
    PersonalDataRefusal
        Naming the column, never a value.
    """
    refuse_personal_text(table.types, what=phrase("a header"), where=table.name)
    for header, kind in table.types.items():
        sample = table.samples.get(header, [])[:200]
        if persons and names_a_person(header):
            _refuse(
                table, header, phrase("a column that says it holds names or identifiers of persons")
            )
        if kind == "BLOB" or kind.endswith("]") or kind.startswith("STRUCT"):
            _refuse(
                table,
                header,
                phrase("values of type {kind}, as embeddings have", kind=shown(kind.lower(), 20)),
            )
        if any(_IMAGE_FILE.search(value.strip()) for value in sample):
            _refuse(table, header, phrase("paths of images or video, or images themselves"))
        if any(_VECTOR.match(value.strip()) for value in sample):
            _refuse(table, header, phrase("rows of numbers in one cell, as embeddings are"))
        if _names_a_likeness(header) and not all(map(_NO_TEXT.fullmatch, sample)):
            _refuse(table, header, phrase("a column named for a likeness, with text in it"))


def _names_a_likeness(header: str) -> bool:
    """Whether a header is of likenesses; a frame of time is none.

    >>> _names_a_likeness("video_frame"), _names_a_likeness("Time Frame")
    (True, False)
    """
    found = set(words(header).split())
    return bool((found - {"frame"} if "time" in found else found) & _LIKENESS)


def _refuse(table: Table, header: str, found: str) -> None:
    raise PersonalDataRefusal(
        "A table must hold no image, embedding, name or direct identifier: veedor matches no face "
        "and identifies no person.",
        found=found,
        where=phrase("column {header} of {name}", header=repr(shown(header)), name=table.name),
        remedy="take the column out, and put a key that says nothing of a person in its place",
    )
