"""What the page ships from others is named with its licence, and is what its note says."""

from __future__ import annotations

from importlib import resources

ASSETS = resources.files("veedor.report").joinpath("assets")


def text(name):
    return ASSETS.joinpath(name).read_text(encoding="utf-8")


def test_the_library_comes_with_its_licence_and_version():
    assert "Redistribution and use in source and binary forms" in text("leaflet.LICENSE.txt")
    note = text("README.md")
    assert "Leaflet 1.9.4" in note
    assert "BSD 2-Clause" in note
    assert "Leaflet 1.9.4" in text("leaflet.js")[:100]


def test_every_asset_is_named_in_the_note():
    note = text("README.md")
    names = {asset.name for asset in ASSETS.iterdir()} - {"README.md"}
    assert {name for name in names if f"`{name}`" not in note} == set()


def test_no_asset_can_end_the_element_it_is_inlined_in():
    for name in ("leaflet.js", "report.js"):
        assert "</script" not in text(name).lower()
        assert "sourceMappingURL" not in text(name)
    for name in ("leaflet.css", "report.css", "cover.css", "letter.css"):
        assert "</style" not in text(name).lower()
        assert "@import" not in text(name)
        assert "url(" not in text(name)


def test_our_script_writes_text_and_never_markup():
    script = text("report.js")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script
