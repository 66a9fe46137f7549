"""The page on anyone's forecasts: from the dictionary of `verify_forecasts` to a `Document`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from veedor.report import verification_charts as charts
from veedor.report import verification_tables as tables
from veedor.report.document import Document, Section
from veedor.report.facts import tables as facts
from veedor.report.numbers import (
    counted,
    day,
    defined,
    in_full,
    listed,
    number,
    out_of,
    percent,
)
from veedor.report.sentences import (
    BETTER,
    NOT_SHOWN,
    SAME,
    VERDICTS,
    WORSE,
    errors,
    smallest,
    verdict,
)
from veedor.report.tables import table
from veedor.statistics.discoveries import family_wise_p

Record = Mapping[str, Any]
LEVEL = 0.05
_CHANCE, _ORACLE = "chance", "oracle"
_SAYS = {
    BETTER: "explained what was recorded better than",
    WORSE: "explained what was recorded worse than",
    NOT_SHOWN: "is not shown to explain what was recorded better or worse than",
}
CAUTIONS = (
    (
        "Recorded is not the same as happened.",
        "What nobody reported or wrote down is in no record; a forecast may be right about the "
        "record and wrong about the place.",
    ),
    (
        "A forecast that passes a test is not thereby good.",
        "A vague forecast passes consistency tests easily. What it adds to plain counting is said "
        "by the comparison with the reference.",
    ),
    (
        "A high capture rate says little alone.",
        "Where incidents have long been recorded in few places, plain counting has a high one too: "
        "compare it with the reference's, with chance, and with the most that was possible.",
    ),
    (
        "Nothing here is about persons, or about what should be done in a place.",
        "The tables hold counts for places. Whether acting on a forecast helps or burdens is "
        "another question.",
    ),
)


def verification_report(results: Record) -> Document:
    """Build the page.

    Parameters
    ----------
    results : dict
        Of `veedor.study.verification.verify_forecasts`.
    """
    names = listed([category["name"] for category in results["categories"]])
    makers = list(
        dict.fromkeys(
            one["forecaster"]
            for category in results["categories"]
            for one in category["forecasters"]
            if not (category["reference_made"] and one["forecaster"] == category["reference"])
        )
    )
    return Document(
        title=f"Forecasts of {listed(makers)}, held against what was recorded",
        subtitle=f"Recorded {names}, {counted(results['cells']['count'], 'cell')}",
        made=f"veedor {results['veedor']}, seed {results['seed']}, times in {results['time_zone']}",
        plain=Section("In plain words", sentences=[*_what(results), *_found(results)]),
        cautions=CAUTIONS,
        sections=[
            *[
                _category(category, number_)
                for number_, category in enumerate(results["categories"])
            ],
            *_together(results),
            Section(
                "What was read",
                tables=[
                    *facts("Record", results["record"]),
                    *facts("Forecast files", results["files"]),
                    *facts("Cells", results["cells"]),
                ],
            ),
            Section(
                "What the scores mean",
                tables=[
                    table(
                        "Scores",
                        ["Score", "Unit", "Direction", "Meaning", "Source"],
                        [
                            [
                                one["label"],
                                one["unit"],
                                one["orientation"],
                                one["meaning"],
                                one["source"],
                            ]
                            for one in results["score_definitions"].values()
                        ],
                    )
                ],
            ),
        ],
    )


def _what(results: Record) -> list[str]:
    record = results["record"]
    told = [
        f"{counted(record['kept'], 'recorded incident')} from {day(record['first'])} to "
        f"{day(record['last'])} were read ({number(record['rows'])} rows), and every forecast "
        "period that they cover to its end was scored in every cell, also where nothing was "
        "recorded."
    ]
    if record["columns_proposed"]:
        columns = listed([f"{role} from “{name}”" for role, name in record["columns"].items()])
        told.append(
            f"veedor recognised the columns itself ({columns}): check that they are what they seem."
        )
    for category in results["categories"]:
        if category["periods_not_over"]:
            told.append(
                f"{category['name']}: {counted(category['periods_not_over'], 'period')} that the "
                "record does not cover to the end were left out."
            )
        if category["no_reference_because"]:
            told.append(
                f"{category['name']}: the usual reference, PriorCounts, could not be made, and "
                f"{category['reference']} stands in its place. {category['no_reference_because']}"
            )
        lost = category["counted"]["outside"] + category["counted"]["unlocated"]
        if lost:
            whole = lost + category["counted"]["inside"]
            told.append(
                f"{category['name']}: {number(lost)} of {counted(whole, 'incident')} recorded in "
                "these periods had no place in any cell and are in no score."
            )
    return told


def _found(results: Record) -> list[str]:
    told = []
    for category in results["categories"]:
        for row in category["comparisons"]:
            way = _SAYS.get(verdict(row["gain"]))
            head = f"{category['name']}: {row['forecaster']}"
            if verdict(row["gain"]) == SAME:
                told.append(
                    f"{head} states the same as {category['reference']} for every cell and period: "
                    "it is one forecast, and nothing is compared."
                )
                continue
            if way is None:
                told.append(
                    f"{head} cannot be compared with {category['reference']}: the gain is "
                    f"undefined, out of {out_of(row['gain'])}."
                )
                continue
            told.append(
                f"{head} {way} {category['reference']}: information gain "
                f"{in_full(row['gain'])}, in nats per incident."
                f"{_beside(row, category['reference'])}"
            )
        if not category["comparisons"]:
            told.append(f"{category['name']}: there is nothing to compare the forecast with.")
        for one in category["forecasters"]:
            if category["reference_made"] and one["forecaster"] == category["reference"]:
                continue
            told.append(_compatible(category["name"], one))
    return told


def _beside(row: Record, reference: str) -> str:
    """Both errors of a gain, and what could have been shown."""
    gain = row["gain"]
    if gain["p_adjusted"] is None:
        return " Without an interval nothing can be concluded."
    told = f" {errors(gain, reference, row['forecaster'])}"
    return f"{told} {smallest(gain)}" if verdict(gain) == NOT_SHOWN else told


def _compatible(name: str, one: Record) -> str:
    """Say what a forecast is not compatible with, at 5% over all of its tests (Holm)."""
    found = {
        asks: p
        for key, (_, asks) in tables.TESTS.items()
        if defined(p := tables.test_result(one["consistency"][key])["p_value"])
    }
    adjusted = family_wise_p(list(found.values()))
    rejected = [asks for asks, p in zip(found, adjusted, strict=True) if p <= LEVEL]
    held = f"at {percent(LEVEL)} over its {counted(len(found), 'test')} together (Holm)"
    if rejected:
        return (
            f"{name}: what was recorded is not compatible with the uncertainty that "
            f"{one['forecaster']} states, as to {listed(rejected)} ({held})."
        )
    return (
        f"{name}: what was recorded is not found incompatible with what {one['forecaster']} "
        f"states ({held})."
    )


def _category(category: Record, place: int) -> Section:
    key = f"c{place}"
    look = charts.looks(category)
    figures = [
        (
            charts.totals(category, look, f"{key}-totals"),
            "Incidents of all cells: recorded, and expected with each forecast's 95% interval.",
        ),
        (
            charts.swept(category, look, f"{key}-swept"),
            "Share of the incidents in the share of the area that is ranked first; the diagonal is "
            "chance, the thin solid line the most that was possible.",
        ),
        (
            charts.reliability(category, look, f"{key}-reliability"),
            "How often at least one incident was recorded, by the probability that was stated. "
            "Within the band a curve may come of a calibrated forecast.",
        ),
    ]
    if category["comparisons"]:
        figures.insert(
            0,
            (
                charts.gains(category, look, f"{key}-gains"),
                f"Information gain over {category['reference']} in each period, nats per incident; "
                "above 0 is better.",
            ),
        )
    return Section(
        category["name"],
        sentences=[
            f"{counted(len(category['periods']['start']), 'period')} from "
            f"{day(category['periods']['start'][0])} to {day(category['periods']['end'][-1])}; "
            f"{counted(category['counted']['inside'], 'incident')} recorded in the cells. "
            f"Everything is compared with {category['reference']}"
            + (
                ", which veedor made from the record before each data cut-off."
                if category["reference_made"]
                else "."
            ),
            *_sequential(category),
        ],
        figures=figures,
        tables=[tables.captured(category), tables.consistency(category)],
        behind=[
            tables.scores(category),
            tables.comparison(category),
            *tables.confidence_sets(category),
            tables.swept(category),
            tables.stability(category),
            tables.concentration(category),
            tables.calibration(category),
            tables.coverage(category, "coverage_by_level", "level of the forecast"),
            tables.sums(category),
            *(
                [tables.coverage(category, "coverage_by_zone", "zone")]
                if category["forecasters"][0]["calibration"]["coverage_by_zone"]
                else []
            ),
            *tables.when(category),
        ],
        behind_name=f"Every table on {category['name']}",
    )


def _sequential(category: Record) -> list[str]:
    told = []
    for row in category["comparisons"]:
        told += [
            said for side in ("better", "worse") if (said := _evidence(row, side, category)) != ""
        ]
        change = row["change"]
        if defined(change["test"]["p_value"]) and change["test"]["p_value"] <= LEVEL:
            start = category["periods"]["start"][change["period"]]
            told.append(
                f"The gain of {row['forecaster']} changed over time (p = "
                f"{number(change['test']['p_value'])}), most likely at {day(start)}: from "
                f"{number(change['before'])} to {number(change['after'])} nats per incident."
            )
    return told


def _evidence(row: Record, side: str, category: Record) -> str:
    """Say when evidence that is looked at after every period was enough for all comparisons."""
    many = max(row["gain"]["comparisons"], 1)
    enough = math.log(many / LEVEL)
    when = next((t for t, e in enumerate(row["e_process"][side]["log_e"]) if e >= enough), None)
    if when is None:
        return ""
    allowing = f", allowing for {counted(many, 'comparison')}" if many > 1 else ""
    found = verdict(row["gain"])
    whole = "" if found == side else f" Over all periods it is {VERDICTS[found]}."
    return (
        f"{row['forecaster']}, looked at after every period: from period {when + 1} on the "
        f"evidence that it is {side} than {category['reference']} (e-process of the information "
        f"gain, capped at what the forecasts hold plausible) was beyond 1 in 20{allowing}.{whole}"
    )


def _together(results: Record) -> Sequence[Section]:
    if not results["category_tests"]:
        return ()
    rows = [
        [row["forecaster"], number(row["result"]["statistic"]), number(row["result"]["p_value"])]
        for row in results["category_tests"]
    ]
    return (
        Section(
            "Categories together",
            sentences=[
                "Given how many incidents were recorded in all, is the share of each category what "
                "was forecast? A small p-value says that it is not."
            ],
            tables=[table("M-test by category", ["Forecaster", "Statistic", "p-value"], rows)],
        ),
    )
