"""What the best forecaster is meant to reach, beside what it measured."""

from __future__ import annotations

from typing import Any

Figures = dict[str, Any]

#: Information gain of the means alone over the past mean, same totals, weekly, nats per incident.
GAINS = {
    250: {"THEFT": 0.029, "BATTERY": 0.022, "CRIMINAL DAMAGE": 0.060, "ASSAULT": 0.072},
    500: {"THEFT": 0.0135, "BATTERY": 0.0045, "CRIMINAL DAMAGE": 0.0145, "ASSAULT": 0.024},
}
COVERAGE_LEVEL, COVERAGE_WITHIN = 0.95, (0.93, 0.97)
REACHED, MISSED, UNTOLD = "reached", "MISSED", "too few"

Line = tuple[str, Figures, str]


def judge(tables: list[Figures], judged: str) -> list[Figures]:
    """Return a line for each goal, case and category: the goal, what was measured, the verdict.

    The verdict is ``"reached"``, ``"MISSED"``, or ``"too few"`` where so few numbers cannot tell.

    Parameters
    ----------
    tables : list of dict
        As `Measuring.category` gives them.
    judged : str
        Forecaster that is to reach the goals. Where it made no forecasts there is no line.
    """
    lines = []
    for table in tables:
        row = table["forecasters"].get(judged, {"left_out": "not asked for"})
        if "left_out" in row:
            continue
        for goal, measured, verdict in [
            *_gain(table, row),
            *_best(table),
            *_coverage(table, row),
            *_capture(row),
        ]:
            lines.append(
                {
                    "case": table["case"],
                    "category": table["category"],
                    "goal": goal,
                    "measured": measured,
                    "verdict": verdict,
                }
            )
    return lines


def _gain(table: Figures, row: Figures) -> list[Line]:
    wanted = GAINS.get(table["size_m"], {}).get(table["category"])
    if table["length"] != "week" or wanted is None or "over_floor" not in row:
        return []
    measured = row["over_floor"]["means_alone"]
    reached = measured["value"] is not None and measured["value"] >= wanted
    goal = f"gain of the means over the past mean, same totals, at least {wanted:+.4f}"
    return [(goal, measured, _verdict(reached))]


def _best(table: Figures) -> list[Line]:
    """No other forecaster is better beyond noise; the closest rival is shown."""
    rivals = {
        name: row["judged_over_this"]["same_totals"]
        for name, row in table["forecasters"].items()
        if row.get("judged_over_this", {}).get("same_totals", {}).get("value") is not None
    }
    if not rivals:
        return []
    closest = min(rivals, key=lambda name: rivals[name]["value"])
    reached = all(_not_below_0(gain) for gain in rivals.values())
    goal = f"no other better beyond noise; gain over the closest, {closest}, same totals"
    return [(goal, rivals[closest], _verdict(reached))]


def _coverage(table: Figures, row: Figures) -> list[Line]:
    """Coverage of totals moves in steps of about one period: with few it cannot hit the range."""
    low, high = COVERAGE_WITHIN
    number = {"cells": table["cells"] * table["periods"], "totals": table["periods"]}
    lines = []
    for coverage in row["coverage"]:
        if coverage["level"] == COVERAGE_LEVEL:
            for key, count in number.items():
                measured = coverage[key]
                verdict = _verdict(low <= measured["value"] <= high)
                goal = f"coverage of 95% intervals of {key}, {low:.0%} to {high:.0%}"
                lines.append((goal, measured, verdict if count * (high - low) >= 1.0 else UNTOLD))
    return lines


def _capture(row: Figures) -> list[Line]:
    if "capture_over_floor" not in row:
        return []
    measured = row["capture_over_floor"]
    goal = "capture rate at 1% minus the past mean's, not below 0 beyond noise"
    return [(goal, measured, _verdict(_not_below_0(measured)))]


def _not_below_0(estimate: Figures) -> bool:
    """Tell whether the interval, or without one the value, reaches 0 or more."""
    end = estimate["high"] if estimate["high"] is not None else estimate["value"]
    return end is not None and end >= 0.0


def _verdict(reached: bool) -> str:
    return REACHED if reached else MISSED
