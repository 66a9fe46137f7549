"""The table behind each chart: every estimate with its interval and what it is out of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.report.numbers import (
    UNDEFINED,
    day,
    defined,
    interval,
    interval_name,
    number,
    out_of,
    percent,
)
from veedor.report.sentences import ABSENT, VERDICTS, verdict

Record = Mapping[str, Any]
Table = dict[str, Any]
_ESTIMATE = ("95% interval", "Out of")


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], headers: int = 1
) -> Table:
    """Make a table for the template: the first ``headers`` cells of a row name it.

    >>> table("Areas", ["Cell", "km²"], [["a", "1"]])["head"]
    ['Cell', 'km²']
    """
    return {
        "caption": caption,
        "head": [str(name) for name in head],
        "rows": [[str(cell) for cell in row] for row in rows],
        "headers": headers,
    }


def first_page(results: Record) -> Table:
    """Set every forecaster of every category beside the reference: gain, verdict, capture rate."""
    rows = []
    for category in results["categories"]:
        reference = reference_of(category, results)
        for forecast in category["forecasts"]:
            if forecast is reference:
                continue
            gain = forecast["gain"]["raw"]
            rows.append([
                category["name"],
                forecast["forecaster"],
                *(
                    (
                        number(gain["value"]),
                        interval(gain),
                        number(gain["smallest_shown"]),
                        out_of(gain),
                    )
                    if gain
                    else (UNDEFINED, UNDEFINED, UNDEFINED, "not computed")
                ),
                VERDICTS[verdict(gain)],
            ])  # fmt: skip
        for absent in category["absent"]:
            periods = f"{absent['origins_absent']} of {absent['origins']} cut-offs without"
            name = [category["name"], absent["forecaster"]]
            rows.append([*name, UNDEFINED, UNDEFINED, UNDEFINED, periods, VERDICTS[ABSENT]])
    return table(
        f"Information gain over {results['study']['reference']} (which is 0 by definition), in "
        f"nats per incident",
        [
            "Category",
            "Forecaster",
            "Gain",
            "95% interval",
            "Smallest that could have been shown",
            "Out of",
            "In words",
        ],
        rows,
        headers=2,
    )


def _errors(gain: Record) -> list[str]:
    """What a gain was held against."""
    return [
        interval({"low": gain["weeks_low"], "high": gain["weeks_high"]}),
        *(
            f"standard error {number(gain[key])}"
            for key in ("error_if_reference", "error_if_forecast")
        ),
        number(gain["p_adjusted"]),
    ]


def reference_of(category: Record, results: Record) -> Record | None:
    """Return the reference's forecast of a category, if there is one."""
    name = results["study"]["reference"]
    return next((f for f in category["forecasts"] if f["forecaster"] == name), None)


def gains(results: Record) -> Table:
    """Give information gain as forecast and rescaled to the same total."""
    rows = []
    for category in results["categories"]:
        for forecast in category["forecasts"]:
            for key, words in (("raw", "as forecast"), ("rescaled", "places alone")):
                gain = forecast["gain"].get(key)
                if gain is not None:
                    name = [category["name"], forecast["forecaster"], words]
                    rows.append([*name, number(gain["value"]), *_interval(gain), *_errors(gain)])
                elif key == "raw":
                    name = [category["name"], forecast["forecaster"], "the reference"]
                    rows.append([*name, "0 by definition", *["none"] * 6])
    return table(
        f"Information gain over {results['study']['reference']}, nats per incident; larger is "
        f"better. Each end of the 95% interval is the wider of weeks' and chance's; p after Holm, "
        "over the forecasters and categories of the same kind of row",
        [
            "Category",
            "Forecaster",
            "Forecast",
            "Gain",
            *_ESTIMATE,
            "By weeks alone",
            "Chance, if the reference were right",
            "Chance, if the forecast were right",
            "p",
        ],
        rows,
        headers=2,
    )


