"""Plain long and wide files of anyone: what a blank is, periods, states, editions, populations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from veedor.areas import AreaCounts, State, Unit
from veedor.areas.layouts import Choices
from veedor.areas.layouts.periods import first_days
from veedor.areas.noticed import Notice
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import (
    ConflictingRowsError,
    DataError,
    PersonalDataRefusal,
    UnreadableError,
)

Read = Callable[..., AreaReading]
N, Z, C, X = State.NOT_REPORTED, State.REPORTED_ZERO, State.OBSERVED, State.NOT_APPLICABLE


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read one file of lines, published on 1 March 2025, counting facts, blanks not reported."""

    def reading(
        layout: str | None, *lines: str, name: str = "a.csv", **more: object
    ) -> AreaReading:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        day = more.pop("published", date(2025, 3, 1))
        chosen = {"unit": Unit.FACTS, "blank": "not reported"} | more
        return read_areas([Publication(path, day)], layout, Choices(**chosen))  # type: ignore[arg-type]

    return reading


def cells(record: AreaCounts, offence: str) -> list[list[int | str]]:
    """Rows of spans: the number of a cell, or the first letter of what stands in its place."""
    of = record.series(offence)
    letter = {N: "n", X: "x"}
    return [
        [letter.get(State(int(s)), int(v)) for v, s in zip(*pair, strict=True)]
        for pair in zip(of.values, of.state, strict=True)
    ]


LONG = ("area,name,period,offence,count", "02,Capital,2024-01,robo,5", "06,Lanús,2024-01,robo,0")


def test_codes_are_text_a_zero_was_counted_and_a_missing_row_was_not_reported(read: Read) -> None:
    record = read("long", *LONG, "06,Lanús,2024-02,robo,3").record
    assert [(area.code, area.name) for area in record.areas] == [("02", "Capital"), ("06", "Lanús")]
    assert record.spans.labels == ("2024-01", "2024-02")
    assert cells(record, "robo") == [[5, 0], ["n", 3]]
    assert record.offences[0].unit is Unit.FACTS


@pytest.mark.parametrize(
    ("blank", "cell"), [("not reported", "n"), ("zero", 0), ("not applicable", "x")]
)
def test_a_blank_is_what_is_said(read: Read, blank: str, cell: object) -> None:
    record = read("long", *LONG[:2], "06,Lanús,2024-01,robo,", blank=blank).record
    assert cells(record, "robo") == [[5, cell]]


def test_a_blank_of_which_nobody_says_what_it_is_is_asked_about(read: Read) -> None:
    with pytest.raises(DataError, match=r"never taken for 0.*2024-01.*blank = "):
        read("long", *LONG, "07,Morón,2024-01,robo,NA", blank=None)
    assert cells(read("long", *LONG, blank=None).record, "robo") == [[5, 0]]


def test_what_one_count_counts_must_be_said(read: Read) -> None:
    with pytest.raises(DataError, match="unit"):
        read("long", *LONG, unit=None)


def test_rows_say_what_a_cell_is(read: Read) -> None:
    head = "area,period,offence,count,state"
    record = read(
        "long",
        head,
        "1,2024,robo,0,Not reported",
        "2,2024,robo,,No corresponde",
        "3,2024,robo,4,provisional",
        "4,2024,robo,0,reported zero",
        "5,2024,robo,7,",
    ).record
    assert cells(record, "robo") == [["n", "x", 4, 0, 7]]
    assert record.latest.provisional[0, 0].tolist() == [False, False, True, False, False]
    for odd in ("1,2024,robo,3,not reported", "1,2024,robo,,observed", "1,2024,robo,1,zero"):
        with pytest.raises(DataError, match="must agree"):
            read("long", head, odd)
    with pytest.raises(DataError, match="A state must be one of"):
        read("long", head, "1,2024,robo,3,quizás")


