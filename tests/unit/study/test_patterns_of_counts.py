"""`veedor patterns` of a study of counts by area."""

from __future__ import annotations

import json

import pytest
from tests.golden import county

from veedor.errors import StudyError
from veedor.study.area_patterns import AreasDescribed
from veedor.tasks.context import Context
from veedor.tasks.patterns import Request, perform


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counts") / "county"
    county.build(folder)
    return perform(Request(study=folder), Context())


def test_a_study_of_counts_is_described_by_its_categories(done):
    made = done.results
    assert isinstance(made, AreasDescribed)
    written = json.loads((done.folder / "patterns.json").read_text(encoding="utf-8"))
    assert [one["code"] for one in written["offences"]] == ["roubo_veiculo", "street robbery"]
    assert written["offences"][1]["codes"] == ["roubo_transeunte", "roubo_celular"]
    assert written["areas"]["places"] == len(county.CODES)
    for name in ("report.html", "rates.csv", "series.csv", "shifts.csv", "manifest.json"):
        assert (done.folder / name).exists()


def test_months_that_were_not_sent_and_provisional_ones_are_left_out_by_name(done):
    of = done.results.found.offences[0]
    silent = next(one for one in of.series if one.area == county.SILENT)
    assert [(one.first, one.last, one.why) for one in silent.doubted] == [
        ("2021-03", "2021-04", "not_reported")
    ]
    whole = of.series[0]
    assert whole.spans == next(one.spans for one in of.series[1:]) - 2
    assert of.rates is None


def test_populations_of_the_study_make_rates_with_their_source(tmp_path):
    folder = tmp_path / "county"
    county.build(folder)
    county.add_people(folder)
    made = perform(Request(study=folder), Context()).results.found
    rates = made.offences[0].rates
    assert made.population == ("Census office", "2022 projections")
    assert rates.without_population == 1
    assert [one.rate.value is None for one in rates.areas].count(True) == 1
    assert all(one.per_people for one in made.offences[0].series[1:-1])
    assert not made.offences[0].series[-1].per_people
    assert rates.association_places == 10  # one without an outline, one silent


def test_populations_of_other_areas_are_refused(tmp_path):
    folder = tmp_path / "county"
    county.build(folder)
    county.add_people(folder)
    (folder / "people.csv").write_text("code;year;people\nX1;2020;5\n", encoding="utf-8")
    with pytest.raises(StudyError, match="codes of the areas"):
        perform(Request(study=folder), Context())
