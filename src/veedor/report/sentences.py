"""The first page: what was forecast, how it did, and what must not be concluded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from veedor.report.numbers import (
    counted,
    day,
    defined,
    in_full,
    interval,
    interval_name,
    listed,
    number,
    out_of,
    percent,
)

Record = Mapping[str, Any]
# As `veedor.verification.judge_family` gives them.
BETTER, NOT_SHOWN, WORSE, UNDEFINED = "better", "not shown", "worse", "undefined"
SAME = "same"
ABSENT = "absent"
_NORMAL_95 = 1.96
VERDICTS = {
    BETTER: "better than the reference",
    NOT_SHOWN: "not shown to be better",
    WORSE: "worse than the reference",
    UNDEFINED: "undefined",
    SAME: "the same forecast",
    ABSENT: "not judged: too little data",
}


def verdict(gain: Record | None) -> str:
    """Return what a gain was judged to show, of `veedor.verification.Judged`.

    >>> verdict({"value": 0.012, "verdict": "better"}), verdict(None)
    ('better', 'undefined')
    """
    if gain is None or not defined(gain["value"]):
        return UNDEFINED
    return str(gain["verdict"])


def what_was_forecast(results: Record) -> list[str]:
    """Say what was forecast, where, when, and from what."""
    cells, periods, reference = results["cells"], results["periods"], results["study"]["reference"]
    names = listed([category["name"] for category in results["categories"]])
    count, origins = len(periods["start"]), len(results["origins"])
    rounds = (
        f"One forecast was made for each of {counted(count, 'period')}"
        if count == origins
        else f"Forecasts were made at {counted(origins, 'cut-off')} for {counted(count, 'period')}"
    )
    others = [f["name"] for f in results["forecasters"] if not f["is_reference"]]
    compared = (
        f"{counted(len(others), 'forecaster')} ({listed(others)}) "
        f"{'is' if len(others) == 1 else 'are'} compared "
        f"with {reference}, which only counts what was recorded before in each cell and around it. "
        "A forecaster that is not shown to be better has not been shown to add anything to plain "
        "counting."
        if others
        else f"Only the reference, {reference}, was run: nothing is compared with it."
    )
    return [
        f"How many incidents of {names} will be recorded in each of "
        f"{counted(cells['count'], 'cell')} "
        f"({_size(cells)}; {number(cells['area_km2'])} km² in all), "
        f"in periods of {periods['length']} from {day(periods['start'][0])} to "
        f"{day(periods['end'][-1])}.",
        f"{rounds}, each from what had been recorded up to its cut-off and nothing later, "
        "then set against what was recorded."
        + (
            f" The cut-off lay {results['lead']} before the first period, which left time to "
            "make the forecast and to publish it."
            if results["lead"]
            else ""
        ),
        compared,
    ]


def _size(cells: Record) -> str:
    size = cells.get("size_m")
    shape = cells.get("shape", "")
    return f"{shape}s of {number(size)} m" if size else f"{shape}s of different sizes"


def how_it_did(category: Record, forecast: Record, results: Record) -> dict[str, str]:
    """Say in words how one forecaster did against the reference in one category.

    Returns
    -------
    dict
        ``verdict`` and ``sentence``.
    """
    who, reference, name = forecast["forecaster"], results["study"]["reference"], category["name"]
    gain = forecast["gain"]["raw"]
    found = verdict(gain)
    if found == UNDEFINED or gain is None:
        basis = f" (out of {out_of(gain)})" if gain else ""
        return {
            "verdict": found,
            "sentence": f"Whether {who} explained recorded {name} better than {reference} is "
            "undefined"
            f"{basis}: it cannot be computed from these periods, and nothing follows from that.",
        }
    if found == SAME:
        return {
            "verdict": found,
            "sentence": f"{who} made the same forecast of {name} as {reference} in every cell and "
            "period: it is one forecast, and nothing is compared.",
        }
    told = (
        f"information gain {number(gain['value'])} nats per incident "
        f"({interval_name(gain)} {interval(gain)}; out of {out_of(gain)})"
    )
    likelier = (
        f"{errors(gain, reference, who)} Per incident, what was recorded was "
        f"{_likelier(gain['value'])} under its forecast."
    )
    plain = {
        BETTER: f"{who} explained recorded {name} better than {reference}: {told}. {likelier}",
        NOT_SHOWN: f"{who} was not shown to be better than {reference} on recorded {name}: {told}. "
        f"{_why_not_shown(gain, reference, who)}",
        WORSE: f"{who} explained recorded {name} worse than {reference}: {told}. {likelier}",
    }
    return {"verdict": found, "sentence": plain[found]}


def errors(gain: Record, reference: str, who: str) -> str:
    """Name both errors that a gain was held against, and the p-value of its family.

    >>> errors({"value": 0.5, "weeks_low": 0.25, "weeks_high": 0.75, "error_if_reference": 0.125,
    ...     "error_if_forecast": 0.1, "p_adjusted": 0.002, "comparisons": 3, "level": 0.95},
    ...     "A", "B")
    'By weeks alone the interval is 0.25 to 0.75; if A were right, chance would give ±0.245 (95%); \
p = 0.002 after Holm, over 3 comparisons.'
    """
    above = gain["value"] > 0
    right, error = (
        (reference, gain["error_if_reference"]) if above else (who, gain["error_if_forecast"])
    )
    weeks = interval({"low": gain["weeks_low"], "high": gain["weeks_high"]})
    return (
        f"By weeks alone the interval is {weeks}; if {right} were right, chance would give "
        f"±{number(_NORMAL_95 * error)} (95%); p = {number(gain['p_adjusted'])} after Holm, over "
        f"{counted(gain['comparisons'], 'comparison')}."
    )


def _why_not_shown(gain: Record, reference: str, who: str) -> str:
    if gain["p_adjusted"] is None:
        return "Without an interval nothing can be concluded: no gain could have been shown."
    clear = gain["low"] > 0 or gain["high"] < 0
    why = (
        "The interval leaves out 0, but among so many comparisons chance does that too."
        if clear
        else "The interval includes 0."
    )
    return f"{why} {errors(gain, reference, who)} {smallest(gain)}"


def smallest(gain: Record) -> str:
    """Say what could have been shown at all.

    >>> smallest({"smallest_shown": 0.02})
    'The smallest gain that could have been shown here is about 0.02: a smaller one may be there, \
or none.'
    """
    return (
        "The smallest gain that could have been shown here is about "
        f"{number(gain['smallest_shown'])}: a smaller one may be there, or none."
    )


def absent(category: Record) -> list[dict[str, str]]:
    """Say which forecasters are not judged in a category, since they had too little data.

    Returns
    -------
    list of dict
        ``verdict`` and ``sentence``, as of `how_it_did`.
    """
    return [
        {
            "verdict": ABSENT,
            "sentence": f"{one['forecaster']} is not judged on recorded {category['name']}: at "
            f"{number(one['origins_absent'])} of {counted(one['origins'], 'cut-off')} it had too "
            f"little data to forecast. It says: {one['reason']} Scores over fewer periods than "
            "the others' would not compare.",
        }
        for one in category["absent"]
    ]


def rescaled(category: Record, forecast: Record) -> str:
    """Say what the choice of places alone gained, with every forecast scaled to the same total."""
    scaled = forecast["gain"].get("rescaled")
    if scaled is None:
        return ""
    words = VERDICTS[verdict(scaled)]
    return f"{category['name']}, {forecast['forecaster']}: {in_full(scaled)} ({words})"


def headline(results: Record) -> str:
    """Count the verdicts."""
    reference = results["study"]["reference"]
    found = [
        verdict(forecast["gain"]["raw"])
        for category in results["categories"]
        for forecast in category["forecasts"]
        if forecast["forecaster"] != reference
    ]
    missing = sum(len(category["absent"]) for category in results["categories"])
    short = (
        f" {counted(missing, 'comparison')} could not be made: too little data." if missing else ""
    )
    if same := found.count(SAME):
        short += f" {counted(same, 'forecast')} {'is' if same == 1 else 'are'} the reference's own."
        found = [kind for kind in found if kind != SAME]
    if not found:
        return f"Nothing was compared with {reference}.{short}"
    told = [
        f"{words} in {found.count(kind)}"
        for kind, words in (
            (BETTER, "better"),
            (NOT_SHOWN, "not shown to be better"),
            (WORSE, "worse"),
            (UNDEFINED, "undefined"),
        )
        if kind in found or kind == BETTER
    ]
    return f"Of {counted(len(found), 'comparison')} with {reference}: {', '.join(told)}.{short}"


def _likelier(gain: float) -> str:
    """Turn nats into words.

    >>> _likelier(0.05), _likelier(-0.05), _likelier(1.5)
    ('5.13% more probable', '4.88% less probable', '4.48 times as probable')
    """
    if gain > math.log(2):
        return f"{number(math.exp(gain))} times as probable" if gain < 50 else "far more probable"
    change = math.expm1(gain)
    return f"{percent(abs(change))} {'more' if change >= 0 else 'less'} probable"


def captured(category: Record, results: Record) -> str:
    """Say how many incidents lay in 5% of the area: forecasters, reference, chance, the best."""
    reference = results["study"]["reference"]
    ordered = sorted(
        category["forecasts"], key=lambda forecast: forecast["forecaster"] == reference
    )
    found = [(f["forecaster"], place) for f in ordered if (place := _nearest(f["places"]))]
    if not found:
        return ""
    bases = {out_of(place["capture_rate"]) for _, place in found}
    told = []
    for who, place in found:
        rate = place["capture_rate"]
        basis = "" if len(bases) == 1 else f"; out of {out_of(rate)}"
        role = ", the reference," if who == reference else ""
        told.append(
            f"{who}{role} {percent(rate['value'])} ({interval_name(rate)} "
            f"{interval(rate, share=True)}{basis})"
        )
    for label, key in (("chance", "chance"), ("the most that any forecast could reach", "oracle")):
        exact = _nearest(category[key]["places"])
        if exact is not None:
            told.append(f"{label} {percent(exact['capture_rate'])}")
    among = f", out of {bases.pop()}" if len(bases) == 1 else ""
    at = percent(found[0][1]["area_fraction"])
    where = f"Captured in the {at} of the area with the largest expected counts"
    return f"{where}{among}: {'; '.join(told)}."


def _nearest(places: list[Record]) -> Record | None:
    return min(places, key=lambda place: abs(place["area_fraction"] - 0.05), default=None)


def together(results: Record) -> str:
    """Say what holds of all verdicts of the page at once."""
    gains = [f["gain"]["raw"] for c in results["categories"] for f in c["forecasts"]]
    many = max((gain["comparisons"] for gain in gains if gain), default=0)
    if not many:
        return ""
    how = (
        f", over all {counted(many, 'comparison')} (Holm): if no forecaster differed from "
        f"{results['study']['reference']}, any would be called better or worse in about 5% of "
        "such studies at most"
    )
    return (
        f"Better or worse is said only at 5%{how if many > 1 else ''}; and only where the gain "
        "exceeds both what weeks vary by and what chance alone would give. Information gain says "
        "how much more probable a forecast made what was recorded, per incident, than "
        f"{results['study']['reference']} did: 0.01 nats are 1% more, −0.01 nats 1% less."
    )


def not_to_conclude(results: Record) -> list[dict[str, str]]:
    """List what this report must not be used to say: each point has a short head and its reason."""
    lost = sum(c["counted"]["unlocated"] for c in results["categories"])
    outside = sum(c["counted"]["outside"] for c in results["categories"])
    inside = sum(c["counted"]["inside"] for c in results["categories"])
    points = [
        (
            "What was recorded is not all that happened.",
            "Many incidents are never reported, and reporting differs between places and people. "
            "A forecast of "
            "records repeats what is missing from them.",
        ),
        (
            "Nothing here is about any person.",
            "A forecast of places says nothing about who lives, works or walks there.",
        ),
        (
            "A large expected count is no reason to stop, search or watch anybody.",
            "It is an average over a cell and a period, not evidence of anything in it.",
        ),
        (
            "Beating the reference does not make a system useful or fair.",
            "It says nothing on what is done with a forecast, whom that burdens, or whether it "
            "helps.",
        ),
        (
            "Nothing here says why.",
            "No score shows a cause, nor what any measure would change.",
        ),
        (
            "It holds for these places, periods and records only.",
            f"{number(inside)} incidents in the forecast periods are scored; {number(lost)} "
            f"without a usable place "
            f"and {number(outside)} outside the area are counted but not scored.",
        ),
    ]
    found = [c["name"] for c in results["categories"] if c["known_by"] != "reported"]
    if found:
        points.append(
            (
                f"{listed(found)}: not known from reports alone.",
                "What police go looking for is recorded where they look. A forecast of it "
                "forecasts patrols.",
            )
        )
    return [{"head": head, "reason": reason} for head, reason in points]
