"""Plain files of portals into one zip, unless there is nothing new."""

from __future__ import annotations

import fnmatch
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import structs

from veedor.errors import FetchError, phrase
from veedor.fetching.client import Client
from veedor.fetching.files import download
from veedor.fetching.record import FetchRecord, FileSource
from veedor.fetching.wanted import Wanted, days_of, part_of, stepping
from veedor.files.replacing import replacing
from veedor.incidents.layouts import Archive, Portal, YearlyFiles
from veedor.progress import Progress
from veedor.tables.files import MOST_RATIO, RATIO_FREE_BYTES

_EARLIEST = (1980, 1, 1, 0, 0, 0)


def fetch_files(
    wanted: Wanted,
    portals: Sequence[Portal],
    client: Client,
    progress: Progress,
    now: datetime,
    before: FetchRecord[FileSource] | None,
) -> tuple[list[FileSource], bool]:
    """Fetch the files of a layout into its zip.

    Returns
    -------
    sources : list of FileSource
        What was fetched, for the record.
    unchanged : bool
        Whether there was nothing new.
    """
    known = {} if before is None else {source.url: source for source in before.sources}
    if before is not None and (before.since, before.until) != days_of(wanted):
        # Of the same archive, other members are asked for.
        known = {} if isinstance(portals[0], Archive) else known
    sources: list[FileSource] = []
    unchanged = True
    for name, url, may_lack in _urls(wanted, portals[0], now):
        progress.step(phrase("Fetching {what}", what=url), None)
        earlier = known.get(url)
        part = part_of(wanted.out, name)
        got = download(
            client,
            url,
            part,
            stepping(progress, url),
            (None, None) if earlier is None else (earlier.etag, earlier.last_modified),
        )
        if got.status == "absent":
            if not may_lack:
                raise FetchError(
                    "A portal must hold every file from the first day asked for.",
                    found=phrase("no such file, or none that it gives"),
                    where=url,
                    remedy="ask for a later day, or see whether the portal has moved it",
                )
            continue
        unchanged &= got.status == "unchanged"
        sources.append(
            FileSource(
                name=name,
                url=url,
                etag=got.etag,
                last_modified=got.last_modified,
                length_checked=got.length_checked
                or (earlier is not None and earlier.length_checked),
                members=None if earlier is None else earlier.members,
            )
        )
    if not sources:
        raise FetchError("A portal must hold a file of the days asked for.", found=phrase("none"))
    if unchanged and {one.url for one in sources} == set(known):
        return sources, True
    return _packed(wanted, portals[0], sources), False


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


def _packed(wanted: Wanted, portal: Portal, sources: list[FileSource]) -> list[FileSource]:
    """Put the files into one zip, those that did not change from the zip of before."""
    kept = []
    with (
        replacing(wanted.out) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for source in sources:
            part = part_of(wanted.out, source.name)
            if isinstance(portal, Archive):
                members = _pick(part, portal, wanted, packed)
                kept.append(structs.replace(source, members=members))
                continue
            kept.append(source)
            info = zipfile.ZipInfo(source.name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(info, "w", force_zip64=True) as member:
                if part.is_file():
                    with part.open("rb") as file:
                        shutil.copyfileobj(file, member)
                else:
                    with zipfile.ZipFile(wanted.out) as old, old.open(source.name) as file:
                        shutil.copyfileobj(file, member)
    return kept


def _pick(part: Path, portal: Archive, wanted: Wanted, packed: zipfile.ZipFile) -> int:
    """Copy the members of an archive that are asked for; return how many."""
    kept = 0
    first = wanted.since.strftime("%Y-%m")
    last = date.max if wanted.until is None else wanted.until - timedelta(days=1)
    end = last.strftime("%Y-%m")
    unpacked = 0
    try:
        with zipfile.ZipFile(part) as archive:
            for member in archive.infolist():
                found = re.search(portal.month, member.filename)
                if not fnmatch.fnmatch(member.filename, portal.members) or found is None:
                    continue
                if not first <= found[1] <= end:
                    continue
                unpacked += member.file_size  # no more of it is ever unpacked
                _refuse_bomb(unpacked, part)
                info = zipfile.ZipInfo(Path(member.filename).name, _EARLIEST)
                info.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(member) as file, packed.open(info, "w", force_zip64=True) as to:
                    shutil.copyfileobj(file, to)
                kept += 1
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError) as error:
        part.unlink()
        raise FetchError(
            "An archive must be a sound zip.",
            found=phrase("one that is broken, encrypted or out of proportion"),
            where=portal.server + portal.path,
            remedy="run the same command again",
        ) from error
    if kept == 0:
        raise FetchError(
            "An archive must hold files of the months asked for.",
            found=phrase("none from {first} on", first=first),
            where=portal.server + portal.path,
        )
    return kept


def _refuse_bomb(unpacked: int, part: Path) -> None:
    if unpacked > max(RATIO_FREE_BYTES, MOST_RATIO * part.stat().st_size):
        raise zipfile.BadZipFile("out of proportion")
