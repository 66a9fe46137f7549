"""`fetch`: a layout's data from its portal into one file, with its origin beside it."""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import veedor
from veedor.errors import FetchError, StudyError
from veedor.fetching.client import Client
from veedor.fetching.files import download
from veedor.fetching.sweep import Swept, sweep
from veedor.fetching.tables import CkanTable, PagedTable, SocrataTable
from veedor.files import replacing
from veedor.incidents.layouts import (
    Archive,
    Ckan,
    Layout,
    Portal,
    Socrata,
    YearlyFiles,
    person_columns,
)

_EARLIEST = (1980, 1, 1, 0, 0, 0)


class Progress(Protocol):
    """Is told how far a fetch is."""

    def step(self, name: str, total: int | None) -> None:
        """Begin a step of `total` parts, or of an unknown number."""

    def advance(self, done: int) -> None:
        """Tell that `done` parts of the current step are over."""


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched.

    Parameters
    ----------
    layout : Layout
    since : date
        From this day on, by the layout's field of days; whole files are fetched whole.
    out : Path
        ``.csv`` for tables, ``.zip`` for plain files.
    until : date, optional
        Before this day.
    server : str, optional
        In place of the layout's own: a mirror that answers as it does.
    soda : str
        ``"2.1"`` or ``"3"``, of Socrata portals.
    page_rows : int
    """

    layout: Layout
    since: date
    out: Path
    until: date | None = None
    server: str | None = None
    soda: str = "2.1"
    page_rows: int = 10_000


@dataclass(frozen=True)
class Fetched:
    """What was fetched: the file, the record beside it, and whether anything was new."""

    path: Path
    record: dict[str, Any]
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
        If a portal refuses or fails, or its data change all the while.
    StudyError
        If the file's ending does not fit.
    """
    if wanted.server is not None and not wanted.server.startswith(("http://", "https://")):
        raise StudyError(
            "A server must be an address of the web.",
            found=repr(wanted.server),
            remedy="write it as https://data.example.org",
        )
    portals = [_moved(portal, wanted.server) for portal in wanted.layout.portals]
    plain = isinstance(portals[0], YearlyFiles | Archive)
    ending = ".zip" if plain else ".csv"
    if wanted.out.suffix.lower() != ending:
        raise StudyError(
            f"The data of layout {wanted.layout.name!r} must go into a {ending} file.",
            found=wanted.out.name,
            remedy=f"name it {wanted.out.with_suffix(ending).name}",
        )
    if wanted.until is not None and wanted.until <= wanted.since:
        raise StudyError(
            "The days asked for must end after they begin.",
            found=f"since {wanted.since}, until {wanted.until}",
        )
    before = _record_of(wanted.out)
    if plain:
        sources, unchanged = _files(wanted, portals, client, progress, now, before)
    else:
        sources, unchanged = _tables(wanted, portals, client, progress, before)
    if unchanged and before is not None:
        return Fetched(wanted.out, before, True)
    record = {
        "layout": wanted.layout.name,
        "title": wanted.layout.title,
        "licence": wanted.layout.licence,
        "page": wanted.layout.page,
        **_days(wanted),
        "sources": sources,
        "fetched_at": now.replace(microsecond=0).isoformat(),
        "bytes": wanted.out.stat().st_size,
        "sha256": _sha256(wanted.out),
        "requests": client.requests,
        "tried_again": client.tried_again,
        "veedor": veedor.__version__,
    }
    with replacing(_record_file(wanted.out)) as partial:
        partial.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for left in wanted.out.parent.glob(f".{wanted.out.name}.*.part*"):
        left.unlink()
    return Fetched(wanted.out, record, False)


def _moved(portal: Portal, server: str | None) -> Portal:
    return portal if server is None else replace(portal, server=server.rstrip("/"))


def _record_file(out: Path) -> Path:
    return out.with_name(out.name + ".fetched.json")


