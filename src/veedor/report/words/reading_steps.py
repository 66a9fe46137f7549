"""What planning and packing a reading says at a terminal, and a codebook to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from veedor.audits.reading import ReadingKey, ReadingPlan
from veedor.audits.reading.design import NEYMAN, Rival
from veedor.report.document import Document, Section
from veedor.report.tables import Table, table
from veedor.report.words.language import Words, noted
from veedor.report.words.reading import DESIGN_NAMES, DESIGNS, PARTS, STRATA

THEN = noted("Then: {command}")
HASH_OF_TABLE = noted("Table (SHA-256, whatever the order of rows): {hash}")
#: So many times as many rows are worth a word.
_FURTHER = 1.02
ANSWERS = (
    (noted("yes"), "yes", noted("What is shown bears out what the system says.")),
    (noted("no"), "no", noted("What is shown does not bear it out.")),
    (noted("cannot tell"), "cannot_tell", noted("What is shown does not say.")),
)


def first_answers(words: Words) -> list[tuple[str, str, str]]:
    """Return a codebook to begin with, in the language asked for."""
    return [(words.say(answer), counts, words.say(meaning)) for answer, counts, meaning in ANSWERS]


def side(words: Words, plan: ReadingPlan, alert: bool) -> str:
    """Name a side of a plan."""
    return words.say(PARTS["all" if not plan.columns.alert else "alerts" if alert else "others"])


def planned(words: Words, plan: ReadingPlan, folder: Path, of: Path) -> Document:
    """Say what is to be read of a table, what that will tell, and which design tells most."""
    said = []
    for rival in (one for one in plan.rivals if one.chosen):
        rows = sum(one.rows for one in plan.strata if one.alert == rival.alert)
        said.append(
            words.many(
                rival.n,
                "Read {n} of {rows} ({part}): {design}. Expected half-width: {points}.",
                "Read {n} of {rows} ({part}): {design}. Expected half-width: {points}.",
                rows=rows, part=side(words, plan, rival.alert),
                design=words.say(DESIGN_NAMES[rival.design]), points=points(words, rival),
            )
        )  # fmt: skip
        said += [_beside(words, rival, other) for other in _others(plan, rival)]
    if plan.pilot_read:
        said.append(
            words.say(
                "The pilot's {n} readings set the strata's shares and enter no rate.",
                n=plan.pilot_read,
            )
        )
        if any(one.design == NEYMAN and not one.chosen for one in plan.rivals):
            said.append(
                words.say(
                    "In a pilot, strata that are alike differ by chance: what drawing by it "
                    "promises is taken only where it is 7% narrower."
                )
            )
    if plan.targeted:
        said.append(
            words.many(
                plan.targeted,
                "{n} row was chosen by hand: it is read too, and enters no rate.",
                "{n} rows were chosen by hand: they are read too, and enter no rate.",
            )
        )
    said += [
        words.say(HASH_OF_TABLE, hash=plan.frame_sha256),
        words.say(
            "Publish plan.json before anyone reads: it holds the seed. Say in codebook.csv what "
            "each answer means."
        ),
        words.say("Plan: {folder}", folder=folder),
        words.say(
            THEN, command=_command("pack", folder, "--table", of, "--show COLUMN --out pack")
        ),
    ]
    strata = table(
        words.say(STRATA.caption), [words.say(one) for one in STRATA.columns[:4]],
        [[one.name, words.number(one.rows), words.number(one.drawn),
          words.percent(one.probability)] for one in plan.strata],
    )  # fmt: skip
    return Document(
        title=words.say("A reading was planned"),
        headline=[Section(sentences=said)],
        details=[Section(tables=[strata, designs(words, plan)])],
    )


def points(words: Words, rival: Rival) -> str:
    """Say an expected half-width."""
    return words.say("{points} points", points=words.number(100.0 * rival.half_width, 2))


def designs(words: Words, plan: ReadingPlan) -> Table:
    """Make the table of what each design would tell."""
    rows = [
        [side(words, plan, one.alert), words.say(DESIGN_NAMES[one.design]), words.number(one.n),
         points(words, one), words.number(one.n_for_chosen)]
        for one in plan.rivals
    ]  # fmt: skip
    return table(words.say(DESIGNS.caption), [words.say(one) for one in DESIGNS.columns], rows, 2)


def _others(plan: ReadingPlan, chosen: Rival) -> Sequence[Rival]:
    return [one for one in plan.rivals if one.alert == chosen.alert and not one.chosen]


def _beside(words: Words, chosen: Rival, other: Rival) -> str:
    named = {
        "design": words.say(DESIGN_NAMES[other.design]),
        "points": points(words, other),
        "n": words.number(other.n_for_chosen),
    }
    if other.n_for_chosen > _FURTHER * chosen.n:
        return words.say(
            "With as many rows, {design} is expected to give {points}; it would need {n} to tell "
            "as much.",
            **named,
        )
    return words.say("With as many rows, {design} is expected to give {points}.", **named)


def packed(words: Words, key: ReadingKey, folder: Path) -> Document:
    """Say what is handed out, and what is not."""
    lines = sum(one.reader == 1 for one in key.slots)
    repeats = sum(one.reader == 1 and one.repeat for one in key.slots)
    said = [
        words.many(
            lines,
            "{readers} files of {n} line, each in an order of its own; given twice in each: "
            "{repeats}.",
            "{readers} files of {n} lines, each in an order of its own; given twice in each: "
            "{repeats}.",
            readers=key.readers, repeats=repeats,
        ),
        words.say(
            "Hand out only what is in {folder}. Readers judge apart from each other, and answer "
            "every line.",
            folder=folder / "for_readers",
        ),
        words.say(
            "Keep key.json from readers until all have answered. Codebook (SHA-256): {hash}",
            hash=key.codebook_sha256,
        ),
        words.say(THEN, command=_command("score", folder, *(
            part for n in range(1, key.readers + 1) for part in ("--reading", f"reader_{n}.csv")
        ), "--out score")),
    ]  # fmt: skip
    return Document(title=words.say("A reading was packed"), headline=[Section(sentences=said)])


def _command(step: str, folder: Path, *parts: str | Path) -> str:
    """Write the command of the next step; what only a person knows stands in capitals."""
    told = (quote(str(one)) if isinstance(one, Path) else one for one in parts)
    return " ".join(["veedor reading", step, quote(str(folder)), *told])


def scored_files(words: Words, figures: Path, undecided: int, *, counts: bool = False) -> list[str]:
    """Say where every number is, and what is left to decide."""
    said = []
    if counts:
        said.append(words.say(
            "items.csv: the least, the median and the most that was counted at each; `veedor audit "
            "exposure --device-counts` takes it."
        ))  # fmt: skip
    if undecided:
        said.append(
            words.many(
                undecided,
                "Readers differ on {n} row: third_reader.csv holds it for whoever decides; then "
                "--third.",
                "Readers differ on {n} rows: third_reader.csv holds them for whoever decides; then "
                "--third.",
            )
        )
    return [*said, words.say("Every number: {file}", file=figures)]
