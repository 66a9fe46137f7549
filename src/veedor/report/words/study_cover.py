"""Words of the cover of a study's report: for readers without statistics."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from veedor.report.cover import Proof, Tone
from veedor.report.words.counted import lead_of_counts
from veedor.report.words.examination import ABSENT
from veedor.report.words.language import Words, noted
from veedor.study.results import StudyResults
from veedor.verification.judging import ABOUT, BETTER, OPEN, SAME, UNDEFINED, WORSE

#: Where a forecast stands beside plain counting -> how that looks, and its word.
STANDINGS: dict[str, tuple[Tone, str]] = {
    BETTER: ("better", noted("better")),
    ABOUT: ("about", noted("about as good")),
    OPEN: ("open", noted("not enough to tell")),
    WORSE: ("worse", noted("worse")),
    UNDEFINED: ("none", noted("undefined")),
    SAME: ("none", noted("the same forecast")),
    ABSENT: ("none", noted("too little data")),
}
#: What forecasters of veedor are, in plain words.
PLAIN_NAMES = {
    "PriorCounts": noted("Plain counting"),
    "Stack": noted("Combined"),
    "PooledCounts": noted("Pooled counting"),
    "Additive": noted("Adjusted counting"),
    "PoissonTrees": noted("Decision trees"),
    "SelfExciting": noted("Recent events nearby"),
    "SmoothField": noted("Smoothed counting"),
    "NearRepeat": noted("Repeats nearby"),
    "Recency": noted("Recent counting"),
    "Kernel": noted("Smoothed map"),
    "PastMean": noted("Past average"),
    "SeasonalNaive": noted("Same period last year"),
    "RecentMean": noted("Average of late"),
    "ShrunkenMean": noted("Average of late, evened out"),
    "EndemicEpidemic": noted("Last period and neighbours"),
}
_FOR_ONE = {
    BETTER: noted("Better than plain counting."),
    ABOUT: noted("About as good as plain counting; not shown to be better."),
    OPEN: noted("Not enough records to tell whether this is better than plain counting."),
    WORSE: noted("Worse than plain counting."),
    UNDEFINED: noted("Undefined: these records do not allow a comparison with plain counting."),
    SAME: noted("This forecast is plain counting itself."),
    ABSENT: noted("Too little data for anything but plain counting."),
}
_FOR_ALL = {
    BETTER: noted("Better than plain counting for all {n} categories."),
    ABOUT: noted("About as good as plain counting for all {n} categories; not shown to be better."),
    OPEN: noted(
        "Not enough records to tell whether this is better than plain counting, for any of {n} "
        "categories."
    ),
    WORSE: noted("Worse than plain counting for all {n} categories."),
    UNDEFINED: _FOR_ONE[UNDEFINED],
    SAME: _FOR_ONE[SAME],
    ABSENT: _FOR_ONE[ABSENT],
}


def lead(words: Words, results: StudyResults) -> str:
    """Say what was forecast, and on what it was checked."""
    recorded = sum(one.examination.recorded.inside for one in results.categories)
    names, start = [one.name for one in results.categories], results.periods.start
    given = {
        "cells": words.many(results.cells.count, "{n} cell", "{n} cells"),
        "periods": words.many(len(start), "{n} period", "{n} periods"),
        "first": words.day(start[0]),
        "last": words.day(results.periods.end[-1]),
        "recorded": words.number(recorded),
    }
    if results.counts is not None:
        return lead_of_counts(words, results.counts, names, results.cells.count, given)
    if len(names) > 2:
        return words.say(
            "Forecast: incidents of {n} categories in each of {cells}. Checked on {periods}, from "
            "{first} to before {last}: {recorded} recorded.",
            n=len(names),
            **given,
        )
    return words.say(
        "Forecast: incidents of {names} in each of {cells}. Checked on {periods}, from {first} "
        "to before {last}: {recorded} recorded.",
        names=words.listed(names),
        **given,
    )


def finding(words: Words, stands: Sequence[str]) -> tuple[Tone, str]:
    """Say in a sentence where the forecast stands, over all categories that it was made for."""
    if not stands:
        return "none", words.say("Only plain counting was run: nothing is compared with it.")
    found, n = Counter(stands), len(stands)
    if n == 1:
        return STANDINGS[stands[0]][0], words.say(_FOR_ONE[stands[0]])
    if not any(found[kind] for kind in (BETTER, ABOUT, OPEN, WORSE)) and len(found) > 1:
        return "none", words.say("Nothing could be compared with plain counting.")
    if len(found) == 1:
        return STANDINGS[stands[0]][0], words.say(_FOR_ALL[stands[0]], n=n)
    better, worse = found[BETTER], found[WORSE]
    given = {"n": n, "better": better, "worse": worse, "rest": n - better - worse}
    if better and worse:
        if given["rest"]:
            told = words.say(
                "Better than plain counting for {better} of {n} categories, worse for {worse}; not "
                "shown for {rest}.",
                **given,
            )
        else:
            told = words.say(
                "Better than plain counting for {better} of {n} categories, worse for {worse}.",
                **given,
            )
        return "open", told
    if better:
        return "better", words.say(
            "Better than plain counting for {better} of {n} categories; not shown for {rest}.",
            **given,
        )
    if worse:
        return "worse", words.say(
            "Worse than plain counting for {worse} of {n} categories; not shown to be better for "
            "any.",
            **given,
        )
    return "open", words.say("Not shown to be better than plain counting for any category.")


def because(words: Words, named: dict[str, list[str]], who: str, chosen_of: int, kind: str) -> str:
    """Say what plain counting is, for which categories the forecast was better, and whose it is.

    Parameters
    ----------
    words : Words
    named : dict of str to list of str
        Categories by where the forecast stands, where there are several categories.
    who : str
        Whose forecast the verdict is on.
    chosen_of : int
        Of how many it came out best; 0 where it was chosen beforehand.
    kind : str
        Of the forecaster.
    """
    told = [
        words.say("Plain counting tallies what was recorded before in each place and around it.")
    ]
    if kind == "Stack":
        told.append(words.say("The combined forecast mixes its members that had enough data."))
    elif chosen_of > 1:
        told.append(whose(words, who, chosen_of))
    if 0 < len(named.get(BETTER, [])) <= _NAMED:
        told.append(words.say("Better: {names}.", names=words.listed(named[BETTER])))
    if 0 < len(named.get(WORSE, [])) <= _NAMED:
        told.append(words.say("Worse: {names}.", names=words.listed(named[WORSE])))
    return " ".join(told)


def whose(words: Words, who: str, best_of: int) -> str:
    """Say whose forecast the verdict is on, where it was not chosen beforehand."""
    return words.say(
        "The verdict is on {who}, which came out best of {n}; all stand below.",
        who=who,
        n=best_of,
    )


_NAMED = 3


def judged_otherwise(words: Words, because: str, tone: Tone, shown: Proof | None) -> str:
    """Say that a verdict is not by the counts beside it, where these go the other way."""
    if shown is None or tone not in ("better", "worse"):
        return because
    ours, reference = (one.share or 0.0 for one in shown.counts[:2])
    if ours == reference or (ours > reference) == (tone == "better"):
        return because
    against = words.say(
        "It is judged by the probability given to what was recorded: these counts go the other way."
    )
    return words.say("{because} {against}", because=because, against=against)


def proof(words: Words, recorded: int, area: float, counted: int, categories: int) -> str:
    """Say what is counted: incidents in a share of the area, of categories that all forecast."""
    given = {"recorded": recorded, "area": words.percent(area)}
    if counted < categories:
        return words.say(
            "Of {recorded} recorded in {n} of {all} categories, how many fell in the {area} of the "
            "area named first for their category; the others lack a forecast",
            n=counted,
            all=categories,
            **given,
        )
    if categories > 1:
        return words.say(
            "Of {recorded} recorded, how many fell in the {area} of the area named first for their "
            "category",
            **given,
        )
    return words.say(
        "Of {recorded} recorded, how many fell in the {area} of the area named first", **given
    )


def matrix(words: Words, stands: Sequence[str], several: bool) -> str:
    """Say how many comparisons were shown, one way or the other."""
    found = Counter(stands)
    better, worse = found[BETTER], found[WORSE]
    n = sum(found[kind] for kind in (BETTER, ABOUT, OPEN, WORSE))
    if not n:
        return words.say("Nothing could be compared with plain counting")
    if several:
        return words.many(
            n,
            "Of {n} comparison with plain counting: better in {better}, worse in {worse}, not "
            "shown in {rest}",
            "Of {n} comparisons with plain counting: better in {better}, worse in {worse}, not "
            "shown in {rest}",
            better=better,
            worse=worse,
            rest=n - better - worse,
        )
    if better:
        return words.many(
            n,
            "{better} of {n} forecast was shown to beat plain counting, {worse} to do worse",
            "{better} of {n} forecasts were shown to beat plain counting, {worse} to do worse",
            better=better,
            worse=worse,
        )
    return words.many(
        n,
        "The one forecast was not shown to beat plain counting; worse: {worse}",
        "None of the {n} forecasts was shown to beat plain counting; worse: {worse}",
        worse=worse,
    )


def ranges(words: Words, comparisons: int, within: float) -> str:
    """Say what the bars are, and what may be read from them."""
    return words.many(
        comparisons,
        "Bars: 95% ranges. One across 0 does not show a difference. About as good: the "
        "whole range lies within {within}. Not enough: it is wider, and the records do not tell.",
        "Bars: ranges that hold for all {n} comparisons at once (95%). One across 0 does not "
        "show a difference. About as good: the whole range lies within {within}. Not enough: it is "
        "wider, and the records do not tell.",
        within=words.say("±{share}", share=words.percent(within)),
    )


def signed(words: Words, share: float) -> str:
    """Write a share as a percentage with its sign.

    >>> from veedor.report.words import words_in
    >>> [signed(words_in("es"), share) for share in (0.0134, 0.0, -0.133)]
    ['+1,3%', '0%', '−13%']
    """
    written = words.percent(share, 2)
    return words.say("+{share}", share=written) if share > 0 else written


def gained(words: Words, gain: float, ends: tuple[float, float] | None) -> str:
    """Say how much more probable the forecast made what was recorded, with its range."""
    value = signed(words, math.expm1(gain))
    if ends is None:
        return words.say("{value}, without a range", value=value)
    low, high = (signed(words, math.expm1(end)) for end in ends)
    return words.say("{value} ({low} to {high})", value=value, low=low, high=high)


#: Fewer expected are told with two digits: 0.4 is not 0.
_FEW = 10


def last_period(words: Words, category: str, expected: float, recorded: int, several: bool) -> str:
    """Say what was expected and recorded in the last period."""
    few = expected < _FEW
    given = {
        "expected": words.number(expected, 2) if few else words.number(round(expected)),
        "recorded": recorded,
    }
    if several:
        return words.say(
            "{category}, last period: {expected} expected, {recorded} recorded",
            category=category,
            **given,
        )
    return words.say("Last period checked: {expected} expected, {recorded} recorded", **given)


def when(words: Words, start: str, end: str, who: str, low: int | None, high: int | None) -> str:
    """Say which period it was, whose forecast, and the range that it gave beforehand."""
    given = {"start": words.day(start), "end": words.day(end), "who": who}
    if low is None or high is None:
        return words.say("From {start} to before {end}. Forecast: {who}.", **given)
    return words.say(
        "From {start} to before {end}. Forecast: {who}; 95% range given beforehand: {low} to "
        "{high}.",
        low=low,
        high=high,
        **given,
    )


def measured(words: Words) -> str:
    """Say what the bars measure, where no column has room for it."""
    return words.say("Probability given to what was later recorded; the line is plain counting.")


def more(words: Words, forecasters: int, categories: int) -> str:
    """Say what has no room on the cover; empty where all has."""
    told = []
    if forecasters > 0:
        told.append(
            words.many(
                forecasters,
                "{n} more forecaster stands in the sentences below.",
                "{n} more forecasters stand in the sentences below.",
            )
        )
    if categories > 0:
        told.append(
            words.many(
                categories,
                "{n} category with fewer incidents stands in the sentences below.",
                "{n} categories with fewer incidents stand in the sentences below.",
            )
        )
    return " ".join(told)


def marked(words: Words) -> str:
    """Say what the dots of the map are."""
    return words.say("Larger dots: more recorded there")


def elsewhere(words: Words, others: int) -> str:
    """Name what leads to the map of the other categories and periods."""
    if not others:
        return words.say("All periods: map below")
    return words.say("All categories and periods: map below")


#: Classes of the map by their share of the area: the one named first, the last, those between.
_FIRST = noted("first {share} of the area: {count} of {all}")
_NEXT = noted("next {share} of the area: {count} of {all}")
_OTHER = noted("other {share} of the area: {count} of {all}")


def classes(words: Words, seen: Sequence[int], area: Sequence[float]) -> list[str]:
    """Name the classes of the map, from what is expected least to most, with what fell in each."""
    names = [_OTHER, *[_NEXT] * (len(seen) - 2), _FIRST][-len(seen) :]
    return [
        words.say(name, share=words.percent(share, 2), count=count, all=sum(seen))
        for name, count, share in zip(names, seen, area, strict=True)
    ]


def in_first(words: Words, seen: Sequence[int], area: Sequence[float], recorded: int) -> str:
    """Say how many of all that was recorded fell where most was expected."""
    return words.say(
        "{count} of {all} fell in the {share} of the area named first",
        count=sum(seen),
        all=recorded,
        share=words.percent(sum(area), 2),
    )


def about_map(words: Words, seen: Sequence[int], area: Sequence[float]) -> str:
    """Say what is read aloud in place of the map."""
    return words.say(
        "Map of the cells by what was expected. {classes}.",
        classes="; ".join(reversed(classes(words, seen, area))),
    )


def cautions(words: Words) -> tuple[str, ...]:
    """Return four false conclusions, of one form."""
    return (
        words.say("That this is all that happened: much is never reported."),
        words.say("Anything about a person, or a reason to stop or search one."),
        words.say("Why it happens, or what a measure would change."),
        words.say("That a forecast is fair or useful, even if it scores well."),
    )
