"""What the audit of behaviour states: each change as a ratio, with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.audits.behaviour.comparison import CHANGES, Comparer, Comparison
from veedor.audits.behaviour.design import Question
from veedor.audits.behaviour.panel import ROLES
from veedor.audits.behaviour.segmented import Segmented
from veedor.statistics import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.autocorrelated import Mixture
from veedor.statistics.codes import Argument, Denominator, Method

#: Who a statement is about, where it is about a role.
POOLED, NEGATIVE = "sensitive", "negative_control"
#: Part of the statements that are about single series.
SERIES = "series"
_PUBLISHED = {
    "ols": "behaviour_ols",
    "poisson": "behaviour_poisson",
    "quasi-poisson": "behaviour_quasi_poisson",
}


@dataclass(frozen=True)
class _About:
    """What statements of one comparison are about."""

    subject: Subject
    method: Method
    denominator: Denominator
    n: int


def statements(
    comparer: Comparer, found: Comparison, alone: Mapping[str, Comparison]
) -> Iterator[Statement]:
    """State what changed: of all sensitive series, of negative controls, of each sensitive series.

    Parameters
    ----------
    comparer : Comparer
    found : Comparison
        Of all sensitive series with all controls.
    alone : dict of str to Comparison
        Each sensitive series with them, by its name.
    """
    ours, theirs, negative = (comparer.panel.of_role(role) for role in ROLES)
    level = comparer.question.level
    pooled = _about(found, POOLED, int(ours.sum()), int(theirs.sum()))
    yield from _of_comparison(found, pooled, level)
    yield from _beside(found, pooled, level)
    if negative.any():
        beside = comparer.compare(negative, theirs)
        if beside is not None:
            about = _about(beside, NEGATIVE, int(negative.sum()), int(theirs.sum()))
            yield from _of_comparison(beside, about, level)
    for name, one in alone.items():
        about = _about(one, name, 1, int(theirs.sum()), subset=SERIES)
        yield from _of_comparison(one, about, level)
    counted = Denominator("behaviour_series", {"n": len(alone)})
    q = false_discovery_q([one.p_value for one in alone.values()])
    named = float((q <= FALSE_DISCOVERY_RATE).sum())
    yield Statement(
        Subject(POOLED), "series_named",
        estimate(named, None, Method("none_counted"), len(alone), counted, level), named,
        float(len(alone)),
    )  # fmt: skip


def _about(
    found: Comparison, group: str, series: int, controls: int, subset: str = WHOLE
) -> _About:
    before, after = found.sides
    given: dict[str, Argument] = {
        "series": series,
        "controls": controls,
        "before": before,
        "after": after,
    }
    return _About(
        Subject(group, subset=subset),
        Method("behaviour_integrated_reml", {"freedom": found.fit.freedom}),
        Denominator("behaviour_periods", given), before + after,
    )  # fmt: skip


def _of_comparison(found: Comparison, about: _About, level: float) -> Iterator[Statement]:
    for statistic in ("mean_change", *CHANGES):
        effect = found.effect(statistic)
        if effect is not None:
            yield _ratio(statistic, effect, about, level)


def _beside(found: Comparison, about: _About, level: float) -> Iterator[Statement]:
    """Make the same statements of series like these, and by two rivals of the method."""
    others = _About(
        Subject(POOLED, assignment="random_effects"),
        Method("behaviour_random_effects", {"freedom": found.fit.freedom}), about.denominator,
        about.n,
    )  # fmt: skip
    for statistic in ("mean_change", *CHANGES):
        effect = found.effect(statistic, of_others=True)
        if effect is not None:
            yield _ratio(statistic, effect, others, level)
    freedom: dict[str, Argument] = {"freedom": found.fit.freedom}
    for statistic, column in CHANGES.items():
        if column in found.columns.names:
            contrast = found.columns.contrast(**{column: 1.0})
            for code, effect in (
                ("behaviour_reml", found.fit.by_reml(contrast)),
                ("behaviour_prais_winsten", found.by_prais_winsten().of(contrast)),
            ):
                rival = _About(
                    Subject(POOLED, assignment=code.removeprefix("behaviour_")),
                    Method(code, freedom), about.denominator, about.n,
                )  # fmt: skip
                yield _ratio(statistic, effect, rival, level)


def _ratio(statistic: str, effect: Mixture, about: _About, level: float) -> Statement:
    low, high = np.exp(effect.interval(level)).tolist()
    made = estimate(
        float(np.exp(effect.mean)), (low, high), about.method, about.n, about.denominator, level
    )
    return Statement(about.subject, statistic, made)


def statements_of_segmented(made: Segmented, question: Question) -> Iterator[Statement]:
    """State each coefficient of a published study's design; as ratios, where counts were fitted."""
    of = Denominator("behaviour_one_series", {"before": made.before, "after": made.after})
    method = Method(_PUBLISHED[question.design])
    for one in made.coefficients:
        ends = (one.value, one.low, one.high)
        value, low, high = np.exp(ends).tolist() if made.scale == "ratios" else ends
        kept = estimate(value, (low, high), method, made.before + made.after, of, question.level)
        yield Statement(Subject(POOLED), f"segmented_{one.name}", kept)
