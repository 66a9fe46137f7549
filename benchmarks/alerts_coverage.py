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
    ScoreCounts,
    Stratum,
    auc,
    begg_greenes,
    chapman,
    confidence_sequence,
    e_cusum,
    judge,
    ppv_at,
    rogan_gladen,
    surest_group,
    threshold_at,
    widest_gap,
)
from veedor.audits.alerts.rates import Proportions
from veedor.statistics import (
    clopper_pearson,
    koopman_score,
    linearised,
    mercaldo_logit,
    newcombe_hybrid,
    newcombe_within,
    resampled,
    wilson,
)

Rng = np.random.Generator


def held(low: object, high: object, truth: object) -> float:
    """Share of intervals that hold the truth."""
    return float(np.mean((np.asarray(low) <= truth) & (truth <= np.asarray(high))))


def proportion(rng: Rng, many: int, interval: Callable, n: int, p: float) -> float:
    """Cover a proportion."""
    low, high = interval(rng.binomial(n, p, many), n)
    return held(low, high, p)


def two(rng: Rng, many: int, ratio: bool, n1: int, p1: float, n2: int, p2: float) -> float:
    """Cover a ratio or a difference, of draws in which it is defined."""
    x1, x2 = rng.binomial(n1, p1, many), rng.binomial(n2, p2, many)
    if not ratio:
        return held(*newcombe_hybrid(x1, n1, x2, n2), p1 - p2)
    seen = (x1 > 0) | (x2 > 0)
    return held(*koopman_score(x1[seen], n1, x2[seen], n2), p1 / p2)


def whole(rng: Rng, many: int, n: int, rest: int, p: float, p_rest: float) -> float:
    """Cover the gap of a group to everyone, of whom it is part."""
    x, y = rng.binomial(n, p, many), rng.binomial(rest, p_rest, many)
    gap = p - (n * p + rest * p_rest) / (n + rest)
    return held(*newcombe_within(x, n, x + y, n + rest), gap)


def base_rate(
    rng: Rng, many: int, tpr: float, fpr: float, n1: int, n0: int, b: float, all_found: bool
) -> float:
    """Cover the PPV at a base rate; or only of draws in which everybody sought was found."""
    x1, x0 = rng.binomial(n1, tpr, many), rng.binomial(n0, fpr, many)
    if all_found:
        x0, x1 = x0[x1 == n1], x1[x1 == n1]
    return held(*mercaldo_logit(x1, n1, x0, n0, b), float(ppv_at(tpr, fpr, b)))


def clusters(
    rng: Rng, many: int, number: int, size: float, spread: float, p: float, shape: str = "alike"
) -> float:
    """Cover a rate of clusters whose own rates differ, and their sizes: by chance, much, by one."""
    hits = 0
    for _ in range(many):
        n = rng.poisson(size, number)
        if shape == "lognormal":
            n = np.maximum(size * np.exp(rng.normal(-0.72, 1.2, number)), 1).astype(np.int64)
        elif shape == "one holds half":
            n[0] = round(size * number)
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


def surest(rng: Rng, many: int, groups: int, n: int, p: float) -> float:
    """Share of records of equal groups in which one is said to differ from the reference."""
    names, trials = ("ALL", *map(str, range(groups))), np.append(n * groups, np.full(groups, n))
    told = 0
    for _ in range(many):
        x = rng.binomial(n, p, groups)
        rate = Proportions("fpr", names, np.append(x.sum(), x).astype(float), trials.astype(float))
        told += surest_group(rate, "0") is not None
    return told / many


def widest(rng: Rng, many: int, n: int, rates: tuple[float, ...]) -> float:
    """Cover the widest gap between groups."""
    names, hits = ("ALL", *map(str, range(len(rates)))), 0
    trials = np.append(n * len(rates), np.full(len(rates), n)).astype(float)
    for _ in range(many):
        x = rng.binomial(n, rates)
        rate = Proportions("fpr", names, np.append(x.sum(), x).astype(float), trials)
        _, low, high = widest_gap(rate)
        hits += low <= max(rates) - min(rates) <= high
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


