"""Files of anyone's, held against a record: what is scored, what is left out, what is refused."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from shapely import box

from veedor.errors import SameGroundError, StudyError
from veedor.files.json_file import json_bytes
from veedor.forecasts import CountDistribution, Forecast, write_cells, write_forecast
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea
from veedor.spacetime.periods import local_iso
from veedor.study.boxes import Boxes
from veedor.study.verification import verify_forecasts

CRS = "EPSG:32721"
ZONE = "America/Argentina/Buenos_Aires"
FIRST = np.datetime64("2023-01-02T03:00", "us")
WEEKS, ISSUED = 36, 24
ALL = Periods.stepping(FIRST, Length(1, "week"), 0, WEEKS, ZONE)
AHEAD = Periods(ALL.edges[ISSUED:].copy(), ZONE)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A record of 36 weeks in 20 cells, and forecasts of the last 12 by two makers."""
    folder = tmp_path_factory.mktemp("vendor")
    area = StudyArea(box(370_000, 6_165_000, 375_000, 6_169_000), CRS, "made up")
    cells = Cells.on_lattice(area, SquareLattice(1000.0))
    rng = np.random.default_rng(5)
    rates = rng.gamma(0.7, 1.5, len(cells)) + 0.05
    counts = rng.poisson(rates, (WEEKS, len(cells)))
    degrees = [one.centroid for one in cells.lonlat_polygons()]
    with (folder / "incidents.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["occurred_at", "latitude", "longitude", "category"])
        for week, cell in np.argwhere(counts):
            for _ in range(counts[week, cell]):
                instant = ALL.start[week] + rng.integers(0, 6 * 86_400) * np.timedelta64(1, "s")
                where = degrees[cell]
                writer.writerow([local_iso(instant, ZONE)[:19], where.y, where.x, "robo"])
    write_cells(cells, folder / "cells.geojson")
    return folder, cells, rates, counts


def _write(folder: Path, cells, name, mean, periods=AHEAD, dispersion=0.0):
    made = []
    for number in range(len(periods)):
        edges = periods.edges[number : number + 2].copy()
        forecast = Forecast(
            CountDistribution(mean[None, :], dispersion),
            cells,
            Periods(edges, ZONE),
            "robo",
            name,
            "1",
            edges[0],
            edges[0],
        )
        made.append(folder / "forecasts" / name / f"{number:02d}.parquet")
        write_forecast(forecast, made[-1])
    return made


@pytest.fixture(scope="module")
def verified(place):
    folder, cells, rates, _ = place
    flat = np.full(len(cells), rates.mean())
    files = [*_write(folder, cells, "Vendor", flat), *_write(folder, cells, "Knows", rates)]
    return verify_forecasts(files, folder / "incidents.csv", seed=3), files


def test_every_period_and_incident_is_counted_as_recorded(verified, place):
    category = verified[0].categories[0].examination
    counts = place[3][ISSUED:]
    assert category.recorded.by_period == tuple(counts.sum(axis=1).tolist())
    assert category.recorded.outside == category.recorded.unlocated == 0
    assert len(category.periods.start) == len(AHEAD)


def test_the_reference_is_made_from_the_earlier_record(verified):
    category = verified[0].categories[0].examination
    assert category.reference == "PriorCounts"
    assert category.reference_made
    names = [one.forecaster for one in category.forecasters]
    assert names == ["PriorCounts", "Knows", "Vendor"]


def test_who_knows_the_rates_beats_who_does_not(verified):
    category = verified[0].categories[0].examination
    gain = {row.forecaster: row.gain.estimate.value for row in category.comparisons}
    assert gain["Knows"] > gain["Vendor"] + 0.1
    number = {one.forecaster: one.consistency.space.p_value for one in category.forecasters}
    assert number["Vendor"] <= 0.01 < number["Knows"]


def test_log_score_is_the_mean_over_cells_and_periods(verified, place):
    _, cells, rates, counts = place
    expected = -CountDistribution(np.tile(rates, (len(AHEAD), 1)), 0.0).log_pmf(counts[ISSUED:])
    one = verified[0].categories[0].examination.forecasters[1]
    assert one.scores["log_score"].value == pytest.approx(expected.mean())
    assert one.scores["log_score"].n == len(AHEAD) * len(cells)


def test_chance_reference_and_oracle_stand_on_the_same_cells(verified):
    places = verified[0].categories[0].examination.places
    for table in ("captured", "area_swept", "concentration"):
        rankings = {row.ranking for row in getattr(places, table)}
        assert rankings >= {"chance", "oracle", "PriorCounts", "Vendor", "Knows"}, table


def test_the_same_files_give_the_same_bytes(verified, place):
    again = verify_forecasts(verified[1], place[0] / "incidents.csv", seed=3)
    assert json_bytes(again) == json_bytes(verified[0])


def test_weeks_that_the_record_does_not_cover_are_left_out_and_counted(place):
    folder, cells, rates, _ = place
    later = Periods.stepping(AHEAD.edges[-3], Length(1, "week"), 0, 5, ZONE)
    files = _write(folder, cells, "Later", rates, later)
    category = verify_forecasts(files, folder / "incidents.csv").categories[0]
    assert (len(category.examination.periods.start), category.periods_not_over) == (2, 3)


def test_forecasts_of_other_weeks_cannot_be_compared(place):
    folder, cells, rates, _ = place
    files = _write(folder, cells, "One", rates, Periods(AHEAD.edges[:5].copy(), ZONE))
    files += _write(folder, cells, "Other", rates, Periods(AHEAD.edges[1:6].copy(), ZONE))
    with pytest.raises(SameGroundError, match="periods"):
        verify_forecasts(files, folder / "incidents.csv")


def test_without_an_earlier_record_the_files_alone_are_compared(place):
    folder, cells, rates, _ = place
    early = Periods(ALL.edges[:9].copy(), ZONE)
    files = _write(folder, cells, "A", rates, early) + _write(folder, cells, "B", 2 * rates, early)
    category = verify_forecasts(files, folder / "incidents.csv").categories[0]
    assert not category.examination.reference_made
    assert category.no_reference_because
    assert [row.forecaster for row in category.examination.comparisons] == ["B"]


def test_names_of_the_rankings_beside_every_other_are_taken(place):
    folder, cells, rates, _ = place
    with pytest.raises(StudyError, match="chance"):
        verify_forecasts(_write(folder, cells, "chance", rates), folder / "incidents.csv")


def test_progress_is_told_by_forecaster(place):
    folder, cells, rates, _ = place

    class Told:
        def __init__(self):
            self.parts = []

        def step(self, name, total):
            self.parts.append((name, total))

        def advance(self, done):
            self.parts.append(done)

    told = Told()
    verify_forecasts(
        _write(folder, cells, "Vendor", rates), folder / "incidents.csv", progress=told
    )
    begun = told.parts.index(("Verifying robo", 3))
    assert told.parts[begun + 1 :] == [1, 2]


def test_a_category_nobody_recorded_is_an_error(place):
    folder, cells, rates, _ = place
    forecast = Forecast(
        CountDistribution(np.tile(rates, (len(AHEAD), 1)), 0.0),
        cells,
        AHEAD,
        "hurto",
        "V",
        "1",
        AHEAD.edges[0],
        AHEAD.edges[0],
    )
    write_forecast(forecast, folder / "other.parquet")
    with pytest.raises(StudyError, match="hurto"):
        verify_forecasts([folder / "other.parquet"], folder / "incidents.csv")


def test_several_weeks_ahead_are_told_apart_by_lead_time(place):
    folder, cells, rates, _ = place
    files = []
    for first in range(len(AHEAD) - 1):
        edges = AHEAD.edges[first : first + 3].copy()
        forecast = Forecast(
            CountDistribution(np.tile(rates, (2, 1)), 0.0),
            cells,
            Periods(edges, ZONE),
            "robo",
            "Rolling",
            "1",
            edges[0],
            edges[0],
        )
        files.append(folder / "rolling" / f"{first}.parquet")
        write_forecast(forecast, files[-1])
    category = verify_forecasts(files, folder / "incidents.csv").categories[0].examination
    assert len(category.periods.start) == len(AHEAD)
    assert category.periods.forecast_again == len(AHEAD) - 2
    assert set(category.comparisons[0].skill.lead_time) == {"1", "2"}


def test_zones_divide_the_gain(place):
    folder, cells, rates, counts = place
    left, right = cells.lonlat_polygons()[0], cells.lonlat_polygons()[-1]
    west, south, east, north = (*left.bounds[:2], *right.bounds[2:])
    middle = (west + east) / 2.0
    halves = {"west": (west - 1, south - 1, middle, north + 1)}
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": json.loads(json.dumps(box(*bounds).__geo_interface__)),
        }
        for name, bounds in halves.items()
    ]
    path = folder / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    files = _write(folder, cells, "Zoned", rates)
    found = verify_forecasts(files, folder / "incidents.csv", zones=path, zone_id="name")
    category = found.categories[0].examination
    by_zone = category.comparisons[0].skill.zone
    assert set(by_zone) == {"west", "in no zone"}
    assert sum(one.n for one in by_zone.values()) == counts[ISSUED:].sum()
    zones = {row.zone for row in category.forecasters[0].calibration.coverage_by_zone}
    assert zones == {"west"}


