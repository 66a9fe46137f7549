"""Cells that publishers say, or are known, not to have reported, found from their numbers alone.

SNIC: Dirección Nacional de Estadística Criminal, manual of the user base: Buenos Aires did not
report codes 4 and others in 2009-2013, Córdoba most codes in 2012-2013. ISP-RJ: homicide without
femicide back to October 2024; the delegations' strike of early 2017.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from veedor.areas import Area, AreaCounts, AreaQuality, Edition, Offence, Spans, Unit, assess_areas
from veedor.areas.reading import Publication, read_areas
from veedor.areas.states import State, states_of

pytestmark = pytest.mark.shared_data


def snic(path: Path) -> AreaCounts:
    """Read what is printed, without the layout's rule of what was not reported."""
    with gzip.open(path) as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8")))
    areas = sorted({row["provincia_id"]: row["provincia_nombre"] for row in rows}.items())
    offences = sorted({row["codigo_delito_snic_id"] for row in rows})
    first, last = (int(edge(row["anio"] for row in rows)) for edge in (min, max))
    values = np.zeros((last - first + 1, len(offences), len(areas)), np.int32)
    state = np.full(values.shape, State.NOT_APPLICABLE, np.uint8)
    place = {code: n for n, (code, _) in enumerate(areas)}
    for row in rows:
        at = (
            int(row["anio"]) - first,
            offences.index(row["codigo_delito_snic_id"]),
            place[row["provincia_id"]],
        )
        values[at] = int(row["cantidad_hechos"])
        state[at] = states_of(values[at])
    edition = Edition(
        np.datetime64("2024-05-01"), "snic.csv", values, state, np.zeros(values.shape, np.bool_)
    )
    return AreaCounts(
        tuple(Area(code, name, "provincia") for code, name in areas),
        tuple(Offence(code, code, Unit.FACTS) for code in offences),
        Spans("year", np.datetime64(f"{first}-01-01"), len(values)),
        (edition,),
    )


@lru_cache
def rio(folder: Path) -> AreaCounts:
    files = sorted(folder.glob("BaseMunicipioMensal_*.csv.gz"))
    return read_areas([Publication(path) for path in files]).record


@lru_cache
def rio_quality(folder: Path) -> AreaQuality:
    return assess_areas(rio(folder))


def test_provinces_that_did_not_report_are_found(shared_data: Path) -> None:
    quality = assess_areas(snic(shared_data / "areas" / "snic-provincias.csv.gz"))
    found = {
        (one.area, one.offence): (one.first, one.last, one.recorded)
        for one in quality.looks_unreported
    }
    assert found["06", "4"] == ("2009", "2013", 2 + 1 + 0 + 1 + 7)
    assert found["14", "19"] == ("2013", "2013", 4_094)
    homicides = [one for one in quality.looks_unreported if one.offence == "1"]
    assert homicides == []


def test_rare_series_of_rio_are_not_flagged_for_their_zeros(shared_data: Path) -> None:
    """Homicide is 0 in 48% of cells, death by robbery in 94%."""
    quality = rio_quality(shared_data / "areas" / "rj")
    flagged = [one.offence for one in quality.looks_unreported]
    for offence in ("hom_doloso", "latrocinio", "lesao_corp_morte", "cvli", "letalidade_violenta"):
        assert flagged.count(offence) == 0
    assert quality.series_tried > 4_500


def test_stations_on_strike_and_columns_that_were_not_filled_are_found(shared_data: Path) -> None:
    quality = rio_quality(shared_data / "areas" / "rj")
    at_once = {one.span: one for one in quality.at_once}
    assert "registro_ocorrencias" in at_once["2017-02"].offences
    assert {"apf", "aaapai", "cmp"} <= set(at_once["2015-01"].offences)
    apf = [one for one in quality.looks_unreported if one.offence == "apf" and one.kind == "zeros"]
    assert {(one.first, one.last, one.recorded) for one in apf} == {("2015-01", "2015-02", 0)}
    assert len(apf) > 25


def test_the_split_of_homicide_is_found_and_is_the_one_declared(shared_data: Path) -> None:
    record = rio(shared_data / "areas" / "rj")
    began = {one.offence: one for one in rio_quality(shared_data / "areas" / "rj").began}
    split = began["feminicidio"]
    assert (split.span, split.carved_from, split.moved, split.apart) == (
        "2024-10",
        "hom_doloso",
        134,
        0,
    )
    attempts = began["tentativa_feminicidio"]
    assert (attempts.carved_from, attempts.moved, attempts.apart) == ("tentat_hom", 400, 0)
    assert split.declared
    assert attempts.declared
    assert not assess_areas(replace(record, breaks=())).began[0].declared


def test_revisions_of_rio_go_both_ways(shared_data: Path) -> None:
    """Months published one by one from August to December 2025, against February 2026.

    Homicide with femicide, which it held until the split, +1.0%; vehicle robbery -.06%.
    """
    record = rio(shared_data / "areas" / "rj")
    editions = (*record.editions[2:8], record.editions[9])
    quality = assess_areas(replace(record, editions=editions))
    net = {one.offence: one.after / one.before - 1.0 for one in quality.revised if one.before}
    assert net["hom_doloso_feminicidio"] == pytest.approx(0.010, abs=0.0007)
    assert net["roubo_veiculo"] == pytest.approx(-0.0006, abs=0.0001)


def test_mexicos_other_instrument_is_found_and_is_the_one_declared(shared_data: Path) -> None:
    """January 2026: many series change at once, and offences of the old instrument end."""
    files = [
        *sorted((shared_data / "areas" / "mx").glob("estatal_2024-12*.csv.gz")),
        *sorted((shared_data / "areas" / "mx").glob("estatal_n_2026-04*.csv.gz")),
    ]
    record = read_areas([Publication(path) for path in files]).record
    for quality, declared in (
        (assess_areas(record), True),
        (assess_areas(replace(record, breaks=())), False),
    ):
        found = {one.span: one for one in quality.at_once}["2026-01"]
        assert found.series > 50
        assert len(found.areas) > 20
        assert found.declared is declared
        assert len(quality.began) > 50
        assert {one.declared for one in quality.began} == {declared}
