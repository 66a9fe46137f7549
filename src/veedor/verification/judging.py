"""Better, worse or not shown: a gain beside what weeks show and what the forecasts imply."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec import structs
from scipy import special

from veedor.arrays import Floats
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.dependence import SerialDependence
from veedor.statistics.discoveries import family_wise_p
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.implied import ImpliedGain

BETTER, NOT_SHOWN, WORSE, UNDEFINED, SAME = "better", "not_shown", "worse", "undefined", "same"
#: What a gain that is not shown still allows to say: too small to matter, or nothing at all.
ABOUT, OPEN = "about_as_good", "not_enough"
FAMILY_LEVEL = 0.05
#: Of the probability given to what was recorded: a difference within it is about none.
ABOUT_AS_GOOD = 0.05
_BY_WEEKS, _STRETCHED = "expanded_percentile", "expanded_percentile_stretched"
#: How an interval was made -> the same, where it reaches as far as chance does.
_OR_CHANCE = {
    _BY_WEEKS: "expanded_percentile_or_chance",
    _STRETCHED: "expanded_percentile_stretched_or_chance",
    "residual_bootstrap": "residual_bootstrap_or_chance",
}


class Judged(msgspec.Struct, frozen=True):
    """An information gain, its errors, and what they allow to say.

    Parameters
    ----------
    estimate : Estimate
        Its interval reaches at each end as far as the wider of what weeks show, stretched where
        they resemble the one before, and what the forecasts imply.
    weeks_low, weeks_high : float or None
        Interval by resampling weeks as if they were independent.
    weeks_error : float or None
        Its half-width on the side of 0, as a standard error, with what `dependence` adds.
    blocks : int
        Weeks, or longer periods.
    error_if_reference, error_if_forecast : float or None
        Standard error of the gain if the reference were right, or the forecast were.
    p_value : float or None
        Two-sided, that the expected gain is 0: the larger of the p-value by weeks, and by chance
        if the reference (for a gain below 0: the forecast) were right.
    comparisons : int
        In the family that the verdict is one of.
    p_adjusted : float or None
        After Holm, over the family.
    smallest_shown : float or None
        The smallest gain that would have been called better, with these errors, as the family's
        first.
    verdict : str
        ``"better"``, ``"not_shown"``, ``"worse"``, ``"undefined"``, or ``"same"``: both are one.
    dependence : SerialDependence or None
        How the gains of weeks resemble those of the week before, and how many independent weeks
        they tell as much as. None where nothing varies, or without an interval.
    """

    estimate: Estimate
    weeks_low: float | None
    weeks_high: float | None
    weeks_error: float | None
    blocks: int
    error_if_reference: float | None
    error_if_forecast: float | None
    p_value: float | None
    comparisons: int = 0
    p_adjusted: float | None = None
    smallest_shown: float | None = None
    verdict: str = UNDEFINED
    dependence: SerialDependence | None = None

    @property
    def weeks_degrees(self) -> float:
        """Degrees of freedom of Student's t beside `weeks_error`."""
        return self.blocks - 1.0 if self.dependence is None else self.dependence.degrees

    @property
    def of_independent_weeks(self) -> Estimate:
        """The estimate as if weeks were independent: what a promise is scored by, then and now."""
        value, low, high = self.estimate.value, self.weeks_low, self.weeks_high
        if value is None or low is None or high is None or self.dependence is None:
            return self.estimate
        by_weeks = structs.replace(
            self.estimate, low=low, high=high, method=Method(_BY_WEEKS, {"blocks": self.blocks})
        )
        return _or_chance(by_weeks, self.error_if_reference or 0.0, self.error_if_forecast or 0.0)


