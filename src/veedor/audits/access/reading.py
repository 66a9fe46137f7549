"""`read_access`: files of a log, as they were released, to an `AccessLog` and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa

from veedor.arrays import Bools, Ints
from veedor.audits.access.beside import ListPaths, read_beside
from veedor.audits.access.coding import Coding, coded, of_forces, states_of_numbers
from veedor.audits.access.exports import Export, read_exports
from veedor.audits.access.log import (
    KEYED,
    KINDS,
    NUMBERS,
    AccessLog,
    CodedColumn,
    Kind,
    NumberColumn,
    Release,
)
from veedor.audits.access.order import Order, in_order, whole
from veedor.audits.access.quality import AccessQuality, ExportRead, Overlap
from veedor.audits.access.registers import Registers
from veedor.audits.access.repeats import Repeats, cap_of, near_repeats
from veedor.audits.access.rows import NO_TIME, TEXTS
from veedor.audits.access.salt import Salt
from veedor.errors import DataError, StudyError, phrase
from veedor.files.replacing import HashedFile
from veedor.files.temporary import temporary_folder
from veedor.progress import Progress, Silent
from veedor.tables.clocks import LocalClock
from veedor.tables.database import Database
from veedor.tables.files import find
from veedor.tables.hashes import Hashes
from veedor.tables.names import folded

#: Names of forces in a log of one's own accounts: one, and its older names.
_MOST_OWN_FORCES, _LEAST_OWN_SHARE = 5, 0.5
_FEWEST_CONSTANT = 30
_DATABASE_MIB = 400
_THREADS = 2


@dataclass(frozen=True, eq=False)
class AccessReading:
    """A log, and what is known beside it.

    Parameters
    ----------
    log : AccessLog
    quality : AccessQuality
    registers : Registers
        Roster, accounts, authorised list and register of cases, where given.
    """

    log: AccessLog
    quality: AccessQuality
    registers: Registers


def read_access(
    paths: Sequence[Path],
    kind: Kind,
    time_zone: str,
    salt: Salt,
    *,
    preset: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
    times: Literal["utc", "local"] | None = None,
    personal: Literal["stop", "mask"] = "stop",
    producer: str | None = None,
    beside: ListPaths | None = None,
    progress: Progress | None = None,
) -> AccessReading:
    """Read a log of look-ups.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders or patterns: CSV, xlsx or Parquet, plain or packed.
    kind : {"network", "own", "event"}
        Of all of them: kinds are never summed.
    time_zone : str
        IANA name of local time, in which months, days and hours are counted.
    salt : Salt
        Under which keys of persons and cases are hashed.
    preset : str, optional
        The form of the exports, where it is not known by their headers.
    columns : mapping of str to str, optional
        Role to header, for exports of no known form, and before what a known form says.
    times : {"utc", "local"}, optional
        What times are that say no offset; known forms are in UTC.
    personal : {"stop", "mask"}
        What happens where personal data stands in reasons.
    producer : str, optional
        The force that released a network's log, as the log writes it.
    beside : ListPaths, optional
        Roster, accounts, authorised list and register of cases.
    progress : Progress, optional

    Raises
    ------
    StudyError
        If the kind or time zone is none, or a column that is named is not there.
    UnreadableError, DataError
        If a file cannot be read, is of another kind, or its times say no offset and none is given.
    PersonalDataRefusal
        If personal data stands in reasons and `personal` is ``"stop"``.
    """
    told = progress or Silent()
    _check(kind, time_zone)
    clock = LocalClock(time_zone)
    files = find(tuple(map(str, paths)))
    with (
        Hashes(files) as hashes,
        temporary_folder() as folder,
        closing(Database(folder)) as database,
    ):
        # What it has read it keeps as long as it may, and others need the room.
        database.connection.execute(f"SET memory_limit = '{_DATABASE_MIB}MiB'")
        told.step(phrase("Reading the log"), None)
        exports = read_exports(
            database, folder, files, kind, clock,
            preset=preset, columns=columns, times=times, progress=told,
        )  # fmt: skip
        hashed = hashes.found()
    pa.default_memory_pool().release_unused()
    told.step(phrase("Coding users, keys and reasons"), None)
    codings = _codings(exports, salt, kind, masks=personal == "mask")
    pa.default_memory_pool().release_unused()
    repeats, order = in_order(exports, codings)
    log = _log(exports, codings, order, kind, time_zone, hashed, repeats, producer)
    registers = Registers()
    if beside is not None:
        told.step(phrase("Reading the lists beside it"), None)
        by_force = "force" in log.coded and kind == "network"
        registers = read_beside(beside, codings, salt, clock, by_force=by_force)
    quality = _quality(exports, hashed, log, repeats, order, codings, producer)
    return AccessReading(log, quality, registers)


def _check(kind: str, time_zone: str) -> None:
    if kind not in KINDS:
        raise StudyError(
            "The kind of a log must be known: network, own or event.",
            found=repr(kind),
            remedy="network: others' searches of one's own devices; own: searches by one's own "
            "accounts; event: everything that accounts did",
        )
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StudyError(
            "The time zone must be an IANA name.",
            found=repr(time_zone),
            remedy="use a name such as America/Argentina/Buenos_Aires or America/Chicago",
        ) from error


def _codings(
    exports: Sequence[Export], salt: Salt, kind: Kind, *, masks: bool
) -> dict[str, Coding]:
    """Code the columns of texts that any export has; those of persons and cases are hashed."""
    where = exports[0].part.table.name

    def one(name: str) -> Coding | None:
        chunks = [(len(each.rows), each.rows.texts.pop(name, None)) for each in exports]
        if all(batches is None for _, batches in chunks):
            return None
        keyed = name in KEYED
        return coded(
            chunks,
            name,
            salt=salt if keyed else None,
            masks=masks,
            screen=not keyed,
            where=where,
        )

    with ThreadPoolExecutor(_THREADS) as pool:
        made = dict(zip(TEXTS, pool.map(one, TEXTS), strict=True))
    found = {name: each for name, each in made.items() if each is not None}
    if kind == "network" and {"user", "force"} <= found.keys():
        found["user"] = of_forces(found["force"], found["user"], salt)
    if kind == "own" and "force" in found:
        _refuse_network(found["force"], where)
    return found


def _refuse_network(force: Coding, where: str) -> None:
    """Refuse a log of one's own accounts in which many forces look, none of them most."""
    counts = np.bincount(force.codes[force.codes >= 0], minlength=force.distinct)
    if counts.size > _MOST_OWN_FORCES and counts.max() < _LEAST_OWN_SHARE * counts.sum():
        raise DataError(
            "A log of one's own accounts must be of one force.",
            found=phrase("look-ups by {n:,} forces", n=counts.size),
            where=where,
            remedy="read it with --kind network: it is of searches by others",
        )