def test_boxes_with_counts_are_held_against_the_record(place):
    """Where a vendor says most is most; how many is the reference's, or what is told."""
    folder, cells, rates, counts = place
    centres = [one.centroid for one in cells.lonlat_polygons()]
    lines = [f"{one.y},{one.x},{100 * rate:.0f}" for one, rate in zip(centres, rates, strict=True)]
    path = folder / "boxes.csv"
    path.write_text("\n".join(["lat,lon,count", *lines]) + "\n")
    first, last = (local_iso(AHEAD.edges[place], ZONE)[:10] for place in (0, -1))
    given = {"box_m": 900.0, "category": "robo", "begins": first, "until": last}
    record = folder / "incidents.csv"
    found = verify_forecasts([path], record, boxes=Boxes(**given), seed=3)
    category = found.categories[0].examination
    assert [one.forecaster for one in category.forecasters] == ["PriorCounts", "boxes"]
    assert category.recorded.by_period == tuple(counts[ISSUED:].sum(axis=1).tolist())
    prior, boxes = (one.by_period.expected for one in category.forecasters)
    assert boxes == pytest.approx(prior)
    captured = {row.ranking: row for row in category.places.captured if row.area_fraction == 0.2}
    assert captured["boxes"].capture_rate.value > 0.25

    told = verify_forecasts([path], record, boxes=Boxes(**given, total=7.0)).categories[0]
    assert told.examination.of("boxes").by_period.expected == pytest.approx([7.0] * len(AHEAD))
    with pytest.raises(StudyError, match="whole number of periods"):
        verify_forecasts([path], record, boxes=Boxes(**(given | {"until": "2023-09-10"})))


def test_a_folder_of_forecasts_is_read_whole(place, tmp_path):
    folder, cells, rates, _ = place
    made = _write(tmp_path, cells, "Foldered", rates)
    write_cells(cells, tmp_path / "cells.geojson")
    (tmp_path / "outcomes").mkdir()
    (tmp_path / "outcomes" / "robo.parquet").write_bytes(b"no forecast")
    one, other = (verify_forecasts(given, folder / "incidents.csv") for given in (made, [tmp_path]))
    assert json_bytes(one.categories) == json_bytes(other.categories)
