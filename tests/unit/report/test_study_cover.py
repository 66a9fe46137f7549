"""A study's cover is checked against slow oracles: its verdict, its map, its counts, its places."""

import dataclasses
import re
from collections import Counter
from itertools import combinations_with_replacement
from types import SimpleNamespace

import numpy as np
import pytest
from msgspec.structs import replace

from veedor.forecasts.expected_places import ExpectedZone
from veedor.report.comparison_cover import proof
from veedor.report.cover import Count, Proof
from veedor.report.document import rendered
from veedor.report.page import page
from veedor.report.study_cover import of_study, ranked
from veedor.report.words import study_cover as told
from veedor.report.words import verification_cover, words_in
from veedor.report.words.examination import ABSENT
from veedor.spacetime import Outlines
from veedor.study.results import Absent
from veedor.tasks import run
from veedor.verification.judging import ABOUT, BETTER, OPEN, SAME, UNDEFINED, WORSE

WORDS = words_in("en")
COMPARED = (BETTER, ABOUT, OPEN, WORSE)
STANDS = [
    stands
    for n in (1, 2, 3)
    for stands in combinations_with_replacement((*COMPARED, UNDEFINED, SAME, ABSENT), n)
]


@pytest.mark.parametrize("stands", STANDS, ids="-".join)
def test_a_verdict_is_never_stronger_than_its_categories(stands):
    tone, said = told.finding(WORDS, stands)
    found = Counter(stands)
    assert ("All" in said or "for all" in said) <= (len(found) == 1)
    assert ("About as good" in said) == (set(stands) == {ABOUT})
    assert said.startswith("Better") == bool(found[BETTER])
    assert (tone == "better") == (found[BETTER] > 0 and not found[WORSE])
    assert (tone == "worse") == (found[WORSE] > 0 and not found[BETTER])
    if len(found) > 1 and not found.keys() & {*COMPARED}:
        assert said == "Nothing could be compared with plain counting."
    if counted := re.match(r"Better than plain counting for (\d) of (\d) categories", said):
        parts = [int(n) for n in re.findall(r"for (\d)", said)]
        assert int(counted[2]) == len(stands) == sum(parts)
    tone, said = verification_cover.finding(WORDS, stands, "Vendor")
    assert said.startswith("Nothing could be compared") == (not found.keys() & {*COMPARED})
    if len(stands) > 1 and "could be" not in said:
        assert sum(map(int, re.findall(r"for (\d)", said))) == len(stands)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_named_first_is_denser_and_what_ties_is_named_together(seed):
    rng = np.random.default_rng(seed)
    density, area = rng.integers(0, 6, 40) / 7.0, rng.choice([0.25, 0.1], 40)
    place = ranked(density, area)
    for one in range(40):
        for other in range(40):
            if density[one] > density[other]:
                assert place[one] >= place[other]
            if density[one] == density[other]:
                assert place[one] == place[other]


@pytest.fixture(scope="module")
def drawn(made):
    results, maps = made.results(side=6, count=8)
    return results, maps, page(results, made.quality(), made.manifest(), maps, (), WORDS).cover


def test_the_map_counts_what_fell_in_the_shares_of_the_area_that_it_names(drawn):
    """Of 36 cells of one size no class is 5% or 15% of the area: each says what it is."""
    results, maps, cover = drawn
    category = results.categories[0].name
    expected = maps.means[category][of_study(results).chosen.name][-1]
    recorded = maps.observed[category][-1]
    first = [cell for cell in range(36) if (np.sum(expected > expected[cell]) + 0.5) / 36 < 0.2]
    share = WORDS.percent(len(first) / 36, 2)
    said = re.search(r"([\d,]+) of ([\d,]+) fell in the (\S+) of the area", cover.picture.drawing)
    assert said.groups() == (
        WORDS.number(int(recorded[first].sum())), WORDS.number(int(recorded.sum())), share,
    )  # fmt: skip
    classes = re.findall(r"(\S+)% of the area: (\d+) of (\d+)", cover.picture.drawing)[:4]
    assert sum(int(count) for _, count, _ in classes) == recorded.sum()
    assert sum(float(part) for part, _, _ in classes) == pytest.approx(100, abs=1)


