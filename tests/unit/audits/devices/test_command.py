"""`veedor audit exposure --devices` as a person calls it."""

import json
import re

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from veedor.cli import main
from veedor.cli.app import app
from veedor.errors import StudyError

from .conftest import degrees, write_grid


@pytest.fixture
def options(tmp_path):
    rng = np.random.default_rng(7)
    lon, lat = degrees(rng.uniform(-1500, 1500, 30), rng.uniform(-1100, 1100, 30))
    rows = [
        f"{a},{o},{'<b>=cam' if n % 2 else 'ALPR'},{n % 360}"
        for n, (o, a) in enumerate(zip(lon, lat, strict=True))
    ]
    table = tmp_path / "d.csv"
    table.write_text("lat,lon,kind,bearing_deg\n" + "\n".join(rows) + "\n")
    return [
        "exposure", "--zones", str(write_grid(tmp_path / "z.geojson")), "--groups", "white,black",
        "--population", "population", "--reference", "white", "--devices", str(table),
        "--range-m", "30,90", "--range-m", "alpr=20", "--angle-deg", "50,80", "--replicates", "100",
    ]  # fmt: skip


def run(*arguments):
    return CliRunner().invoke(app, ["audit", *arguments], catch_exceptions=False)


def test_it_writes_figures_places_views_and_a_page(options, tmp_path):
    way = tmp_path / "way.geojson"
    line = np.column_stack(degrees([-1500, 1500], [5, 5])).tolist()
    way.write_text(json.dumps({
        "type": "Feature", "properties": {"name": "<i>school"},
        "geometry": {"type": "LineString", "coordinates": line},
    }))  # fmt: skip
    out = tmp_path / "out"
    done = run(*options, "--routes", str(way), "--out", str(out))
    assert done.exit_code == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Where devices can look, and who lives there" in page
    assert "<b>=cam" not in page
    assert "<i>school" not in page
    assert "predict" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).casefold()
    made = json.loads((out / "results.json").read_text())
    assert made["audit"] == "devices"
    assert made["assignments"] == ["view_least", "view_most", "devices"]
    assert made["range_m"] == [20.0, 90.0]
    head = (out / "places.csv").read_text().splitlines()[0]
    assert "share_in_view_low,share_in_view_high" in head
    ground = json.loads((out / "views.geojson").read_text())["features"]
    least, most = (shapely.from_geojson(json.dumps(one["geometry"])) for one in ground)
    assert [one["properties"]["ground"] for one in ground] == ["view_least", "view_most"]
    assert 0.0 < least.area < most.area
    assert shapely.area(shapely.difference(least, most)) < 0.01 * least.area
    rows = (out / "estimates.csv").read_text(encoding="utf-8").splitlines()
    assert not any(cell.startswith("=") for row in rows for cell in row.split(","))
    assert any("on_route: " in row for row in rows)


def test_predictions_and_devices_are_audited_apart(options, tmp_path):
    for more in (["--box-m", "100"], ["--predictions", "b.csv"], ["--assignment", "centre"],
                 ["--stored-count", "n"]):  # fmt: skip
        with pytest.raises(StudyError, match="predictions or of devices") as caught:
            run(*options, *more, "--out", str(tmp_path / "out"))
        assert more[0] in caught.value.found
    at = options.index("--devices")
    without = options[:at] + options[at + 2 :]
    with pytest.raises(StudyError, match="predictions or of devices") as caught:
        run(*without, "--out", str(tmp_path / "out"))
    assert "--range-m, --angle-deg" in caught.value.found
    assert not (tmp_path / "out").exists()


def test_the_page_says_the_same_in_spanish(options, tmp_path):
    with pytest.raises(SystemExit) as left:
        main(["audit", *options, "--lang", "es", "--out", str(tmp_path / "es")])
    assert left.value.code == 0
    page = (tmp_path / "es" / "report.html").read_text(encoding="utf-8")
    assert "Hacia dónde pueden mirar los dispositivos" in page
    assert "predic" not in page.casefold()


def test_a_cover_of_known_views_has_one_column(options, tmp_path):
    table = tmp_path / "d.csv"
    head, *rows = table.read_text().splitlines()
    table.write_text("\n".join([f"{head},range_m,angle_deg", *(f"{row},60,90" for row in rows)]))
    done = run(*options, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Share of them in view, as times that of white" in page
    assert "at the most" not in page
    made = json.loads((tmp_path / "out" / "results.json").read_text())
    assert made["assignments"] == ["view", "devices"]


def test_it_is_a_part_of_a_dossier(options, tmp_path):
    done = run("all", *options[1:], "--out", str(tmp_path / "all"))
    assert done.exit_code == 0
    assert (tmp_path / "all" / "exposure" / "views.geojson").exists()


def test_counts_of_readers_bound_what_stands_at_a_crossing(options, tmp_path):
    crossings, items = tmp_path / "crossings.csv", tmp_path / "items.csv"
    lon, lat = degrees([-800, 0, 800], [0, 0, 0])
    crossings.write_text(
        "key,lat,lon\n" + "\n".join(f"c{n},{lat[n]},{lon[n]}" for n in range(3)) + "\n"
    )
    items.write_text("key,readers,least,median,most,agreement\nc0,3,1,1,2,majority\nc1,3,0,0,4,\n")
    at = options.index("--devices")
    done = run(
        *options[:at], "--devices", str(crossings), "--device-counts", str(items), "--range-m",
        "50,200", "--angle-deg", "360", "--replicates", "100", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.exit_code == 0
    made = json.loads((tmp_path / "out" / "results.json").read_text())
    assert made["assignments"] == ["view_least", "view_most", "devices_least", "devices_most"]
    assert made["kinds"] == [{"kind": "device", "least": 1.0, "most": 6.0}]
    assert made["devices"]["uncounted"] == 1
    assert "Of 3 places, 1 was not counted" in (tmp_path / "out" / "report.html").read_text("utf-8")
