"""What the sections of a page of patterns say: titles, paragraphs and heads of tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from veedor.patterns import CategoryPatterns, Changes, NearRepeats, Watched
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted
from veedor.report.words.pattern_names import STEPS, YEAR_WEEKS, counts_of

#: Question of the record -> its name.
KINDS = {
    "concentration": noted("concentration"), "hot_spots": noted("hot spots"),
    "hot_spots_by_rate": noted("hot spots by rate"), "near_repeats": noted("near repeats"),
    "trends_of_places": noted("trends of places"),
    "hot_spots_of_single_steps": noted("hot spots of single steps"),
    "hours_of_the_week": noted("hours of the week"), "kinds_of_day": noted("kinds of day"),
    "level_shift": noted("level shift"), "level_shift_of_an_area": noted("level shift of an area"),
    "change_of_the_map": noted("change of the map"), "before_and_after": noted("before and after"),
}  # fmt: skip
#: Kind of a finding -> what is told of it, and where the counts stand that it names.
COUNTED: dict[str, tuple[str, Callable[[CategoryPatterns], msgspec.Struct | None]]] = {
    "hot_spots": (
        noted(
            "{hot} of {tested} cells are hot spots, with {recorded_in_hot} of {recorded} "
            "incidents, and {cold} are cold spots."
        ),
        lambda one: one.hot_spots,
    ),
    "hot_spots_by_rate": (
        noted("By {of}, {hot} of {tested} cells are hot spots and {cold} cold spots."),
        lambda one: one.hot_spots.rates,
    ),
    "trends_of_places": (
        noted(
            "{rising} of {tested} cells rose and {falling} fell, against the cells that kept "
            "their level."
        ),
        lambda one: one.emerging and one.emerging.trends,
    ),
}
CONCENTRATION = noted("Concentration")
HOT_SPOTS = noted("Hot spots")
NEAR_REPEATS = noted("Near repeats")
TWO_MAPS = noted("Two maps compared")
EMERGING = noted("Emerging, fading, persistent")
SEASONS = noted("Seasons and clocks")
CHANGE = noted("Change")
BEFORE_AFTER = noted("Before and after")
IN_PLAIN_WORDS = noted("In plain words")

SAID = {
    CONCENTRATION: noted(
        "The curve shows how many of the incidents lie in the busiest cells. With few incidents "
        "some cells are empty by chance alone; the ranges by chance are of as many incidents "
        "dropped on the cells at random. p is at most 5% in 5% of such records."
    ),
    HOT_SPOTS: noted(
        "A hot spot is a cell whose neighbours have more recorded incidents than cells drawn at "
        "random would, and that with them lies above the mean. Every cell is tested, so on average "
        "up to 5% of the cells named are false; where there is no hot or cold spot, a category has "
        "any in up to 5% of records."
    ),
    NEAR_REPEATS: noted(
        "Each number is how many pairs of incidents lie so far apart in space and time, by how "
        "many do when the days are shuffled. A dot marks ratios above 1 at a false discovery rate "
        "of 5% over the table: where nothing repeats, a category has any in up to 5% of records. "
        "Same place and same day is apart from the rest: one event that was recorded twice lies "
        "there. The seasonal record keeps every district's own days, so ratios within its range "
        "may come from seasons that differ between districts. Fields whose 95% interval holds 1 "
        "are grey; the darker the others, the further from 1."
    ),
    TWO_MAPS: noted(
        "S is the share of cells with an incident whose share of the record is alike in both "
        "spans. It is far below 1 even where nothing changed; read it beside its range without a "
        "change. The last column counts cells that rose or fell against the cells that kept their "
        "level, at a false discovery rate of 5%: where one cell doubles, the shares of all others "
        "fall, though nothing happened there. Where nothing changed, p is at most 5% in 5% of "
        "records, and any cell is named in up to 5%."
    ),
    SEASONS: noted(
        "An incident whose time is known to more than an hour is spread over its interval. "
        "Midnight and noon would have 0.07% of the exact times each if no minute were preferred; "
        "what is above that was rounded, or written down for want of a time."
    ),
    BEFORE_AFTER: noted(
        "Incidents more (fewer: negative) than the comparison areas would have it."
    ),
}
NO_PAIRS = noted("No category has two incidents with a place and a day.")
FEW_STEPS = noted("The record is shorter than six steps.")
FEW_WEEKS = noted("The record is shorter than 26 weeks, or knows only the month.")
NO_DENOMINATOR = noted("no denominator")
WHOLE_RECORD = noted("whole record")
NONE_SEEN = noted("none seen")
BY_CHANCE = noted("By chance")
CONCENTRATED = (
    noted("Category"), noted("Span"), noted("Incidents"), noted("Generalised Gini"),
)  # fmt: skip
WHOLE = noted("Whole record: generalised Gini, and the share of the cells that holds so much")
BY_YEAR = noted("Concentration over cells, with 95% intervals")
EFFECT_COLUMNS = (
    noted("Kind of day"), noted("Days"), noted("Ratio"), noted("95% interval"), noted("q"),
)  # fmt: skip
PAIR_COLUMNS = (
    noted("Band"), noted("Pairs"), noted("Expected"), noted("Ratio"), noted("95% interval"),
    noted("q"), noted("Seasonal record"),
)  # fmt: skip
ROSE_OR_FELL = Heading(
    noted("Cells that rose or fell, and cells of each kind"),
    (noted("Category"), noted("Rose"), noted("Fell"), noted("Cells tested")),
)
CLASSES = Heading(
    noted("What each class takes (H: the cell is a hot spot), and cells in it"),
    (noted("Class"), noted("Kind"), noted("Takes")),
)
#: Title of a section -> its table.
TABLES = {
    HOT_SPOTS: Heading(
        noted("Hot and cold spots"), (
            noted("Category"), noted("Hot cells"), noted("Incidents in them"),
            noted("Cold cells"), noted("Hot cells by rate"),
        ),
    ),
    TWO_MAPS: Heading(
        noted("Spatial point pattern test"), (
            noted("Category"), noted("Base"), noted("Test"), noted("Robust S"),
            noted("S without a change"), noted("p"), noted("Cells that rose, fell"),
        ),
    ),
    SEASONS: Heading(
        noted("How times were recorded"), (
            noted("Category"), noted("Incidents"), noted("To more than an hour"),
            noted("Midnight"), noted("Noon"),
        ),
    ),
    CHANGE: Heading(
        noted("Level shifts"), (
            noted("Category"), noted("Area"), noted("Week from"), noted("Ratio"),
            noted("95% interval"), noted("q"), noted("Signs of recording"),
        ),
    ),
    BEFORE_AFTER: Heading(
        noted("Weighted displacement difference"), (
            noted("Category"), noted("In the area"), noted("Around it"), noted("Together"),
            noted("p"),
        ),
    ),
}  # fmt: skip
BEHIND = {
    CONCENTRATION: noted("By year, with intervals"),
    NEAR_REPEATS: noted("Pairs, intervals and the seasonal record"),
    EMERGING: noted("Classes"),
    SEASONS: noted("Effects of weekday, month, holiday and pay-day"),
}


def map_of(words: Words, one: CategoryPatterns, classes: bool) -> str:
    """Say what the maps of a category show."""
    told = {"category": one.name, "bandwidth": words.number(one.hot_spots.bandwidth_m)}
    if classes:
        return words.say(
            "{category}. Recorded per km²: kernel density, bandwidth {bandwidth} m. Hot spots: "
            "Getis-Ord hot and cold spots, false discovery rate 5%. Over time: classes of cells.",
            **told,
        )
    return words.say(
        "{category}. Recorded per km²: kernel density, bandwidth {bandwidth} m. Hot spots: "
        "Getis-Ord hot and cold spots, false discovery rate 5%. No cell has a class over time.",
        **told,
    )


def pairs_of(words: Words, category: str, knox: NearRepeats) -> str:
    """Say which incidents make the pairs of a Knox table."""
    told = {"category": category, **counts_of(knox)}
    said = words.say(
        "{category}: pairs among {incidents} incidents on {places} points; {without_a_place} "
        "without a place and {over_a_day} dated to more than a day are left out",
        **told,
    )
    if not knox.thinned:
        return said
    return words.say(
        "{said}, and {thinned} at random, for there were too many pairs",
        said=said,
        thinned=knox.thinned,
    )


def emerging(words: Words, step: str) -> list[str]:
    """Say how cells come to rise, fall, or have a class."""
    return [
        words.say(
            "Cells rise or fall, alone or with those around them, against the cells that kept "
            "their level, at a false discovery rate of 5% over the cells. Where nothing changed, a "
            "category names any in up to 5% of records."
        ),
        words.say(
            "Hot spots are found anew in each {step}, at the same rate; a class says since when a "
            "cell is one, or that it only rises or falls. A cell with few incidents a {step} may "
            "be one in none.",
            step=words.say(STEPS[step][0]),
        ),
    ]


def seasons(words: Words, silent: Sequence[str]) -> list[str]:
    """Say how times are taken, and whose days are not compared."""
    said = [words.say(SAID[SEASONS])]
    if silent:
        said.append(
            words.say(
                "Days of {categories} are not compared: there are fewer than 56 days or 50 "
                "incidents, or most are known only to within more than a day.",
                categories=words.listed(list(silent)),
            )
        )
    return said


def changes(words: Words, found: Changes, watch: Watched | None) -> list[str]:
    """Say how level shifts are found, and what the watch of the last weeks found."""
    first = words.say(
        "Level shifts of weekly counts. {changed} of {n} series of areas ({side} m squares) have "
        "one against the areas that kept their share of the category, at a false discovery rate of "
        "5%. Categories, areas and the recording are three families: where nothing changed, each "
        "names any in up to 5% of records.",
        changed=sum(bool(one.shifts) for one in found.areas),
        n=len(found.areas),
        side=words.number(found.area_m),
    )
    if not found.seasonal:
        first += " " + words.say(
            "The record is shorter than a year: a season looks like a shift here."
        )
    if watch is None:
        return [first]
    said = [first, _watched(words, watch)]
    if watch.baseline_weeks < YEAR_WEEKS:
        said.append(
            words.say(
                "It knows only the {n} weeks before: no season can be taken into account, and a "
                "season alarms like any other rise.",
                n=watch.baseline_weeks,
            )
        )
    return said


def _watched(words: Words, watch: Watched) -> str:
    alarmed = words.many(watch.alarms, "once", "{n} times") if watch.alarms else words.say("never")
    return words.say(
        "A watch of the last {weeks} weeks over {series} series, for rises alone, alarmed "
        "{alarmed}. With no change, {expected} false alarms are expected in these weeks (one in "
        "{run} weeks of a series), and in 19 of 20 such watches there are at most {most}.",
        weeks=len(watch.weeks), series=watch.series, alarmed=alarmed,
        expected=words.number(watch.false_alarms_expected), run=words.number(watch.run_weeks),
        most=words.number(watch.by_chance_at_most),
    )  # fmt: skip
