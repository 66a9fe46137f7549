"""What the cover of a page of patterns says, and the headings of the sections below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from veedor.patterns import CategoryPatterns, DatedShift, Patterns
from veedor.patterns.named_places import EMERGING, HOT_SPOT, NamedPlace
from veedor.patterns.of_times import EmergingCounts
from veedor.report.words import pattern_sections as text
from veedor.report.words.gazetteer import named
from veedor.report.words.intervals import ends
from veedor.report.words.language import Words, noted, noted_many
from veedor.report.words.pattern_names import STEPS, counts_of
from veedor.spacetime import Place

#: Heading of the map: where spots are named for the page, and where none is.
SPOTS = {
    True: noted("Where the hot and cold spots of {category} are"),
    False: noted(
        "Places of {category} that stand out by themselves; the page as a whole shows none"
    ),
}
CAUTIONS = (
    noted("That a hot spot is a bad place: more is reported here, or more is written down."),
    noted("Anything about who lives there or passes through, or a reason to stop someone."),
    noted("Why a pattern is there, or what a measure would change."),
    noted("That what is not named is not there, or that more was done where more is recorded."),
)
NAMED = (noted("Place, and as what it is named"), noted("Recorded"))
HOT = noted("hot spot")
HOT_SINCE = noted("hot spot since {since}")
WHOLE_TIME = noted("in the whole record")
#: Class of a place that emerges -> what it is named as; those that are hot have a date.
EMERGES = {
    "new": noted("new hot spot since {since}"),
    "consecutive": noted("hot spot without a gap since {since}"),
    "intensifying": noted("rising hot spot since {since}"),
    "rising": noted("rising in the whole record"),
}
OF_AN_AREA = noted("larger area")
#: Kind of a named place -> the caption of its table.
PLACES = {
    HOT_SPOT: noted_many(
        "{category}: the hot spot, by its place",
        "{category}: the {n} hot spots with the most recorded incidents, by their places",
    ),
    EMERGING: noted_many(
        "{category}: the place that emerges",
        "{category}: the {n} emerging places with the most recorded incidents",
    ),
}
PLACE_COLUMNS = (
    noted("Place"), noted("Middle (latitude, longitude)"), noted("Cell"), noted("Class over time"),
    noted("Hot spot since"), noted("Recorded"),
)  # fmt: skip


#: Kinds of patterns that are of no place.
_IN_TIME = {"hours_of_the_week", "kinds_of_day", "level_shift"}


def finding(words: Words, found: Patterns) -> str:
    """Say the one thing that stands first."""
    first = leading(found)
    if first is None:
        return _of_no_category(words, found)
    hot = first.hot_spots
    if is_named(found, "hot_spots", first.name) and not hot.hot:
        return words.say(
            "{category}: {cold} of {tested} places have fewer than chance would give, and none has "
            "more",
            category=first.name,
            **counts_of(hot),
        )
    if has_hot_spots(found, first):
        return words.say(
            "{category}: {hot} of {tested} places stand out, with {recorded_in_hot} of "
            "{recorded} recorded incidents",
            category=first.name,
            **counts_of(hot),
        )
    if is_named(found, "concentration", first.name):
        whole = first.concentration[0]
        return words.say(
            "{category}: half of the recorded incidents lie in {half} of the places; by chance "
            "it would be {chance}",
            category=first.name,
            half=words.percent(whole.holding["0.5"].value, 2),
            chance=words.percent(whole.chance["0.5"].mean, 2),
        )
    kinds = [one.kind for one in found.findings.each if one.named and one.category == first.name]
    if _IN_TIME.issuperset(kinds):
        return words.say("{category}: it has patterns in time, and none shown in space",
                         category=first.name)  # fmt: skip
    return words.say(
        "Shown for {category}: {kinds}",
        category=first.name,
        kinds=words.listed([words.say(text.KINDS[kind]) for kind in kinds]),
    )


def _of_no_category(words: Words, found: Patterns) -> str:
    together = {one.kind for one in found.findings.each if one.named}
    if "level_shift_of_the_recording" in together:
        return words.say("The way of recording changed; no pattern of a category is shown")
    if "alarms_of_the_watch" in together:
        return words.say(
            "The last weeks differ from those before; no pattern of a category is shown"
        )
    return words.say("No pattern is shown that chance alone would not give")


def has_hot_spots(found: Patterns, one: CategoryPatterns) -> bool:
    """Whether hot spots of a category are named for the page; the same test finds cold ones too."""
    return is_named(found, "hot_spots", one.name) and one.hot_spots.hot > 0


def leading(found: Patterns) -> CategoryPatterns | None:
    """Return the category to begin with: of those with a finding the one with most incidents."""
    named = {one.category for one in found.findings.each if one.named}
    mine = [one for one in found.categories if one.name in named]
    return max(mine, key=lambda one: one.counted.recorded, default=None)


def is_named(found: Patterns, kind: str, category: str) -> bool:
    """Whether a kind of pattern is named for the page as a whole."""
    return any(
        one.named and (one.kind, one.category) == (kind, category) for one in found.findings.each
    )


def because(words: Words, found: Patterns) -> str:
    """Say over how many questions this holds."""
    return words.say(
        "{tests} questions were asked of the record from {begin} to before {end}; {named} found a "
        "pattern. Where there is none at all, a page like this one names any in {share} of cases "
        "at most.",
        tests=found.findings.tests,
        named=sum(one.named for one in found.findings.each),
        begin=words.day(found.span[0]),
        end=words.day(found.span[1]),
        share=words.percent(found.findings.family_rate),
    )


def what(words: Words, one: NamedPlace, over: EmergingCounts | None) -> str:
    """Say as what a place is named, and since when."""
    if one.kind == HOT_SPOT:
        return words.say(HOT_SINCE if one.since else HOT, since=since(words, one, over))
    return words.say(EMERGES[one.hot_class], since=since(words, one, over))


def place_and_what(words: Words, place: str, as_what: str) -> str:
    """Name a place with its pattern."""
    return words.say("{place}: {pattern}", place=place, pattern=as_what)


def named_first(words: Words, category: str, recorded: int) -> str:
    """Say what the cover's table lists, and out of how many incidents."""
    return words.many(
        recorded,
        "{category}: named first, each with its place; of {n} recorded incident",
        "{category}: named first, each with its place; of {n} recorded incidents",
        category=category,
    )


