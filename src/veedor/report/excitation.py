"""What a self-exciting fit found, and what may not be read into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report.numbers import number, percent

Record = Mapping[str, Any]

_NOT_CONTAGION = (
    "A branching ratio is not contagion. It says how far recorded incidents stand closer together "
    "in place and time than the places' long-run record alone would have them. Busy addresses "
    "within a cell, a busy season in one place, one event entered as several records, and patrols "
    "that stay where something was recorded all look the same. The slower the kernel of time, the "
    "more of what is always there it takes for excitation."
)
# From here on it is worth saying that the kernel was cut.
_MUCH_CUT = 0.05


def excitations(results: Record) -> list[str]:
    """Sentences on every forecast that fitted a branching ratio; empty where none did."""
    told = [
        _sentence(category["name"], forecast["forecaster"], forecast["fitted"])
        for category in results["categories"]
        for forecast in category["forecasts"]
        if isinstance(forecast["fitted"].get("branching_ratio_"), float)
    ]
    return [*told, _NOT_CONTAGION] if told else []


def _sentence(category: str, who: str, fitted: Record) -> str:
    error = fitted["kappa_se_"]
    told = [
        f"{category}, {who}: at the last cut-off the branching ratio, how many incidents directly "
        f"follow one, was {number(fitted['branching_ratio_'])}; without those of the same day "
        f"{number(fitted['kappa_'])}"
        + ("" if error is None else f" (standard error {number(error)})")
        + f", out of {number(fitted['incidents_'])} incidents."
    ]
    if not fitted["converged_"]:
        told.append("The fit did not converge.")
    if fitted["at_lower_bound_"]:
        told.append(
            "The scale of distance is the smallest that is allowed: a smaller one would describe "
            "addresses."
        )
    if fitted["at_upper_bound_"]:
        told.append("A scale is the whole reach: the kernel stands for the background.")
    if fitted["truncated_time_"] >= _MUCH_CUT:
        told.append(
            f"{percent(fitted['truncated_time_'])} of the fitted kernel of time lies beyond its "
            "reach and was cut."
        )
    return " ".join(told)
