"""The page of a scored reading: where each sentence must appear, and where it must not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from tests import made_up_readings as made_up

from veedor.audits.reading import (
    FrameColumns,
    PackSettings,
    PlanSettings,
    make_pack,
    make_plan,
    open_frame,
    score_reading,
    write_plan,
)
from veedor.languages import languages
from veedor.report.document import rendered
from veedor.report.reading import reading_document
from veedor.report.words import words_in
from veedor.report.words.reading_steps import packed, planned

#: Where a table is, as who plans a reading names it.
ALERTS = Path("who was right.csv")


class Made:
    """A reading of made-up alerts, scored by what readers answer."""

    def __init__(self, folder, others=60, n=60, targeted=()):
        self.folder, self.n = folder, 0
        rows, self.true = made_up.truth(500)
        table = made_up.write_table(folder / "alerts.csv", rows)
        columns = FrameColumns(key="case", alert="flagged", strata=("kind",))
        with open_frame(table, columns) as frame:
            self.plan, sample = make_plan(
                frame, PlanSettings(n=n, others=others), targeted=targeted
            )
        (folder / "plan").mkdir()
        write_plan(self.plan, sample, [], folder / "plan")
        (folder / "plan" / "codebook.csv").write_text(made_up.CODEBOOK, "utf-8")
        (folder / "pack").mkdir()
        settings = PackSettings(show=("as_written",))
        self.key = make_pack(folder / "plan", table, settings, None, folder / "pack")

    def score(self, *answers, third=None):
        files = [
            made_up.fill(self.folder / "pack", n, one, self.folder / f"{n}.csv")
            for n, one in enumerate(answers, start=1)
        ]
        return score_reading(self.folder / "pack", files)[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return Made(tmp_path_factory.mktemp("reading"))


@pytest.fixture(scope="module")
def unsure(made):
    return made.score(made_up.by_truth(made.true, 1), made_up.by_truth(made.true, 2))


@pytest.fixture(scope="module")
def sure(made):
    exact = made_up.by_truth(made.true, 1, 0.0, 0.0)
    return made.score(exact, exact)


def text(score, language="en"):
    return rendered(reading_document(score, words_in(language)), language)


def test_the_verdict_is_a_range_only_where_readers_leave_one(sure, unsure):
    assert "Between" in reading_document(unsure).cover.finding
    finding = reading_document(sure).cover.finding
    assert "Between" not in finding
    assert "of the alerts are right (with chance:" in finding


def test_settled_differences_are_said_first(unsure):
    settled = replace(
        unsure,
        decided=True,
        errors=(*unsure.errors, *(replace(e, scenario="settled") for e in unsure.errors)),
        statements=tuple(
            replace(one, subject=replace(one.subject, assignment=name))
            for one in unsure.statements
            for name in (
                ("strict", "settled") if one.subject.assignment == "strict"
                else (one.subject.assignment,)
            )
        ),
    )  # fmt: skip
    cover = reading_document(settled).cover
    assert "once readers' differences are settled" in cover.finding
    rows = [row.name for row in cover.matrix.rows]
    assert rows == [
        "Right, strict", "Right, settled", "Right, lenient", "Right, if readers err",
        "Missed, settled", "Recall, settled",
    ]  # fmt: skip


def test_two_readers_are_never_said_to_show_their_errors(sure, unsure):
    for score in (sure, unsure):
        page = text(score)
        assert "So no model can tell them from this table, and none is fitted." in page
        assert "Two readers cannot show how often both are wrong alike" in page


def test_what_was_missed_is_said_only_where_it_was_read(tmp_path, unsure):
    assert "Recall, strict" in text(unsure)
    assert "What was missed is not told" not in text(unsure)
    alone = Made(tmp_path, others=0)
    score = alone.score(*[made_up.by_truth(alone.true, 1)] * 2)
    page = text(score)
    assert "Recall, strict" not in page
    assert "What was missed is not told: no row without an alert was read." in page


def test_kappas_paradox_is_warned_of_where_it_is(made, sure):
    assert "paradox" not in {one.code[6:] for one in sure.warnings}

    def rare(n):
        return lambda key, line: "right" if int(key[1:]) % 50 == n else "wrong"

    score = made.score(rare(0), rare(1))
    found = [one for one in score.warnings if one.code == "kappa_paradox"]
    assert found
    assert found[0].arguments["agreement"] > 0.9
    assert "one answer is so rare that chance alone would agree nearly as often" in text(score)


def test_readers_who_differ_much_are_warned_of(made, sure):
    assert "readers_differ" not in {one.code for one in sure.warnings}
    score = made.score(lambda key, line: "right", made_up.by_truth(made.true, 1))
    assert "readers_differ" in {one.code for one in score.warnings}


def test_chosen_rows_are_told_apart_and_in_no_sentence_of_a_rate(tmp_path, sure):
    rows, true = made_up.truth(500)
    chosen = Made(tmp_path, targeted=[row[0] for row in rows[:12]])
    score = chosen.score(*[made_up.by_truth(true, 1, 0.0, 0.0)] * 2)
    assert "Chosen by hand, in no rate: 12 rows" in text(score)
    assert "Chosen by hand" not in text(sure).replace("That rows chosen by hand", "")


def test_no_key_of_a_row_and_no_file_of_a_reader_is_on_the_page(made, unsure):
    page = text(unsure)
    assert not [one.key for one in made.key.items if one.key in page]
    assert not [one.item for one in made.key.slots if f">{one.item}<" in page]


@pytest.mark.parametrize("language", sorted(languages()))
def test_steps_are_said_in_every_language(made, language):
    words = words_in(language)
    told = " ".join(
        sentence
        for document in (
            planned(words, made.plan, made.folder, ALERTS), packed(words, made.key, made.folder)
        )
        for section in document.headline
        for sentence in section.sentences
    )  # fmt: skip
    assert made.plan.frame_sha256 in told
    assert made.key.codebook_sha256 in told
    assert f"veedor reading pack {made.folder} --table 'who was right.csv' --show COLUMN" in told
    assert f"veedor reading score {made.folder} --reading reader_1.csv --reading reader_2" in told
    assert ("Read" in told) == (language == "en")


def test_a_design_that_needs_more_is_said_to(made):
    words = words_in("en")
    rivals = made.plan.rivals
    assert "would need" not in str(planned(words, made.plan, made.folder, ALERTS).headline)
    wide = tuple(replace(one, n_for_chosen=one.n if one.chosen else 3 * one.n) for one in rivals)
    assert "would need 180" in str(
        planned(words, replace(made.plan, rivals=wide), made.folder, ALERTS).headline
    )


def test_a_promise_of_a_pilot_that_was_not_taken_is_said_to_be_chance_perhaps(made):
    words, by_pilot = words_in("en"), replace(made.plan.rivals[0], design="neyman")

    def told(chosen, read):
        rivals = (*made.plan.rivals, replace(by_pilot, chosen=chosen))
        plan = replace(made.plan, rivals=rivals, pilot_read=read)
        return "7% narrower" in str(planned(words, plan, made.folder, ALERTS).headline)

    assert told(chosen=False, read=90)
    assert not told(chosen=True, read=90) and not told(chosen=False, read=0)


def test_the_band_holds_every_scenario(unsure):
    band = next(one.estimate for one in unsure.statements if one.statistic == "ppv_band")
    ends = [
        end
        for one in unsure.statements
        if one.statistic == "ppv" and one.subject.group == "all"
        for end in (one.estimate.low, one.estimate.high)
    ]
    assert band.low <= np.min(ends)
    assert np.max(ends) <= band.high
