"""`run`, `verify-forecast` and `score` give the same numbers for one and the same forecasts."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from pyproj import Transformer
from shapely import Point, to_geojson, transform
from tests.asking import run_here

from veedor.files.json_file import plain
from veedor.sealing import Terms, clock, create_key, score, seal
from veedor.study import read_outcomes
from veedor.study.verification import verify_forecasts


@pytest.fixture
def ran(small_study):
    """A study with clipped cells, a stack of ties, and incidents on the edges of cells."""
    to_degrees = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
    area = transform(
        Point(372_000.0, 6_170_000.0).buffer(4_000.0),
        lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
    )
    (small_study / "area.geojson").write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": json.loads(to_geojson(area))}
                ],
            }
        )
    )
    path = small_study / "study.toml"
    text = path.read_text()
    text = text.replace('latitude = "lat"\nlongitude = "lon"', 'x = "x"\ny = "y"')
    text = text.replace("[incidents]\n", '[incidents]\ninput_crs = "EPSG:32721"\n', 1)
    text = text.replace("[cells]", '[area]\nfile = "area.geojson"\n\n[cells]')
    path.write_text(text)
    rng = np.random.default_rng(2)
    lines = (small_study / "incidents.csv").read_text().splitlines()
    rows = ["id,occurred_at,x,y,category"]
    for line in lines[1:]:
        number, when = line.split(",")[:2]
        x, y = 372_000 + 100 * rng.normal(0, 12, 2).round()  # whole hundreds of metres
        rows.append(f"{number},{when},{x:.0f},{y + 5_798_000:.0f},robo")
    (small_study / "incidents.csv").write_text("\n".join(rows) + "\n")
    return small_study, run_here(small_study).results


def test_run_verify_forecast_and_score_give_the_same_numbers(ran, tmp_path, monkeypatch):
    """One examination of the same files; a promise is scored to what it says of them."""
    folder, results = ran
    verified = verify_forecasts([folder / "results"], folder, seed=results.study.seed)
    (mine,), (theirs,) = results.categories, verified.categories
    assert mine.examination.recorded.inside > 50
    assert len(mine.examination.forecasters) == 4
    assert verified.cells.area_km2 == results.cells.area_km2
    order = [one.forecaster for one in theirs.examination.forecasters]
    same(by_forecaster(mine.examination, order), by_forecaster(theirs.examination, order), "")

    first, seed = results.periods.start[0], results.study.seed
    prior, past = (
        sorted((folder / "results" / "forecasts" / "robo" / name).glob("*.parquet"))[0]
        for name in ("PriorCounts", "PastMean")
    )
    begins = np.datetime64(datetime.fromisoformat(first).astimezone(UTC).replace(tzinfo=None), "us")
    monkeypatch.setattr(clock, "now", lambda: begins)
    key = create_key(tmp_path / "key")
    terms = Terms(seed=seed)
    seal([past], tmp_path / "log", key, references=[prior], terms=terms, late=True)
    monkeypatch.setattr(clock, "now", lambda: begins + np.timedelta64(70, "D"))
    record = read_outcomes(folder, ["robo"]).recorded
    scored = score(tmp_path / "log", key, record).entries[-1].manifest.results
    alone = verify_forecasts([prior, past], folder, seed=seed).categories[0].examination
    row = alone.comparisons[0]
    assert scored.incidents == alone.recorded.inside == mine.examination.recorded.by_period[0] > 0
    for name, value in scored.scores.items():
        same(plain(value), plain(alone.of("PastMean").scores[name]), name)
    same(plain(scored.information_gain.gain), plain(row.gain.estimate), "gain")
    same(plain(scored.information_gain.by_period), plain(row.by_period), "by period")
    for one in scored.capture_rate:
        (captured,) = [
            other.capture_rate
            for other in alone.places.captured
            if (other.ranking, other.area_fraction) == ("PastMean", one.area_fraction)
        ]
        same(plain(one.capture_rate), plain(captured), "capture rate")


def by_forecaster(examination, order):
    """The same with forecasters and rankings in one order; the reference is made here and there."""
    document = plain(examination) | {"reference_made": None}
    places = document.pop("places")
    document["places"] = {
        name: sorted(rows, key=lambda row: (row["ranking"], row.get("area_fraction")))
        for name, rows in places.items()
        if name != "concentration"  # simulated one forecaster after the other
    }
    document["best"] = {
        score: sorted(found["members"]) for score, found in document["best"].items()
    }
    for part in ("forecasters", "comparisons"):
        document[part] = sorted(document[part], key=lambda one: order.index(one["forecaster"]))
    return document


def same(one, other, what):
    """Equal to the last figures that another order of adding up leaves."""
    assert type(one) is type(other), what
    if isinstance(one, dict):
        assert one.keys() == other.keys(), what
        for key in one:
            same(one[key], other[key], f"{what}/{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), what
        for place, pair in enumerate(zip(one, other, strict=True)):
            same(*pair, f"{what}/{place}")
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12), what
    else:
        assert one == other, what
