"""How far readers agree: tables, coefficients with their intervals, and each with itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.audit import Statement, Subject
from veedor.audits.reading.readings import Readings
from veedor.audits.reading.results import AgreementTable
from veedor.statistics.agreement import (
    NO_ANSWER,
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
from veedor.statistics.resampling import expanded_tail
from veedor.statistics.stratified import share_when_none_found

#: Rows beyond the strata that an interval needs.
_FEWEST = 6
#: Rows on which readers must agree on another answer than the most frequent one, for an interval of
#: kappa or alpha: with fewer, simulated intervals hold the truth in 52% to 91% of cases.
RARE_AGREED = 3

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

    Rows are weighted by one over their chance of being drawn. Intervals are of a Bayesian
    bootstrap: in each stratum the shares of what readers said are drawn by Dirichlet's distribution
    about the rows, and weighed by the stratum's size; the percentile at each end is that of
    `expanded_tail`. One row more is taken to have been read, which lies in each stratum by its
    size, and half of which agreed: else a stratum where all agree would be taken for one that is
    known, however few of its rows were read. Where all readers agree, the bound is that of
    `share_when_none_found`.

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

    References
    ----------
    Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics 9, 130-134.
    https://doi.org/10.1214/aos/1176345338
    """
    n, codes = len(of), readings.codes[of]
    strata = np.unique(strata, return_inverse=True)[1].ravel()
    sizes = np.bincount(strata, weights=weights)
    answered = np.sum(codes != NO_ANSWER, axis=1) >= 2
    alike = not bool(_apart(codes).any())
    made: list[Statement] = []
    categories = max(len(readings.names), 2)
    kinds, read = _by_pattern(codes, strata, categories)
    share = sizes / sizes.sum()
    drawn = read.sum(axis=1, keepdims=True)
    whole = Ratings(kinds, n * (share @ (read / drawn)), categories)
    if not alike:
        again = replace(whole, weights=n * _drawn(kinds, read, share, rng, replicates))
    tail = 100.0 * expanded_tail(n, level, fitted=len(sizes)) if n > len(sizes) else 0.0
    for name, figure in coefficients(codes.shape[1], counts, readings.values).items():
        value = float(figure(whole))
        found: Estimate
        if np.isnan(value):
            found = _without(None, Method("none_undefined"), n, level)
        elif alike and name == "agreement":
            paired = np.bincount(strata[answered], minlength=len(sizes))
            most = share_when_none_found(1e9 * share[paired > 0], paired[paired > 0], level)
            found = Estimate(value, 1.0 - most, 1.0, level, Method("all_agree"), n, _rows())
        elif alike:
            found = _without(value, Method("none_all_agree"), n, level)
        elif name in ("kappa", "alpha") and agreed_on_rare(codes) < RARE_AGREED:
            found = _without(value, Method("none_rare_answer", {"k": RARE_AGREED}), n, level)
        elif n - len(sizes) < _FEWEST:
            found = _without(value, Method("none_few_rows", {"rows": n}), n, level)
        else:
            low, high = np.percentile(figure(again), [tail, 100.0 - tail])
            # The row more moves the middle: what was found is never outside.
            found = Estimate(
                value, min(float(low), value), max(float(high), value), level,
                Method("bayesian_bootstrap", {"replicates": replicates}), n, _rows(),
            )  # fmt: skip
        made.append(Statement(subject, name, found))
    return made


def _by_pattern(codes: Ints, strata: Ints, categories: int) -> tuple[Ints, Floats]:
    """What readers said, and rows of each stratum that said it; all of one answer, read or not."""
    one = np.repeat(np.arange(categories)[:, None], codes.shape[1], axis=1)
    kinds, place = np.unique(np.concatenate([codes, one]), axis=0, return_inverse=True)
    read = np.zeros((int(strata.max()) + 1, len(kinds)))
    np.add.at(read, (strata, place.ravel()[: len(codes)]), 1.0)
    return kinds, read


def _drawn(
    kinds: Ints, read: Floats, share: Floats, rng: np.random.Generator, replicates: int
) -> Floats:
    """Shares of the frame that said each, drawn anew: shape (replicates, kinds)."""
    pooled = share @ (read / read.sum(axis=1, keepdims=True))
    apart = _apart(kinds)
    more = np.zeros(len(kinds))
    for part in (apart, ~apart & (kinds != NO_ANSWER).all(axis=1)):
        seen = pooled * part if (pooled * part).any() else part.astype(np.float64)
        more += 0.5 * seen / seen.sum()
    found = np.zeros((replicates, len(kinds)))
    for rows, size in zip(read, share, strict=True):
        drawn = rng.standard_gamma(rows + size * more, (replicates, len(kinds)))
        found += size * drawn / drawn.sum(axis=1, keepdims=True)
    return found


def _apart(codes: Ints) -> Bools:
    """Rows to which two readers gave different answers.

    Examples
    --------
    >>> _apart(np.array([[0, 0, 1], [1, 1, 1], [1, -1, 1]])).tolist()
    [True, False, False]
    """
    least = np.where(codes == NO_ANSWER, np.iinfo(np.int64).max, codes).min(axis=1)
    return np.asarray((codes.max(axis=1) != least) & (codes != NO_ANSWER).any(axis=1))


def agreed_on_rare(codes: Ints) -> int:
    """Rows on which two readers or more agree on an answer, of the one second in this.

    Examples
    --------
    >>> agreed_on_rare(np.array([[0, 0], [0, 0], [1, 1], [0, 1]]))
    1
    """
    many = [int(np.sum(np.sum(codes == one, axis=1) >= 2)) for one in np.unique(codes)]
    return sorted(many)[-2] if len(many) > 1 else 0


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
