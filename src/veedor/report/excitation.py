"""What a self-exciting fit found, and what may not be read into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report.document import Section
from veedor.report.words import Words, noted
from veedor.study.results import StudyResults

Record = Mapping[str, Any]

_NOT_CONTAGION = noted(
    "A branching ratio is not contagion. It says how far recorded incidents stand closer together "
    "in place and time than the places' long-run record alone would have them. Busy addresses "
    "within a cell, a busy season in one place, one event entered as several records, and patrols "
    "that stay where something was recorded all look the same. The slower the kernel of time, the "
    "more of what is always there it takes for excitation."
)
# From here on it is worth saying that the kernel was cut.
_MUCH_CUT = 0.05


def excitations(words: Words, results: StudyResults) -> list[Section]:
    """Say what every forecast found that fitted a branching ratio, where one did."""
    told = [
        _sentence(words, category.name, who, fitted)
        for category in results.categories
        for who, fitted in category.fitted.items()
        if isinstance(fitted.get("branching_ratio_"), float)
    ]
    if not told:
        return []
    title = words.say("What a self-exciting fit does and does not say")
    return [Section(title, sentences=[*told, words.say(_NOT_CONTAGION)])]


def _sentence(words: Words, category: str, who: str, fitted: Record) -> str:
    error = fitted["kappa_se_"]
    given = {
        "name": category,
        "who": who,
        "ratio": words.number(fitted["branching_ratio_"]),
        "kappa": words.number(fitted["kappa_"]),
        "error": words.number(error),
        "incidents": words.number(fitted["incidents_"]),
    }
    told = [
        words.say(
            "{name}, {who}: at the last cut-off the branching ratio, how many incidents directly "
            "follow one, was {ratio}; without those of the same day {kappa}, out of {incidents} "
            "incidents.",
            **given,
        )
        if error is None
        else words.say(
            "{name}, {who}: at the last cut-off the branching ratio, how many incidents directly "
            "follow one, was {ratio}; without those of the same day {kappa} (standard error "
            "{error}), out of {incidents} incidents.",
            **given,
        )
    ]
    if not fitted["converged_"]:
        told.append(words.say("The fit did not converge."))
    if fitted["at_lower_bound_"]:
        told.append(
            words.say(
                "The scale of distance is the smallest that is allowed: a smaller one would "
                "describe addresses."
            )
        )
    if fitted["at_upper_bound_"]:
        told.append(words.say("A scale is the whole reach: the kernel stands for the background."))
    if fitted["truncated_time_"] >= _MUCH_CUT:
        told.append(
            words.say(
                "{share} of the fitted kernel of time lies beyond its reach and was cut.",
                share=words.percent(fitted["truncated_time_"]),
            )
        )
    return " ".join(told)
