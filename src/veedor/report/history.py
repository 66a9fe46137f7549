"""What the length of the record is worth: sentences, a chart, and the table behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from veedor.report.drawing import INK, Style, margins, settings, svg, whisker
from veedor.report.numbers import defined, in_full, interval, interval_name, number, out_of
from veedor.report.sentences import BETTER, NOT_SHOWN, WORSE, verdict
from veedor.report.tables import table

Record = Mapping[str, Any]


def history(category: Record, results: Record, look: Mapping[str, Style], key: str) -> Record:
    """Build the part of one category.

    Returns
    -------
    dict
        ``sentences``, ``chart`` (None where there is nothing to draw) and ``tables``.
    """
    reference = results["study"]["reference"]
    tried = category["history"]
    return {
        "sentences": [_so_far(category, reference), _another_doubling(category)],
        "chart": _chart(category, look[reference], key) if tried else None,
        "tables": [_table(category, reference)] if tried else [],
    }


def _so_far(category: Record, reference: str) -> str:
    days, tried = category["record_days"], category["history"]
    whole = f"{_days(days['first_origin'])} at the first cut-off, {_days(days['last_origin'])} at "
    whole += "the last"
    if not tried:
        return (
            f"The record ({whole}) is too short to say what its length is worth: it holds no "
            "shorter length of 91 days and five periods or more to compare with."
        )
    base = {out_of(part["gain"]) for part in tried}
    told = "; ".join(
        f"{number(part['gain']['value'])} ({interval_name(part['gain'])} "
        f"{interval(part['gain'])}) over {'one made from ' if part is tried[0] else ''}its last "
        f"{_days(part['days'])} only"
        for part in tried
    )
    return (
        f"{reference} made from its whole record ({whole}) gained, in nats per incident and at the "
        f"same totals, {told}; out of {', '.join(sorted(base))}."
    )


def _another_doubling(category: Record) -> str:
    last = category["last_doubling"]
    cannot = "What another doubling of the record would be worth cannot be said"
    if last is None:
        return f"{cannot}: there are fewer than two shorter lengths to compare with."
    gain = last["gain"]
    told = (
        f"from its last {_days(last['from_days'])} to the whole record, each doubling gained "
        f"{in_full(gain)}"
    )
    found = verdict(gain)
    if found == BETTER:
        return (
            f"{told[0].upper()}{told[1:]}. If that went on, another doubling, to about "
            f"{_days(2 * category['record_days']['last_origin'])}, would be worth about as much. "
            "That is an extrapolation and likely the most it would be: a doubling tends to be "
            "worth less than the one before."
        )
    if found == WORSE:
        return (
            f"{told[0].upper()}{told[1:]}: the older part of the record made forecasts worse, as "
            "where places have changed. Nothing here says that a longer one would help."
        )
    if found == NOT_SHOWN and defined(gain["low"]):
        why = (
            "and the interval includes 0"
            if gain["low"] <= 0 <= gain["high"]
            else "which, over all categories, may be chance"
        )
        return f"{cannot}: {told}, {why}."
    return f"{cannot}: {told}."


def _chart(category: Record, style: Style, key: str) -> Any:
    """Draw the gain of the whole record over each shorter one; the record itself is at 0."""
    days, tried = category["record_days"], category["history"]
    ends = (days["first_origin"], days["last_origin"])
    with settings():
        figure = Figure(figsize=(7.6, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.75, top=0.15, bottom=0.5)
        axes.axhline(0, color=INK, linewidth=1.0)
        axes.plot(ends, [0, 0], color=INK, linewidth=5, solid_capstyle="butt")
        for part in tried:
            if defined(part["gain"]["value"]):
                whisker(axes, part["gain"], part["days"], style, upright=True)
        axes.set_xscale("log", base=2)
        axes.set_xlim(tried[0]["days"] / 1.2, ends[1] * 1.2)
        axes.set_xticks([part["days"] for part in tried], [number(p["days"]) for p in tried])
        axes.minorticks_off()
        axes.set_xlabel("days of history; the thick line is the whole record, from the first to "
                        "the last cut-off")  # fmt: skip
        axes.set_ylabel("gain")
        return svg(figure, key, "What the whole record gained over only the last part of it")


def _table(category: Record, reference: str) -> Any:
    rows = [
        [f"the whole record over its last {_days(part['days'])}", *_estimate(part["gain"])]
        for part in category["history"]
    ]
    if category["last_doubling"] is not None:
        last = category["last_doubling"]
        rows.append(
            [
                f"each doubling, from the last {_days(last['from_days'])} to the whole record",
                *_estimate(last["gain"]),
            ]
        )
    return table(
        f"{category['name']}: what {reference} gained by the length of its record, nats per "
        "incident, at the same totals; larger is better",
        ["Compared", "Gain", "95% interval", "Out of", "Method"],
        rows,
    )


def _estimate(gain: Record) -> list[str]:
    return [number(gain["value"]), interval(gain), out_of(gain), gain["method"]]


def _days(count: int) -> str:
    return f"{number(count)} days"
