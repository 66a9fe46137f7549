"""`read_beside`: roster, accounts, authorised list and register of cases, joined to a log's keys.

What a list names is hashed under the same salt as the log and compared by hash; what the log does
not know is counted and forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Ints
from veedor.audits.access.cells import spelled, states_of
from veedor.audits.access.coding import Coding, force_digests, paired
from veedor.audits.access.in_force import InForce
from veedor.audits.access.list_columns import (
    NOT_SAID,
    header_of,
    instants_of,
    minutes_of,
    needed_header,
    read_column,
    texts_of,
)
from veedor.audits.access.lists import Accounts, Roster, Trait
from veedor.audits.access.log import CellState, Codes
from veedor.audits.access.registers import Registers
from veedor.audits.access.salt import Digests, Salt
from veedor.errors import DataError, phrase
from veedor.tables.clocks import LocalClock
from veedor.tables.escape import shown
from veedor.tables.opening import open_table
from veedor.tables.personal import refuse_personal_text
from veedor.tables.source import Source

_USER = ("user", "user id", "username", "user name", "name", "email", "usuario", "operador")
_FORCE = ("force", "org name", "agency", "organization", "fuerza", "organismo")
_UNIT = ("unit", "unidad", "dependencia")
_SHIFT = ("shift", "turno")
_SHIFT_START = ("shift start", "starts", "inicio del turno", "inicio turno")
_SHIFT_END = ("shift end", "ends", "fin del turno", "fin turno")
_ROLE = ("role", "title", "rank", "cargo", "rol", "jerarquia")
_KEY = ("key", "plate", "license plate", "dni", "patente", "dominio")
_CASE = ("case", "case number", "expediente", "causa", "legajo")
_SINCE = ("valid from", "from", "since", "granted", "opened", "start", "desde", "abierto", "alta",
          "vigente desde", "fecha de inicio", "created")  # fmt: skip
_UNTIL = ("valid until", "until", "to", "revoked", "closed", "end", "hasta", "cerrado", "baja",
          "vigente hasta", "fecha de cierre")  # fmt: skip
_VERSION = ("version", "list date", "as of", "fecha de la lista")
_LAST_LOGIN = ("last login", "ultimo ingreso", "ultimo acceso")
_SEARCH = ("search", "may search", "puede consultar")


@dataclass(frozen=True)
class ListPaths:
    """Files of what is known beside a log.

    Parameters
    ----------
    roster, accounts, cases : Path, optional
    authorised : tuple of Path
        One or more: rows that say from when until when, or a file or column for each version.
    """

    roster: Path | None = None
    accounts: Path | None = None
    authorised: tuple[Path, ...] = ()
    cases: Path | None = None


@dataclass(frozen=True, eq=False)
class _Joining:
    """Keys of a log by their digests, and how lists are hashed to be found among them."""

    keys: Mapping[str, Coding]
    salt: Salt
    clock: LocalClock
    by_force: bool

    def held(self, column: str) -> int:
        """How many keys of a column the log has."""
        return self.keys[column].distinct if column in self.keys else 0

    def codes(self, column: str, digests: Digests) -> Codes:
        """Code in the log of what is hashed; -1 where the log has none of it."""
        known = self.keys[column].digests if column in self.keys else None
        if known is None or not known.size:
            return np.full(digests.size, -1, np.int32)
        order = np.argsort(known)
        at = np.minimum(np.searchsorted(known[order], digests), known.size - 1)
        return np.where(known[order][at] == digests, order[at], -1).astype(np.int32)


def read_beside(
    paths: ListPaths,
    keys: Mapping[str, Coding],
    salt: Salt,
    clock: LocalClock,
    *,
    by_force: bool,
) -> Registers:
    """Read what is known beside a log.

    Parameters
    ----------
    paths : ListPaths
    keys : mapping of str to Coding
        Users, keys and cases of the log, numbered as it has them.
    salt : Salt
    clock : LocalClock
        Times of lists that say no offset are local.
    by_force : bool
        Whether users of the log are known with their force only.

    Raises
    ------
    UnreadableError, DataError
        If a list cannot be read, lacks a column, names one user twice, or a span ends before it
        begins.
    """
    joining = _Joining(keys, salt, clock, by_force)
    authorised = [_spans(path, joining) for path in paths.authorised]
    return Registers(
        None if paths.roster is None else _roster(paths.roster, joining),
        None if paths.accounts is None else _accounts(paths.accounts, joining),
        _in_force([one for one in authorised if one.column == "key"]),
        _in_force([one for one in authorised if one.column == "case"]),
        None if paths.cases is None else _in_force([_spans(paths.cases, joining, register=True)]),
        None if paths.cases is None else _case_units(paths.cases, joining),
    )


@dataclass(frozen=True, eq=False)
class _Spans:
    column: str
    keys: Digests
    codes: Codes
    since: Ints
    until: Ints
    version: Ints


def _roster(path: Path, joining: _Joining) -> Roster:
    with open_table(path, persons=False) as source:
        user = _users(source, joining)
        _refuse_twice(source, user)
        rows = np.flatnonzero(user >= 0)
        held = joining.held("user")
        return Roster(
            _trait(source, _FORCE, user, rows, held),
            _trait(source, _UNIT, user, rows, held),
            _trait(source, _SHIFT, user, rows, held),
            _trait(source, _ROLE, user, rows, held),
            user.size,
            held - rows.size,
            _by_user(minutes_of(source, _SHIFT_START), user, rows, held),
            _by_user(minutes_of(source, _SHIFT_END), user, rows, held),
        )


def _by_user(
    minutes: npt.NDArray[np.int16] | None, user: Codes, rows: Ints, held: int
) -> npt.NDArray[np.int16] | None:
    if minutes is None:
        return None
    found = np.full(held, -1, np.int16)
    found[user[rows]] = minutes[rows]
    return found


def _accounts(path: Path, joining: _Joining) -> Accounts:
    with open_table(path, persons=False) as source:
        user = _users(source, joining)
        flags = np.full(user.size, -1, np.int8)
        header = source.find(*_SEARCH)
        if header is not None:
            said = read_column(source, source.truth(header).sql).to_numpy()
            flags[said == 1] = 1
            flags[said == 0] = 0
        return Accounts(
            user,
            instants_of(source, _SINCE, joining.clock, user.size),
            instants_of(source, _UNTIL, joining.clock, user.size, end=True),
            instants_of(source, _LAST_LOGIN, joining.clock, user.size),
            flags,
            joining.held("user") - np.unique(user[user >= 0]).size,
        )


def _spans(path: Path, joining: _Joining, *, register: bool = False) -> _Spans:
    with open_table(path, persons=False) as source:
        key = None if register else header_of(source, _KEY)
        column = "case" if key is None else "key"
        header = key or needed_header(source, _CASE if register else (*_KEY, *_CASE), column)
        said = texts_of(source, header)
        digests = joining.salt.digests(spelled(said, column))
        keep = states_of(said, column) == CellState.VALUE
        rows = len(said)
        version = instants_of(source, _VERSION, joining.clock, rows)
        since = instants_of(source, _SINCE, joining.clock, rows)
        until = instants_of(source, _UNTIL, joining.clock, rows, end=True)
        wrong = ~np.isnat(since) & ~np.isnat(until) & (until < since) & keep
        if wrong.any():
            raise DataError(
                "What a list says must not end before it begins.",
                found=phrase("{n} rows that do", n=int(wrong.sum())),
                where=source.where([int(row) for row in np.flatnonzero(wrong)]),
                remedy="correct the dates",
            )
        return _Spans(
            column,
            digests[keep],
            joining.codes(column, digests[keep]),
            since[keep].astype(np.int64),
            until[keep].astype(np.int64),
            version[keep].astype(np.int64),
        )


def _case_units(path: Path, joining: _Joining) -> Trait | None:
    """Give the unit to which each case of the log is assigned."""
    with open_table(path, persons=False) as source:
        header = needed_header(source, _CASE, "case")
        said = spelled(texts_of(source, header), "case")
        case = joining.codes("case", joining.salt.digests(said))
        return _trait(source, _UNIT, case, np.flatnonzero(case >= 0), joining.held("case"))


def _in_force(lists: Sequence[_Spans]) -> InForce | None:
    """Make one list of several, each version in force until the next one."""
    if not lists:
        return None
    keys = np.concatenate([one.keys for one in lists])
    codes = np.concatenate([one.codes for one in lists])
    since = np.concatenate([one.since for one in lists])
    until = np.concatenate([one.until for one in lists])
    version = np.concatenate([one.version for one in lists])
    versions = np.unique(version[version != NOT_SAID])
    dated = version != NOT_SAID
    if versions.size:
        replaced = np.append(versions[1:], NOT_SAID)
        at = np.searchsorted(versions, version[dated])
        since[dated] = np.maximum(since[dated], version[dated])
        ends = replaced[at]
        own = until[dated]
        until[dated] = np.where(
            ends == NOT_SAID, own, np.where(own == NOT_SAID, ends, np.minimum(own, ends))
        )
    ended = (since != NOT_SAID) & (until != NOT_SAID) & (until <= since)
    kept = (codes >= 0) & ~ended
    # NaT is the smallest number: a span without a start leaves the whole without one.
    begins = since[~ended].min() if (~ended).any() else NOT_SAID
    return InForce(
        codes[kept],
        since[kept].view("datetime64[us]"),
        until[kept].view("datetime64[us]"),
        int(np.unique(keys).size),
        versions.view("datetime64[us]"),
        np.datetime64(int(begins), "us") if begins != NOT_SAID else np.datetime64("NaT", "us"),
    )


def _users(source: Source, joining: _Joining) -> Codes:
    """Give the code in the log of each row's user, by name, address or first and last name."""
    first, last = (
        header_of(source, ("first name", "nombre")),
        header_of(source, ("last name", "apellido")),
    )
    header = header_of(source, _USER)
    candidates = []
    if first is not None and last is not None:
        names = pc.binary_join_element_wise(
            *(pc.fill_null(texts_of(source, one), "") for one in (first, last)), " "
        )
        candidates.append(names)
    if header is not None:
        candidates.append(texts_of(source, header))
    if not candidates:
        needed_header(source, _USER, "user")
    digests = [joining.salt.digests(spelled(one, "user")) for one in candidates]
    if joining.by_force:
        force = needed_header(source, _FORCE, "force")
        owners = force_digests(
            spelled(pc.fill_null(texts_of(source, force), ""), "force"), joining.salt
        )
        digests = [paired(owners, one) for one in digests]
    found = [joining.codes("user", one) for one in digests]
    # A list of accounts has names and addresses; the log has one of them.
    return max(found, key=lambda codes: int((codes >= 0).sum()))


