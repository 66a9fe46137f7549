"""Counts by area from a notebook: read, forecast, held against what was published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.golden import county

import veedor
from veedor.areas import SeriesBreak, State
from veedor.errors import BrokenSeriesError, DiscoveredCategoryRefusal, StudyError
from veedor.study.area_preparation import lay_out_counts


@pytest.fixture(scope="module")
def counts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("door") / "county"
    county.build(folder)
    return veedor.read_counts(str(folder))


def test_counts_say_what_they_are_and_are_a_table(counts):
    told = repr(counts)

    assert "Counts of 12 areas" in told and "records of police stations" in told
    assert "Laguna Seca, Monte Alto" in told or "Laguna Seca and Monte Alto" in told
    table = counts.to_arrow().to_pydict()
    silent = [
        count
        for area, span, count in zip(table["area"], table["span"], table["count"], strict=True)
        if (area, span) == (county.SILENT, "2021-03")
    ]
    assert silent == [None] * 3  # not 0
    assert len(counts.cells.cells) == 10


def test_a_span_that_nobody_reported_has_no_bar(counts):
    """It is not drawn as 0."""
    record = counts.record
    latest, first = record.areas.latest, record.areas.spans.labels[0]
    one = record.areas.offence_of(record.categories[0].values[0])
    values, state, provisional = (
        part.copy() for part in (latest.values, latest.state, latest.provisional)
    )
    values[0, one], state[0, one], provisional[0, one] = 0, State.NOT_REPORTED, False
    edition = replace(latest, values=values, state=state, provisional=provisional)
    areas = replace(record.areas, editions=(edition,))
    silent = replace(counts, prepared=replace(counts.prepared, record=replace(record, areas=areas)))

    assert f"{first}: " in counts.plot()._repr_html_()
    assert f"{first}: " not in silent.plot()._repr_html_()


def test_the_months_ahead_are_forecast_from_the_latest_edition(counts):
    made = veedor.forecast(counts, counts.cells, category="street robbery", periods=2)

    assert str(made.forecast.periods.edges[0])[:10] == "2024-03-01"
    assert made.forecast.data_cutoff == counts.record.covered.cutoff


def test_a_backtest_of_counts_is_examined(counts):
    back = veedor.backtest(
        counts, counts.cells, category="roubo_veiculo", forecasters=["RecentMean"], origins=4,
        lead="5 days",
    )  # fmt: skip
    assert back.observed.values.shape == (4, 10)
    assert "RecentMean" in repr(veedor.examine(back))


def test_editions_of_two_meanings_are_not_held_against_each_other(counts, tmp_path):
    """The study begins on the day of the break, but the latest edition alone has it."""
    county.build(tmp_path / "county")
    made, areas = counts.prepared, counts.record.areas
    split = SeriesBreak(
        date(2019, 1, 1), "Counted otherwise.", "its publisher", ("roubo_veiculo",),
        published_from=areas.latest.published.item(),
    )  # fmt: skip
    whole = replace(split, published_from=areas.editions[0].published.item())

    def lay_out(one):
        reading = replace(made.reading, record=replace(made.reading.record, breaks=(one,)))
        return lay_out_counts(made.study, tmp_path / "county", reading, made.periods)

    with pytest.raises(BrokenSeriesError, match="2019-01-01: Counted otherwise"):
        lay_out(split)
    assert len(lay_out(whole).cells) == 10


def test_what_cannot_be_forecast_is_refused(counts):
    with pytest.raises(DiscoveredCategoryRefusal):
        veedor.forecast(counts, counts.cells, category="trafico_drogas")
    with pytest.raises(StudyError, match="one of the record's"):
        veedor.forecast(counts, counts.cells, category="theft")
