"""`fetch`: a layout's data from its portal into one file, with its origin beside it."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

import veedor
from veedor.errors import FetchError, StudyError, phrase
from veedor.fetching.client import Client
from veedor.fetching.record import FetchRecord, FileSource, Source, TableSource
from veedor.fetching.wanted import Wanted, days_of
from veedor.fetching.whole_files import fetch_files
from veedor.fetching.whole_tables import fetch_tables
from veedor.files.json_file import write_json
from veedor.files.locks import alone
from veedor.files.replacing import require_replaceable, sha256
from veedor.incidents.layouts import Archive, Portal, YearlyFiles
from veedor.progress import Progress


@dataclass(frozen=True)
class Fetched:
    """What was fetched: the file, the record beside it, and whether anything was new."""

    path: Path
    record: FetchRecord[FileSource] | FetchRecord[TableSource]
    unchanged: bool


def fetch(wanted: Wanted, client: Client, progress: Progress, now: datetime) -> Fetched:
    """Fetch a layout's data.

    The file appears whole or not at all. Parts stand beside it (``.NAME.*.part``) until then, and
    the same call goes on from them. What was asked, the hash and the date go into
    ``NAME.fetched.json``. Columns about persons are not asked for where the portal can be told so.

    Parameters
    ----------
    wanted : Wanted
    client : Client
    progress : Progress
    now : datetime
        UTC; written down, and the last year that is asked for.

    Raises
    ------
    FetchError
        If a portal refuses or fails, or its data change all the while, or another fetch is writing
        the same file.
    StudyError
        If the file's ending does not fit, or the layout has no portal that answers.
    """
    if not wanted.layout.portals:
        raise StudyError(
            "A layout must have a portal that gives its data to programs.",
            found=phrase("none is known for {name}", name=repr(wanted.layout.name)),
            remedy=phrase("download the file from {page}", page=wanted.layout.page),
        )
    if wanted.server is not None and not wanted.server.startswith(("http://", "https://")):
        raise StudyError(
            "A server must be an address of the web.",
            found=repr(wanted.server),
            remedy="write it as https://data.example.org",
        )
    portals = [_moved(portal, wanted.server) for portal in wanted.layout.portals]
    ending = ".zip" if isinstance(portals[0], YearlyFiles | Archive) else ".csv"
    if wanted.out.suffix.lower() != ending:
        raise StudyError(
            phrase(
                "The data of layout {name} must go into a {ending} file.",
                name=repr(wanted.layout.name),
                ending=ending,
            ),
            found=wanted.out.name,
            remedy=phrase("name it {name}", name=wanted.out.with_suffix(ending).name),
        )
    if wanted.until is not None and wanted.until <= wanted.since:
        raise StudyError(
            "The days asked for must end after they begin.",
            found=phrase("since {since}, until {until}", since=wanted.since, until=wanted.until),
        )
    busy = FetchError(
        "Only one fetch may write a file at a time.",
        found=phrase("another one that is running"),
        where=wanted.out.name,
        remedy="wait for it to end, or name another file with --out",
    )
    require_replaceable(wanted.out)
    with alone(wanted.out, busy):
        return _fetched(wanted, portals, client, progress, now)


def _fetched(
    wanted: Wanted,
    portals: Sequence[Portal],
    client: Client,
    progress: Progress,
    now: datetime,
) -> Fetched:
    if isinstance(portals[0], YearlyFiles | Archive):
        whole = _record_of(wanted.out, FetchRecord[FileSource])
        files, unchanged = fetch_files(wanted, portals, client, progress, now, whole)
        if unchanged and whole is not None:
            return Fetched(wanted.out, whole, True)
        return _written(wanted, client, now, files)
    paged = _record_of(wanted.out, FetchRecord[TableSource])
    tables, unchanged = fetch_tables(wanted, portals, client, progress, paged)
    if unchanged and paged is not None:
        return Fetched(wanted.out, paged, True)
    return _written(wanted, client, now, tables)


def _written(wanted: Wanted, client: Client, now: datetime, sources: list[Source]) -> Fetched:
    """Write down what was fetched, and clear the parts that it was put together from."""
    since, until = days_of(wanted)
    record = FetchRecord[Source](
        layout=wanted.layout.name,
        title=wanted.layout.title,
        licence=wanted.layout.licence,
        page=wanted.layout.page,
        since=since,
        until=until,
        sources=sources,
        fetched_at=now.replace(microsecond=0).isoformat(),
        bytes=wanted.out.stat().st_size,
        sha256=sha256(wanted.out),
        requests=client.requests,
        tried_again=client.tried_again,
        veedor=veedor.__version__,
    )
    write_json(record, _record_file(wanted.out))
    for left in wanted.out.parent.glob(f".{glob.escape(wanted.out.name)}.*.part*"):
        left.unlink()
    return Fetched(wanted.out, record, False)


def _moved(portal: Portal, server: str | None) -> Portal:
    return portal if server is None else replace(portal, server=server.rstrip("/"))


def _record_file(out: Path) -> Path:
    return out.with_name(out.name + ".fetched.json")


def _record_of(out: Path, kind: type[FetchRecord[Source]]) -> FetchRecord[Source] | None:
    """Return the record of an earlier fetch, if the file is still the one that it describes."""
    try:
        record = msgspec.json.decode(_record_file(out).read_bytes(), type=kind)
        same = out.is_file() and record.sha256 == sha256(out)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return None
    return record if same else None
