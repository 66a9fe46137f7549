"""The page of the behaviour audit says what was found, and never why anyone did anything."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from tests.golden import topics

from veedor.audits.behaviour import Question, audit_behaviour, read_panel
from veedor.languages import languages
from veedor.report.audit_behaviour import behaviour_document
from veedor.report.document import rendered
from veedor.report.words import words_in
from veedor.report.words.behaviour_cover import REASONS, between, by, finding, size

#: What no count can show, in any form.
MINDS = re.compile(
    r"self-censor|censored|chilled|chilling|autocensur|se censur|silenci|fell silent|afraid",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("topics") / "topics.csv"
    topics.write(path)
    panel = read_panel(path, missing_days="days_without")
    question = Question(event=topics.EVENT, because=topics.BECAUSE)
    return {
        "change": audit_behaviour(panel, question),
        "published": audit_behaviour(panel, replace(question, design="poisson")),
        "plain": audit_behaviour(panel, replace(question, design="ols")),
    }


def found(audit, language="en"):
    level = next((one for one in audit.statements if one.statistic == "level_change"), None)
    return finding(words_in(language), audit, level and level.estimate)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["change", "published", "plain"])
def test_no_page_says_why(made, name, language):
    audit = made[name]
    pages = [rendered(behaviour_document(audit, words_in(language)), language)]
    for verdict, reasons in (
        ("no_change_detectable", ()), *(("cannot_tell", (reason,)) for reason in REASONS)
    ):  # fmt: skip
        if audit.pooled is not None:
            other = replace(audit, verdict=verdict, reasons=reasons)
            pages.append(rendered(behaviour_document(other, words_in(language)), language))
    text = [re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL) for page in pages]
    assert not [hit.group() for page in text for hit in MINDS.finditer(page)]


def test_each_verdict_has_its_sentence_and_no_other(made):
    audit = made["change"]
    assert found(audit).startswith("A change is shown: ")
    assert " lower from June 2023 on" in found(audit)
    nothing = found(replace(audit, verdict="no_change_detectable"))
    assert nothing.startswith("No change is detectable: one of −")
    assert "shown" not in nothing
    for reason, sentence in REASONS.items():
        told = found(replace(audit, verdict="cannot_tell", reasons=(reason,)))
        assert told == sentence
        assert "change is shown" not in told
    assert "no verdict" in found(made["published"])


def test_of_many_things_left_out_a_table_says_that_it_is_cut(made):
    audit = made["change"]
    parts = audit.pooled
    few = replace(audit, pooled=replace(parts, left_out=parts.left_out[:60]))
    many = replace(audit, pooled=replace(parts, left_out=(parts.left_out * 9)[:61]))
    assert "things left out" not in rendered(behaviour_document(few))
    assert "Of 61 things left out, the 60 " in rendered(behaviour_document(many))


def test_ways_and_tiny_p_values_are_written_for_people(made):
    audit = made["change"]
    parts = audit.pooled
    least = replace(audit, pooled=replace(parts, left_out=(
        replace(parts.left_out[0], p_value=3e-9),
    )))  # fmt: skip
    page = rendered(behaviour_document(least))
    assert "below 0.0001" in page and "e−09" not in page
    assert "random_effects" not in page and "prais_winsten" not in page


def test_a_rise_is_no_fall(made):
    audit = made["change"]
    level = next(one.estimate for one in audit.statements if one.statistic == "level_change")
    risen = replace(level, value=1.25, low=1.1, high=1.4)
    told = finding(words_in("en"), audit, risen)
    assert told.startswith("A change is shown: 25% higher from June 2023 on")
    assert told.endswith("(+10% to +40%)")


def test_changes_are_written_with_their_sign():
    words = words_in("es")
    assert [by(words, ratio) for ratio in (0.5, 0.967, 1.0, 1.004, 2.0)] == [
        "−50%", "−3,3%", "0%", "+0,4%", "+100%",
    ]  # fmt: skip
    assert [size(words, ratio) for ratio in (0.84, 1.16, 0.95)] == ["16%", "16%", "5%"]


def test_small_series_are_not_named(made):
    audit = made["change"]
    assert "protest" in rendered(behaviour_document(audit))
    assert "−25% (−29% to −21%)" in rendered(behaviour_document(audit))
    assert between(words_in("en"), audit.single[0].level).startswith("−")


def test_the_reason_is_shortened_on_the_cover_and_whole_below(made):
    audit = made["change"]
    long = replace(audit.question, because="word " * 60 + "end")
    document = behaviour_document(replace(audit, question=long))
    assert len(document.cover.because) < 400
    assert any(
        "end" in row[1] for section in document.sections for one in section.tables
        for row in one.rows if len(row) == 2
    )  # fmt: skip