@pytest.mark.parametrize(
    ("texts", "unit", "first"),
    [
        (["2024", "2023"], "year", "2024-01-01"),
        (["2024m01", "2024m12"], "month", "2024-01-01"),
        (["ene-24", "febrero de 2024"], "month", "2024-01-01"),
        (["2024-02-01", "2024-01-01"], "month", "2024-02-01"),
        (["2024-01-01", "2023-01-01"], "year", "2024-01-01"),
        (["2024-01-01"], "month", "2024-01-01"),
        (["2024-01-01", "2024-01-15"], "week", "2024-01-01"),
        (["13/01/2024", "15/01/2024"], "day", "2024-01-13"),
    ],
)
def test_the_unit_of_periods_is_seen_in_the_whole_column(
    texts: list[str], unit: str, first: str
) -> None:
    found, days = first_days(texts, "a.csv")
    assert (found, str(days[0])) == (unit, first)


def test_periods_of_two_units_or_with_clock_times_are_refused() -> None:
    for texts in (["2024-01", "2024-02-03"], ["2024-01-01 18:30"], ["2024", "2024-02"]):
        with pytest.raises(DataError, match="one unit"):
            first_days(texts, "a.csv")


def test_years_and_months_in_two_columns(read: Read) -> None:
    record = read(
        "long", "area,year,month,offence,count", "1,2023,12,robo,5", "1,2024,Enero,robo,6"
    ).record
    assert record.spans.labels == ("2023-12", "2024-01")
    yearly = read("long", "area,year,offence,count", "1,2023,robo,5", "1,2024,robo,6").record
    assert (yearly.spans.unit, yearly.spans.labels) == ("year", ("2023", "2024"))


@pytest.mark.parametrize("year", ["-1", "0000", "20241", "2024.5", "year"])
def test_what_is_no_year_of_four_digits_is_none(read: Read, year: str) -> None:
    with pytest.raises(DataError, match=r"must name its area|year|readable|one unit"):
        read("wide", "code,offence,year,Ene", f"02,robo,{year},1", "02,robo,2023,1")
    record = read("wide", "code,offence,year,Ene", "02,robo,2024.0,1").record
    assert record.spans.labels[0] == "2024-01"


def test_a_column_of_days_of_publication_makes_editions(read: Read) -> None:
    record = read(
        "long",
        "area,period,offence,count,published",
        "1,2024-01,robo,5,2024-02-20",
        "1,2024-01,robo,6,2024-03-20",
        "1,2024-02,robo,7,2024-03-20",
        published=None,
    ).record
    assert [str(edition.published) for edition in record.editions] == ["2024-02-20", "2024-03-20"]
    assert cells(record.as_of(np.datetime64("2024-03-01")), "robo") == [[5], ["n"]]
    assert cells(record, "robo") == [[6], [7]]


def test_populations_stand_beside_counts(read: Read) -> None:
    head = "area,period,offence,count,population"
    found = read("long", head, "1,2023,robo,5,1.250", "1,2024,robo,5,1.300", "2,2024,robo,5,")
    (people,) = found.populations
    assert (people.codes, people.years.tolist()) == (("1",), [2023, 2024])
    assert people.values.tolist() == [[1250], [1300]]
    with pytest.raises(DataError, match="one population a year"):
        read("long", head, "1,2024,robo,5,1250", "1,2024,hurto,5,1300")


def test_residual_areas_and_discovered_offences_say_so(read: Read) -> None:
    record = read(
        "long",
        "area,period,offence,count,residual,known_by",
        "1,2024,robo,5,no,reported",
        "999,2024,robo,5,yes,reported",
        "1,2024,drogas,5,no,discovered",
    ).record
    assert [area.residual for area in record.areas] == [False, True]
    assert {one.code: one.known_by for one in record.offences} == {
        "drogas": "discovered",
        "robo": "reported",
    }


def test_columns_go_by_names_of_ones_own(read: Read) -> None:
    lines = ("cod;mes_ano;tipo;casos", "1;2024-01;robo;5")
    columns = {"area": "cod", "period": "mes_ano", "category": "tipo", "count": "casos"}
    assert cells(read("long", *lines, columns=columns).record, "robo") == [[5]]
    assert read("long", *lines, columns=columns).record.areas[0].level == "area"
    named = [lines[0].replace("cod;", "Municipio;"), lines[1]]
    (area,) = read("long", *named, columns=columns | {"area": "municipio"}).record.areas
    assert area.level == "Municipio"
    with pytest.raises(DataError, match="casos"):
        read("long", *lines, columns=columns | {"count": "caso"})
    with pytest.raises(DataError, match="victim"):
        read("long", *lines, columns=columns | {"victim": "cod"})


