"""What a terminal shows of a page, of an error, and of how far a step is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from veedor.errors import Refusal, VeedorError
from veedor.report.cover import Cover
from veedor.report.document import Document, Section
from veedor.report.words.language import Words


def headed(words: Words, page: Document, file: Path, *more: str) -> Document:
    """Make the headline of a page, for a terminal: what its cover says, and where it is.

    What the page says in plain words, and its headline so far, are details. Of a page without a
    cover they are the headline.
    """
    plain = Section(sentences=page.plain.sentences, points=page.plain.points)
    last = Section(sentences=[*more, words.say("Report: {file}", file=file)])
    if page.cover is None:
        return replace(page, headline=[plain, *page.headline, last])
    return replace(
        page, headline=[*cover_told(words, page.cover), last], details=[plain, *page.headline]
    )


def cover_told(words: Words, cover: Cover) -> list[Section]:
    """Say the finding of a cover, and the counts that prove it."""
    told = [Section(sentences=[one for one in (cover.finding, cover.because) if one])]
    if cover.proof is not None:
        told.append(
            Section(
                cover.proof.about,
                points=[
                    words.say("{name}: {told}", name=one.name, told=one.told)
                    for one in cover.proof.counts
                ],
            )
        )
    return told


def error_title(words: Words, error: VeedorError) -> str:
    """Say whether something is to be mended, or is what veedor does not do."""
    if isinstance(error, Refusal):
        return words.say("Refused, by design")
    return words.say("This needs mending")


def error_parts(words: Words, error: VeedorError) -> list[tuple[str, str]]:
    """Say what was found instead of what must hold, where, and what to do: labels and parts."""
    parts = (
        (words.say("Found:"), error.found),
        (words.say("Where:"), error.where),
        (words.say("To do:"), error.remedy),
    )
    return [(label, words.translated(text)) for label, text in parts if text]


def fault_parts(words: Words, error: Exception) -> tuple[str, str, str]:
    """Say that something unforeseen stopped a command: a title, a label and what to do."""
    title = words.say("Stopped; old results are as they were")
    if isinstance(error, OSError):
        do = words.say("check that the disk has room and the files may be read and written.")
        return title, words.say("To do:"), do
    return (
        title,
        words.say("This is a fault of veedor, not of your data."),
        words.say("Run it again with `veedor --debug ...` and report what it prints."),
    )


def how_far(words: Words, done: int, total: int | None, seconds: float) -> str:
    """Say how far a step is.

    >>> from veedor.report.words import words_in
    >>> how_far(words_in("en"), 12, 96, 150.0), how_far(words_in("en"), 0, None, 31.0)
    ('12 of 96 after 2 min 30 s', 'still at it after 31 s')
    """
    minutes, rest = divmod(int(seconds), 60)
    took = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    if not done:
        return words.say("still at it after {time}", time=took)
    if total:
        return words.say("{done} of {total} after {time}", done=done, total=total, time=took)
    return words.say("{done} after {time}", done=done, time=took)
