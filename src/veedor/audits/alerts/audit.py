"""The whole audit: files to `AlertAudit`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from veedor.audits.alerts.base_rates import of_1000_alerts, per_day, ppv_at
from veedor.audits.alerts.checklist import read_checklist
from veedor.audits.alerts.claimed import judge_claims
from veedor.audits.alerts.of_decisions import audit_decisions, corrected_statements
from veedor.audits.alerts.of_deployments import audit_deployments
from veedor.audits.alerts.of_searches import audit_searches
from veedor.audits.alerts.part import Part
from veedor.audits.alerts.publishing import published
from veedor.audits.alerts.results import AlertAudit, InputFile, Picture
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.suppression import is_small
from veedor.audits.alerts.tables.decisions import DECISION_KEYS, DecisionsForm, read_decisions
from veedor.audits.alerts.tables.deployments import DEPLOYMENT_KEYS, read_deployments
from veedor.audits.alerts.tables.searches import SEARCH_KEYS, read_searches
from veedor.audits.alerts.tables.small import Claim, Stratum, read_claims, read_nonalert_audit
from veedor.audits.audit import NOTE, AuditWarning, finite
from veedor.errors import StudyError, phrase
from veedor.files.replacing import sha256
from veedor.tables.escape import shown
from veedor.tables.kinds import TruthWords
from veedor.tables.opening import open_table
from veedor.tables.source import Source


@dataclass(frozen=True)
class Inputs:
    """The files of an audit: decisions, or searches with candidates, or deployments.

    Parameters
    ----------
    decisions, searches, candidates, deployments, claims, nonalert_audit, checklist : Path or None
    """

    decisions: Path | None = None
    searches: Path | None = None
    candidates: Path | None = None
    deployments: Path | None = None
    claims: Path | None = None
    nonalert_audit: Path | None = None
    checklist: Path | None = None

    def __post_init__(self) -> None:
        given = [n for n in ("decisions", "searches", "deployments") if getattr(self, n)]
        if len(given) != 1:
            raise StudyError(
                "An audit must have decisions, or searches with candidates, or deployments.",
                found=", ".join(given) or phrase("none of them"),
                remedy="give exactly one of --decisions, --searches and --deployments",
            )
        if bool(self.searches) != bool(self.candidates):
            raise StudyError(
                "Searches and candidates go together.",
                found=given[0] if self.searches else phrase("candidates only"),
                remedy="give both --searches and --candidates",
            )
        if self.nonalert_audit and not self.decisions:
            raise StudyError(
                "An audit of non-alerts belongs to decisions.", found=f"--{given[0]}",
                remedy="give --decisions with --nonalert-audit",
            )  # fmt: skip


def audit_alerts(inputs: Inputs, settings: Settings | None = None) -> AlertAudit:
    """Audit an alert system from the tables that it leaves behind.

    Parameters
    ----------
    inputs : Inputs
    settings : Settings, optional

    Raises
    ------
    VeedorError
        Where a table or a setting cannot be, with row numbers; `PersonalDataRefusal` where a table
        holds images, embeddings, names or identifiers.
    """
    asked = settings or Settings()
    if inputs.searches and asked.kind not in (None, "face-match"):
        raise StudyError(
            "Searches with candidates must be of face matches.",
            found=phrase("--searches, --kind {kind}", kind=asked.kind),
            remedy="give --kind face-match or leave --kind out; other systems leave decisions or "
            "deployments",
        )
    checklist = read_checklist(inputs.checklist)
    claims: list[Claim] = []
    strata: list[Stratum] = []
    if inputs.claims:
        with open_table(inputs.claims) as file:
            claims = read_claims(file)
    if inputs.nonalert_audit:
        with open_table(inputs.nonalert_audit) as file:
            strata = read_nonalert_audit(file)
    part = _audited(inputs, asked, strata)
    if claims:
        part.claims = judge_claims(part, claims, asked.interval, asked.level)
    first, as_counted = next(iter(part.rates)), None
    if ppv := part.rates[first].get("ppv"):
        right, checked = int(ppv.events[0]), int(ppv.trials[0])
        corrected_statements(part, first, right, checked, asked)
        as_counted = _as_counted(float(ppv.value[0]), checked)
    audit = AlertAudit(
        schema_version=AlertAudit.newest_schema,
        statements=tuple(part.statements),
        warnings=tuple(part.warnings),
        table=part.table,
        rows=part.rows_read,
        groups=part.groups,
        reference=part.reference,
        thresholds=tuple(part.rates),
        days=part.days,
        inputs={
            name: InputFile(path.name, sha256(path))
            for name, path in vars(inputs).items()
            if path is not None
        },
        settings=asked,
        checklist=checklist,
        refused=tuple(part.refused),
        base_rates=tuple(_pictures(part, asked)),
        as_counted=as_counted,
        clusters=tuple(part.clusters),
        impossibility=tuple(part.impossibility),
        scores=tuple(part.scores),
        monitoring=tuple(part.monitoring),
        claims=part.claims,
        det=part.det,
        at_common_threshold=part.at_common_threshold,
        surest_group=part.surest_group,
        compared=part.compared,
        suppressed_groups=(),
    )
    if asked.publish:
        audit = published(audit)
    marked = (replace(one, small=is_small(one, asked.small)) for one in audit.statements)
    return replace(audit, statements=tuple(marked))


def _audited(inputs: Inputs, settings: Settings, strata: list[Stratum]) -> Part:
    with ExitStack() as open_files:
        if inputs.decisions:
            file = open_files.enter_context(open_table(inputs.decisions, DECISION_KEYS))
            decisions = read_decisions(
                file, settings.groups, form=_form(settings), thresholds=settings.thresholds
            )
            part = audit_decisions(decisions, settings, strata)
            part.warnings += _words_read(settings, decisions.headers["outcome"])
            return _with_forms(part, file)
        if inputs.searches and inputs.candidates:
            file = open_files.enter_context(open_table(inputs.searches, SEARCH_KEYS))
            listed = open_files.enter_context(open_table(inputs.candidates, ("search_id",)))
            searches = read_searches(file, listed, settings.groups, settings.thresholds)
            return _with_forms(audit_searches(searches, settings), file, listed)
        if inputs.deployments is None:
            raise StudyError("An audit must have a table.", found=phrase("none"))
        file = open_files.enter_context(open_table(inputs.deployments, DEPLOYMENT_KEYS[:2]))
        part = audit_deployments(read_deployments(file, settings.groups), settings)
        _with_forms(part, file)
        if settings.thresholds:
            part.warnings.append(AuditWarning("threshold_not_used", {}, NOTE))
        return part


def _form(settings: Settings) -> DecisionsForm:
    words = TruthWords(settings.right, settings.wrong, settings.open)
    return DecisionsForm(
        settings.score, settings.time, settings.outcome, settings.flagged, words,
        settings.alerts_only,
    )  # fmt: skip


def _words_read(settings: Settings, column: str) -> list[AuditWarning]:
    """Say what words of an outcome were taken for."""
    return [
        AuditWarning(code, {"column": shown(column), "words": listed}, NOTE)
        for code, words in (
            ("words_for_right", settings.right),
            ("words_for_wrong", settings.wrong),
            ("words_for_open", settings.open),
        )
        if (listed := ", ".join(shown(word, 40) for word in words))
    ]


def _with_forms(part: Part, *files: Source) -> Part:
    """Say how numbers were read that could be read in two ways by themselves."""
    part.warnings += [
        AuditWarning("numbers_read", {
            "file": file.table.name, "column": shown(one.column), "written": shown(one.written, 30),
            "value": f"{one.value:.12g}",
        }, NOTE)
        for file in files
        for one in file.read_as
    ]  # fmt: skip
    return part


def _as_counted(ppv: float, alerts: int) -> Picture | None:
    """Everyone's PPV as it was counted, out of 1,000 alerts."""
    right_wrong = of_1000_alerts(ppv) if np.isfinite(ppv) else None
    return None if right_wrong is None else Picture(ppv, *right_wrong, alerts=alerts)


def _pictures(part: Part, settings: Settings) -> Iterator[Picture]:
    """Everyone's PPV at each base rate, out of 1,000 alerts, and alerts a day."""
    for threshold, rates in part.rates.items():
        if "fpr" in rates and "tpr" in rates:
            tpr, fpr = rates["tpr"].value[0], rates["fpr"].value[0]
        elif "fpir" in rates:
            tpr, fpr = 1.0 - rates["fnir_rank1"].value[0], rates["fpir"].value[0]
        else:
            continue
        for base_rate in settings.base_rates:
            ppv = finite(ppv_at(tpr, fpr, base_rate))
            right, wrong = of_1000_alerts(ppv) or (None, None)
            true = false = None
            if settings.people_a_day and np.isfinite(tpr) and np.isfinite(fpr):
                true, false = per_day(tpr, fpr, base_rate, settings.people_a_day)
            yield Picture(
                ppv, right, wrong, base_rate, threshold, true_a_day=true, false_a_day=false
            )