@pytest.mark.parametrize("text", ["4.5", "many", "12,75"])
def test_what_is_no_whole_number_is_no_count(read: Read, text: str) -> None:
    with pytest.raises(DataError, match=r"whole numbers|decimal mark|readable in one way"):
        read("long", *LONG, f'07,Morón,2024-01,robo,"{text}"')


def test_published_rates_are_no_counts_even_where_they_are_whole(read: Read) -> None:
    with pytest.raises(DataError, match=r"never read as such.*tasa_robo"):
        read(
            "long", "area,period,offence,tasa_robo", "1,2024,robo,5", columns={"count": "tasa_robo"}
        )


def test_a_code_under_several_names_has_the_latest(read: Read) -> None:
    found = read("long", LONG[0], "6,Lanús,2024-02,robo,1", "6,4 de Junio,2024-01,robo,1")
    assert found.record.areas[0].name == "Lanús"
    renamed = next(one for one in found.noticed if one.what is Notice.CODES_RENAMED)
    assert (renamed.n, renamed.examples[0].area) == (1, "6")


def test_marks_between_thousands_and_the_decimals_of_spreadsheets_are_read(read: Read) -> None:
    found = read("long", *LONG, '07,Morón,2024-01,robo,"1.250"')
    assert cells(found.record, "robo") == [[5, 0, 1250]]
    marks = next(one for one in found.noticed if one.what is Notice.THOUSANDS)
    assert (marks.n, marks.columns) == (1, ("count",))
    assert cells(read("long", *LONG, "07,Morón,2024-01,robo,12.0").record, "robo") == [[5, 0, 12]]


def test_a_negative_count_is_kept_and_named(read: Read) -> None:
    found = read("long", *LONG, "07,Morón,2024-01,robo,-1")
    assert cells(found.record, "robo") == [[5, 0, -1]]
    kept = next(one for one in found.noticed if one.what is Notice.NEGATIVE)
    (example,) = kept.examples
    assert (kept.n, example.area, example.span, example.text) == (1, "07", "2024-01", "-1")


def test_rows_of_one_cell_that_differ_are_refused(read: Read) -> None:
    with pytest.raises(ConflictingRowsError, match=r"02.*robo.*lines 2, 4"):
        read("long", *LONG, "02,Capital,2024-01,robo,6")


def test_rows_without_area_time_or_offence_are_refused_with_their_lines(read: Read) -> None:
    for odd in (",Total,2024-01,robo,5", "02,Capital,,robo,5", "02,Capital,2024-01,,5"):
        with pytest.raises(DataError, match=r"must name.*line 4"):
            read("long", *LONG, odd)


MONTHS = ("code,name,offence,2024-01,2024m02,Total 2024", "02,Capital,robo,5,,5")


def test_a_column_a_month(read: Read) -> None:
    found = read("wide", *MONTHS, "06,Lanús,robo,0,4,4")
    assert found.record.spans.labels == ("2024-01", "2024-02")
    assert cells(found.record, "robo") == [[5, 0], ["n", 4]]
    unknown = next(one for one in found.noticed if one.what is Notice.COLUMNS_UNKNOWN)
    assert unknown.columns == ("Total 2024",)


def test_a_column_a_month_beside_one_of_years(read: Read) -> None:
    record = read(
        "wide", "code,offence,year,Ene,Feb,Dic", "02,robo,2023,1,2,3", "02,robo,2024,4,5,"
    ).record
    assert len(record.spans) == 24
    told = {
        label: row[0]
        for label, row in zip(record.spans.labels, cells(record, "robo"), strict=True)
        if row != ["n"]
    }
    assert told == {"2023-01": 1, "2023-02": 2, "2023-12": 3, "2024-01": 4, "2024-02": 5}


