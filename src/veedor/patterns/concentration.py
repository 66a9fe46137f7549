"""Concentration: in how few places the recorded incidents are, against what chance gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.simulated import middle_range
from veedor.statistics.codes import Denominator, Hypothesis, Method
from veedor.statistics.estimates import Estimate, TestResult
from veedor.statistics.inequality import generalised_gini, gini, share_of_places_holding
from veedor.statistics.resampling import jackknife_variance

_SOURCE = (
    "Bernasco, W. & Steenbeek, W. (2017). More places than crimes. Journal of Quantitative "
    "Criminology 33, 451-467. https://doi.org/10.1007/s10940-016-9324-7"
)
#: Runs of periods that an interval is made of, where there are as many.
MOST_RUNS = 26
_FEWEST_GROUPS = 6
#: With fewer simulated records beyond the one observed, its p-value is not known well enough.
_FEW_BEYOND = 10
_TIE = 1e-12


class Chance(msgspec.Struct, frozen=True):
    """What a statistic is if the same number of incidents falls on the places by chance alone.

    Parameters
    ----------
    mean, low, high : float
        Mean and 95% range over the simulated records.
    """

    mean: float
    low: float
    high: float


class Concentration(msgspec.Struct, frozen=True, eq=False):
    """How concentrated recorded incidents are over places.

    Parameters
    ----------
    places, incidents : int
    gini : Estimate
        `gini`: 0 is even, 1 all in one place of many. Grows as incidents get fewer than places.
    generalised_gini : Estimate
        `generalised_gini`: 0 is as even as so few incidents can be.
    holding : dict of str to Estimate
        Share of incidents -> `share_of_places_holding` it.
    chance : dict of str to Chance
        ``"gini"``, ``"generalised_gini"``, and the keys of `holding`. Empty where there
        are no incidents.
    test : TestResult
        Is the generalised Gini larger than chance gives: than if every incident fell on each place
        independently of the others, with equal probability or in proportion to the exposure?
    """

    places: int
    incidents: int
    gini: Estimate
    generalised_gini: Estimate
    holding: dict[str, Estimate]
    chance: dict[str, Chance]
    test: TestResult


def concentration(
    counts: npt.NDArray[np.integer],
    rng: np.random.Generator,
    *,
    shares: Sequence[float] = (0.25, 0.5),
    exposure: Floats | None = None,
    simulations: int = 199,
    more: int = 0,
    seed: int | None = None,
) -> Concentration:
    """Measure concentration, with intervals from runs of periods and a test against chance.

    Parameters
    ----------
    counts : array of int, shape (periods, places)
    rng : numpy.random.Generator
    shares : sequence of float
        Of the incidents.
    exposure : array, shape (places,), optional
        What chance goes by, such as the area of the places or the people there; by default every
        place is as likely as any other.
    simulations : int
        Records by chance: as many incidents, multinomial over the places.
    more : int
        So many times as many again for the test, where fewer than ten of them are as concentrated.
    seed : int, optional
        To state in the result.

    Returns
    -------
    Concentration
        Values are None where nothing was recorded. Intervals are for the record of as long a time
        under the same conditions: a delete-a-group jackknife over at most 26 runs of consecutive
        periods, value plus and minus Student's t times its standard error; none with fewer than six
        periods.

    Notes
    -----
    O((simulations + 26) x places x log places). Places count alike whatever their area: cells
    clipped by the study area are places too.

    References
    ----------
    Bernasco & Steenbeek (2017), see `generalised_gini`.

    Efron, B. & Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics 9,
    586-596. https://doi.org/10.1214/aos/1176345462

    Examples
    --------
    >>> found = concentration(np.array([[9, 1, 0, 0]] * 8), np.random.default_rng(1))
    >>> found.incidents, found.generalised_gini.value, found.test.p_value
    (80, 0.7, 0.005)
    """
    table = np.atleast_2d(np.asarray(counts))
    if table.size == 0 or bool(np.any(table < 0)):
        raise DataError(
            "Concentration must be of counts of at least 0 in at least one period and place.",
            found=phrase("shape {shape}", shape=table.shape),
        )
    total = table.sum(axis=0)
    places, incidents = len(total), int(total.sum())
    statistics: dict[str, Callable[..., Floats]] = {
        "gini": gini,
        "generalised_gini": generalised_gini,
    }
    statistics |= {str(share): partial(share_of_places_holding, share=share) for share in shares}
    groups = _leave_out(table)
    of = Denominator("incidents_in_places", {"places": places})
    estimates = {
        name: _estimate(measure(total), measure(groups), incidents, of)
        for name, measure in statistics.items()
    }
    chance: dict[str, Chance] = {}
    p_value = None
    if incidents:
        even = np.full(places, 1.0) if exposure is None else np.asarray(exposure, dtype=float)
        drawn = rng.multinomial(incidents, even / even.sum(), size=simulations)
        values = {name: measure(drawn) for name, measure in statistics.items()}
        chance = {
            name: Chance(float(by.mean()), *middle_range(by).tolist())
            for name, by in values.items()
        }
        own = float(generalised_gini(total)) - _TIE
        as_much, drawn_in_all = int(np.sum(values["generalised_gini"] >= own)), simulations
        if as_much < _FEW_BEYOND:
            for _ in range(more):
                drawn = rng.multinomial(incidents, even / even.sum(), size=simulations)
                as_much += int(np.sum(generalised_gini(drawn) >= own))
                drawn_in_all += simulations
        p_value = (as_much + 1) / (drawn_in_all + 1)
    return Concentration(
        places=places,
        incidents=incidents,
        gini=estimates["gini"],
        generalised_gini=estimates["generalised_gini"],
        holding={str(share): estimates[str(share)] for share in shares},
        chance=chance,
        test=TestResult(
            test=Hypothesis(
                "gini_by_chance" if exposure is None else "gini_by_chance_and_exposure"
            ),
            statistic=estimates["generalised_gini"].value,
            p_value=p_value,
            n=incidents,
            unit=Denominator("incidents"),
            seed=seed,
            source=_SOURCE,
        ),
    )


def _leave_out(table: npt.NDArray[np.integer]) -> Ints:
    """Totals without each of at most 26 runs of consecutive periods, shape (groups, places)."""
    groups = min(MOST_RUNS, len(table))
    owner = np.arange(len(table)) * groups // len(table)
    first = np.searchsorted(owner, np.arange(groups))
    left: Ints = table.sum(axis=0)[None] - np.add.reduceat(table, first, axis=0)
    return left


def _estimate(value: Floats, without: Floats, n: int, of: Denominator) -> Estimate:
    groups = len(without)
    reason = (
        "none_nothing_recorded"
        if n == 0
        else "none_few_runs"
        if groups < _FEWEST_GROUPS
        else "none_in_one_run"
        if not bool(np.isfinite(without).all())
        else None
    )
    if reason is not None:
        known = float(value) if n else None
        return Estimate(known, None, None, 0.95, Method(reason, {"runs": groups}), n, of)
    reach = float(special.stdtrit(groups - 1, 0.975) * np.sqrt(jackknife_variance(without)))
    low, high = max(0.0, float(value) - reach), min(1.0, float(value) + reach)
    return Estimate(
        float(value), low, high, 0.95, Method("jackknife_of_runs", {"runs": groups}), n, of
    )
