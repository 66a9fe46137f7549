"""`veedor init` on counts by area: what it proposes can be run, or says what is to be set."""

from __future__ import annotations

import pytest
from tests.golden import county

from veedor.errors import StudyError
from veedor.study.config import parse_study
from veedor.tasks import init
from veedor.tasks.context import Context
from veedor.tasks.request import checked


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("proposed")
    county.build(place / "county")
    return place


def _init(place, name, **asked):
    request = checked(init.Request(study=place / name, **asked), place)
    return init.perform(request, Context()).results, (place / name / "study.toml")


def test_counts_are_recognised_and_what_is_proposed_can_be_run(place):
    made, path = _init(
        place,
        "found",
        incidents=(place / "county" / "county_*.csv",),
        zones=place / "county" / "county.geojson",
    )
    study = parse_study(path.read_bytes())

    assert study.counts is not None and study.counts.layout == "isp-rj"
    assert [name[-11:-4] for name in study.counts.files] == list(county.EDITIONS)
    assert study.cells.id == "code" and made.outlines.matched == len(county.CODES) - 1
    assert study.forecast_categories[0] == "roubo_transeunte"
    named = set(study.forecast_categories)
    assert not named & {"cvli", "roubo_rua", "trafico_drogas"}  # sums, and what police discover
    assert "trafico_drogas" in path.read_text(encoding="utf-8")
    assert (study.periods.until, study.periods.length) == ("2024-01-01", "1 month")


def test_without_outlines_they_are_asked_for(place):
    _, path = _init(place, "bare", incidents=(place / "county" / "county_2023-12.csv",))

    with pytest.raises(StudyError, match=r"counts\.crs, cells\.file, cells\.id"):
        parse_study(path.read_bytes())


def test_outlines_of_other_areas_are_refused(place):
    other = place / "other.geojson"
    text = (place / "county" / "county.geojson").read_text(encoding="utf-8")
    other.write_text(text.replace('"99000', '"88000'), encoding="utf-8")

    with pytest.raises(StudyError, match="must have the codes of the areas"):
        _init(place, "wrong", incidents=(place / "county" / "county_2023-12.csv",), zones=other)


def test_a_plain_form_says_what_must_be_set(place):
    plain = place / "plain.csv"
    plain.write_text("code,month,offence,count\n01,2024-01,theft,3\n", encoding="utf-8")
    made, path = _init(place, "plain", incidents=(plain,), layout="long")

    assert made.trouble
    with pytest.raises(StudyError, match=r"counts\.unit"):
        parse_study(path.read_bytes())


@pytest.mark.parametrize(
    ("header", "row", "layout"),
    [
        ("Municipio,Tipo,Periodo,Valor", "Lanús,Robo,{year},3", "long"),
        ("ANIO,MES,UBIGEO,MODALIDAD,cantidad", "{year},1,150101,Robo,3", "long"),
        ("PROVINCIA,DELITO,ENE-23,FEB-23,MAR-23", "Guayas,Robo {year},1,2,3", "wide"),
        ("date,offense,beat", "{year}-01-02,Robbery,B{year}", None),
        ("date,offense,lat,lon,total", "{year}-01-02,Robbery,37.7,-122.4,1", None),
    ],
)
def test_a_file_that_may_be_of_counts_says_so(tmp_path, header, row, layout):
    path = tmp_path / "a.csv"
    lines = [row.format(year=2000 + n) for n in range(20)]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    made, _ = _init(tmp_path, "study", incidents=(path,))
    said = [note for note in made.proposal.notes if "counts by area" in note]
    assert len(said) == (layout is not None)
    assert all(f"--layout {layout}" in note for note in said)
