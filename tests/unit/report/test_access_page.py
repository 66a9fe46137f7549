"""The page of an audit of access: what its cover says of each log, and what it may not."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from tests.made_logs import coded, every, made_log, numbers

from veedor.audits.access import InForce, PolicyDate, Registers, Settings, audit_access
from veedor.audits.access.log import CellState, NumberColumn
from veedor.audits.access.quality import AccessQuality
from veedor.languages import languages
from veedor.report.access_charts import Span, through_time
from veedor.report.access_sections import days_of
from veedor.report.audit_access import access_document
from veedor.report.document import rendered
from veedor.report.words import words_in
from veedor.report.words.access import column
from veedor.report.words.access_sentences import missing
from veedor.report.words.audits import warned

EN = words_in("en")
N = 600


def quality(**changed):
    held = {
        "files": (), "exports": (), "overlaps": (), "rows": N, "lookups": N, "same_id": 0,
        "same_row": 0, "near": 0, "differing": 0, "cells": {}, "constant": (), "masked": {},
        "producer": False, "own": None,
    } | changed  # fmt: skip
    return AccessQuality(**held)


def audited(kind="own", n=N, settings=None, **columns):
    log = made_log(every(5, n), kind=kind, **columns)
    return audit_access(log, settings or Settings(replicates=100))


def page(audit, words=EN, **changed):
    return access_document(audit, quality(**changed), words)


def users(n=N, many=30):
    return [f"u{number % many}" for number in range(n)]


def test_own_users_are_counted_and_the_busiest_told_together():
    busy = [f"u{n % 30}" if n % 2 else f"u{n // 2 % 10}" for n in range(N)]
    finding = page(audited(user=busy)).cover.finding
    # Five made 50 look-ups each, five 30 and ten 20.
    assert finding == "20 users looked 600 times; 10 of them made 66.7% of the look-ups"


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({}, "600 look-ups, by nobody knows how many users"),
        ({"user": users(many=9)}, "600 look-ups, by fewer than 10 users"),
        ({"user": users(many=10)}, "10 users looked 600 times"),
        ({"user": users(many=19)}, "19 users looked 600 times"),
    ],
)
def test_few_users_are_not_told_and_no_ten_of_them_parted_from_the_rest(columns, says):
    assert page(audited(**columns)).cover.finding == says


def test_a_network_is_told_by_its_forces():
    forces = [f"Force {n % 3}" for n in range(N)]
    audit = audited("network", user=users(), force=forces)
    assert page(audit).cover.finding == "3 forces looked into this network 600 times"
    one = audited("network", user=users(), force=["Force 1"] * N)
    assert page(one).cover.finding == "1 force looked into this network 600 times"


def test_that_the_log_does_not_say_what_was_looked_up_is_said_first():
    silent = "The log does not say what was looked up."
    assert silent in page(audited(user=users())).cover.because
    keys = [f"k{n % 200}" for n in range(N)]
    assert silent not in page(audited(user=users(), key=keys)).cover.because


def test_the_list_decides_is_said_with_both_ends():
    written = ["test", *["inv"] * 5, *["burglary of a shop"] * 4]
    reasons = [written[n % 10] for n in range(N)]
    cover = page(audited(user=users(), reason=reasons)).cover
    assert cover.matrix.finding == "Reasons are vague in 10% or in 60%: the list of words decides"
    shown = {row.name: row.cells[0].word for row in cover.matrix.rows}
    assert shown == {
        "Vague: says nothing": "10%", "Vague: police work": "60%", "Vague: a kind of matter": "60%",
    }  # fmt: skip
    assert all(row.cells[0].told.endswith("of 600") for row in cover.matrix.rows)


def test_months_lie_one_behind_the_other_and_none_crosses_a_break():
    asked = Settings(replicates=100, policies=(PolicyDate(date(2025, 7, 15), "new rules"),))
    audit = audited(user=users(), settings=asked)
    spans = list(days_of(audit))
    assert spans[0][0] == audit.first
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    ends = {end for _, end in spans}
    assert {one.day for one in audit.breaks} <= ends
    text = rendered(page(audit))
    assert "said by who asks: new rules" in text
    assert "with 1 break: nothing is compared across it" in text


def test_breaks_that_lie_close_share_a_number():
    spans = [
        Span("June", "2025-06-01", "2025-07-01", 4.0),
        Span("July", "2025-07-01", "2025-08-01", None),
    ]
    drawn = str(through_time(EN, spans, ["2025-06-10", "2025-06-11", "2025-07-20"], "m"))
    assert ">1–2<" in drawn and ">3<" in drawn
    assert "the 3 days on which the log became another" in drawn
    one = str(through_time(EN, spans, [], "m"))
    assert "became another" not in one


@pytest.mark.parametrize("language", sorted(languages()))
def test_hidden_numbers_are_said_to_be_hidden(language):
    words = words_in(language)
    units = ["Large" if n % 30 > 4 else "Small" for n in range(N)]
    document = page(audited(user=users(), unit=units), words)
    tables = [table for part in document.sections for table in (*part.tables, *part.behind)]
    groups = next(one for one in tables if one.caption == words.say("Forces and units"))
    by_name = {row[1]: row[2:] for row in groups.rows}
    hidden = words.say("hidden")
    assert by_name == {"Large": [hidden, hidden], "Small": [hidden, hidden]}


def test_nothing_that_was_not_given_is_spoken_of():
    text = rendered(page(audited(user=users())))
    for word in ("Explained by", "list in force", "outside the shift", "than chance explains"):
        assert word.lower() not in text.lower().replace("the list in force does not name", "")
    assert "violation" not in text.lower()


def test_who_released_a_network_is_asked_for_where_it_was_not_said():
    audit = audited("network", user=users(), force=["A"] * N)
    assert "--producer" in rendered(page(audit))
    assert "--producer" not in rendered(page(audit, producer=True))


def test_masks_are_told_by_kind():
    text = rendered(page(audited(user=users()), masked={"plates": 4}))
    assert "Masked within texts: plates (4)." in text


def test_the_page_stands_where_no_time_can_be_read():
    log = made_log([None] * 40, user=users(40, 20))
    document = page(audit_access(log, Settings(replicates=100)))
    assert document.cover.picture is None
    assert "When look-ups were made cannot be told" in rendered(document)


@pytest.mark.parametrize("language", sorted(languages()))
def test_warnings_name_columns_as_the_page_does(language):
    words = words_in(language)
    masked = coded([None] * N, keyed=True, constant=True, states=[CellState.WITHHELD] * N)
    hidden = coded([None] * N, states=[CellState.WITHHELD] * N)
    made = audited(user=masked, search_type=hidden)
    assert [one.arguments["column"] for one in made.warnings[1:]] == ["user", "search_type"]
    (section,) = [one for one in page(made, words).sections if one.anchor == "warnings"]
    names = [column(words, "user"), column(words, "search_type")]
    for points in (section.points[1:], warned(words, made)[1:]):
        assert all(f"“{name}”" in point for name, point in zip(names, points, strict=True))


@pytest.mark.parametrize("language", sorted(languages()))
def test_each_version_of_a_list_stands_in_a_table_and_figures_name_theirs(language):
    words = words_in(language)
    starts = np.array(["2025-06-02", "2025-07-01"], "datetime64[us]")
    spans = InForce(
        np.array([0, 1], np.int32), starts, np.array(["2025-07-01", "NaT"], "datetime64[us]"),
        listed=2, starts=starts, begins=starts[0],
    )  # fmt: skip
    log = made_log(every(5, N), user=users(), key=["a", "b"] * (N // 2))
    found = audit_access(log, Settings(replicates=100), Registers(authorised=spans))
    made = page(found, words)
    (section,) = [one for one in made.sections if one.anchor == "explained"]
    (shown,) = section.behind
    told = [" ".join(row) for row in shown.rows]
    first, second = (words.day(one) for one in ("2025-06-02", "2025-07-01"))
    assert told[0].startswith(f"{first} {second} {found.versions[0].lookups}")
    assert told[1].startswith(f"{second} – {found.versions[1].lookups}")
    # Figures of the whole list stand above, and each version's is named in the table of all.
    assert not [row for table in section.tables for row in table.rows if first in row[0]]
    every_figure = made.sections[-1].behind[0].rows
    assert len({row[0] for row in every_figure}) == len(every_figure)
    assert len([row for row in every_figure if second in row[0]]) == 4


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_change_of_volume_is_named_and_no_other_cause_is(language):
    words = words_in(language)
    days = np.arange("2025-01-01", "2025-07-01", dtype="datetime64[D]")
    at = [d + np.timedelta64(h, "h") for d in days for h in range(9 if d < days[90] else 4)]
    log = made_log(at, user=users(len(at)))
    found = audit_access(log, Settings(replicates=100))
    assert [one.code for one in found.warnings] == ["volume_not_explained"]
    made = page(found, words)
    (section,) = [one for one in made.sections if one.anchor == "breaks"]
    ((_, day, what),) = section.tables[0].rows
    assert day == words.day("2025-04-01") and " 9 " in what and " 4," in what


def gone(state, *, n=N, keyed=False):
    """A column of which nothing can be read, each cell for the same cause."""
    return coded([None] * n, keyed=keyed, states=[state] * n, constant=state != CellState.EMPTY)


def plainly(language="en", registers=None, **columns):
    log = made_log(every(5, N), **columns)
    made = audit_access(log, Settings(replicates=100), registers or Registers())
    document = page(made, words_in(language))
    return made, {*document.plain.points}, document


@pytest.mark.parametrize("state", [CellState.WITHHELD, CellState.MASKED, CellState.EMPTY])
def test_what_was_taken_out_is_said_to_be_and_nothing_else_of_it(state):
    every_one = ("user", "key", "case", "reason", "force")
    columns = {name: gone(state, keyed=name in ("user", "key", "case")) for name in every_one}
    reach = {name: numbers([None] * N) for name in ("networks", "devices")}
    if state != CellState.EMPTY:
        reach = {
            name: NumberColumn(one.values, np.full(N, state, np.uint8))
            for name, one in reach.items()
        }
    made, said, document = plainly(**columns, **reach)
    taken = state != CellState.EMPTY
    assert {
        "Who looked was taken out of this log." if taken else "The log does not say who looked.",
        "How far look-ups reached was taken out of this log." if taken
        else "The log does not say how many networks or devices were searched, nor which days.",
        "What was looked up was taken out of this log: repeats and lists cannot be counted."
        if taken
        else "The log does not say what was looked up: repeats and lists cannot be counted.",
        "No reason can be read in this log.",
    } <= said  # fmt: skip
    text = rendered(document, "en")
    assert "fewer than 10." not in text and "of the others, which may differ" not in text
    assert ("was taken out of the log." in document.cover.because) == taken
    assert {one.code for one in made.warnings} <= {"no_user_is_known", "constant_column"}


def test_one_reason_in_every_row_is_no_rate_of_vague_ones():
    same = coded(["investigation"] * N, constant=True)
    made, said, _ = plainly(user=users(), reason=same)
    assert "Every look-up states the same reason: nothing is counted of it." in said
    assert made.lists == () and not [one for one in made.statements if "vague" in one.statistic]


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_list_that_nothing_can_be_held_against_is_told(language):
    spans = InForce(
        np.array([], np.int32), np.array([], "datetime64[us]"), np.array([], "datetime64[us]"),
        listed=4,
    )  # fmt: skip
    words = words_in(language)
    for name, given in (("key", {"authorised": spans}), ("case", {"cases": spans})):
        hidden = {name: gone(CellState.WITHHELD, keyed=True)}
        made, _, document = plainly(language, Registers(**given), user=users(), **hidden)
        assert [one.code for one in made.warnings][-1:] == ["list_not_held"]
        (section,) = [one for one in document.sections if one.anchor == "warnings"]
        assert f"“{column(words, name)}”" in section.points[-1]
    held = plainly(registers=Registers(authorised=spans), user=users(), key=users())[0]
    assert held.warnings == ()


@pytest.mark.parametrize(
    ("surprising", "says", "incomplete"),
    [(0, "no single one is more than chance gives", False), (1, "1 is more than", True),
     (2, "2 are more than", True)],
)  # fmt: skip
def test_only_days_that_chance_does_not_give_make_a_log_incomplete(surprising, says, incomplete):
    audit = audited(user=users())
    days = msgspec.structs.replace(audit.missing, expected=1.5, surprising=surprising)
    told = " ".join(missing(EN, msgspec.structs.replace(audit, missing=days)))
    assert says in told and ("may be incomplete" in told) == incomplete
