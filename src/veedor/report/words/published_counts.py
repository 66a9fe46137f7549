"""Words of published counts of several readers: how far they agree, and that no rate follows."""

from __future__ import annotations

from veedor.audits.reading import CountsAgreement
from veedor.report.words import reading
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted, noted_many

DENOMINATORS = {
    "items_counted_twice": noted("items with two counts or more, of {items} in the file"),
}
METHODS = {
    "none_frame_unknown": noted("none: how the items were chosen is not known"),
}
FINDINGS = {
    "frame_not_known": noted(
        "How the items were chosen, and out of which, is not known: figures are of these items, "
        "and no rate, total or interval follows for any others."
    ),
    "items_counted_once": noted_many(
        "{n} item has fewer than two counts, and is in no figure.",
        "{n} items have fewer than two counts, and are in no figure.",
    ),
}
SPLITS = Heading(
    noted("How readers split"), (noted("Readers alike"), noted("How many items"), noted("Share"))
)
MEASURES = Heading(noted("Agreement of readers"), (noted("Measure"), noted("Value")))
CAUTIONS = (
    (
        noted("That these shares hold for any other items."),
        noted("Without a plan there is no frame: who chose the items, and how, is not known."),
    ),
    (
        noted("That what most readers count is what is there."),
        noted("Readers who see too little can count alike and be wrong alike."),
    ),
    (
        noted("That readers counted apart from each other."),
        noted("The file does not say so, and counts that were seen by others agree too well."),
    ),
    (
        noted("That agreement is skill: where most counts are 0, readers agree by chance."),
        noted("Krippendorff's alpha takes that off: read it beside the agreement."),
    ),
)
PROOF = noted("Of the items with two counts or more, how readers count")
HOW_TO = noted(
    "Rates for a whole table need a plan before anyone counts: `veedor reading plan`, then pack "
    "with --counts."
)
SPLIT = noted(
    "2:1 is two readers who count alike and one who does not; 1:1:1 are three who all differ."
)


def title(words: Words) -> str:
    """Name the page."""
    return words.say("How far readers who counted agree")


def finding(words: Words, found: CountsAgreement, alike: int) -> str:
    """Say how often all readers count alike: the verdict of the page."""
    return words.many(
        found.compared,
        "All readers count alike at {alike} of {n} item ({share})",
        "All readers count alike at {alike} of {n} items ({share})",
        alike=alike, share=words.percent(alike / found.compared),
    )  # fmt: skip


def because(words: Words, found: CountsAgreement) -> str:
    """Say how many counts an item has, and what cannot be said."""
    counts = (
        words.number(found.most)
        if found.fewest == found.most
        else words.say(
            "{low} to {high}", low=words.number(found.fewest), high=words.number(found.most)
        )
    )
    return words.say(
        "Counts of an item: {counts}. How the items were chosen is not known, so no rate follows "
        "for others, and no figure has an interval.",
        counts=counts,
    )  # fmt: skip


def split(words: Words, found: CountsAgreement) -> list[list[str]]:
    """Name each way in which readers split, with how often it happened."""
    return [
        [":".join(map(str, one.alike)), words.number(one.items),
         words.percent(one.items / found.compared)]
        for one in found.splits
    ]  # fmt: skip


def measure(words: Words, statistic: str, value: float | None) -> list[str]:
    """Name a measure of agreement, and write its value."""
    write = words.percent if statistic == "agreement" else words.number
    return [words.say(reading.STATISTICS[statistic]), write(value)]


def kept(words: Words, found: CountsAgreement) -> str:
    """Say which file it was."""
    return words.say("The file: {file}, SHA-256 {sha256}.", file=found.file, sha256=found.sha256)
