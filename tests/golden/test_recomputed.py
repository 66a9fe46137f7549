"""The leading numbers of the commands, computed again from the town's files with plain numpy."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from pyproj import Transformer
from scipy import optimize, stats
from shapely import Polygon, points
from tests.golden import town
from tests.golden.finding import Files, Found

CATEGORIES = ("robbery", "theft")
LAST = (town.KNOWN_WEEKS - town.ORIGINS, town.KNOWN_WEEKS)
OTHERS = [name for name in town.FORECASTERS if name != "PriorCounts"]


@pytest.fixture(scope="session")
def found(documents) -> Found:
    return Found(documents)


@pytest.fixture(scope="session")
def files(folder, documents) -> Files:
    return Files(folder)


def close(value):
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def pmf(mean, dispersion, n):
    """Probability of a negative binomial count of variance mean + dispersion mean^2."""
    size = 1.0 / np.maximum(dispersion, 1e-300)
    return np.where(
        dispersion > 1e-12,
        stats.nbinom.pmf(n, size, 1.0 / (1.0 + dispersion * mean)),
        stats.poisson.pmf(n, mean),
    )


def flagged(mean, area, fraction):
    """Share of each cell in the flagged ground: densest first, the last in part, ties alike."""
    density, left = mean / area, fraction * area.sum()
    share = np.zeros(len(mean))
    for level in sorted(set(density), reverse=True):
        tied = np.isclose(density, level, rtol=1e-9)
        if share[tied].any():
            continue
        share[tied] = min(1.0, max(left, 0.0) / area[tied].sum())
        left -= area[tied].sum()
    return share


def hits(mean, seen, area, fraction):
    return np.array([
        flagged(one, area, fraction) @ n for one, n in zip(mean, seen, strict=True)
    ])  # fmt: skip


def interval(top, below, seed):
    """Expanded percentile interval of a ratio of sums over weeks."""
    weeks = len(top)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(weeks, np.full(weeks, 1.0 / weeks), size=4000)
    ratio = (drawn @ top) / (drawn @ below)
    tail = stats.norm.cdf(-stats.t.ppf(0.975, weeks - 1) * np.sqrt(weeks / (weeks - 1)))
    return np.quantile(ratio, [tail, 1.0 - tail])


def worth_of_weeks(top, below):
    """Independent weeks that these are worth, and how many times as wide their interval is."""
    weeks = len(top)
    left = top - top.sum() / below.sum() * below
    like = sum(a * b for a, b in pairwise(left)) / (left**2).sum()
    rho = max((weeks * like + 1.0) / (weeks - 3.0), 0.0)
    worth = max(weeks * (1.0 - rho) / (1.0 + rho), 3.0)
    by_t = stats.t.ppf(0.975, worth - 1.0) / stats.t.ppf(0.975, weeks - 1.0)
    return worth, np.sqrt(weeks / worth) * by_t


@pytest.mark.parametrize("category", CATEGORIES)
def test_counts_are_those_of_the_table(found, files, category):
    seen, nowhere, outside = files.counts(category, *LAST)
    assert found.observed(category) == seen.sum(axis=1).tolist()
    counted = found.counted(category)
    assert (counted["inside"], counted["unlocated"], counted["outside"]) == (
        seen.sum(), nowhere, outside,
    )  # fmt: skip
    assert nowhere + outside > 0


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("forecaster", town.FORECASTERS)
def test_scores_are_means_over_all_cells_and_weeks(found, files, category, forecaster):
    seen, _, _ = files.counts(category, *LAST)
    mean, dispersion, _ = files.forecasts(category, forecaster)
    at = np.arange(400)[:, None, None]
    cdf = pmf(mean, dispersion, at).cumsum(axis=0)
    none = pmf(mean, dispersion, 0)
    expected = {
        "log_score": -np.log(pmf(mean, dispersion, seen)),
        "poisson_deviance": 2.0
        * (np.where(seen > 0, seen * np.log(np.maximum(seen, 1) / mean), 0.0) - (seen - mean)),
        "crps": ((cdf - (at >= seen)) ** 2).sum(axis=0),
        "brier": (1.0 - none - (seen > 0)) ** 2,
    }
    for name, each in expected.items():
        estimate = found.score(category, forecaster, name)
        assert estimate["value"] == pytest.approx(each.mean(), rel=1e-7), name
        assert estimate["n"] == seen.size
        ends = interval(each.sum(axis=1), np.full(len(seen), seen.shape[1]), seed=3)
        assert (estimate["low"], estimate["high"]) == pytest.approx(ends, rel=1e-7), name


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("forecaster", OTHERS)
def test_gain_is_the_log_of_how_much_more_probable_per_incident(found, files, category, forecaster):
    seen, _, _ = files.counts(category, *LAST)
    logs = [
        np.log(pmf(mean, dispersion, seen)).sum(axis=1)
        for mean, dispersion, _ in (
            files.forecasts(category, forecaster), files.forecasts(category, "PriorCounts")
        )
    ]  # fmt: skip
    estimate, incidents = found.gain(category, forecaster), seen.sum(axis=1)
    assert estimate["value"] == close((logs[0] - logs[1]).sum() / incidents.sum())
    assert (estimate["weeks_low"], estimate["weeks_high"]) == close(
        interval(logs[0] - logs[1], incidents, seed=3)
    )
    assert estimate["low"] <= estimate["weeks_low"] <= estimate["weeks_high"] <= estimate["high"]
    worth, wide = worth_of_weeks(logs[0] - logs[1], incidents)
    assert estimate["dependence"]["effective"] == close(worth)
    by_weeks = estimate["value"] + wide * (
        np.array([estimate["weeks_low"], estimate["weeks_high"]]) - estimate["value"]
    )
    by_chance = estimate["value"] + stats.norm.ppf(0.975) * np.array(
        [-estimate["error_if_reference"], estimate["error_if_forecast"]]
    )
    assert estimate["low"] == close(min(by_weeks[0], by_chance[0]))
    assert estimate["high"] == close(max(by_weeks[1], by_chance[1]))


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("fraction", [0.01, 0.05, 0.2])
def test_places_captured(found, files, category, fraction):
    seen, _, _ = files.counts(category, *LAST)
    total = seen.sum()
    most = hits(seen.astype(float), seen, files.area, fraction)
    for forecaster in town.FORECASTERS:
        mean, _, _ = files.forecasts(category, forecaster)
        mine = hits(mean, seen, files.area, fraction)
        row = found.captured(category, forecaster, fraction)
        assert row["capture_rate"]["value"] == pytest.approx(mine.sum() / total, rel=1e-6)
        assert row["pai"]["value"] == pytest.approx(mine.sum() / total / fraction, rel=1e-6)
        assert row["pei"]["value"] == pytest.approx(mine.sum() / most.sum(), rel=1e-6)
        ends = interval(mine, seen.sum(axis=1), seed=3)
        assert (row["pai"]["low"], row["pai"]["high"]) == pytest.approx(ends / fraction, rel=1e-6)
    chance = found.captured(category, "chance", fraction)
    assert (chance["capture_rate"]["value"], chance["pai"]["value"]) == close((fraction, 1.0))
    oracle = found.captured(category, "oracle", fraction)
    assert oracle["capture_rate"]["value"] == pytest.approx(most.sum() / total, rel=1e-6)
    assert oracle["pai"]["value"] == pytest.approx(most.sum() / total / fraction, rel=1e-6)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("forecaster", town.FORECASTERS)
def test_totals_have_their_95_percent_interval(found, files, category, forecaster):
    mean, _, of_total = files.forecasts(category, forecaster)
    total, told = mean.sum(axis=1), found.totals(category, forecaster)
    assert told["expected"] == close(total)
    counts = np.arange(400)[:, None]
    for name, level in (("low", 0.025), ("high", 0.975)):
        reached = pmf(total, of_total, counts).cumsum(axis=0) >= level
        assert told[name] == reached.argmax(axis=0).tolist()


def test_reliability_bins_hold_every_cell_and_incident(found, files):
    seen, _, _ = files.counts("robbery", *LAST)
    mean, _, _ = files.forecasts("robbery", "Kernel")
    rows = found.reliability("robbery", "Kernel")
    assert sum(row["observed"]["n"] for row in rows) == seen.size
    assert sum(row["observed"]["n"] * row["expected"] for row in rows) == close(mean.sum())
    assert sum(row["observed"]["n"] * row["observed"]["value"] for row in rows) == close(seen.sum())
    assert all(one["expected"] < other["expected"] for one, other in pairwise(rows))


@pytest.mark.parametrize("forecaster", town.FORECASTERS)
def test_the_number_test_is_that_of_the_sum_of_all_weeks(found, files, forecaster):
    seen, _, _ = files.counts("robbery", *LAST)
    mean, _, of_total = files.forecasts("robbery", forecaster)
    whole = np.ones(1)
    for week, dispersion in zip(mean.sum(axis=1), of_total, strict=True):
        whole = np.convolve(whole, pmf(week, dispersion, np.arange(300)))
    told = found.number_test("robbery", forecaster)
    at_least, at_most = whole[seen.sum() :].sum(), whole[: seen.sum() + 1].sum()
    assert (told["delta1"], told["delta2"]) == pytest.approx((at_least, at_most), rel=1e-8)
    assert told["result"]["p_value"] == pytest.approx(2 * min(at_least, at_most), rel=1e-8)


@pytest.mark.parametrize("forecaster", town.FORECASTERS)
def test_the_area_under_what_is_captured(found, files, forecaster):
    seen, _, _ = files.counts("robbery", *LAST)
    mean, _, _ = files.forecasts("robbery", forecaster)
    at = np.linspace(0.0, 1.0, 401)
    curve = [hits(mean, seen, files.area, fraction).sum() / seen.sum() for fraction in at]
    told = found.area_under("robbery", forecaster)
    assert told["value"] == pytest.approx(np.trapezoid(curve, at), abs=2e-4)
    assert found.area_under("robbery", "chance")["value"] == close(0.5)
    assert told["low"] < told["value"] < told["high"]


@pytest.mark.parametrize("forecaster", OTHERS)
def test_evidence_of_either_side_bets_on_its_own_gains(found, forecaster):
    row = found.comparison("robbery", forecaster)
    bets = 0.9 * 2.0 ** -np.arange(12.0)
    weights = 1.0 / ((np.arange(12.0) + 1.0) * (np.arange(12.0) + 2.0))
    won = {"better": np.ones(12), "worse": np.ones(12)}
    for week, gain in enumerate(row["by_period"]["gain"]):
        evidence = np.exp(row["e_process"]["better"]["log_e"][week])

        def beyond(scaled, before=won["better"], evidence=evidence):
            return weights @ (before * (1.0 + bets * scaled)) / weights.sum() - evidence

        scaled = optimize.brentq(beyond, -1.0 - 1e-9, 1.0 + 1e-9)  # the gain by its bound
        assert np.sign(scaled) == np.sign(gain)
        won["better"] *= 1.0 + bets * scaled
        won["worse"] *= 1.0 - bets * scaled
        expected = np.log(weights @ won["worse"] / weights.sum())
        assert row["e_process"]["worse"]["log_e"][week] == pytest.approx(expected, abs=1e-8)


def test_promises_are_scored_by_what_was_recorded_after(found, files, documents):
    last = (town.KNOWN_WEEKS, town.WEEKS)
    for category in CATEGORIES:
        seen, _, _ = files.counts(category, *last)
        made = {}
        for forecaster in town.FORECASTERS:
            columns = found.next_forecast(category, forecaster)
            assert columns["cell_id"] == files.cell_id * len(seen)
            made[forecaster] = [
                np.reshape(columns[name], seen.shape) for name in ("mean", "dispersion")
            ]
        logs = {name: np.log(pmf(*one, seen)) for name, one in made.items()}
        for forecaster in town.FORECASTERS:
            told = found.sealed(category, forecaster)
            assert told["incidents"] == seen.sum()
            assert told["scores"]["log_score"]["value"] == close(-logs[forecaster].mean())
            for row in told["capture_rate"]:
                mine = hits(made[forecaster][0], seen, files.area, row["area_fraction"])
                rate = row["capture_rate"]["value"]
                assert rate == pytest.approx(mine.sum() / seen.sum(), rel=1e-6)
            if forecaster != "PriorCounts":
                gain = (logs[forecaster] - logs["PriorCounts"]).sum() / seen.sum()
                assert told["information_gain"]["gain"]["value"] == close(gain)


@pytest.mark.parametrize("forecaster", town.FORECASTERS)
def test_score_says_of_promises_what_verify_forecast_says_of_the_same_files(found, forecaster):
    sealed, verified = found.sealed("robbery", forecaster), found.verified("robbery", forecaster)
    both = dict(sealed["scores"])
    for row in sealed["capture_rate"]:
        both[f"captured {row['area_fraction']}"] = row["capture_rate"]
    if forecaster != "PriorCounts":
        both["gain"] = sealed["information_gain"]["gain"]
    assert set(both) == set(verified)
    for name, estimate in both.items():
        assert estimate["value"] == close(verified[name]["value"]), name
        assert estimate["n"] == verified[name]["n"], name


def test_the_past_mean_is_the_mean_of_the_past(found, files):
    until_sunday = [
        row
        for row in files.rows("incidents.csv")
        if row["category"] == "robbery" and row["occurred_at"] < "2024-06-30" and row["lat"]
    ]
    columns = found.next_forecast("robbery", "PastMean")
    weekly = np.reshape(columns["mean"], (town.WEEKS - town.KNOWN_WEEKS, -1)).sum(axis=1)
    assert np.ptp(weekly) == pytest.approx(0.0, abs=1e-9)
    whole = len(until_sunday) / 181.0 * 7.0
    assert 0.9 * whole < weekly[0] < whole  # some were recorded outside


def test_quality_counts_every_row(found, files):
    rows = files.rows("incidents.csv")
    assert found.quality("rows")["in"] == found.quality("rows")["kept"] == len(rows)
    nowhere = sum(not row["lat"] for row in rows)
    assert found.quality("places")["located"] == {
        "numerator": len(rows) - nowhere, "denominator": len(rows),
        "share": 1.0 - nowhere / len(rows),
    }  # fmt: skip
    january = sum(row["occurred_at"].startswith("2024-01") for row in rows)
    assert found.quality("months")["total"][0] == january


def test_half_of_the_incidents_are_held_by_so_many_cells(found, files):
    seen = files.counts("robbery", 0, town.KNOWN_WEEKS)[0].sum(axis=0)
    whole = found.concentration("robbery")
    assert whole["incidents"] == seen.sum()
    ordered = np.sort(seen)[::-1]
    for share in ("0.25", "0.5"):
        wanted = float(share) * seen.sum()
        full = int(np.searchsorted(ordered.cumsum(), wanted))
        part = (wanted - ordered[:full].sum()) / ordered[full]
        assert whole["holding"][share]["value"] == close((full + part) / len(seen))
    gaps = np.abs(np.subtract.outer(seen, seen)).sum()
    assert whole["gini"]["value"] == close(gaps / (2.0 * len(seen) * seen.sum()))


def test_near_pairs_are_those_within_both_bands(found, files):
    rows = [
        row
        for row in files.rows("incidents.csv")
        if row["category"] == "robbery" and row["lat"] and row["occurred_at"] < "2024-07-01"
    ]
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:32721", always_xy=True)
    x, y = to_metres.transform(*np.array([[float(r["lon"]), float(r["lat"])] for r in rows]).T)
    day = np.array([row["occurred_at"][:10] for row in rows], dtype="datetime64[D]").astype(int)
    one, other = np.triu_indices(len(rows), 1)
    far = np.hypot(x[one] - x[other], y[one] - y[other])
    late = np.abs(day[one] - day[other])
    told = found.near_repeats("robbery")
    assert told["incidents"] == len(rows)
    for band, (inner, outer) in enumerate(((1.0, 200.0), (200.0, 400.0)), start=1):
        near = (far > inner) & (far <= outer)
        expected = [
            (near & (late == 0)).sum(),
            (near & (late > 0) & (late <= 7)).sum(),
            (near & (late > 7) & (late <= 14)).sum(),
        ]
        assert told["observed"][band] == expected


def test_exposure_by_who_lives_where_the_boxes_lie(found, files):
    zones = json.loads((files.town / "zones.geojson").read_text(encoding="utf-8"))["features"]
    boxes = np.array([[float(v) for v in row.values()] for row in files.rows("boxes.csv")])
    rings = np.array([zone["geometry"]["coordinates"][0] for zone in zones])
    west, south = rings.min(axis=1).T[:, :, None]
    east, north = rings.max(axis=1).T[:, :, None]
    lat, lon, count = boxes.T
    inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    # Zones lean a little in degrees: a box in two is where only one outline holds it.
    assert (inside.sum(axis=0) >= 1).all()
    holds = np.array([Polygon(ring).contains(points(lon, lat)) for ring in rings])
    assert holds.sum(axis=0).tolist() == [1] * len(boxes)
    looked = holds @ count
    people = {
        name: np.array([zone["properties"][name] for zone in zones], dtype=float)
        for name in ("residents", "tenants", "owners")
    }
    rate = {
        name: 1000.0 * (looked / people["residents"] * people[name]).sum() / people[name].sum()
        for name in ("tenants", "owners")
    }
    for name, value in rate.items():
        told = found.figure("exposure", "centre", name, "exposure_per_1000")
        assert told["value"] == close(value)
        assert told["n"] == people[name].sum()
    ratio = found.figure("exposure", "centre", "tenants", "ratio_per_1000")
    assert ratio["value"] == close(rate["tenants"] / rate["owners"])
    total = found.figure("exposure", "centre", "all", "predictions_total")
    assert total["value"] == count.sum()


def test_what_may_have_happened_is_what_was_recorded_by_the_rates(found, files):
    rows = files.rows("counts.csv")
    for category, low, high in (("robbery", 0.5, 0.7), ("theft", 0.25, 0.4)):
        recorded = sum(int(row["count"]) for row in rows if row["category"] == category)
        told = found.figure("reporting", "shared", category, "true_count_bounds")
        assert (told["n"], told["low"], told["high"]) == close(
            (recorded, recorded / high, recorded / low)
        )
    pair = dict.fromkeys(("p01", "p10"), 0)
    for row in rows:
        if row["place"] in pair:
            pair[row["place"]] += int(row["count"])
    told = found.figure("reporting", "own", "p01 / p10", "break_even_ratio")
    assert told["value"] == close(pair["p01"] / pair["p10"])


def test_flags_that_stay_are_counted(found, files):
    rows = files.rows("observed.csv")
    shape = (10, 20)
    reported, discovered, is_flagged = (
        np.reshape([int(row[name]) for row in rows], shape)
        for name in ("reported", "discovered", "flagged")
    )
    again = is_flagged[2:][is_flagged[1:-1] == 1]  # before the first period no report ranks
    told = found.figure("feedback", "observed", "all", "flags_persistence")
    assert (told["n"], told["value"]) == close((len(again), again.mean()))
    ratio = found.figure(
        "feedback", "observed", "all", "discovered_per_reported_ratio_within_period"
    )
    top = below = 0.0
    for row in range(len(reported)):
        at = is_flagged[row] == 1
        weight = discovered[row].sum() + reported[row].sum()
        top += discovered[row, at].sum() * reported[row, ~at].sum() / weight
        below += discovered[row, ~at].sum() * reported[row, at].sum() / weight
    assert ratio["value"] == pytest.approx(top / below, rel=0.05)  # Mantel and Haenszel's, nearly
    assert ratio["low"] < ratio["value"] < ratio["high"]


def test_rates_of_alerts_have_wilsons_intervals(found, files):
    rows = files.rows("decisions.csv")
    score = np.array([float(row["score"]) for row in rows])
    outcome = np.array([row["outcome"] == "1" for row in rows])
    side = np.array([row["group_side"] for row in rows])
    alert = score >= 0.5
    assert (score == 0.5).any() or (np.abs(score - 0.5) < 0.01).any()
    for group in ("ALL", "a", "b"):
        mine = np.ones(len(rows), dtype=bool) if group == "ALL" else side == group
        rates = {
            "alert_rate": (alert, mine), "tpr": (alert, mine & outcome),
            "fpr": (alert, mine & ~outcome), "ppv": (outcome, mine & alert),
            "for": (outcome, mine & ~alert), "accuracy": (alert == outcome, mine),
        }  # fmt: skip
        for metric, (which, out_of) in rates.items():
            x, n = (which & out_of).sum(), out_of.sum()
            told = found.rate(group, metric)
            assert (told["numerator"], told["denominator"]) == (x, n)
            assert told["value"] == close(x / n)
            z, p = stats.norm.ppf(0.975), x / n
            middle, reach = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
            ends = (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)
            assert (told["low"], told["high"]) == close(ends)
    tpr, fpr = (found.rate("ALL", metric)["value"] for metric in ("tpr", "fpr"))
    told = found.rate("ALL", "ppv_at_base_rate_0.01")
    assert told["value"] == close(0.01 * tpr / (0.01 * tpr + 0.99 * fpr))


def test_what_is_published_shows_no_small_cell(found):
    shown = [row for row in found.rates("alerts-publish") if row["value"] is not None]
    everything = found.rates()
    small = {(row["group"], row["metric"]) for row in everything if row["small"]}
    assert small
    assert not small & {(row["group"], row["metric"]) for row in shown}
    # Nor what, taken from the whole, gives a small one back.
    for group, metric in small:
        assert {row["group"] for row in shown if row["metric"] == metric} <= {"ALL"}, group


def test_what_is_exported_is_what_was_forecast(found):
    rows, columns = found.exported(), found.next_forecast("robbery", "Kernel")
    assert [row["cell_id"] for row in rows] == columns["cell_id"]
    assert [row["mean"] for row in rows] == close(columns["mean"])
