"""How often a forecast is called better where it is not, and found where it is."""

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.verification import (
    SCORES,
    ImpliedGain,
    diebold_mariano,
    e_process,
    gain_at_incidents,
    implied_gain,
    implied_score_errors,
    judge,
    judge_family,
    log_score,
    model_confidence_set,
    plausible_gain,
    skill_by_lead_time,
    skill_by_zone,
)

INCIDENTS = Denominator("incidents")


BUSY, RARE = 50, 100


def rare_cut():
    """A truth with cells that are hardly ever hit, and one that cuts them to 1/20: worse."""
    truth = np.concatenate([np.linspace(0.2, 2.0, BUSY), np.full(RARE, 0.0004)])
    rival = np.where(np.arange(BUSY + RARE) < BUSY, truth, truth / 20.0)
    return truth, rival * truth.sum() / rival.sum()


def weekly(mean, weeks, dispersion=0.0):
    return CountDistribution(np.tile(mean, (weeks, 1)), dispersion)


def judged(forecast, reference, seen, rng):
    gain = (log_score(reference, seen) - log_score(forecast, seen)).sum(axis=1)
    bootstrap = BlockBootstrap(np.arange(len(seen)), rng, replicates=500)
    implied = implied_gain(forecast, reference)
    return judge(bootstrap, gain, seen.sum(axis=1).astype(float), implied, of=INCIDENTS)


@pytest.mark.parametrize("weeks", [8, 16, 52])
def test_a_forecast_that_hides_rare_losses_is_never_called_better(weeks):
    rng = np.random.default_rng(weeks)
    truth, rival = (weekly(mean, weeks) for mean in rare_cut())
    found = [judged(rival, truth, rng.poisson(truth.mean), rng) for _ in range(100)]
    by_weeks = np.mean([one.weeks_low > 0.0 for one in found])
    assert by_weeks > 0.1  # what weeks alone would have said
    assert not any(one.verdict == "better" or one.estimate.low > 0.0 for one in found)


@pytest.mark.parametrize("weeks", [8, 52])
def test_the_mirror_image_is_never_called_worse(weeks):
    rng = np.random.default_rng(weeks)
    truth, rival = (weekly(mean, weeks) for mean in rare_cut())
    found = [judged(truth, rival, rng.poisson(truth.mean), rng) for _ in range(100)]
    assert np.mean([one.weeks_high < 0.0 for one in found]) > 0.1
    assert not any(one.verdict == "worse" for one in found)


@pytest.mark.parametrize("dispersion", [0.0, 0.4])
def test_a_better_forecast_is_found(dispersion):
    rng = np.random.default_rng(3)
    mean = rng.gamma(1.0, 0.2, 250) + 1e-3
    off = mean * rng.lognormal(0.0, 0.3, 250)
    truth, reference = weekly(mean, 26, dispersion), weekly(off, 26, dispersion)
    found = [judged(truth, reference, truth.sample(rng, 1)[0], rng).verdict for _ in range(60)]
    assert found.count("better") >= 55
    worse = [judged(reference, truth, truth.sample(rng, 1)[0], rng).verdict for _ in range(60)]
    assert worse.count("worse") >= 55


def test_an_immense_dispersion_is_no_shield():
    """Who claims to know nothing is still found worse."""
    rng = np.random.default_rng(4)
    mean = rng.gamma(1.0, 0.2, 100) + 1e-3
    truth, shield = weekly(mean, 20), weekly(mean, 20, 1e5)
    assert judged(shield, truth, rng.poisson(truth.mean), rng).verdict == "worse"


def test_verdicts_of_a_family_hold_together():
    """Eight gains around 0: any verdict at all in about 5% of 200 studies, not in a third."""
    rng = np.random.default_rng(5)
    nothing = ImpliedGain(*np.zeros((5, 26)))
    any_adjusted = any_alone = 0
    for _ in range(200):
        bootstrap = BlockBootstrap(np.arange(26), rng, replicates=500)
        gains = rng.normal(0.0, 1.0, (8, 26))
        each = [judge(bootstrap, one, np.ones(26), nothing, of=INCIDENTS) for one in gains]
        for one in each:
            held = one.estimate
            assert (one.p_value <= 0.05) == (held.low > 0.0 or held.high < 0.0)
        found = judge_family(each)
        any_alone += any(one.verdict != "not_shown" for one in each)
        any_adjusted += any(one.verdict != "not_shown" for one in found)
        assert all(one.comparisons == 8 and one.p_adjusted >= one.p_value for one in found)
    assert any_alone / 200 > 0.2
    assert any_adjusted / 200 < 0.09


