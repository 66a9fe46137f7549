"""What area patterns say of two ministries' records, of which it is known what was not reported."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from veedor.areas import AreaCounts
from veedor.areas.reading import Publication, read_areas
from veedor.patterns.areas import (
    AreaGround,
    AreaPatterns,
    AreaPatternSettings,
    AreaSeries,
    doubted_cells,
    find_area_patterns,
)

pytestmark = pytest.mark.shared_data
SETTINGS = AreaPatternSettings(simulations=99)


def found(record: AreaCounts, codes: list[str]) -> AreaPatterns:
    ground = AreaGround(record, looks_unreported=doubted_cells(record, codes))
    return find_area_patterns(ground, codes, SETTINGS)


def series(of: AreaPatterns, offence: str, area: str | None) -> AreaSeries:
    one = next(one for one in of.offences if one.code == offence)
    return next(each for each in one.series if each.area == area)


@cache
def rio(shared_data: Path) -> AreaPatterns:
    """Of the edition of February 2026 alone."""
    file = shared_data / "areas" / "rj" / "BaseMunicipioMensal_2026-02.csv.gz"
    return found(
        read_areas([Publication(file)]).record, ["hom_doloso", "roubo_transeunte", "estelionato"]
    )


def test_rios_homicides_fell_on_the_side_of_the_break_that_is_described(
    shared_data: Path,
) -> None:
    one = rio(shared_data).offences[0]
    assert (one.first, one.last, one.breaks) == ("2014-01", "2024-09", ("2024-10-01",))
    whole = one.series[0]
    assert whole.change.high is not None
    assert whole.change.high < -0.03
    assert (whole.trend_q or 1.0) <= 0.05


def test_the_strike_of_rios_police_of_2017_is_no_fall_of_street_robberies(
    shared_data: Path,
) -> None:
    robberies = rio(shared_data).offences[1]
    doubted = {each.area: each.doubted for each in robberies.series if each.area and each.doubted}
    assert len(doubted) >= 4
    assert all("2017-02" in (one.first, one.last) for of in doubted.values() for one in of)
    for each in robberies.series:
        assert "2017-02" not in [shift.first for shift in each.shifts]


def test_fraud_rose_in_nearly_all_of_rio(shared_data: Path) -> None:
    places = rio(shared_data).offences[2].series[1:]
    rose = [
        each for each in places if (each.trend_q or 1) <= 0.05 and (each.change.value or 0.0) > 0
    ]
    assert len(rose) >= 80


@cache
def snic(shared_data: Path) -> AreaPatterns:
    file = shared_data / "areas" / "snic-provincias.csv.gz"
    return found(read_areas([Publication(file)]).record, ["4", "19", "15"])


def test_what_two_provinces_did_not_report_is_left_out_and_no_fall(shared_data: Path) -> None:
    """Buenos Aires 2009-13, code 4; Cordoba 2012-13, code 19: the manual of the user base."""
    buenos_aires, cordoba = (
        series(snic(shared_data), code, area) for code, area in (("4", "06"), ("19", "14"))
    )
    for one, first, last in ((buenos_aires, 2009, 2013), (cordoba, 2012, 2013)):
        out = {year for each in one.doubted for year in range(int(each.first), int(each.last) + 1)}
        assert out >= set(range(first, last + 1))
        assert not [
            shift for shift in one.shifts if shift.change < 0 and first <= int(shift.first) <= last
        ]
