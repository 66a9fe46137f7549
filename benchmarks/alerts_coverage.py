"""Coverage of every interval, and size of every test, of the alert audit.

    python -m benchmarks.alerts_coverage

True values are set, counts are drawn, and it is counted how often a 95% interval holds the truth,
or a test at 5% is wrong. Where truths may be drawn (rates of groups), both are averaged over them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from veedor.audits.alerts import (
    AlertCounts,
    ScoreCounts,
    Stratum,
    auc,
    begg_greenes,
    bootstrap_rates,
    chapman,
    clopper_pearson,
    confidence_sequence,
    e_cusum,
    judge,
    koopman_score,
    linearised,
    mercaldo_logit,
    newcombe_hybrid,
    ppv_at,
    rogan_gladen,
    threshold_at,
    wilson,
)

Rng = np.random.Generator


def held(low: object, high: object, truth: object) -> float:
    """Share of intervals that hold the truth."""
    return float(np.mean((np.asarray(low) <= truth) & (truth <= np.asarray(high))))


def proportion(rng: Rng, many: int, interval: Callable, n: int, p: float) -> float:
    """Cover a proportion."""
    return held(*interval(rng.binomial(n, p, many), n), p)


def two(rng: Rng, many: int, ratio: bool, n1: int, p1: float, n2: int, p2: float) -> float:
    """Cover a ratio or a difference, of draws in which it is defined."""
    x1, x2 = rng.binomial(n1, p1, many), rng.binomial(n2, p2, many)
    if not ratio:
        return held(*newcombe_hybrid(x1, n1, x2, n2), p1 - p2)
    seen = (x1 > 0) | (x2 > 0)
    return held(*koopman_score(x1[seen], n1, x2[seen], n2), p1 / p2)


def base_rate(rng: Rng, many: int, tpr: float, fpr: float, n: int, b: float) -> float:
    """Cover the PPV at a base rate."""
    x1, x0 = rng.binomial(n, tpr, many), rng.binomial(n, fpr, many)
    return held(*mercaldo_logit(x1, n, x0, n, b), float(ppv_at(tpr, fpr, b)))


def clusters(rng: Rng, many: int, number: int, size: float, spread: float, p: float) -> float:
    """Cover a rate of clusters whose own rates differ."""
    hits = 0
    for _ in range(many):
        n = rng.poisson(size, number)
        own = rng.beta(p * spread, (1 - p) * spread, number)
        low, high = linearised(rng.binomial(n, own), n).interval()
        hits += bool(low <= p <= high)
    return hits / many


def area(rng: Rng, many: int, n: int, shift: float) -> float:
    """Cover the AUC of two normal distributions."""
    from scipy.special import ndtr

    truth, hits = ndtr(shift / np.sqrt(2.0)), 0
    for _ in range(many):
        found = auc(ScoreCounts.of(rng.normal(shift, 1, n), rng.normal(0, 1, 2 * n)))
        hits += found.low <= truth <= found.high
    return hits / many


def audited(rng: Rng, many: int, prevalence: float, sampled: int) -> float:
    """Cover the TPR where a part of those without an alert was audited."""
    hits = 0
    for _ in range(many):
        positives = rng.binomial(20_000, prevalence)
        tp, fp = rng.binomial(positives, 0.7), rng.binomial(20_000 - positives, 0.04)
        quiet, missed = 20_000 - tp - fp, positives - tp
        found = int(rng.hypergeometric(missed, quiet - missed, sampled))
        rate = begg_greenes(tp + fp, tp + fp, tp, [Stratum("all", quiet, sampled, found)])["tpr"]
        hits += rate.low <= 0.7 <= rate.high
    return hits / many


def checker(rng: Rng, many: int, ppv: float, n: int) -> float:
    """Cover the PPV behind a checker who errs."""
    hits = 0
    for _ in range(many):
        found = int(rng.binomial(n, ppv * 0.9 + (1 - ppv) * 0.15))
        se, sp = int(rng.binomial(100, 0.9)), int(rng.binomial(100, 0.85))
        rate = rogan_gladen(found, n, (se, 100), (sp, 100))
        hits += rate.low <= ppv <= rate.high
    return hits / many


def lists(rng: Rng, many: int, whole: int) -> float:
    """Cover the number behind two lists."""
    hits = 0
    for _ in range(many):
        on = rng.random((2, whole)) < np.array([[0.4], [0.3]])
        found = chapman(int(on[0].sum()), int(on[1].sum()), int((on[0] & on[1]).sum()))
        hits += found.low <= whole <= found.high
    return hits / many


def sequence(rng: Rng, many: int, p: float, looks: int) -> float:
    """Cover a rate with every one of many looks."""
    x = np.cumsum(rng.random((many, looks)) < p, axis=1)
    low, high = confidence_sequence(x, np.arange(1, looks + 1))
    return float(((low <= p) & (p <= high)).all(axis=1).mean())


def alarms(rng: Rng, many: int, p: float, days: int) -> float:
    """Share of quiet records with a false alarm, and the bound is days / 1000."""
    n = np.full(days, 50)
    found = [e_cusum(rng.binomial(50, p, days), n, p).alarm for _ in range(many)]
    return sum(alarm is not None for alarm in found) / many


def verdicts(rng: Rng, many: int, p: float, n: int, truth: float) -> float:
    """Share of wrong verdicts on the claim that the rate is below p."""
    wrong = "contradicted" if truth < p else "supported"
    x, number = np.unique(rng.binomial(n, truth, many), return_counts=True)
    said = np.array([judge("<", p, int(events), n).verdict == wrong for events in x])
    return float((number * said).sum() / many)


def threshold(rng: Rng, many: int, target: float, n: int) -> float:
    """Cover the threshold at a false positive identification rate."""
    found = [threshold_at(rng.random(n), target)[1:] for _ in range(many)]
    low, high = np.array(found).T
    return held(low, high, 1.0 - target)


def resampled(rng: Rng, many: int, n: int) -> float:
    """Cover the FPR of a group with percentiles of resampled counts."""
    hits = 0
    for _ in range(many):
        cells = rng.multinomial(n, [0.1, 0.15, 0.05, 0.7])
        counts = AlertCounts.of(("a",), [[*cells.tolist(), 0, 0]])
        drawn = bootstrap_rates(counts, rng, 400)["fpr"][:, 1]
        low, high = np.percentile(drawn, [2.5, 97.5])
        hits += low <= 0.15 / 0.85 <= high
    return hits / many


#: What, in words; the task; its arguments; how many times more draws than the slow ones.
PLAN: tuple[tuple[str, Callable, tuple, int], ...] = (
    ("wilson, 50 at .3", proportion, (wilson, 50, 0.3), 20),
    ("wilson, 2,000 at .002", proportion, (wilson, 2000, 0.002), 20),
    ("clopper_pearson, 50 at .3", proportion, (clopper_pearson, 50, 0.3), 20),
    ("clopper_pearson, 2,000 at .002", proportion, (clopper_pearson, 2000, 0.002), 20),
    ("newcombe_hybrid, 100 at .2, 150 at .3", two, (False, 100, 0.2, 150, 0.3), 20),
    ("newcombe_hybrid, 300 at .03, 900 at .02", two, (False, 300, 0.03, 900, 0.02), 20),
    ("koopman_score, 100 at .2, 150 at .3", two, (True, 100, 0.2, 150, 0.3), 20),
    ("koopman_score, 300 at .03, 900 at .02", two, (True, 300, 0.03, 900, 0.02), 20),
    ("mercaldo_logit, TPR .8, FPR .1", base_rate, (0.8, 0.1, 300, 0.01), 20),
    ("mercaldo_logit, TPR .95, FPR .02, 1e-4", base_rate, (0.95, 0.02, 300, 1e-4), 20),
    ("wilson_neff, 30 clusters of about 20", clusters, (30, 20, 5, 0.4), 1),
    ("wilson_neff, 10 clusters of about 20", clusters, (10, 20, 5, 0.4), 1),
    ("wilson_neff, 500 clusters of about 2", clusters, (500, 2, 3, 0.1), 1),
    ("delong, 40 and 80", area, (40, 1.0), 1),
    ("begg_greenes, 1,500 audited", audited, (0.05, 1500), 1),
    ("begg_greenes, 300 audited", audited, (0.01, 300), 1),
    ("lang_reiczigel, 200 alerts", checker, (0.6, 200), 1),
    ("chapman_log, 500", lists, (500,), 1),
    ("order_statistics, FPIR .02 of 2,000", threshold, (0.02, 2000), 1),
    ("bootstrap_counts, 400", resampled, (400,), 1),
    ("confidence sequence, .3, 1,000 looks: 95% or more", sequence, (0.3, 1000), 1),
    ("confidence sequence, .02, 1,000 looks: 95% or more", sequence, (0.02, 1000), 1),
    ("e-CUSUM, 100 days, c = 1,000: alarms, 10% or fewer", alarms, (0.1, 100), 1),
    ("claim just true: contradicted, 5% or fewer", verdicts, (0.01, 3000, 0.009999), 20),
    ("claim just false: supported, 5% or fewer", verdicts, (0.01, 3000, 0.010001), 20),
)


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=2000)
    arguments = parser.parse_args()
    for number, (words, task, given, more) in enumerate(PLAN):
        began = time.perf_counter()
        found = task(np.random.default_rng(number), more * arguments.replicates, *given)
        print(f"{words:54} {found:7.2%}  ({time.perf_counter() - began:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
