r"""How far readers of the same items agree, and how far that is beyond chance.

Items are given by pattern: which answer each reader gave, and how much weight stands behind it. An
axis of weights before the last one makes a figure for each replicate of a bootstrap at once.

All coefficients are :math:`(p_a - p_e) / (1 - p_e)`: they differ in the agreement by chance,
:math:`p_e`, alone. 1 is full agreement, 0 is chance; below 0 readers disagree more than chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from veedor.arrays import Floats, Ints

#: How far two answers are apart: different or not; by ranks; by their difference.
Distance = Literal["nominal", "ordinal", "interval"]
#: Stands for an answer that a reader did not give.
NO_ANSWER = -1


@dataclass(frozen=True, eq=False)
class Ratings:
    """Which answer each reader gave, by pattern.

    Parameters
    ----------
    answers : array of int, shape (patterns, readers)
        From 0, of `categories`; `NO_ANSWER` where a reader gave none.
    weights : array, shape (..., patterns)
        How many items gave each pattern; need not be whole.
    categories : int
        How many answers there are to choose from, chosen or not: at least 2.
    """

    answers: Ints
    weights: Floats
    categories: int

    def given(self) -> Floats:
        """How many readers gave each answer: shape (patterns, categories)."""
        return np.stack([np.sum(self.answers == k, axis=1) for k in range(self.categories)], 1)

    def table(self) -> Floats:
        """Items by the answer of the first reader (rows) and of the second (columns).

        Raises
        ------
        ValueError
            For any other number of readers than two.

        Examples
        --------
        >>> Ratings(np.array([[0, 0], [0, 1]]), np.array([40.0, 9.0]), 2).table().tolist()
        [[40.0, 9.0], [0.0, 0.0]]
        """
        if self.answers.shape[1] != 2:
            raise ValueError("a table of two readers needs two readers")
        both = (self.answers >= 0).all(axis=1)
        place = self.answers[both, 0] * self.categories + self.answers[both, 1]
        cells = np.zeros((int(both.sum()), self.categories**2))
        cells[np.arange(len(place)), place] = 1.0
        counted = self.weights[..., both] @ cells
        return counted.reshape(*counted.shape[:-1], self.categories, self.categories)


def observed_agreement(ratings: Ratings) -> Floats:
    r"""Share of pairs of readers who gave an item the same answer, over items with a pair.

    .. math:: p_a = \frac{\sum_i w_i \sum_k r_{ik}(r_{ik} - 1) / (r_i(r_i - 1))}{\sum_i w_i}

    Undefined (NaN) where no item has two answers.

    Parameters
    ----------
    ratings : Ratings

    Returns
    -------
    array, shape (...)
        In [0, 1].

    Examples
    --------
    >>> ratings = Ratings(np.array([[0, 0], [0, 1]]), np.array([3.0, 1.0]), 2)
    >>> observed_agreement(ratings).item()
    0.75
    """
    given = ratings.given()
    many = given.sum(axis=1)
    paired = many >= 2
    pairs = np.sum(given * (given - 1), axis=1)[paired] / (many * (many - 1))[paired]
    weights = ratings.weights[..., paired]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(weights @ pairs / weights.sum(axis=-1))


def cohen_kappa(ratings: Ratings) -> Floats:
    r"""Cohen's kappa of two readers: chance is the product of how often each gives an answer.

    .. math:: p_e = \sum_k p_{k\cdot}\, p_{\cdot k}

    Over items that both answered. Undefined (NaN) where both always gave one and the same answer:
    then chance alone would agree as well.

    Where one answer is rare, kappa is low however often readers agree (Feinstein & Cicchetti): with
    85% agreement it is .70 where answers are even and .32 where nine in ten are alike. It is to be
    read beside the table.

    Parameters
    ----------
    ratings : Ratings
        Of two readers.

    Returns
    -------
    array, shape (...)
        At most 1.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement 20, 37-46. https://doi.org/10.1177/001316446002000104

    Feinstein, A. R. & Cicchetti, D. V. (1990). High agreement but low kappa: I. The problems of two
    paradoxes. Journal of Clinical Epidemiology 43, 543-549.
    https://doi.org/10.1016/0895-4356(90)90158-L

    Examples
    --------
    Feinstein and Cicchetti's two tables, 85% agreement each:

    >>> both = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> even, uneven = np.array([40.0, 9, 6, 45]), np.array([80.0, 10, 5, 5])
    >>> cohen_kappa(Ratings(both, np.stack([even, uneven]), 2)).round(2).tolist()
    [0.7, 0.32]
    """
    table = ratings.table()
    total = table.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = table / total[..., None, None]
        same = np.trace(share, axis1=-2, axis2=-1)
        chance = np.sum(share.sum(axis=-1) * share.sum(axis=-2), axis=-1)
        return _beyond(same, chance)


def fleiss_kappa(ratings: Ratings) -> Floats:
    r"""Fleiss's kappa of any number of readers: chance is how often each answer is given.

    .. math:: p_e = \sum_k \pi_k^2, \qquad
              \pi_k = \frac{\sum_i w_i\, r_{ik} / r_i}{\sum_i w_i}

    in Gwet's form for items that not all readers answered. Of two readers it is Scott's pi. What
    is said of the paradox of `cohen_kappa` holds here, too.

    Parameters
    ----------
    ratings : Ratings

    Returns
    -------
    array, shape (...)
        At most 1. NaN where only one answer was ever given.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin 76, 378-382. https://doi.org/10.1037/h0031619

    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapter 2.

    Examples
    --------
    >>> ratings = Ratings(np.array([[0, 0], [0, 1], [1, 1]]), np.array([2.0, 2.0, 2.0]), 2)
    >>> round(fleiss_kappa(ratings).item(), 4)
    0.3333
    """
    return _beyond(observed_agreement(ratings), np.sum(_given_shares(ratings) ** 2, axis=-1))


def gwet_ac1(ratings: Ratings) -> Floats:
    r"""Gwet's AC1 of any number of readers: chance is that of an item that is hard to judge.

    .. math:: p_e = \frac{1}{q - 1} \sum_k \pi_k (1 - \pi_k)

    of q answers there are to choose from. Chance is small where one answer is rare, so that it does
    not fall as kappa does; it then says little more than the agreement itself.

    Parameters
    ----------
    ratings : Ratings

    Returns
    -------
    array, shape (...)
        At most 1; NaN where no item has two answers.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
    agreement. British Journal of Mathematical and Statistical Psychology 61, 29-48.
    https://doi.org/10.1348/000711006X126600

    Examples
    --------
    Feinstein and Cicchetti's two tables, 85% agreement each:

    >>> both = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> even, uneven = np.array([40.0, 9, 6, 45]), np.array([80.0, 10, 5, 5])
    >>> gwet_ac1(Ratings(both, np.stack([even, uneven]), 2)).round(2).tolist()
    [0.7, 0.81]
    """
    share = _given_shares(ratings)
    chance = np.sum(share * (1.0 - share), axis=-1) / (ratings.categories - 1)
    return _beyond(observed_agreement(ratings), chance)


def krippendorff_alpha(
    ratings: Ratings, distance: Distance = "nominal", values: Floats | None = None
) -> Floats:
    r"""Krippendorff's alpha of any number of readers: one less disagreement by that of chance.

    .. math:: \alpha = 1 - (n - 1)
              \frac{\sum_{c,k} o_{ck}\, \delta^2_{ck}}{\sum_{c,k} n_c n_k\, \delta^2_{ck}},
              \qquad o_{ck} = \sum_i w_i \frac{\text{pairs } c, k \text{ of } i}{r_i - 1}

    over items with two answers or more; n is how many answers they have, so that weights are to sum
    to the number of items. :math:`\delta` is 1 for any two different answers (nominal); how many
    answers lie between two, with half of each (ordinal); or their difference (interval).

    Parameters
    ----------
    ratings : Ratings
    distance : {"nominal", "ordinal", "interval"}
    values : array, shape (categories,), optional
        What each answer counts for, of ``"interval"``; answers are in their order.

    Returns
    -------
    array, shape (...)
        At most 1; NaN where only one answer was ever given, or no item has two answers.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania,
    Annenberg School for Communication. https://repository.upenn.edu/asc_papers/43

    Hayes, A. F. & Krippendorff, K. (2007). Answering the call for a standard reliability measure
    for coding data. Communication Methods and Measures 1, 77-89.
    https://doi.org/10.1080/19312450709336664

    Examples
    --------
    Krippendorff's first example, ten items of two readers:

    >>> meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    >>> ratings = Ratings(np.array([meg, owen]).T, np.ones(10), 2)
    >>> round(krippendorff_alpha(ratings).item(), 3)
    0.095
    """
    given = ratings.given().astype(np.float64)
    many = given.sum(axis=1)
    paired = many >= 2
    given, many, weights = given[paired], many[paired], ratings.weights[..., paired]
    q = ratings.categories
    pairs = given[:, :, None] * given[:, None, :]
    pairs[:, np.arange(q), np.arange(q)] -= given
    pairs /= (many - 1.0)[:, None, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        together = np.tensordot(weights, pairs, axes=(-1, 0))
        each = together.sum(axis=-1)
        total = each.sum(axis=-1)
        apart = _distances(each, distance, values)
        found = np.sum(together * apart, axis=(-2, -1))
        by_chance = np.sum(each[..., :, None] * each[..., None, :] * apart, axis=(-2, -1))
        return np.asarray(
            np.where(by_chance > 0.0, 1.0 - (total - 1.0) * found / by_chance, np.nan)
        )


def _distances(each: Floats, distance: Distance, values: Floats | None) -> Floats:
    """Squared distance of any two answers; the ordinal one hangs on how often each is given."""
    q = each.shape[-1]
    if distance == "nominal":
        return 1.0 - np.eye(q)
    if distance == "interval":
        at = np.arange(q, dtype=np.float64) if values is None else values
        return np.asarray((at[:, None] - at[None, :]) ** 2)
    # From the middle of one answer to the middle of the other, by answers given.
    middle = np.cumsum(each, axis=-1) - each / 2.0
    return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)


def _given_shares(ratings: Ratings) -> Floats:
    """Share of each answer, each item counted by its weight: shape (..., categories)."""
    given = ratings.given()
    many = given.sum(axis=1)
    there = many > 0
    weights = ratings.weights[..., there]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = weights @ (given[there] / many[there, None])
        return np.asarray(shares / weights.sum(axis=-1)[..., None])


def _beyond(same: Floats, chance: Floats) -> Floats:
    """Agreement beyond chance; NaN where chance alone would always agree."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (same - chance) / (1.0 - chance)
    return np.asarray(np.where(1.0 - chance > 1e-12, found, np.nan))
