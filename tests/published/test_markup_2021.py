"""What The Markup published in 2021 about PredPol's predictions, from the same files.

Figures: https://github.com/the-markup/investigation-prediction-bias (BSD-3), files named in
markup_2021.csv. See docs/audits/markup-2021.md for what agrees, what cannot, and why.
"""

import csv
from pathlib import Path

import pytest

from veedor.audits.places import (
    ExposureSettings,
    audit_exposure,
    make_groups,
    read_predictions,
    read_zones,
)

pytestmark = pytest.mark.shared_data

RACES = ["white", "black", "latino", "asian"]
GROUPS = make_groups(
    RACES, "population", "white", ["hh_lt45k=households_lt45k/households:hh_ge45k"]
)


def published():
    path = Path(__file__).parent / "markup_2021.csv"
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return {(r["department"], r["group"], r["statistic"]): float(r["value"]) for r in rows}


PUBLISHED = published()


def audited(folder, assignment, ties):
    """Values by group and statistic."""
    zones = read_zones(
        folder / "zones.geojson.gz", GROUPS, population="population", stored_count="markup_count"
    )
    predictions = read_predictions(folder / "predictions.csv.gz", box_m=152.4)
    settings = ExposureSettings(assignments=(assignment,), ties=ties, replicates=100)
    done = audit_exposure(zones, predictions, settings)
    return {(f.subject.group, f.statistic): f.estimate.value for f in done.statements}


@pytest.mark.parametrize(
    ("department", "assignment", "ties", "within"),
    [
        ("jacksonvilletx", "centre", "average", 1e-9),
        ("jacksonvilletx", "centre", "published", 1e-9),
        ("tacoma", "stored", "published", 0.001),
        ("elgin", "centre", "average", 0.02),
        ("elmonte", "centre", "average", 0.02),
        ("la", "centre", "average", 0.02),
        ("jeffcomacc", "centre", "published", 0.02),
        ("piscataway", "centre", "published", 0.02),
    ],
)
def test_correlations(shared_data, department, assignment, ties, within):
    found = audited(shared_data / "predpol" / department, assignment, ties)
    groups = RACES if department == "piscataway" else [*RACES, "hh_lt45k"]
    for group in groups:
        expected = PUBLISHED[department, group, "spearman_share_vs_count"]
        assert found[group, "spearman_share_vs_count"] == pytest.approx(expected, abs=within), group


def test_the_decile_table_to_all_digits_where_no_bin_is_empty(shared_data):
    found = audited(shared_data / "predpol" / "jacksonvilletx", "centre", "published")
    for group in [*RACES, "hh_lt45k"]:
        for number in range(1, 11):
            name = f"share_in_count_decile_{number:02d}"
            assert found[group, name] == pytest.approx(PUBLISHED["jacksonvilletx", group, name])


def test_half_the_predictions_without_zones_are_warned_of(shared_data):
    folder = shared_data / "predpol" / "cpso"
    zones = read_zones(folder / "zones.geojson.gz", GROUPS, population="population")
    boxes = read_predictions(folder / "predictions.csv.gz", box_m=152.4)
    settings = ExposureSettings(assignments=("centre",), replicates=100)
    done = audit_exposure(zones, boxes, settings)
    assert "few_matched" in {warning.code for warning in done.warnings}


def test_zones_that_two_departments_share_are_named(shared_data):
    zones, other = (
        read_zones(
            shared_data / "predpol" / name / "zones.geojson.gz", GROUPS, population="population"
        )
        for name in ("homewood", "jeffcomacc")
    )
    settings = ExposureSettings(assignments=("centre",), replicates=100)
    boxes = read_predictions(shared_data / "predpol" / "homewood" / "predictions.csv.gz")
    done = audit_exposure(zones, boxes, settings, [other])
    assert "zones_shared" in {warning.code for warning in done.warnings}