def _record_of(out: Path) -> dict[str, Any] | None:
    """Return the record of an earlier fetch, if the file is still the one that it describes."""
    try:
        record: dict[str, Any] = json.loads(_record_file(out).read_text("utf-8"))
        same = out.is_file() and record["sha256"] == _sha256(out)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return record if same else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _part(out: Path, name: str) -> Path:
    return out.with_name(f".{out.name}.{name}.part")


def _tables(
    wanted: Wanted,
    portals: Sequence[Portal],
    client: Client,
    progress: Progress,
    before: dict[str, Any] | None,
) -> tuple[list[dict[str, Any]], bool]:
    tables = [_table(wanted, portal, client) for portal in portals]
    if before is not None and _same(tables, before):
        return before["sources"], True
    parts, sources = [], []
    for number, table in enumerate(tables):
        progress.step(f"Fetching {table.url}", None)
        part = _part(wanted.out, str(number))
        swept = sweep(table, client, part, wanted.page_rows, _stepping(progress, table.url))
        parts.append(part)
        sources.append(table.request | _said(swept))
    with replacing(wanted.out) as partial:
        _join(parts, [source["columns"] for source in sources], partial)
    return sources, False


def _table(wanted: Wanted, portal: Portal, client: Client) -> PagedTable:
    def persons(names: Sequence[str]) -> list[str]:
        return person_columns(wanted.layout, tuple(names))

    if isinstance(portal, Socrata):
        return SocrataTable(client, portal, wanted.since, wanted.until, persons, wanted.soda)
    if isinstance(portal, Ckan):
        return CkanTable(client, portal, wanted.since, wanted.until, persons)
    raise TypeError(portal)


def _said(swept: Swept) -> dict[str, Any]:
    return {
        "rows": swept.rows,
        "written": swept.written,
        "version": swept.version,
        "sweeps": swept.sweeps,
        "columns": swept.columns,
        "left_out": swept.left_out,
    }


def _same(tables: Sequence[PagedTable], before: dict[str, Any]) -> bool:
    """Whether an earlier fetch asked for the same, and the portal has nothing new since."""
    sources = before.get("sources", [])
    if len(sources) != len(tables):
        return False
    for table, source in zip(tables, sources, strict=True):
        if any(source.get(name) != value for name, value in table.request.items()):
            return False
        mark = table.mark()
        if not mark.version or [mark.rows, mark.version] != [source["rows"], source["version"]]:
            return False
    return True


def _stepping(progress: Progress, name: str) -> Callable[[int, int], None]:
    begun = False

    def advance(done: int, total: int) -> None:
        nonlocal begun
        if not begun and total:
            progress.step(f"Fetching {name}", total)
            begun = True
        progress.advance(done)

    return advance


def _join(parts: list[Path], columns: list[list[str]], target: Path) -> None:
    """Write the parts one after the other; a column that a part lacks is empty there."""
    if all(names == columns[0] for names in columns):
        with target.open("wb") as joined:
            for number, part in enumerate(parts):
                with part.open("rb") as file:
                    if number:
                        file.readline()
                    shutil.copyfileobj(file, joined)
        return
    every = list(dict.fromkeys(name for names in columns for name in names))
    with target.open("w", encoding="utf-8", newline="") as joined:
        writer = csv.DictWriter(joined, every, restval="", lineterminator="\n")
        writer.writeheader()
        for part in parts:
            with part.open(encoding="utf-8", newline="") as file:
                writer.writerows(csv.DictReader(file))


