"""Plain files: taken up where they broke off, left alone where they did not change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from urllib3.response import BaseHTTPResponse

from veedor.errors import FetchError, phrase
from veedor.fetching.client import Client
from veedor.fetching.unpacking import BrokenAnswerError
from veedor.files.replacing import replacing

#: Stores of files say 403 of a file that is not there, unless one may list them.
_ABSENT = (403, 404, 410)
_HEAD = 512
#: Of a file whose length is not said, which may have no end; and of one that says it.
_MOST_UNKNOWN, _MOST_KNOWN = 1 << 30, 8 << 30
_WHERE_ELSE = phrase("see whether the portal has moved the file; --server names another address")
_FIRM = timedelta(seconds=60)


class _State(msgspec.Struct):
    """Which version of which file a part is of."""

    url: str
    version: str


@dataclass(frozen=True)
class Got:
    """A file that was fetched: `status` is ``new``, ``unchanged`` or ``absent``."""

    status: str
    etag: str | None = None
    last_modified: str | None = None
    length_checked: bool = False


def download(
    client: Client,
    url: str,
    part: Path,
    progress: Callable[[int, int], None],
    known: tuple[str | None, str | None] = (None, None),
) -> Got:
    """Fetch a file into `part`.

    Parameters
    ----------
    client : Client
    url : str
    part : Path
        May hold the start of the file: the rest is asked for (Range), if the portal says that it is
        still the same version (If-Range).
    progress : callable
        Called with bytes read and bytes in all, 0 where unknown.
    known : (str or None, str or None)
        ETag and Last-Modified of the version that one has: where it is the present one, nothing is
        fetched.

    Raises
    ------
    FetchError
        If the portal refuses, or fails at every try.
    """

    def ask() -> Got:
        have, version = _begun(part, url)
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": version}
        elif known[0] is not None:
            headers["If-None-Match"] = known[0]
        elif known[1] is not None:
            headers["If-Modified-Since"] = known[1]
        with client.ask(url, headers=headers) as answer:
            if answer.status == 304:
                part.unlink(missing_ok=True)
                return Got("unchanged", *known)
            if answer.status in _ABSENT:
                return Got("absent")
            if answer.status == 416:
                if answer.headers.get("Content-Range") == f"bytes */{have}":
                    return Got(
                        "new", answer.headers.get("ETag"), answer.headers.get("Last-Modified"), True
                    )
                part.unlink(missing_ok=True)
                raise BrokenAnswerError(phrase("a file that is shorter than before"))
            if answer.status not in (200, 206):
                raise client.refusal(url, answer)
            most = _most_of(answer, url, part)
            pieces = client.received(answer, url, most, _WHERE_ELSE)
            return _receive(answer, pieces, url, part, (have, version), progress)

    got: Got = client.again(ask, url)
    return got


def _begun(part: Path, url: str) -> tuple[int, str]:
    """Return how much there is of a file, and of which version; nothing if it cannot be known."""
    try:
        state = msgspec.json.decode(_state_file(part).read_bytes(), type=_State)
        have = part.stat().st_size
    except (OSError, msgspec.DecodeError):
        return 0, ""
    return (have, state.version) if state.url == url and state.version else (0, "")


def _receive(
    answer: BaseHTTPResponse,
    pieces: Iterator[bytes],
    url: str,
    part: Path,
    begun: tuple[int, str],
    progress: Callable[[int, int], None],
) -> Got:
    have, version = begun
    etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    length = answer.headers.get("Content-Length")
    packed = answer.headers.get("Content-Encoding", "identity") != "identity"
    if answer.status == 206:
        start, total = _range(answer.headers.get("Content-Range", ""))
        if start != have or packed or version not in (etag or version, modified):
            part.unlink(missing_ok=True)
            raise BrokenAnswerError(phrase("another part of the file than was asked for"))
    else:
        # Of an answer that was packed on its way, the length is not that of the file.
        have, total = (
            0,
            int(length) if length is not None and length.isdigit() and not packed else 0,
        )
        # A weak ETag does not promise the same bytes, so a part of them is not gone on with.
        strong = etag if etag is not None and not etag.startswith("W/") and not packed else None
        date = None if packed else _firm(modified, answer.headers.get("Date"))
        with replacing(_state_file(part)) as partial:
            partial.write_bytes(msgspec.json.encode(_State(url, strong or date or "")))
    with part.open("ab" if have else "wb") as file:
        for piece in pieces:
            file.write(piece)
            have += len(piece)
            progress(have, total)
    if total and have != total:
        if have > total:
            part.unlink()
        raise BrokenAnswerError(phrase("{have} bytes of {total}", have=have, total=total))
    other = _other(part, url)
    if other:
        part.unlink()
        raise BrokenAnswerError(phrase("{other} in place of the file", other=other))
    return Got("new", etag, modified, bool(total))


def _most_of(answer: BaseHTTPResponse, url: str, part: Path) -> int:
    """Return how many bytes are read at most; refuse at once what says that it has more."""
    length = answer.headers.get("Content-Length", "")
    if not length.isdigit():
        return _MOST_UNKNOWN
    free = shutil.disk_usage(part.parent).free
    if int(length) > min(_MOST_KNOWN, free):
        raise FetchError(
            phrase(
                "A file must hold at most {most_known} GiB, and fit on the disk.",
                most_known=_MOST_KNOWN >> 30,
            ),
            found=phrase(
                "{length} MiB; {free} MiB are free", length=int(length) >> 20, free=free >> 20
            ),
            where=url.split("?", 1)[0],
            remedy=_WHERE_ELSE,
        )
    return _MOST_KNOWN


def _other(part: Path, url: str) -> str:
    """Say what a file holds that is neither a table nor, where asked for, a zip; empty if it is."""
    with part.open("rb") as file:
        head = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        return "nothing"
    if head.startswith(b"<"):
        return "a web page"
    if urlsplit(url).path.lower().endswith(".zip"):
        return "" if head.startswith(b"PK") else "something else than a zip"
    if head.startswith((b"{", b"[{", b"[]")):
        return "a message in JSON"
    return "binary data" if b"\0" in head or head.startswith((b"%PDF", b"\x89PNG")) else ""


def _firm(modified: str | None, now: str | None) -> str | None:
    """Return a Last-Modified that names one version of a file; RFC 9110, section 8.8.2.2.

    One of the very second in which the answer was made may stand for two versions.
    """
    if modified is None or now is None:
        return None
    try:
        age = parsedate_to_datetime(now) - parsedate_to_datetime(modified)
    except (ValueError, TypeError):
        return None
    return modified if age >= _FIRM else None


def _range(text: str) -> tuple[int, int]:
    """Return the first byte and the total of ``bytes 5-9/10``; -1 where it says something else."""
    unit, _, rest = text.partition(" ")
    span, _, total = rest.partition("/")
    first = span.partition("-")[0]
    if unit != "bytes" or not first.isdigit() or not total.isdigit():
        return -1, 0
    return int(first), int(total)


def _state_file(part: Path) -> Path:
    return part.with_name(part.name + ".json")
