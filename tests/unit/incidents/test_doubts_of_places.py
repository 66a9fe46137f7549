"""Places that a CRS can hold, and that are hardly those of the study, are said."""

import numpy as np
import pytest
from pyproj import Transformer

from veedor.incidents import Category, Columns, Source, read
from veedor.incidents.misplaced import doubts_of_places
from veedor.report.words import words_in


def doubts(folder, written_in, input_crs, crs="EPSG:32721", time_zone=None, place=(-58.44, -34.61)):
    rng = np.random.default_rng(3)
    lon, lat = (value + rng.normal(0, 0.03, 60) for value in place)
    x, y = Transformer.from_crs(4326, written_in, always_xy=True).transform(lon, lat)
    path = folder / "a.csv"
    rows = [f"2023-01-{n % 28 + 1:02d},{x[n]:.2f},{y[n]:.2f},ROBO" for n in range(60)]
    path.write_text("\n".join(["date,x,y,kind", *rows]) + "\n", encoding="utf-8")
    source = Source(
        (str(path),),
        Columns(date="date", x="x", y="y", category="kind"),
        (Category("robbery", "reported", ("ROBO",)),),
        time_zone or "America/Argentina/Buenos_Aires",
        crs,
        input_crs=input_crs,
    )
    return [words_in("en").of(one) for one in doubts_of_places(read(source))]


def test_places_where_they_are_meant_are_not_doubted(tmp_path):
    assert doubts(tmp_path, "EPSG:32721", "EPSG:32721") == []


@pytest.mark.parametrize("other", ["EPSG:32720", "EPSG:32722"])
def test_the_wrong_zone_of_utm_is_doubted(tmp_path, other):
    found = doubts(tmp_path, "EPSG:32721", other)
    assert "60 of 60 places looked at lie outside the area of use of crs EPSG:32721" in found[0]


def test_a_time_zone_of_elsewhere_is_doubted(tmp_path):
    (found,) = doubts(tmp_path, "EPSG:32721", "EPSG:32721", time_zone="Europe/Madrid")
    assert "clocks differ from Europe/Madrid" in found
    assert "−34.6" in found


def test_places_at_sea_are_doubted(tmp_path):
    (found,) = doubts(tmp_path, "EPSG:32721", "EPSG:32721", place=(-55.5, -37.5))
    assert "at sea" in found
