"""Words of the exposure audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from veedor.audits.places import ExposureAudit, RatioVerdict
from veedor.report.words.called import called
from veedor.report.words.headings import Heading
from veedor.report.words.intervals import ends
from veedor.report.words.language import Words, noted

#: Ratio -> by what it is, in short and in full.
EXPOSURES = {
    "ratio_per_1000": (
        noted("per 1,000 members"),
        noted("predictions that fall to the group's share of each zone, per 1,000 members"),
    ),
    "ratio_count": (
        noted("by zone"), noted("predictions of the zone that a member lives in, on average"),
    ),
    "ratio_per_km2": (noted("per km²"), noted("predictions per km² around a member, on average")),
}  # fmt: skip
ASSIGNMENTS = {
    "centre": noted("each prediction counts in the zone that holds its centre"),
    "box": noted("each prediction counts in the zones it covers, by the ground in each"),
    "stored": noted("each zone's own count is taken"),
}
CAUTIONS = (
    (
        noted("Exposure is where a system looks, not what happened there."),
        noted(
            "No figure here says that people were stopped, searched or harmed, nor that they did "
            "anything. It says who lives where predictions were made."
        ),
    ),
    (
        noted("Zones are not people."),
        noted(
            "Within a zone it is not known who lives near a box. The bounds of the covered share "
            "show how much that leaves open; everything else takes people to be spread evenly."
        ),
    ),
    (
        noted("A ratio is not a cause."),
        noted(
            "Groups live in different places for many reasons. Whether a system looks there more "
            "than the record explains is another audit (benchmark), and the record itself may be "
            "biased."
        ),
    ),
    (
        noted("Answers are about this map, and no other."),
        noted(
            "A ratio is a fact about these zones and these predictions. Its interval takes who "
            "lives where as it is, and asks whether predictions as smooth as these could have "
            "fallen so by chance. Nothing is said of other cities. A slow change that both follow, "
            "as from the centre outwards, counts as a tie to who lives there; large clusters of "
            "zones that rise and fall together make intervals too narrow unless their ids are "
            "given."
        ),
    ),
    (
        noted("Intervals cannot mend the data."),
        noted(
            "They know nothing of predictions that are missing, or of people whom a census missed."
        ),
    ),
)
ANSWERS = {
    "more": noted("more exposed"),
    "less": noted("less exposed"),
    "cannot_tell": noted("cannot tell"),
}
#: Ending of a ratio -> what its interval allows for.
ALLOWING = {"": noted("zones"), "_tract": noted("clusters"), "_moe": noted("census error")}
RATIOS = Heading(
    noted("Ratios"), (
        noted("Group"), noted("Reference"), noted("Exposure"), noted("Ratio"),
        noted("95% interval"), noted("Allowing for"), noted("Out of"),
    ),
)  # fmt: skip
COMPARED = Heading(
    noted("Compared with what is expected"), (
        noted("Group"), noted("Reference"), noted("Exposure"), noted("Ratio"), noted("Expected"),
        noted("Ratio by expected"), noted("95% interval"), noted("Effective zones"),
        noted("Answer"),
    ),
)  # fmt: skip
_STATED = (
    noted("Group"), noted("Statistic"), noted("Value"), noted("95% interval"), noted("Out of"),
)  # fmt: skip
EXPOSED = Heading(noted("Exposures"), _STATED)
SHARES = Heading(noted("Shares"), (*_STATED[:2], noted("Share"),
                                   noted("95% interval or bounds"), noted("Out of")))  # fmt: skip
WHOLE_AREA = Heading(
    noted("Whole area"), (noted("Statistic"), noted("Value"), noted("Out of"))
)  # fmt: skip
CORRELATIONS = Heading(
    noted("Correlations"), (*_STATED[:4], noted("Effective zones"), noted("Out of"))
)
NOT_SAID = noted("interval cannot be told")
ALL_IN_FILES = noted(
    "Every number of this page stands in estimates.csv and results.json, with its method."
)
HOW_TO_READ = noted(
    "Each line compares a group's exposure with that of its reference, by three denominators: "
    "above 1 is more exposed. In brackets: 95% intervals, given who lives where; and, where it is "
    "not 1, what the ratio would be if predictions hung on how many live in a zone and on its "
    "ground, and not on who lives there. A group is called more or less exposed only against what "
    "is expected, never against 1."
)
TWO_INTERVALS = noted(
    "The answer in the second table is more or less exposed only where two intervals agree on it: "
    "what is expected lies outside that of the ratio, and 1 outside that of the ratio by what is "
    "expected. Where one of them does not say so, it cannot be told."
)
RATIO_CAPTION = noted(
    "Ratio of each group's exposure to its reference's, with 95% intervals given who lives where. "
    "The line marks equal exposure."
)
#: What is expected is said where it is further from 1, as a part.
_NEAR_ONE = 0.05


def subtitle(words: Words, file: str | None) -> str:
    """Say what was audited."""
    if file is None:
        return words.say("An audit of exposure")
    return words.say("An audit of exposure of {file}", file=file)


def made(words: Words, audit: ExposureAudit) -> str:
    """Say from what the page was made."""
    return words.say(
        "Made by veedor from {zones} zones; assignments: {used}; seed {seed}.",
        zones=audit.data.zones,
        used=words.listed([called(words, one) for one in audit.settings.assignments]),
        seed=str(audit.settings.seed),
    )  # fmt: skip


def matched(
    words: Words, total: float | None, share: float | None, zones: float | None,
    residents: float | None,
) -> str:  # fmt: skip
    """Say how many predictions there were, and how many fell in a zone with residents."""
    return words.say(
        "The system made {total} predictions; {share} of them fell in one of {zones} zones with "
        "{residents} residents.",
        total=words.number(total, 6), share=words.percent(share), zones=words.number(zones, 6),
        residents=words.number(residents, 9),
    )  # fmt: skip


def half(words: Words, share: float) -> str:
    """Say where half of the predictions fell."""
    return words.say(
        "Half of the predictions fell where {share} of the residents live, the last zone in the "
        "part that is needed.",
        share=words.percent(share),
    )


def one_by_one(words: Words, verdicts: Sequence[RatioVerdict]) -> list[str]:
    """Say that answers are not held together, where there are several."""
    several = sum(verdict.low is not None for verdict in verdicts)
    if several < 2:
        return []
    return [
        words.say(
            "Each of the {several} ratios with an interval is judged by itself, at 5%: the more "
            "there are, the likelier it is that chance alone made one of the answers.",
            several=several,
        )
    ]


def compared(words: Words, group: str, reference: str, verdicts: Mapping[str, RatioVerdict]) -> str:
    """Say a group's ratios, and by which it is more or less exposed; empty without one."""
    told = [
        words.say(
            "{value} times {by} ({brackets})",
            value=words.number(one.value), by=words.say(by), brackets=brackets(words, one),
        )
        for name, (by, _) in EXPOSURES.items()
        if (one := verdicts.get(name)) is not None and one.value is not None
    ]  # fmt: skip
    if not told:
        return ""
    return words.say(
        "{group} compared with {reference}: {ratios}. {answer}",
        group=group, reference=reference, ratios=words.listed(told),
        answer=_sides(words, verdicts),
    )  # fmt: skip


