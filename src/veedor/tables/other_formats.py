"""Files that are no table veedor reads, named by what they are and how they become one."""

from __future__ import annotations

from veedor.errors import Phrase, UnreadableError, phrase
from veedor.tables.escape import shown

_ARCHIVE = phrase("another format, or an archive within an archive")
_UNPACK = phrase("unpack it, or export it as CSV")
_OF_PROGRAMS = phrase("write it as Parquet or CSV with what made it")
_ARROW = phrase("an Arrow or Feather file")
_EXPORT = phrase("export the table as CSV")
_LAYER = phrase("export the layer as CSV or GeoJSON, in EPSG:4326")
#: First bytes -> what begins with them, and how it becomes a table.
_BEGINNINGS: dict[bytes, tuple[Phrase, Phrase]] = {
    b"\x1f\x8b": (_ARCHIVE, _UNPACK),
    b"PK\x03\x04": (_ARCHIVE, _UNPACK),
    **{b"BZh%d1AY&SY" % level: (_ARCHIVE, _UNPACK) for level in range(1, 10)},
    b"\xfd7zXZ": (_ARCHIVE, _UNPACK),
    b"\x28\xb5\x2f\xfd": (_ARCHIVE, _UNPACK),
    b"7z\xbc\xaf\x27\x1c": (_ARCHIVE, _UNPACK),
    b"Rar!\x1a\x07": (_ARCHIVE, _UNPACK),
    b"%PDF": (phrase("a PDF"), phrase("ask for the table that it was made of, as CSV")),
    b"\xd0\xcf\x11\xe0": (
        phrase("an Excel workbook of before 2007 (.xls), or another old document"),
        phrase("save it as .xlsx or CSV"),
    ),
    b"ARROW1\0\0": (_ARROW, _OF_PROGRAMS),
    b"FEA1\0": (_ARROW, _OF_PROGRAMS),
    b"\xff\xff\xff\xff": (_ARROW, _OF_PROGRAMS),
    b"SQLite format 3\0": (phrase("an SQLite database, or a GeoPackage"), _EXPORT),
    b"\x00\x00\x27\x0a": (phrase("a shapefile"), _LAYER),
    b"\x89HDF": (phrase("an HDF5 file"), _OF_PROGRAMS),
    b"RDX2\n": (phrase("a file of R"), _OF_PROGRAMS),
    b"RDX3\n": (phrase("a file of R"), _OF_PROGRAMS),
    b"X\n\x00\x00": (phrase("a file of R"), _OF_PROGRAMS),
    b"<stata_dta>": (phrase("a file of Stata"), _OF_PROGRAMS),
    b"$FL2@(#)": (phrase("a file of SPSS"), _OF_PROGRAMS),
    b"Obj\x01": (phrase("an Avro file"), _OF_PROGRAMS),
}
#: Of pickles: a protocol's number stands behind the first byte, and what it opens with behind that.
_PICKLES = tuple(bytes([0x80, protocol]) for protocol in (2, 3, 4, 5))
#: Beginnings of texts, in lower case.
_MARKUP: dict[bytes, tuple[Phrase, Phrase]] = {
    b"<!doctype html": (phrase("a page of the web, not the file behind it"), _EXPORT),
    b"<html": (phrase("a page of the web, not the file behind it"), _EXPORT),
    b"<kml": (phrase("a KML file"), _LAYER),
}


def refuse_other_formats(head: bytes, name: str) -> None:
    """Refuse a file by what its first bytes say it is.

    Parameters
    ----------
    head : bytes
        The first thousands of bytes.
    name : str
        How messages call the file.

    Raises
    ------
    UnreadableError
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginnings, begins in ((_BEGINNINGS, head), (_MARKUP, text)):
        for beginning, (what, remedy) in beginnings.items():
            if begins.startswith(beginning):
                raise _refused(what, name, remedy)
    if head.startswith(b"ORC") and b"\0" in head:  # these three letters may begin a header too
        raise _refused(phrase("an ORC file"), name, _OF_PROGRAMS)
    if text.startswith(b"<") and b"</" in text:
        raise _refused(phrase("an XML file"), name, _EXPORT)
    if head.startswith(_PICKLES):
        raise _refused(phrase("a pickle of Python, which is never opened"), name, _OF_PROGRAMS)


def refuse_parquet_that_is_none(name: str) -> None:
    """Refuse a file that is called Parquet and does not begin as one.

    Raises
    ------
    UnreadableError
    """
    raise _refused(phrase("an ending of Parquet, and other contents"), name, _OF_PROGRAMS)


def refuse_other_json(found: object, name: str) -> None:
    """Refuse JSON that holds no features of GeoJSON, by what it holds instead.

    Parameters
    ----------
    found : object
        What stands where a feature would.
    name : str
        How messages call the file.

    Raises
    ------
    UnreadableError
    """
    if isinstance(found, dict) and "attributes" in found:
        what = phrase("features with attributes: the JSON of ArcGIS")
        remedy = phrase("export it as GeoJSON (f=geojson) or CSV")
    elif isinstance(found, dict):
        keys = ", ".join(repr(shown(key, 30)) for key in list(found)[:4])
        what = phrase("an object of {keys}, not a feature", keys=keys)
        remedy = phrase("export rows as CSV")
    elif isinstance(found, list):
        what, remedy = phrase("a list of rows, not features"), phrase("export rows as CSV")
    else:
        what, remedy = phrase("something else"), phrase("export rows as CSV")
    raise UnreadableError(
        "A JSON file must be GeoJSON: features, each with properties and a geometry.",
        found=what,
        where=shown(name, 100),
        remedy=remedy,
    )


def _refused(what: Phrase, name: str, remedy: Phrase) -> UnreadableError:
    return UnreadableError(
        "A source file must be CSV, Parquet or GeoJSON, plain or in .gz or .zip, xlsx or ODS.",
        found=what,
        where=shown(name, 100),
        remedy=remedy,
    )
