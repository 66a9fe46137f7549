"""The page of `check` for counts by area: states, gaps, sums, revisions and breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import veedor
from veedor.areas.quality_report import AreaQuality
from veedor.errors import VeedorError
from veedor.incidents.usability import Usability
from veedor.report.area_check_sections import area_sections
from veedor.report.area_strips import least_known, strips_chart
from veedor.report.cover import Count, Cover, Picture, Proof, Tone
from veedor.report.document import Document, Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import areas_checked as told
from veedor.report.words import usability as judged
from veedor.report.words.frame import more_below
from veedor.report.words.terminal import headed

#: Of what limits the use: more stand below the cover.
_ON_COVER = 4
_TONES: dict[str, Tone] = {"usable": "better", "limits": "about", "mend": "worse"}


def area_check_page(
    words: Words,
    name: str,
    quality: AreaQuality,
    found: Usability,
    hindrances: Sequence[VeedorError] = (),
    *,
    further: int = 0,
) -> Document:
    """Build the page, which can be shown without the data: no count from 1 to 9 stands in it.

    Parameters
    ----------
    words : Words
    name : str
        Of the study, or of the file.
    quality : AreaQuality
    found : Usability
        Of `judge_areas`.
    hindrances : sequence of VeedorError
        What keeps a study from being run as it stands.
    further : int
        Files that were read beside the one of that name.
    """
    mend = judged.to_mend(words, found, hindrances)
    limits = judged.limits(words, found)
    return Document(
        title=told.title(words, name, further),
        subtitle=told.subtitle(words, quality),
        made=told.made(words, veedor.__version__),
        plain=Section(
            told.everything(words, len(mend), len(limits)),
            points=[*mend, *judged.remedies(words, hindrances), *limits],
        ),
        cover=_cover(words, quality, found, mend, limits),
        sections=area_sections(words, quality),
    )


def with_area_terminal(
    words: Words, page: Document, found: Usability, file: Path, numbers: Path
) -> Document:
    """Give the page what a terminal shows: its cover, what limits the use, where the rest is."""
    points = [*(words.of(one) for one in found.mend), *judged.limits(words, found)]
    first, *rest = headed(words, page, file, told.whole(words, numbers)).headline
    limits = [Section(page.plain.title, points=points)] if points else []
    return replace(page, headline=[first, *limits, *rest], details=list(page.sections))


def _cover(
    words: Words, quality: AreaQuality, found: Usability, mend: list[str], limits: list[str]
) -> Cover:
    rows = least_known(quality.strips)
    listed = mend or limits
    lists: tuple[Table, ...] = ()
    if listed:
        caption = words.say("Mend this first") if mend else words.say("What limits it")
        more = len(listed) - _ON_COVER
        lines = [[one] for one in listed[:_ON_COVER]]
        lines += [[more_below(words, more)]] * (more > 0)
        lists = (table(caption, [words.say("What it means")], lines, 0),)
    return Cover(
        finding=told.finding(words, found, len(mend)),
        tone=_TONES[found.verdict],
        because=told.because(words, quality),
        proof=Proof(
            words.say("Of the latest edition"),
            tuple(
                Count(name, judged.out_of(words, count, whole), count / whole if whole else None)
                for name, count, whole in told.proof(words, quality)
            ),
        ),
        picture=Picture(
            told.picture(words, quality),
            strips_chart(words, quality, rows),
            notes=told.marks(words, len(rows), quality),
        ),
        lists=lists,
        cautions=told.cautions(words),
    )
