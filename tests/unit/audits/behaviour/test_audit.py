"""What the audit answers, and when it says that it cannot."""

import numpy as np
import pytest
from msgspec.structs import replace

from veedor.areas.spans import Spans
from veedor.audits.behaviour import Comparer, Question, Timing, audit_behaviour, segmented
from veedor.audits.behaviour.comparison import course
from veedor.audits.behaviour.design import columns
from veedor.errors import DataError, StudyError


def stated(found, statistic, group="sensitive", assignment=""):
    return next(
        one.estimate
        for one in found.statements
        if (one.statistic, one.subject.group, one.subject.assignment)
        == (statistic, group, assignment)
    )


def test_a_fall_is_found_with_its_size(panel, question):
    found = audit_behaviour(panel(change=-0.2), question)
    assert found.verdict == "change"
    level = stated(found, "level_change")
    assert level.low < 0.8 < level.high
    assert level.high < 1.0
    assert (found.before, found.after, found.first_after) == (17, 13, "2013-06")


def test_without_a_change_none_is_found_and_what_could_have_been_is_told(panel, question):
    found = audit_behaviour(panel(), question)
    assert found.verdict == "no_change_detectable"
    assert 0.7 < found.pooled.detectable_fall < 0.98
    assert found.pooled.detectable_rise == pytest.approx(1.0 / found.pooled.detectable_fall)


def test_what_everyone_does_differently_is_no_change(panel, question):
    made = panel()
    made.values[:, 17:] = np.round(0.5 * made.values[:, 17:])
    assert audit_behaviour(made, question).verdict == "no_change_detectable"


def test_negative_controls_that_move_too_take_the_answer_away(panel, question):
    moved = panel(change=-0.2, negative=3, negative_change=-0.2)
    found = audit_behaviour(moved, question)
    assert (found.verdict, found.reasons) == ("cannot_tell", ("moved",))
    still = audit_behaviour(panel(change=-0.2, negative=3), question)
    assert (still.verdict, still.reasons) == ("change", ())
    assert stated(still, "level_change", "negative_control").low < 1.0


def test_a_change_that_many_controls_make_alone_takes_the_answer_away(panel, question):
    made = panel(controls=24, change=-0.2, noise=0.02)
    steps = np.where(np.arange(24) % 2 == 0, 0.4, 1.7)
    made.values[3:, 17:] = np.round(made.values[3:, 17:] * steps[:, None] / np.sqrt(0.68))
    found = audit_behaviour(made, question)
    assert found.pooled.p_value <= 0.05
    assert (found.verdict, found.reasons) == ("cannot_tell", ("differ", "in_space"))


def test_placebos_are_ranked(panel, question):
    found = audit_behaviour(panel(controls=6, change=-0.3), question).pooled
    assert len(found.in_space.placebos) == 6
    assert found.in_space.p_value == pytest.approx(1 / 7)
    assert [one.name for one in found.in_time.placebos] == ["2012-09", "2012-10"]
    assert found.in_time.p_value == pytest.approx(1 / 3)


def test_a_fake_event_sees_nothing_from_the_event_on(panel, question):
    flat = audit_behaviour(panel(), question).pooled.in_time
    fell = audit_behaviour(panel(change=-0.5), question).pooled.in_time
    assert [one.studentised for one in flat.placebos] == pytest.approx(
        [one.studentised for one in fell.placebos], abs=0.05
    )


def test_each_series_each_period_and_the_last_are_left_out(panel, question):
    left = audit_behaviour(panel(change=-0.2), question).pooled.left_out
    kinds = [one.kind for one in left]
    assert (kinds.count("series"), kinds.count("period"), kinds.count("last")) == (7, 30, 3)
    assert all(0.7 < one.ratio < 0.9 for one in left)


def test_a_change_that_rests_on_some_is_told(panel, question):
    found = audit_behaviour(panel(change=-0.08), question)
    assert found.verdict == "change"
    lost = [one for one in found.pooled.left_out if one.p_value > 0.05]
    counted = {kind: sum(one.kind == kind for one in lost) for kind in ("series", "period")}
    told = {one.code: one.arguments["n"] for one in found.warnings}
    assert sum(counted.values()) > 0
    for kind, many in counted.items():
        assert told.get(f"behaviour_rests_on_{kind}", 0) == many