def _log(
    exports: Sequence[Export],
    codings: Mapping[str, Coding],
    order: Order,
    kind: Kind,
    time_zone: str,
    hashed: Sequence[HashedFile],
    repeats: Repeats,
    producer: str | None,
) -> AccessLog:
    rows = order.rows
    at = whole([one.rows.at for one in exports])[rows]
    own = _own(codings.get("force"), rows, producer) if kind == "network" else None
    columns: dict[str, CodedColumn] = {}
    for name, coding in codings.items():
        columns[name] = coding.taken(rows)
        coding.forget()
    same = [columns[name].codes for name in ("user", "key", "reason") if name in columns]
    near = near_repeats(at, same) if "user" in columns else np.zeros(0, bool)
    counted = {"same_id": repeats.same_id, "same_row": repeats.same_row, "near": int(near.sum())}
    return AccessLog(
        kind,
        time_zone,
        at.view("datetime64[us]"),
        MappingProxyType(columns),
        MappingProxyType(_numbers(exports, rows)),
        np.repeat(order.releases, [len(one.rows) for one in exports])[rows],
        np.concatenate([one.rows.places() for one in exports])[rows],
        _releases(exports, order, hashed),
        own,
        MappingProxyType(counted),
    )


def _own(force: Coding | None, rows: Ints, producer: str | None) -> Bools | None:
    """Whether a look-up is by the force that released the log."""
    if producer is None:
        return None
    names = [] if force is None or force.texts is None else force.texts.to_pylist()
    codes = [code for code, name in enumerate(names) if folded(name) == folded(producer)]
    if force is None or not codes:
        raise StudyError(
            "The force that released a log must be named as the log names it.",
            found=phrase("no look-up by a force of that name, among {n:,} forces", n=len(names)),
            remedy="leave --producer out, or name it as the column of forces does",
        )
    return np.isin(force.codes[rows], codes)


