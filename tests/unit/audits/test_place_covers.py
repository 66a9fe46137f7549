"""Covers of the audits of places: their verdicts are those of the numbers, and their maps."""

import json

import numpy as np
import pytest

from veedor.audits.places.by_place import PlaceFigures, PlaceOutlines, column
from veedor.audits.places.feedback import Setting, audit_feedback, read_observed
from veedor.audits.places.reporting import (
    Questions,
    audit_reporting,
    read_counts,
    read_rates,
    write_places,
)
from veedor.audits.places.reporting.audit import Tally
from veedor.report.audit_feedback import feedback_document
from veedor.report.audit_reporting import reporting_document
from veedor.report.benchmark_cover import more_than_twice
from veedor.report.cover import side
from veedor.report.words import feedback_cover, reporting_cover, words_in
from veedor.report.words.feedback_cover import most_flagged, most_patrols, runs_away
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

from .conftest import feature, square, write_zones

PLACES = [f"p{n}" for n in range(8)]


@pytest.fixture
def reporting(tmp_path):
    counts, rates = tmp_path / "counts.csv", tmp_path / "rates.csv"
    rows = [f"{name},{count},{90},{40},{50}" for name, count in zip(
        PLACES, (400, 90, 80, 20, 10, 9, 8, 7), strict=True
    )]  # fmt: skip
    counts.write_text("place,count,population,a,b\n" + "\n".join(rows) + "\n", encoding="utf-8")
    rates.write_text("category,low,high\nall,0.4,0.6\n", encoding="utf-8")
    asked = Questions(top=2, groups={"a": "a", "b": "b"}, reference="b")
    return audit_reporting(read_counts(counts), read_rates(rates), asked)


@pytest.fixture
def outlines(tmp_path):
    features = [feature(name, square(n, 0)) for n, name in enumerate(PLACES[:7])]
    return PlaceOutlines.read(write_zones(tmp_path / "z.geojson", features), "id", PLACES)


def test_a_reporting_cover_counts_the_flags_and_draws_them(reporting, outlines, tmp_path):
    audit, outcomes = reporting
    page = reporting_document(audit, outlines=outlines)
    tally = audit.labels["own"].flagged
    assert page.cover.finding.startswith(f"{tally.robust} of 2 flagged places stay flagged")
    assert [count.told for count in page.cover.proof.counts] == [
        f"{n} of 2" for n in (tally.robust, tally.fragile, tally.undetermined)
    ]
    assert sum(count.share for count in page.cover.proof.counts) == 1.0
    assert "<svg" in page.cover.picture.drawing
    assert len(page.sections[0].figures) == 1, "the cover has the map"
    (places,) = [one for one in page.sections if one.anchor == "places"]
    assert any("1 place of 8 has no outline in z.geojson" in one for one in places.sentences)
    assert len(places.tables[0].rows) == len(PLACES)
    assert places.tables[0].rows[0][0] == "p0", "those with most first"
    # The table that a person can keep is as it was.
    write_places(outcomes, tmp_path / "places.csv")
    head = (tmp_path / "places.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == "place,flagged,label_shared,label_own,recorded,true_low,true_high"


def test_without_outlines_the_picture_is_the_chart(reporting):
    page = reporting_document(reporting[0])
    assert "labels" in page.cover.picture.drawing
    assert not page.sections[0].figures, "the cover has the chart"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.01, 2.0, "more"),
        (1.0, 2.0, "open"),
        (0.5, 1.0, "open"),
        (0.5, 0.99, "less"),
        (None, None, "open"),
    ],
)
def test_more_and_less_need_an_interval_beyond_one(low, high, expected):
    assert side(low, high) == expected


def test_a_feedback_cover_is_of_the_real_record_and_counts_its_places(tmp_path, outlines):
    rng = np.random.default_rng(3)
    rows = ["period,place,reported,discovered,flagged"]
    for period in range(9):
        for name in PLACES:
            flagged = int(rng.random() < 0.4)
            rows.append(f"{period},{name},{rng.integers(2, 9)},{1 + 6 * flagged},{flagged}")
    path = tmp_path / "observed.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    observed = read_observed(path)
    audit = audit_feedback(None, None, Setting(), observed=observed)
    (figures,) = audit.by_place
    assert figures.column("periods_flagged").value == tuple(
        observed.flagged.sum(axis=0).astype(float).tolist()
    )
    page = feedback_document(audit, outlines=outlines)
    assert page.cover.tone == "more"
    assert page.cover.finding.startswith("Where it flagged, police found")
    often = observed.flagged.sum(axis=0)
    most = [name for name, n in zip(observed.place, often, strict=True) if n == often.max()]
    assert page.cover.picture.finding.startswith("Flagged most often: ")
    assert all(name in page.cover.picture.finding for name in most)
    assert page.cover.picture.finding.endswith(f"in {often.max()} of 9 periods")
    assert page.cover.matrix.finding.startswith("2 of 2 comparisons show that more is found")
    assert "values-map" in page.cover.picture.drawing
    assert page.sections[-1].anchor == "places-observed"
    assert not page.sections[-1].figures, "the cover has the map"
    kept = json.dumps([len(row) for row in page.sections[-1].tables[0].rows])
    assert kept == json.dumps([4] * len(PLACES))


def test_a_simulation_in_which_nothing_runs_away_is_not_said_to():
    words = words_in("en")
    runs = Denominator("runs")
    for value, told in (
        (0.0, "In a simulated city, none of 40 runs runs away: that is no proof that none would"),
        (0.25, "In a simulated city, 10 of 40 runs run away: patrols follow themselves"),
        (None, "Whether a simulated city runs away cannot be told from these runs"),
    ):
        away = Estimate(value, None, None, 0.95, Method("none_counted"), 40, runs)
        assert feedback_cover.ran(words, away) == told


def test_what_is_undefined_is_no_ratio_and_no_flag_is_no_share():
    words = words_in("en")
    assert feedback_cover.found(words, "none", "undefined", "") == (
        "Whether flags go with more discoveries cannot be told from this record"
    )
    nothing = Tally(0, 0, 0)
    assert reporting_cover.finding(words, nothing, 0).startswith("No place is flagged")


def test_zones_that_a_rule_gives_nothing_have_more_than_twice_as_many():
    zones, of = ("a", "b", "c", "d"), Denominator("predictions")
    made = tuple(
        column(name, values, of)
        for name, values in (
            ("predictions", [5.0, 4.0, 5.0, 0.0]), ("by_rule_uniform", [0.0, 2.0, 2.0, 0.0]),
        )
    )  # fmt: skip
    assert more_than_twice(PlaceFigures("", zones, made), "uniform") == 2


def test_a_map_is_headed_by_what_it_shows_where_many_places_are_alike_or_none_is_flagged():
    words = words_in("en")
    assert most_flagged(words, PLACES, 3, 9) == (
        "8 places were flagged most often: in 3 of 9 periods"
    )
    assert most_flagged(words, PLACES, 0, 9) == "No place was flagged in 9 periods"
    assert most_patrols(words, ["p0"], "40%") == "Most patrols end here: p0, 40%"
    assert runs_away(words, [0.6, 0.1, None, 0.2]) == (
        "Of the runs, 60% run away as it is, 10% with the remedy that leaves fewest"
    )
    assert runs_away(words, [0.6]) == "Of the runs, 60% run away"
