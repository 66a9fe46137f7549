"""Tables of places that cannot be are refused, with the zones and what they hold."""

import json

import numpy as np
import pytest
from msgspec.structs import replace

from veedor.audits.places import (
    ExposureSettings,
    audit_exposure,
    make_groups,
    read_predictions,
    read_record,
    read_zones,
)
from veedor.audits.places.box_spacing import box_spacing
from veedor.errors import ConflictingRowsError, DataError, StudyError, UnreadableError
from veedor.report.audit_exposure import exposure_document
from veedor.report.words import words_in

from .conftest import STEP_LAT, STEP_LON, boxes_in, middle, town, write_boxes, write_zones

GROUPS = make_groups(["white", "black"], "population", "white")


def read(tmp_path, features, groups=GROUPS):
    return read_zones(write_zones(tmp_path / "z.geojson", features), groups,
                      population="population")  # fmt: skip


def changed(**properties):
    features = town(4, 3)
    features[2]["properties"].update(properties)
    return features


def test_groups_that_sum_to_more_than_the_zone_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"1 zones in which .*: 1100 of 1000 in 0600100002"):
        read(tmp_path, changed(population=1000, white=600, black=500))
    read(tmp_path, changed(population=1000, white=600.2, black=400.1))


def test_groups_that_overlap_may_sum_to_more(tmp_path):
    groups = make_groups(["white"], "population", "white", ["poor=poor/population:rest"])
    read(tmp_path, changed(population=1000, white=800, poor=700), groups)


@pytest.mark.parametrize(
    ("properties", "match"),
    [
        ({"black": -3}, "'-3'"),
        ({"black": "x"}, "'x'"),
        ({"black": True}, "'True'"),
        ({"population": 100, "black": 200, "white": 0}, "200 of 100 in 0600100002"),
        ({"Black": 3}, "more than case"),
    ],
)
def test_what_a_zone_holds_is_said(tmp_path, properties, match):
    with pytest.raises(DataError, match=match):
        read(tmp_path, changed(**properties))


def test_counts_that_are_text_are_read_as_their_column_writes_them(tmp_path):
    features = town(4, 3)
    for number, one in enumerate(features):
        one["properties"].update(population="12.345", white="1.250", black=str(number))
    zones = read(tmp_path, features)
    assert zones.population[0] == 12345.0
    assert zones.members[0][0] == 1250.0
    features[0]["properties"].update(population="10.000")
    for one in features[1:]:
        one["properties"].update(population="20.000")
    with pytest.raises(UnreadableError, match="population"):
        read(tmp_path, features)


def test_a_zone_given_twice_says_what_differs(tmp_path):
    features = town(4, 3)
    features.append(json.loads(json.dumps(features[1])))
    features[-1]["properties"]["white"] += 1
    with pytest.raises(ConflictingRowsError, match=r"white \d+ and \d+"):
        read(tmp_path, features)


@pytest.mark.parametrize("names", [["white", "White"], ["white", "white "]])
def test_groups_whose_names_are_the_same_but_for_case_are_refused(names):
    with pytest.raises(StudyError, match="name of its own"):
        make_groups(names, "population", "white")


def test_negative_counts_name_their_rows(tmp_path):
    path = write_boxes(tmp_path / "b.csv", [(1.0, 2.0, 3), (1.0, 2.0, -4)])
    with pytest.raises(DataError, match=r"'-4'.*row 2"):
        read_predictions(path)
    with pytest.raises(DataError, match=r"'-4'.*row 2"):
        read_record(path)


@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize("grids", [1, 6])
def test_spacing_is_found_through_grids_over_one_another(grids, rotated):
    rng = np.random.default_rng(0)
    made = []
    for _ in range(grids):
        x, y = (150.0 * v.ravel() for v in np.meshgrid(np.arange(40.0), np.arange(40.0)))
        kept = rng.random(len(x)) < 0.2
        made.append(np.column_stack([x, y])[kept] + rng.uniform(0, 150, 2))
    x, y = np.vstack(made).T
    if rotated:
        x, y = 0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y
    found = box_spacing(x, y)
    assert found is None if rotated else found == pytest.approx(150.0, rel=0.03)
    assert box_spacing(*rng.uniform(0, 5000, (2, 600))) is None


def audited(tmp_path, rows, **options):
    features = town(8, 5)
    boxes = read_predictions(write_boxes(tmp_path / "b.csv", rows(features)), **options)
    return audit_exposure(read(tmp_path, features), boxes, ExposureSettings(replicates=100))


@pytest.mark.parametrize(("side", "words"), [(500.0, "feet"), (300.0, "over one"), (99.0, "leave")])
def test_a_side_that_is_not_how_far_boxes_stand_apart_is_told(tmp_path, side, words):
    def grid(features):
        west, south = middle(features[0])
        return [
            (west + i * 152.4 / 1000 * STEP_LON, south + j * 152.4 / 1000 * STEP_LAT, 1 + i % 3)
            for i in range(20)
            for j in range(20)
        ]

    def told(size):
        found = audited(tmp_path, grid, box_m=size).warnings
        return [words_in("en").of(w.finding) for w in found if "box_m" in w.arguments]

    assert told(152.4) == []
    (message,) = told(side)
    assert words in message
    assert "152 m" in message or "153 m" in message


def test_a_page_says_that_nothing_was_warned_of_and_what_cannot_be_told(tmp_path):
    audit = audited(tmp_path, boxes_in)
    page = exposure_document(audit)
    (warned,) = [one for one in page.sections if one.anchor == "warnings"]
    assert warned.sentences or warned.points
    alone = tuple(replace(verdict, answer="cannot_tell") for verdict in audit.verdicts)
    told = exposure_document(replace(audit, verdicts=alone)).plain.points[0]
    # An interval beside it may leave 1 out: the answer is against what is expected.
    assert told.endswith("More or less than expected, beyond chance: that cannot be told.")
    (ratios,) = [s for s in page.sections if s.title.startswith("Groups beside their reference")]
    assert "only where two intervals agree" in ratios.sentences[1]
    mixed = tuple(
        replace(verdict, answer=answer)
        for verdict, answer in zip(audit.verdicts, ("more", "cannot_tell", "less"), strict=True)
    )
    told = exposure_document(replace(audit, verdicts=mixed)).plain.points[0]
    assert "More exposed per 1,000 members, less exposed per km²" in told
