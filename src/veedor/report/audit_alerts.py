"""The report of an alert audit, in plain words: every sentence names its denominator."""

from __future__ import annotations

from veedor.audits.alerts import AlertAudit
from veedor.audits.audit import SERIOUS
from veedor.report import audit_alert_evidence as evidence
from veedor.report import audit_alert_sections as sections
from veedor.report.audit_alert_cover import alert_cover
from veedor.report.audit_sections import cautions, everything
from veedor.report.document import Document, Section
from veedor.report.words import Words, words_in
from veedor.report.words import alert_sections as fixed
from veedor.report.words import alert_sentences as said
from veedor.report.words.alert_kinds import SUBTITLES, TITLES, of
from veedor.report.words.alert_rates import statistic, told
from veedor.report.words.audits import sayer

#: Kind of table -> rates, and parts of the data, that are told first.
_FIRST = {
    "decisions": (("alert_rate", "all"), ("ppv", "all"), ("fpr", "all"), ("fnr", "all")),
    "searches": (("fpir", "all"), ("fnir_rank1", "all")),
    "deployments": (
        ("ppv", "all"),
        ("ppv", "first"),
        ("ppv", "after_first"),
        ("false_alerts_per_transaction", "all"),
    ),
}


def alert_document(audit: AlertAudit, words: Words | None = None) -> Document:
    """Turn an alert audit into a page.

    Parameters
    ----------
    audit : AlertAudit
    words : Words, optional
        English by default.
    """
    words = words or words_in("en")
    kind = audit.settings.kind
    parts = [
        sections.refused(words, audit),
        sections.rates(words, audit),
        sections.by_time(words, audit),
        sections.both_sides(words, audit),
        sections.base_rates(words, audit),
        evidence.searches(words, audit),
        evidence.ranking(words, audit),
        evidence.clusters(words, audit),
        evidence.over_time(words, audit),
        evidence.claims(words, audit),
        evidence.checks(words, audit),
        evidence.checklist(words, audit),
        everything(
            words,
            audit,
            statistic=lambda code: statistic(words, kind, code),
            say=sayer(words, audit),
        ),
    ]
    subtitle = SUBTITLES.get((audit.table, kind), SUBTITLES[audit.table, None])
    return Document(
        title=words.say(TITLES[kind]),
        subtitle=words.say(subtitle),
        made=said.made(words, audit),
        plain=_plain(words, audit),
        cautions=cautions(words, fixed.CAUTIONS),
        sections=[part for part in parts if part is not None],
        cover=alert_cover(words, audit),
    )


def _plain(words: Words, audit: AlertAudit) -> Section:
    """Say every sentence that the cover rests on."""
    kind, points = audit.settings.kind, []
    for metric, subset in _FIRST[audit.table]:
        one = sections.first(audit, metric, subset=subset)
        if one is not None and one.estimate.value is not None:
            points.append(told(words, kind, one))
    ppv = sections.first(audit, "ppv")
    if ppv is not None:
        points += said.wrong_for_each_right(words, kind, ppv)
    points += _surest_group(words, audit)
    points += [said.claim(words, audit, one) for one in audit.claims]
    if kind is None:
        points.append(words.say(fixed.HINT))
    return Section(
        words.say("In plain words"),
        sentences=[
            of(words, kind, one.finding) for one in audit.warnings if one.severity == SERIOUS
        ],
        points=points,
    )


def _surest_group(words: Words, audit: AlertAudit) -> list[str]:
    """Tell the group whose share wrongly flagged is most surely unlike the reference's, if one is.

    The share of right alerts (of searches: the share missed) stands beside it, so that neither
    side's number comes alone.
    """
    found = audit.surest_group
    if found is None:
        return []
    sides = []
    for metric in (found.metric, "fnir_rank1" if audit.table == "searches" else "ppv"):
        pair = [sections.first(audit, metric, name) for name in (found.group, found.reference)]
        known = [one for one in pair if one is not None and one.estimate.value is not None]
        sides.append(said.beside(words, audit, *known) if len(known) == 2 else "")
    if not sides[0]:
        return []
    return [
        said.times(words, sides[0], audit),
        *([words.say("{sentence}.", sentence=sides[1])] if sides[1] else []),
    ]
