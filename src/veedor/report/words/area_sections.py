"""What the sections of a page on patterns of area counts say."""

from __future__ import annotations

from veedor.report.words.headings import Heading
from veedor.report.words.language import noted

RATES, FUNNELS, NEIGHBOURS, TRENDS, LEFT_OUT = (
    noted("Rates"),
    noted("Funnels"),
    noted("Neighbours"),
    noted("Trends and level shifts"),
    noted("What was not reported, and what was left out"),
)
NO_POPULATION = noted(
    "The study says of no area how many people live there: a count without its denominator is no "
    "rate, so there are no rates, no funnels and no comparison of neighbours. "
    "`[counts.population]` of study.toml gives them."
)
NO_OUTLINES = noted("No area has an outline: who is whose neighbour is not known.")
RATES_SAID = noted(
    "Recorded per 100,000 people and year, each with its 95% interval. The drawn rate is the "
    "better guess of what will be recorded again: the fewer people an area has, the more its rate "
    "is drawn towards that of all places (or of its neighbours). Areas stand in the order of the "
    "publication: the order of rates of small areas is mostly chance."
)
MAPS_SAID = noted(
    "Drawn rates by that of all places together, one scale for all offences: 1 is the rate of all. "
    "Grey: no population, or less than half of the year reported."
)
HIDDEN = noted("hidden")
SMALL_SAID = noted(
    "In tables and funnels, counts below {k} and those that would give them back by a sum are "
    "hidden, with their rates. rates.csv and patterns.json hold every number: look at them before "
    "passing them on."
)
FUNNELS_SAID = noted(
    "Each area by its people and its rate. The lines are the rate of all places together, and "
    "limits that hold 95% (dashed) and 99.8% of areas that are alike. Diamonds lie outside of the "
    "outer ones. Outside is more, or less, recorded than the spread of all areas explains; it is "
    "no rank."
)
NEIGHBOURS_SAID = noted(
    "Moran's I of rates, standardised so that areas with few people do not count for their noise: "
    "near 1 where neighbours are alike, near 0 where they have nothing to do with one another."
)
TRENDS_SAID = noted(
    "The yearly change of what was recorded, for the people there where their number is known, "
    "with the season taken out. A trend or a shift is named where its q-value, over all tests of "
    "this page, is at most 0.05. Spans that were not reported, or look so, are left out: they are "
    "never a fall. A steady trend is also cut into steps, and a step is also a trend: look at the "
    "course."
)
COURSES_SAID = noted(
    "Recorded in each span by the mean of its own series (dots) and the mean over a year (line), "
    "one scale for all. A dashed line: the level shifts; grey where spans before it were not "
    "reported."
)
LEFT_OUT_SAID = noted(
    "What is not reported is no zero. These spans are in no rate, no trend and no level."
)
NOTHING_LEFT_OUT = noted("Every span of every area was reported, and none looks as if it were not.")

OVERALL = Heading(
    noted("All places together, over the last year that is reported and has a population"),
    (
        noted("Offence"), noted("Spans"), noted("Recorded per 100,000 people a year"),
        noted("Areas with a rate"), noted("Not reported"), noted("Without population"),
        noted("How far areas differ"),
    ),
)  # fmt: skip
OF_AREAS = Heading(
    noted("{offence}: recorded per 100,000 people a year, by area, {first} to {last}"),
    (
        noted("Area"), noted("Recorded"), noted("Spans"), noted("Rate"), noted("Drawn rate"),
        noted("Drawn to neighbours"), noted("In the funnel"),
    ),
)  # fmt: skip
OUTSIDE = Heading(
    noted("Areas outside of the 99.8% limits, in the order of the publication"),
    (
        noted("Offence"), noted("Area"), noted("Where"),
        noted("Recorded per 100,000 people a year"),
    ),
)  # fmt: skip
FUNNEL_LIMITS = Heading(
    noted("Funnels"),
    (
        noted("Offence"), noted("Areas with a rate"), noted("Above"), noted("Below"),
        noted("Outside by chance"), noted("Dispersion"), noted("Limits"),
    ),
)  # fmt: skip
WIDENED = {
    True: noted("widened: areas differ by more than chance"),
    False: noted("not widened"),
}
ASSOCIATION = Heading(
    noted("Rates of neighbours"),
    (
        noted("Offence"), noted("Moran's I"), "p", "q", noted("Areas"), noted("Islands"),
    ),
)  # fmt: skip
BY_OFFENCE = Heading(
    noted("Areas by their trend and level"),
    (
        noted("Offence"), noted("From"), noted("To"), noted("All areas together, a year"),
        noted("Rose"), noted("Fell"), noted("No trend shown"), noted("Too few"),
        noted("Level shifts"), noted("Not reported?"),
    ),
)  # fmt: skip
NAMED_TRENDS = Heading(
    noted("{offence}: areas with a named trend, in the order of the publication"),
    (noted("Area"), noted("Recorded"), noted("Spans"), noted("Change a year"), "q"),
)
NAMED_SHIFTS = Heading(
    noted("{offence}: level shifts"),
    (noted("Area"), noted("From"), noted("Times the level"), "q", noted("Seen as")),
)
SHIFTED = {
    "rise": noted("a higher level"),
    "fall": noted("a lower level"),
    "not_reported": noted("not reported?"),
}
REASONS = {
    "not_reported": noted("not reported"),
    "not_applicable": noted("not applicable"),
    "looks_unreported": noted("looks as if it were not reported"),
    "correction": noted("a correction below 0"),
    "provisional": noted("provisional"),
}
REASONS_BY_OFFENCE = Heading(
    noted("Cells (areas times spans) that are left out"),
    (noted("Offence"), *REASONS.values()),
)
RUNS = Heading(
    noted("{offence}: spans that were not reported, or look so"),
    (noted("Area"), noted("From"), noted("To"), noted("Spans"), noted("Why")),
)
BEHIND_RATES = noted("The rates of every area")
BEHIND_TRENDS = noted("Every trend and level shift that is named")
BEHIND_RUNS = noted("By area")
CAUTIONS = (
    (
        noted("Recorded is not happened."),
        noted(
            "A rate or a trend is of what was reported, written down and published; a form, a call "
            "centre or a strike moves it."
        ),
    ),
    (
        noted("An area is not its people."),
        noted(
            "Residents are the denominator. Those who pass through, work or shop there are not in "
            "it."
        ),
    ),
    (
        noted("A place in a list is no rank."),
        noted(
            "Rates of small areas change places by chance every year. Intervals and funnels say "
            "how far."
        ),
    ),
)
