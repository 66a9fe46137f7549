"""The tree against the vectors published for Certificate Transparency.

Leaves, heads and proofs of the reference implementation of RFC 6962, whose hashing RFC 9162
section 2.1 keeps; as in testonly/constants.go of transparency-dev/merkle.
"""

import pytest

from veedor.sealing import Tree, leaf_hash, verify_consistency, verify_inclusion

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
B = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
C = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
D = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
E = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"


@pytest.fixture
def tree():
    return Tree(leaf_hash(leaf) for leaf in LEAVES)


@pytest.mark.parametrize("size", range(9))
def test_heads(tree, size):
    assert tree.root(size).hex() == HEADS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"), [(0, 8, [E, A, D]), (5, 8, [B, C, HEADS[4]]), (0, 1, [])]
)
def test_inclusion_proofs(tree, index, size, proof):
    assert [part.hex() for part in tree.inclusion_proof(index, size)] == proof
    parts = [bytes.fromhex(part) for part in proof]
    root = bytes.fromhex(HEADS[size])
    assert verify_inclusion(leaf_hash(LEAVES[index]), index, size, parts, root)


@pytest.mark.parametrize(
    ("old", "size", "proof"), [(1, 1, []), (1, 8, [E, A, D]), (2, 5, [A, B]), (2, 8, [A, D])]
)
def test_consistency_proofs(tree, old, size, proof):
    assert [part.hex() for part in tree.consistency_proof(old, size)] == proof
    parts = [bytes.fromhex(part) for part in proof]
    heads = [bytes.fromhex(HEADS[n]) for n in (old, size)]
    assert verify_consistency(old, size, *heads, parts)
