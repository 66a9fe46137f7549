"""The page of several audits of one system: what each found, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from veedor.audits.audit import Audit
from veedor.errors import VeedorError
from veedor.report.cover import Cover
from veedor.report.document import Document, Section
from veedor.report.tables import table
from veedor.report.words import Words
from veedor.report.words.audits import (
    NOTHING_ANSWERED,
    how_many_answered,
    left_out,
    not_answered,
    stopped_by,
    warned,
)
from veedor.report.words.called import called

#: Sentences that a cover has room for.
_CAUTIONS = 4


def dossier(
    words: Words,
    made: Mapping[str, tuple[Audit, Document]],
    lacking: Mapping[str, Sequence[Sequence[str]]],
    stopped: Mapping[str, VeedorError],
    out: Path,
) -> Document:
    """Lay out the cover of several audits: what each found, what was left out and why.

    Parameters
    ----------
    words : Words
    made : dict of str to (Audit, Document)
        Name -> the audit, and its page in the folder of that name.
    lacking : dict of str to list of list of str
        Audit -> options that it lacks, any one of each.
    stopped : dict of str to VeedorError
        Audit -> what stopped it.
    out : Path
        Where the dossier is.
    """
    say = words.say
    done = [
        Section(
            _headline(page),
            sentences=[page.subtitle, *page.plain.sentences],
            points=[*page.plain.points, *warned(words, audit)],
            links=[(say("Read the whole audit"), f"{name}/report.html")],
            folded=True,
            anchor=name,
        )
        for name, (audit, page) in made.items()
    ]
    absent = left_out(words, lacking)
    halted = [stopped_by(words, name, error) for name, error in stopped.items()]
    short = [
        say("{audit}: {finding}", audit=called(words, name), finding=_headline(page))
        for name, (_, page) in made.items()
    ]
    open_ = len(halted) + len(absent)
    rest = Section(
        not_answered(words, open_), points=[*halted, *absent], folded=True, anchor="left-out"
    )
    told = [
        *short,
        *halted,
        *absent,
        say("All figures: {file}", file=out / "estimates.csv"),
        say("Report: {file}", file=out / "report.html"),
    ]
    return Document(
        say("Audits of a system"),
        words.many(len(made), "{n} audit", "{n} audits"),
        say("Each part has a page and its numbers in a folder of its own; all figures together are "
            "in estimates.csv."),
        Section(say("What was found, audit by audit"), points=[*short, *halted]),
        sections=[*done, *([rest] if open_ else [])],
        cautions=list(dict.fromkeys(one for _, page in made.values() for one in page.cautions)),
        headline=[Section(sentences=told)],
        cover=_cover(words, [page for _, page in made.values()], open_),
    )  # fmt: skip


def _headline(page: Document) -> str:
    """Return what a page found: its cover's finding."""
    return page.subtitle if page.cover is None else page.cover.finding


def _cover(words: Words, pages: Sequence[Document], open_: int) -> Cover:
    """Lay out what each audit found, a line each, and what must not be concluded from any."""
    covers = [page.cover for page in pages if page.cover is not None]
    if not covers:
        return Cover(words.say(NOTHING_ANSWERED), because=not_answered(words, open_))
    rows = [[page.title, _headline(page)] for page in pages]
    cautions = dict.fromkeys(
        cover.cautions[place]
        for place in range(max(len(cover.cautions) for cover in covers))
        for cover in covers
        if place < len(cover.cautions)
    )
    return Cover(
        finding=covers[0].finding,
        tone=covers[0].tone,
        because=how_many_answered(words, len(pages), open_),
        proof=covers[0].proof,
        tables=(
            table(words.say("What each audit found"),
                  [words.say("Question"), words.say("Answer")], rows),
        ),
        cautions=tuple(cautions)[:_CAUTIONS],
    )  # fmt: skip