def lists(rng: Rng, many: int, number: int, first: float, second: float) -> float:
    """Cover the number behind two lists."""
    hits = 0
    for _ in range(many):
        on = rng.random((2, number)) < np.array([[first], [second]])
        found = chapman(int(on[0].sum()), int(on[1].sum()), int((on[0] & on[1]).sum()))
        hits += found.low <= number <= (np.inf if found.high is None else found.high)
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


def percentiles(rng: Rng, many: int, n: int) -> float:
    """Cover the FPR of a group with percentiles of resampled counts."""
    hits = 0
    for _ in range(many):
        cells = rng.multinomial(n, [0.1, 0.15, 0.05, 0.7])
        drawn = resampled(cells, rng, 400)
        low, high = np.percentile(drawn[:, 1] / (drawn[:, 1] + drawn[:, 3]), [2.5, 97.5])
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
    ("gap to everyone, 2,174 of 3,317, equal at .61", whole, (2174, 1143, 0.61, 0.61), 20),
    ("gap to everyone, 400 of 1,000, .05 and .09", whole, (400, 600, 0.05, 0.09), 20),
    ("mercaldo_logit, TPR .8, FPR .1", base_rate, (0.8, 0.1, 300, 300, 0.01, False), 20),
    ("mercaldo_logit, TPR .95, FPR .02, 1e-4", base_rate, (0.95, 0.02, 300, 300, 1e-4, False), 20),
    ("mercaldo_logit, TPR 1, FPR .05", base_rate, (1.0, 0.05, 50, 200, 0.01, False), 20),
    ("mercaldo_logit, TPR .999, FPR .1", base_rate, (0.999, 0.1, 50, 500, 0.01, False), 20),
    ("mercaldo_logit, TPR .99, FPR .001", base_rate, (0.99, 0.001, 100, 1000, 0.01, False), 20),
    ("the same, where all 100 were found", base_rate, (0.99, 0.001, 100, 1000, 0.01, True), 20),
    (
        "mercaldo_logit, TPR .95, FPR .01, 20 and 100",
        base_rate,
        (0.95, 0.01, 20, 100, 0.01, False),
        20,
    ),
    ("the same, where all 20 were found", base_rate, (0.95, 0.01, 20, 100, 0.01, True), 20),
    ("mercaldo_logit, TPR .8, FPR .0002", base_rate, (0.8, 0.0002, 100, 1000, 0.01, False), 20),
    *(
        (f"wilson_neff, {number} clusters, {shape}", clusters, (number, 20, 5, 0.4, shape), 1)
        for number in (3, 5, 10, 20, 40)
        for shape in ("alike", "lognormal", "one holds half")
    ),
    ("wilson_neff, 500 clusters of about 2", clusters, (500, 2, 3, 0.1), 1),
    ("surest group, 6 equal groups of 300: told", surest, (6, 300, 0.2), 1),
    ("surest group, 12 equal groups of 100: told", surest, (12, 100, 0.1), 1),
    ("newcombe_all_pairs, 6 equal groups", widest, (300, (0.2,) * 6), 1),
    ("newcombe_all_pairs, .1 .15 .3 .22", widest, (250, (0.1, 0.15, 0.3, 0.22)), 1),
    ("delong, 40 and 80", area, (40, 1.0), 1),
    ("begg_greenes, 1,500 audited", audited, (0.05, 1500), 1),
    ("begg_greenes, 300 audited", audited, (0.01, 300), 1),
    ("lang_reiczigel, 200 alerts", checker, (0.6, 200), 1),
    ("begg_greenes, 1,000 audited", audited, (0.01, 1000), 1),
    ("chapman_midp, 500", lists, (500, 0.4, 0.3), 1),
    ("chapman_midp, 100, lists of 15% and 10%", lists, (100, 0.15, 0.1), 1),
    ("chapman_midp, 30, lists of 30%", lists, (30, 0.3, 0.3), 1),
    ("chapman_midp, 40, lists of 80% and 70%", lists, (40, 0.8, 0.7), 1),
    ("order_statistics, FPIR .02 of 2,000", threshold, (0.02, 2000), 1),
    ("bootstrap_counts, 400", percentiles, (400,), 1),
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
