"""The page of `check`: can a record be used, what became of its rows, what limits it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import veedor
from veedor.errors import VeedorError
from veedor.incidents import Proposal
from veedor.incidents.quality_report import QualityReport
from veedor.incidents.reconciling import Reconciled, reconcile
from veedor.incidents.shareable import shareable
from veedor.incidents.usability import Usability
from veedor.report.cover import Count, Cover, Picture, Proof, Tone
from veedor.report.document import Document, Section
from veedor.report.quality import months_section, reaching_back, whole_report
from veedor.report.quality_charts import rows_chart
from veedor.report.tables import Table
from veedor.report.words import Words
from veedor.report.words import checked as told
from veedor.report.words import quality as counted
from veedor.report.words import usability as judged
from veedor.report.words.frame import more_below
from veedor.report.words.quality_charts import steps
from veedor.report.words.terminal import headed

#: Of what is to be mended, or limits the use: more stand below the cover.
_ON_COVER = 4
_TONES: dict[str, Tone] = {"usable": "better", "limits": "about", "mend": "worse"}


def check_page(
    words: Words,
    name: str,
    report: QualityReport,
    found: Usability,
    hindrances: Sequence[VeedorError] = (),
    *,
    given: Collection[str] = (),
    proposal: Proposal | None = None,
) -> Document:
    """Build the page, of what can be shown without the data.

    Parameters
    ----------
    words : Words
    name : str
        Of the study, or of the file.
    report : QualityReport
        Whole: what single rows hold is taken out here.
    found : Usability
    hindrances : sequence of VeedorError
        What keeps the study from being run as it stands.
    given : collection of str
        Categories that a study names.
    proposal : Proposal, optional
        How a file without a study was read.
    """
    counts, report = reconcile(report), shareable(report, given)
    mend = judged.to_mend(words, found, hindrances)
    limits = judged.limits(words, found)
    return Document(
        title=told.title(words, name),
        subtitle=told.subtitle(words, report),
        made=told.made(words, veedor.__version__),
        plain=Section(
            told.everything(words, found, hindrances),
            points=[*mend, *judged.remedies(words, hindrances), *limits],
        ),
        cover=_cover(words, report, counts, found, mend, limits),
        sections=_sections(words, report, proposal),
    )


def with_terminal(
    words: Words,
    page: Document,
    report: QualityReport,
    found: Usability,
    proposal: Proposal | None,
    file: Path,
    numbers: Path,
) -> Document:
    """Give the page what a terminal shows: its cover; as details the whole report, with its rows.

    What hinders a run is told by the error that it is.
    """
    tables = [one for one in counted.quality_tables(words, report) if one is not None]
    notes = [] if proposal is None else told.noted_in(words, proposal)
    points = [*judged.to_mend(words, found, ()), *judged.limits(words, found)]
    first, *rest = headed(words, page, file, *notes, told.whole_report(words, numbers)).headline
    return replace(
        page,
        headline=[first, *([Section(page.plain.title, points=points)] if points else []), *rest],
        details=[Section(tables=tables)],
    )


def _cover(
    words: Words,
    report: QualityReport,
    counts: Reconciled,
    found: Usability,
    mend: list[str],
    limits: list[str],
) -> Cover:
    area = report.places.outside_area is not None
    listed = told.limits_table(words, _first(words, mend), _first(words, limits))
    return Cover(
        finding=judged.finding(words, found, len(mend) - len(found.mend)),
        tone=_TONES[found.verdict],
        because=judged.because(words, counts, area=area),
        proof=Proof(
            words.say("Of all that was read"),
            tuple(
                Count(name, judged.out_of(words, count, whole), count / whole if whole else None)
                for name, count, whole in judged.proof(words, report, counts)
            ),
        ),
        picture=Picture(
            told.picture(words, counts),
            rows_chart(words, steps(words, report, counts, area=area)),
            notes=(told.marks(words, counts),),
        ),
        lists=() if listed is None else (listed,),
        cautions=judged.cautions(words),
    )


def _first(words: Words, sentences: list[str]) -> list[str]:
    more = len(sentences) - _ON_COVER
    return [*sentences[:_ON_COVER], *([more_below(words, more)] if more > 0 else [])]


def _sections(words: Words, report: QualityReport, proposal: Proposal | None) -> list[Section]:
    tables = counted.quality_tables(words, report)
    few = report.rows.kept - sum(one.count for one in report.categories)
    made = [
        _fold(
            told.rows(words, report), tables.rows, sentences=counted.what_was_read(words, report)
        ),
        _months(words, report, tables.breaks),
        _fold(told.places(words, report), tables.places, tables.zones),
        _fold(told.times(words, report), tables.times),
        _fold(
            told.categories(words, report),
            tables.categories,
            sentences=[told.few(words, few)] if few else [],
        ),
    ]
    if tables.layout is not None:
        made.append(_fold(told.mended(words, report), tables.layout))
    if tables.dropped is not None:
        made.append(_fold(told.dropped(words, report), tables.dropped))
    if proposal is not None:
        made.append(
            _fold(
                told.recognised(words, proposal),
                told.recognised_table(words, proposal),
                sentences=[told.confirm(words, proposal)],
            )
        )
    whole = Section(
        words.say("The whole quality report"), tables=whole_report(words, report), folded=True
    )
    return [*made, whole]


def _months(words: Words, report: QualityReport, breaks: Table | None) -> Section:
    section = months_section(words, report, told.months(words, report))
    return replace(
        section,
        sentences=reaching_back(words, report),
        tables=[breaks] if breaks else [],
        folded=True,
    )


def _fold(title: str, *tables: Table | None, sentences: Sequence[str] = ()) -> Section:
    return Section(
        title, sentences=sentences, tables=[one for one in tables if one is not None], folded=True
    )
