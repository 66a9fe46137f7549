"""The fast test for canonical JSON says yes only where RFC 8785 does."""

import json

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from veedor.sealing.manifests import plainly_canonical

_NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_NAMES = st.text("abc\u00e9\U0001f600")
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(_NAMES, inner)),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcxyz_", min_size=1), _VALUES))
def test_what_it_calls_canonical_is(value):
    for text in (
        rfc8785.dumps(value),
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        json.dumps(value, separators=(",", ":")).encode(),
    ):
        if plainly_canonical(text, msgspec.json.decode(text)):
            assert rfc8785.dumps(json.loads(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1.0}',
        b'{"a":1e-07}',
        b'{"a":[1e+16]}',
        b'{"a":12345678901234567890}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"a":-0}',
        b'{"a":"\\u0041"}',
        b'{"a":0.10}',
    ],
)
def test_other_forms_are_not_called_canonical(text):
    assert not plainly_canonical(text, msgspec.json.decode(text))


def test_an_ordinary_manifest_is_called_canonical():
    text = b'{"a":[0.25,null,true,17],"b":"2026-11-22T00:00:00Z","c":"1e5"}'
    assert plainly_canonical(text, msgspec.json.decode(text))