def test_of_few_large_cells_the_map_names_no_class_without_ground(made):
    results, maps = made.results(side=2, count=8)
    drawing = page(results, made.quality(), made.manifest(), maps, (), WORDS).cover.picture.drawing
    said = re.findall(r"(\w+) (\S+)% of the area: (\d+) of (\d+)", drawing)
    expected = maps.means[results.categories[0].name][of_study(results).chosen.name][-1]
    assert len(np.unique(expected)) == 4
    assert {(name, share) for name, share, *_ in said} == {
        ("first", "25"), ("next", "25"), ("other", "50"),
    }  # fmt: skip
    first = int(maps.observed[results.categories[0].name][-1][expected.argmax()])
    assert f"{first} of {said[0][3]} fell in the 25% of the area named first" in drawing


def test_the_picture_says_whose_forecast_it_is_and_at_which_level_its_range(drawn):
    results, _, cover = drawn
    chosen = of_study(results).chosen.name
    series = {
        one.forecaster: one.by_period for one in results.categories[0].examination.forecasters
    }
    low, high = int(series[chosen].low[-1]), int(series[chosen].high[-1])
    assert cover.picture.about.endswith(
        f"; 95% range given beforehand: {WORDS.number(low)} to {WORDS.number(high)}."
    )
    assert "Forecast: Recent counting;" in cover.picture.about


def test_what_was_recorded_stands_on_the_map_in_the_middle_of_each_cell(drawn):
    """A dot for each cell with incidents, drawn twice (a light ring, and the dot), by size."""
    results, maps, cover = drawn
    recorded = maps.observed[results.categories[0].name][-1]
    dots = re.search(r'<g class="dots".*?</g>', cover.picture.drawing)[0]
    widths = {}
    for colour, width, path in re.findall(r'stroke="(.*?)" stroke-width="(\d+)" d="(.*?)"', dots):
        widths.setdefault(colour, {})[int(width)] = path.count("M")
    light, dark = widths["#fff"], widths["#1d2933"]
    assert sum(dark.values()) == sum(light.values()) == np.count_nonzero(recorded)
    assert [width - 8 for width in sorted(light)] == sorted(dark)
    first = min(dark)
    assert dark[first] == np.count_nonzero(recorded == recorded[recorded > 0].min())
    assert cover.picture.notes == (told.marked(WORDS),)


def test_the_map_names_its_category_and_leads_to_the_others(drawn, made):
    results, _, cover = drawn
    assert cover.picture.finding.startswith(f"{results.categories[0].name}, last period")
    assert cover.picture.more[0] == "All categories and periods: map below"
    whole = page(results, made.quality(), made.manifest(), drawn[1], (), WORDS)
    assert f'href="#{cover.picture.more[1]}"' in rendered(whole)
    assert f'id="{cover.picture.more[1]}"' in rendered(whole)
    alone = replace(results, categories=results.categories[:1])
    shown = page(alone, made.quality(), made.manifest(), drawn[1], (), WORDS).cover.picture
    assert shown.more[0] == "All periods: map below"
    assert shown.finding.startswith("Last period checked")


def test_zones_on_the_cover_have_intervals(drawn, made):
    results, maps, _ = drawn
    name = results.categories[0].name
    zone = ExpectedZone(category=name, zone="Norte", expected=9.5, low=4, high=17, recorded=12)
    other = replace(zone, category="none", zone="Sur")
    zones = Outlines(("Norte",), maps.polygons[:1])
    zoned = dataclasses.replace(maps, zones=zones, expected_zones=[other, zone])
    shown = page(results, made.quality(), made.manifest(), zoned, (), WORDS).cover
    assert shown.tables[0].rows == [["Norte", "9.5 (4 to 17)", "12"]]
    assert "95% range" in shown.tables[0].head[1]


