"""The check of counts by area: its verdict, its limits, and what its parts are called."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.areas.quality_report import (
    AreaQuality,
    AreaStrip,
    RecordedCell,
    RecordedRow,
    RecordedTable,
)
from veedor.incidents.usability import Usability
from veedor.report.words.language import Words
from veedor.statistics.suppression import SMALL_COUNT


def shown(words: Words, n: int) -> str:
    """Write a number of incidents; of a few only that they are few.

    >>> from veedor.report.words import words_in
    >>> [shown(words_in("en"), n) for n in (0, 9, 10)]
    ['0', 'fewer than 10', '10']
    """
    if 0 < abs(n) < SMALL_COUNT:
        return words.say("fewer than {n}", n=SMALL_COUNT)
    return words.number(n)


def beside(words: Words, mean: float | None) -> str:
    """Write a mean a span; what is less than ten only as that; nothing where there is none."""
    if mean is None:
        return words.say("nothing")
    if 0 < mean < SMALL_COUNT:
        return words.say("fewer than {n}", n=SMALL_COUNT)
    return words.number(mean)


def title(words: Words, name: str, further: int) -> str:
    """Ask the question of the page, of a file and so many further editions of it."""
    if not further:
        return words.say("{name}: can these counts be used?", name=name)
    return words.many(
        further,
        "{name} and another edition: can these counts be used?",
        "{name} and {n} more editions: can these counts be used?",
        name=name,
    )


def subtitle(words: Words, quality: AreaQuality) -> str:
    """Say of what, from when to when."""
    return words.many(
        len(quality.editions),
        "Counts of {offences} offences in {areas} areas, {first} to {last}, one edition",
        "Counts of {offences} offences in {areas} areas, {first} to {last}, {n} editions",
        offences=quality.offences,
        areas=quality.areas,
        first=quality.first,
        last=quality.last,
    )


def made(words: Words, version: str) -> str:
    """Say by what it was made, and that it can be shown."""
    return words.say(
        "veedor {version}, check. No count from 1 to {most} is shown. It can be shown to anyone.",
        version=version,
        most=SMALL_COUNT - 1,
    )


def finding(words: Words, found: Usability, mend: int) -> str:
    """Give the one verdict, of so many things to mend first."""
    if mend:
        return words.many(
            mend,
            "Mend this first: {n} thing keeps these counts from being used",
            "Mend this first: {n} things keep these counts from being used",
        )
    if found.limits:
        return words.many(
            len(found.limits),
            "These counts can be used, with {n} limit",
            "These counts can be used, with {n} limits",
        )
    return words.say("These counts can be used")


def because(words: Words, quality: AreaQuality) -> str:
    """Say how many cells hold a number."""
    states = quality.states
    return words.say(
        "{reported} of {cells} cells that can hold a number do, in the latest edition. One that "
        "does not is missing, never 0.",
        reported=states.observed + states.reported_zero,
        cells=states.cells - states.not_applicable,
    )


def proof(words: Words, quality: AreaQuality) -> list[tuple[str, int, int]]:
    """Name three counts, each out of another."""
    states = quality.states
    reported = states.observed + states.reported_zero
    gaps = {
        (one.area, one.offence) for one in quality.looks_unreported if one.kind in ("zeros", "gap")
    }
    last = quality.editions[-1].published
    sums = [one for one in quality.sums if one.edition == last]
    named = [
        (words.say("cells with a number"), reported, states.cells - states.not_applicable),
        (
            words.say("series with nothing that looks unreported"),
            quality.series_tried - len(gaps),
            quality.series_tried,
        ),
    ]
    checked = sum(one.checked for one in sums)
    if checked:
        holds = checked - sum(one.failing for one in sums)
        named.append((words.say("printed totals that are the sum of their parts"), holds, checked))
    return named


def picture(words: Words, quality: AreaQuality) -> str:
    """State what the picture shows."""
    areas = sum("u" in one.states for one in quality.strips)
    missing = sum(bool(set(one.states) & {"n", "i"}) for one in quality.strips)
    if areas:
        return words.many(
            areas,
            "In {n} of {areas} areas something looks unreported",
            "In {n} of {areas} areas something looks unreported",
            areas=quality.areas,
        )
    if missing:
        return words.many(
            missing,
            "In {n} of {areas} areas something was not reported",
            "In {n} of {areas} areas something was not reported",
            areas=quality.areas,
        )
    return words.say("Every area reports throughout, and nothing looks unreported")


def marks(words: Words, rows: int, quality: AreaQuality) -> tuple[str, ...]:
    """Say what the bars mean, and of which areas they are."""
    legend = words.say(
        "High and filled: counts. Lighter: provisional. Thin: only zeros. Half high: some offences "
        "were not reported. Hollow: none was. Hatched: some look unreported. Blank: there can be "
        "no count."
    )
    if rows < len(quality.strips):
        return (
            legend,
            words.say(
                "The {rows} of {areas} areas of which least is known.",
                rows=rows,
                areas=len(quality.strips),
            ),
        )
    return (legend,)


def strips_read_aloud(words: Words, quality: AreaQuality, rows: Sequence[AreaStrip]) -> str:
    """Say what the picture shows, for who does not see it."""
    told = [
        words.say(
            "{area}: of {spans} spans {unreported} look unreported, {missing} without any number, "
            "{part} with part of them.",
            area=one.name,
            spans=len(one.states),
            unreported=one.states.count("u"),
            missing=one.states.count("n"),
            part=one.states.count("i"),
        )
        for one in rows
        if set(one.states) & {"u", "n", "i"}
    ]
    return " ".join([words.say("{finding}.", finding=picture(words, quality)), *told])


def cautions(words: Words) -> tuple[str, ...]:
    """Say what must not be concluded."""
    return (
        words.say("That what looks unreported was hidden: numbers cannot tell why they are low."),
        words.say("That an area without a count had no incidents: it may have sent none."),
        words.say(
            "That areas compare where one counts facts, another victims, or one sends its months "
            "late."
        ),
        words.say(
            "That what is not flagged was reported: a small gap in a small area leaves no trace."
        ),
    )


def everything(words: Words, mend: int, limits: int) -> str:
    """Head what must be mended and what limits the use."""
    if not (mend or limits):
        return words.say("Nothing to mend first, and nothing found that limits the use")
    return words.say(
        "To mend first: {mend}. What limits the use: {limits}",
        mend=mend,
        limits=limits,
    )


def unreported(words: Words, quality: AreaQuality) -> str:
    """Head what looks unreported."""
    return words.many(
        len(quality.looks_unreported),
        "{n} stretch of {series} series looks unreported, or changes its level at once",
        "{n} stretches of {series} series look unreported, or change their level at once",
        series=quality.series_tried,
    )


def how_unreported(words: Words) -> str:
    """Say how stretches were found."""
    return words.say(
        "Each has sharp edges and holds at most half of what the spans before and after it, and "
        "the same season of other years, lead to expect; the chance of that, for counts that vary "
        "as this series and this offence do, was found exactly, and over all series at most 5% of "
        "those named are expected to be false. A strike or a confinement looks the same: numbers "
        "cannot tell."
    )


def sums(words: Words, quality: AreaQuality) -> str:
    """Head the declared sums."""
    failing = sum(one.failing for one in quality.sums)
    return words.many(
        failing,
        "{n} of {of} printed totals, over all editions, is not the sum of its parts",
        "{n} of {of} printed totals, over all editions, are not the sums of their parts",
        of=sum(one.checked for one in quality.sums),
    )


def revised(words: Words, quality: AreaQuality) -> str:
    """Head the revisions."""
    changed = sum(one.changed for one in quality.revised_by_edition)
    return words.many(
        changed,
        "{n} of {of} numbers was changed from one edition to the next",
        "{n} of {of} numbers were changed from one edition to the next",
        of=sum(one.cells for one in quality.revised_by_edition),
    )


def how_revised(words: Words) -> str:
    """Say what was compared."""
    return words.say(
        "By offence: what each cell was when it was first published, after the first edition, "
        "against the latest edition. Where a break gave cells another meaning in between they are "
        "left out."
    )


def ages(words: Words, youngest: int, oldest: int) -> str:
    """Say how many spans old numbers are."""
    if youngest == oldest:
        return words.many(youngest, "{n} span old", "{n} spans old")
    if oldest > 1000:
        return words.say("{n} spans old or older", n=youngest)
    return words.say("{n} to {m} spans old", n=youngest, m=oldest)


def net(words: Words, before: int, after: int) -> str:
    """Write a net change in percent; undefined from 0."""
    if not before:
        return words.say("undefined")
    change = after / before - 1.0
    told = words.percent(abs(change), 2)
    if change > 0:
        return words.say("{percent} more", percent=told)
    return words.say("{percent} less", percent=told) if change < 0 else told


def broken(words: Words, quality: AreaQuality) -> str:
    """Head breaks, declared ones and others."""
    other = sum(not one.declared for one in quality.at_once)
    other += sum(not one.declared for one in quality.began)
    return words.many(
        len(quality.breaks),
        "Breaks: {n} declared, {other} not declared by anybody",
        "Breaks: {n} declared, {other} not declared by anybody",
        other=other,
    )


def states(words: Words, quality: AreaQuality) -> str:
    """Head the states by offence."""
    return words.many(
        quality.offences,
        "{n} offence: what is known of its cells",
        "{n} offences: what is known of their cells",
    )


def recorded(words: Words, made: RecordedTable) -> str:
    """Head what was recorded over the last year."""
    return words.say("What was recorded, {first} to {last}", first=made.first, last=made.last)


def how_recorded(words: Words, made: RecordedTable) -> str:
    """Say what is hidden in the table, and why."""
    return words.say(
        "Counts from 1 to {most} are hidden, and as many more as keep sums from giving them back: "
        "all are marked alike. A star: a span of it was not reported, so that it is too low.",
        most=made.k - 1,
    )


def recorded_name(words: Words, made: RecordedTable, row: RecordedRow) -> str:
    """Name a row."""
    if row.kind == "all":
        return words.say("All areas")
    if row.kind == "others":
        return words.many(made.others, "{n} other area", "{n} other areas")
    return row.name


def recorded_cell(words: Words, cell: RecordedCell) -> str:
    """Write a cell: not reported, hidden, a count, or a count that lacks something."""
    if not cell.reported:
        return words.say("not applicable") if cell.whole else words.say("not reported")
    if cell.value is None:
        return words.say("hidden")
    value = words.number(cell.value)
    return value if cell.whole else words.say("{value}*", value=value)


def came(words: Words, quality: AreaQuality) -> str:
    """Head the areas that come and go."""
    return words.many(
        len(quality.came),
        "{n} area is not there from the first span to the last",
        "{n} areas are not there from the first span to the last",
    )


def read(words: Words, quality: AreaQuality) -> str:
    """Head what reading met."""
    return words.many(
        len(quality.editions),
        "{n} edition read, and what was met in it",
        "{n} editions read, and what was met in them",
    )


def whole(words: Words, path: object) -> str:
    """Say where the numbers are, which are whole."""
    return words.say("Quality report, with every number: {path}", path=str(path))


def more(words: Words, n: int) -> str:
    """Say how many rows are in the file only."""
    return words.many(
        n,
        "{n} more row is in quality.json.",
        "{n} more rows are in quality.json.",
    )
