"""The reporting audit as a page: which answers survive what was never recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report import drawing
from veedor.report.document import Document, Section
from veedor.report.numbers import counted, defined, interval, number, out_of, percent
from veedor.report.tables import Table, table

Record = Mapping[str, Any]

_LABELS = {
    "robust": "stays flagged for every admissible rate",
    "fragile": "loses its flag for some admissible rate",
    "undetermined": "not decided by the bounds",
}
_SHADES = {"robust": "#0b5394", "fragile": "#b06a00", "undetermined": "#9aa5b1"}
_OWN = "every place may have a rate of its own"
_SHARED = "places of one stratum share a rate"


def reporting_document(results: Record) -> Document:
    """Make the page of a reporting audit.

    Parameters
    ----------
    results : dict
        As `veedor.audits.places.reporting.audit_reporting` gives it.
    """
    return Document(
        title="Would the answer survive what was never recorded?",
        subtitle=f"{counted(results['places'], 'place')}, {number(results['flagged'])} of them "
        f"flagged: {results['flagged_by']}",
        made=f"veedor audit reporting, from {results['source']['counts']} and "
        f"{results['source']['rates']}",
        plain=Section("In plain words", sentences=_plain(results)),
        cautions=(
            (
                "A robust flag is not a right one.",
                "It is robust to under-reporting within the intervals that were given, and to "
                "nothing else. If the true rates lie outside them, nothing here holds.",
            ),
            (
                "A survey's interval is about its average.",
                "It says how well the average rate is known, not how rates differ between places. "
                f"Read the lines where {_OWN} with intervals wide enough for that.",
            ),
            (
                "A fragile flag says nothing about the people of a place.",
                "It says that the record cannot tell this place from one that is not flagged.",
            ),
        ),
        sections=(_stability(results), _totals(results), _disparities(results), _behind(results)),
    )


def _plain(results: Record) -> list[str]:
    found = {(f["assignment"], f["statistic"]): f for f in results["figures"]}
    flagged = counted(results["flagged"], "flagged place")
    sentences = []
    for how, words in (("own", _OWN), ("shared", _SHARED)):
        tally = results["labels"][how]["flagged"]
        sentence = (
            f"If {words}, {number(tally['robust'])} of {flagged} stay flagged whatever the "
            f"reporting rates are within their intervals, and {number(tally['fragile'])} lose "
            "their flag for some of these rates"
        )
        if tally["undetermined"]:
            sentence += f"; for {number(tally['undetermined'])} the bounds do not decide"
        sentences.append(sentence + ".")
    nearest = found.get(("own", "break_even_ratio_nearest"))
    if nearest and defined(nearest["value"]):
        sentences.append(
            f"The closest call: a flagged and an unflagged place ({nearest['group']}) "
            + (
                "tie as recorded"
                if nearest["value"] == 1.0
                else "would swap if incidents were reported more than "
                f"{number(nearest['value'], 4)} times as often in the first as in the second"
            )
            + f"; out of {out_of(nearest)}."
        )
    for figure in results["figures"]:
        if figure["statistic"] == "ratio_per_1000" and figure["assignment"] == "own":
            crosses = defined(figure["low"]) and figure["low"] <= 1.0 <= figure["high"]
            sentences.append(
                f"Incidents per resident, {figure['group']} against the reference: "
                f"{number(figure['value'])} at the middle of the rates' intervals, anywhere from "
                f"{interval(figure)} over all admissible rates"
                + (", so that its direction is not known; " if crosses else "; ")
                + f"out of {out_of(figure)}."
            )
    return sentences


def _stability(results: Record) -> Section:
    rows = []
    for how, words in (("own", _OWN), ("shared", _SHARED)):
        for which, label in (("flagged", "flagged"), ("not_flagged", "not flagged")):
            tally = results["labels"][how][which]
            rows.append([words, label, *(number(tally[name]) for name in _LABELS)])
    return Section(
        "Which flags survive",
        sentences=[
            "A place is robust if it stays as it is, flagged or not, for every reporting rate "
            "within the intervals; fragile if some admissible rates change that. Both are proved, "
            "not sampled. Ties stay as they are flagged."
        ],
        figures=[(_bars(results), "Flagged places by what under-reporting can do to them")],
        tables=[
            table(
                "Places by label",
                ["If", "Places", "Robust", "Fragile", "Undetermined"],
                rows,
                headers=2,
            )
        ],
    )


def _bars(results: Record) -> Markup:
    with drawing.settings():
        figure = Figure(figsize=(7.0, 1.9))
        axes = figure.add_subplot()
        for row, how in enumerate(("shared", "own")):
            tally, left = results["labels"][how]["flagged"], 0
            for name, shade in _SHADES.items():
                axes.barh(
                    row, tally[name], left=left, color=shade, label=name if row == 0 else None
                )
                left += tally[name]
        axes.set_yticks([0, 1], ["shared rates", "own rates"])
        axes.set_xlabel("flagged places")
        axes.grid(visible=False, axis="y")
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        drawing.margins(figure, 1.1, 0.4, 0.5)
        words = "Flagged places that are robust, fragile and undetermined"
        return drawing.svg(figure, "labels", words)


def _totals(results: Record) -> Section:
    rows = [
        [
            figure["group"],
            "with the survey's error" if figure["statistic"] == "true_count" else "bounds",
            number(figure["value"]) if defined(figure["value"]) else "",
            interval(figure),
            figure["method"],
            out_of(figure),
        ]
        for figure in results["figures"]
        if figure["statistic"] in ("true_count", "true_count_bounds")
    ]
    return Section(
        "How many there may have been",
        sentences=[
            "Bounds take the recorded count as given and let the rate be anything within its "
            "interval. Where a survey gives a standard error, an interval also holds the chance by "
            "which each incident was reported or not."
        ],
        tables=[
            table(
                "Incidents by category",
                ["Category", "What", "Estimate", "From, to", "Method", "Out of"],
                rows,
                headers=2,
            )
        ],
    )


def _disparities(results: Record) -> Section:
    names = {
        "exposure_per_1000_recorded": "recorded incidents per 1,000",
        "exposure_per_1000": "incidents per 1,000",
        "ratio_per_1000_recorded": "ratio of recorded incidents to the reference",
        "ratio_per_1000": "ratio to the reference",
        "break_even_reporting_ratio": "ratio of reporting that closes it",
    }
    rows = [
        [
            figure["group"],
            names[figure["statistic"]],
            _OWN if figure["assignment"] == "own" else _SHARED,
            number(figure["value"]) if defined(figure["value"]) else "",
            interval(figure) if defined(figure["low"]) else "",
            out_of(figure),
        ]
        for figure in results["figures"]
        if figure["statistic"] in names
    ]
    sentences = [
        "The ratio of reporting that closes a disparity says how many times as often the group's "
        "incidents would have to be reported as everyone else's for the true incidents per "
        "resident to be equal. A place's rate is taken as the mix of its residents'."
    ]
    if not rows:
        return Section("Disparities", sentences=["No groups were given, so none were bounded."])
    head = ["Group", "What", "If", "Value", "Over all admissible rates", "Out of"]
    return Section(
        "Disparities",
        sentences=sentences,
        tables=[table("Groups", head, rows, headers=2)],
    )


def _behind(results: Record) -> Section:
    level = results["rates_level"]
    given = "as bounds" if level is None else f"{percent(level)} intervals"
    rates = [
        [rate["stratum"] or "everywhere", rate["category"],
         percent(rate["low"]), percent(rate["high"])]
        for rate in results["rates"]
    ]  # fmt: skip
    every = [
        [f["assignment"], f["group"], f["statistic"], number(f["value"]), interval(f), f["method"]]
        for f in results["figures"]
    ]
    tables: list[Table] = [
        table("Reporting rates", ["Where", "Category", "From", "To"], rates, headers=2),
        table(
            "Every figure",
            ["Rates", "Group", "Statistic", "Value", "From, to", "Method"],
            every,
            headers=3,
        ),
    ]
    return Section(
        "What it rests on",
        sentences=[f"Reporting rates were given {given}, by {results['source']['rates']}."],
        behind=tables,
        behind_name="Rates and figures",
    )
