"""The quality report: a sentence on what was read, the months, and everything else in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report import facts
from veedor.report.drawing import QUIET, margins, settings, svg
from veedor.report.numbers import counted, number
from veedor.report.tables import Table

Record = Mapping[str, Any]

_SHOWN_ANYWAY = 12


def quality(report: Record) -> dict[str, Any]:
    """Build the section on the quality of the records.

    Returns
    -------
    dict
        ``sentences``, ``months`` (a chart or None), ``months_tables`` and ``tables``; whatever the
        report holds beyond what is known here is in ``tables``.
    """
    months = report.get("months")
    known = isinstance(months, Mapping) and bool(months.get("labels"))
    rest = {key: value for key, value in report.items() if key != "months" or not known}
    drawn, before = _drawn(months) if known and months else ({}, [])
    return {
        "sentences": [*_sentences(report), *before],
        "months": _months_chart(drawn) if drawn else None,
        "months_tables": _months(drawn) if drawn else [],
        "tables": facts.tables("Quality report", rest),
    }


def _drawn(months: Record) -> tuple[Record, list[str]]:
    """Leave out the first months of a record that reaches back far with a few incidents.

    Returns
    -------
    months : dict
        From the first month with at least a hundredth of the fullest month's incidents on, where
        those before it hold at most 2% of all; else all months.
    told : list of str
        A sentence on what was left out, if anything was.
    """
    total = months["total"]
    first = next(at for at, count in enumerate(total) if 100 * count >= max(total))
    left_out = sum(total[:first])
    if first <= _SHOWN_ANYWAY or 50 * left_out > sum(total):
        return months, []
    kept = {name: values[first:] for name, values in months.items() if name != "by_category"}
    by_category = {name: values[first:] for name, values in months["by_category"].items()}
    return kept | {"by_category": by_category}, [
        f"The record reaches back to {months['labels'][0]}: {number(left_out)} of "
        f"{counted(sum(total), 'incident')} lie before {months['labels'][first]}, from where the "
        "months are shown below."
    ]


def _months(months: Record) -> list[Table]:
    """Turn lists of one length into a row per month."""
    lists = {key: value for key, value in months.items() if key not in ("labels", "by_category")}
    lists |= months.get("by_category", {})
    rows = [
        {"month": label} | {key: values[place] for key, values in lists.items()}
        for place, label in enumerate(months["labels"])
    ]
    return facts.tables("Incidents kept, by local calendar month", rows)


def _sentences(report: Record) -> list[str]:
    rows, places = report.get("rows"), report.get("places")
    told = []
    if isinstance(rows, Mapping) and {"in", "kept", "set_aside"} <= set(rows):
        aside = sum(group["count"] for group in rows["set_aside"])
        told.append(
            f"{counted(rows['in'], 'row')} read, {number(rows['kept'])} kept, {number(aside)} set "
            "aside for the reasons below; "
            + ("all rows are accounted for." if rows.get("reconciled") else "these do not add up.")
        )
        if rows.get("counted_more"):
            told.append(
                f"Rows that stand for several incidents are kept as so many: "
                f"{number(rows['counted_more'])} of those kept are more than the first of a row."
            )
    if isinstance(places, Mapping) and "located" in places:
        told.append(f"With a usable place: {facts.scalar(places['located'])} of the rows kept.")
    return told


def _months_chart(table: Record) -> Markup:
    """Draw recorded incidents in each calendar month; months not covered whole are only outlined.

    Parameters
    ----------
    table : dict
        ``labels``, ``total`` and ``complete``, lists of one length.
    """
    labels, total = table["labels"], table["total"]
    with settings():
        figure = Figure(figsize=(7.6, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.65, top=0.15, bottom=0.35)
        whole = np.asarray(table["complete"], dtype=bool)
        x, heights = np.arange(len(labels)), np.asarray(total, dtype=float)
        axes.bar(x[whole], heights[whole], color="#0b5394", width=0.85)
        axes.bar(x[~whole], heights[~whole], color="white", edgecolor=QUIET, width=0.85)
        step = max(-(-len(labels) // 9), 1)
        axes.set_xticks(x[::step], labels[::step])
        axes.set_ylabel("incidents kept")
        axes.grid(visible=False, axis="x")
        return svg(figure, "months", "Recorded incidents in each month")