def _numbers(exports: Sequence[Export], rows: Ints) -> dict[str, NumberColumn]:
    found = {}
    for name in NUMBERS:
        if not any(name in one.rows.numbers for one in exports):
            continue
        values = np.concatenate(
            [
                one.rows.numbers.pop(name, np.full(len(one.rows), np.nan, np.float32))
                for one in exports
            ]
        )
        chunks = [(len(one.rows), one.rows.odd.pop(name, None)) for one in exports]
        states = states_of_numbers(chunks, ~np.isnan(values), name)[rows]
        values = values[rows]
        known = values[~np.isnan(values)]
        same = known.size >= _FEWEST_CONSTANT and bool((known == known[0]).all())
        found[name] = NumberColumn(values, states, same)
    return found


def _releases(
    exports: Sequence[Export], order: Order, hashed: Sequence[HashedFile]
) -> tuple[Release, ...]:
    made: list[Release | None] = [None] * len(exports)
    for export, place in zip(exports, order.releases, strict=True):
        times = export.rows.at[export.rows.at != NO_TIME].view("datetime64[us]")
        made[int(place)] = Release(
            export.part.table.name,
            hashed[export.part.given].sha256,
            export.preset.name,
            export.columns,
            len(export.rows),
            times.min() if times.size else None,
            times.max() if times.size else None,
            cap_of(len(export.rows)),
            export.number,
            tuple(export.rows.uneven.tolist()),
        )
    return tuple(one for one in made if one is not None)


def _quality(
    exports: Sequence[Export],
    hashed: tuple[HashedFile, ...],
    log: AccessLog,
    repeats: Repeats,
    order: Order,
    codings: Mapping[str, Coding],
    producer: str | None,
) -> AccessQuality:
    kept = np.bincount(log.release, minlength=len(exports))
    by_rank = sorted(zip(order.releases.tolist(), exports, strict=True), key=lambda pair: pair[0])
    columns = (*log.coded, *log.numbers)
    constant = {name for name, one in log.coded.items() if one.constant}
    constant |= {name for name, one in log.numbers.items() if one.constant}
    masked: dict[str, int] = {}
    for coding in codings.values():
        for name, count in coding.masked.items():
            masked[name] = masked.get(name, 0) + count
    return AccessQuality(
        files=hashed,
        exports=tuple(
            ExportRead(
                name=release.name,
                part=release.part,
                preset=release.preset,
                columns=release.columns,
                not_read=export.not_read,
                rows=release.rows,
                kept=int(kept[rank]),
                uneven=release.uneven,
                unread_times=export.rows.unread_times,
                days_only=export.rows.days_only,
                moved=export.rows.moved,
                first=None if release.first is None else f"{release.first}Z",
                last=None if release.last is None else f"{release.last}Z",
                cap=release.cap,
            )
            for (rank, export), release in zip(by_rank, log.releases, strict=True)
        ),
        overlaps=tuple(Overlap(*pair, n) for pair, n in sorted(repeats.shared.items())),
        rows=sum(len(one.rows) for one in exports),
        lookups=len(log),
        same_id=repeats.same_id,
        same_row=repeats.same_row,
        near=log.repeated["near"],
        differing=repeats.differing,
        cells={
            name: {state.name.lower(): n for state, n in log.counted(name).items()}
            for name in columns
        },
        constant=tuple(sorted(constant)),
        masked=dict(sorted(masked.items())),
        producer=producer is not None,
        own=None if log.own is None else int(log.own.sum()),
    )