def test_the_smallest_gain_that_could_have_been_shown_is_the_edge():
    rng = np.random.default_rng(6)
    mean = rng.gamma(1.0, 0.2, 100) + 1e-3
    reference = weekly(mean, 16)
    forecast = weekly(mean * rng.lognormal(0.0, 0.2, 100), 16)
    implied = implied_gain(forecast, reference)
    seen = rng.poisson(reference.mean)
    noise = rng.normal(0.0, 0.5, 16)
    incidents = seen.sum(axis=1).astype(float)
    bootstrap = BlockBootstrap(np.arange(16), rng)

    def verdict(shift):
        return judge(
            bootstrap,
            noise - noise.mean() + shift * incidents,
            incidents,
            implied,
            of=INCIDENTS,
        )

    edge = verdict(0.01).smallest_shown
    assert verdict(1.1 * edge).verdict == "better"
    assert verdict(0.9 * edge).verdict == "not_shown"


def test_no_test_calls_a_hider_of_rare_losses_better():
    """T-, W- and Diebold-Mariano test, confidence set, e-process, by lead time and by zone."""
    rng = np.random.default_rng(7)
    weeks = 16
    truth, rival = (weekly(mean, weeks) for mean in rare_cut())
    implied = implied_gain(rival, truth)
    errors = {
        name: implied_score_errors(SCORES[name].function, [truth, rival])
        for name in ("log_score", "brier", "crps")
    }
    ratio = np.log(rival.mean / truth.mean)
    zone = np.where(np.arange(BUSY + RARE) % 2, "a", "b")
    zones = implied_gain(rival, truth, groups=(zone == "b").astype(np.int64))
    silent = 0
    for _ in range(20):
        seen = rng.poisson(truth.mean)
        if seen[:, BUSY:].any():
            continue
        silent += 1
        gain = log_score(truth, seen) - log_score(rival, seen)
        paired = gain_at_incidents(
            np.repeat(ratio.ravel(), seen.ravel()),
            float(rival.mean.sum()),
            float(truth.mean.sum()),
            implied=implied.errors(1.0),
        )
        assert paired.gain.low is None or paired.gain.low < 0.0
        assert min(paired.t_test.p_value or 1.0, paired.w_test.p_value or 1.0) > 0.05
        for name, error in errors.items():
            score = SCORES[name].function
            mine, theirs = score(rival, seen).sum(axis=1), score(truth, seen).sum(axis=1)
            told = diebold_mariano(mine, theirs, implied=(error[0, 1], error[1, 0]))
            assert told.statistic < 0.0 or told.p_value > 0.05
        scores = np.column_stack([log_score(one, seen).sum(axis=1) for one in (truth, rival)])
        log_errors = np.maximum(errors["log_score"], errors["log_score"].T)
        kept = model_confidence_set(scores, ["truth", "rival"], implied=log_errors, replicates=300)
        assert "truth" in kept.members
        assert model_confidence_set(scores, ["truth", "rival"], replicates=300).members == (
            "rival",
        )  # without it the truth is thrown out
        evidence = e_process(gain.sum(axis=1), bound=plausible_gain(implied), cap=True)
        assert evidence.rejected_at() is None
        by_lead = skill_by_lead_time(
            gain.sum(axis=1),
            seen.sum(axis=1).astype(float),
            np.tile([1, 2], 8),
            np.arange(16),
            rng,
            implied=implied,
            replicates=300,
        )
        by_zone = skill_by_zone(gain, seen, zone, np.arange(16), rng, implied=zones, replicates=300)
        assert all(one.low < 0.0 for one in [*by_lead.values(), *by_zone.values()])
    assert silent >= 5


def test_an_e_process_finds_within_a_year_what_is_plainly_worse_and_seldom_anything_else():
    rng = np.random.default_rng(8)
    mean = rng.gamma(0.8, 0.05, 500) + 1e-4
    truth = weekly(mean, 52, 0.2)
    worse = {
        "all alike": weekly(np.full(500, mean.mean()), 52, 0.2),
        "half as much again": weekly(1.5 * mean, 52, 0.2),
        "noise": weekly(mean * rng.lognormal(-0.08, 0.4, 500), 52, 0.2),
    }
    for forecast in worse.values():
        bound = plausible_gain(implied_gain(forecast, truth))
        found = []
        for seen in truth.sample(rng, 20):
            gain = (log_score(truth, seen) - log_score(forecast, seen)).sum(axis=1)
            sides = [
                e_process(gain, bound=bound, cap=True, alternative=side).rejected_at()
                for side in ("worse", "better")
            ]
            found.append([side is not None for side in sides])
        is_worse, is_better = np.mean(found, axis=0)
        assert is_worse >= 0.9
        assert is_better == 0.0
