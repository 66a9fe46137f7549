"""The map that moves, in a browser: what a search finds, what is read out, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
import shapely
from tests.browser import chromium, opened

from veedor.report.base_layer import base_layer
from veedor.report.write import write_report
from veedor.spacetime import Gazetteer, Outlines, Shapes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(made, tmp_path, browser) -> Iterator[tuple[Page, Gazetteer, np.ndarray]]:
    """The page of a town of two zones: cells of the west are crossed by a street, one is near."""
    results, maps = made.results(side=4, count=2)
    west, south, east, north = shapely.total_bounds(maps.polygons)
    middle = (west + east) / 2
    halves = np.array(
        [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    )
    zones = Outlines(("Núñez", "Boedo"), halves)
    streets = [("Av. San Juan",), ("Av. San Juan", "Colombres"), ("Yatay",), ()]
    metres = [0.0, 0.0, 80.0, None]
    places = tuple(
        msgspec.structs.replace(place, zone=zone, streets=streets[k % 4], streets_m=metres[k % 4])
        for k, (place, zone) in enumerate(
            zip(maps.gazetteer.places, zones.names_of(maps.polygons), strict=True)
        )
    )
    line = Shapes(shapely.linestrings([[[west, south], [east, north]]]), {})
    drawn = replace(
        maps,
        gazetteer=Gazetteer(places),
        zones=zones,
        base=base_layer(line, maps.polygons),
    )
    path = Path(tmp_path / "report.html")
    write_report(results, made.quality(), made.manifest(), drawn, path)
    with opened(browser, path) as window:
        failures: list[str] = []
        window.on("pageerror", lambda error: failures.append(str(error)))
        window.evaluate(
            "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
        )
        yield (
            window,
            drawn.gazetteer,
            next(who for name, who in drawn.means["robbery"].items() if name != "PriorCounts")[-1],
        )
        assert not failures


def _search(window: Page, asked: str) -> list[str]:
    window.fill("#map-search", asked)
    return window.locator("#map-matches button").all_text_contents()


def _read_out(window: Page) -> str:
    return window.locator("#map-readout").text_content() or ""


def test_a_zone_is_found_without_its_accents_and_its_most_expected_cell_is_read_out(page):
    window, gazetteer, means = page
    assert _search(window, "nunez") == ["Núñez (zone)"]
    window.press("#map-search", "Enter")
    best = max(
        (mean, place.cell_id)
        for mean, place in zip(means.tolist(), gazetteer.places, strict=True)
        if place.zone == "Núñez"
    )
    assert f"Cell {best[1]}, Núñez, " in _read_out(window)


def test_streets_and_cells_are_found_exact_before_part(page):
    window, gazetteer, _ = page
    assert _search(window, "san juan") == ["Av. San Juan (street)"]
    assert _search(window, "colombres") == ["Colombres (street)"]
    cell = gazetteer.places[5].cell_id
    assert _search(window, cell.lower())[0] == f"{cell} (cell)"
    assert _search(window, "nowhere") == []
    assert "no cell lies there" in (window.locator("#map-found").text_content() or "")


def test_every_cell_is_found_by_its_own_coordinates_and_read_out_with_them(page):
    window, gazetteer, _ = page
    for place in gazetteer.places:
        at = f"{place.lat:.4f}, {place.lon:.4f}"
        assert _search(window, at) == [f"{at} (coordinates)"]
        window.press("#map-search", "Enter")
        assert _read_out(window).startswith(f"Cell {place.cell_id}, {place.zone}")
        assert f"({at})" in _read_out(window)
    assert _search(window, "0, 0") == []


def test_streets_that_cross_a_cell_and_one_that_is_near_are_told_apart(page):
    window, gazetteer, _ = page
    told = []
    for place in gazetteer.places[:4]:
        _search(window, place.cell_id)
        window.press("#map-search", "Enter")
        told.append(_read_out(window).partition(" (")[0].partition(", ")[2])
    assert told == [
        "Núñez, at Av. San Juan",
        "Núñez, at Av. San Juan and Colombres",
        "Boedo, near Yatay",
        "Boedo",
    ]


def test_the_whole_map_comes_back_and_nothing_is_chosen(page):
    window, gazetteer, _ = page
    window.wait_for_selector(".leaflet-control-scale-line")
    before = window.locator(".leaflet-control-scale-line").text_content()
    _search(window, gazetteer.places[0].cell_id)
    window.press("#map-search", "Enter")
    window.focus("#map-canvas")
    window.keyboard.press("+")
    window.keyboard.press("+")
    assert window.locator(".leaflet-control-scale-line").text_content() != before
    window.click("#map-reset")
    assert window.locator(".leaflet-control-scale-line").text_content() == before
    assert _read_out(window) == "Point at a cell to read it."
    assert window.input_value("#map-search") == ""
    assert window.locator("#map-matches").is_hidden()