def _refuse_twice(source: Source, user: Codes) -> None:
    rows = np.flatnonzero(user >= 0)
    order = rows[np.argsort(user[rows], kind="stable")]
    twice = order[1:][user[order][1:] == user[order][:-1]]
    if twice.size:
        raise DataError(
            "A roster must have one row for each user.",
            found=phrase("{n} that repeat one before", n=twice.size),
            where=source.where([int(row) for row in twice]),
            remedy="keep the row that holds for the time of the log",
        )


def _trait(
    source: Source, spelling: Sequence[str], keys: Codes, rows: Ints, held: int
) -> Trait | None:
    """Give what a column says of each key of the log."""
    header = header_of(source, spelling)
    if header is None:
        return None
    said = spelled(texts_of(source, header), "unit")
    coded = pc.if_else(
        pa.array(states_of(said, "unit") == CellState.VALUE), said, None
    ).dictionary_encode()
    refuse_personal_text(
        coded.dictionary.to_pylist(),
        what=phrase("a value"),
        where=phrase(
            "column {header} of {name}", header=repr(shown(header)), name=source.table.name
        ),
    )
    order = pc.array_sort_indices(coded.dictionary).to_numpy()
    turned = np.empty(order.size + 1, np.int32)
    turned[order] = np.arange(order.size, dtype=np.int32)
    turned[-1] = -1
    codes = np.full(held, -1, np.int32)
    codes[keys[rows]] = turned[pc.fill_null(coded.indices, -1).to_numpy()][rows]
    return Trait(codes, tuple(coded.dictionary.take(pa.array(order)).to_pylist()))
