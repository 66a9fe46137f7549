"""Both sides of the impossibility: gaps in FPR and in PPV, and the identity that binds them."""

from __future__ import annotations

from typing import Any

import numpy as np

from veedor.audits.alerts.comparisons import difference_interval, gap_interval
from veedor.audits.alerts.rates import Proportions

SOURCE = (
    "Chouldechova, A. (2017). Fair prediction with disparate impact. Big Data 5, 153-163. "
    "https://doi.org/10.1089/big.2016.0047"
)

_GAPS = ("fpr", "fnr", "ppv")


def fpr_from(prevalence: float, ppv: float, fnr: float) -> float:
    r"""FPR that follows from the prevalence, the PPV and the FNR.

    .. math:: \text{FPR} = \frac{p}{1 - p} \cdot \frac{1 - \text{PPV}}{\text{PPV}} \cdot
              (1 - \text{FNR})

    So where prevalence differs between two groups, and in each some alerts are right and some
    wrong (0 < PPV < 1), FPR, FNR and PPV cannot all be equal: equal PPV and FNR force unequal FPR.
    Any two of the three can be equal, at the price of the third. All three can be equal where no
    alert is wrong (FPR 0, PPV 1, whatever is missed) and where none is right (FNR 1, PPV 0).

    Above 1 where no system can have that PPV and FNR at that prevalence. Undefined (NaN) where PPV
    is 0 or the prevalence is 1.

    Parameters
    ----------
    prevalence, ppv, fnr : float

    References
    ----------
    Chouldechova, A. (2017). Fair prediction with disparate impact: a study of bias in recidivism
    prediction instruments. Big Data 5, 153-163. https://doi.org/10.1089/big.2016.0047

    Examples
    --------
    >>> fpr_from(0.5, 0.75, 0.25)
    0.25

    FPR and PPV alike at different prevalence: of 500 and 500 with a true and a false outcome 150
    and 50 are flagged; of 250 and 750, 225 and 75.

    >>> round(fpr_from(0.5, 0.75, 0.7), 6), round(fpr_from(0.25, 0.75, 0.1), 6)
    (0.1, 0.1)
    """
    if ppv == 0.0 or prevalence == 1.0:
        return float("nan")
    return prevalence / (1.0 - prevalence) * (1.0 - ppv) / ppv * (1.0 - fnr)


def both_sides(
    rates: dict[str, Proportions], reference: str | None, level: float = 0.95
) -> list[dict[str, Any]]:
    """Return each group's FPR, FNR, PPV and prevalence beside those of the reference.

    Parameters
    ----------
    rates : dict
        Of `proportions`.
    reference : str or None
        Without one, each group beside everyone, of whom it is part: the interval of that gap
        carries what the two share.
    level : float
        Of Newcombe's intervals of the gaps.

    Returns
    -------
    list of dict
        For each group: its four rates; ``fpr_by_identity``, what Chouldechova's identity makes of
        the other three (the same number); ``fpr_if_equal``, its FPR if it had the reference's PPV
        and FNR with its own prevalence, None with ``fpr_if_equal_possible`` false where it would
        be above 1; and the gaps in FPR, FNR and PPV with their intervals.
    """
    names = rates["fpr"].groups
    base = names.index(reference) if reference else 0
    ends = {
        name: difference_interval(rates[name], base, level)
        if reference
        else gap_interval(rates[name], level)
        for name in _GAPS
    }
    found = []
    for at, group in enumerate(names):
        if at == 0:
            continue
        own = {name: _at(rates[name], at) for name in ("prevalence", "ppv", "fnr", "fpr")}
        other = {name: _at(rates[name], base) for name in ("ppv", "fnr")}
        entry: dict[str, Any] = {"group": group, "is_reference": at == base, **own}
        entry["fpr_by_identity"] = _identity(own["prevalence"], own["ppv"], own["fnr"])
        equal = _identity(own["prevalence"], other["ppv"], other["fnr"])
        entry["fpr_if_equal_possible"] = equal is None or equal <= 1.0
        entry["fpr_if_equal"] = equal if entry["fpr_if_equal_possible"] else None
        for name in _GAPS:
            rate, (low, high) = rates[name], ends[name]
            entry[f"{name}_gap"] = {
                "value": _finite(rate.value[at] - rate.value[base]), "low": _finite(low[at]),
                "high": _finite(high[at]), "level": level, "n": int(rate.trials[at]),
            }  # fmt: skip
        found.append(entry)
    return found


def _identity(prevalence: float | None, ppv: float | None, fnr: float | None) -> float | None:
    if prevalence is None or ppv is None or fnr is None:
        return None
    return _finite(fpr_from(prevalence, ppv, fnr))


def _at(rate: Proportions, place: int) -> float | None:
    return _finite(rate.value[place])


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