def judge(
    bootstrap: BlockBootstrap,
    gain: Floats,
    incidents: Floats,
    implied: ImpliedGain,
    *,
    same: bool = False,
    n: int | None = None,
    of: Denominator,
) -> Judged:
    r"""Hold a gain per incident against two errors.

    Weeks that were recorded say how much gains vary; where they resemble the one before, they say
    less than so many would, and their interval is stretched (`SerialDependence`). They are silent
    on losses so rare that none was recorded: a forecast that takes nearly all away from cells that
    are hardly ever hit gains a little in every week without such a hit, and looks surely better. So
    the gain must also exceed what chance gives where the reference is right,
    :math:`z \sqrt{V_P} / N`, and a loss what chance gives where the forecast is right; see
    `implied_gain`.

    Parameters
    ----------
    bootstrap : BlockBootstrap
    gain, incidents : array, shape (periods,)
    implied : ImpliedGain
    same : bool
        Whether both forecasts are one and the same.
    n, of
        As in `BlockBootstrap.ratio`.

    Returns
    -------
    Judged
        As the only one of its family; see `judge_family`. Its p-value is None, and nothing is
        shown, with fewer than six weeks.

    Notes
    -----
    The value estimates the expected gain per incident in weeks like these. "Better" is claimed
    where both tests reject at once (an intersection-union test, so its size is no larger than
    that of either): that the expected gain is 0, by weeks; and that the reference is right, by
    chance. No credit is given for the loss that is expected in the latter case.
    """
    plain = bootstrap.ratio(gain, incidents, n=n, of=of)
    value = plain.value
    if value is None:
        return Judged(plain, None, None, None, bootstrap.blocks, None, None, None)
    total = float(incidents.sum())
    errors = implied.errors(total)
    dependence = None if plain.low is None else bootstrap.dependence(gain, incidents)
    found = Judged(
        widened(_stretched(plain, dependence), implied, total),
        plain.low,
        plain.high,
        None,
        bootstrap.blocks,
        *errors,
        None,
        verdict=SAME if same else NOT_SHOWN,
        dependence=dependence,
    )
    if same or plain.low is None:
        return found
    spread = bootstrap.spread(gain, incidents, dependence)
    by_chance = _by_chance(value, errors[0] if value > 0.0 else errors[1])
    found = msgspec.structs.replace(
        found, weeks_error=spread.error, p_value=max(spread.p_value, by_chance)
    )
    return judge_family([found])[0]


def widened(estimate: Estimate, implied: ImpliedGain, total: float) -> Estimate:
    """Let the interval of a gain reach as far as chance does; see `judge`.

    Parameters
    ----------
    estimate : Estimate
    implied : ImpliedGain
    total : float
        What the sum of the gains was divided by.
    """
    return _or_chance(estimate, *implied.errors(total))


def _stretched(estimate: Estimate, dependence: SerialDependence | None) -> Estimate:
    """Let an interval by weeks reach as far as fewer independent weeks would let it."""
    value, low, high = estimate.value, estimate.low, estimate.high
    if dependence is None or dependence.inflation <= 1.0:
        return estimate
    if value is None or low is None or high is None:
        return estimate
    stretch = dependence.stretch(estimate.level)
    told = estimate.method.arguments | {"effective": dependence.effective}
    return structs.replace(
        estimate,
        low=value - stretch * (value - low),
        high=value + stretch * (high - value),
        method=Method(_STRETCHED, told),
    )


def _or_chance(estimate: Estimate, low_error: float, high_error: float) -> Estimate:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return estimate
    z = float(special.ndtri(0.5 + estimate.level / 2.0))
    return structs.replace(
        estimate,
        low=min(estimate.low, estimate.value - z * low_error),
        high=max(estimate.high, estimate.value + z * high_error),
        method=Method(_OR_CHANCE[estimate.method.code], estimate.method.arguments),
    )