def test_few_expected_are_not_rounded_to_none():
    assert told.last_period(WORDS, "", 0.42, 1, several=False).endswith("0.42 expected, 1 recorded")
    assert "1,234 expected" in told.last_period(WORDS, "", 1234.4, 1, several=False)


def test_a_proof_over_some_of_the_categories_says_over_how_many(drawn):
    results, _, _ = drawn
    compared = of_study(results)
    who = compared.chosen.name
    whole = proof(compared, who, WORDS)
    in_all = sum(one.examination.recorded.inside for one in compared.categories)
    assert whole.about.startswith(f"Of {WORDS.number(in_all)} recorded, how many")
    first, second = compared.categories
    places = replace(
        second.examination.places,
        captured=tuple(one for one in second.examination.places.captured if one.ranking != who),
    )
    lacking = SimpleNamespace(
        name=second.name, examination=replace(second.examination, places=places), absent=(who,)
    )
    some = proof(type(compared)((first, lacking), compared.kinds, compared.reference), who, WORDS)
    n = first.examination.recorded.inside
    assert some.about.startswith(f"Of {WORDS.number(n)} recorded in 1 of 2 categories, how many")
    assert [one.told.rpartition(" of ")[2] for one in some.counts] == [WORDS.number(n)] * 3


def without(results, *absent):
    """The same results, where some had too little data for the first category."""
    first, *others = results.categories
    examination = replace(
        first.examination,
        comparisons=tuple(
            row for row in first.examination.comparisons if row.forecaster not in absent
        ),
    )
    gone = tuple(
        Absent(forecaster=who, origins_absent=1, origins=8, reason="few") for who in absent
    )
    return replace(
        results, categories=(replace(first, examination=examination, absent=gone), *others)
    )


def test_best_of_counts_those_with_a_forecast_of_every_category(drawn):
    results = drawn[0]
    assert of_study(results).chosen.best_of == 2
    one = of_study(without(results, "Recency")).chosen
    assert (one.name, one.best_of) == ("Kernel", 1)
    assert of_study(without(results, "Recency", "Kernel")).chosen.best_of == 0


@pytest.mark.parametrize(
    ("absent", "names"),
    [((), ("Recency", "Recency")), (("Recency", "Kernel"), ("PriorCounts", "Recency"))],
)
def test_the_places_beside_the_map_are_of_the_same_forecast(drawn, monkeypatch, absent, names):
    results = without(drawn[0], *absent)
    categories = [one.name for one in results.categories]
    backtest = SimpleNamespace(
        plan=SimpleNamespace(
            categories=categories, forecasters=("PriorCounts", "Kernel", "Recency"), cells=None
        ),
        absences=lambda name, who: who in absent and name == categories[0],
        forecasts=lambda name, who: [who],
    )
    monkeypatch.setattr("veedor.forecasts.expected_places.most_expected", lambda who, *_: [who])
    outcomes = {name: SimpleNamespace(values=[None]) for name in categories}
    prepared = SimpleNamespace(gazetteer=None)
    assert tuple(run._expected(prepared, backtest, outcomes, results)) == names


@pytest.mark.parametrize(
    ("tone", "ours", "reference", "against"),
    [
        ("better", 0.2, 0.3, True),
        ("better", 0.3, 0.3, False),
        ("better", 0.4, 0.3, False),
        ("worse", 0.4, 0.3, True),
        ("worse", 0.2, 0.3, False),
        ("open", 0.2, 0.3, False),
        ("about", 0.4, 0.3, False),
    ],
)
def test_counts_that_go_the_other_way_than_the_verdict_are_said_to(tone, ours, reference, against):
    counts = tuple(Count(name, "", share) for name, share in (("a", ours), ("b", reference)))
    said = told.judged_otherwise(WORDS, "Why.", tone, Proof("", counts))
    assert said.startswith("Why.")
    assert ("these counts go the other way" in said) == against
    assert told.judged_otherwise(WORDS, "Why.", tone, None) == "Why."
