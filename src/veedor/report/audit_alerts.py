"""The report of an alert audit, in plain words: every sentence names its denominator."""

from __future__ import annotations

from veedor.audits.alerts import AlertAudit
from veedor.audits.alerts.results import Picture
from veedor.audits.audit import SERIOUS
from veedor.report import audit_alert_charts as charts
from veedor.report import audit_alert_evidence as evidence
from veedor.report import audit_alert_sections as sections
from veedor.report.audit_sections import cautions, everything
from veedor.report.document import Document, Section
from veedor.report.words import Words, words_in
from veedor.report.words import alert_sections as fixed
from veedor.report.words import alert_sentences as said

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

#: Tables of rates that a terminal shows too.
_FIRST_TABLES = 4


def alert_document(audit: AlertAudit, words: Words | None = None) -> Document:
    """Turn an alert audit into a page.

    Parameters
    ----------
    audit : AlertAudit
    words : Words, optional
        English by default.
    """
    words = words or words_in("en")
    rates = sections.rates(words, audit)
    parts = [
        sections.refused(words, audit),
        rates,
        sections.both_sides(words, audit),
        sections.base_rates(words, audit),
        evidence.searches(words, audit),
        evidence.ranking(words, audit),
        evidence.clusters(words, audit),
        evidence.over_time(words, audit),
        evidence.claims(words, audit),
        evidence.checks(words, audit),
        evidence.checklist(words, audit),
        everything(words, audit),
    ]
    return Document(
        title=words.say("Audit of an alert system"),
        subtitle=words.say(fixed.KINDS[audit.kind][0]),
        made=said.made(words, audit),
        plain=_plain(words, audit),
        cautions=cautions(words, fixed.CAUTIONS),
        sections=[part for part in parts if part is not None],
        headline=[Section(tables=rates.tables[:_FIRST_TABLES])],
    )


def _plain(words: Words, audit: AlertAudit) -> Section:
    """Say what a reader in a hurry must know."""
    points = []
    for metric, subset in _FIRST[audit.kind]:
        one = sections.first(audit, metric, subset=subset)
        if one is not None and one.estimate.value is not None:
            points.append(said.told(words, one))
    ppv = sections.first(audit, "ppv")
    if ppv is not None:
        points += said.wrong_for_each_right(words, ppv)
    points += _surest_group(words, audit)
    points += [said.claim(words, one) for one in audit.claims]
    pictures = _pictures(audit)
    figures = []
    if pictures:
        drawn = charts.of_1000(words, pictures, audit.kind, "alerts")
        figures = [(drawn, said.picture(words, audit))]
    return Section(
        words.say("In plain words"),
        sentences=[words.of(one.finding) for one in audit.warnings if one.severity == SERIOUS],
        points=points,
        figures=figures,
    )


def _pictures(audit: AlertAudit) -> list[Picture]:
    """Alerts as they were counted, and at three base rates, of the first threshold."""
    entries = [one for one in audit.base_rates if one.of_1000_right is not None]
    counted = [] if audit.as_counted is None else [audit.as_counted]
    asked = (1e-4, 1e-3, 0.01) if counted else (1e-4, 1e-3, 0.01, 0.1)
    return counted + [
        one for one in entries if one.threshold == entries[0].threshold and one.base_rate in asked
    ]


def _surest_group(words: Words, audit: AlertAudit) -> list[str]:
    """Tell the group whose share wrongly flagged is most surely unlike the reference's, if one is.

    The share of right alerts (of searches: the share missed) stands beside it, so that neither
    side's number comes alone.
    """
    found = audit.surest_group
    if found is None:
        return []
    told = []
    for metric in (found.metric, "fnir_rank1" if audit.kind == "searches" else "ppv"):
        pair = [sections.first(audit, metric, name) for name in (found.group, found.reference)]
        known = [one for one in pair if one is not None and one.estimate.value is not None]
        told.append(said.beside(words, *known) if len(known) == 2 else "")
    if not told[0]:
        return []
    return [said.times(words, told[0], audit), *([f"{told[1]}."] if told[1] else [])]
