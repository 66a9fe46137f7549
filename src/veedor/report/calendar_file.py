"""`calendar`: days for anyone's calendar, as RFC 5545 has them, with a reminder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec

from veedor.files.replacing import replacing
from veedor.report import html

#: Bytes of a line; a longer one goes on in the next, behind a blank (RFC 5545, 3.1).
_LINE = 75
#: Signs that an address may have as they are (RFC 3986, 2.2); `%` is of those that are written so.
_IN_ADDRESSES = ":/?#[]@!$&'()*+,;=%"


class Entry(msgspec.Struct, frozen=True):
    """A whole day of a calendar.

    Parameters
    ----------
    uid : str
        What tells it from all others: who takes the file in again renews the entry.
    day : date
    summary, description : str
    remind_days : int
        How many days before to be reminded; never if 0.
    address : str
        Of a page about it, as a URL; empty without one.
    """

    uid: str
    day: date
    summary: str
    description: str = ""
    remind_days: int = 0
    address: str = ""


def write_calendar(name: str, entries: Sequence[Entry], path: Path, made_on: date) -> None:
    """Write a calendar file; the other parameters are those of `calendar`.

    Parameters
    ----------
    path : Path
        A file that is there is replaced only once the new one is complete.
    """
    with replacing(path) as part:
        part.write_bytes(calendar(name, entries, made_on))


def calendar(name: str, entries: Sequence[Entry], made_on: date) -> bytes:
    """Return a calendar as its file holds it.

    Parameters
    ----------
    name : str
        Of the calendar.
    entries : sequence of Entry
    made_on : date
        When the entries were made: the same ones give the same bytes.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//veedor//deadlines//", "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}",
    ]  # fmt: skip
    for one in entries:
        lines += _lines(one, made_on)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _lines(one: Entry, made_on: date) -> Iterable[str]:
    yield from (
        "BEGIN:VEVENT",
        f"UID:{_text(one.uid)}",
        f"DTSTAMP:{made_on:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(one.summary)}",
        f"DESCRIPTION:{_text(one.description)}",
        "TRANSP:TRANSPARENT",
    )
    if one.address:
        yield f"URL:{quote(one.address, safe=_IN_ADDRESSES)}"
    if one.remind_days:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(one.summary)}",
            f"TRIGGER:-P{one.remind_days}D",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _text(value: str) -> str:
    r"""Write a text as a value (RFC 5545, 3.3.11).

    >>> print(_text("a; b, c\\d\nnext"))
    a\; b\, c\\d\nnext
    """
    clean: str = html.printable(value.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        clean = clean.replace(mark, f"\\{mark}")
    return clean.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    r"""Fold a line after 75 bytes at most, and never within a letter.

    >>> [len(part) for part in _folded("é" * 80).split(b"\r\n")]
    [74, 75, 13, 0]
    """
    parts, held = [], b""
    for letter in line:
        written = letter.encode()
        if len(held) + len(written) > _LINE:
            parts.append(held)
            held = b" "
        held += written
    return b"\r\n".join([*parts, held]) + b"\r\n"
