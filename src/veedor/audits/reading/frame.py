"""`Frame`: the rows that could be read by people, in strata, and what identifies them to the byte.

Any table of anyone's: alerts, or the look-ups of an access log. Only the key and the columns that
make strata are kept; all others go into the frame's hash and are read no further.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from veedor.arrays import Ints
from veedor.errors import DataError, PersonalDataRefusal, StudyError, phrase
from veedor.statistics.suppression import SMALL_COUNT
from veedor.tables.escape import shown
from veedor.tables.kinds import Column
from veedor.tables.opening import open_table
from veedor.tables.personal import names_a_person
from veedor.tables.source import NO_DAY, Source
from veedor.tables.written import quoted

#: Strata that a plan may have: more are read too thinly to tell anything.
MOST_STRATA = 60
_NAME = "frame"
_LONGEST_NAME = 120
_BATCH = 100_000


class FrameColumns(msgspec.Struct, frozen=True):
    """Which columns of a table make a frame.

    Parameters
    ----------
    key : str
        Names each row, once; empty where rows are named by their place in the file, from 1.
    alert : str
        True for what the system flagged: alerts and all else are planned apart. Empty where every
        row is one and the same kind, as all alerts or all look-ups.
    strata : tuple of str
        A stratum for each combination of their values.
    score : str
        Cut into bands at `cuts`; empty for none.
    cuts : tuple of float
        Rising; a score that equals one is above it.
    month : str
        A column of times, by calendar month; empty for none.
    """

    key: str = ""
    alert: str = ""
    strata: tuple[str, ...] = ()
    score: str = ""
    cuts: tuple[float, ...] = ()
    month: str = ""

    def __post_init__(self) -> None:
        """Hold that a score has cuts, and cuts a score."""
        if bool(self.score) != bool(self.cuts):
            raise StudyError(
                "A score makes strata by where it is cut.",
                found=phrase("--score without --cut") if self.score else phrase("--cut alone"),
                remedy="give both --score and one --cut or more",
            )
        if list(self.cuts) != sorted(set(self.cuts)):
            raise StudyError(
                "Cuts of a score must rise.", found=", ".join(f"{one:g}" for one in self.cuts)
            )


@dataclass(frozen=True)
class Stratum:
    """Some rows of a frame.

    Parameters
    ----------
    name : str
        Made of headers and values: ``kind=plate; score>=0.5``.
    alert : bool
        Whether it is of what the system flagged, or of a frame without that question.
    rows : int
        At least 10.
    """

    name: str
    alert: bool
    rows: int


@dataclass(frozen=True)
class Frame:
    """A table as a frame: open while it is asked.

    Parameters
    ----------
    source : Source
    columns : FrameColumns
    strata : tuple of Stratum
        In the order of their names, alerts first.
    rows : int
    digest : str
        SHA-256 of all rows and all their columns, whatever their order; without a key, in their
        order.
    """

    source: Source
    columns: FrameColumns
    strata: tuple[Stratum, ...]
    rows: int
    digest: str

    def keys_at(self, strata: Sequence[str], places: Ints) -> list[str]:
        """Return the keys of strata at places of their order, which does not hang on the file's.

        Parameters
        ----------
        strata : sequence of str
            Taken as one.
        places : array of int
            From 0.
        """
        wanted = ", ".join(str(int(place) + 1) for place in places)
        if not wanted:
            return []
        of = ", ".join(map(quoted, strata))
        found = self.source.database.rows(
            f"SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) AS place FROM {_NAME} "
            f"WHERE stratum IN ({of})) WHERE place IN ({wanted}) ORDER BY place"
        )
        return [str(key) for (key,) in found]

    def stratum_of(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the stratum of each of some keys that the frame has."""
        wanted = ", ".join(quoted(key) for key in keys) or "NULL"
        return {
            str(key): str(stratum)
            for key, stratum in self.source.database.rows(
                f"SELECT key, stratum FROM {_NAME} WHERE key IN ({wanted})"
            )
        }


@contextmanager
def open_frame(path: Path, columns: FrameColumns) -> Iterator[Frame]:
    """Open a table as a frame.

    Strata of fewer than 10 rows are put together with the smallest others of their side.

    Parameters
    ----------
    path : Path
    columns : FrameColumns

    Raises
    ------
    DataError
        If a key is empty or there twice, or a flag is not true or false, or too few rows.
    PersonalDataRefusal
        If a key or a stratum holds data about persons.
    """
    named = [columns.key, columns.alert, *columns.strata, columns.score, columns.month]
    refuse_persons([one for one in named if one], path.name)
    with open_table(path, [columns.key] if columns.key else [], persons=False) as source:
        rows = source.load(_NAME + "_read", _columns(source, columns))
        if columns.key:
            source.distinct(_NAME + "_read", "key", columns.key)
            source.forbid(_NAME + "_read", "key IS NULL", phrase("Every row must have a key."))
        source.screen_labels(
            _NAME + "_read",
            {f"s{n}": header for n, header in enumerate(columns.strata)},
        )
        _name_strata(source, columns)
        yield Frame(source, columns, _joined(source), rows, _digest(source))


def refuse_persons(headers: Sequence[str], where: str) -> None:
    """Refuse columns whose headers name persons: by key, stratum or what readers see.

    Raises
    ------
    PersonalDataRefusal
    """
    for header in headers:
        if names_a_person(header):
            raise PersonalDataRefusal(
                "No person is sampled, sorted or shown: columns that name persons are not read.",
                found=phrase("column {header}", header=repr(shown(header))),
                where=where,
                remedy="name another column; without --key, rows are named by their place",
            )