def test_a_change_of_one_series_among_some_is_none_of_all_together(panel, question):
    made = panel(sensitive=4)
    made.values[0, 17:] = np.round(0.4 * made.values[0, 17:])
    found = audit_behaviour(made, question)
    assert found.pooled.p_value <= 0.05 < found.pooled.p_value_of_others
    assert (found.verdict, found.reasons) == ("cannot_tell", ("differ",))
    assert [one.name for one in found.single if one.q_value <= 0.05] == ["topic 00"]


@pytest.mark.parametrize(("count", "set_aside"), [(9.0, 1), (10.0, 0)])
def test_a_series_with_a_count_below_10_is_set_aside_and_not_named(
    panel, question, count, set_aside
):
    made = panel()
    made.values[0, 3] = count
    found = audit_behaviour(made, replace(question, lows="counted"))
    assert found.series[0].small == set_aside
    assert any(one.subject.group == "topic 00" for one in found.statements) == (not set_aside)


def test_a_small_count_in_the_months_that_are_left_out_does_not_matter(panel, question):
    made = panel(before=19, after=11)
    made.values[0, 16] = 3.0
    found = audit_behaviour(made, replace(question, anticipation=2, event="2013-08"))
    assert found.series[0].small == 1
    later = replace(question, anticipation=3, event="2013-08")
    assert audit_behaviour(made, later).series[0].small == 0


@pytest.mark.parametrize(("before", "after"), [(7, 20), (20, 7)])
def test_fewer_than_8_periods_on_a_side_are_refused(panel, question, before, after):
    event = Spans("month", np.datetime64("2012-01-01"), 40).labels[before]
    with pytest.raises(DataError, match="3 with that role; 0 with a count below 10"):
        audit_behaviour(panel(before=before, after=after), replace(question, event=event))


def test_8_periods_on_a_side_are_enough(panel, question):
    asked = replace(question, event="2012-09")
    found = audit_behaviour(panel(before=8, after=8), asked)
    assert (found.before, found.after) == (8, 8)


def test_no_control_is_refused(panel, question):
    with pytest.raises(DataError, match="needs a control"):
        audit_behaviour(panel(controls=0), question)
    with pytest.raises(DataError, match="needs a sensitive"):
        audit_behaviour(panel(sensitive=0), question)


def test_a_published_design_needs_no_control_and_gives_no_verdict(panel, question):
    found = audit_behaviour(panel(controls=0, change=-0.2), replace(question, design="ols"))
    assert (found.verdict, found.pooled) == ("none", None)
    assert found.segmented.of("level").value < 0.0


@pytest.mark.parametrize("because", ["", "it was in the news"[:9]])
def test_a_reason_must_be_written(because):
    with pytest.raises(StudyError, match="why people may have changed"):
        Question(event="2013-06", because=because)


@pytest.mark.parametrize("event", ["2011-12", "2014-07"])
def test_an_event_outside_of_the_table_is_refused(panel, question, event):
    with pytest.raises(StudyError, match="within the periods"):
        audit_behaviour(panel(), replace(question, event=event))


@pytest.mark.parametrize(("before", "pairs"), [(23, 0), (24, 2)])
def test_a_season_enters_from_two_years_before_the_event(panel, question, before, pairs):
    event = Spans("month", np.datetime64("2012-01-01"), 40).labels[before]
    found = audit_behaviour(panel(before=before), replace(question, event=event))
    assert found.pooled.pairs == pairs


def test_a_yearly_wave_in_the_difference_does_not_pass_for_a_change(panel, question):
    asked = replace(question, event="2014-07", lows="counted")
    plain = audit_behaviour(panel(before=30, after=18, size=1e6), asked)
    made = panel(before=30, after=18, size=1e6)
    made.values[:3] *= np.exp(0.3 * np.sin(2.0 * np.pi * np.arange(48) / 12.0 + 1.0))
    waved = audit_behaviour(made, asked)
    for statistic in ("level_change", "slope_change"):
        ours, theirs = stated(waved, statistic), stated(plain, statistic)
        assert (ours.value, ours.low, ours.high) == pytest.approx(
            (theirs.value, theirs.low, theirs.high), rel=1e-6
        )


