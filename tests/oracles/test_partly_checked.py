"""What is worked out where not all was checked, beside other ways to the same numbers."""

import numpy as np
import pytest
from scipy import special, stats
from statsmodels.stats.proportion import proportion_confint

from veedor.audits.alerts import chapman, rogan_gladen
from veedor.statistics import mercaldo_logit


def logit_of_ppv(tpr, fpr, b):
    ppv = tpr * b / (tpr * b + fpr * (1 - b))
    return np.log(ppv / (1 - ppv))


@pytest.mark.parametrize("b", [1e-5, 0.03, 0.5])
@pytest.mark.parametrize(("x1", "n1", "x0", "n0"), [(240, 418, 87, 375), (80, 100, 3, 1000)])
def test_predictive_values_by_the_delta_method_with_numerical_slopes(x1, n1, x0, n0, b):
    tpr, fpr, step = x1 / n1, x0 / n0, 1e-6
    of_tpr = (logit_of_ppv(tpr + step, fpr, b) - logit_of_ppv(tpr - step, fpr, b)) / (2 * step)
    of_fpr = (logit_of_ppv(tpr, fpr + step, b) - logit_of_ppv(tpr, fpr - step, b)) / (2 * step)
    error = np.sqrt(of_tpr**2 * tpr * (1 - tpr) / n1 + of_fpr**2 * fpr * (1 - fpr) / n0)
    reach = stats.norm.ppf(0.975) * error
    ends = special.expit(logit_of_ppv(tpr, fpr, b) + np.array([-reach, reach]))
    found = [float(end) for end in mercaldo_logit(x1, n1, x0, n0, b)]
    assert found == pytest.approx(ends.tolist(), rel=1e-5)


@pytest.mark.parametrize(("right", "checked"), [(50, 100), (9, 40), (380, 400)])
def test_an_imperfect_checker_solves_what_it_confirms(right, checked):
    """What it confirms of right ones and of wrong ones, together, is what was found."""
    found = rogan_gladen(right, checked, (97, 100), (92, 100))
    confirmed = np.array([[0.97, 1 - 0.92], [1.0, 1.0]])
    share, _ = np.linalg.solve(confirmed, [right / checked, 1.0])
    assert found.value == pytest.approx(min(max(share, 0.0), 1.0))


@pytest.mark.parametrize(("right", "checked"), [(50, 100), (12, 40), (300, 400)])
def test_a_checker_that_is_known_well_leaves_the_interval_of_agresti_and_coull(right, checked):
    many = 10**12
    found = rogan_gladen(right, checked, (round(0.9 * many), many), (round(0.85 * many), many))
    ends = np.array(proportion_confint(right, checked, method="agresti_coull"))
    wanted = (ends + 0.85 - 1) / (0.9 + 0.85 - 1)
    assert [found.low, found.high] == pytest.approx(np.clip(wanted, 0, 1).tolist(), rel=1e-4)


@pytest.mark.parametrize(
    ("first", "second", "both", "most"),
    [(20, 15, 5, 400), (100, 80, 40, 400), (12, 30, 1, 20_000), (9, 9, 9, 200)],
)
def test_two_lists_hold_every_number_that_the_mid_p_test_does_not_reject(first, second, both, most):
    seen = first + second - both
    whole = np.arange(seen, most)
    chance = [stats.hypergeom.pmf(k, whole, first, second) for k in range(both + 1)]
    at_most = np.sum(chance[:-1], axis=0) + 0.5 * chance[-1]
    held = whole[(at_most > 0.025) & (at_most <= 0.975)]
    assert held.max(initial=seen) < most - 1
    found = chapman(first, second, both)
    assert (found.low, found.high) == (held.min(initial=most), held.max(initial=seen))
    assert found.value + 1 == pytest.approx((first + 1) * (second + 1) / (both + 1))
