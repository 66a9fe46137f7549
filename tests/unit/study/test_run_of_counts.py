"""A study of counts by area, run: what was known when, what is left out, what is scored."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from tests.asking import run_here
from tests.golden import county

from veedor.areas import SeriesBreak
from veedor.errors import BrokenSeriesError, DataError, DiscoveredCategoryRefusal, StudyError
from veedor.record.recorded import RecordedCounts
from veedor.spacetime import Length, Periods
from veedor.spacetime.periods import utc_instant
from veedor.study import read_outcomes
from veedor.study.area_preparation import lay_out_counts, read_counts
from veedor.study.config import parse_study
from veedor.study.laying_out import study_periods
from veedor.study.outcomes import outcome_time_zone
from veedor.study.verification import verify_forecasts


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counts") / "county"
    county.build(folder)
    return folder


@pytest.fixture(scope="module")
def ran(folder):
    return run_here(folder, report=True)


def _prepared(folder, *changes: tuple[str, str]):
    text = county.STUDY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    study = parse_study(text.encode())
    return lay_out_counts(study, folder, read_counts(study, folder), study_periods(study))


def test_areas_without_an_outline_or_a_month_are_left_out_by_name(ran):
    counts = ran.results.counts

    assert {(one.name, one.why, one.gaps) for one in counts.left_out} == {
        ("Laguna Seca", "no outline", 0),
        ("Monte Alto", "not reported", 4),  # two months of two categories
    }
    assert ran.results.cells.count == len(county.CODES) - 2
    recorded = ran.results.categories[0].examination.recorded
    assert recorded.outside > 0 and recorded.unlocated == 0


def test_the_edition_that_was_out_at_each_cut_off_is_named(ran):
    known = ran.results.counts.known

    # Published at the end of May and of September; five days before June nothing was.
    assert [one.published_before for one in known] == [False, False, *[True] * 6]
    assert [one.edition.last_span for one in known] == [
        "2023-02", "2023-03", *["2023-04"] * 4, *["2023-08"] * 2,
    ]  # fmt: skip


def test_levels_are_scored_by_the_first_and_the_latest_edition(ran):
    levels = ran.results.categories[0].levels

    assert [(one.vintage, one.level, one.groups) for one in levels] == [
        (vintage, level, groups)
        for vintage in ("first", "latest")
        for level, groups in (("cells", 10), ("região", 2), ("all", 1))
    ]
    first, latest = levels[0], levels[3]
    assert first.scored == latest.scored == 80 and latest.not_reported == 0
    whole = ran.results.categories[0].examination.of("PastMean").scores["log_score"].value
    assert latest.of("PastMean").scores["log_score"].value == pytest.approx(whole)
    assert first.of("PastMean").scores["log_score"].value != pytest.approx(whole)


def test_units_of_count_are_in_the_results_and_words(ran):
    page = (ran.folder / "report.html").read_text(encoding="utf-8")

    assert ran.results.counts.units["street robbery"] == "records"
    assert "records of police stations" in page
    assert "Monte Alto" in page and "Laguna Seca" in page


def test_run_and_verify_forecast_agree_on_counts(ran, folder):
    found = verify_forecasts([folder / "results"], folder, seed=5)

    for mine, theirs in zip(ran.results.categories, found.categories, strict=True):
        for one in mine.examination.forecasters:
            scores = theirs.examination.of(one.forecaster).scores
            assert one.scores["log_score"].value == pytest.approx(scores["log_score"].value)
    assert found.record.counts is not None and len(found.record.counts.editions) == 3


def test_the_periods_ahead_begin_after_the_latest_edition_was_published(folder):
    prepared = _prepared(folder)  # until 2024-01-01, published at the end of January 2024
    ahead = prepared.ahead(2)

    # Five days before February that edition was not out yet.
    assert [str(day)[:10] for day in ahead.edges] == ["2024-03-01", "2024-04-01", "2024-05-01"]
    cutoff = prepared.cutoff_before(ahead.edges[0])
    assert cutoff == prepared.record.covered.cutoff
    assert prepared.record.until(cutoff).areas.spans.labels[-1] == "2023-12"
    soon = _prepared(folder, ('lead = "5 days"\n', "")).ahead(1)
    assert str(soon.edges[0])[:10] == "2024-02-01"


def test_outcomes_of_a_period_that_nobody_published_are_not_0(folder):
    outcomes = read_outcomes(folder, ["roubo_veiculo"]).recorded
    cells = _prepared(folder).cells
    zone = outcomes.zone
    until = utc_instant(datetime(2024, 1, 1), zone)
    months = Periods.stepping(until, Length(1, "month"), -2, 2, zone)

    covered = outcomes.covers("roubo_veiculo", months, cells, months.edges[0])
    assert covered.tolist() == [True, True, False, False]
    assert outcomes.counts("roubo_veiculo", months, cells).values[:2].any(axis=1).all()
    with pytest.raises(StudyError, match="of the study's"):
        read_outcomes(folder, ["burglary"])


def test_a_bare_file_of_counts_is_no_outcome_and_the_way_is_said(folder):
    file = folder / "county_2023-12.csv"
    for ask in (lambda: read_outcomes(file, ["roubo_veiculo"]), lambda: outcome_time_zone(file)):
        with pytest.raises(StudyError, match="must come with a study") as caught:
            ask()
        assert "isp-rj" in str(caught.value)
        assert f"veedor init STUDY --incidents {file.name}" in str(caught.value)


def test_a_period_is_not_covered_across_a_day_that_changed_a_category(folder):
    outcomes = read_outcomes(folder, ["roubo_veiculo"]).recorded
    one = SeriesBreak(date(2023, 12, 1), "it is counted otherwise", "the publisher")
    areas = replace(outcomes.record.areas, breaks=(one,))
    changed = RecordedCounts(replace(outcomes.record, areas=areas))
    cells, zone = _prepared(folder).cells, outcomes.zone
    months = Periods.stepping(
        utc_instant(datetime(2024, 1, 1), zone), Length(1, "month"), -2, 0, zone
    )

    covered = changed.covers("roubo_veiculo", months, cells, months.edges[0])
    assert covered.tolist() == [True, False]  # forecast before, recorded after
    after = changed.covers("roubo_veiculo", months, cells, months.edges[1])
    assert after.tolist() == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ("until = 2024-01-01", "until = 2024-02-01", StudyError, "what was not is not 0.*until"),
        ("2019-01-01", "2018-01-01", StudyError, "history_from"),
        ('id = "code"', 'id = "name"', StudyError, "must have the codes of the areas"),
        ("forecast = false", "", DiscoveredCategoryRefusal, "trafico_drogas"),
        ('"roubo_transeunte", "roubo', '"roubo_rua", "roubo', DataError, "same counts twice"),
        ('"roubo_transeunte", "roubo_celular"', '"latrocinio", "roubo_rua"', DataError, "one unit"),
        ('"roubo_transeunte"', '"roubo_transeunt"', DataError, "roubo_transeunte"),
    ],
)
def test_what_cannot_be_forecast_is_refused_by_name(folder, old, new, error, told):
    with pytest.raises(error, match=f"(?s){told}"):
        _prepared(folder, (old, new))


def test_a_break_inside_of_the_history_refuses_by_name(folder, monkeypatch):
    study = parse_study(county.STUDY.encode())
    reading = read_counts(study, folder)
    one = SeriesBreak(
        date(2021, 7, 1), "it is counted otherwise", "the publisher", ("roubo_celular",)
    )
    broken = replace(reading, record=replace(reading.record, breaks=(one,)))

    with pytest.raises(BrokenSeriesError, match=r"2021-07-01.*counted otherwise"):
        lay_out_counts(study, folder, broken, study_periods(study))


@pytest.mark.shared_data
def test_rio_is_laid_out_and_its_homicides_are_refused_across_the_split(shared_data):
    shared_rio = shared_data / "areas" / "rj"
    text = county.STUDY.replace("history_from = 2019-01-01", "history_from = 2022-01-01")
    files = sorted(path.name for path in shared_rio.glob("BaseMunicipioMensal_2025-*.csv.gz"))
    files += sorted(path.name for path in shared_rio.glob("BaseMunicipioMensal_2026-*.csv.gz"))
    text = re.sub(r"files = .*", f"files = {json.dumps(files)}", text)
    text = text.replace("America/Argentina/Buenos_Aires", "America/Sao_Paulo")
    text = text.replace("32721", "31983").replace("county.geojson", "municipios.geojson")
    text = text.replace('id = "code"', 'id = "id"').replace("until = 2024", "until = 2026")
    study = parse_study(text.encode())
    reading = read_counts(study, shared_rio)
    made = lay_out_counts(study, shared_rio, reading, study_periods(study))

    assert len(made.cells) == 92 and not made.left_out
    homicide = parse_study(text.replace('"roubo_veiculo"', '"hom_doloso"', 1).encode())
    with pytest.raises(BrokenSeriesError, match=r"2024-10-01.*hom_doloso_feminicidio"):
        lay_out_counts(homicide, shared_rio, reading, study_periods(homicide))
