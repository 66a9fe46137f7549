from itertools import pairwise

import numpy as np
import pytest
from tests.made_logs import by_name, coded, every, ground, made_log

from veedor.audits.access.log import CellState
from veedor.audits.access.reasons import (
    CASE_NUMBER,
    folded,
    lists_told,
    reason_shares,
    reasons_of,
    said,
    terms,
    word_lists,
)


def vague_under(text):
    return [one.name for one in word_lists() if one.holds(folded(text))]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("search", ["nothing", "generic", "generic_stems", "kinds"]),
        ("Búsqueda", ["nothing", "generic", "generic_stems", "kinds"]),
        ("INVESTIGATION", ["generic", "generic_stems", "kinds"]),
        ("tareas de INVESTIGACIÓN", ["generic", "generic_stems", "kinds"]),
        ("investigatin", ["generic_stems", "kinds"]),
        ("property+crime", ["kinds"]),
        ("captura por robo", ["kinds"]),
        ("bi mart thefts", []),
        ("investigation, homicide of 3 May", []),
        ("investigation 2510494", ["generic", "generic_stems", "kinds"]),
    ],
)
def test_the_list_decides_what_is_vague(text, lists):
    assert vague_under(text) == lists


def test_each_list_holds_those_it_builds_on():
    lists = word_lists()
    for narrow, wide in pairwise(lists):
        assert narrow.words <= wide.words and set(narrow.stems) <= set(wide.stems)
    assert len(lists) >= 3 and all(one.printed() for one in lists)


def test_shares_under_every_list_and_ones_own():
    reasons = ["search", "investigation", "robo en Mitre", None, "Caso Gómez"]
    held = ground(
        made_log(every(24, 5), user=list("abcab"), reason=reasons), own_words=("caso gomez",)
    )
    found = reasons_of(held)
    made = reason_shares(held, found)
    told = by_name(made)
    shares = [told[f"vague_share {one}"] for one in ("nothing", "generic", "kinds", "own")]
    assert [one.numerator for one in shares] == [1, 2, 2, 1]
    assert {one.out_of for one in shares} == {4}
    printed = {one.name: one for one in lists_told(held, made)}
    assert printed["own"].words == ("caso", "gomez")
    assert printed["generic"].share.value == 0.5
    assert "investig*" in printed["generic_stems"].words


def test_states_of_cells_are_told_apart():
    states = [CellState.VALUE, CellState.EMPTY, CellState.WITHHELD, CellState.PARTIAL]
    column = coded(["theft", None, None, "theft [x]"], states=states)
    held = ground(made_log(every(24, 4), user=list("abab"), reason=column))
    told = by_name(reason_shares(held, reasons_of(held)))
    assert {n.split()[1]: s.numerator for n, s in told.items() if n.startswith("reason_cells")} == {
        "value": 1, "empty": 1, "withheld": 1, "partial": 1,
    }  # fmt: skip
    assert reasons_of(held).unseen.tolist() == [False, False, True, False]
    assert told["vague_share kinds"].out_of == 2


def test_a_log_without_reasons_says_nothing_of_them():
    held = ground(made_log(every(24, 2), user=["a", "b"]))
    assert reasons_of(held) is None and reason_shares(held, None) == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [("25-123456", True), ("2025/1234", True), ("investigation, 2510494", True), ("12345", True),
     ("1234", False), ("room 12-34", False), ("theft 1", False), ("causa 25-123", True)],
)  # fmt: skip
def test_case_numbers_within_reasons(text, stated):
    assert bool(CASE_NUMBER.search(text)) == stated


def test_case_numbers_in_the_wrong_field():
    reasons = ["25-123456", "theft", "25-999999", "25-111111"]
    cases = [None, None, "25-999999", None]
    held = ground(made_log(every(24, 4), user=list("abab"), reason=reasons, case=cases))
    told = by_name(reason_shares(held, reasons_of(held)))
    wrong = told["case_in_wrong_field_share"]
    assert (wrong.numerator, wrong.out_of) == (2, 3)
    assert told["case_in_reason_share"].numerator == 3


def test_text_of_the_system_is_not_a_reason_of_anybody():
    text = "Other Image Search from Alerts Page associated with alert: stolen plate"
    held = ground(made_log(every(24, 2), user=["a", "b"], reason=[text, "stolen plate"]))
    assert reasons_of(held).vendor.tolist() == [True, False]


def test_words_within_words_are_not_that_word():
    assert not said("ice", "police") and said("ice", " ".join(folded("assist ICE-ERO")))
    reasons = ["police"] * 12 + ["assist ICE"] * 15 + ["justice for ice"] * 2 + ["HIELO"]
    held = ground(made_log(every(1, 30), user=["a", "b"] * 15, reason=reasons), terms=("hielo",))
    told = {one.word: (one.whole, one.inside) for one in terms(held, reasons_of(held))}
    assert told["ice"] == (17, 12)
    assert told["hielo"] == (None, 0)  # once: fewer than 10
    assert told["abortion"] == (0, 0)


def test_accents_and_case_are_folded_in_terms():
    held = ground(
        made_log(every(1, 12), user=["a", "b"] * 6, reason=["Migración"] * 12), terms=("MIGRACION",)
    )
    assert terms(held, reasons_of(held))[0].whole == 12


def test_codes_without_a_value_have_no_reason():
    held = ground(made_log(every(1, 2), user=["a", "b"], reason=[None, "zzz search"]))
    found = reasons_of(held)
    assert found.readable.tolist() == [False, True]
    assert not np.any([vague[0] for vague in found.vague.values()])
