"""How often the audit of behaviour is wrong, and finds what is there, where the truth is known.

``benchmarks/behaviour_sizes.py`` does 1,000 panels of many worlds; here are few, with wide bounds.
"""

import numpy as np
import pytest

from veedor.statistics.autocorrelated import AutocorrelatedDesign

REPLICATES = 400


def drawn(carried, change, seed):
    """Interval and p-value of the level, and whether REML with its likeliest value rejects."""
    rng = np.random.default_rng(seed)
    times = np.arange(30.0)
    after = (times >= 17).astype(float)
    design = np.column_stack([np.ones(30), times, after, after * (times - 17)])
    made, contrast = AutocorrelatedDesign(design, times), np.array([0.0, 0.0, 1.0, 0.0])
    found = []
    for _ in range(REPLICATES):
        errors = rng.normal(size=30)
        errors[0] /= np.sqrt(1.0 - carried**2)
        for place in range(1, 30):
            errors[place] += carried * errors[place - 1]
        fit = made.fit(errors + change * after)
        level = fit.of(contrast)
        low, high = level.interval()
        found.append(
            (
                level.p_value() <= 0.05,
                low <= change <= high,
                fit.by_reml(contrast).p_value() <= 0.05,
            )
        )
    return np.mean(found, axis=0)


@pytest.mark.parametrize("carried", [0.3, 0.6])
def test_the_level_is_found_in_one_in_twenty_where_there_is_none(carried):
    size, covered, put_in = drawn(carried, 0.0, 5)
    assert 0.025 <= size <= 0.08
    assert covered == pytest.approx(1.0 - size)
    assert put_in > size + 0.015  # what everyone does is wrong more often


def test_a_change_is_covered_and_found():
    found, covered, _ = drawn(0.3, 4.0, 6)
    assert covered >= 0.92
    assert found >= 0.8