def test_a_yearly_wave_does_not_make_fake_events_stand_out(panel, question):
    asked = replace(question, event="2015-01", lows="counted")
    plain = audit_behaviour(panel(before=36, size=1e6, change=-0.1), asked)
    made = panel(before=36, size=1e6, change=-0.1)
    made.values[:3] *= np.exp(0.3 * np.sin(2.0 * np.pi * np.arange(49) / 12.0 + 1.0))
    waved = audit_behaviour(made, asked)
    ours, theirs = ([one.studentised for one in found.pooled.in_time.placebos]
                    for found in (waved, plain))  # fmt: skip
    assert len(ours) == 21 and ours == pytest.approx(theirs, rel=1e-6)
    assert waved.pooled.in_time.p_value == plain.pooled.in_time.p_value
    assert waved.verdict == plain.verdict == "change"


def test_the_design_is_that_of_its_formula():
    spans = Spans("quarter", np.datetime64("2010-01-01"), 20)
    asked = Question(event="2014-01", because="it is made up here", harmonics=2, ramp_from=1)
    timing = Timing.of(spans, asked)
    made = columns(timing, asked, np.arange(20))
    assert made.names == ("intercept", "trend", "level", "ramp", "sine_1", "cosine_1", "cosine_2")
    assert made.matrix[15, :4].tolist() == [1.0, 16.0, 0.0, 0.0]
    assert made.matrix[17, :4].tolist() == [1.0, 18.0, 1.0, 2.0]
    assert made.mean_ramp == 2.5
    assert made.counterfactual[17, 2:4].tolist() == [0.0, 0.0]


def test_missing_cells_do_not_let_the_mean_jump_with_who_is_there():
    logs = np.array([[1.0, 2.0, 3.0, 4.0], [11.0, np.nan, 13.0, np.nan], [np.nan] * 4])
    assert course(logs) == pytest.approx([6.0, 7.0, 8.0, 9.0])
    assert np.isnan(course(np.full((2, 3), np.nan))).all()


def test_the_effect_of_one_series_is_that_of_its_difference(panel, question):
    made = panel(sensitive=1, controls=1)
    comparer = Comparer(made, Timing.of(made.spans, question), question)
    found = comparer.compare(made.of_role("sensitive"), made.of_role("control"))
    assert found.values == pytest.approx(made.logs[0] - made.logs[1])
    again = found.effect("level_change", of_others=True)
    assert again.interval() == found.level.interval()  # one series does not differ from itself


def test_series_that_differ_widen_what_is_said_of_others_like_them(panel, question):
    made = panel(sensitive=6, noise=0.01)
    made.values[:6, 17:] = np.round(made.values[:6, 17:] * np.linspace(0.6, 1.0, 6)[:, None])
    found = audit_behaviour(made, question)
    theirs = stated(found, "level_change")
    like = stated(found, "level_change", assignment="random_effects")
    assert like.high / like.low > 1.4 * theirs.high / theirs.low
    logs = np.log(np.linspace(0.6, 1.0, 6))
    assert found.pooled.between == pytest.approx(logs.std(ddof=1), rel=0.2)


def test_a_published_design_refuses_fewer_than_8_periods(panel, question):
    made = panel(before=7)
    asked = replace(question, event="2012-08", design="ols")
    with pytest.raises(DataError, match="7 before and 13 after"):
        segmented(made, Timing.of(made.spans, asked), asked)


def test_more_series_or_their_order_change_nothing(panel, question):
    made = panel(change=-0.1)
    turned = made.keeping(np.ones(7, dtype=bool))
    order = np.arange(7)[::-1]
    again = audit_behaviour(turned.keeping(order), question)
    first = audit_behaviour(made, question)
    assert again.pooled.p_value == pytest.approx(first.pooled.p_value)
