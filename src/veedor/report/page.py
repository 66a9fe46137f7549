"""From the three dictionaries and the maps to the page: every sentence, table and chart, finished.

The template only lays out what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report import charts, drawing, facts, records, sentences, tables
from veedor.report.excitation import excitations
from veedor.report.history import history
from veedor.report.map_section import map_section
from veedor.report.maps import Maps
from veedor.report.numbers import day, listed, number
from veedor.report.stack import stacks
from veedor.report.words import words_in

Record = Mapping[str, Any]


def page(results: Record, quality: Record, manifest: Record, maps: Maps) -> dict[str, Any]:
    """Build what the template shows.

    Parameters
    ----------
    results, quality, manifest : dict
        As a study writes them.
    maps : Maps

    Returns
    -------
    dict
        Text (to be escaped), tables, charts, and the map with what the page's script needs.
    """
    study = results["study"]
    look = drawing.styles(results["forecasters"])
    return {
        "title": study["title"],
        "subtitle": f"Forecasts of recorded incidents, compared with {study['reference']}",
        "made": f"veedor {results['veedor']}, study “{study['name']}”, seed {study['seed']}, "
        f"times in {study['time_zone']}",
        "reference": study["reference"],
        "forecast": sentences.what_was_forecast(results),
        "headline": sentences.headline(results),
        "comparisons": sentences.together(results),
        "cautions": sentences.not_to_conclude(results),
        "first_table": tables.first_page(results),
        "categories": [
            _category(place, category, results, look)
            for place, category in enumerate(results["categories"])
        ],
        "gains": _gains(results, look),
        "stacks": stacks(results),
        "excitations": excitations(results),
        "map": map_section(maps, results, words_in("en")),
        "counts": tables.counts(results),
        "definitions": tables.definitions(results),
        "quality": records.quality(quality),
        "settings": _settings(results),
        "manifest": facts.tables(
            "Manifest", {key: value for key, value in manifest.items() if key != "study_toml"}
        ),
        "study_toml": str(manifest.get("study_toml", "")),
    }


def _category(
    place: int, category: Record, results: Record, look: Mapping[str, drawing.Style]
) -> dict[str, Any]:
    periods, per_origin, key = results["periods"], results["periods_per_origin"], f"c{place}"
    return {
        "name": category["name"],
        "key": key,
        "sentences": [
            sentences.how_it_did(category, forecast, results)
            for forecast in category["forecasts"]
            if forecast["forecaster"] != results["study"]["reference"]
        ]
        + sentences.absent(category),
        "not_shown": _not_shown(category),
        "captured": sentences.captured(category, results),
        "capture": {
            "chart": charts.capture(category, look, f"{key}-capture"),
            "tables": [tables.places(category, results), tables.scores(category, results)],
        },
        "history": history(category, results, look, f"{key}-history"),
        "by_period": {
            "charts": [
                charts.totals(category, periods, per_origin, look, f"{key}-totals"),
                charts.by_period(category, periods, per_origin, look, f"{key}-periods"),
            ],
            "tables": [tables.by_period(category, results)],
        },
        "calibration": {
            "charts": [
                charts.ranks(category, look, f"{key}-ranks"),
                charts.trust(category, look, f"{key}-trust"),
            ],
            "tables": [
                tables.ranks(category, results),
                tables.coverage(category, results),
                tables.sums(category, results),
                tables.reliability(category, results),
            ],
        },
    }


def _not_shown(category: Record) -> str:
    names = listed([one["forecaster"] for one in category["absent"]])
    return f"Not shown, for too little data: {names}." if names else ""


def _gains(results: Record, look: Mapping[str, drawing.Style]) -> dict[str, Any]:
    rows = [
        (category["name"], forecast["forecaster"], forecast["gain"]["raw"])
        for category in results["categories"]
        for forecast in category["forecasts"]
        if forecast["gain"]["raw"] is not None
    ]
    return {
        "chart": charts.gains(rows, look) if rows else None,
        "rescaled": [
            told
            for category in results["categories"]
            for forecast in category["forecasts"]
            if (told := sentences.rescaled(category, forecast))
        ],
        "tables": [tables.gains(results)],
    }


def _settings(results: Record) -> list[tables.Table]:
    """Every parameter: of the study, the cells, each forecaster as set and as fitted."""
    found = [
        *facts.tables("Study", results["study"] | {"schema_version": results["schema_version"]}),
        *facts.tables("Cells", results["cells"]),
        tables.table(
            "Periods",
            ["What", "Value"],
            [
                ["Length", results["periods"]["length"]],
                ["Number", number(len(results["periods"]["start"]))],
                ["Periods after each cut-off", number(results["periods_per_origin"])],
                ["Lead from each cut-off to its first period", results["lead"] or "none"],
                ["Cut-offs", "; ".join(day(cutoff) for cutoff in results["data_cutoffs"])],
            ],
        ),
    ]
    for forecaster in results["forecasters"]:
        about = {
            "kind": forecaster["kind"],
            "package": f"{forecaster['package']} {forecaster['version']}",
            "description": forecaster["description"],
            "role": "the reference"
            if forecaster["is_reference"]
            else "compared with the reference",
        }
        name = f"Forecaster {forecaster['name']}"
        found.extend(facts.tables(name, about))
        given = {
            key: "none" if value is None else value
            for key, value in forecaster["parameters"].items()
        }
        found.extend(facts.tables(f"{name}: parameters", given))
    for category in results["categories"]:
        for forecast in category["forecasts"]:
            name = f"{forecast['forecaster']} for {category['name']}, as fitted at the last cut-off"
            found.extend(facts.tables(name, forecast["fitted"]))
    return found
