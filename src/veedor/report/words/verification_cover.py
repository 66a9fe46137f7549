"""Words of the cover on anyone's forecasts, where the reference is not plain counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from veedor.report.cover import Tone
from veedor.report.words.language import Words
from veedor.report.words.study_cover import STANDINGS, whose
from veedor.verification.judging import ABOUT, BETTER, OPEN, WORSE


def finding(words: Words, stands: Sequence[str], reference: str) -> tuple[Tone, str]:
    """Say in a sentence where the forecast stands, over all categories."""
    if not stands:
        return "none", words.say("Nothing is compared: there is one forecast alone.")
    found, n = Counter(stands), len(stands)
    if n == 1:
        tone = STANDINGS[stands[0]][0]
        if found[BETTER]:
            return tone, words.say("Better than {reference}.", reference=reference)
        if found[WORSE]:
            return tone, words.say("Worse than {reference}.", reference=reference)
        if found[ABOUT]:
            return tone, words.say(
                "About as good as {reference}; not shown to be better.", reference=reference
            )
        if found[OPEN]:
            return tone, words.say(
                "Not enough records to tell whether this is better than {reference}.",
                reference=reference,
            )
        return tone, words.say("Nothing could be compared with {reference}.", reference=reference)
    if not any(found[kind] for kind in (BETTER, ABOUT, OPEN, WORSE)):
        return "none", words.say("Nothing could be compared with {reference}.", reference=reference)
    better, worse = found[BETTER], found[WORSE]
    tone = "open" if bool(better) == bool(worse) else "better" if better else "worse"
    return tone, words.say(
        "Of {n} categories: better than {reference} for {better}, worse for {worse}, not shown for "
        "{rest}.",
        n=n,
        reference=reference,
        better=better,
        worse=worse,
        rest=n - better - worse,
    )


def because(words: Words, reference: str, why: str | None, who: str, best_of: int) -> str:
    """Say what stands in the place of plain counting, and whose the verdict is."""
    told = [words.say("{reference} is what every forecast is held against.", reference=reference)]
    if why:
        told.append(words.say("Plain counting could not be made: the details say why."))
    if best_of > 1:
        told.append(whose(words, who, best_of))
    return " ".join(told)


def matrix(words: Words, comparisons: int, reference: str) -> str:
    """Head the matrix."""
    return words.many(
        comparisons,
        "{n} comparison with {reference}",
        "{n} comparisons with {reference}",
        reference=reference,
    )


def measured(words: Words, reference: str) -> str:
    """Say what the bars measure."""
    return words.say(
        "Probability given to what was later recorded; the line is {reference}.",
        reference=reference,
    )


def captured(words: Words, category: str) -> str:
    """Head the drawing of what was captured."""
    return words.say("{category}: incidents in the places named first", category=category)


def what_was_read(words: Words, files: int, cells: int) -> str:
    """Head the files that were read."""
    return words.many(
        files,
        "What was read: {n} file of forecasts, {cells} cells, and the record",
        "What was read: {n} files of forecasts, {cells} cells, and the record",
        cells=cells,
    )


def meaning(words: Words, scores: int) -> str:
    """Head what scores mean."""
    return words.many(
        scores, "What the score means: {n} definition", "What the scores mean: {n} definitions"
    )
