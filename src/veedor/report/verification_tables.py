"""Tables of the page on anyone's forecasts: every number of its charts, and more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veedor.report.numbers import counted, defined, interval, number, out_of, percent
from veedor.report.tables import SUMS, Table, sum_rows, table

Record = Mapping[str, Any]

#: Consistency tests: key -> (name, what it asks about).
TESTS = {
    "number": ("N-test: the number of incidents in all", "how many"),
    "likelihood": ("L-test: all counts", "how many, when and where"),
    "conditional_likelihood": ("CL-test: all counts, given their number", "when and where"),
    "space": ("S-test: cells, given their number", "where"),
}


def test_result(found: Record) -> Record:
    """Return the `TestResult` of a test; the N-test holds more beside it."""
    result: Record = found.get("result", found)
    return result


def captured(category: Record) -> Table:
    """Incidents captured by each ranking, chance and the oracle."""
    rows = [
        [
            row["ranking"],
            percent(row["area_fraction"]),
            percent(row["capture_rate"]["value"]),
            interval(row["capture_rate"], share=True),
            number(row["pai"]["value"]),
            number(row["pei"]["value"]),
            number(row["ppai"]["value"]),
        ]
        for row in category["places"]["captured"]
    ]
    return table(
        f"{category['name']}: incidents captured in the area ranked first, out of "
        f"{counted(category['counted']['inside'], 'incident')} recorded in the cells",
        ["Ranking", "Area", "Capture rate", "95% interval", "PAI", "PEI", "PPAI"],
        rows,
        headers=2,
    )


def consistency(category: Record) -> Table:
    """Every consistency test of every forecaster."""
    rows = [
        [
            one["forecaster"],
            label,
            number((found := test_result(one["consistency"][key]))["statistic"]),
            number(found["p_value"]),
            f"{number(found['n'])} {found['unit']}",
        ]
        for one in category["forecasters"]
        for key, (label, _) in TESTS.items()
    ]
    return table(
        f"{category['name']}: is what was recorded compatible with the forecast? A small p-value "
        "says that it is not",
        ["Forecaster", "Test", "Statistic", "p-value", "Out of"],
        rows,
        headers=2,
    )


def scores(category: Record) -> Table:
    """Every score of every forecaster."""
    rows = [
        [one["forecaster"], name, number(score["value"], 4), interval(score), out_of(score)]
        for one in category["forecasters"]
        for name, score in one["scores"].items()
    ]
    return table(
        f"{category['name']}: scores; smaller is better",
        ["Forecaster", "Score", "Mean", "95% interval", "Out of"],
        rows,
        headers=2,
    )


def comparison(category: Record) -> Table:
    """Gains over the reference, and the tests of them."""
    rows = []
    for row in category["comparisons"]:
        who = row["forecaster"]
        for label, gain in (
            ("information gain, nats per incident", row["gain"]),
            ("of places alone: means at the reference's totals", row["gain_at_same_totals"]),
            ("gain of the means as Poisson rates (T-test)", row["paired"]["gain"]),
        ):
            rows.append([who, label, number(gain["value"]), interval(gain), out_of(gain)])
            if "p_adjusted" in gain:
                rows += _held_against(who, gain)
        for label, found in (
            ("T-test", row["paired"]["t_test"]),
            ("W-test", row["paired"]["w_test"]),
            *((f"Diebold-Mariano, {score}", one) for score, one in row["diebold_mariano"].items()),
            ("change over time", row["change"]["test"]),
        ):
            p = f"p = {number(found['p_value'])}"
            rows.append(
                [who, label, number(found["statistic"]), p, f"{number(found['n'])} {found['unit']}"]
            )
    return table(
        f"{category['name']}: compared with {category['reference']}; above 0 is better",
        ["Forecaster", "What", "Value", "95% interval or p-value", "Out of"],
        rows,
        headers=2,
    )


def _held_against(who: str, gain: Record) -> list[list[str]]:
    """What a gain was held against: weeks, chance, and how many comparisons."""
    weeks = interval({"low": gain["weeks_low"], "high": gain["weeks_high"]})
    return [
        [who, "— by weeks alone", "", weeks, f"{number(gain['blocks'])} weeks or longer periods"],
        *(
            [who, f"— standard error if the {right} were right", number(gain[key]), "", ""]
            for right, key in (
                ("reference", "error_if_reference"),
                ("forecast", "error_if_forecast"),
            )
        ),
        [
            who,
            "— after Holm",
            "",
            f"p = {number(gain['p_adjusted'])}",
            counted(gain["comparisons"], "comparison"),
        ],
        [who, "— smallest gain that could have been shown", number(gain["smallest_shown"]), "", ""],
    ]


def confidence_sets(category: Record) -> list[Table]:
    """Forecasters that cannot be told from the best."""
    if not category["together"]:
        return []
    rows = [
        [score, name, "yes" if name in found["members"] else "no", number(found["p_values"][name])]
        for score, found in category["together"].items()
        for name in found["p_values"]
    ]
    return [
        table(
            f"{category['name']}: forecasters that cannot be told from the best "
            "(model confidence set, 90%)",
            ["Score", "Forecaster", "In the set", "p-value"],
            rows,
            headers=2,
        )
    ]


def swept(category: Record) -> Table:
    """Areas under the area-swept curves."""
    return table(
        f"{category['name']}: area under the area-swept curve",
        ["Ranking", "Area under the curve", "95% interval", "From chance (0) to the most (1)"],
        [
            [
                row["ranking"],
                number(row["area_under"]["value"]),
                interval(row["area_under"]),
                number(row["normalised"]["value"]),
            ]
            for row in category["places"]["area_swept"]
        ],
    )


def stability(category: Record) -> Table:
    """How much of the flagged area is flagged again."""
    return table(
        f"{category['name']}: how much of the flagged area is flagged again in the next period",
        ["Ranking", "Area", "Flagged again", "95% interval", "By chance"],
        [
            [
                row["ranking"],
                percent(row["area_fraction"]),
                percent(row["flagged_again"]["value"]),
                interval(row["flagged_again"], share=True),
                percent(row["chance"]),
            ]
            for row in category["places"]["stability"]
        ],
        headers=2,
    )


def concentration(category: Record) -> Table:
    """Concentration of what was recorded and of what was forecast."""
    return table(
        f"{category['name']}: concentration, recorded and as each forecast would spread as many",
        ["Ranking", "Generalised Gini", "95% of simulations", "Gini", "Cells with half"],
        [
            [
                row["ranking"],
                number(row["generalised_gini"]),
                interval(row) if defined(row["low"]) else "as recorded",
                number(row["gini"]),
                percent(row["half"]),
            ]
            for row in category["places"]["concentration"]
        ],
    )


def calibration(category: Record) -> Table:
    """Brier decomposition, and coverage of the totals."""
    rows = []
    for one in category["forecasters"]:
        brier = one["calibration"]["brier"]
        parts = ("score", "miscalibration", "discrimination", "uncertainty")
        for part in parts:
            rows.append(
                [one["forecaster"], f"Brier score of at least one: {part}", number(brier[part]), ""]
            )
        for row in one["calibration"]["totals"]:
            found = row["coverage"]
            rows.append(
                [
                    one["forecaster"],
                    f"totals within their {percent(row['level'])} intervals",
                    percent(found["value"]),
                    interval(found, share=True),
                ]
            )
    return table(
        f"{category['name']}: calibration",
        ["Forecaster", "What", "Value", "95% interval"],
        rows,
        headers=2,
    )


def sums(category: Record) -> Table:
    """Whether sums of cells, grouped by level of forecast, keep to their distributions."""
    return table(
        f"{category['name']}: sums of cells by level of forecast, each period",
        SUMS,
        [
            row
            for one in category["forecasters"]
            for row in sum_rows(one["forecaster"], one["calibration"]["sums"])
        ],
        headers=2,
    )


def coverage(category: Record, key: str, by: str) -> Table:
    """Coverage of central intervals, by level of the forecast or by zone."""
    rows = [
        [
            one["forecaster"],
            str(row.get("zone", f"{number(row['expected'])} expected per cell and period")),
            percent(row["level"]),
            percent(row["coverage"]["value"]),
            interval(row["coverage"], share=True),
            out_of(row["coverage"]),
        ]
        for one in category["forecasters"]
        for row in one["calibration"][key]
    ]
    return table(
        f"{category['name']}: share of counts within central intervals, by {by}",
        ["Forecaster", by.capitalize(), "Level", "Coverage", "95% interval", "Out of"],
        rows,
        headers=2,
    )


def when(category: Record) -> list[Table]:
    """Gain by lead time, month and zone."""
    found = []
    for key, by in (("by_lead_time", "lead time"), ("by_month", "month"), ("by_zone", "zone")):
        rows = [
            [row["forecaster"], label, number(gain["value"]), interval(gain), out_of(gain)]
            for row in category["when"]
            for label, gain in (row[key] or {}).items()
        ]
        if rows:
            found.append(
                table(
                    f"{category['name']}: gain over {category['reference']} by {by}, nats per "
                    "incident; each interval stands alone, so among many some leave out 0 by "
                    "chance",
                    ["Forecaster", by.capitalize(), "Gain", "95% interval", "Out of"],
                    rows,
                    headers=2,
                )
            )
    return found
