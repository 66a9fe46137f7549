"""Each command gives the numbers that were read and agreed to.

Where a change is meant, `python -m tests.golden` renews the files and shows what it changes.
"""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest
from tests.golden.commands import BESIDE, EXPECTED
from tests.golden.keeping import EXACT, SEARCHED, first_difference, kept, numbers_moved, written

from veedor.files.json_file import json_bytes
from veedor.sealing import LogFindings
from veedor.study.across import Across
from veedor.study.results import StudyResults
from veedor.study.verification import Verification

NAMES = (
    "check", "run", "run-many", "patterns", "forecast", "seal", "score", "verify-forecast",
    "audit-exposure", "audit-benchmark", "audit-reporting", "audit-feedback", "audit-alerts",
    "audit-alerts-publish", "audit-devices", "audit-access", "audit-behaviour",
    "audit-behaviour-as-published",
    "reading-plan", "reading-score", "reading-score-counts", "reading-score-published",
    "record-export", "record-diff", "request-letter", "request-deadlines",
    "export", "check-of-counts", "patterns-of-counts", "run-of-counts", "forecast-of-counts",
    "score-of-counts",
)  # fmt: skip
#: Commands whose numbers come of forecasts that were fitted in the town.
OF_FITS = (
    "run", "run-many", "forecast", "score", "verify-forecast", "export",
    "run-of-counts", "forecast-of-counts", "score-of-counts",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_command_gives_the_numbers_that_were_agreed_to(documents, name):
    expected = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    to = SEARCHED if name in OF_FITS else EXACT
    difference = first_difference(expected, kept(documents[name]), to=to)
    assert difference is None, f"{name}{difference}\nmeant? `python -m tests.golden {name}`"


def test_every_command_is_kept_or_equal_to_one_that_is(documents):
    assert {path.stem for path in EXPECTED.iterdir()} == set(NAMES)
    assert set(documents) == {*NAMES, *BESIDE}
    assert documents["verify"] == documents["score"]
    for name, found in documents["audit-all"].items():
        assert found == documents[f"audit-{name}"]


def test_a_difference_is_named_by_its_path():
    one = {"a": {"b": [1.0, {"c": 2.0}]}, "d": None}
    assert first_difference(one, {"a": {"b": [1.0 + 1e-12, {"c": 2.0}]}, "d": None}) is None
    assert (
        first_difference(one, {"a": {"b": [1.0, {"c": 2.1}]}, "d": None})
        == "/a/b/1/c: 2.1; was 2.0"
    )
    assert first_difference(one, {"a": one["a"]}) == "/d: gone; was null"
    assert first_difference(one, {**one, "e": 1}) == "/e: new: 1"
    assert first_difference([1], [1, 2]) == ": 2 entries; were 1"
    assert first_difference({"x": None}, {"x": 0}) == "/x: 0; was null"
    assert first_difference({"x": True}, {"x": 1}) == "/x: 1; was true"
    assert first_difference({"x": 1}, {"x": 1.0}) is None
    assert first_difference([2.0], [2.00001], to=SEARCHED) is None
    assert first_difference([2.0], [2.00001]) == "/0: 2.00001; was 2.0"
    assert first_difference([2.0], [2.0001], to=SEARCHED) == "/0: 2.0001; was 2.0"


def test_no_entry_of_a_long_list_changes_or_moves_unseen():
    numbers = [float(n) for n in range(30)]
    rows = [{"name": f"n{n % 3}", "parts": [float(n), 2.0]} for n in range(30)]
    for kind in (numbers, rows):
        swapped = [kind[1], kind[0], *kind[2:]]
        assert first_difference(kept(kind), kept(kind)) is None
        assert first_difference(kept(kind), kept(swapped)) is not None
        assert first_difference(kept(kind), kept(kind[:-1])) is not None
    assert kept({"a": "a sentence of many words", "b": "a code"}) == {"b": "a code"}
    assert kept({"hash": "0123456789abcdef" * 4, "veedor": "1"}) == {"hash": "..."}


def test_what_only_moves_is_told_from_what_changes():
    assert numbers_moved({"a": 1.0, "b": [2.0]}, {"c": {"d": 2.0, "e": 1.0}}) == ([], [])
    assert numbers_moved({"a": 1.0}, {"a": 1.1}) == ([1.0], [1.1])


def test_what_is_written_reads_back():
    document = {"a": [{"b": list(range(100))}, {}], "c": "ñ", "d": {"e": ["x" * 90, "y" * 150]}}
    assert json.loads(written(document)) == document


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("run", StudyResults),
        ("run-many", Across),
        ("verify-forecast", Verification),
        ("score", LogFindings),
    ],
)
def test_what_a_command_writes_is_its_type_and_nothing_else(documents, command, kind):
    read = msgspec.convert(documents[command], kind, dec_hook=lambda _, value: np.asarray(value))
    assert json.loads(json_bytes(read)) == documents[command]
