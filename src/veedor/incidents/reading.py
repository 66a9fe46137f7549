"""`read`: files to `Incidents`, every row either kept or set aside for a reason."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from veedor.errors import DataError, UnreadableError, phrase
from veedor.files.temporary import temporary_folder
from veedor.incidents import tally as reasons
from veedor.incidents.batches import PLACE_BITS, BatchReader
from veedor.incidents.categories import plain
from veedor.incidents.columns import Source
from veedor.incidents.date_parts import assembled
from veedor.incidents.duplicates import counted_before, identical, repeated
from veedor.incidents.identifiers import IdSpool
from veedor.incidents.intervals import DOUBTS
from veedor.incidents.layouts import laid_out, person_columns
from veedor.incidents.model import Incidents, Provenance, TableRead
from veedor.incidents.outliers import find_outliers
from veedor.incidents.places import DEFAULT_POINT, REASONS
from veedor.incidents.refusals import screen_categories
from veedor.incidents.rewriting import without_places, without_rows
from veedor.incidents.scan import clock_style, find_decimals, find_styles, roles_in, scan
from veedor.incidents.spool import AnyArray, Spool
from veedor.incidents.tally import FileRows, Tally
from veedor.tables.database import (
    MOST_MALFORMED,
    SWALLOWS_LINES,
    Database,
    Table,
    UnevenLinesError,
    table,
)
from veedor.tables.dialect import Format
from veedor.tables.escape import shown
from veedor.tables.files import InputFile, find, opened
from veedor.tables.hashes import Hashes
from veedor.tables.personal import refuse_personal_header

_CHUNK = 1_000_000
_KINDS: dict[str, str] = {
    "category": "i2",
    "start": "i8",
    "end": "i8",
    "x_m": "f8",
    "y_m": "f8",
    "reported_at": "i8",
    "precision_m": "f4",
    "row": "i8",
    "notes": "u2",
}


@dataclass(frozen=True, eq=False)
class Reading:
    """What `read` gives: the incidents, and what was counted on the way.

    Parameters
    ----------
    incidents : Incidents
    source : Source
    tally : Tally
        Counts; `rows_in` + `counted_more` = `len(incidents)` + all of `set_aside`.
    """

    incidents: Incidents
    source: Source
    tally: Tally

    def owners(self, value: str) -> int:
        """Return the index of the category that gathers a raw value, or -1."""
        return self.source.category_index().get(plain(value), -1)


def read(
    source: Source,
    *,
    workspace: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """Read recorded incidents.

    Only the mapped columns are read; the others are dropped and named. Each row is kept or set
    aside for one reason. The columns are written to `workspace` as they are read and mapped at the
    end, so memory does not grow with the files. The same files give the same arrays, whatever the
    number of cores.

    Parameters
    ----------
    source : Source
    workspace : Path, optional
        Existing folder with room for temporary files; the system's where not given.
    progress : callable, optional
        Called with the number of rows read so far.

    Raises
    ------
    UnreadableError
        If a file is not what it claims to be or lacks a mapped column.
    StudyError
        If the order of day and month cannot be known.
    ConflictingRowsError
        If two rows share an id and differ.
    PersonalDataRefusal, ProtestRefusal
        What veedor does not do, by design.
    DataError
        If no row can be kept.
    """
    for role, column in source.columns.roles().items():
        refuse_personal_header(role, column)
    screen_categories(source.categories)
    paths = find(source.paths)
    try:
        return _read(source, paths, workspace, progress, even_lines=False)
    except UnevenLinesError:
        # Rare, and costs a copy of the file: tried only when the file itself cannot be parsed.
        return _read(source, paths, workspace, progress, even_lines=True)


def _read(
    source: Source,
    paths: list[Path],
    workspace: Path | None,
    progress: Callable[[int], None] | None,
    *,
    even_lines: bool,
) -> Reading:
    with (
        temporary_folder(workspace) as folder,
        Hashes(paths) as hashes,
    ):
        (folder / "unpacked").mkdir()
        files = [
            file
            for path in paths
            for file in opened(path, folder / "unpacked")
            if source.layout is None or not source.layout.sets_aside(file.name)
        ]
        for part in ("spool", "final"):
            (folder / part).mkdir()
        with (
            closing(Database(folder / "unpacked")) as database,
            closing(Spool(folder / "spool")) as spool,
            closing(Spool(folder / "final")) as final,
        ):
            run = _Run(source, database, spool, final, progress)
            return run.read(files, hashes, even_lines=even_lines)


class _Run:
    """One run of `read`."""

    def __init__(
        self,
        source: Source,
        database: Database,
        spool: Spool,
        final: Spool,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.source = source
        self.database = database
        self.spool = spool
        self.final = final
        self.progress = progress
        self.tally = Tally()
        self.ids: dict[str, IdSpool] = {
            role: IdSpool(self.spool, role)
            for role in ("id", "incident")
            if role in source.columns.roles()
        }
        self.reader = BatchReader(source, self.tally)

    def read(self, files: list[InputFile], hashes: Hashes, *, even_lines: bool) -> Reading:
        known = Format(
            encoding=self.source.encoding,
            delimiter=self.source.delimiter,
            even_lines=even_lines,
            skip_rows=self.source.skip_rows,
            header=self.source.header,
            sheets=self.source.sheets,
        )
        tables = [table(self.database, file, known) for file in files]
        if self.source.layout is not None:
            tables = [laid_out(self.database, one, self.source.layout) for one in tables]
        tables, mapped = assembled(self.database, tables, self.source.columns)
        styles = find_styles(self.database, tables, mapped, self.source)
        decimals: list[dict[str, str]] = []
        for one, style in zip(tables, styles, strict=True):
            roles = roles_in(one, mapped)
            unread = self.reader.intervals.begin(clock_style(one, roles, self.source), style)
            decimals.append(
                find_decimals(
                    self.database, one, roles, self.source.decimal, degrees=self.reader.degrees
                )
            )
            batches = scan(
                self.database, one, roles, style, decimals[-1], unread, self.source.point_first
            )
            self._read_table(one, batches)
            unread.refuse(roles, one.name)
            self.tally.note_times(unread, style, one.name)
            self._name_dropped(one, roles)
        self.reader.refuse_personal()
        columns = self._without_defaults(self._columns())
        self.tally.cause, self.tally.remedy = self.reader.projector.cause()
        self._count(columns["notes"])
        self.tally.swapped_suspected = _within(
            self.reader.swapped(), columns["x_m"], columns["y_m"]
        )
        incidents = self._incidents(columns, self._provenance(tables, decimals, hashes))
        return Reading(incidents, self.source, self.tally)

    def _read_table(self, one: Table, batches: Any) -> None:
        first = at = (
            self.tally.files[-1].first + self.tally.files[-1].well_formed if self.tally.files else 0
        )
        for batch in batches:
            columns, ids_of = self.reader.columns(batch, at)
            for name, values in columns.items():
                exact = name == "end" and values is columns["start"]
                self.spool.append(name, values, as_in="start" if exact else None)
            for role, ids in ids_of.items():
                self.ids[role].append(ids)
            if at == first:
                self.reader.refuse_personal()
            at += len(batch)
            if self.progress is not None:
                self.progress(at)
        malformed = self._malformed(one)
        self.tally.files.append(FileRows(one.name, first, at - first, malformed))
        self.tally.rows_in += at - first + len(malformed)

    def _malformed(self, one: Table) -> AnyArray:
        if one.kind != "csv":
            return np.empty(0, dtype=np.int64)
        found = self.database.malformed()
        if len(found) > MOST_MALFORMED:
            raise DataError(
                phrase(
                    "At most {most_malformed} rows of a file may be malformed.",
                    most_malformed=MOST_MALFORMED,
                ),
                found=phrase("more"),
                where=one.name,
                remedy="set the delimiter and encoding, or export the file again",
            )
        by_reason: dict[str, list[int]] = {}
        for line, kind in found:
            if kind == SWALLOWS_LINES:
                raise UnreadableError(
                    "Quotes must close, or the rows after them are lost.",
                    found=phrase("a quote that runs on over the end of its line"),
                    where=phrase(
                        "{name}, row {line}", name=one.name, line=line - 1 - one.lines_before
                    ),
                    remedy="close the quote, or export the file again",
                )
            reason = reasons.MALFORMED.get(kind, reasons.MALFORMED_OTHERWISE)
            by_reason.setdefault(reason, []).append(line - 1 - one.lines_before)
        for why, rows in sorted(by_reason.items()):
            self.tally.put_malformed(one.name, why, rows)
        return np.sort(np.array([line - 1 - one.lines_before for line, _ in found], dtype=np.int64))

    def _name_dropped(self, one: Table, roles: dict[str, str]) -> None:
        self.tally.dropped[one.name] = [
            shown(name, 80)
            for name in one.unread(roles.values())
            if not name.startswith("geometry.")
        ]
        if self.source.layout is not None:
            persons = person_columns(self.source.layout, one.headers)
            self.tally.persons += [name for name in persons if name not in self.tally.persons]

    def _columns(self) -> dict[str, AnyArray]:
        """Map the columns, without the rows that repeat an earlier one."""
        absent = {name for name in ("reported_at", "precision_m") if not self._has(name)}
        kinds = {name: kind for name, kind in _KINDS.items() if name not in absent}
        columns = self.spool.columns(kinds)
        content = {name: values for name, values in columns.items() if name not in ("row", "notes")}
        for role, spooled in self.ids.items():
            columns[role] = spooled.finish(self.final)
        if "id" in columns:
            where = columns["row"]
            again = repeated(columns["id"], content, lambda at: self.tally.where(int(where[at])))
            columns = self._without(columns, again, reasons.DUPLICATE)
        if "incident" in columns:
            again = counted_before(columns["incident"], columns["category"], columns["row"])
            columns = self._without(columns, again, reasons.SAME_INCIDENT)
        if "id" not in columns:
            n = len(columns["row"])
            content = {name: columns[name] for name in content}
            self.tally.identical_rows = identical(content, n) - self.tally.counted_more
            columns["id"] = columns["row"] if not self.tally.counted_more else np.arange(n)
        if len(columns["row"]) == 0:
            counted = "; ".join(
                f"{reason}: {count}" for reason, count in self.tally.set_aside.most_common()
            )
            raise DataError(
                "At least one row must be kept.",
                found=phrase(
                    "{rows_in} rows in, all set aside ({counted})",
                    rows_in=self.tally.rows_in,
                    counted=counted,
                ),
                where=", ".join(file.name for file in self.tally.files[:5]),
                remedy="check the columns and the values of the categories in study.toml",
            )
        return columns

    def _without_defaults(self, columns: dict[str, AnyArray]) -> dict[str, AnyArray]:
        """Take the place of incidents that are on a default point far from all others."""
        found = find_outliers(columns["x_m"], columns["y_m"], self.source.crs)
        self.tally.far = len(found.far)
        self.tally.far_points = found.points
        self.tally.farthest_m = found.farthest_m
        self.tally.far_rows = [self.tally.where(int(columns["row"][at])) for at in found.far[:5]]
        if len(found.defaults) == 0:
            return columns
        return columns | without_places(columns, found.defaults, DEFAULT_POINT, self.final)

    def _without(
        self, columns: dict[str, AnyArray], again: AnyArray, reason: str
    ) -> dict[str, AnyArray]:
        """Set rows aside that repeat an earlier one; of a row of several incidents, once."""
        if len(again) == 0:
            return columns
        rows = np.unique(columns["row"][again])
        self.tally.put_aside(reason, rows)
        self.tally.counted_more -= len(again) - len(rows)
        part = "unique" if reason == reasons.DUPLICATE else "once"
        return without_rows(columns, again, self.final, part)

    def _count(self, notes: AnyArray) -> None:
        """Count what the notes of the incidents that are kept say."""
        counts = np.zeros(1 << 16, dtype=np.int64)
        for first in range(0, len(notes), _CHUNK):
            counts += np.bincount(notes[first : first + _CHUNK], minlength=len(counts))
        noted = np.flatnonzero(counts)
        for code, why in enumerate(REASONS, start=1):
            count = int(counts[noted[(noted & PLACE_BITS) == code]].sum())
            if count:
                self.tally.unlocated[why] = count
        for counter, bit in DOUBTS.items():
            setattr(self.tally, counter, int(counts[noted[(noted & bit) > 0]].sum()))

    def _has(self, name: str) -> bool:
        role = "precision" if name == "precision_m" else name
        return role in self.source.columns.roles()

    def _incidents(self, columns: dict[str, AnyArray], provenance: Provenance) -> Incidents:
        reported = columns.get("reported_at")
        return Incidents(
            id=columns["id"],
            category=columns["category"],
            start=columns["start"].view("datetime64[us]"),
            end=columns["end"].view("datetime64[us]"),
            reported_at=None if reported is None else reported.view("datetime64[us]"),
            x_m=columns["x_m"],
            y_m=columns["y_m"],
            precision_m=columns.get("precision_m"),
            categories=self.source.categories,
            crs=self.source.crs,
            time_zone=self.source.time_zone,
            provenance=provenance,
        )

    def _provenance(
        self, tables: list[Table], decimals: list[dict[str, str]], hashes: Hashes
    ) -> Provenance:
        rows = {file.name: file.well_formed + len(file.malformed) for file in self.tally.files}
        return Provenance(
            files=hashes.found(),
            tables=tuple(
                TableRead(
                    name=one.name,
                    format=one.kind,
                    encoding=one.written.encoding,
                    delimiter=one.written.delimiter,
                    decimal="".join(sorted(set(marks.values()))) or "."
                    if one.kind == "csv"
                    else None,
                    skip_rows=one.written.skip_rows,
                    header=one.written.header,
                    sheets=one.written.sheets,
                    rows=rows[one.name],
                )
                for one, marks in zip(tables, decimals, strict=True)
            ),
            columns={
                role: shown(column, 100) for role, column in self.source.columns.roles().items()
            },
            time_format=self.source.time_format,
            input_crs=self.source.input_crs,
            layout=None if self.source.layout is None else self.source.layout.name,
        )


def _within(suspects: AnyArray, x_m: AnyArray, y_m: AnyArray) -> int:
    """Count the suspects that lie where the bulk of the incidents lies."""
    if len(suspects) == 0:
        return 0
    step = max(1, len(x_m) // 100_000)
    x, y = x_m[::step], y_m[::step]
    there = np.isfinite(x)
    if not there.any():
        return len(suspects)
    inside = np.ones(len(suspects), dtype=bool)
    for axis, values in enumerate((x[there], y[there])):
        low, high = np.quantile(values, (0.01, 0.99))
        slack = max(high - low, 20_000.0)
        inside &= (suspects[:, axis] >= low - slack) & (suspects[:, axis] <= high + slack)
    return int(np.count_nonzero(inside))
