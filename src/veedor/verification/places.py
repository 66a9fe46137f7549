"""How well a forecast ranks places: incidents captured at an area, beside chance and the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from veedor.arrays import Floats, Ints
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.ranking import captured_at

CHANCE, ORACLE = "chance", "oracle"
"""Names of the two rankings that stand beside every other."""

_INCIDENTS = Denominator("incidents_in_cells")


def captured(mean: Floats, observed: Ints, area_km2: Floats, fraction: float) -> Floats:
    """Incidents expected in the flagged ground, shape (periods,).

    The ground with the largest forecast mean per km2 is flagged, `fraction` of the area in every
    period: ties by expectation over all orders of the tied cells, the last cell in part. Divided by
    all incidents this is the capture rate; that divided by `fraction` is the PAI (Chainey et al.
    2008); this divided by `most_capturable` is the PEI (Hunt 2016).

    References
    ----------
    Chainey, S., Tompson, L. & Uhlig, S. (2008). The utility of hotspot mapping for predicting
    spatial patterns of crime. Security Journal 21, 4-28. https://doi.org/10.1057/palgrave.sj.8350066

    Hunt, J. M. (2016). Do crime hot spots move? Exploring the effects of the modifiable areal unit
    problem and modifiable temporal unit problem on crime hot spot stability. American University.

    Examples
    --------
    >>> mean, area = np.array([[2.0, 1.0, 1.0, 0.5]]), np.ones(4)
    >>> captured(mean, np.array([[3, 4, 0, 1]]), area, 0.5)  # first cell, half of each tied one
    array([5.])
    >>> captured(np.array([[0.5, 2.0]]), np.array([[4, 0]]), np.array([0.5, 2.0]), 0.2)
    array([2.])
    """
    hits: Floats = captured_at(mean, observed, area_km2, [fraction])[0]
    return hits


def most_capturable(observed: Ints, area_km2: Floats, fraction: float) -> Floats:
    """Most incidents that any choice of `fraction` of the area could have captured, (periods,)."""
    return captured(observed.astype(np.float64), observed, area_km2, fraction)


def rankings_beside(means: Mapping[str, Floats], observed: Ints) -> dict[str, Floats | None]:
    """Rankings by name, with chance and the oracle (what was recorded) added.

    Chance is ground drawn evenly, whatever cell it is of, so that it captures the share of the area
    and nothing else; it ranks no cells and is None here.

    Raises
    ------
    ValueError
        If one is not of the shape of `observed`, or takes one of the two names.
    """
    for name, mean in means.items():
        if mean.shape != observed.shape:
            raise ValueError(f"{name} has shape {mean.shape}, the counts {observed.shape}")
        if name in (CHANCE, ORACLE):
            raise ValueError(f"no forecast may be named {name!r}")
    return {**means, CHANCE: None, ORACLE: observed.astype(np.float64)}


def capture_rates(
    mean: Floats,
    observed: Ints,
    area_km2: Floats,
    bootstrap: BlockBootstrap,
    fractions: Sequence[float],
) -> tuple[Estimate, ...]:
    """Capture rate of one ranking at each fraction, as `capture_table` has it; and nothing else.

    Raises
    ------
    ValueError
        If a fraction is not in (0, 1].
    """
    _require_shares(fractions)
    incidents = observed.sum(axis=1).astype(np.float64)
    hits = captured_at(mean, observed, area_km2, fractions)
    return tuple(bootstrap.ratio(mine, incidents, of=_INCIDENTS) for mine in hits)


class CapturedAt(msgspec.Struct, frozen=True):
    """What one ranking captured at one share of the area.

    Parameters
    ----------
    ranking : str
    area_fraction : float
    capture_rate : Estimate
        Share of incidents in the flagged ground; chance is the share of the area.
    pai : Estimate
        Capture rate by share of the area; chance is 1.
    pei : Estimate
        Captured by the most that any choice of this area captures; the oracle is 1.
    ppai : Estimate
        Capture rate by share of the area to the power `ppai_alpha`.
    ppai_alpha : float
    """

    ranking: str
    area_fraction: float
    capture_rate: Estimate
    pai: Estimate
    pei: Estimate
    ppai: Estimate
    ppai_alpha: float


def capture_table(
    means: Mapping[str, Floats],
    observed: Ints,
    area_km2: Floats,
    bootstrap: BlockBootstrap,
    *,
    fractions: Sequence[float] = (0.01, 0.05, 0.20),
    ppai_alpha: float = 0.5,
) -> list[CapturedAt]:
    r"""Capture rate, PAI, PEI and PPAI of some rankings, of chance and of the oracle.

    With n of N incidents in the flagged share a of the area, and n* the most that any choice of it
    captures,

    .. math:: \frac nN, \quad \frac{n / N}{a}, \quad \frac{n}{n^*}, \quad
              \frac{n / N}{a^\alpha}.

    The penalised PAI with an alpha below 1 rewards a small area less than PAI does: alpha 0 is the
    capture rate, 1 is PAI. Its authors leave alpha to whoever weighs capturing much against
    covering little; 1/2 here, unless given.

    Parameters
    ----------
    means : mapping of str to array, shape (periods, cells)
        A ranking by name: forecast means, of the reference too.
    observed : array of int, shape (periods, cells)
    area_km2 : array, shape (cells,)
    bootstrap : BlockBootstrap
        Of the periods.
    fractions : sequence of float in (0, 1]
    ppai_alpha : float in [0, 1]

    Returns
    -------
    list of CapturedAt
        For each ranking, `CHANCE` and `ORACLE`, at each fraction. Undefined where nothing was
        recorded. Ties by expectation.

    Raises
    ------
    ValueError
        If shapes differ, or a fraction or alpha is out of its range.

    References
    ----------
    Joshi, C., Curtis-Ham, S., D'Ath, C. & Searle, D. (2021). Considerations for developing
    predictive spatial models of crime and new methods for measuring their accuracy. ISPRS
    International Journal of Geo-Information 10, 597. https://doi.org/10.3390/ijgi10090597

    Others as in `captured`.

    Examples
    --------
    >>> mean = {"ours": np.tile([2.0, 1.0, 1.0, 0.5], (6, 1))}
    >>> seen, weeks = np.tile([3, 4, 0, 1], (6, 1)), np.random.default_rng(0)
    >>> table = capture_table(
    ...     mean, seen, np.ones(4), BlockBootstrap(np.arange(6), weeks), fractions=[0.5]
    ... )
    >>> [(row.ranking, row.capture_rate.value, round(row.pei.value, 4)) for row in table]
    [('ours', 0.625, 0.7143), ('chance', 0.5, 0.5714), ('oracle', 0.875, 1.0)]
    >>> round(table[0].ppai.value, 4)  # 0.625 / sqrt(0.5)
    0.8839
    """
    _require_shares(fractions)
    if not 0.0 <= ppai_alpha <= 1.0:
        raise ValueError(f"the PPAI's alpha must be from 0 to 1, got {ppai_alpha!r}")
    incidents = observed.sum(axis=1).astype(np.float64)
    number = int(incidents.sum())
    hits = {
        name: np.outer(fractions, incidents)
        if mean is None
        else captured_at(mean, observed, area_km2, fractions)
        for name, mean in rankings_beside(means, observed).items()
    }

    def by_incidents(numerator: Floats, of: Denominator = _INCIDENTS) -> Estimate:
        return bootstrap.ratio(numerator, incidents, of=of)

    rows = []
    for name, found in hits.items():
        for mine, most, fraction in zip(found, hits[ORACLE], fractions, strict=True):
            power = fraction**ppai_alpha
            rows.append(
                CapturedAt(
                    ranking=name,
                    area_fraction=fraction,
                    capture_rate=by_incidents(mine),
                    pai=by_incidents(mine / fraction, Denominator("incidents_by_area")),
                    pei=bootstrap.ratio(
                        mine,
                        most,
                        n=number,
                        of=Denominator("incidents_by_most"),
                    ),
                    ppai=by_incidents(
                        mine / power, Denominator("incidents_by_area_power", {"alpha": ppai_alpha})
                    ),
                    ppai_alpha=ppai_alpha,
                )
            )
    return rows


def _require_shares(fractions: Sequence[float]) -> None:
    if not all(0.0 < fraction <= 1.0 for fraction in fractions):
        raise ValueError(f"shares of the area must be above 0 and at most 1, got {fractions!r}")
