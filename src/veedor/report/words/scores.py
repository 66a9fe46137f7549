"""What each score is called, its unit, which way is better and what it means."""

from __future__ import annotations

from typing import NamedTuple

from veedor.report.words.language import Words, noted
from veedor.verification import SCORES

_SMALLER, _LARGER = noted("smaller is better"), noted("larger is better")


class ScoreWords(NamedTuple):
    """Templates of one score; its source as it is."""

    label: str
    unit: str
    orientation: str
    meaning: str
    source: str


SCORE_WORDS = {
    "log_score": ScoreWords(
        noted("Log score"),
        noted("nats per cell and period"),
        _SMALLER,
        noted("How surprising the recorded counts were, given the forecast distribution."),
        SCORES["log_score"].source,
    ),
    "poisson_deviance": ScoreWords(
        noted("Poisson deviance"),
        noted("per cell and period"),
        _SMALLER,
        noted("Distance of the expected from the recorded counts; only the means matter."),
        SCORES["poisson_deviance"].source,
    ),
    "crps": ScoreWords(
        noted("CRPS"),
        noted("incidents per cell and period"),
        _SMALLER,
        noted(
            "Continuous ranked probability score: distance of the whole "
            "distribution from the count."
        ),
        SCORES["crps"].source,
    ),
    "ranked_probability_score": ScoreWords(
        noted("Ranked probability score"),
        noted("probability squared, per cell and period"),
        _SMALLER,
        noted("Squared errors of the probabilities of at least 1, 2, 3 and 5 incidents, summed."),
        SCORES["ranked_probability_score"].source,
    ),
    "brier": ScoreWords(
        noted("Brier score of at least one"),
        noted("probability squared, per cell and period"),
        _SMALLER,
        noted("Squared error of the probability that a cell records at least one incident."),
        SCORES["brier"].source,
    ),
    "quantile_score": ScoreWords(
        noted("Quantile score at 0.9"),
        noted("incidents per cell and period"),
        _SMALLER,
        noted("Pinball loss of the count that one forecast in ten should see exceeded."),
        SCORES["quantile_score"].source,
    ),
    "weighted_interval_score": ScoreWords(
        noted("Weighted interval score"),
        noted("incidents per cell and period"),
        _SMALLER,
        noted(
            "Error of the median, and widths and misses of central intervals of 50%, 80% and 95%."
        ),
        SCORES["weighted_interval_score"].source,
    ),
    "dawid_sebastiani": ScoreWords(
        noted("Dawid-Sebastiani score"),
        noted("none; per cell and period"),
        _SMALLER,
        noted("Squared error by the forecast variance, plus the log variance."),
        SCORES["dawid_sebastiani"].source,
    ),
    "information_gain": ScoreWords(
        noted("Information gain"),
        noted("nats per incident"),
        _LARGER,
        noted(
            "How much more probable the forecast made the recorded counts than the reference did."
        ),
        "Rhoades et al. (2011), https://doi.org/10.2478/s11600-011-0013-5",
    ),
    "capture_rate": ScoreWords(
        noted("Capture rate"),
        noted("share of incidents"),
        _LARGER,
        noted(
            "Share of the recorded incidents in the flagged area; ties are broken by expectation."
        ),
        "Chainey et al. (2008), https://doi.org/10.1057/palgrave.sj.8350066",
    ),
    "pai": ScoreWords(
        noted("PAI"),
        noted("ratio"),
        _LARGER,
        noted("Prediction accuracy index: capture rate by share of area; 1 is chance."),
        "Chainey et al. (2008), https://doi.org/10.1057/palgrave.sj.8350066",
    ),
    "pei": ScoreWords(
        noted("PEI"),
        noted("ratio"),
        _LARGER,
        noted(
            "Prediction efficiency index: captured by the most that any "
            "choice of this area captures."
        ),
        "Hunt (2016), dissertation, American University",
    ),
    "ppai": ScoreWords(
        noted("PPAI"),
        noted("ratio"),
        _LARGER,
        noted("Penalised PAI: capture rate by the square root of the share of area."),
        "Joshi et al. (2021), https://doi.org/10.3390/ijgi10090597",
    ),
}


def score_name(words: Words, score: str) -> str:
    """Name a score.

    >>> from veedor.report.words import words_in
    >>> score_name(words_in("en"), "crps")
    'CRPS'
    """
    return words.say(SCORE_WORDS[score].label)
