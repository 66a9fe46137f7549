"""The page of devices in Chromium: its cover keeps to its shape, and it is open to everyone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.browser import (
    chromium,
    faults_of_cover,
    open_all,
    opened,
    sideways,
    unreadable,
    violations,
)

from veedor.audits.places import ExposureSettings, make_groups, read_zones
from veedor.audits.places.by_place import PlaceOutlines
from veedor.audits.places.devices import InView, audit_devices, read_routes
from veedor.languages import languages
from veedor.report.audit_devices import devices_document
from veedor.report.document import write_document
from veedor.report.words import words_in

from .conftest import degrees, devices, write_grid

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORDS = 500
GROUPS = [f"residents born abroad, {n}" for n in range(8)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _zones(folder, groups):
    path = write_grid(folder / "z.geojson")
    held = json.loads(path.read_text())
    for n, feature in enumerate(held["features"]):
        people = feature["properties"]["population"]
        parts = np.random.default_rng(n).multinomial(people, np.full(len(groups), 1 / len(groups)))
        feature["properties"] |= dict(zip(groups, map(int, parts), strict=True))
    path.write_text(json.dumps(held))
    made = make_groups(groups, "population", groups[0], [])
    return read_zones(path, made, population="population")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("devices"), np.random.default_rng(2)
    x, y, bearing = (
        rng.uniform(-1500, 1500, 80),
        rng.uniform(-1100, 1100, 80),
        rng.uniform(0, 360, 80),
    )
    way = folder / "way.geojson"
    line = np.column_stack(degrees([-1500, 1500], [5, 5])).tolist()
    way.write_text(json.dumps({
        "type": "Feature", "properties": {"name": "way to school"},
        "geometry": {"type": "LineString", "coordinates": line},
    }))  # fmt: skip
    known = devices(x, y, 60.0, bearing=bearing, angle=70.0)
    bounds = devices(x, y, 20.0, 90.0, bearing=bearing, angle=60.0, widest=120.0,
                     counts=(np.arange(80) % 2, np.full(80, 3)))  # fmt: skip
    unsure = devices(x, y, 20.0, 90.0, angle=0.0, widest=360.0)
    quick, made = ExposureSettings(replicates=100, margin_replicates=10), {}
    for name, held, groups in (
        ("known", known, GROUPS[:2]), ("bounds", bounds, GROUPS), ("unsure", unsure, GROUPS[:4]),
    ):  # fmt: skip
        zones = _zones(folder, groups)
        audit = audit_devices(zones, held, quick, routes=read_routes(way))
        outlines, in_view = PlaceOutlines.of_zones(zones, "z.geojson"), InView.of(held, zones)
        for language in languages():
            path = made[name, language] = folder / f"{name}-{language}.html"
            page = devices_document(audit, words_in(language), outlines, in_view)
            write_document(page, path, language)
    return made


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["known", "bounds", "unsure"])
def test_a_cover_keeps_to_its_shape(browser, pages, name, language):
    with opened(browser, pages[name, language]) as window:
        wrong = faults_of_cover(window, WORDS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["known", "bounds"])
def test_a_page_is_open_to_everyone(browser, pages, name, language):
    with opened(browser, pages[name, language], width=320) as window:
        open_all(window)
        assert not violations(window)
        assert not sideways(window)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["known", "bounds"])
def test_its_maps_can_be_read_on_a_telephone(browser, pages, name, language):
    with opened(browser, pages[name, language], width=390) as window:
        open_all(window)
        assert unreadable(window) == []
