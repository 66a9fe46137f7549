from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.audits.access.repeats import CAPS, cap_of, find_repeats, near_repeats

ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30
)


def found(rows):
    release, ids, core = (np.array(one) for one in zip(*rows, strict=True))
    return find_repeats(
        np.zeros(len(rows), np.int64),
        release.astype(np.int16),
        ids.astype(np.uint64),
        core.astype(np.uint64) + 100,
        core.astype(np.uint64) + 100,
    )


@given(ROWS)
def test_each_id_stays_once(rows):
    keep = found(rows).keep
    with_id = [one for _, one, _ in rows if one]
    kept = Counter(one for (_, one, _), stays in zip(rows, keep, strict=True) if one and stays)
    assert kept == Counter({*with_id})


@given(ROWS)
def test_what_stays_and_what_is_left_out_is_all(rows):
    got = found(rows)
    assert got.same_id + got.same_row == int((~got.keep).sum())


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows, random):
    turned = [*rows]
    random.shuffle(turned)
    one, other = found(rows), found(turned)
    assert Counter(r for r, stays in zip(rows, one.keep, strict=True) if stays) == Counter(
        r for r, stays in zip(turned, other.keep, strict=True) if stays
    )
    assert one.shared == other.shared


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=30))
def test_without_ids_as_many_stay_as_the_release_with_most(rows):
    keep = found([(release, 0, core) for release, core in rows]).keep
    kept = Counter(core for (_, core), stays in zip(rows, keep, strict=True) if stays)
    most = {
        core: max(Counter(r for r, c in rows if c == core).values())
        for core in {c for _, c in rows}
    }
    assert kept == most


@pytest.mark.parametrize("cap", CAPS)
def test_a_cap_is_known_to_the_row(cap):
    assert cap_of(cap) == cap and cap_of(cap - 1) is None and cap_of(cap + 1) is None


def test_near_repeats_against_a_plain_loop():
    rng = np.random.default_rng(3)
    at = np.sort(rng.integers(0, 30_000_000, 400))
    user, key = (rng.integers(-1, 4, 400).astype(np.int32) for _ in range(2))
    expected = [
        bool(
            user[n] >= 0
            and any(
                at[n] - at[m] <= 1_000_000 and user[m] == user[n] and key[m] == key[n]
                for m in range(n)
            )
        )
        for n in range(400)
    ]
    assert near_repeats(at, [user, key]).tolist() == expected
    assert any(expected) and not all(expected)
