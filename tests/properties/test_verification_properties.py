import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.isotonic import IsotonicRegression

from veedor.files.json_file import plain
from veedor.forecasts import CountDistribution
from veedor.statistics import generalised_gini, gini
from veedor.verification import brier_decomposition, quantiles
from veedor.verification import weighted_interval_score_of_quantiles as wis

levels = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
pairs = st.lists(st.tuples(levels, st.booleans()), min_size=1, max_size=30)


@given(pairs)
def test_corp_parts_are_at_least_zero_add_up_and_know_no_order(given_pairs):
    p, event = (np.array(column) for column in zip(*given_pairs, strict=True))
    parts = brier_decomposition(p, event)
    assert parts.score == pytest.approx(np.mean((p - event) ** 2))
    assert parts.miscalibration >= -1e-15
    assert parts.discrimination >= -1e-15
    assert parts.miscalibration - parts.discrimination + parts.uncertainty == pytest.approx(
        parts.score, abs=1e-15
    )
    refitted = IsotonicRegression().fit(p, event).predict(p)
    calibrated = np.mean((refitted - event) ** 2)
    assert parts.miscalibration == pytest.approx(parts.score - calibrated, abs=1e-12)
    assert plain(brier_decomposition(p[::-1], event[::-1])) == pytest.approx(plain(parts))


@given(hnp.arrays(np.int64, st.integers(1, 12), elements=st.integers(0, 9)))
def test_generalised_gini_is_between_zero_and_the_plain(counts):
    if counts.sum() == 0:
        assert np.isnan(generalised_gini(counts))
        return
    value = generalised_gini(counts)
    assert -1e-12 <= value <= gini(counts) + 1e-12
    assert generalised_gini(counts[::-1]) == pytest.approx(value)
    differences = np.abs(counts[:, None] - counts[None]).sum()
    assert gini(counts) == pytest.approx(differences / (2 * len(counts) * counts.sum()), abs=1e-12)


@given(st.floats(1e-4, 5e3), st.sampled_from([0.0, 1e-3, 0.5, 10.0]))
def test_quantiles_rise_with_the_level(mean, alpha):
    found = quantiles(CountDistribution(np.array([mean]), alpha), [0.05, 0.3, 0.5, 0.8, 0.99])
    assert (np.diff(found[:, 0]) >= 0).all()


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5).map(sorted), st.integers(0, 30))
def test_weighted_interval_score_is_never_negative_and_zero_only_if_certain(ends, seen):
    score = wis(np.array(ends)[:, None], [seen], [0.5, 0.9])[0]
    assert score >= 0.0
    assert (score == 0.0) == (set(ends) == {seen})
