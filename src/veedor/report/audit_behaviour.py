"""The behaviour audit as a page: whether people changed what they do, beside controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from veedor.audits.behaviour.results import BehaviourAudit, Placebos, Pooled
from veedor.audits.behaviour.segmented import Coefficient, Segmented
from veedor.audits.behaviour.statements import NEGATIVE, SERIES
from veedor.report.audit_sections import cautions, everything, headed, warnings_section
from veedor.report.behaviour_charts import course, placebos
from veedor.report.behaviour_cover import behaviour_cover, change, published_level
from veedor.report.document import Document, Section
from veedor.report.words import Words, words_in
from veedor.report.words import behaviour as said
from veedor.report.words import behaviour_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.intervals import ends, out_of, p_value
from veedor.statistics.estimates import Estimate

#: Omissions that a table shows, those that change the answer most first.
_MOST_LEFT = 60


def behaviour_document(audit: BehaviourAudit, words: Words | None = None) -> Document:
    """Make the page of a behaviour audit.

    Parameters
    ----------
    audit : BehaviourAudit
    words : Words, optional
        English by default.
    """
    words = words or words_in("en")
    drawn = course(words, audit)
    parts = audit.pooled
    sections = [] if parts is None else [
        _single(words, audit), _placebos(words, parts), _left_out(words, audit, parts),
        _ways(words, audit, parts),
    ]  # fmt: skip
    if audit.segmented is not None:
        sections.append(_published(words, audit.segmented))
    return Document(
        title=findings.title(words),
        subtitle=findings.subtitle(words, audit),
        made=words.say("veedor audit behaviour, from {table}", table=audit.table),
        plain=Section(words.say(SENTENCES), sentences=list(_plain(words, audit))),
        cautions=cautions(words, said.CAUTIONS),
        cover=behaviour_cover(words, audit, drawn),
        sections=(
            *sections,
            _lows(words, audit),
            _asked(words, audit),
            warnings_section(words, audit),
            everything(
                words,
                audit,
                statistic=lambda code: said.statistic(words, code),
                assigned=lambda code: words.say(said.WAYS[code]) if code else "",
            ),
        ),
    )


def _plain(words: Words, audit: BehaviourAudit) -> Iterator[str]:
    found = findings.finding(
        words, audit, change(audit, "level_change"), published_level(words, audit.segmented)
    )
    yield words.say("{sentence}.", sentence=found)
    for reason in audit.reasons[1:]:
        yield words.say("{sentence}.", sentence=words.say(findings.REASONS[reason]))
    level = change(audit, "level_change")
    if level is not None:
        yield said.level_told(words, findings.between(words, level), words.say(said.ALL_SENSITIVE))
    beside = change(audit, "level_change", NEGATIVE)
    if beside is not None:
        yield said.negative_told(words, findings.between(words, beside))
    if audit.pooled is not None:
        yield said.detectable(
            words, findings.by(words, audit.pooled.detectable_fall),
            findings.by(words, audit.pooled.detectable_rise),
        )  # fmt: skip


def _single(words: Words, audit: BehaviourAudit) -> Section:
    named = next(one for one in audit.statements if one.statistic == "series_named")
    rows = [
        [
            one.name, findings.between(words, one.level), p_value(words, one.q_value),
            _changed(words, change(audit, "mean_change", one.name, subset=SERIES)),
            out_of(words, one.level),
        ]
        for one in audit.single
    ]  # fmt: skip
    return Section(
        findings.by_series(words, round(named.estimate.value or 0.0), named.estimate.n),
        folded=True,
        sentences=[words.say(said.Q_VALUES)],
        behind=[headed(words, said.SINGLE, rows)],
    )


def _changed(words: Words, made: Estimate | None) -> str:
    return words.number(None) if made is None else findings.between(words, made)


def _placebos(words: Words, parts: Pooled) -> Section:
    rows = []
    for kind, one in ((said.IN_SPACE, parts.in_space), (said.IN_TIME, parts.in_time)):
        for each in sorted(one.placebos, key=lambda placebo: -placebo.studentised):
            name = each.name if one is parts.in_space else findings.period(words, each.name)
            rows.append([words.say(kind), name, words.number(each.studentised)])
    drawn = placebos(words, parts)
    return Section(
        findings.placebos(words, parts),
        folded=True,
        sentences=[words.say(one) for one in said.PLACEBO_SENTENCES]
        + [
            said.rank(words, words.say(kind), words.number(one.p_value))
            for kind, one in _ranks(parts)
        ],
        figures=() if drawn is None else [(drawn, words.say(said.PLACEBOS_SHOWN))],
        behind=[headed(words, said.PLACEBO_TABLE, rows, headers=2)] if rows else (),
    )


def _ranks(parts: Pooled) -> Sequence[tuple[str, Placebos]]:
    both = ((said.IN_SPACE, parts.in_space), (said.IN_TIME, parts.in_time))
    return [(kind, one) for kind, one in both if one.p_value is not None]


def _left_out(words: Words, audit: BehaviourAudit, parts: Pooled) -> Section:
    order = sorted(parts.left_out, key=lambda one: -one.p_value)
    rows = [
        [
            words.say(said.LEFT_KINDS[one.kind]),
            findings.period(words, one.name) if one.kind == "period" else one.name,
            findings.by(words, one.ratio), p_value(words, one.p_value),
        ]
        for one in order[:_MOST_LEFT]
    ]  # fmt: skip
    return Section(
        findings.left(words, parts),
        folded=True,
        sentences=[
            *(words.of(one.finding) for one in audit.warnings if "rests_on" in one.code),
            *([said.most_left(words, _MOST_LEFT, len(order))] if len(order) > _MOST_LEFT else []),
        ],
        behind=[headed(words, said.LEFT_TABLE, rows, headers=2)],
    )


def _ways(words: Words, audit: BehaviourAudit, parts: Pooled) -> Section:
    rows = []
    for statistic in ("level_change", "slope_change"):
        for way in said.WAYS:
            made = change(audit, statistic, way=way)
            if made is not None:
                rows.append([
                    said.statistic(words, statistic), words.say(said.WAYS[way]),
                    findings.by(words, made.value),
                    ends_of_change(words, made), words.of(made.method),
                ])  # fmt: skip
    sentences = [
        words.say(
            said.FREEDOM, freedom=parts.freedom, pairs=parts.pairs,
            reml=words.number(round(parts.autocorrelation_reml, 2)),
        )
    ]  # fmt: skip
    if parts.between is not None:
        between = words.number(round(parts.between, 3))
        sentences.append(words.say(said.DIFFER, between=between))
    return Section(
        findings.ways(words, parts),
        folded=True,
        sentences=sentences,
        tables=[headed(words, said.WAY_TABLE, rows, headers=2)],
    )


def ends_of_change(words: Words, made: Estimate) -> str:
    """Say the interval of a ratio as changes."""
    return words.say(
        "{low} to {high}", low=findings.by(words, made.low), high=findings.by(words, made.high)
    )


def _published(words: Words, made: Segmented) -> Section:
    rows = [_coefficient(words, one, made) for one in made.coefficients]
    sentences = []
    if made.dispersion is not None:
        sentences.append(said.dispersion(words, words.number(made.dispersion)))
    if made.durbin_watson is not None:
        sentences.append(said.durbin_watson(words, words.number(made.durbin_watson)))
    return Section(
        findings.published(words, made.before, made.after),
        folded=True,
        sentences=sentences,
        tables=[headed(words, said.COEFFICIENTS, rows)],
    )


def _coefficient(words: Words, one: Coefficient, made: Segmented) -> list[str]:
    ratio = ""
    if made.scale == "ratios":
        value, low, high = (words.number(float(np.exp(v))) for v in (one.value, one.low, one.high))
        ratio = words.say("{value} ({low} to {high})", value=value, low=low, high=high)
    return [
        said.statistic(words, f"segmented_{one.name}"), words.number(one.value, 6),
        words.number(one.error, 4), ends(words, one.low, one.high), ratio,
    ]  # fmt: skip


def _lows(words: Words, audit: BehaviourAudit) -> Section:
    rows = [
        [
            findings.period(words, one.period),
            words.say("{part} of {all}", part=one.series, all=one.known),
            words.number(one.zeros), said.everywhere(words, one.everywhere),
        ]
        for one in audit.lows
    ]  # fmt: skip
    used = [
        [
            words.say(said.ROLES[one.role]), words.number(one.given), words.number(one.used),
            words.number(one.small), words.number(one.short),
        ]
        for one in audit.series
    ]  # fmt: skip
    tables = [headed(words, said.LOW_TABLE, rows)] if rows else []
    return Section(
        findings.lows(words, len(audit.lows)),
        folded=True,
        sentences=[words.say(said.LOW_SENTENCES)],
        tables=[*tables, headed(words, said.USED_TABLE, used)],
    )


def _asked(words: Words, audit: BehaviourAudit) -> Section:
    asked = audit.question
    pairs = audit.pooled.pairs if audit.pooled is not None else asked.harmonics or 0
    values = {
        "because": asked.because,
        "event": asked.event,
        "first": findings.period(words, audit.first_after),
        "anticipation": words.number(asked.anticipation),
        "design": words.say(said.DESIGNS[asked.design]),
        "shape": words.say(said.SHAPES[asked.shape]),
        "harmonics": words.number(pairs),
        "lows": words.say(said.LOWS[asked.lows]),
    }
    rows = [[words.say(said.ASKED[name]), value] for name, value in values.items()]
    return Section(
        findings.asked(words), folded=True, tables=[headed(words, said.ASKED_TABLE, rows)]
    )