def _columns(source: Source, columns: FrameColumns) -> dict[str, Column]:
    every = ", ".join(f"coalesce({sql}::VARCHAR, chr(30))" for sql in source.table.columns.values())
    # A list of columns is hashed with what stands between them, so that no two rows run together.
    made = {
        "key": source.text(source.need(columns.key)) if columns.key else Column("NULL::VARCHAR"),
        "digest": Column(f"sha256(concat_ws(chr(31), {every}))"),
        "alert": source.truth(
            source.need(columns.alert), known=True,
            remedy=phrase("give true or false in every row, or leave --alert out"),
        ) if columns.alert else Column("1"),
        "score": source.number(source.need(columns.score)) if columns.score else Column("NULL"),
        "day": source.day(source.need(columns.month)) if columns.month else Column("NULL::DATE"),
    }  # fmt: skip
    return made | {
        f"s{n}": source.text(source.need(header)) for n, header in enumerate(columns.strata)
    }


def _name_strata(source: Source, columns: FrameColumns) -> None:
    """Make the table of the frame: key, side, stratum, digest."""
    parts = []
    if columns.alert:
        parts.append(f"{quoted(columns.alert + '=')} || (alert = 1)::VARCHAR")
    parts += [
        f"{quoted(header + '=')} || coalesce(s{n}, '')" for n, header in enumerate(columns.strata)
    ]
    if columns.score:
        cuts = [f"{one:g}" for one in columns.cuts]
        bands = [f"WHEN score < {cuts[0]} THEN {quoted(f'{columns.score}<{cuts[0]}')}"]
        bands += [
            f"WHEN score < {high} THEN {quoted(f'{low}<={columns.score}<{high}')}"
            for low, high in pairwise(cuts)
        ]
        parts.append(
            f"CASE WHEN score IS NULL THEN {quoted(columns.score + '=')} {' '.join(bands)} "
            f"ELSE {quoted(f'{columns.score}>={cuts[-1]}')} END"
        )
    if columns.month:
        source.forbid(
            _NAME + "_read", f"day = {NO_DAY}",
            phrase("Times must be days or times of one form, as 2022-01-31 or 31/01/2022."),
        )  # fmt: skip
        parts.append(f"{quoted(columns.month + '=')} || coalesce(strftime(day, '%Y-%m'), '')")
    name = f"concat_ws('; ', {', '.join(parts)})" if parts else "'all'"
    key, digest = "key", "digest"
    if not columns.key:
        key = "(rowid + 1)::VARCHAR"
        digest = f"sha256({key} || digest)"
    source.database.connection.execute(
        f"CREATE TEMP TABLE {_NAME} AS SELECT {key} AS key, alert = 1 AS alert, {name} AS stratum, "
        f"{digest} AS digest FROM {_NAME}_read"
    )


def _joined(source: Source) -> tuple[Stratum, ...]:
    """Count strata, and put small ones together."""
    counted = source.database.rows(
        f"SELECT alert, stratum, count(*) FROM {_NAME} GROUP BY ALL ORDER BY stratum"
    )
    strata: list[Stratum] = []
    for side in (True, False):
        of_side = [
            Stratum(str(name), side, int(rows)) for alert, name, rows in counted if alert == side
        ]
        strata += _merged(source, of_side)
    if len(strata) > MOST_STRATA:
        raise StudyError(
            phrase("A plan may have at most {most} strata.", most=MOST_STRATA),
            found=phrase("{n} of ten rows or more", n=len(strata)),
            remedy="give fewer --stratum or --cut: each stratum has rows of its own to be read",
        )
    return tuple(strata)


def _merged(source: Source, strata: list[Stratum]) -> list[Stratum]:
    while len(strata) > 1:
        strata.sort(key=lambda one: (one.rows, one.name))
        if strata[0].rows >= SMALL_COUNT:
            break
        small, next_one = strata[0], strata[1]
        name = shown(" / ".join(sorted((small.name, next_one.name))), _LONGEST_NAME)
        source.database.connection.execute(
            f"UPDATE {_NAME} SET stratum = {quoted(name)} "
            f"WHERE stratum IN ({quoted(small.name)}, {quoted(next_one.name)})"
        )
        strata[:2] = [Stratum(name, small.alert, small.rows + next_one.rows)]
    if strata and strata[0].rows < SMALL_COUNT:
        raise DataError(
            phrase("There must be {k} rows or more to draw from.", k=SMALL_COUNT),
            found=phrase("fewer than {k} on one side", k=SMALL_COUNT),
            where=source.table.name,
            remedy="so few can be read one by one; rates of them would be about single cases",
        )
    return sorted(strata, key=lambda one: one.name)


def _digest(source: Source) -> str:
    """SHA-256 over the digests of all rows, in the order of these."""
    digest = hashlib.sha256()
    rows = source.database.connection.sql(f"SELECT digest FROM {_NAME} ORDER BY digest")
    reader = rows.to_arrow_reader(_BATCH)
    for batch in reader:
        digest.update("\n".join(batch.column(0).to_pylist()).encode() + b"\n")
    return digest.hexdigest()


def drawn_places(rows: int, n: int, rng: np.random.Generator) -> Ints:
    """Draw places without replacement, each as likely as any other, in rising order.

    >>> drawn_places(5, 5, np.random.default_rng(0)).tolist()
    [0, 1, 2, 3, 4]
    """
    return np.sort(rng.choice(rows, n, replace=False)).astype(np.int64)
