"""`page_of`: the page of any audit, from its results, in any language."""

from __future__ import annotations

from veedor.audits.alerts import AlertAudit
from veedor.audits.places import BenchmarkAudit, ExposureAudit
from veedor.audits.places.feedback import FeedbackAudit
from veedor.disclosure.record.shown import AnyAudit
from veedor.report.audit_alerts import alert_document
from veedor.report.audit_benchmark import benchmark_document
from veedor.report.audit_exposure import exposure_document
from veedor.report.audit_feedback import feedback_document
from veedor.report.audit_reporting import reporting_document
from veedor.report.document import Document
from veedor.report.words import Words


def page_of(words: Words, audit: AnyAudit) -> Document:
    """Return the page of an audit, without labels and outlines, which its results do not hold."""
    match audit:
        case AlertAudit():
            return alert_document(audit, words)
        case BenchmarkAudit():
            return benchmark_document(audit, words)
        case ExposureAudit():
            return exposure_document(audit, words)
        case FeedbackAudit():
            return feedback_document(audit, words)
        case _:
            return reporting_document(audit, words)
