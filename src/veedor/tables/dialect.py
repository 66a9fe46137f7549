"""How a CSV file is written: its encoding, delimiter, header and decimal mark, from samples."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import charset_normalizer

from veedor.errors import UnreadableError, phrase
from veedor.tables.escape import shown
from veedor.tables.files import InputFile
from veedor.tables.heads import find_head

_HEAD = 256 << 10
# DuckDB sets a longer row aside, so no further look could find one under the header.
_LONGEST_HEAD = 4 << 20
_PIECE = 64 << 10
_MOST_COLUMNS = 2_000
_LOOKED_AT = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Format:
    """What is known of how a file is written; what is None is found.

    Parameters
    ----------
    encoding, delimiter : str or None
        Of a CSV.
    even_lines : bool or None
        Whether a CSV is copied so that every line ends the same way; with None it is if a sample
        of it has several kinds of line ends.
    skip_rows : int or None
        Rows before the header.
    header : bool or None
        Whether there is a header.
    sheets : tuple of str
        Of a workbook; the one with rows where empty.
    may_be_empty : bool
        Whether a header alone will do, in a CSV.
    """

    encoding: str | None = None
    delimiter: str | None = None
    even_lines: bool | None = False
    skip_rows: int | None = None
    header: bool | None = None
    sheets: tuple[str, ...] = ()
    may_be_empty: bool = False


@dataclass(frozen=True)
class Dialect:
    """How one CSV is written.

    `path` holds it as UTF-8; `header` the names as they stand, or ``column 1`` and so on where it
    has none; `rows` the first data rows; `skipped` how many lines come before the header, or before
    the data; `named` whether there is a header.
    """

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    skipped: int
    named: bool = True


class HeaderlessError(UnreadableError):
    """A table whose first row is data."""


def find_dialect(file: InputFile, folder: Path, known: Format, size: int = _HEAD) -> Dialect:
    """Find how a CSV file is written; copy it to `folder` if not in UTF-8 or uneven.

    Its first `size` bytes are looked at, and more where no row under the header ends in them.

    Raises
    ------
    HeaderlessError
        If the first row is data, and `header` does not say so.
    UnreadableError
        If it is binary, or its header repeats a name.
    """
    sample = _samples(file.path, size)
    found = known.encoding or _encoding(sample, file.name)
    path = file.path
    even_lines = _mixed(sample) if known.even_lines is None else known.even_lines
    if even_lines or codecs.lookup(found).name not in ("utf-8", "ascii", "utf-8-sig"):
        path = _transcoded(file.path, found, folder, newline=None if even_lines else "")
        sample = _samples(path, size)
    if b"\0" in sample:
        raise _binary(file.name)
    head = sample[0].decode("utf-8-sig" if path == file.path else "utf-8", errors="replace")
    delimiter = known.delimiter or _delimiter(head)
    whole = path.stat().st_size <= size
    rows, lines = _parsed(head, delimiter, whole=whole)
    first, named = _first(rows, lines, known, file.name)
    body = [tuple(row) for row in rows[first:] if row]
    if not whole and len(body) < 1 + named and size < _LONGEST_HEAD:
        return find_dialect(file, folder, known, _LONGEST_HEAD)
    if named:
        names = tuple(name.strip() for name in body[0]) if body else ()
        _check_header(names, file.name, known.may_be_empty or not whole or len(body) > 1)
        body = body[1:]
    else:
        names = unnamed(max(map(len, body[:_LOOKED_AT]), default=0))
    skipped = lines[first] if first < len(lines) else 0
    if skipped and not even_lines and _uneven(head, skipped):
        return find_dialect(file, folder, replace(known, even_lines=True), size)
    return Dialect(path, found, delimiter, names, tuple(body), skipped, named)


def _uneven(head: str, skipped: int) -> bool:
    """Whether lines before the header end otherwise than it does: DuckDB then finds no rows."""
    started = head.splitlines(keepends=True)[: skipped + 1]
    return len({line[len(line.rstrip("\r\n")) :].replace("\n\n", "\n") for line in started}) > 1


def _mixed(sample: _Sample) -> bool:
    """Whether lines end in more than one way, breaks within quotes counted too."""
    pairs, feeds, returns = (
        sum(piece.count(end) for piece in sample) for end in (b"\r\n", b"\n", b"\r")
    )
    return sum(count > 0 for count in (pairs, feeds - pairs, returns - pairs)) > 1


def unnamed(width: int) -> tuple[str, ...]:
    """Names of the columns of a table that has no header."""
    return tuple(f"column {number}" for number in range(1, width + 1))


def headerless(name: str, row: Sequence[str]) -> HeaderlessError:
    """Error for a table whose first row is data."""
    return HeaderlessError(
        phrase("A table must start with a header, or be said to have none."),
        found=phrase(
            "a first row that looks like data: {cells}",
            cells=", ".join(shown(cell, 20) for cell in row[:5]),
        ),
        where=name,
        remedy=phrase(
            'set header = false under [incidents], and name the columns "column 1", "column 2" '
            "and so on; where titles stand before the header, set skip_rows to how many lines they "
            "are"
        ),
    )


def _first(rows: list[list[str]], lines: list[int], known: Format, name: str) -> tuple[int, bool]:
    """Position of the header among the rows, or of the data, and whether there is one."""
    if known.skip_rows is not None:
        skip = known.skip_rows
        first = next((at for at, line in enumerate(lines) if line >= skip), len(rows))
        while first < len(rows) and not rows[first]:
            first += 1
        found = find_head(rows[first : first + 1])
    else:
        found = find_head(rows[:_LOOKED_AT])
        first = found.titles
    if known.header is None and not found.named:
        raise headerless(name, rows[first])
    return first, known.header is not False


class _Sample(tuple[bytes, ...]):
    """The head of a file and pieces from further on."""

    def __contains__(self, needle: object) -> bool:
        return isinstance(needle, bytes) and any(needle in piece for piece in self)


def _samples(path: Path, head: int) -> _Sample:
    size = path.stat().st_size
    with path.open("rb") as file:
        pieces = [file.read(head)]
        for part in range(1, 9):
            at = size * part // 9
            if at > head:
                file.seek(at)
                file.readline(_PIECE)
                pieces.append(file.read(_PIECE))
    return _Sample(pieces)


def _encoding(sample: _Sample, name: str) -> str:
    for bom, encoding in _BOMS:
        if sample[0].startswith(bom):
            return encoding
    if b"\0" in sample:
        head = sample[0][:4096]
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if odd > 0.4 * len(head) / 2 and even == 0:
            return "utf-16-le"
        if even > 0.4 * len(head) / 2 and odd == 0:
            return "utf-16-be"
        raise _binary(name)
    if all(_is_utf8(piece) for piece in sample):
        return "utf-8"
    odd_bytes = b"\n".join(_odd_lines(piece) for piece in sample)
    bad = sum(line.count(0xFFFD) for line in map(_code_points, sample))
    good = sum(
        sum(point > 127 and point != 0xFFFD for point in points)
        for points in map(_code_points, sample)
    )
    if good > 4 * bad:
        return "utf-8"  # UTF-8 with some broken bytes: those rows are set aside
    if good > 1 and 4 * good >= bad:  # one of the two would be read wrongly, and in silence
        raise UnreadableError(
            "A CSV file must be in one encoding.",
            found=phrase("UTF-8 in some places and another in others"),
            where=name,
            remedy="export its parts again in UTF-8, or set the encoding that all of it is in",
        )
    guess = charset_normalizer.from_bytes(
        odd_bytes[: 64 << 10],
        cp_isolation=[
            "cp1252",
            "latin_1",
            "cp1250",
            "cp850",
            "cp437",
            "mac_roman",
            "cp1251",
            "cp1253",
        ],
    ).best()
    if guess is None or guess.encoding not in ("cp1250", "cp850", "cp437", "cp1251", "cp1253"):
        return "cp1252"
    # Western agencies write cp1252; another reading must leave no doubt to be preferred.
    letters = odd_bytes.decode("cp1252", errors="replace")
    western = sum(letter.isalpha() for letter in letters if ord(letter) > 127)
    others = sum(not letter.isalpha() for letter in letters if ord(letter) > 127)
    return "cp1252" if western >= others else guess.encoding


def _is_utf8(piece: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def _code_points(piece: bytes) -> list[int]:
    return [
        ord(letter) for letter in _odd_lines(piece)[: 64 << 10].decode("utf-8", errors="replace")
    ]


def _odd_lines(piece: bytes) -> bytes:
    return b"\n".join(line for line in piece.splitlines() if not line.isascii())


def _transcoded(path: Path, encoding: str, folder: Path, newline: str | None) -> Path:
    target = folder / f"utf8-{sum(1 for _ in folder.iterdir())}"
    with (
        path.open("r", encoding=encoding, errors="replace", newline=newline) as source,
        target.open("w", encoding="utf-8", newline="", errors="replace") as copy,
    ):
        while text := source.read(1 << 20):
            copy.write(text)
    return target


def _delimiter(head: str) -> str:
    """Return the delimiter that splits most rows into as many columns, and into most of them."""
    best, score = ",", (0.0, 0)
    for candidate in ",;\t|":
        widths = [len(row) for row in _parsed(head[: 32 << 10], candidate, whole=False)[0] if row][
            :_LOOKED_AT
        ]
        counted = Counter(width for width in widths if width > 1)
        if not counted:
            continue
        width = max(counted, key=lambda one: (counted[one], one))
        alike = counted[width] / len(widths)
        if (alike, width) > score:
            best, score = candidate, (alike, width)
    return best


def _parsed(head: str, delimiter: str, *, whole: bool) -> tuple[list[list[str]], list[int]]:
    """Give the rows, blank ones too, and how many lines come before each."""
    if not whole and "\n" in head:
        head = head[: head.rindex("\n")]
    rows: list[list[str]] = []
    lines: list[int] = []
    csv.field_size_limit(_LONGEST_HEAD)
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        before = 0
        for row in reader:
            rows.append(row)
            lines.append(before)
            before = reader.line_num
    except csv.Error:
        return rows, lines
    return rows, lines


def _check_header(header: tuple[str, ...], name: str, has_rows: bool) -> None:
    if not any(header):
        raise UnreadableError(
            "A CSV file must start with a header.", found=phrase("no column names"), where=name
        )
    if len(header) > _MOST_COLUMNS:
        raise UnreadableError(
            phrase(
                "A CSV file must have at most {most_columns} columns.", most_columns=_MOST_COLUMNS
            ),
            found=phrase("{n} columns", n=len(header)),
            where=name,
            remedy="check the delimiter",
        )
    named = [column for column in header if column]
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise UnreadableError(
            "Names of columns must be unique.",
            found=phrase(
                "{twice} more than once",
                twice=", ".join(repr(shown(column)) for column in twice[:5]),
            ),
            where=phrase("header of {name}", name=name),
            remedy="rename the columns in the file",
        )
    if not has_rows:
        raise UnreadableError(
            "A file must hold rows under its header.",
            found=phrase("a header only"),
            where=name,
            remedy="export the file again",
        )


def _binary(name: str) -> UnreadableError:
    return UnreadableError(
        "A CSV file must be text.",
        found=phrase("NUL bytes, as in a binary file"),
        where=name,
        remedy="export it as CSV in UTF-8, or set the encoding",
    )
