"""Values that published packages are themselves tested with, and those of their authors' papers."""

from pathlib import Path

import numpy as np
import pytest

from veedor.statistics import generalised_gini, gini
from veedor.verification import (
    brier_decomposition,
    crps_of_samples,
    weighted_interval_score_of_quantiles,
)


def test_crps_of_samples_is_that_of_scores():
    """Test data of the package scores (Australian Bureau of Meteorology), crps_for_ensemble."""
    samples = np.array([[0.0, 4.0, 3.0, 7.0], [1.0, -1.0, 2.0, 4.0]]).T
    first, spread = np.array([10 / 4, 8 / 4]), np.array([14 + 8 + 8 + 14, 6 + 10 + 6 + 10])
    np.testing.assert_allclose(crps_of_samples(samples, [2.0, 3.0]), first - spread / 32)
    np.testing.assert_allclose(crps_of_samples(samples, [2.0, 3.0], fair=True), first - spread / 24)


def test_weighted_interval_score_is_that_of_scoringutils_and_covid_ensembles():
    """Two intervals and a median: the worked example that R packages of the field share.

    Quantiles at 0.1, 0.25, 0.5, 0.75 and 0.9; with the weights of Bracher et al. (2021), the
    median's error counted half.
    """
    quantiles = np.array([[-1, 0, 1, 2, 3], [-2, 1, 2, 2, 4], [-2, 0, 3, 3, 4]]).T
    expected = np.array(
        [
            (0.5 * 0 + 4 * 0.1 + 2 * 0.25) / 2.5,
            (0.5 * 17 + 6 * 0.1 + 13 + 1 * 0.25 + 16) / 2.5,
            (0.5 * 19 + 6 * 0.1 + 18 + 3 * 0.25 + 19) / 2.5,
        ]
    )
    found = weighted_interval_score_of_quantiles(quantiles, [1, -15, 22], [0.5, 0.8])
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("counts", "plain", "generalised"),
    [
        ([10, 8, 2, 0, 0, 0, 0, 0, 0, 0], 0.78, 0.78),
        ([5, 2, 1, 0, 0, 0, 0, 0, 0, 0], 0.80, 0.75),
        ([10, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.90, 0.90),
    ],
)
def test_generalised_gini_is_its_authors(counts, plain, generalised):
    """Examples in the R package lorenzgini of Bernasco & Steenbeek, documentation of gini()."""
    assert gini(counts) == pytest.approx(plain)
    assert generalised_gini(counts) == pytest.approx(generalised)


@pytest.mark.parametrize("places", [10, 100])
def test_unbiased_gini_reaches_one(places):
    """The same documentation: all crime in one unit, with 9 and with 99 others."""
    counts = [10] + [0] * (places - 1)
    assert generalised_gini(counts, unbiased=True) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("column", "score", "miscalibration", "discrimination", "uncertainty"),
    [("EMOS", 0.232, 0.0183, 0.0305, 0.244)],
)
def test_corp_parts_of_rain_in_niamey(column, score, miscalibration, discrimination, uncertainty):
    """Dimitriadis, Gneiting & Jordan (2021), https://doi.org/10.1073/pnas.2016191118.

    Values of the documentation of their R package reliabilitydiag (README, rounded to three
    figures). The forecasts beside this file are by Vogel et al. (2021),
    https://doi.org/10.1029/2020GL091022, with products of ECMWF under CC BY 4.0,
    rounded to six digits.
    """
    table = np.genfromtxt(Path(__file__).parent / "niamey_2016.csv", delimiter=",", names=True)
    parts = brier_decomposition(table[column], table["rain"] == 1)
    assert parts.n == 92
    assert parts.score == pytest.approx(score, abs=5e-4)
    assert parts.miscalibration == pytest.approx(miscalibration, abs=5e-5)
    assert parts.discrimination == pytest.approx(discrimination, abs=5e-5)
    assert parts.uncertainty == pytest.approx(uncertainty, abs=5e-4)
