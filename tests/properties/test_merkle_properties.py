"""The tree against its definition, for every size up to 70, and wrong proofs refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.sealing import Frontier, Tree, leaf_hash, verify_consistency, verify_inclusion

MOST = 70
LEAVES = [leaf_hash(str(number).encode()) for number in range(MOST)]
TREE = Tree(LEAVES)


def defined(leaves):
    """RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


HEADS = [defined(LEAVES[:size]) for size in range(MOST + 1)]
SIZES = st.integers(1, MOST)


def test_heads_are_as_defined():
    assert [TREE.root(size) for size in range(MOST + 1)] == HEADS


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_leaf_is_proven_in_every_tree(size):
    for index in range(size):
        proof = TREE.inclusion_proof(index, size)
        assert verify_inclusion(LEAVES[index], index, size, proof, HEADS[size])
        assert len(proof) <= (size - 1).bit_length()


@pytest.mark.parametrize("size", range(MOST + 1))
def test_every_tree_is_proven_to_go_on_from_every_older_one(size):
    for old in range(size + 1):
        proof = TREE.consistency_proof(old, size)
        assert verify_consistency(old, size, HEADS[old], HEADS[size], proof)


@given(SIZES, st.data())
def test_a_leaf_is_not_proven_where_it_is_not(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = TREE.inclusion_proof(index, size)
    other = data.draw(st.integers(-1, size + 1).filter(lambda n: n != index))
    assert not verify_inclusion(LEAVES[index], other, size, proof, HEADS[size])
    assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, HEADS[size])


@given(SIZES, SIZES, st.data())
def test_a_proof_with_a_flipped_bit_or_a_part_too_many_proves_nothing(one, two, data):
    old, size = sorted((one, two))
    wrong = data.draw(st.sampled_from(["flip", "drop", "add", "swap heads"]))
    for proof, holds in (
        (
            TREE.inclusion_proof(old - 1, size),
            lambda p: verify_inclusion(LEAVES[old - 1], old - 1, size, p, HEADS[size]),
        ),
        (
            TREE.consistency_proof(old, size),
            lambda p: verify_consistency(old, size, HEADS[old], HEADS[size], p),
        ),
    ):
        changed = list(proof)
        if wrong == "add":
            changed.insert(data.draw(st.integers(0, len(proof))), LEAVES[0])
        elif wrong == "swap heads" and old != size:
            assert not verify_consistency(old, size, HEADS[size], HEADS[old], proof)
            continue
        elif not proof:
            continue
        else:
            at = data.draw(st.integers(0, len(proof) - 1))
            if wrong == "drop":
                del changed[at]
            else:
                byte = data.draw(st.integers(0, 31))
                part = bytearray(changed[at])
                part[byte] ^= 1 << data.draw(st.integers(0, 7))
                changed[at] = bytes(part)
        assert not holds(changed)


@given(SIZES, SIZES, st.integers(0, MOST - 1))
def test_a_changed_old_leaf_is_never_consistent(one, two, changed):
    old, size = sorted((one, two))
    leaves = LEAVES[:size]
    leaves[changed % old] = leaf_hash(b"rewritten")
    forged = Tree(leaves)
    proof = forged.consistency_proof(old)
    assert not verify_consistency(old, size, HEADS[old], forged.root(), proof)


def test_a_frontier_has_the_heads_of_the_tree_and_keeps_few():
    frontier = Frontier()
    for size in range(MOST):
        assert frontier.root() == HEADS[size]
        assert len(frontier.heads) == size.bit_count()
        frontier = Frontier(size, frontier.heads).and_one(LEAVES[size])
    with pytest.raises(ValueError, match="2 heads"):
        Frontier(7, frontier.heads[:2])
