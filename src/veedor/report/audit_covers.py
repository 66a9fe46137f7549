"""`cover_of`: the cover of any audit, from its results: what it found, in any language."""

from __future__ import annotations

from veedor.audits.access import AccessAudit
from veedor.audits.alerts import AlertAudit
from veedor.audits.behaviour import BehaviourAudit
from veedor.audits.places import BenchmarkAudit, ExposureAudit
from veedor.audits.places.devices import DeviceAudit
from veedor.audits.places.feedback import FeedbackAudit
from veedor.audits.reading import CountsAgreement, ReadingScore
from veedor.disclosure.record.shown import AnyAudit
from veedor.report.access_cover import access_cover
from veedor.report.access_sections import through_time
from veedor.report.audit_alerts import alert_document
from veedor.report.audit_behaviour import behaviour_document
from veedor.report.audit_benchmark import benchmark_document
from veedor.report.audit_devices import devices_document
from veedor.report.audit_exposure import exposure_document
from veedor.report.audit_feedback import feedback_document
from veedor.report.audit_reporting import reporting_document
from veedor.report.cover import Cover
from veedor.report.published_counts import counts_document
from veedor.report.reading import reading_document
from veedor.report.words import Words


def cover_of(words: Words, audit: AnyAudit) -> Cover | None:
    """Return the cover of an audit's page, without labels and outlines: results hold none."""
    match audit:
        case AccessAudit():
            return access_cover(words, audit, through_time(words, audit))
        case AlertAudit():
            page = alert_document(audit, words)
        case BehaviourAudit():
            page = behaviour_document(audit, words)
        case BenchmarkAudit():
            page = benchmark_document(audit, words)
        case CountsAgreement():
            page = counts_document(audit, words)
        case DeviceAudit():
            page = devices_document(audit, words)
        case ExposureAudit():
            page = exposure_document(audit, words)
        case FeedbackAudit():
            page = feedback_document(audit, words)
        case ReadingScore():
            page = reading_document(audit, words)
        case _:
            page = reporting_document(audit, words)
    return page.cover
