"""What is said of all rounds of a log together."""

import numpy as np
from msgspec.structs import replace

from veedor.report.sealed import sealed_document
from veedor.report.words import words_in
from veedor.sealing.findings import (
    NEVER,
    SCORED,
    LogAbout,
    LogFindings,
    PromiseFound,
    ScoringFound,
    _together,
)
from veedor.sealing.manifests import Revisions
from veedor.sealing.scores import PromisedGain, PromiseScores
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.verification import GainByPeriod


def round_(week, gain, variance, forecaster="Vendor"):
    begins = np.datetime64("2025-01-06") + 7 * week
    found = PromisedGain(
        gain=Estimate(gain / 50, None, None, 0.95, Method("made_up"), 50, Denominator("periods")),
        by_period=GainByPeriod(
            gain=(gain,),
            per_incident=(gain / 50,),
            variance_if_reference=(variance,),
            variance_if_forecast=(variance,),
        ),
        incidents=(50,),
    )
    results = PromiseScores(incidents=50, scores={}, information_gain=found, capture_rate=())
    return PromiseFound(
        entry=week,
        category="theft",
        forecaster=forecaster,
        version="1",
        promised_by="the town",
        promised_at="",
        existed_by=None,
        reference="PriorCounts",
        reference_entry=0,
        late=False,
        state=SCORED,
        begins=f"{begins}T00:00:00.000000Z",
        ends=f"{begins + 7}T00:00:00.000000Z",
        data_cutoff=None,
        cells=9,
        promised_scores=[],
        revisions=Revisions(wait_days=0, text="none"),
        scorings=(
            ScoringFound(entry=9, round=1, written_at="", outcomes_sha256="", results=results),
        ),
    )


def rounds(variance, forecaster="Vendor"):
    return [round_(week, 5.0 + 0.1 * (week % 3), variance, forecaster) for week in range(10)]


def test_rounds_that_agree_are_not_enough_where_the_reference_allows_for_more():
    (surely,) = _together(rounds(0.01))
    assert surely.gain.verdict == "better"
    (chance,) = _together(rounds(1000.0))
    gain = chance.gain
    assert gain.verdict == "not_shown"
    assert gain.weeks_low > 0.0 > gain.estimate.low


def test_verdicts_on_several_forecasters_hold_together():
    many = [one for name in "abcdefgh" for one in rounds(60.0, name)]
    found = _together(many)
    alone = _together(rounds(60.0))[0].gain
    assert [one.gain.comparisons for one in found] == [8] * 8
    assert alone.verdict == "better"
    assert {one.gain.verdict for one in found} == {"not_shown"}


def page(promises):
    found = LogFindings(
        schema_version=5,
        log=LogAbout(name="a log", entries=10, key_sha256="0", checkpoint=None),
        promises=(),
        together=_together(promises),
        as_of="2025-06-01",
        holds=True,
        problems=(),
        proven=(),
        not_proven=(),
        notices=(),
        beside=(),
        authority_checked=False,
        looks=None,
    )
    return sealed_document(found, words_in("en"))


def test_the_page_says_so():
    (told,) = page(rounds(1000.0)).plain.points
    assert "not shown to be better" in told
    assert "if PriorCounts were right, chance would give" in told
    assert "smallest gain that could have been shown" in told
    assert "It went worse than PriorCounts in 0 of 10 scored rounds." in told
    assert "never scored" not in told


def test_better_is_only_of_the_rounds_that_were_scored():
    hidden = [replace(round_(week, -50.0, 0.01), state=NEVER, scorings=()) for week in (11, 12)]
    (told,) = page(rounds(0.01) + hidden).plain.points
    assert "better than the reference in the rounds that were scored" in told
    assert "2 rounds are due and were never scored" in told
    assert "may be those that went badly" in told
