"""What counts by area look like before use: states, sums, revisions, breaks and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.made_areas import edition

from veedor.areas import (
    Area,
    AreaCounts,
    AreaQuality,
    Crossing,
    Offence,
    SeriesBreak,
    Spans,
    State,
    Sum,
    Sums,
    Unit,
    assess_areas,
    joined,
)
from veedor.arrays import Ints

N, X = State.NOT_REPORTED, State.NOT_APPLICABLE
AREAS = tuple(Area(f"0{n}", f"Town {n}", "town") for n in range(1, 6))
REST = Area("999", "not known", "town", residual=True)
HOMICIDE = Offence("hom", "homicide", Unit.VICTIMS)
FEMICIDE = Offence("fem", "femicide", Unit.VICTIMS)
LETHAL = Offence("let", "lethal violence", Unit.VICTIMS)


def counts(
    values: Ints,
    published: str = "2026-01-20",
    offences: tuple[Offence, ...] = (HOMICIDE,),
    areas: tuple[Area, ...] = AREAS,
    **more: object,
) -> AreaCounts:
    """Months from January 2021: values of shape (spans, offences, areas), all reported."""
    spans = Spans("month", np.datetime64("2021-01-01", "D"), len(values))
    return AreaCounts(areas, offences, spans, (edition(values, published),), **more)  # type: ignore[arg-type]


def with_states(record: AreaCounts, where: object, state: State) -> AreaCounts:
    """Return it with cells that have no number."""
    latest = record.latest
    values, states = latest.values.copy(), latest.state.copy()
    values[where], states[where] = 0, state  # type: ignore[index]
    return replace(record, editions=(replace(latest, values=values, state=states),))


def steady(mean: float = 40.0, spans: int = 60, offences: int = 1, seed: int = 3) -> Ints:
    rng = np.random.default_rng(seed)
    return rng.poisson(mean, (spans, offences, len(AREAS))).astype(np.int64)


def one_of(quality: AreaQuality, code: str) -> str:
    return next(strip.states for strip in quality.strips if strip.code == code)


def test_states_add_up_and_leave_out_sums() -> None:
    values = steady(offences=2)
    values[0, 0, 0] = 0
    total = Area("00", "all", "country")
    wide = np.concatenate([values, values.sum(axis=2, keepdims=True)], axis=2)
    parts = Sums((Sum("00", tuple(area.code for area in AREAS)),))
    record = counts(wide, offences=(HOMICIDE, FEMICIDE), areas=(*AREAS, total), area_sums=parts)
    record = with_states(record, np.s_[5:8, :, 1], N)
    record = with_states(record, np.s_[:30, 1, 2], X)
    quality = assess_areas(record)
    states = quality.states
    assert states.cells == 60 * 2 * 5
    assert states.not_reported == 6
    assert states.not_applicable == 30
    assert states.observed + states.reported_zero + 36 == states.cells
    assert quality.places == 5
    assert [one.states.not_applicable for one in quality.by_offence] == [0, 30]
    assert [one.states.not_reported for one in quality.by_span][4:9] == [0, 2, 2, 2, 0]
    assert sum(one.recorded for one in quality.by_offence) == record.latest.values[..., :5].sum()


def test_strips_tell_what_is_missing_from_what_looks_so() -> None:
    values = steady(offences=2)
    values[20:23, 0, 0] = 0
    record = counts(values, offences=(HOMICIDE, FEMICIDE))
    record = with_states(record, np.s_[40:42, :, 1], N)
    record = with_states(record, np.s_[50:52, 1, 2], N)
    record = with_states(record, np.s_[:12, :, 3], X)
    quality = assess_areas(record)
    assert one_of(quality, "01") == "o" * 20 + "uuu" + "o" * 37
    assert one_of(quality, "02") == "o" * 40 + "nn" + "o" * 18
    assert one_of(quality, "03") == "o" * 50 + "ii" + "o" * 8
    assert one_of(quality, "04") == "x" * 12 + "o" * 48
    assert [(one.code, one.first, one.last) for one in quality.came] == [
        ("04", "2022-01", "2025-12")
    ]


def test_what_looks_unreported_is_named_with_what_stands_beside_it() -> None:
    values = steady()
    values[20:23, 0, 4] = 0
    (found,) = assess_areas(counts(values)).looks_unreported
    assert (found.area_name, found.offence_name) == ("Town 5", "homicide")
    assert (found.kind, found.first, found.last, found.spans) == ("zeros", "2022-09", "2022-11", 3)
    assert found.before == pytest.approx(values[8:20, 0, 4].mean())
    assert found.after == pytest.approx(values[23:35, 0, 4].mean())


def test_sums_are_checked_in_every_edition_and_what_fails_is_said() -> None:
    values = steady(offences=3)
    values[:, 2] = values[:, 0] + values[:, 1]
    early = values[:58].copy()
    values[30, 2, 1] += 7
    values[31, 2, 1] -= 2
    sums = Sums((Sum("let", ("hom", "fem")),))
    offences = (HOMICIDE, FEMICIDE, LETHAL)
    late = counts(values, offences=offences, offence_sums=sums)
    late = with_states(late, np.s_[3, 1, 0], N)
    record = joined([counts(early, "2025-12-20", offences, offence_sums=sums), late])
    first, last = assess_areas(record).sums
    assert (first.edition, first.checked, first.failing) == ("2025-12-20", 58 * 5, 0)
    assert (last.checked, last.failing, last.unchecked, last.net, last.gross) == (299, 2, 1, 5, 9)
    told = last.largest[0]
    assert (told.span, told.area, told.offence, told.difference) == ("2023-07", "02", "let", 7)
    assert told.printed - told.parts == 7


def test_a_sum_of_areas_holds_what_has_no_place() -> None:
    values = steady()
    rest = np.full((60, 1, 1), 3)
    total = values.sum(axis=2, keepdims=True) + 3
    areas = (*AREAS, REST, Area("00", "all", "country"))
    wide = np.concatenate([values, rest, total], axis=2)
    for codes, failing in ((areas[:6], 0), (areas[:5], 60)):
        sums = Sums((Sum("00", tuple(area.code for area in codes)),))
        (found,) = assess_areas(counts(wide, areas=areas, area_sums=sums)).sums
        assert (found.axis, found.checked, found.failing) == ("areas", 60, failing)


def test_a_sum_declared_from_a_day_on_is_checked_from_it() -> None:
    values = steady(offences=3)
    values[24:, 2] = (values[:, 0] + values[:, 1])[24:]
    sums = Sums((Sum("let", ("hom", "fem"), since=date(2023, 1, 1)),))
    record = counts(values, offences=(HOMICIDE, FEMICIDE, LETHAL), offence_sums=sums)
    (found,) = assess_areas(record).sums
    assert (found.checked, found.failing) == (36 * 5, 0)


def test_revisions_go_both_ways_and_by_age() -> None:
    first = steady(spans=50)
    second = np.concatenate([first, steady(spans=4, seed=5)])
    third = second.copy()
    third[50, 0, 0] += 6
    third[53, 0, 1] -= 4
    third[10, 0, 2] += 1
    record = joined(
        [
            counts(first, "2025-04-01"),
            counts(second, "2025-07-10"),
            counts(np.concatenate([third, steady(spans=1)]), "2025-08-10"),
        ]
    )
    quality = assess_areas(record)
    (found,) = quality.revised
    # What the first edition holds may have been revised before; what only the last one has was not.
    assert (found.cells, found.changed, found.after - found.before, found.gross) == (20, 2, 2, 10)
    assert [one.published for one in quality.revised_by_edition] == ["2025-04-01", "2025-07-10"]
    assert [one.changed for one in quality.revised_by_edition] == [0, 3]
    by_age = {one.youngest: one for one in quality.revised_by_age}
    assert (by_age[0].changed, by_age[0].after - by_age[0].before) == (1, -4)
    assert (by_age[3].changed, by_age[3].after - by_age[3].before) == (1, 6)
    assert by_age[12].changed == 2  # the cell of month 10, of two editions
    assert by_age[0].cells == 10


def carved(declared: bool = False) -> AreaCounts:
    """Femicide is taken out of homicide from month 40 on, by the second edition."""
    values = steady(spans=58, offences=1)
    femicide = np.random.default_rng(9).binomial(values[40:, 0], 0.1)
    later = np.concatenate([values, np.zeros_like(values)], axis=1)
    later[40:, 0] -= femicide
    later[40:, 1] = femicide
    late = with_states(counts(later, "2025-12-20", (HOMICIDE, FEMICIDE)), np.s_[:40, 1], X)
    record = joined([counts(values, "2025-11-20"), late])
    whole = Crossing(
        Offence("all", "homicide and femicide", Unit.VICTIMS), ("hom",), ("hom", "fem")
    )
    one = SeriesBreak(
        date(2024, 5, 1),
        "femicide is told apart",
        "a law",
        ("hom", "fem"),
        published_from=date(2025, 12, 1),
        crossings=(whole,),
    )
    return replace(record, breaks=(one,)) if declared else record


def test_an_offence_carved_out_of_another_is_found_with_where_it_came_from() -> None:
    record = carved()
    (found,) = assess_areas(record).began
    assert (found.offence, found.span, found.carved_from) == ("fem", "2024-05", "hom")
    assert found.moved == record.latest.values[40:, 1].sum()
    assert (found.apart, found.declared, found.ends) == (0, False, False)


def test_a_break_that_is_declared_is_no_revision() -> None:
    quality = assess_areas(carved(declared=True))
    assert quality.began[0].declared
    assert [one.offences for one in quality.breaks] == [("hom", "fem")]
    (between,) = quality.revised_by_edition
    assert (between.changed, between.redefined) == (0, 18 * 5)
    undeclared = assess_areas(carved())
    assert undeclared.revised_by_edition[0].changed > 0


def test_a_sum_that_comes_to_lack_a_new_offence_shows_it_in_one_edition() -> None:
    values = steady(offences=3)
    values[:40, 1] = 0
    values[:, 2] = values[:, 0] + values[:, 1]
    sums = Sums((Sum("let", ("hom",)),))
    record = counts(values, offences=(HOMICIDE, FEMICIDE, LETHAL), offence_sums=sums)
    (found,) = assess_areas(with_states(record, np.s_[:40, 1], N)).began
    assert (found.offence, found.carved_from, found.apart) == ("fem", "let", 0)


def test_an_offence_that_ends_is_told() -> None:
    record = with_states(
        counts(steady(offences=2), offences=(HOMICIDE, FEMICIDE)), np.s_[48:, 1], N
    )
    (found,) = assess_areas(record).began
    assert (found.offence, found.span, found.ends, found.carved_from) == (
        "fem",
        "2025-01",
        True,
        "",
    )


def test_many_series_that_change_at_once_are_a_break_that_nobody_declared() -> None:
    offences = tuple(Offence(f"o{n}", f"offence {n}", Unit.FACTS) for n in range(4))
    values = steady(spans=96, offences=4)
    values[60:, :3] = values[60:, :3] // 4
    record = counts(values, offences=offences)
    (found,) = assess_areas(record).at_once
    assert (found.span, found.declared) == ("2026-01", False)
    assert found.offences == ("o0", "o1", "o2")
    assert found.totals == found.offences
    named = SeriesBreak(date(2026, 1, 1), "another method", "its publisher", ("o0", "o1", "o2"))
    assert assess_areas(replace(record, breaks=(named,))).at_once[0].declared


def test_gaps_of_single_areas_are_no_change_at_once() -> None:
    values = steady(spans=96)
    for area in range(5):
        values[20 + 9 * area : 22 + 9 * area, 0, area] = 0
    quality = assess_areas(counts(values))
    assert len(quality.looks_unreported) == 5
    assert quality.at_once == ()


def test_a_mark_of_thousands_read_as_a_decimal_one_is_named() -> None:
    values = steady(mean=2_400.0)
    values[30, 0, 2] = 2
    values[57, 0, 1] = 3
    found = assess_areas(counts(values)).thousand_times_less
    assert [(one.area, one.span, one.recorded) for one in found] == [
        ("03", "2023-07", 2),
        ("02", "2025-10", 3),
    ]
    values[30, 0, 2] = 40
    assert len(assess_areas(counts(values)).thousand_times_less) == 1


def test_low_cells_in_a_row_or_at_an_end_were_rather_not_reported() -> None:
    values = steady(mean=2_400.0)
    values[30:33, 0, 2] = 3
    values[59, 0, 1] = values[0, 0, 0] = 3
    assert assess_areas(counts(values)).thousand_times_less == ()


def test_negative_counts_are_told_and_kept() -> None:
    values = steady()
    values[3, 0, 2] = -1
    quality = assess_areas(counts(values))
    assert quality.negatives == 1
    (cell,) = quality.negative_cells
    assert (cell.area, cell.span, cell.value) == ("03", "2021-04", -1)


def test_an_edition_with_nothing_reported_is_described_and_not_judged() -> None:
    record = with_states(counts(steady(spans=6)), np.s_[:], N)
    quality = assess_areas(record)
    assert (quality.last, quality.series_tried, quality.began, quality.came) == ("", 0, (), ())
    assert quality.states.not_reported == 30


def test_the_table_to_publish_hides_small_counts_and_what_would_give_them_back() -> None:
    values = np.zeros((24, 1, 5), np.int64)
    values[12:, 0] = [10, 5, 4, 3, 0]
    values[12, 0, 0] += 1
    values[12:, 0, 3] = 0
    values[20, 0, 3] = 7
    quality = assess_areas(counts(values))
    made = quality.recorded
    assert made is not None
    assert (made.first, made.last, made.others) == ("2022-01", "2022-12", 0)
    shown = {row.code or row.kind: row.cells[0].value for row in made.rows}
    # Town 4 recorded 7 of 236: the smallest other count goes with it.
    assert shown == {"01": 121, "02": 60, "03": None, "04": None, "05": 0, "all": 236}


def test_the_table_to_publish_says_where_a_span_was_not_reported() -> None:
    record = with_states(counts(steady(spans=24)), np.s_[20, 0, 2], N)
    made = assess_areas(record).recorded
    assert made is not None
    assert {row.code or row.kind: row.cells[0].whole for row in made.rows} == {
        "01": True,
        "02": True,
        "03": False,
        "04": True,
        "05": True,
        "all": False,
    }


def test_the_table_to_publish_has_no_number_where_nothing_was_reported() -> None:
    """Never 0: neither for an area that sent nothing all year, nor where nothing can be counted."""
    record = with_states(counts(steady(spans=24)), np.s_[12:, 0, 2], N)
    record = with_states(record, np.s_[12:, 0, 3], X)
    made = assess_areas(record).recorded
    assert made is not None
    cells = {row.code or row.kind: row.cells[0] for row in made.rows}
    assert (cells["03"].value, cells["03"].whole, cells["03"].reported) == (None, False, False)
    assert (cells["04"].value, cells["04"].whole, cells["04"].reported) == (None, True, False)
    assert cells["all"].value == record.latest.values[12:].sum()
    assert not cells["all"].whole


def test_a_correction_below_0_is_in_the_sum_that_is_published() -> None:
    values = steady(spans=24)
    values[20, 0, 1] = -1
    made = assess_areas(counts(values)).recorded
    assert made is not None
    shown = {row.code or row.kind: row.cells[0].value for row in made.rows}
    assert (shown["02"], shown["all"]) == (values[12:, 0, 1].sum(), values[12:].sum())


@pytest.mark.parametrize(("other", "source"), [(0.24, "hom"), (0.26, "")])
def test_a_carved_out_offence_may_be_revised_by_the_edition_that_moves_it(
    other: float, source: str
) -> None:
    record = carved()
    first, last = record.editions
    moved = int(last.values[40:, 1].sum())
    values = last.values.copy()
    values[45, 0, 0] -= round(other * moved)
    last = replace(last, values=values)
    (found,) = assess_areas(replace(record, editions=(first, last))).began
    assert found.carved_from == source