def test_a_column_an_offence_and_rates_are_no_counts(read: Read) -> None:
    found = read(
        "wide",
        "code,year,robo,hurto,tasa_robo,population,note,share",
        "02,2023,5,7,12,100,a,0.5",
        "02,2024,6,,13,100,b,1",
    )
    assert [one.code for one in found.record.offences] == ["robo", "hurto"]
    assert cells(found.record, "hurto") == [[7], ["n"]]
    named = {one.what: one.columns for one in found.noticed}
    assert named[Notice.RATES_NOT_READ] == ("tasa_robo",)
    assert named[Notice.COLUMNS_UNKNOWN] == ("population",)
    assert named[Notice.COLUMNS_NOT_READ] == ("note", "share")


def test_wide_files_without_months_or_offences_are_refused(read: Read) -> None:
    with pytest.raises(DataError, match="a column a month"):
        read("wide", "code,offence,a,b", "1,robo,2,3")
    with pytest.raises(DataError, match="whole numbers an offence"):
        read("wide", "code,year,a", "1,2024,x")


def test_the_day_of_publication_is_in_the_name_or_must_be_given(read: Read) -> None:
    dated = read("long", *LONG, name="robos_2024-02-08.csv", published=None)
    assert str(dated.record.latest.published) == "2024-02-08"
    for name in ("robos_2024-02.csv", "robos.csv", "robos_2024-13-45.csv"):
        with pytest.raises(DataError, match="The day on which a file was published"):
            read("long", *LONG, name=name, published=None)
    with pytest.raises(DataError, match="after what it counts began"):
        read("long", *LONG, published=date(2023, 12, 31))


def test_a_file_of_no_layout_says_which_there_are(read: Read) -> None:
    with pytest.raises(UnreadableError, match=r"isp-rj.*long.*wide"):
        read(None, *LONG)


def test_names_of_areas_are_places_and_lists_of_persons_are_refused(read: Read) -> None:
    places = read("long", LONG[0], "1,Vicente López,2024,robo,1", "2,General Pico,2024,robo,1")
    assert places.record.areas[0].name == "Vicente López"
    with pytest.raises(PersonalDataRefusal):
        read("long", LONG[0], "1,ana.perez@example.org,2024,robo,1")


def test_a_column_of_persons_is_dropped_and_named(read: Read) -> None:
    found = read("long", LONG[0] + ",victim_dni", "1,Lanús,2024,robo,1,x", "2,Merlo,2024,robo,1,y")
    dropped = next(one for one in found.noticed if one.what is Notice.PERSONS_DROPPED)
    assert dropped.columns == ("victim_dni",)


@pytest.mark.parametrize(
    "texts",
    [
        ["enero-marzo 2024", "enero-junio 2024"],
        ["Jan - Mar 2024", "Apr - Jun 2024"],
        ["janeiro a março de 2024", "2024-01"],
    ],
)
def test_a_period_from_a_month_to_a_month_is_refused_as_what_it_may_be(texts: list[str]) -> None:
    with pytest.raises(DataError, match=r"each by itself.*take from each sum") as caught:
        first_days(texts, "a.csv")
    assert texts[0] in caught.value.found
    assert ("may hold those before" in caught.value.found) == (texts[0] == "enero-marzo 2024")


@pytest.mark.parametrize("text", ["enero de 2024", "march 2024", "Setiembre 2024"])
def test_a_month_by_itself_is_none_of_several(text: str) -> None:
    assert first_days([text], "a.csv")[0] == "month"


def test_months_side_by_side_without_an_offence_are_told_apart_from_offences(read: Read) -> None:
    rows = ("area,ENE-24,FEB-24,Total", "02,3,4,7")
    with pytest.raises(DataError, match="must name the offence of each row"):
        read("wide", *rows)
    named = read("wide", "offence," + rows[0], "robo," + rows[1]).record
    assert cells(named, "robo") == [[3], [4]]


def test_a_column_that_is_not_found_is_named_in_the_study_or_in_the_file(read: Read) -> None:
    with pytest.raises(DataError, match=r'\[counts\.columns\].*area = "HEADER"'):
        read("long", "Municipio,period,offence,count", "02,2024-01,robo,3")
