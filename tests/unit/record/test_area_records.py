"""A record of area counts: what was published by a cut-off, and nothing that was not reported."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from shapely import box
from tests import made_areas
from tests.made_areas import ZONE, at

from veedor.areas import (
    Area,
    AreaCounts,
    Crossing,
    Offence,
    SeriesBreak,
    Spans,
    State,
    Sum,
    Sums,
    Unit,
)
from veedor.errors import (
    BrokenSeriesError,
    DataError,
    DiscoveredCategoryRefusal,
    LeakageError,
    NotReportedError,
    TooLittleDataError,
)
from veedor.incidents import Category
from veedor.record import AreaRecord, Record
from veedor.spacetime import Cells, Length, Periods

AREAS = (
    Area("01", "Uno", "municipio"),
    Area("02", "Dos", "municipio"),
    Area("03", "Tres", "municipio"),
    Area("99", "Sin determinar", "municipio", residual=True),
)
OFFENCES = (
    Offence("hom", "homicidio", Unit.VICTIMS),
    Offence("fem", "feminicidio", Unit.VICTIMS),
    Offence("rob", "robo", Unit.RECORDS),
    Offence("drugs", "drogas", Unit.RECORDS, "discovered"),
)
CATEGORIES = (
    Category("killings", "reported", ("hom", "fem")),
    Category("rob", "reported"),
    Category("drugs", "reported"),
)
MONTHS = 30
SPANS = Spans("month", np.datetime64("2022-01-01"), MONTHS)


def cells(ids=("02", "01")):
    ground = np.array([box(x, 0, x + 2000, 2000) for x in range(0, 2000 * len(ids), 2000)])
    return Cells.from_polygons(ground, list(ids), "EPSG:31983", source="made up")


def edition(published, months, seed=0):
    """Numbers of the first months; what comes after was not reported."""
    rng = np.random.default_rng(seed)
    return made_areas.edition(
        rng.poisson(3.0, (MONTHS, len(OFFENCES), len(AREAS))), published, months
    )


def counts(*editions, **more):
    return AreaCounts(AREAS, OFFENCES, SPANS, editions, time_zone=ZONE, **more)


EARLY, LATE = edition("2024-02-20", 25), edition("2024-04-20", 27, seed=1)
BOTH = AreaRecord.of(counts(EARLY, LATE), CATEGORIES)


def months(first, last, each=1):
    return Periods.stepping(at("2022-01-01"), Length(each, "month"), first, last, ZONE)


def changed(one, edits):
    """An edition with other cells: (span, offence, area) -> (value, state)."""
    values, state = one.values.copy(), one.state.copy()
    for place, (value, stated) in edits.items():
        values[place], state[place] = value, stated
    return replace(one, values=values, state=state)


def test_it_is_a_record():
    record: Record = BOTH
    assert record.grain == Length(1, "month")
    assert record.zone == ZONE
    assert [one.known_by for one in record.categories] == ["reported", "reported", "discovered"]


def test_what_is_counted_in_a_month_is_what_the_latest_edition_says():
    found = BOTH.counts("killings", months(24, 27), cells())
    values = LATE.values[24:27, 0] + LATE.values[24:27, 1]
    assert found.values.tolist() == values[:, [1, 0]].tolist()
    assert found.outside.tolist() == values[:, 2].tolist()
    assert found.unlocated.tolist() == values[:, 3].tolist()
    assert found.total == values.sum()
    assert BOTH.totals("killings", months(24, 27), cells()).tolist() == (
        found.values.sum(axis=1).tolist()
    )
    assert BOTH.completeness("killings", months(24, 27)).tolist() == [1, 1, 1]


def test_months_are_summed_to_quarters():
    quarters = BOTH.counts("rob", months(0, 8, each=3), cells())
    by_month = BOTH.counts("rob", months(0, 24), cells())
    assert quarters.values.tolist() == by_month.values.reshape(8, 3, 2).sum(axis=1).tolist()
    assert quarters.unlocated.tolist() == by_month.unlocated.reshape(8, 3).sum(axis=1).tolist()


@pytest.mark.parametrize(
    ("length", "first"),
    [("1 week", "2022-01-01"), ("1 month", "2022-01-15"), ("1 month", "2022-01-01T01:00")],
)
def test_a_period_that_is_not_whole_spans_is_refused(length, first):
    periods = Periods.stepping(at(first), Length.parse(length), 0, 5, ZONE)
    for ask in (BOTH.counts, BOTH.reported):
        with pytest.raises(DataError, match="whole spans"):
            ask("rob", periods, cells())


def test_months_of_another_clock_are_refused():
    utc = Periods(np.array(["2022-02-01", "2022-03-01"], "datetime64[us]"), "UTC")
    with pytest.raises(DataError, match="time zone"):
        BOTH.counts("rob", utc, cells())


def test_an_edition_is_known_at_the_end_of_its_day_and_its_months_end_before():
    assert BOTH.covered.cutoff == at("2024-04-21")
    assert BOTH.covered.through == at("2024-04-01")
    assert BOTH.until(at("2024-04-20T23:59")).covered.through == at("2024-02-01")
    early = BOTH.until(at("2024-02-21"))
    assert early.covered == (at("2022-01-01"), at("2024-02-21"), at("2024-02-01"))
    assert early.replayed
    expected = EARLY.values[24:25, 2][:, [1, 0]].tolist()
    assert early.counts("rob", months(24, 25), cells()).values.tolist() == expected


def test_before_the_first_edition_it_is_that_one_cut_as_late_as_it_was_itself():
    cut = BOTH.until(at("2024-02-20T23:59"))
    assert not cut.replayed
    # January was known from 21 February, 20 days after its end; one minute earlier it was not.
    assert cut.covered.through == at("2024-01-01")
    assert BOTH.until(at("2023-06-21")).covered.through == at("2023-06-01")
    assert BOTH.until(at("2023-06-20T23:59")).covered.through == at("2023-05-01")
    again = cut.until(at("2023-06-21"))
    assert again.covered == BOTH.until(at("2023-06-21")).covered
    assert not again.replayed
    with pytest.raises(TooLittleDataError, match=r"2024-02-20\.csv is the first"):
        BOTH.until(at("2022-02-19"))


def test_a_cut_holds_nothing_that_was_not_out():
    for when, editions, spans in (("2024-03-01", 1, 25), ("2023-03-01", 1, 13)):
        cut = BOTH.until(at(when))
        assert len(cut.areas.editions) == editions
        assert len(cut.areas.spans) == spans
        assert cut.areas.latest.values.shape[0] == spans


@pytest.mark.parametrize("when", ["2024-02-21", "2024-04-20T12:00", "2023-09-01"])
def test_what_was_published_after_the_cut_off_changes_nothing(when):
    other = AreaRecord.of(
        counts(EARLY, edition("2024-04-20", 27, seed=7), edition("2024-07-20", 30, seed=8)),
        CATEGORIES,
    )
    one, other = BOTH.until(at(when)), other.until(at(when))
    n = len(one.areas.spans)
    assert one.covered == other.covered
    for category in ("killings", "rob"):
        first, second = (r.counts(category, months(0, n), cells()) for r in (one, other))
        assert first.values.tobytes() == second.values.tobytes()
        assert first.as_of == second.as_of


def test_a_cut_is_not_extended():
    with pytest.raises(LeakageError, match="only be cut earlier"):
        BOTH.until(at("2024-02-21")).until(at("2024-02-22"))
    with pytest.raises(LeakageError, match="that are over"):
        BOTH.until(at("2024-02-21")).counts("rob", months(25, 26), cells())
    with pytest.raises(LeakageError, match="only be cut earlier"):
        AreaRecord.of(counts(EARLY), CATEGORIES, cutoff=at("2024-03-01"))


def test_a_month_that_is_over_but_was_not_out_is_not_reported():
    with pytest.raises(NotReportedError, match="were published"):
        BOTH.until(at("2024-03-15")).counts("rob", months(24, 26), cells())
    with pytest.raises(NotReportedError, match="were published"):
        BOTH.counts("rob", months(-1, 2), cells())


def test_an_edition_of_a_month_that_was_not_over_is_refused():
    with pytest.raises(DataError, match="after the end"):
        AreaRecord.of(counts(edition("2024-01-30", 25)), CATEGORIES)
    AreaRecord.of(counts(edition("2024-01-31", 25)), CATEGORIES)


def test_what_was_not_reported_is_never_zero():
    gap = changed(LATE, {(3, 2, 1): (0, State.NOT_REPORTED)})
    record = AreaRecord.of(counts(EARLY, gap), CATEGORIES)
    with pytest.raises(NotReportedError, match=r"02 in 2022-04.*rob"):
        record.counts("rob", months(0, 6), cells())
    assert record.counts("rob", months(4, 6), cells()).values.shape == (2, 2)
    assert record.counts("rob", months(0, 6), cells(("01", "03"))).values.shape == (6, 2)
    assert record.counts("killings", months(0, 6), cells()).values.shape == (6, 2)
    mask = record.reported("rob", months(0, 6), cells())
    assert np.argwhere(~mask).tolist() == [[3, 0]]
    assert record.reported("rob", months(0, 2, each=3), cells()).tolist() == [
        [True, True],
        [False, True],
    ]


def test_a_part_that_is_not_reported_makes_the_sum_not_reported_and_one_that_does_not_apply_not():
    fem = {(n, 1, 1): (0, State.NOT_APPLICABLE) for n in range(MONTHS)}
    record = AreaRecord.of(counts(changed(LATE, fem)), CATEGORIES)
    expected = LATE.values[0:3, 0, 1].tolist()
    assert record.counts("killings", months(0, 3), cells()).values[:, 0].tolist() == expected
    gap = changed(LATE, {(1, 1, 1): (0, State.NOT_REPORTED)})
    record = AreaRecord.of(counts(gap), CATEGORIES)
    assert record.reported("killings", months(0, 3), cells()).tolist() == [
        [True, True],
        [False, True],
        [True, True],
    ]


def test_months_that_the_record_does_not_hold_are_not_reported():
    assert BOTH.reported("rob", months(-1, 1), cells()).tolist() == [[False] * 2, [True] * 2]
    assert BOTH.reported("rob", months(26, 28), cells()).tolist() == [[True] * 2, [False] * 2]
    assert not BOTH.reported("rob", months(30, 32), cells()).any()


def test_a_correction_below_zero_is_no_count():
    record = AreaRecord.of(
        counts(changed(LATE, {(2, 2, 1): (-1, State.OBSERVED), (1, 2, 1): (4, State.OBSERVED)})),
        CATEGORIES,
    )
    with pytest.raises(NotReportedError, match="below 0, first 02"):
        record.counts("rob", months(0, 6), cells())
    assert not record.reported("rob", months(2, 3), cells())[0, 0]
    expected = LATE.values[0, 2, 1] + 3
    assert record.counts("rob", months(0, 1, each=3), cells()).values[0, 0] == expected


def test_residual_areas_that_reported_nothing_add_nothing():
    record = AreaRecord.of(counts(changed(LATE, {(0, 2, 3): (0, State.NOT_REPORTED)})), CATEGORIES)
    assert record.counts("rob", months(0, 1), cells()).unlocated.tolist() == [0]


def test_an_area_that_holds_others_is_not_counted_beside_them():
    wide = replace(
        counts(LATE),
        areas=(*AREAS[:2], Area("03", "Uno y dos", "provincia"), AREAS[3]),
        area_sums=Sums((Sum("03", ("01", "02")),)),
    )
    record = AreaRecord.of(wide, CATEGORIES)
    assert record.counts("rob", months(0, 2), cells()).outside.tolist() == [0, 0]
    assert record.counts("rob", months(0, 2), cells(("03",))).outside.tolist() == [0, 0]
    with pytest.raises(DataError, match="twice"):
        record.counts("rob", months(0, 2), cells(("03", "01")))


def test_a_cell_that_is_no_area_is_named():
    with pytest.raises(DataError, match="1 that are not: 1"):
        BOTH.counts("rob", months(0, 2), cells(("1", "02")))


def test_discovered_offences_are_not_counted():
    with pytest.raises(DiscoveredCategoryRefusal):
        BOTH.counts("drugs", months(0, 2), cells())
    mixed = AreaRecord.of(counts(LATE), [Category("mixed", "reported", ("rob", "drugs"))])
    with pytest.raises(DiscoveredCategoryRefusal):
        mixed.counts("mixed", months(0, 2), cells())


@pytest.mark.parametrize("codes", [("hom", "rob"), ("hom", "nothing")])
def test_codes_of_two_units_and_unknown_ones_are_refused(codes):
    with pytest.raises(DataError):
        AreaRecord.of(counts(LATE), [Category("both", "reported", codes)])


def test_codes_that_hold_one_another_are_refused():
    sums = Sums((Sum("hom", ("fem",)),))
    with pytest.raises(DataError, match="twice"):
        AreaRecord.of(counts(LATE, offence_sums=sums), CATEGORIES)
    with pytest.raises(DataError, match="twice"):
        AreaRecord.of(counts(LATE), [Category("rob", "reported", ("rob", "rob"))])


SPLIT = SeriesBreak(
    date(2023, 6, 1),
    "Feminicide is counted apart from homicide.",
    "ISP",
    ("hom",),
    published_from=date(2024, 4, 1),
    crossings=(Crossing(Offence("both", "", Unit.VICTIMS), ("hom",), ("hom", "fem")),),
)


def test_a_history_across_a_break_is_refused_by_name():
    broken = AreaRecord.of(counts(EARLY, LATE, breaks=(SPLIT,)), CATEGORIES)
    with pytest.raises(BrokenSeriesError, match="2023-06-01"):
        broken.counts("killings", months(0, 20), cells())
    # Outcomes alone lie on one side; what is forecast from the record before does not.
    with pytest.raises(BrokenSeriesError, match="2023-06-01"):
        broken.counts("killings", months(20, 22), cells())
    broken.since(at("2023-06-01")).counts("killings", months(20, 22), cells())
    broken.counts("killings", months(0, 17), cells())
    broken.counts("rob", months(0, 20), cells())
    broken.until(at("2024-02-21")).counts("killings", months(0, 20), cells())


def test_a_comparable_series_crosses_it():
    crossed = AreaRecord.of(
        counts(EARLY, LATE, breaks=(SPLIT,)), [Category("killings", "reported", ("both",))]
    )
    found = crossed.counts("killings", months(16, 18), cells(("01",))).values[:, 0]
    assert found.tolist() == [LATE.values[16, 0, 0], LATE.values[17, :2, 0].sum()]


def test_counts_as_they_were_published_first_stand_apart():
    first = BOTH.first_published()
    found = first.counts("rob", months(24, 27), cells(("01",))).values[:, 0]
    assert found.tolist() == [EARLY.values[24, 2, 0], *LATE.values[25:27, 2, 0]]
    assert BOTH.counts("rob", months(24, 25), cells(("01",))).values[0, 0] == LATE.values[24, 2, 0]


def test_an_offence_that_came_out_later_ends_the_record_of_all():
    late = edition("2024-04-20", 27)
    late = changed(
        late, {(n, 2, area): (0, State.NOT_REPORTED) for n in (25, 26) for area in range(4)}
    )
    assert AreaRecord.of(counts(late), CATEGORIES).covered.through == at("2024-02-01")
    assert AreaRecord.of(counts(late), CATEGORIES[:1]).covered.through == at("2024-04-01")