def _files(
    wanted: Wanted,
    portals: Sequence[Portal],
    client: Client,
    progress: Progress,
    now: datetime,
    before: dict[str, Any] | None,
) -> tuple[list[dict[str, Any]], bool]:
    earlier_files = (before or {}).get("sources", [])
    if before is not None and isinstance(portals[0], Archive) and not _same_days(wanted, before):
        earlier_files = []  # the same archive, of which other members are asked for
    known = {source["url"]: source for source in earlier_files}
    sources: list[dict[str, Any]] = []
    unchanged = True
    for name, url, may_lack in _urls(wanted, portals[0], now):
        progress.step(f"Fetching {url}", None)
        earlier = known.get(url, {})
        part = _part(wanted.out, name)
        got = download(
            client,
            url,
            part,
            _stepping(progress, url),
            (earlier.get("etag"), earlier.get("last_modified")),
        )
        if got.status == "absent":
            if not may_lack:
                raise FetchError(
                    "A portal must hold every file from the first day asked for.",
                    found="no such file",
                    where=url,
                    remedy="ask for a later day, or see whether the portal has moved it",
                )
            continue
        unchanged &= got.status == "unchanged"
        sources.append(
            {
                "name": name,
                "url": url,
                "etag": got.etag,
                "last_modified": got.last_modified,
                "length_checked": got.length_checked or earlier.get("length_checked", False),
            }
        )
    if not sources:
        raise FetchError("A portal must hold a file of the days asked for.", found="none")
    if unchanged and {one["url"] for one in sources} == set(known):
        return sources, True
    _pack(wanted, portals[0], sources)
    return sources, False


def _days(wanted: Wanted) -> dict[str, str | None]:
    until = None if wanted.until is None else wanted.until.isoformat()
    return {"since": wanted.since.isoformat(), "until": until}


def _same_days(wanted: Wanted, before: dict[str, Any]) -> bool:
    return all(before.get(name) == day for name, day in _days(wanted).items())


def _urls(wanted: Wanted, portal: Portal, now: datetime) -> Iterator[tuple[str, str, bool]]:
    """Give name and URL of each file, and whether it may not be there yet."""
    if isinstance(portal, Archive):
        yield "archive.zip", portal.server + portal.path, False
        return
    if not isinstance(portal, YearlyFiles):
        raise TypeError(portal)
    last = now.year if wanted.until is None else (wanted.until - timedelta(days=1)).year
    for year in range(max(wanted.since.year, portal.first_year), last + 1):
        path = portal.path.format(year=year)
        yield path.rsplit("/", 1)[1], portal.server + path, year >= now.year - 1


def _pack(wanted: Wanted, portal: Portal, sources: list[dict[str, Any]]) -> None:
    """Put the files into one zip, those that did not change from the zip of before."""
    with (
        replacing(wanted.out) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for source in sources:
            part = _part(wanted.out, source["name"])
            if isinstance(portal, Archive):
                source["members"] = _pick(part, portal, wanted, packed)
                continue
            info = zipfile.ZipInfo(source["name"], _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(info, "w", force_zip64=True) as member:
                if part.is_file():
                    with part.open("rb") as file:
                        shutil.copyfileobj(file, member)
                else:
                    with zipfile.ZipFile(wanted.out) as old, old.open(source["name"]) as file:
                        shutil.copyfileobj(file, member)


def _pick(part: Path, portal: Archive, wanted: Wanted, packed: zipfile.ZipFile) -> int:
    """Copy the members of an archive that are asked for; return how many."""
    kept = 0
    first = wanted.since.strftime("%Y-%m")
    last = date.max if wanted.until is None else wanted.until - timedelta(days=1)
    end = last.strftime("%Y-%m")
    try:
        with zipfile.ZipFile(part) as archive:
            for member in archive.infolist():
                found = re.search(portal.month, member.filename)
                if not fnmatch.fnmatch(member.filename, portal.members) or found is None:
                    continue
                if not first <= found[1] <= end:
                    continue
                info = zipfile.ZipInfo(Path(member.filename).name, _EARLIEST)
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(member) as file, packed.open(info, "w", force_zip64=True) as to:
                    shutil.copyfileobj(file, to)
                kept += 1
    except (zipfile.BadZipFile, EOFError) as error:
        part.unlink()
        raise FetchError(
            "An archive must be a sound zip.",
            found="a broken one",
            where=portal.server + portal.path,
            remedy="run the same command again",
        ) from error
    if kept == 0:
        raise FetchError(
            "An archive must hold files of the months asked for.",
            found=f"none from {first} on",
            where=portal.server + portal.path,
        )
    return kept


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)
