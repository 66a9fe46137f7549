"""Words of the page across studies: in how many a forecast was shown to be better, and of what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from veedor.errors import VeedorError
from veedor.report.cover import Tone
from veedor.report.words.language import Words
from veedor.study.across import Across, AcrossStudy, InStudies


def title(words: Words) -> str:
    """Name the page."""
    return words.say("Many studies")


def lead(words: Words, across: Across) -> str:
    """Say how many studies and categories there are, and what was recorded in all."""
    recorded = sum(each.recorded for one in across.studies for each in one.categories)
    return words.many(
        len(across.studies),
        "{n} study, {categories}: {recorded} recorded in the periods that were checked.",
        "{n} studies, {categories}: {recorded} recorded in the periods that were checked.",
        categories=words.many(len(across.categories), "{n} category", "{n} categories"),
        recorded=recorded,
    )


def finding(words: Words, across: Across, chosen: InStudies | None) -> tuple[Tone, str]:
    """Say in how many studies the forecast that the verdict is on was shown to be better."""
    n = len(across.studies)
    if not n:
        return "none", words.say("No study could be run.")
    if chosen is None:
        return "none", words.say("Only plain counting was run: nothing is compared with it.")
    if chosen.not_compared == n:
        return "none", words.say("Nothing could be compared with plain counting.")
    if not chosen.better and not chosen.worse:
        return "open", words.many(
            n,
            "Not shown to be better than plain counting in {n} study, for any category.",
            "Not shown to be better than plain counting in any of {n} studies.",
        )
    tone: Tone = "open"
    if not chosen.worse:
        tone = "better"
    elif not chosen.better:
        tone = "worse"
    return tone, words.many(
        n,
        "Better than plain counting in {better} of {n} study, for one category or more; worse in "
        "{worse}.",
        "Better than plain counting in {better} of {n} studies, for one category or more; worse in "
        "{worse}.",
        better=chosen.better,
        worse=chosen.worse,
    )


def family(words: Words, across: Across) -> str:
    """Say for how many comparisons the verdicts hold at once."""
    return words.many(
        across.comparisons,
        "There is {n} comparison: the chance that its verdict is wrong is at most {level}.",
        "All {n} comparisons are judged together: the chance that any verdict of better or worse "
        "is wrong is at most {level}.",
        level=words.percent(across.level),
    )


def left(words: Words, not_run: int) -> str:
    """Say how many studies could not be run: the heading of why."""
    return words.many(
        not_run,
        "{n} study could not be run, and why",
        "{n} studies could not be run, and why",
    )


def without(words: Words, not_run: int) -> str:
    """Say on the cover that studies are missing."""
    return words.many(
        not_run,
        "{n} study of the folder could not be run; it is named below.",
        "{n} studies of the folder could not be run; they are named below.",
    )


def stopped(words: Words, study: str, error: VeedorError) -> str:
    """Say of a study what stopped it."""
    return words.say("{study}: {why}", study=study, why=words.translated(error.told))


def concluded(words: Words, across: Across, chosen: InStudies | None, who: str) -> list[str]:
    """Say what a reader may conclude, and what the verdicts rest on."""
    told = [
        words.many(
            across.comparisons,
            "A comparison is of one forecast with plain counting, in one category of one study; "
            "there is {n}.",
            "A comparison is of one forecast with plain counting, in one category of one study; "
            "there are {n}.",
        ),
        words.say(
            "They are one family, judged as those of one study are, by Holm's way: were no "
            "forecast better or worse than plain counting in any study, a verdict of better or "
            "worse on any of them would come out in at most {level} of folders like this one.",
            level=words.percent(across.level),
        ),
    ]
    if chosen is not None and chosen.better:
        told.append(
            words.many(
                chosen.better,
                "So {who} beats plain counting in {n} study at least, beyond what chance gives. "
                "For the others nothing is shown, which is not a no.",
                "So {who} beats plain counting in {n} studies at least, beyond what chance gives. "
                "For the others nothing is shown, which is not a no.",
                who=who,
            )
        )
    told += [
        words.say(
            "The report of a study judges its own comparisons alone, a smaller family: what is "
            "better there may be not shown here, never the other way round."
        ),
        words.say("Studies stand in the order of their names: none is ranked."),
    ]
    return told


def not_compared(words: Words, who: str, studies: int) -> str:
    """Say in how many studies a forecast stands beside nothing, and why that may be."""
    return words.many(
        studies,
        "{who} is not compared in {n} study: it did not ask for it, had too little data or too few "
        "weeks, or its forecast there is that of plain counting.",
        "{who} is not compared in {n} studies: they did not ask for it, had too little data or too "
        "few weeks, or its forecast there is that of plain counting.",
        who=who,
    )


def called(words: Words, across: Across) -> str:
    """Head the table of forecasts."""
    return words.many(
        len(across.studies),
        "In {n} study: where each forecast was shown to differ from plain counting",
        "In how many of {n} studies each forecast was shown to differ from plain counting",
    )


def of_category(words: Words, category: str, found: InStudies | None, studies: int) -> str:
    """Head a category with where the forecast that the verdict is on stands in it."""
    if found is None:
        return category
    return words.many(
        studies,
        "{category}: better in {better} of {n} study, worse in {worse}",
        "{category}: better in {better} of {n} studies, worse in {worse}",
        category=category,
        better=found.better,
        worse=found.worse,
    )


def chart_title(words: Words, category: str, who: str) -> str:
    """Name the chart of one category."""
    return words.say(
        "{category}: {who} beside plain counting, by study", category=category, who=who
    )


def chart_axis(words: Words) -> str:
    """Say what the axis of a chart is."""
    return words.say("probability given to what was recorded, beside plain counting")


def lines(words: Words, comparisons: int, within: float) -> str:
    """Say what the ranges of a category are, and what may be read from them."""
    return words.many(
        comparisons,
        "Studies by name. Ranges: 95%; one across 0 does not show a difference. About as good: the "
        "whole range lies within {within}. Not enough to tell: it is wider.",
        "Studies by name. Ranges hold for all {n} comparisons at once (95%); one across 0 does not "
        "show a difference. About as good: the whole range lies within {within}. Not enough to "
        "tell: it is wider.",
        within=words.say("±{share}", share=words.percent(within)),
    )


def every_study(words: Words, studies: int) -> str:
    """Head the links to the reports."""
    return words.many(studies, "The report of {n} study", "The reports of {n} studies")


def report_of(words: Words, one: AcrossStudy) -> str:
    """Name a study, and say what it forecast, where its report is linked."""
    return words.say(
        "{study}: {title}; {cells}, {periods}, from {start} to before {end}",
        study=one.study,
        title=one.title,
        cells=words.many(one.cells, "{n} cell", "{n} cells"),
        periods=words.many(one.periods, "{n} period", "{n} periods"),
        start=words.day(one.start),
        end=words.day(one.end),
    )


def cautions(words: Words) -> tuple[str, ...]:
    """Return four false conclusions, of one form."""
    return (
        words.say("Which place has more incidents, or better police: each records in its own way."),
        words.say("Anything about a person, or a reason to stop or search one."),
        words.say("That a forecast does as well in a place that is not here."),
        words.say("That a forecast is fair or useful, even if it scores well."),
    )


def kept(words: Words, names: Sequence[str], studies: int) -> list[str]:
    """Say on a terminal which studies were whole already; nothing where none was."""
    if not names:
        return []
    return [
        words.many(
            len(names),
            "{n} of {studies} studies was whole already and not made again: {names}",
            "{n} of {studies} studies were whole already and not made again: {names}",
            studies=studies,
            names=words.listed(names),
        )
    ]


def in_file(words: Words, file: Path) -> str:
    """Say where the table of all comparisons is."""
    return words.say("Every comparison: {file}", file=file)