def judge_family(found: Sequence[Judged], level: float = FAMILY_LEVEL) -> list[Judged]:
    """Give verdicts that hold together: the chance that any is wrong is at most `level`.

    Holm's way: it holds whatever the comparisons share, and anyone can check it by hand, from the
    p-values alone. A comparison of a forecast with itself, or without a p-value, counts as none.

    See Also
    --------
    veedor.statistics.discoveries.family_wise_p : the adjustment, and its source.
    """
    p_values = [one.p_value for one in found]
    told = [place for place, p in enumerate(p_values) if p is not None]
    adjusted = dict(zip(told, family_wise_p([p for p in p_values if p is not None]), strict=True))
    return [_within(one, adjusted.get(place), len(told), level) for place, one in enumerate(found)]


def _within(one: Judged, adjusted: float | None, many: int, level: float) -> Judged:
    value = one.estimate.value
    if adjusted is None or value is None:
        return msgspec.structs.replace(one, comparisons=many)
    verdict = NOT_SHOWN
    if adjusted <= level:
        verdict = BETTER if value > 0.0 else WORSE
    tail = level / (2.0 * many)
    by_weeks = (one.weeks_error or 0.0) * -float(special.stdtrit(one.weeks_degrees, tail))
    by_chance = (one.error_if_reference or 0.0) * -float(special.ndtri(tail))
    return msgspec.structs.replace(
        one,
        comparisons=many,
        p_adjusted=float(adjusted),
        smallest_shown=max(by_weeks, by_chance),
        verdict=verdict,
    )


def together(found: Judged, level: float = FAMILY_LEVEL) -> tuple[float, float] | None:
    r"""Return the range of a gain that holds together with those of all others of its family.

    Each end reaches as far as the wider of weeks' and chance's, as the interval of the estimate
    does, at :math:`1 - \alpha / m` for m comparisons (Bonferroni).

    Parameters
    ----------
    found : Judged
    level : float
        The chance that any range of the family misses.

    Returns
    -------
    (float, float) or None
        In the gain's unit. None without an interval. On the same side of 0 as the verdict: where
        Holm's way, which is never weaker, calls a difference, it ends at 0 at the latest; where
        nothing is called, it holds 0.

    Notes
    -----
    Of one-sided tests by Holm's way, ranges cut at 0 are those that belong to it (Strassburger &
    Bretz 2008, https://doi.org/10.1002/sim.3338). The interval by weeks is stretched by the ratio
    of Student's t at both levels, and for what `dependence` adds.
    """
    value, weeks_low, weeks_high = found.estimate.value, found.weeks_low, found.weeks_high
    if value is None or weeks_low is None or weeks_high is None or found.comparisons < 1:
        return None
    tail, alone = level / (2.0 * found.comparisons), (1.0 - found.estimate.level) / 2.0
    by_t = special.stdtrit(found.weeks_degrees, tail) / special.stdtrit(found.blocks - 1, alone)
    stretch = float(by_t) * (1.0 if found.dependence is None else found.dependence.inflation)
    z = -float(special.ndtri(tail))
    low = value - max(stretch * (value - weeks_low), z * (found.error_if_reference or 0.0))
    high = value + max(stretch * (weeks_high - value), z * (found.error_if_forecast or 0.0))
    if found.verdict == BETTER:
        return max(low, 0.0), high
    if found.verdict == WORSE:
        return low, min(high, 0.0)
    return min(low, 0.0), max(high, 0.0)


def standing(found: Judged) -> str:
    """Say where a forecast stands beside the reference, for a reader without statistics.

    Returns
    -------
    str
        Its verdict; in place of ``"not_shown"``, ``"about_as_good"`` where the whole range that
        holds for all comparisons (`together`) lies within 5% in the probability given to what was
        recorded, :math:`e^{gain} - 1`; else ``"not_enough"``: the records do not tell. Neither
        means that both are equal.
    """
    if found.verdict != NOT_SHOWN:
        return found.verdict
    ends = together(found)
    if ends is not None and all(abs(np.expm1(end)) <= ABOUT_AS_GOOD for end in ends):
        return ABOUT
    return OPEN


def _by_chance(value: float, error: float) -> float:
    if error > 0.0:
        return 2.0 * float(special.ndtr(-abs(value) / error))
    return 0.0 if value else 1.0
