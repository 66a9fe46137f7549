"""The feedback audit as a page: whether the system feeds on itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report import drawing
from veedor.report.document import Document, Section
from veedor.report.numbers import counted, defined, in_full, interval, number, out_of, percent
from veedor.report.tables import table

Record = Mapping[str, Any]

#: Zones whose lines can be told apart.
_DRAWN = 6
_NAMES = {
    "deviation_first": "patrols off target, first round",
    "deviation_last": "patrols off target, last tenth of the rounds",
    "deviation_last_without_loop": "the same if nothing fed back",
    "distance_from_true_share_last": "patrols not where the true incidents are, at the end",
    "excess_deviation": "what the loop adds",
    "share_of_runs_away": "runs that run away",
}


def feedback_document(results: Record) -> Document:
    """Make the page of a feedback audit.

    Parameters
    ----------
    results : dict
        As `veedor.audits.places.feedback.audit_feedback` gives it.
    """
    simulated, observed = results["simulated"], results["observed"]
    parts = [
        f"{counted(simulated['runs'], 'simulated run')} of {simulated['rounds']} rounds in "
        f"{counted(simulated['zones'], 'zone')}" if simulated else "",
        f"{counted(observed['places'], 'place')} over {counted(observed['periods'], 'period')}"
        if observed else "",
    ]  # fmt: skip
    sections = []
    if simulated:
        sections += [_over_time(simulated), _remedies(results), _threshold(simulated)]
    if observed:
        sections.append(_real(results, observed))
    return Document(
        title="Does the system feed on itself?",
        subtitle="; ".join(part for part in parts if part),
        made="veedor audit feedback",
        plain=Section("In plain words", sentences=_plain(results)),
        cautions=(
            (
                "A simulation shows what can happen, not what did.",
                "It is as good as the true rates, the reporting and the detection that it was "
                "given. Only the test on a real record is about what did happen.",
            ),
            (
                "A ratio above 1 is not yet a loop.",
                "It says that flags go with discoveries. They feed back only if the system is fed "
                "what is discovered.",
            ),
        ),
        sections=sections,
    )


def _plain(results: Record) -> list[str]:
    figures = {(f["assignment"], f["statistic"]): f for f in results["figures"]}
    sentences = []
    simulated = results["simulated"]
    if simulated:
        as_is = f"simulated, remedy: {simulated['remedies'][0]['name']}"
        last = figures[as_is, "deviation_last"]
        away = figures[as_is, "share_of_runs_away"]
        sentences.append(
            f"In the simulated city, {percent(simulated['discovered_fraction'])} of the record "
            "would be discovered under even patrols. At the end, "
            f"{percent(last['value'])} of the patrols are not where the same rule would put them "
            f"if it knew the truth ({interval(last, share=True)}; out of {out_of(last)}), and "
            f"{percent(away['value'])} of the runs have run away "
            f"({interval(away, share=True)}; same runs). {results['definition']}"
        )
        threshold = simulated["threshold"]
        if threshold:
            estimate = threshold["estimate"]
            within = f"Within {number(simulated['rounds'])} rounds it runs away"
            sentences.append(
                f"{within} once the discovered part of the record reaches "
                f"{in_full(estimate, share=True)}."
                if defined(estimate["value"])
                else f"{within} at no discovered fraction that this city can have, out of "
                f"{out_of(estimate)}."
            )
    if results["observed"]:
        for within, words in (
            ("place", "at the same place when it was not"),
            ("period", "at other places at the same time"),
        ):
            statistic = f"discovered_per_reported_ratio_within_{within}"
            figure = figures["observed", statistic]
            test = results["observed"]["tests"][statistic]
            sentences.append(
                f"For each reported incident, {number(figure['value'])} times as many were "
                f"discovered where the system flagged as {words} "
                f"({interval(figure)}; p = {number(test['p_value'])}; out of {out_of(figure)})."
            )
        flags = figures["observed", "flags_persistence"]
        reports = figures["observed", "reports_persistence"]
        sentences.append(
            f"{in_full(flags, share=True)} are flagged again in the next period; if reports alone "
            f"flagged as many, {in_full(reports, share=True)} would be."
        )
    return sentences


def _over_time(simulated: Record) -> Section:
    rows = [
        [zone["zone"], percent(zone["true_share"]), percent(zone["target_share"]),
         percent(zone["last_share"])]
        for zone in simulated["zone_shares"]
    ]  # fmt: skip
    return Section(
        "Where the patrols go",
        sentences=[
            f"System: {simulated['system']}; patrols: {simulated['allocation']}; detection "
            f"{number(simulated['detection'])}. The part of the patrols off target is half the sum "
            "of the absolute differences between the zones' shares and those that the same rule "
            "would allot if it knew the true rates."
        ],
        figures=[
            (_traces(simulated), "Part of the patrols off target, mean over the runs"),
            (_zone_lines(simulated), "Shares of the zones that move most, and their targets"),
        ],
        behind=[
            table(
                "Shares of the zones that move most",
                ["Zone", "True incidents", "Target", "Patrols at the end"],
                rows,
            )
        ],
        behind_name="Table of the zones",
    )


def _traces(simulated: Record) -> Markup:
    with drawing.settings():
        figure = Figure(figsize=(7.0, 3.4))
        axes = figure.add_subplot()
        styles = drawing.styles(
            [{"name": r["name"], "is_reference": n == 0}
             for n, r in enumerate(simulated["remedies"])]
        )  # fmt: skip
        for remedy in simulated["remedies"]:
            style = styles[remedy["name"]]
            axes.plot(
                remedy["round"],
                remedy["deviation_mean"],
                label=drawing.short(f"remedy: {remedy['name']}"),
                color=style["color"],
                linestyle=style["linestyle"],
            )
        axes.set_xlabel("round")
        axes.set_ylabel("part of patrols off target")
        axes.set_ylim(bottom=0.0)
        axes.legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        drawing.margins(figure, 0.7, 0.85, 0.5)
        return drawing.svg(figure, "traces", "Part of the patrols off target by round and remedy")


def _zone_lines(simulated: Record) -> Markup:
    rounds = simulated["remedies"][0]["round"]
    with drawing.settings():
        figure = Figure(figsize=(7.0, 3.0))
        axes = figure.add_subplot()
        styles = drawing.styles([{"name": str(place)} for place in range(_DRAWN)])
        moved = sorted(
            simulated["zone_shares"], key=lambda z: -abs(z["last_share"] - z["target_share"])
        )
        for place, zone in enumerate(moved[:_DRAWN]):
            style = styles[str(place)]
            axes.plot(
                rounds,
                zone["share"],
                color=style["color"],
                linestyle=style["linestyle"],
                label=drawing.short(f"zone {zone['zone']}"),
            )
            axes.axhline(zone["target_share"], color=style["color"], linewidth=0.8, linestyle=":")
        axes.set_xlabel("round")
        axes.set_ylabel("share of patrols")
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        drawing.margins(figure, 0.7, 0.65, 0.5)
        return drawing.svg(figure, "zones", "Share of patrols by round; dotted: the target")


def _remedies(results: Record) -> Section:
    rows = [
        [
            figure["assignment"].removeprefix("simulated, remedy: "),
            _NAMES[figure["statistic"]],
            percent(figure["value"]),
            interval(figure, share=True),
            out_of(figure),
        ]
        for figure in results["figures"]
        if figure["statistic"] in _NAMES
    ]
    about = [f"{r['name']}: {r['about']}." for r in results["simulated"]["remedies"]]
    return Section(
        "What helps",
        sentences=["Every remedy meets the very same incidents."],
        points=about,
        tables=[
            table(
                "Remedies", ["Remedy", "What", "Value", "95% interval", "Out of"], rows, headers=2
            )
        ],
    )


def _threshold(simulated: Record) -> Section:
    found = simulated["threshold"]
    title = "From which discovered fraction on it runs away"
    if not found:
        return Section(title, sentences=["Not looked for, or nothing is reported in this city."])
    rows = [
        [percent(fraction), percent(mean)]
        for fraction, mean in zip(found["fractions"], found["mean_excess"], strict=True)
    ]
    with drawing.settings():
        figure = Figure(figsize=(7.0, 2.8))
        axes = figure.add_subplot()
        axes.plot(found["fractions"], found["mean_excess"], color="#0b5394", marker="o")
        axes.axhline(simulated["tolerance"], color=drawing.QUIET, linestyle="--", linewidth=1.0)
        axes.set_xlabel("discovered fraction of the record under even patrols")
        axes.set_ylabel("added by the loop")
        drawing.margins(figure, 0.7, 0.15, 0.5)
        words = "Patrols that the loop moves off target, by discovered fraction; dashed: tolerance"
        drawn = drawing.svg(figure, "threshold", words)
    return Section(
        title,
        sentences=[f"Estimate: {in_full(found['estimate'], share=True)}."],
        figures=[(drawn, words)],
        behind=[table("Curve", ["Discovered fraction", "Added by the loop"], rows)],
        behind_name="Table of the curve",
    )


def _real(results: Record, observed: Record) -> Section:
    rows = [
        [f["statistic"], number(f["value"]), interval(f), out_of(f), f["method"]]
        for f in results["figures"]
        if f["assignment"] == "observed"
    ]
    tests = [
        [name, test["null_hypothesis"], number(test["statistic"]), number(test["p_value"]),
         test["test"]]
        for name, test in observed["tests"].items()
    ]  # fmt: skip
    return Section(
        "On the real record",
        sentences=[
            f"{number(observed['reported'])} reported and {number(observed['discovered'])} "
            f"discovered incidents, {number(observed['flagged'])} flags.",
            "Comparing a place with itself is free of what differs between places and lasts. "
            "Comparing places at the same time assumes that, unflagged, they would have as many "
            "discovered per reported incident.",
        ],
        tables=[
            table("Figures", ["Statistic", "Value", "95% interval", "Out of", "Method"], rows),
            table("Tests", ["Statistic", "Null hypothesis", "Statistic", "p", "Test"], tests),
        ],
    )