def scores(category: Record, results: Record) -> Table:
    """Give every proper score of every forecaster."""
    definitions = results["score_definitions"]
    rows = []
    for key in category["forecasts"][0]["scores"] if category["forecasts"] else ():
        about = definitions.get(key, {})
        name = (
            f"{about.get('label', key)} ({about.get('unit', '')}; {about.get('orientation', '')})"
        )
        for forecast in category["forecasts"]:
            score = forecast["scores"][key]
            who = _who(forecast, results)
            rows.append([name, who, number(score["value"], 4), *_interval(score)])
    return table(
        f"Scores of {category['name']}, mean per cell and period",
        ["Score", "Forecaster", "Value", *_ESTIMATE],
        rows,
        headers=2,
    )


def places(category: Record, results: Record) -> Table:
    """Give capture rate, PAI and PEI at each area fraction, with chance and the most possible."""
    rows = []
    for forecast in category["forecasts"]:
        for place in forecast["places"]:
            for key, label, write in (
                ("capture_rate", "Capture rate", percent),
                ("pai", "PAI", number),
                ("pei", "PEI", number),
            ):
                score = place[key]
                rows.append([
                    f"{label} at {percent(place['area_fraction'])} of the area",
                    _who(forecast, results),
                    write(score["value"]),
                    _with_level(score, share=write is percent),
                    out_of(score),
                ])  # fmt: skip
    for name, who in (("chance", "Chance"), ("oracle", "The most possible")):
        for place in category[name]["places"]:
            at = f"at {percent(place['area_fraction'])} of the area"
            exact = ["exact", "the same cells and periods"]
            rows.append([f"Capture rate {at}", who, percent(place["capture_rate"]), *exact])
            rows.append([f"PAI {at}", who, number(place["pai"]), *exact])
    order: dict[str, int] = {}
    for row in rows:
        order.setdefault(row[0], len(order))
    rows.sort(key=lambda row: order[row[0]])
    return table(
        f"{category['name']}: incidents captured in the cells with the largest expected counts",
        ["Score", "Forecaster", "Value", *_ESTIMATE],
        rows,
        headers=2,
    )


def by_period(category: Record, results: Record) -> Table:
    """Give totals and scores of each forecast period."""
    start = results["periods"]["start"]
    rows = []
    for place, first in enumerate(start):
        for forecast in category["forecasts"]:
            series = forecast["by_period"]
            rows.append([
                day(first),
                _who(forecast, results),
                number(category["observed_total"][place]),
                number(series["expected_total"][place], 4),
                f"{number(series['total_low'][place], 4)} to "
                f"{number(series['total_high'][place], 4)}",
                number(series["log_score"][place], 4),
                number(series["gain"][place]) if forecast["gain"]["raw"] else "reference",
                percent(series["capture_rate"][place]),
            ])  # fmt: skip
    return table(
        f"{category['name']}, period by period. Scores are over all cells of the period; the "
        f"gain is per incident "
        "recorded in it; where none was, it is undefined",
        [
            "Period from", "Forecaster", "Recorded", "Expected", "Prediction interval of the total",
            "Log score", "Gain", "Captured at 5%",
        ],
        rows,
        headers=2,
    )  # fmt: skip


def ranks(category: Record, results: Record) -> Table:
    """Give the bars of the PIT histogram."""
    forecasts = category["forecasts"]
    bins = max((len(f["calibration"]["pit"]) for f in forecasts), default=0)
    return table(
        f"{category['name']}: where recorded counts fell in their forecasts, from the lowest to "
        f"the highest tenth; "
        "1 is even",
        ["Forecaster", *(f"{place + 1} of {bins}" for place in range(bins))],
        [[_who(f, results), *(number(h) for h in f["calibration"]["pit"])] for f in forecasts],
    )


#: Columns of `sum_rows`.
SUMS = [
    "Forecaster",
    "Cells",
    "Expected a period",
    "Recorded a period",
    "Squared errors by variance (1 is calibrated)",
    "Level",
    "Held",
    *_ESTIMATE,
    "p, all groups",
]