def since(words: Words, one: NamedPlace, over: EmergingCounts | None) -> str:
    """Say since when a place is a hot spot without a gap, else that the whole record makes it.

    What was hot in the first step may have been so before the record.
    """
    if not one.since:
        return words.say(WHOLE_TIME)
    monthly = over is not None and over.step == "month"
    day = words.month(one.since) if monthly else words.day(one.since)
    if over is not None and one.since == over.starts[0]:
        return words.say("{day} or before", day=day)
    return day


def recorded(words: Words, one: NamedPlace) -> str:
    """Write how many incidents were recorded there, out of all."""
    return words.say("{some} of {all}", some=one.recorded, all=one.recorded_in_all)


def around(words: Words, place: Place) -> str:
    """Name the middle of a larger area."""
    return words.say("around {place}", place=named(words, place))


def level(words: Words, shift: DatedShift) -> str:
    """Say to what a level shifted, and in which week."""
    return words.say(
        "{ratio} times the level ({interval}) since {day}",
        ratio=words.number(shift.ratio),
        interval=ends(words, shift.low, shift.high),
        day=words.day(shift.week),
    )


def heading(words: Words, title: str, found: Patterns) -> str:
    """Say in the heading of a section what was found, with its number.

    Of one category the finding itself; of several in how many the pattern is named.
    """
    kinds, one = _KINDS[title], found.categories[0]
    several = len(found.categories) > 1
    if not several and (told := _ALONE[title](words, one, found)):
        return words.say("{section}: {finding}", section=words.say(title), finding=told)
    asked = {each.category for each in found.findings.each if each.kind in kinds}
    shown = {each.category for each in found.findings.each if each.kind in kinds and each.named}
    if several and asked:
        return words.say(
            "{section}: named in {n} of {all} categories",
            section=words.say(title), n=len(shown), all=len(found.categories),
        )  # fmt: skip
    return words.say("{section}: the record is too short", section=words.say(title))


