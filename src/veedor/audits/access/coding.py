"""Columns of texts to columns of codes: what each row holds, and in which state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Bools, Ints
from veedor.audits.access.cells import spelled, states_of
from veedor.audits.access.log import CellState, CodedColumn, Codes, States
from veedor.audits.access.personal import screened
from veedor.audits.access.salt import Digests, Salt

#: A column of as many look-ups that are all the same tells nothing of look-ups.
_FEWEST_CONSTANT = 30

Chunks = Sequence["tuple[int, list[pa.DictionaryArray] | None]"]


@dataclass(eq=False)
class Coding:
    """A column of all exports, one after another, whose values are codes.

    Parameters
    ----------
    codes : array of int32, shape (row,)
    states : array of uint8, shape (row,)
    texts : array of text or None
        By the code; None for keys of persons and cases, which are hashed and forgotten.
    digests : array of uint64 or None
        By the code, of such keys.
    masked : mapping of str to int
        Rows of which personal data was masked, by its kind.
    """

    codes: Codes
    states: States
    distinct: int
    texts: pa.Array | None = field(default=None, repr=False)
    digests: Digests | None = field(default=None, repr=False)
    masked: Mapping[str, int] = field(default_factory=dict)

    def forget(self) -> None:
        """Let go of the rows, which are large."""
        self.codes, self.states = np.empty(0, np.int32), np.empty(0, np.uint8)

    def taken(self, rows: Ints) -> CodedColumn:
        """Take rows in an order, and number the values anew.

        Those with texts are numbered in the order of these, keys as they come first.
        """
        codes, states = self.codes[rows], self.states[rows]
        firsts = _firsts(codes, self.distinct)
        values: tuple[str, ...] = ()
        if self.texts is not None:
            firsts = firsts[pc.array_sort_indices(self.texts.take(pa.array(firsts))).to_numpy()]
            self.texts = self.texts.take(pa.array(firsts))
            values = tuple(self.texts.to_pylist())
        if self.digests is not None:
            self.digests = self.digests[firsts]
        turned = np.full(self.distinct + 1, -1, np.int32)
        turned[firsts] = np.arange(firsts.size, dtype=np.int32)
        codes = turned[codes]
        self.distinct = int(firsts.size)
        constant = _constant(codes, states, self.distinct)
        return CodedColumn(codes, states, self.distinct, values, constant)


def _firsts(codes: Codes, distinct: int) -> Ints:
    """Codes that are there, in the order in which they come first."""
    place = np.full(distinct + 1, codes.size, np.int64)
    back = np.arange(codes.size - 1, -1, -1)
    place[codes[::-1]] = back  # the last to be written is the first to come
    used = np.flatnonzero(place[:distinct] < codes.size)
    return used[np.argsort(place[used], kind="stable")]


def _constant(codes: Codes, states: States, distinct: int) -> bool:
    """Whether a column says the same of every look-up, or only that all was taken out."""
    if codes.size < _FEWEST_CONSTANT:
        return False
    if distinct == 1:
        return bool((codes >= 0).mean() > 0.5)
    hidden = (states == CellState.WITHHELD) | (states == CellState.MASKED)
    return distinct == 0 and bool(hidden.any())


def coded(
    chunks: Chunks, column: str, *, salt: Salt | None, masks: bool, screen: bool, where: str
) -> Coding:
    """Code a column.

    Parameters
    ----------
    chunks : sequence of (int, list of DictionaryArray or None)
        Rows of each export and its batches, which are spent: they are as large as the log. None
        where it has no such column.
    column : str
    salt : Salt or None
        Under which values are hashed and forgotten.
    masks, screen : bool
        Whether personal data in the texts is looked for, and masked.
    where : str
        For errors.
    """
    kind = pa.dictionary(pa.int32(), pa.string())
    sizes = [(rows, None if found is None else len(found)) for rows, found in chunks]
    batches = [batch.cast(kind) for _, found in chunks for batch in found or ()]
    one = pa.chunked_array(batches, kind).unify_dictionaries()
    del batches
    for _, found in chunks:
        if found is not None:
            found.clear()
    texts = one.chunk(0).dictionary if one.num_chunks else pa.array([], pa.string())
    texts = pc.utf8_trim_whitespace(texts)
    blank = len(texts)  # of a cell that is null
    places = [pc.fill_null(chunk.indices, blank).to_numpy() for chunk in one.chunks]
    del one
    states = states_of(texts, column)
    masked: Mapping[str, int] = {}
    if screen:
        counts = np.zeros(blank + 1, np.int64)
        for place in places:
            counts += np.bincount(place, minlength=blank + 1)
        seen = screened(texts, counts[:-1], column=column, where=where, masks=masks)
        texts, masked = seen.texts, seen.found
        states[seen.masked] = CellState.PARTIAL
    holds = (states == CellState.VALUE) | (states == CellState.PARTIAL)
    named = pc.if_else(pa.array(holds), spelled(texts, column), None).dictionary_encode()
    code_of = np.append(pc.fill_null(named.indices, -1).to_numpy(), -1).astype(np.int32)
    state_of = np.append(states, CellState.EMPTY).astype(np.uint8)
    codes, kinds = _by_row(sizes, places, code_of, state_of)
    values = named.dictionary
    return Coding(
        codes,
        kinds,
        len(values),
        values if salt is None else None,
        None if salt is None else salt.digests(values),
        masked,
    )


def _by_row(
    sizes: Sequence[tuple[int, int | None]], places: list[Codes], code_of: Codes, state_of: States
) -> tuple[Codes, States]:
    """Code and state of each row, from the place of its text; places are let go of one by one."""
    total = sum(rows for rows, _ in sizes)
    codes = np.full(total, -1, np.int32)
    states = np.full(total, CellState.NOT_EXPORTED, np.uint8)
    places.reverse()
    at = 0
    for rows, batches in sizes:
        end = at + rows
        for _ in range(batches or 0):
            place = places.pop()
            np.take(code_of, place, out=codes[at : at + place.size])
            np.take(state_of, place, out=states[at : at + place.size])
            at += place.size
        at = end
    return codes, states


def states_of_numbers(chunks: Chunks, known: Bools, column: str) -> States:
    """State of each cell of a column of numbers: one that is no number is what stands there."""
    states, at = np.full(known.size, CellState.VALUE, np.uint8), 0
    for rows, found in chunks:
        if found is None:
            states[at : at + rows] = CellState.NOT_EXPORTED
            at += rows
            continue
        for batch in found:
            if pa.types.is_null(batch.type):
                states[at : at + len(batch)] = CellState.EMPTY
                at += len(batch)
                continue
            kinds = states_of(pc.utf8_trim_whitespace(batch.dictionary), column)
            # A word among numbers is none, whatever it says.
            kinds[kinds == CellState.VALUE] = CellState.PLACEHOLDER
            kinds = np.append(kinds, CellState.EMPTY)
            place = pc.fill_null(batch.indices, len(batch.dictionary)).to_numpy()
            states[at : at + len(batch)] = kinds[place]
            at += len(batch)
    states[known] = CellState.VALUE
    return states


def of_forces(force: Coding, user: Coding, salt: Salt) -> Coding:
    """Make users of each force: a name in two forces is of two persons."""
    wide = np.int64(max(user.distinct, 1))
    both = (force.codes.astype(np.int64) + 1) * wide + user.codes
    both[user.codes < 0] = -1
    encoded = pa.array(both).dictionary_encode()
    pairs = encoded.dictionary.to_numpy()
    kept = pairs >= 0
    code_of = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    owner, which = np.divmod(pairs[kept], wide)
    digests = None
    if user.digests is not None and force.texts is not None:
        forces = pa.concat_arrays([pa.array([""]), force.texts.cast(pa.string())])
        digests = paired(force_digests(forces, salt)[owner], user.digests[which])
    return Coding(
        code_of[encoded.indices.to_numpy()], user.states, int(kept.sum()), digests=digests
    )


def force_digests(forces: pa.Array, salt: Salt) -> Digests:
    """Hash names of forces, however they are capitalised."""
    return salt.digests(pc.utf8_lower(forces))


def paired(owners: Digests, users: Digests) -> Digests:
    """Join the digest of a force to that of a user."""
    mixed: Digests = users ^ (owners * np.uint64(0x9E3779B97F4A7C15))
    return mixed
