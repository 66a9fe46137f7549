"""Deadlines: each against numpy's business days, and each rule of the law on its own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.disclosure.test_working_days import business_day

from veedor.disclosure.request.deadlines import Deadlines, deadlines
from veedor.disclosure.request.law_file import shipped_law
from veedor.disclosure.request.working_days import DayOff, DaysOff
from veedor.errors import StudyError

LAW = shipped_law("ar")
OFF = DaysOff("AR", language="es")
#: What the texts say, read by hand: article, procedure, term, days, unit.
READ = [
    ("Ley 27.275, 10; Decreto 206/2017, 10", "information", "transfer", 5, "working"),
    ("Ley 27.275, 11", "information", "answer", 15, "working"),
    ("Ley 27.275, 15", "information", "claim", 40, "working"),
    ("Ley 27.275, 14", "information", "court", 40, "working"),
    ("Decreto 206/2017, 15", "information", "forwarding", 5, "working"),
    ("Ley 27.275, 17", "information", "decision", 30, "working"),
    ("Ley 27.275, 17, b", "information", "notice", 3, "working"),
    ("Ley 27.275, 17, b", "information", "delivery", 10, "working"),
    ("Ley 25.326, 14, 2", "access", "answer", 10, "calendar"),
    ("Ley 25.326, 14, 3", "access", "again", 6, "months"),
    ("Ley 25.326, 16, 2", "rectification", "answer", 5, "working"),
    ("Ley 25.326, 16, 4", "rectification", "recipients", 5, "working"),
]
WRITTEN = {
    "tres": 3, "cinco": 5, "quinto": 5, "seis": 6, "diez": 10, "quince": 15, "treinta": 30,
    "cuarenta": 40,
}  # fmt: skip


def count(procedure: str = "", off: DaysOff = OFF, **events: date) -> Deadlines:
    return deadlines(LAW, LAW.procedure(procedure), events, off)


def days(made: Deadlines) -> dict[str, date | None]:
    """Term -> its day; an extension as answer+."""
    return {one.term.code + "+" * one.extended: one.day for one in made.rows}


def codes(made: Deadlines) -> list[str]:
    return [one.code for one in made.findings]


@pytest.mark.parametrize(("where", "procedure", "code", "number", "unit"), READ)
def test_terms_are_what_the_texts_say(where, procedure, code, number, unit) -> None:
    term = next(one for one in LAW.procedure(procedure).terms if one.code == code)
    assert (term.days, term.unit) == (number, unit), where
    quotes = " ".join(one.quote for one in LAW.cited(term.articles)).lower()
    said = {WRITTEN[word] for word in re.findall(r"\w+", quotes) if word in WRITTEN}
    assert number in said, f"{where} does not say {number}: {quotes}"
    unit_said = {"working": "hábil", "calendar": "corridos", "months": "meses"}[unit]
    assert unit_said in quotes


def test_every_term_with_a_number_was_read_by_hand() -> None:
    there = {(p.code, t.code) for p in LAW.procedures for t in p.terms if t.days}
    assert there == {(procedure, code) for _, procedure, code, _, _ in READ}


@given(st.dates(date(2017, 9, 29), date(2035, 12, 31)))
def test_the_path_of_a_request_without_an_answer(received: date) -> None:
    off = list(holidays.country_holidays("AR", years=range(received.year, received.year + 2)))
    found = days(count(received=received))
    answer = business_day(received, 15, off)
    assert found["transfer"] == business_day(received, 5, off)
    assert found["answer"] == answer
    assert found["answer+"] == business_day(received, 30, off)
    assert found["silence"] == answer + timedelta(1)
    assert found["claim"] == found["court"] == business_day(answer, 40, off)
    assert found["decision"] is found["delivery"] is found["forwarding"] is None


def test_an_example_counted_on_a_paper_calendar() -> None:
    # Received on Monday, 2 March 2026. Off: 23 (bridge) and 24 March, 2 and 3 April, 1 and 25 May.
    found = days(count(received=date(2026, 3, 2)))
    assert found["transfer"] == date(2026, 3, 9)
    assert found["answer"] == date(2026, 3, 25)
    assert found["answer+"] == date(2026, 4, 17)
    assert found["silence"] == date(2026, 3, 26)
    assert found["claim"] == date(2026, 5, 26)


def test_an_extension_told_in_time_moves_what_follows_and_one_told_late_does_not() -> None:
    due = date(2026, 3, 25)
    base = days(count(received=date(2026, 3, 2)))
    on_the_day = count(received=date(2026, 3, 2), extended=due)
    assert [
        (one.extended, one.happens) for one in on_the_day.rows if one.term.code == "answer"
    ] == [
        (False, False),
        (True, True),
    ]
    assert days(on_the_day)["silence"] == date(2026, 4, 18)
    assert days(on_the_day)["claim"] > base["claim"]
    assert codes(on_the_day) == []
    late = count(received=date(2026, 3, 2), extended=due + timedelta(1))
    assert days(late) == base
    assert codes(late) == ["extension_too_late"]
    assert late.findings[0].arguments == {"told": "2026-03-26", "due": "2026-03-25"}
    assert [one.happens for one in late.rows if one.extended] == [False]
    assert not any(one.extended for one in late.dated)


def test_court_counts_from_a_refusal_and_the_claim_from_the_term_to_answer() -> None:
    off = list(holidays.country_holidays("AR", years=[2026]))
    denied = date(2026, 3, 10)
    made = count(received=date(2026, 3, 2), denied=denied)
    assert days(made)["court"] == business_day(denied, 40, off)
    assert days(made)["claim"] == date(2026, 5, 26)
    assert codes(made) == ["earliest_counts"]
    assert made.findings[0].arguments["begins"] == "2026-03-10"


def test_a_refusal_after_silence_gives_no_more_time() -> None:
    made = count(received=date(2026, 3, 2), denied=date(2026, 4, 30))
    assert days(made)["court"] == date(2026, 5, 26)
    assert made.findings[0].arguments["begins"] == "2026-03-25"


def test_a_claim_has_its_own_terms_and_interrupts_that_of_the_court() -> None:
    off = list(holidays.country_holidays("AR", years=[2026]))
    claimed, ordered = date(2026, 5, 4), date(2026, 6, 30)
    made = count(received=date(2026, 3, 2), claimed=claimed, ordered=ordered)
    found = days(made)
    assert found["forwarding"] == business_day(claimed, 5, off)
    assert found["decision"] == business_day(claimed, 30, off)
    assert found["notice"] == business_day(found["decision"], 3, off)
    assert found["delivery"] == business_day(ordered, 10, off)
    assert codes(made) == ["term_interrupted"]


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        (date(2026, 3, 25), ["done_too_early"]),
        (date(2026, 3, 26), ["term_interrupted"]),
        (date(2026, 5, 26), ["term_interrupted"]),
        (date(2026, 5, 27), ["done_too_late"]),
    ],
)
def test_a_claim_out_of_its_time_is_told(claimed: date, told: list[str]) -> None:
    assert codes(count(received=date(2026, 3, 2), claimed=claimed)) == told


def test_what_is_left_to_do_is_neither_done_nor_interrupted() -> None:
    def own(**events: date) -> list[str]:
        return [one.term.code for one in count(received=date(2026, 3, 2), **events).own]

    assert own() == ["claim", "court"]
    assert own(denied=date(2026, 3, 10)) == ["court", "claim"]
    assert own(claimed=date(2026, 4, 1)) == []
    # On the day from which the court's term counts nothing of it has run yet.
    assert own(claimed=date(2026, 3, 25)) == ["court"]
    access = count("access", received=date(2026, 3, 2))
    assert [one.term.code for one in access.own] == ["action", "again"]


def test_days_of_courts_move_the_action_and_nothing_else() -> None:
    recess = [DayOff(date(2027, 1, n), "feria", given=True, of="court") for n in range(1, 32)]
    received = date(2026, 11, 9)
    plain = days(count(received=received))
    with_recess = days(count(received=received, off=DaysOff("AR", listed=recess)))
    assert with_recess["court"] > plain["court"] + timedelta(20)
    assert {**with_recess, "court": None} == {**plain, "court": None}


def test_habeas_data_counts_calendar_days_and_says_where_they_end_on_a_day_off() -> None:
    made = count("access", received=date(2026, 6, 29))  # the tenth day is Thursday 9 July
    assert days(made) == {
        "answer": date(2026, 7, 9),
        "action": date(2026, 7, 10),
        "again": date(2026, 12, 29),
    }
    assert codes(made) == ["ends_on_day_off"]
    assert codes(count("access", received=date(2026, 6, 26))) == []  # Monday 6 July
    assert codes(count("access", received=date(2026, 6, 25))) == ["ends_on_day_off"]  # a Sunday


@pytest.mark.parametrize(
    ("received", "again"),
    [
        (date(2026, 6, 29), date(2026, 12, 29)),
        (date(2026, 2, 28), date(2026, 8, 28)),  # the last of a month is no other day for that
        (date(2026, 8, 28), date(2027, 2, 28)),
        (date(2026, 8, 29), date(2027, 3, 1)),
        (date(2026, 8, 31), date(2027, 3, 1)),
        (date(2027, 8, 29), date(2028, 2, 29)),  # a leap year
        (date(2027, 8, 30), date(2028, 3, 1)),
        (date(2026, 3, 31), date(2026, 10, 1)),
        (date(2026, 12, 31), date(2027, 7, 1)),
    ],
)
def test_access_again_is_free_from_the_day_that_leaves_six_months(received, again) -> None:
    assert days(count("access", received=received))["again"] == again


def _interval(first: date, second: date) -> int:
    """Whole months between two days, by calendar: the oracle of "intervalos no inferiores"."""
    months = (second.year - first.year) * 12 + second.month - first.month
    return months - (second.day < first.day)


@given(st.dates(date(2017, 9, 29), date(2034, 12, 31)))
def test_it_is_the_first_day_at_an_interval_of_not_less_than_six_months(received: date) -> None:
    again = days(count("access", received=received))["again"]
    assert _interval(received, again) == 6
    assert _interval(received, again - timedelta(1)) < 6


def test_rectification_takes_five_working_days_and_five_more_to_tell_others() -> None:
    made = count("rectification", received=date(2026, 7, 6), corrected=date(2026, 7, 8))
    assert days(made) == {
        "answer": date(2026, 7, 15),
        "action": date(2026, 7, 16),
        "recipients": date(2026, 7, 17),
    }


def test_a_calendar_is_in_the_order_of_days() -> None:
    made = count(received=date(2026, 3, 2), denied=date(2026, 3, 10))
    order = [one.day for one in made.dated]
    assert order == sorted(order)
    assert len(order) == 5


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(StudyError, match="Did you mean 'claimed'"):
        count(received=date(2026, 3, 2), clamed=date(2026, 4, 1))
    with pytest.raises(StudyError, match="day of receipt must be known"):
        count(denied=date(2026, 3, 2))
    with pytest.raises(StudyError, match="before the request is received"):
        count(received=date(2026, 3, 2), denied=date(2026, 3, 1))
    with pytest.raises(StudyError, match="Use one of information, access, rectification"):
        LAW.procedure("informacion")


def test_a_calendar_names_what_it_rests_on() -> None:
    made = count(received=date(2026, 3, 2))
    cited = {code for one in made.rows for code in one.term.articles}
    assert {one.code for one in made.articles} == cited
    assert [one.code for one in made.texts] == ["ley-27275", "decreto-206"]
    assert all(re.fullmatch(r"\d{4}-\d{2}", one.read) for one in made.texts)
    source = made.holidays
    assert (source.package, source.country, source.subdivision) == ("holidays", "AR", "")
    assert source.version