def sum_rows(who: str, sums: Record) -> list[list[str]]:
    """Rows of a table of sums of cells, one for each group and level; the test beside the first."""
    rows: list[list[str]] = []
    for group in sums["groups"]:
        name = [number(group[key]) for key in ("cells", "expected", "recorded", "spread")]
        for cover in group["coverage"]:
            held = cover["coverage"]
            found = [percent(held["value"]), interval(held, share=True), out_of(held)]
            p_value = "" if rows else number(sums["result"]["p_value"])
            rows.append([who, *name, percent(cover["level"]), *found, p_value])
    return rows


def coverage(category: Record, results: Record) -> Table:
    """Give how often prediction intervals held, for cells and for totals."""
    rows = []
    for forecast in category["forecasts"]:
        for cover in forecast["calibration"]["coverage"]:
            for key, words in (("cells", "each cell"), ("totals", "the total")):
                score = cover[key]
                rows.append([
                    _who(forecast, results),
                    f"{percent(cover['level'])} interval of {words}",
                    percent(score["value"]),
                    _with_level(score, share=True),
                    out_of(score),
                ])  # fmt: skip
    return table(
        f"{category['name']}: how often prediction intervals held",
        ["Forecaster", "Interval", "Held", *_ESTIMATE],
        rows,
        headers=2,
    )


def sums(category: Record, results: Record) -> Table:
    """Give whether sums of cells, grouped by level of forecast, keep to their distributions."""
    return table(
        f"{category['name']}: sums of cells by level of forecast, each period",
        SUMS,
        [
            row
            for forecast in category["forecasts"]
            for row in sum_rows(_who(forecast, results), forecast["calibration"]["sums"])
        ],
        headers=2,
    )


def reliability(category: Record, results: Record) -> Table:
    """Give what was recorded where so much was expected."""
    rows = []
    for forecast in category["forecasts"]:
        for group in forecast["calibration"]["reliability"]:
            seen = group["observed"]
            name = [_who(forecast, results), number(group["expected"])]
            rows.append([*name, number(seen["value"]), *_interval(seen), number(group["cells"])])
    return table(
        f"{category['name']}: recorded incidents where so much was expected, means per cell and "
        f"period",
        ["Forecaster", "Expected", "Recorded", *_ESTIMATE, "Cells"],
        rows,
        headers=2,
    )


def counts(results: Record) -> Table:
    """Give what was counted in the forecast periods and what the forecasts were made from."""
    rows = []
    for category in results["categories"]:
        seen, before = category["counted"], category["trained_on"]
        rows.append([
            category["name"],
            category["known_by"],
            *(number(seen[key]) for key in ("inside", "unlocated", "outside")),
            number(before["incidents"]),
            f"{day(before['first'])} to {day(before['last'])}",
        ])  # fmt: skip
    return table(
        "Incidents recorded in the forecast periods, and before the last cut-off",
        [
            "Category",
            "Known by",
            "Scored",
            "Without a place",
            "Outside the area",
            "Learned from",
            "Recorded between",
        ],
        rows,
    )


def definitions(results: Record) -> Table:
    """Say what each score means."""
    return table(
        "Each score, its unit, and which direction is better",
        ["Score", "Unit", "Direction", "Meaning"],
        [
            [about.get(key, "") for key in ("label", "unit", "orientation", "meaning")]
            for about in results["score_definitions"].values()
        ],
    )


def _who(forecast: Record, results: Record) -> str:
    name: str = forecast["forecaster"]
    return f"{name} (reference)" if name == results["study"]["reference"] else name


def _interval(estimate: Record) -> tuple[str, str]:
    return _with_level(estimate), out_of(estimate)


def _with_level(estimate: Record, share: bool = False) -> str:
    """Write the interval, with its level where that is not the column's 95%."""
    text = interval(estimate, share)
    if estimate.get("level", 0.95) == 0.95 or not defined(estimate.get("low")):
        return text
    return f"{text} ({interval_name(estimate)})"
