"""Cover of the feedback audit: whether flags go with discoveries, and whether a loop runs away."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from veedor.audits.audit import WHOLE, Subject
from veedor.audits.places.by_place import PlaceOutlines
from veedor.audits.places.feedback import FeedbackAudit
from veedor.audits.places.feedback.audit import Simulated
from veedor.report.audit_places import map_picture, ranked
from veedor.report.cover import (
    Bar,
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    Tone,
    axis_of,
    axis_of_ratios,
    bar_of_ratio,
    bars_of,
    side,
)
from veedor.report.words import Words
from veedor.report.words import feedback as sentences
from veedor.report.words import feedback_cover as said
from veedor.report.words.intervals import in_brackets
from veedor.statistics import Estimate

_OBSERVED = Subject(WHOLE, "observed")


def feedback_cover(
    words: Words,
    audit: FeedbackAudit,
    outlines: PlaceOutlines | None,
    drawn: tuple[Markup, str] | None,
) -> Cover:
    """Make the cover of a feedback audit: of the real record where there is one.

    Parameters
    ----------
    words : Words
    audit : FeedbackAudit
    outlines : PlaceOutlines, optional
        Of the places of the last of `by_place`; without it the picture is a chart.
    drawn : (Markup, str), optional
        A chart, and what it shows.
    """
    observed, simulated = audit.observed, audit.simulated
    if observed is not None:
        cover = _of_record(words, audit)
    elif simulated is not None:
        cover = _of_runs(words, audit, simulated)
    else:
        raise ValueError("an audit of feedback is of a record, of simulated runs, or of both")
    places, periods = (0, 0) if observed is None else (observed.places, observed.periods)
    chart = None if drawn is None else Picture(drawn[1], drawn[0])
    return msgspec.structs.replace(
        cover,
        because=said.because(words, simulated, places, periods),
        picture=_map(words, audit, outlines) or chart,
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def _of_record(words: Words, audit: FeedbackAudit) -> Cover:
    ratio = stated(audit, "discovered_per_reported_ratio_within_place")
    kind: Tone = "none" if ratio.value is None else side(ratio.low, ratio.high)
    return Cover(
        finding=said.found(words, kind, words.number(ratio.value), in_brackets(words, ratio)),
        tone=kind,
        proof=Proof(words.say(said.AGAIN), (
            _count(words, said.BY_SYSTEM, stated(audit, "flags_persistence")),
            _count(words, said.BY_REPORTS, stated(audit, "reports_persistence"), ours=False),
        )),
        matrix=_observed(words, audit),
    )  # fmt: skip


def _of_runs(words: Words, audit: FeedbackAudit, simulated: Simulated) -> Cover:
    as_is = simulated.remedies[0].name
    return Cover(
        finding=said.ran(words, of_remedy(audit, as_is, "share_of_runs_away")),
        tone="none",
        proof=Proof(words.say(said.OFF_TARGET), (
            _count(words, said.AS_IT_IS, of_remedy(audit, as_is, "deviation_last")),
            _count(words, said.WITHOUT, of_remedy(audit, as_is, "deviation_last_without_loop"),
                   ours=False),
        )),
        matrix=_simulated(words, audit, simulated),
    )  # fmt: skip


def stated(audit: FeedbackAudit, statistic: str) -> Estimate:
    """Estimate of the real record."""
    return audit.by_subject[_OBSERVED, statistic].estimate


def of_remedy(audit: FeedbackAudit, remedy: str, statistic: str) -> Estimate:
    """Estimate of the simulated runs with a remedy."""
    return audit.by_subject[Subject(WHOLE, "simulated", remedy), statistic].estimate


def _count(words: Words, name: str, one: Estimate, ours: bool = True) -> Count:
    told = said.part(words, one) if one.method.code != "student_t_over_runs" else said.told(
        words, one, share=True
    )  # fmt: skip
    return Count(words.say(name), told, one.value, "ours" if ours else "reference")


def _observed(words: Words, audit: FeedbackAudit) -> Matrix:
    rows = []
    for within, name in said.WITHIN.items():
        one = stated(audit, f"discovered_per_reported_ratio_within_{within}")
        kind, bar = side(one.low, one.high), bar_of_ratio(one.low, one.value, one.high)
        told = said.times(words, words.number(one.value), in_brackets(words, one))
        if one.value is None:
            kind, told = "none", ""
        cell = Cell(words.say(said.WORDS[kind]), kind, bar, told)
        rows.append(Row(words.say(name), "", (cell,)))
    return Matrix(
        finding=said.shown(words, [row.cells[0].tone for row in rows]),
        corner=words.say(said.COMPARED),
        columns=(words.say(said.PER_REPORTED),),
        rows=tuple(rows),
        axis=axis_of_ratios(words, rows),
        note=words.say(said.NOTE_OBSERVED),
        verdict=words.say(said.VERDICT),
    )  # fmt: skip


def _simulated(words: Words, audit: FeedbackAudit, simulated: Simulated) -> Matrix:
    rows = []
    for remedy in simulated.remedies:
        one = of_remedy(audit, remedy.name, "share_of_runs_away")
        bar = None
        if one.value is not None and one.low is not None and one.high is not None:
            bar = Bar(one.low, one.value, one.high)
        cell = Cell(
            words.percent(one.value), "none", bar, said.told(words, one, share=True)
        )  # fmt: skip
        rows.append(Row(words.say(sentences.REMEDIES[remedy.name][0]), "", (cell,)))
    return Matrix(
        finding=said.runs_away(
            words,
            [of_remedy(audit, one.name, "share_of_runs_away").value for one in simulated.remedies],
        ),
        corner=words.say(said.REMEDY),
        columns=(words.say(said.RUNS_AWAY),),
        rows=tuple(rows),
        axis=axis_of(bars_of(rows), 0.0, words.percent),
        note=words.say(said.NOTE_SIMULATED),
        verdict=words.say("Runs"),
    )


def _map(words: Words, audit: FeedbackAudit, outlines: PlaceOutlines | None) -> Picture | None:
    figures = audit.by_place[-1]
    column = figures.columns[0]
    most = column.value[ranked(column)[0]]
    named = [figures.called(n) for n, one in enumerate(column.value) if one == most]
    if audit.observed is None:
        title = said.most_patrols(words, named, words.percent(most))
    else:
        title = said.most_flagged(words, named, round(most or 0), audit.observed.periods)
    return map_picture(words, figures, column, outlines, title)
