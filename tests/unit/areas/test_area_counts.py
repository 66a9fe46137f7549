"""Area counts: states are kept, nothing is summed twice, editions and breaks are told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from veedor.areas import (
    Area,
    AreaCounts,
    Crossing,
    Edition,
    Level,
    Long,
    Offence,
    Populations,
    SeriesBreak,
    Spans,
    State,
    Sum,
    Sums,
    Unit,
    joined,
    tabulate,
)
from veedor.errors import BrokenSeriesError, ConflictingRowsError, DataError, LeakageError

N, Z, C, X = State.NOT_REPORTED, State.REPORTED_ZERO, State.OBSERVED, State.NOT_APPLICABLE
AREAS = (
    Area("02", "Capital", "provincia"),
    Area("06", "Buenos Aires", "provincia"),
    Area("PP999", "Sin determinar", "provincia", residual=True),
)
OFFENCES = (
    Offence("hom", "homicidio", Unit.VICTIMS),
    Offence("fem", "feminicidio", Unit.VICTIMS),
)


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def record(
    values: list[list[list[int]]], states: list[list[list[int]]], published: str, **more: object
) -> AreaCounts:
    """Months from January 2024, offences, areas."""
    value = np.array(values, np.int32)
    edition = Edition(
        day(published),
        f"{published}.csv",
        value,
        np.array(states, np.uint8),
        np.zeros(value.shape, np.bool_),
    )
    spans = Spans("month", day("2024-01-01"), len(values))
    return AreaCounts(AREAS, OFFENCES, spans, (edition,), **more)  # type: ignore[arg-type]


EARLY = record(
    [[[5, 0, 1], [0, 0, 0]], [[3, 0, 0], [0, 0, 0]]],
    [[[C, Z, C], [X, X, X]], [[C, N, Z], [X, X, X]]],
    "2024-03-10",
)
LATE = record(
    [[[5, 0, 1], [0, 0, 0]], [[2, 4, 0], [2, 0, 0]], [[6, 1, 0], [0, 1, 0]]],
    [[[C, Z, C], [X, X, X]], [[C, C, Z], [C, Z, Z]], [[C, C, Z], [Z, C, Z]]],
    "2024-05-10",
)
BOTH = joined([LATE, EARLY])


def test_a_total_says_how_many_areas_it_lacks_and_holds_residual_areas() -> None:
    totals = EARLY.totals("hom")
    assert totals.values.tolist() == [6, 3]
    assert totals.missing.tolist() == [0, 1]


def test_what_is_not_applicable_is_not_missing() -> None:
    assert EARLY.totals("fem").missing.tolist() == [0, 0]


def test_residual_areas_and_sums_are_no_places() -> None:
    country = Area("00", "País", "país")
    wide = replace(
        EARLY,
        areas=(*AREAS, country),
        area_sums=Sums((Sum("00", ("02", "06", "PP999")),)),
        editions=tuple(
            replace(
                edition,
                values=np.concatenate([edition.values, np.full((2, 2, 1), 9, np.int32)], axis=2),
                state=np.concatenate([edition.state, np.full((2, 2, 1), C, np.uint8)], axis=2),
                provisional=np.zeros((2, 2, 4), np.bool_),
            )
            for edition in EARLY.editions
        ),
    )
    assert wide.places.tolist() == [0, 1]
    assert wide.totals("hom").values.tolist() == [6, 3]
    with pytest.raises(DataError, match="twice"):
        wide.totals("hom", [0, 3])


def test_editions_join_on_the_union_of_their_axes() -> None:
    assert [str(edition.published) for edition in BOTH.editions] == ["2024-03-10", "2024-05-10"]
    first, last = BOTH.editions
    assert first.state[2].tolist() == [[N] * 3, [N] * 3]
    assert last.values.tolist() == LATE.latest.values.tolist()
    assert first.last == 1
    assert last.last == 2


def test_as_of_sees_what_was_published_by_then_and_nothing_else() -> None:
    assert len(BOTH.as_of(day("2024-05-09")).editions) == 1
    assert BOTH.as_of(day("2024-05-09")).series("hom").values[1].tolist() == [3, 0, 0]
    assert BOTH.as_of(day("2024-05-10")).series("hom").values[1].tolist() == [2, 4, 0]
    with pytest.raises(LeakageError):
        BOTH.as_of(day("2024-03-09"))


def test_a_sum_published_first_is_of_one_edition() -> None:
    """Femicide is carved out of homicide in the second edition: 5, not 5 and 2 of them again."""
    nothing = [[0, 0, 0]]
    early = record([[[5, 0, 1], *nothing]], [[[C, Z, C], [N, N, N]]], "2024-03-10")
    late = record([[[3, 0, 1], [2, 0, 0]]], [[[C, Z, C], [C, Z, Z]]], "2024-05-10")
    first = joined([late, early]).summed(["hom", "fem"], first=True)
    assert first.values.tolist() == [[5, 0, 1]]
    assert first.state.tolist() == [[C, Z, C]]


def test_what_was_published_first_is_kept_apart_from_what_was_published_last() -> None:
    first = BOTH.first_published("hom")
    assert first.values.tolist() == [[5, 0, 1], [3, 4, 0], [6, 1, 0]]
    assert first.state[1].tolist() == [C, C, Z]


def test_two_editions_of_one_day_are_refused() -> None:
    with pytest.raises(DataError, match="different days"):
        joined([EARLY, EARLY])


def test_a_union_refuses_another_unit() -> None:
    facts = replace(EARLY, offences=(replace(OFFENCES[0], unit=Unit.FACTS), OFFENCES[1]))
    with pytest.raises(DataError, match="one unit"):
        joined([facts, LATE])


SPLIT = SeriesBreak(
    date(2024, 2, 1),
    "Feminicide is counted apart from homicide.",
    "ISP",
    ("hom", "fem"),
    published_from=date(2024, 5, 1),
    crossings=(
        Crossing(
            Offence("hom+fem", "homicidio y feminicidio", Unit.VICTIMS), ("hom",), ("hom", "fem")
        ),
    ),
)


def test_a_break_refuses_what_crosses_it_and_names_the_comparable_series() -> None:
    broken = replace(BOTH, breaks=(SPLIT,))
    with pytest.raises(BrokenSeriesError, match=r"2024-02-01.*hom\+fem"):
        broken.require_unbroken("hom")
    broken.require_unbroken("hom", 1)
    broken.require_unbroken("hom", 0, 1)


def test_a_break_that_the_publisher_made_later_is_not_in_an_earlier_edition() -> None:
    replace(BOTH, breaks=(SPLIT,)).as_of(day("2024-04-30")).require_unbroken("hom")


def test_an_edition_before_a_break_is_not_held_against_one_that_has_it() -> None:
    """Homicide of the first edition holds the femicide that the second prints apart."""
    broken = replace(BOTH, breaks=(SPLIT,)).crossed()
    first, last = broken.editions
    with pytest.raises(BrokenSeriesError, match=r"2024-02-01.*hom\+fem"):
        broken.require_published_alike("hom", first, day("2024-03-01"))
    broken.require_published_alike("hom", last, day("2024-03-01"))
    broken.require_published_alike("hom", first, day("2024-02-01"))
    broken.require_published_alike("hom+fem", first, day("2024-03-01"))


def test_a_comparable_series_is_a_sum_on_each_side_and_in_each_edition() -> None:
    crossed = replace(BOTH, breaks=(SPLIT,)).crossed()
    crossed.require_unbroken("hom+fem")
    first, last = (crossed.series("hom+fem", edition) for edition in crossed.editions)
    assert last.values.tolist() == [[5, 0, 1], [4, 4, 0], [6, 2, 0]]
    assert first.values.tolist() == [[5, 0, 1], [3, 0, 0], [0, 0, 0]]
    assert first.state.tolist() == [[C, Z, C], [C, N, Z], [N, N, N]]


def test_rows_fill_cells_and_what_no_row_names_has_the_states_of_the_rule() -> None:
    rows = Long(
        *(np.array(column) for column in ([0, 1], [0, 0], [0, 0], [7, 0])),
        np.array([C, Z], np.uint8),
        np.array([True, False]),
    )
    again = tabulate([rows, rows], (1, 1, 3), published=day("2024-01-01"), source="a.csv")
    assert again.repeated == 2
    assert again.edition.state.tolist() == [[[C, Z, N]]]
    assert again.edition.provisional.tolist() == [[[True, False, False]]]
    other = rows._replace(value=np.array([8, 0]))
    with pytest.raises(ConflictingRowsError, match="7 and 8"):
        tabulate([rows, other], (1, 1, 3), published=day("2024-01-01"), source="a.csv")


def test_conflicts_inside_of_one_batch_are_found_too() -> None:
    rows = Long(
        *(np.array(column) for column in ([0, 0], [0, 0], [0, 0], [7, 8])),
        np.array([C, C], np.uint8),
        np.array([False, False]),
    )
    with pytest.raises(ConflictingRowsError):
        tabulate([rows], (1, 1, 1), published=day("2024-01-01"), source="a.csv")


def test_a_value_without_its_state_is_refused() -> None:
    with pytest.raises(DataError, match="other than 0"):
        record([[[5, 0, 0], [0, 0, 0]]], [[[N, N, N], [N, N, N]]], "2024-01-01")


def test_a_sum_of_two_units_is_refused() -> None:
    offences = (OFFENCES[0], Offence("robo", "robo", Unit.RECORDS))
    with pytest.raises(DataError, match="one unit"):
        replace(EARLY, offences=offences, offence_sums=Sums((Sum("hom", ("robo",)),)))


def test_levels_follow_areas_that_only_an_earlier_edition_has() -> None:
    north = Level("región", ("N", "S"), ("Norte", "Sur"), np.array([0, 1, -1]))
    less = replace(
        LATE,
        areas=(AREAS[0], Area("99", "Nuevo", "provincia"), AREAS[2]),
        levels=(Level("región", ("N",), ("Norte",), np.array([0, 0, -1])),),
    )
    both = joined([replace(EARLY, levels=(north,)), less])
    assert [area.code for area in both.areas] == ["02", "99", "PP999", "06"]
    assert both.levels[0].codes == ("N", "S")
    assert both.levels[0].of.tolist() == [0, 0, -1, 1]


@pytest.mark.parametrize(
    ("unit", "first", "edges"),
    [
        ("year", "2020-01-01", ["2020-01-01", "2021-01-01", "2022-01-01"]),
        ("month", "2023-12-01", ["2023-12-01", "2024-01-01", "2024-02-01"]),
        ("week", "2024-02-26", ["2024-02-26", "2024-03-04", "2024-03-11"]),
        ("day", "2024-02-28", ["2024-02-28", "2024-02-29", "2024-03-01"]),
    ],
)
def test_spans_know_their_days(unit: str, first: str, edges: list[str]) -> None:
    spans = Spans(unit, day(first), 2)
    assert [str(edge) for edge in spans.edges] == edges
    assert spans.index_of(np.array([edges[0], edges[1], edges[2]], "datetime64[D]")).tolist() == [
        0,
        1,
        -1,
    ]
    assert spans.index_of(np.array([day(edges[0]) - 1]))[0] == -1
    assert Spans.covering(unit, np.array([day(edges[0]), day(edges[2]) - 1])) == spans


def test_a_month_that_begins_on_another_day_is_refused() -> None:
    with pytest.raises(DataError, match="first day"):
        Spans("month", day("2024-01-02"), 3)


def test_weeks_that_begin_on_other_days_are_not_joined() -> None:
    with pytest.raises(DataError, match="same spans"):
        Spans("week", day("2024-01-01"), 3).joined(Spans("week", day("2024-01-03"), 3))


def test_populations_are_neither_carried_on_nor_made_up() -> None:
    people = Populations(
        ("02", "06"),
        np.array([2020, 2022]),
        np.array([[100.0, np.nan], [110.0, 50.0]]),
        "INDEC",
        "2013",
    )
    spans = Spans("year", day("2020-01-01"), 3)
    found = people.person_years(("06", "02", "PP999"), spans)
    expected = [[np.nan, 100, np.nan], [np.nan, np.nan, np.nan], [50, 110, np.nan]]
    np.testing.assert_array_equal(found, expected)
    with pytest.raises(DataError, match="above 0"):
        replace(people, values=np.zeros((2, 2)))
