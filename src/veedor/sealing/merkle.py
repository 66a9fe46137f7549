r"""The Merkle tree of RFC 9162: tree heads, inclusion proofs and consistency proofs.

.. math:: H(d_0) = \mathrm{SHA256}(0x00 \| d_0), \quad
          H(D_n) = \mathrm{SHA256}(0x01 \| H(D_{0:k}) \| H(D_{k:n})),

with k the largest power of two smaller than n. The head of the empty tree is SHA-256 of nothing.
A proof of a tree with n leaves has about :math:`\log_2 n` hashes of 32 bytes.

References
----------
Laurie, B., Messeri, E. & Stradling, R. (2021). Certificate Transparency Version 2.0. RFC 9162,
section 2.1. https://doi.org/10.17487/RFC9162
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf, 32 bytes.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    r"""A tree that grows at its end.

    Parameters
    ----------
    leaves : iterable of bytes, optional
        Hashes of leaves, as `leaf_hash` gives them.

    Notes
    -----
    Keeps the hash of every complete subtree, two for each leaf; appending is O(1) amortised, a
    head or a proof of any size O(log n).

    Examples
    --------
    >>> tree = Tree(leaf_hash(data) for data in (b"", b"\x00", b"\x10"))
    >>> tree.root().hex()[:16]
    'aeb6bcfe274b70a1'
    >>> verify_inclusion(leaf_hash(b"\x10"), 2, 3, tree.inclusion_proof(2), tree.root())
    True
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        # Level h holds the heads of the complete subtrees of 2^h leaves, in order.
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def copy(self) -> Tree:
        """Return a tree of the same leaves that grows by itself."""
        copy = Tree()
        copy._levels = [level.copy() for level in self._levels]
        return copy

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf at the end."""
        self._levels[0].append(leaf)
        height = 0
        while len(self._levels[height]) % 2 == 0:
            if height + 1 == len(self._levels):
                self._levels.append([])
            self._levels[height + 1].append(_node(*self._levels[height][-2:]))
            height += 1

    def root(self, size: int | None = None) -> bytes:
        """Head of the tree of the first `size` leaves; of all of them by default.

        Raises
        ------
        ValueError
            If the tree has fewer leaves.
        """
        size = len(self) if size is None else size
        self._require(size)
        return self._head(0, size) if size else hashlib.sha256().digest()

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Hashes by which anyone computes the head of `size` leaves from leaf number `index`.

        Raises
        ------
        ValueError
            If there is no such leaf.
        """
        size = len(self) if size is None else size
        self._require(size)
        if not 0 <= index < size:
            raise ValueError(f"no leaf {index} among {size}")
        path, start = [], 0
        while size > 1:
            split = _split(size)
            if index < split:
                path.append(self._head(start + split, size - split))
                size = split
            else:
                path.append(self._head(start, split))
                index, start, size = index - split, start + split, size - split
        return path[::-1]

    def consistency_proof(self, old: int, size: int | None = None) -> list[bytes]:
        """Hashes that show that the first `old` of `size` leaves are the leaves of an older head.

        Empty where `old` is 0 or `size`.

        Raises
        ------
        ValueError
            If `old` exceeds `size`, or `size` the leaves.
        """
        size = len(self) if size is None else size
        self._require(size)
        if not 0 <= old <= size:
            raise ValueError(f"{old} leaves are not among {size}")
        path: list[bytes] = []
        if old in (0, size):
            return path
        start, known = 0, True
        while old < size:
            split = _split(size)
            if old <= split:
                path.append(self._head(start + split, size - split))
                size = split
            else:
                path.append(self._head(start, split))
                old, start, size, known = old - split, start + split, size - split, False
        if not known:
            path.append(self._head(start, size))
        return path[::-1]

    def _head(self, start: int, count: int) -> bytes:
        """Head of `count` leaves from `start`, a multiple of the power of two below `count`."""
        height = (count & -count).bit_length() - 1
        end = start + count
        head = self._levels[height][(end >> height) - 1]
        count -= 1 << height
        end -= 1 << height
        while count:
            height = (count & -count).bit_length() - 1
            head = _node(self._levels[height][(end >> height) - 1], head)
            count -= 1 << height
            end -= 1 << height
        return head

    def _require(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise ValueError(f"no tree of {size} among {len(self)} leaves")


class Frontier:
    """A tree of which only the heads of its largest complete subtrees are kept, from the left.

    Enough to append and to know the head, in O(log n) time and room; not for proofs.

    Parameters
    ----------
    size : int
        Leaves.
    heads : sequence of bytes
        Of subtrees as large as the powers of two in `size`, the largest first.

    Raises
    ------
    ValueError
        If there are not as many heads as powers of two.

    Examples
    --------
    >>> frontier, tree = Frontier(), Tree()
    >>> for data in (b"", bytes(1), bytes(2)):
    ...     frontier = frontier.and_one(leaf_hash(data))
    ...     tree.append(leaf_hash(data))
    >>> frontier.root() == tree.root(), len(frontier.heads)
    (True, 2)
    """

    def __init__(self, size: int = 0, heads: Sequence[bytes] = ()) -> None:
        if size < 0 or len(heads) != size.bit_count():
            raise ValueError(f"{len(heads)} heads are not of a tree of {size} leaves")
        self.size = size
        self.heads = tuple(heads)

    def and_one(self, leaf: bytes) -> Frontier:
        """Return the frontier with the hash of one more leaf at the end."""
        heads, head, size = list(self.heads), leaf, self.size
        while size % 2:
            head = _node(heads.pop(), head)
            size //= 2
        return Frontier(self.size + 1, (*heads, head))

    def root(self) -> bytes:
        """Head of the tree."""
        if not self.heads:
            return hashlib.sha256().digest()
        *others, head = self.heads
        for left in reversed(others):
            head = _node(left, head)
        return head


def _split(size: int) -> int:
    """Largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether `proof` shows that the tree with this head has this leaf hash at `index`.

    RFC 9162, section 2.1.3.2.

    Parameters
    ----------
    leaf, root : bytes
        Hash of the leaf, and the head.
    index, size : int
        Of the leaf, from 0, and of the tree.
    proof : sequence of bytes
    """
    if not 0 <= index < size:
        return False
    at, last, head = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            head = _node(part, head)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            head = _node(head, part)
        at, last = at >> 1, last >> 1
    return last == 0 and head == root


def verify_consistency(
    old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree with head `root` only added to that with `old_root`.

    RFC 9162, section 2.1.4.2. Anything follows from the empty tree.

    Parameters
    ----------
    old, size : int
        Leaves of the two trees.
    old_root, root : bytes
        Their heads.
    proof : sequence of bytes
    """
    if old == size:
        return not proof and old_root == root
    if not 0 <= old < size:
        return False
    if old == 0:
        return not proof and old_root == hashlib.sha256().digest()
    parts = list(proof) if old & (old - 1) else [old_root, *proof]
    if not parts:
        return False
    at, last = old - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    before = after = parts[0]
    for part in parts[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            before, after = _node(part, before), _node(part, after)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            after = _node(after, part)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root