def brackets(words: Words, verdict: RatioVerdict) -> str:
    """Say the interval of a ratio, or why there is none; what is expected, where it is not 1."""
    if verdict.low is not None:
        said = ends(words, verdict.low, verdict.high)
    elif verdict.effective_zones is not None:
        said = words.say(
            "worth {zones} independent zones, too few to tell",
            zones=words.number(verdict.effective_zones, 2),
        )
    else:
        said = words.say("too few zones to tell")
    expected = verdict.expected
    if expected is not None and abs(expected - 1.0) > _NEAR_ONE:
        said += words.say("; {expected} expected", expected=words.number(expected))
    return said


def _sides(words: Words, verdicts: Mapping[str, RatioVerdict]) -> str:
    """Say by which denominators a group is more or less exposed than could be chance."""
    sides: dict[str, list[str]] = {}
    for name, (by, _) in EXPOSURES.items():
        if name in verdicts:
            sides.setdefault(verdicts[name].answer, []).append(words.say(by))
    more, less = sides.get("more", []), sides.get("less", [])
    if not more and not less:
        return words.say("More or less than expected, beyond chance: that cannot be told.")
    if more and less:
        return words.say(
            "More exposed {more}, less exposed {less}, beyond chance: which one matters is a "
            "question of what burdens people.",
            more=words.listed(more), less=words.listed(less),
        )  # fmt: skip
    if len(more) == len(EXPOSURES):
        return words.say("More exposed by all three, beyond chance.")
    if len(less) == len(EXPOSURES):
        return words.say("Less exposed by all three, beyond chance.")
    if more:
        return words.say(
            "More exposed {by}, beyond chance; otherwise it cannot be told.", by=words.listed(more)
        )
    return words.say(
        "Less exposed {by}, beyond chance; otherwise it cannot be told.", by=words.listed(less)
    )


def assigned(words: Words, assignment: str) -> str:
    """Say how predictions came to zones, and what each exposure is."""
    every = "; ".join(
        f"{words.say(by)}: {words.say(what)}" for by, what in EXPOSURES.values()
    )  # fmt: skip
    how = words.say(ASSIGNMENTS[assignment])
    return words.say("Here {how}. {exposures}.", how=how, exposures=every)


def most_targeted(
    words: Words, group: str, of: str, top: float | None, brackets: str, whole: float | None
) -> str:
    """Say a group's share in the most targeted zones beside that everywhere."""
    return words.say(
        "{group}: {top} ({brackets}) of the {of} in the most targeted tenth of zones, {whole} of "
        "the {of} everywhere.",
        group=group, of=of, top=words.percent(top), brackets=brackets, whole=words.percent(whole),
    )  # fmt: skip


def uneven(words: Words, gini: float | None, none: float | None, moran: float | None) -> str:
    """Say how unevenly predictions are spread."""
    return words.say(
        "The Gini index of predictions over residents is {gini} (0 even, towards 1 all in one "
        "place). Zones without a single prediction are {none} of all zones with residents. Moran's "
        "I is {moran}: above 0, neighbours are predicted alike, and a correlation over zones is "
        "worth fewer independent zones than there are.",
        gini=words.number(gini), none=words.percent(none), moran=words.number(moran),
    )  # fmt: skip


def done(words: Words, audit: ExposureAudit) -> list[str]:
    """Say how it was done."""
    data = audit.data
    said = [
        words.say(
            "Of {zones} zones, {inhabited} have residents; {absent} were set aside because a count "
            "is absent, {twice} were given twice, and {mended} outlines were mended. {islands} "
            "zones with residents touch no other.",
            zones=data.zones, inhabited=data.zones_with_residents,
            absent=data.zones_without_numbers, twice=data.zones_given_twice,
            mended=data.outlines_mended, islands=data.islands,
        ),
        words.say(
            "Areas and distances are in an equal-area projection about the middle of the zones "
            "({crs}).",
            crs=data.crs,
        ),
        words.say(ALL_IN_FILES),
    ]  # fmt: skip
    if data.margins_of_error:
        said.append(
            words.say(
                "Margins of error of the census (90%, as the American Community Survey prints "
                "them) were carried through for {columns}.",
                columns=words.listed(data.margins_of_error),
            )
        )
    return said
