"""What must hold of the audits' statistics whatever the zones are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from veedor.audits.places import (
    correlation,
    covered_bounds,
    exposures,
    mid_ranks,
    part_held,
)
from veedor.statistics.inequality import gini, hoover, share_of_places_holding

SIZES = st.integers(2, 12)
COUNTS = st.floats(0.0, 1e6).map(lambda value: round(value, 1))


@st.composite
def zones(draw):
    """Members, everyone, counts and areas of some zones."""
    n = draw(SIZES)
    everyone = draw(arrays.arrays(float, n, elements=st.integers(1, 9000).map(float)))
    share = draw(arrays.arrays(float, n, elements=st.floats(0.0, 1.0)))
    count = draw(arrays.arrays(float, n, elements=COUNTS))
    area = draw(arrays.arrays(float, n, elements=st.floats(0.01, 100.0)))
    return np.floor(share * everyone), everyone, count, area


@given(zones())
def test_everyone_together_is_exposed_by_the_mean(drawn):
    """Of all residents, per 1,000 is predictions per resident; and groups add up to it."""
    members, everyone, count, area = drawn
    whole = exposures(everyone, everyone, count, area)
    assert whole["per_1000"] == pytest.approx(1000 * count.sum() / everyone.sum())
    mine, rest = (exposures(part, everyone, count, area) for part in (members, everyone - members))
    for name, value in whole.items():
        parts = [
            (0.0 if found[name] is None else found[name]) * people.sum()
            for found, people in ((mine, members), (rest, everyone - members))
        ]
        assert sum(parts) == pytest.approx(value * everyone.sum(), rel=1e-9, abs=1e-9)


@given(zones(), st.floats(0.05, 1.0), st.booleans(), st.randoms())
def test_parts_fill_the_fraction_and_do_not_know_the_order(drawn, fraction, top, random):
    _, _, count, _ = drawn
    part = part_held(count, fraction, top=top)
    assert part.sum() == pytest.approx(fraction * len(count))
    assert np.all((part >= 0.0) & (part <= 1.0))
    order = list(range(len(count)))
    random.shuffle(order)
    assert part_held(count[order], fraction, top=top) == pytest.approx(part[order])


def half(count, everyone):
    return float(share_of_places_holding(count, 0.5, everyone))


@given(zones())
def test_unevenness_does_not_know_the_unit_and_stays_in_range(drawn):
    _, everyone, count, _ = drawn
    if count.sum() == 0.0:
        assert np.isnan(gini(count, everyone))
        assert np.isnan(hoover(count, everyone))
        return
    for spread in (gini, hoover, half):
        value = float(spread(count, everyone))
        assert value == pytest.approx(float(spread(3.0 * count, 7.0 * everyone)), abs=1e-9)
        assert -1e-9 <= value <= 1.0
    assert hoover(count, everyone) <= gini(count, everyone) + 1e-9
    assert half(count, everyone) <= 0.5 + 1e-9
    assert gini(everyone, everyone) == pytest.approx(0.0, abs=1e-9)


@given(zones())
def test_ranks_follow_any_increasing_change(drawn):
    members, everyone, count, _ = drawn
    share = members / everyone
    one = correlation(mid_ranks(share), mid_ranks(count))
    other = correlation(mid_ranks(np.arctan(share) * 5), mid_ranks(np.log1p(count)))
    assert one == pytest.approx(float(other), nan_ok=True)


@given(zones(), st.floats(0.0, 1.0))
def test_the_neighbourhood_model_lies_within_the_bounds(drawn, share):
    members, everyone, _, _ = drawn
    value, low, high = covered_bounds(members, everyone, np.full(len(members), share))
    if members.sum() > 0.0:
        assert low - 1e-9 <= value <= high + 1e-9
        assert low >= 0.0
        assert high <= 1.0 + 1e-9
