"""Tables of Parquet, whose columns have kinds: read as the same table of text is."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec import json

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.tables.kinds import FALSE, TRUE, UNKNOWN
from veedor.tables.opening import open_table

OUTCOMES = [True, True, False, True, False, False, True, False, None] * 4


def written(path, columns):
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.bool_(), [True, False, None]),
        (pa.int8(), [1, 0, None]),
        (pa.int64(), [1, 0, None]),
        (pa.float64(), [1.0, 0.0, None]),
        (pa.string(), ["true", "false", "unknown"]),
        (pa.dictionary(pa.int8(), pa.string()), ["si", "no", None]),
        (pa.null(), [None, None, None]),
    ],
)
def test_truth_is_read_of_every_kind(tmp_path, kind, values):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"truth": pa.array(values, kind)}), path)
    with open_table(path) as source:
        source.load("loaded", {"truth": source.truth("truth")})
        read = [code for (code,) in source.database.rows("SELECT truth FROM loaded")]
    expected = [UNKNOWN] * 3 if kind == pa.null() else [TRUE, FALSE, UNKNOWN]
    assert read == expected


def decisions():
    n = len(OUTCOMES)
    return {
        "decision_id": list(range(n)),
        "score": [(7 * at % 10) / 10 for at in range(n)],
        "outcome": OUTCOMES,
        "group_side": ["a" if at % 3 else "b" for at in range(n)],
    }


def as_text(columns):
    return {
        name: ["" if one is None else str(one).lower() for one in column]
        for name, column in columns.items()
    }


def found(inputs, **settings):
    audit = audit_alerts(inputs, Settings(groups=("side",), reference="a", **settings))
    return json.encode(audit.statements)


@pytest.mark.parametrize("words", [{}, {"right": ("true",), "wrong": ("false",)}])
def test_decisions_of_booleans_and_numbers_give_what_text_gives(tmp_path, words):
    typed = written(tmp_path / "typed.parquet", decisions())
    text = written(tmp_path / "text.parquet", as_text(decisions()))
    asked = {"thresholds": (0.5,), **words}
    assert found(Inputs(decisions=typed), **asked) == found(Inputs(decisions=text), **asked)


def test_searches_of_booleans_give_what_text_gives(tmp_path):
    n = 30
    searches = {
        "search_id": [f"s{at}" for at in range(n)],
        "mated": [at % 3 == 0 for at in range(n)],
        "failure_to_acquire": [at % 11 == 5 for at in range(n)],
        "group_side": ["a" if at % 2 else "b" for at in range(n)],
    }
    candidates = {
        "search_id": [f"s{at}" for at in range(n) if at % 11 != 5 for _ in range(3)],
        "rank": [rank for at in range(n) if at % 11 != 5 for rank in (1, 2, 3)],
        "score": [0.9 - 0.1 * k for at in range(n) if at % 11 != 5 for k in range(3)],
        "is_mate": [at % 3 == 0 and k == 0 for at in range(n) if at % 11 != 5 for k in range(3)],
    }
    inputs = {}
    for called, change in (("typed", dict), ("text", as_text)):
        inputs[called] = Inputs(
            searches=written(tmp_path / f"{called} s.parquet", change(searches)),
            candidates=written(tmp_path / f"{called} c.parquet", change(candidates)),
        )
    typed, text = (found(one, thresholds=(0.75,)) for one in inputs.values())
    assert typed == text
