"""The report of a log of promises: what it proves, and how every promise went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report.document import Document, Section
from veedor.report.drawing import INK, settings, short, styles, svg
from veedor.report.numbers import UNDEFINED, counted, defined, interval, number, out_of, percent
from veedor.report.sentences import NOT_SHOWN, VERDICTS, errors, smallest, verdict
from veedor.report.tables import Table, table

Record = Mapping[str, Any]

_CAUTIONS = (
    (
        "A promise kept says nothing of why incidents were recorded.",
        "The forecast and its score are about counts of recorded incidents in places. Where more "
        "is looked for, more is recorded.",
    ),
    (
        "One good week is no skill.",
        "Look at all rounds together, and at the interval; it needs at least six weeks. Better and "
        "worse are said at 5% over all forecasters of the log, for one look at it: who looks after "
        "every round, and stops once it reads well, errs more often.",
    ),
)


def sealed_document(found: Record) -> Document:
    """Lay out what `veedor.sealing.findings` gives."""
    promises = found["promises"]
    return Document(
        title=f"Promised before: {found['log']['name']}",
        subtitle=f"{counted(len(promises), 'promised forecast')}, as of {found['as_of']}",
        made="by veedor verify, from the log's "
        + counted(found["log"]["entries"], "entry", "entries"),
        plain=_plain(found),
        cautions=_CAUTIONS,
        sections=[one for one in (_together(found), _rounds(found), _proof(found)) if one],
    )


def _plain(found: Record) -> Section:
    promises = found["promises"]
    late = sum(one["late"] for one in promises)
    never = [one for one in promises if one["state"] == "due, and never scored"]
    scored = sum(bool(one["scorings"]) for one in promises)
    told = [
        "The log verifies."
        if found["holds"]
        else f"THE LOG DOES NOT VERIFY: {counted(len(found['problems']), 'problem')}. What "
        "follows is what it says, and must not be relied on.",
        f"{scored} of {len(promises)} promised forecasts were scored, {len(never)} are due and "
        f"were never scored, {len(promises) - scored - len(never)} are not due yet.",
        f"{late} of {len(promises)} were sealed late, after their period had begun: they prove no "
        "forecast.",
    ]
    points = [
        f"{one['category']}, {one['forecaster']}: {_gain(one)}{_rounds_lost(one)}{_unscored(one)}"
        for one in found["together"]
    ]
    return Section("In short", told, points)


def _rounds_lost(group: Record) -> str:
    if not group["scored"]:
        return ""
    return (
        f" It went worse than {group['reference']} in {group['worse_than_reference']} of "
        f"{counted(group['scored'], 'scored round')}."
    )


def _unscored(group: Record) -> str:
    """Say what a choice of rounds may hide."""
    if not (missing := group["never_scored"]):
        return ""
    are = "is due and was" if missing == 1 else "are due and were"
    return (
        f" {counted(missing, 'round')} {are} never scored: they are in none of these figures, and "
        "may be those that went badly."
    )


def _gain(group: Record) -> str:
    estimate = group["gain"]
    if estimate is None or not defined(estimate["value"]):
        return f"no gain over {group['reference']} can be told yet."
    bounds = interval(estimate) if defined(estimate["low"]) else "no interval: fewer than six weeks"
    told = (
        f"information gain over {group['reference']} {number(estimate['value'])} nats per incident "
        f"({bounds}), out of {out_of(estimate)}: {VERDICTS[verdict(estimate)]}"
        + (" in the rounds that were scored" if group["never_scored"] else "")
    )
    if estimate["p_adjusted"] is None:
        return f"{told}."
    beside = errors(estimate, group["reference"], group["forecaster"])
    shown = f" {smallest(estimate)}" if verdict(estimate) == NOT_SHOWN else ""
    return f"{told}. {beside}{shown}"


def _together(found: Record) -> Section | None:
    if not found["together"]:
        return None
    rows = [
        [
            one["category"],
            one["forecaster"],
            one["reference"],
            number(one["promised"]),
            number(one["late"]),
            number(one["scored"]),
            number(one["never_scored"]),
            number(one["waiting"]),
            number(one["worse_than_reference"]),
            number(one["gain"]["value"]) if one["gain"] else UNDEFINED,
            interval(one["gain"]) if one["gain"] else UNDEFINED,
            out_of(one["gain"]) if one["gain"] else "nothing scored",
        ]
        for one in found["together"]
    ]
    head = [
        "Category",
        "Forecaster",
        "Held against",
        "Promised",
        "Late, left out",
        "Scored",
        "Due, never scored",
        "Not due",
        "Worse than reference",
        "Gain, nats per incident",
        "95% interval",
        "Out of",
    ]
    drawing = _drawing(found)
    return Section(
        "All rounds together",
        sentences=[
            "Information gain above 0: the forecast expected what was recorded better than its "
            "reference did. By the first scoring of each round; late promises are left out.",
        ],
        figures=[(drawing, "Information gain of each round; below 0 it went worse.")]
        if drawing
        else (),
        tables=[table("All rounds together", head, rows, headers=3)],
    )


def _drawing(found: Record) -> Markup | None:
    """Draw the gain of each scored round over time, a line for each forecaster and category."""
    lines: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for one in found["promises"]:
        gain = one["scorings"][0]["results"]["information_gain"] if one["scorings"] else None
        if gain is not None and defined(gain["value"]):
            key = (one["category"], one["forecaster"])
            lines.setdefault(key, []).append((one["begins"][:10], float(gain["value"])))
    if not lines:
        return None
    names = [f"{category}: {who}" for category, who in lines]
    look = styles([{"name": name, "is_reference": False} for name in names])
    days = sorted({day for line in lines.values() for day, _ in line})
    with settings():
        figure = Figure(figsize=(7.6, 3.2), layout="constrained")
        axes = figure.subplots()
        for name, line in zip(names, lines.values(), strict=True):
            axes.plot(
                [days.index(day) for day, _ in line],
                [value for _, value in line],
                label=short(name),
                **look[name],
            )
        axes.axhline(0, color=INK, linewidth=1.2)
        axes.set_xticks(
            range(len(days))[:: max(len(days) // 6, 1)], days[:: max(len(days) // 6, 1)]
        )
        axes.set_ylabel("nats per incident")
        axes.legend(loc="best")
        return svg(figure, "rounds", "Information gain of each round over its reference")


def _rounds(found: Record) -> Section:
    return Section(
        "Every promise",
        sentences=[
            "In the order in which they were made: those that went badly and those never scored "
            "too. A further scoring, with revised counts, stands beside the first.",
        ],
        tables=[_promises(found["promises"], checked=found["authority_checked"])],
        behind=[_scores(found["promises"])]
        if any(p["scorings"] for p in found["promises"])
        else [],
        behind_name="Every score",
    )


def _promises(promises: Sequence[Record], *, checked: bool) -> Table:
    doubt = "" if checked else ", authority not checked"
    rows = [
        [
            number(one["entry"]),
            one["category"],
            one["forecaster"],
            one["promised_by"],
            one["promised_at"],
            f"by {one['existed_by']}{doubt}" if one["existed_by"] else "own clock only",
            "LATE" if one["late"] else "in time",
            one["begins"],
            one["ends"],
            one["state"],
        ]
        for one in promises
    ]
    head = [
        "Entry",
        "Category",
        "Forecaster",
        "Promised by",
        "Promised (UTC)",
        "Existed, by an authority",
        "In time",
        "Begins",
        "Ends",
        "State",
    ]
    return table("Promises", head, rows, headers=3)


def _scores(promises: Sequence[Record]) -> Table:
    rows = []
    for one in promises:
        for scoring in one["scorings"]:
            results = scoring["results"]
            named = [
                *((name, estimate, False) for name, estimate in results["scores"].items()),
                *(
                    [("information_gain", results["information_gain"], False)]
                    if results["information_gain"]
                    else []
                ),
                *(
                    (f"capture_rate at {percent(rate['area_fraction'])} of the area", rate, True)
                    for rate in results["capture_rate"] or ()
                ),
            ]
            rows += [
                [
                    number(one["entry"]),
                    one["forecaster"],
                    number(scoring["round"]),
                    scoring["written_at"],
                    name,
                    (percent if share else number)(estimate["value"]),
                    interval(estimate, share),
                    out_of(estimate),
                ]
                for name, estimate, share in named
            ]
    head = [
        "Entry",
        "Forecaster",
        "Scoring",
        "Scored (UTC)",
        "Score",
        "Value",
        "95% interval",
        "Out of",
    ]
    return table("Scores", head, rows, headers=3)


def _proof(found: Record) -> Section:
    problems = [[one["where"], one["what"]] for one in found["problems"]]
    told = [
        f"Key (SHA-256): {found['log']['key_sha256']}.",
        "Proven: " + (" ".join(found["proven"]) or "nothing, since the log does not verify."),
        "Not proven:",
    ]
    return Section(
        "What is proven, and what is not",
        sentences=told,
        points=[*found["not_proven"], *(f"Note: {one}" for one in found["notices"])],
        tables=[table("Problems", ["Where", "What"], problems)] if problems else (),
    )
