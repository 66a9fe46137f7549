"""How far readers agree: tables, coefficients with their intervals, and each with itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.audit import Statement, Subject
from veedor.audits.reading.readings import Readings
from veedor.audits.reading.results import AgreementTable
from veedor.statistics.agreement import (
    Ratings,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.statistics.intervals import clopper_pearson
from veedor.statistics.resampling import expanded_tail, resampled
from veedor.statistics.stratified import share_when_none_found

#: Rows beyond the strata that an interval needs.
_FEWEST = 6
#: Rows on which readers must agree on another answer than the most frequent one, for an interval of
#: kappa or alpha: with fewer, simulated intervals hold the truth in 52% to 91% of cases.
RARE_AGREED = 3
#: Share of the replicates in which a coefficient must be defined.
_DEFINED = 0.9

Coefficient = Callable[[Ratings], Floats]


def coefficients(readers: int, counts: bool, values: Floats) -> dict[str, Coefficient]:
    """Return the coefficients of a kind of reading, by statistic."""
    if counts:
        return {
            "agreement": observed_agreement,
            "alpha_ordinal": lambda one: krippendorff_alpha(one, "ordinal"),
            "alpha_interval": lambda one: krippendorff_alpha(one, "interval", values),
        }
    return {
        "agreement": observed_agreement,
        "kappa": cohen_kappa if readers == 2 else fleiss_kappa,
        "ac1": gwet_ac1,
        "alpha": krippendorff_alpha,
    }


def agreement_statements(
    readings: Readings,
    of: Ints,
    strata: Ints,
    weights: Floats,
    subject: Subject,
    *,
    counts: bool,
    level: float,
    replicates: int,
    rng: np.random.Generator,
) -> list[Statement]:
    """State how far readers agree on rows of a random sample, for the frame that it was drawn from.

    Rows are weighted by one over their chance of being drawn, and drawn again within strata.

    Parameters
    ----------
    readings : Readings
    of : array of int, shape (rows,)
        Which items.
    strata : array of int, shape (rows,)
        Of each, from 0.
    weights : array, shape (rows,)
        One over the chance of being drawn.
    subject : Subject
    counts : bool
    level : float
    replicates : int
    rng : numpy.random.Generator
    """
    n, codes = len(of), readings.codes[of]
    patterns, place = np.unique(np.column_stack([strata, codes]), axis=0, return_inverse=True)
    many = np.bincount(place.ravel(), minlength=len(patterns))
    weight = weights[np.unique(place.ravel(), return_index=True)[1]] * n / weights.sum()
    drawn = np.zeros((replicates, len(patterns)))
    for stratum in np.unique(strata):
        here = patterns[:, 0] == stratum
        drawn[:, here] = resampled(many[here], rng, replicates)
    categories = max(len(readings.names), 2)
    whole = Ratings(patterns[:, 1:], many * weight, categories)
    again = Ratings(patterns[:, 1:], drawn * weight, categories)
    fitted = len(np.unique(strata))
    alike = bool((codes == codes[:, :1]).all())
    made = []
    for name, figure in coefficients(codes.shape[1], counts, readings.values).items():
        value = float(figure(whole))
        found: Estimate
        if np.isnan(value):
            found = _without(None, Method("none_undefined"), n, level)
        elif alike and name == "agreement":
            low = 1.0 - share_when_none_found([10**9], [n], level)
            found = Estimate(value, low, 1.0, level, Method("all_agree"), n, _rows())
        elif alike:
            found = _without(value, Method("none_all_agree"), n, level)
        elif name in ("kappa", "alpha") and agreed_on_rare(codes) < RARE_AGREED:
            found = _without(value, Method("none_rare_answer", {"k": RARE_AGREED}), n, level)
        elif n - fitted < _FEWEST:
            found = _without(value, Method("none_few_rows", {"rows": n}), n, level)
        else:
            found = _resampled(value, figure(again), n, fitted, level)
        made.append(Statement(subject, name, found))
    return made


def agreed_on_rare(codes: Ints) -> int:
    """Rows on which two readers or more agree on an answer, of the one second in this.

    Examples
    --------
    >>> agreed_on_rare(np.array([[0, 0], [0, 0], [1, 1], [0, 1]]))
    1
    """
    many = [int(np.sum(np.sum(codes == one, axis=1) >= 2)) for one in np.unique(codes)]
    return sorted(many)[-2] if len(many) > 1 else 0


def _resampled(value: float, drawn: Floats, n: int, fitted: int, level: float) -> Estimate:
    known = drawn[np.isfinite(drawn)]
    if len(known) < _DEFINED * len(drawn):
        return _without(value, Method("none_few_rows", {"rows": n}), n, level)
    tail = 100.0 * expanded_tail(n, level, fitted=fitted)
    low, high = np.percentile(known, [tail, 100.0 - tail])
    method = Method("stratified_bootstrap", {"replicates": len(drawn)})
    return Estimate(value, float(low), float(high), level, method, n, _rows())


def _without(value: float | None, method: Method, n: int, level: float) -> Estimate:
    return Estimate(value, None, None, level, method, n, _rows())


def _rows() -> Denominator:
    return Denominator("rows_of_several_readers")


def self_agreement(readings: Readings, level: float) -> Statement | None:
    """State how often a reader gave a row the same answer again; None without repeats."""
    pairs = readings.repeats
    if not len(pairs):
        return None
    same = int(np.sum(pairs[:, 0] == pairs[:, 1]))
    low, high = clopper_pearson(same, len(pairs), level)
    made = Estimate(
        same / len(pairs), float(low), float(high), level, Method("clopper_pearson"), len(pairs),
        Denominator("hidden_repeats"),
    )  # fmt: skip
    return Statement(Subject("all"), "self_agreement", made, float(same), float(len(pairs)))


def tables(readings: Readings, parts: dict[str, Bools]) -> tuple[AgreementTable, ...]:
    """Rows by what any two readers said, as they were read, of each part of the frame."""
    made = []
    for part, here in parts.items():
        for first, second in combinations(range(readings.codes.shape[1]), 2):
            pair = Ratings(
                readings.codes[here][:, [first, second]], np.ones(int(here.sum())),
                max(len(readings.names), 2),
            )  # fmt: skip
            counts = pair.table().astype(np.int64).tolist()
            made.append(
                AgreementTable(
                    part, first + 1, second + 1, readings.names, tuple(map(tuple, counts))
                )
            )
    return tuple(made)


def shares_of_agreement(judged: Floats) -> dict[str, Bools]:
    """Whether all readers gave a row one count, most of them one, or no two most.

    Only rows with two counts or more; the three are of one another's rest.

    Parameters
    ----------
    judged : array, shape (rows, readers)
        Counts; NaN for who cannot tell.

    Examples
    --------
    >>> found = shares_of_agreement(np.array([[2.0, 2, 2], [2, 2, 3], [1, 2, 3]]))
    >>> [name for row in range(3) for name, are in found.items() if are[row]]
    ['unanimous', 'majority', 'none']
    """
    most: Sequence[int] = [
        max((int(np.sum(row == one)) for one in row[~np.isnan(row)]), default=0) for row in judged
    ]
    given = np.sum(~np.isnan(judged), axis=1)
    largest = np.array(most)
    paired = given >= 2
    unanimous = paired & (largest == given)
    majority = paired & ~unanimous & (2 * largest > given)
    return {
        "unanimous": unanimous,
        "majority": majority,
        "none": paired & ~unanimous & ~majority,
    }
