"""Both sides of the impossibility: gaps in FPR and in PPV, and the identity that binds them."""

from __future__ import annotations

import msgspec

from veedor.audits.alerts.comparisons import difference_interval, gap_interval
from veedor.audits.alerts.rates import Proportions
from veedor.audits.audit import finite

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


class Gap(msgspec.Struct, frozen=True):
    """A rate less that of the reference, or of everyone."""

    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int


class GroupSides(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a group's errors.

    Parameters
    ----------
    fpr_by_identity : float or None
        What Chouldechova's identity makes of the other three rates (the same number).
    fpr_if_equal : float or None
        FPR if it had the reference's PPV and FNR with its own prevalence; None where that would be
        above 1, and `fpr_if_equal_possible` is then false.
    fpr_gap, fnr_gap, ppv_gap : Gap
    """

    group: str
    is_reference: bool
    prevalence: float | None
    ppv: float | None
    fnr: float | None
    fpr: float | None
    fpr_by_identity: float | None
    fpr_if_equal_possible: bool
    fpr_if_equal: float | None
    fpr_gap: Gap
    fnr_gap: Gap
    ppv_gap: Gap


class Sides(msgspec.Struct, frozen=True):
    """Both sides of every group's errors at a threshold, beside those of the reference."""

    threshold: float | None
    reference: str
    source: str
    groups: tuple[GroupSides, ...]


def both_sides(
    rates: dict[str, Proportions], reference: str | None, level: float = 0.95
) -> tuple[GroupSides, ...]:
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
        prevalence, ppv, fnr, fpr = (
            _at(rates[name], at) for name in ("prevalence", "ppv", "fnr", "fpr")
        )
        equal = _identity(prevalence, *(_at(rates[name], base) for name in ("ppv", "fnr")))
        possible = equal is None or equal <= 1.0
        fpr_gap, fnr_gap, ppv_gap = (
            Gap(
                finite(rates[name].value[at] - rates[name].value[base]),
                finite(ends[name][0][at]), finite(ends[name][1][at]), level,
                int(rates[name].trials[at]),
            )
            for name in _GAPS
        )  # fmt: skip
        found.append(GroupSides(
            group=group, is_reference=at == base, prevalence=prevalence, ppv=ppv, fnr=fnr, fpr=fpr,
            fpr_by_identity=_identity(prevalence, ppv, fnr), fpr_if_equal_possible=possible,
            fpr_if_equal=equal if possible else None, fpr_gap=fpr_gap, fnr_gap=fnr_gap,
            ppv_gap=ppv_gap,
        ))  # fmt: skip
    return tuple(found)


def _identity(prevalence: float | None, ppv: float | None, fnr: float | None) -> float | None:
    if prevalence is None or ppv is None or fnr is None:
        return None
    return finite(fpr_from(prevalence, ppv, fnr))


def _at(rate: Proportions, place: int) -> float | None:
    return finite(rate.value[place])
