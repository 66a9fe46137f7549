"""When the periods of a forecast file begin and end, as its maker wrote it: instants, or days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from veedor.arrays import Instants, Ints
from veedor.errors import DataError, ForecastFileError, phrase
from veedor.tables.clocks import LocalClock
from veedor.tables.time_columns import read_times
from veedor.tables.written import DAY_ONLY, MISSING, MONTH_ONLY, UTC

TIMES = ("start", "end")
_TIME = pa.timestamp("us", tz="UTC")
_DAY = np.timedelta64(1, "D")


def with_instants(
    table: pa.Table, head: Mapping[str, Any], name: str, time_zone: Callable[[], str] | None
) -> pa.Table:
    """Return a forecast's table with instants in the place of written times and of days.

    Times without an offset are local. Where both columns hold days, and each period ends the day
    before the next begins or on the day on which it begins, the last day is part of the period.

    Parameters
    ----------
    head : dict
        What the file says of itself; its ``time_zone`` goes first.
    name : str
        Of the file.
    time_zone : callable, optional
        Gives the IANA name of the local time; asked only for local times.

    Raises
    ------
    ForecastFileError
        If a time cannot be read, or is local and the time zone is not known.
    """
    columns = [table[role] for role in TIMES if role in table.column_names]
    if len(columns) < len(TIMES) or not all(
        pa.types.is_string(one.type) or pa.types.is_date(one.type) for one in columns
    ):
        return table
    coded = [one.cast(pa.string()).combine_chunks().dictionary_encode() for one in columns]
    # Both columns at once: one shows the order of day and month for the other.
    micros, kinds = _read([text for one in coded for text in one.dictionary.to_pylist()], name)
    local = (kinds != UTC) & (kinds != MISSING)
    zone = _zone(head, name, time_zone) if local.any() else ""
    if zone:
        micros = np.where(local, LocalClock(zone).to_utc(micros).utc, micros)
    instants = np.where(kinds == MISSING, np.datetime64("NaT", "us"), micros.view("datetime64[us]"))
    found: dict[str, Instants] = {}
    first = 0
    for role, one in zip(TIMES, coded, strict=True):
        at = one.indices.fill_null(0).to_numpy() + first
        nothing = one.indices.is_null().to_numpy(zero_copy_only=False)
        found[role] = np.where(nothing, np.datetime64("NaT", "us"), instants[at])
        first += len(one.dictionary)
    if bool(np.all(kinds == DAY_ONLY)):
        found["end"] = _after_last_day(found["start"], found["end"], zone)
    for role, instants in found.items():
        place = table.column_names.index(role)
        table = table.set_column(place, role, pa.array(instants).cast(_TIME))
    return table


def _read(texts: list[str], name: str) -> tuple[Ints, npt.NDArray[np.uint8]]:
    try:
        micros, kinds = read_times(texts, f"columns start and end of {name}")
    except DataError as error:
        raise ForecastFileError(
            phrase(
                "The columns start and end must hold times, as 2026-01-05T00:00:00Z, or local "
                "days: {must}",
                must=error.must[:1].lower() + error.must[1:],
            ),
            found=error.found,
            where=name,
            remedy=error.remedy,
        ) from error
    if (kinds == MONTH_ONLY).any():
        raise ForecastFileError(
            "The columns start and end must hold times or days.",
            found=phrase("months alone"),
            where=name,
            remedy="write the first day, and as the end the first day after it",
        )
    return micros, kinds


def _zone(head: Mapping[str, Any], name: str, time_zone: Callable[[], str] | None) -> str:
    if "time_zone" in head:
        return str(head["time_zone"])
    if time_zone is not None:
        return time_zone()
    raise ForecastFileError(
        "Times of a forecast must carry their offset, or their time zone must be known.",
        found=phrase("local times"),
        where=name,
        remedy="write them as 2026-01-05T00:00:00Z",
    )


def _after_last_day(start: Instants, end: Instants, time_zone: str) -> Instants:
    """Return where periods of whole days end: after their last day, if that is what `end` is."""
    clock = LocalClock(time_zone)
    local = clock.to_local(end.astype(np.int64)).view("datetime64[us]") + _DAY
    later: Instants = clock.to_utc(local.astype(np.int64)).utc.view("datetime64[us]")
    starts = np.unique(start)
    inner = end < starts[-1]
    touches = bool(inner.any()) and bool(np.isin(later[inner], starts).all())
    return later if touches or bool(np.any(end == start)) else end