_KINDS: dict[str, Sequence[str]] = {
    text.CONCENTRATION: ("concentration",),
    text.HOT_SPOTS: ("hot_spots", "hot_spots_by_rate"),
    text.NEAR_REPEATS: ("near_repeats",),
    text.EMERGING: ("trends_of_places", "hot_spots_of_single_steps"),
    text.SEASONS: ("hours_of_the_week", "kinds_of_day"),
    text.CHANGE: ("level_shift", "level_shift_of_an_area"),
    text.TWO_MAPS: ("change_of_the_map",),
    text.BEFORE_AFTER: ("before_and_after",),
}


def _concentration(words: Words, one: CategoryPatterns, _: Patterns) -> str:
    half = one.concentration[0].holding["0.5"].value
    return words.say("half of the incidents in {share} of the cells", share=words.percent(half, 2))


def _hot_spots(words: Words, one: CategoryPatterns, _: Patterns) -> str:
    return words.say(
        "{hot} of {tested} cells, with {recorded_in_hot} of {recorded} incidents",
        **counts_of(one.hot_spots),
    )


def _near_repeats(words: Words, one: CategoryPatterns, _: Patterns) -> str:
    if one.near_repeats is None:
        return ""
    return words.say(
        "nearest pairs {ratio} times as many as with shuffled days",
        ratio=words.number(float(one.near_repeats.ratio[1, 1])),
    )


def _emerging(words: Words, one: CategoryPatterns, _: Patterns) -> str:
    if one.emerging is None:
        return ""
    return words.say(
        "{rising} of {tested} cells rose and {falling} fell over {steps} {kind}",
        kind=words.say(STEPS[one.emerging.step][1]),
        steps=one.emerging.steps,
        **counts_of(one.emerging.trends),
    )


def _seasons(words: Words, one: CategoryPatterns, found: Patterns) -> str:
    if is_named(found, "hours_of_the_week", one.name):
        return words.say("hours of the week differ")
    return words.say("no hour of the week is shown to differ")


def _changes(words: Words, one: CategoryPatterns, found: Patterns) -> str:
    if found.changes is None:
        return ""
    shifts = [s for c in found.changes.categories if c.category == one.name for s in c.shifts]
    areas = sum(bool(c.shifts) for c in found.changes.areas if c.category == one.name)
    return words.say(
        "{shifts} level shifts of the whole, {areas} of {all} larger areas have one",
        shifts=len(shifts), areas=areas,
        all=sum(c.category == one.name for c in found.changes.areas),
    )  # fmt: skip


def _two_maps(words: Words, one: CategoryPatterns, _: Patterns) -> str:
    if one.map_change is None:
        return ""
    moved = one.map_change
    return words.say(
        "{rose} of {tested} cells rose and {fell} fell",
        rose=moved.places_rose, fell=moved.places_fell, tested=moved.places_tested,
    )  # fmt: skip


def _before_after(words: Words, one: CategoryPatterns, _: Patterns) -> str:
    if one.before_after is None:
        return ""
    return words.say(
        "{total} incidents more (fewer: negative)",
        total=words.number(one.before_after.total.value),
    )


_ALONE: dict[str, Callable[[Words, CategoryPatterns, Patterns], str]] = {
    text.CONCENTRATION: _concentration, text.HOT_SPOTS: _hot_spots,
    text.NEAR_REPEATS: _near_repeats, text.EMERGING: _emerging, text.SEASONS: _seasons,
    text.CHANGE: _changes, text.TWO_MAPS: _two_maps, text.BEFORE_AFTER: _before_after,
}  # fmt: skip
