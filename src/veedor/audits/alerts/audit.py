"""The whole audit: files to `AlertAudit`, and to estimates.csv and results.json."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from veedor.audits.alerts.base_rates import of_1000_alerts, per_day, ppv_at
from veedor.audits.alerts.checklist import read_checklist
from veedor.audits.alerts.checks import NOTE, Finding
from veedor.audits.alerts.claimed import judge_claims
from veedor.audits.alerts.estimates import Row, write_estimates
from veedor.audits.alerts.of_decisions import audit_decisions, extra_rows
from veedor.audits.alerts.of_deployments import audit_deployments
from veedor.audits.alerts.of_searches import audit_searches
from veedor.audits.alerts.results import Part
from veedor.audits.alerts.settings import Settings
from veedor.audits.alerts.suppression import SUPPRESSED, is_small, suppress
from veedor.audits.alerts.tables.decisions import DECISION_KEYS, read_decisions
from veedor.audits.alerts.tables.deployments import DEPLOYMENT_KEYS, read_deployments
from veedor.audits.alerts.tables.searches import SEARCH_KEYS, read_searches
from veedor.audits.alerts.tables.small import Claim, Stratum, read_claims, read_nonalert_audit
from veedor.errors import StudyError
from veedor.files.json_file import write_json
from veedor.files.replacing import sha256
from veedor.tables.escape import shown
from veedor.tables.opening import open_table
from veedor.tables.source import Source

SCHEMA = 2


@dataclass(frozen=True)
class Inputs:
    """The files of an audit: decisions, or searches with candidates, or deployments.

    Parameters
    ----------
    decisions, searches, candidates, deployments, claims, nonalert_audit : Path or None
    """

    decisions: Path | None = None
    searches: Path | None = None
    candidates: Path | None = None
    deployments: Path | None = None
    claims: Path | None = None
    nonalert_audit: Path | None = None

    def __post_init__(self) -> None:
        given = [n for n in ("decisions", "searches", "deployments") if getattr(self, n)]
        if len(given) != 1:
            raise StudyError(
                "An audit must have decisions, or searches with candidates, or deployments.",
                found=" and ".join(given) or "none of them",
                remedy="give exactly one of --decisions, --searches and --deployments",
            )
        if bool(self.searches) != bool(self.candidates):
            raise StudyError(
                "Searches and candidates go together.",
                found=given[0] if self.searches else "candidates only",
                remedy="give both --searches and --candidates",
            )
        if self.nonalert_audit and not self.decisions:
            raise StudyError(
                "An audit of non-alerts belongs to decisions.", found=f"--{given[0]}",
                remedy="give --decisions with --nonalert-audit",
            )  # fmt: skip


@dataclass(frozen=True)
class AlertAudit:
    """What an audit found.

    Parameters
    ----------
    rows : tuple of Row
        Of estimates.csv.
    results : dict
        Of results.json: everything in the report, ``estimates`` included.
    """

    rows: tuple[Row, ...]
    results: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write estimates.csv and results.json into a folder.

        Parameters
        ----------
        folder : Path
            Made where it is not there; each file is replaced whole or not at all.
        """
        folder.mkdir(parents=True, exist_ok=True)
        write_estimates(self.rows, folder / "estimates.csv")
        write_json(self.results, folder / "results.json")


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
    checklist = read_checklist(asked.checklist)
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
        part.results["claims"] = judge_claims(part, claims, asked.interval, asked.level)
    first = next(iter(part.rates))
    if ppv := part.rates[first].get("ppv"):
        extra_rows(part, first, int(ppv.events[0]), int(ppv.trials[0]), asked)
        part.results |= _as_counted(float(ppv.value[0]), int(ppv.trials[0]))
    part.results["base_rates"] = _pictures(part, asked)
    return _finished(part, inputs, asked, checklist)


def _audited(inputs: Inputs, settings: Settings, strata: list[Stratum]) -> Part:
    with ExitStack() as open_files:
        if inputs.decisions:
            file = open_files.enter_context(open_table(inputs.decisions, DECISION_KEYS))
            decisions = read_decisions(
                file, settings.groups, score=settings.score, time=settings.time,
                thresholds=settings.thresholds,
            )  # fmt: skip
            return _with_forms(audit_decisions(decisions, settings, strata), file)
        if inputs.searches and inputs.candidates:
            file = open_files.enter_context(open_table(inputs.searches, SEARCH_KEYS))
            listed = open_files.enter_context(open_table(inputs.candidates, ("search_id",)))
            searches = read_searches(file, listed, settings.groups, settings.thresholds)
            return _with_forms(audit_searches(searches, settings), file, listed)
        if inputs.deployments is None:
            raise StudyError("An audit must have a table.", found="none")
        file = open_files.enter_context(open_table(inputs.deployments, DEPLOYMENT_KEYS[:2]))
        part = audit_deployments(read_deployments(file, settings.groups), settings)
        _with_forms(part, file)
        if settings.thresholds:
            part.findings.append(Finding(
                "threshold_not_used", NOTE,
                "Published counts have no scores: the thresholds asked for change nothing.",
                {"thresholds": list(settings.thresholds)},
            ))  # fmt: skip
        return part


def _with_forms(part: Part, *files: Source) -> Part:
    """Say how numbers were read that could be read in two ways by themselves."""
    part.findings += [
        Finding(
            "numbers_read", NOTE,
            f"In column {shown(one.column)!r} {shown(one.written, 30)} is read as "
            f"{one.value:.12g}, as the rest of the column shows.",
            {"file": file.table.name},
        )
        for file in files
        for one in file.read_as
    ]  # fmt: skip
    return part


def _as_counted(ppv: float, alerts: int) -> dict[str, Any]:
    """Everyone's PPV as it was counted, out of 1,000 alerts."""
    right_wrong = of_1000_alerts(ppv) if np.isfinite(ppv) else None
    if right_wrong is None:
        return {}
    right, wrong = right_wrong
    return {
        "as_counted": {
            "base_rate": None,
            "ppv": ppv,
            "of_1000_right": right,
            "of_1000_wrong": wrong,
            "alerts": alerts,
        }
    }


def _pictures(part: Part, settings: Settings) -> list[dict[str, Any]]:
    """Everyone's PPV at each base rate, out of 1,000 alerts, and alerts a day."""
    found = []
    for threshold, rates in part.rates.items():
        if "fpr" in rates and "tpr" in rates:
            tpr, fpr = rates["tpr"].value[0], rates["fpr"].value[0]
        elif "fpir" in rates:
            tpr, fpr = 1.0 - rates["fnir_rank1"].value[0], rates["fpir"].value[0]
        else:
            continue
        for base_rate in settings.base_rates:
            ppv = float(ppv_at(tpr, fpr, base_rate))
            entry: dict[str, Any] = {"threshold": threshold, "base_rate": base_rate}
            entry["ppv"] = ppv if np.isfinite(ppv) else None
            right_wrong = of_1000_alerts(entry["ppv"])
            entry["of_1000_right"], entry["of_1000_wrong"] = right_wrong or (None, None)
            if settings.people_a_day and np.isfinite(tpr) and np.isfinite(fpr):
                true, false = per_day(tpr, fpr, base_rate, settings.people_a_day)
                entry |= {"true_a_day": true, "false_a_day": false}
            found.append(entry)
    return found


def _finished(
    part: Part, inputs: Inputs, settings: Settings, checklist: list[dict[str, str]]
) -> AlertAudit:
    rows = suppress(part.rows, settings.small, part.kind) if settings.publish else list(part.rows)
    results: dict[str, Any] = {
        "schema": SCHEMA,
        "inputs": {
            name: {"file": path.name, "sha256": sha256(path)}
            for name, path in vars(inputs).items()
            if path is not None
        },
        "settings": settings.to_dict(),
        "checklist": checklist,
    } | part.to_dict()
    if settings.publish:
        hidden = {row.group for row in rows if row.method == SUPPRESSED}
        for name in ("clusters", "scores", "impossibility", "monitoring", "claims", "det"):
            if name in results:
                results[name] = _without(results[name], hidden)
        for watch in results.get("monitoring", []):
            for drift in watch["drifts"]:
                _without_small(drift, settings.small)
        surest = results.get("surest_group")
        if surest and {surest["group"], surest["reference"]} & hidden:
            results["surest_group"] = None
        for entry in results.get("at_common_threshold", []):
            entry["groups"] = {g: v for g, v in entry["groups"].items() if g not in hidden}
        if any(
            row.group == "ALL" and row.metric == "ppv" for row in rows if row.method == SUPPRESSED
        ):
            results.pop("as_counted", None)
        results["suppressed_groups"] = sorted(hidden)
    results["estimates"] = [
        row.to_dict() | {"small": is_small(row, settings.small)} for row in rows
    ]
    return AlertAudit(tuple(rows), results)


def _without_small(drift: dict[str, Any], small: int) -> None:
    """Take what was counted around an alarm out where it is out of few."""
    sides = [drift[name]["denominator"] for name in ("before", "run") if name in drift]
    if sides and min(sides) < small:
        for name in ("before", "run", "since"):
            del drift[name]


def _without(entries: list[dict[str, Any]], hidden: set[str]) -> list[dict[str, Any]]:
    """Take the groups with a suppressed number out of what else is published."""
    if not hidden:
        return entries
    kept = [entry for entry in entries if entry.get("group") not in hidden]
    return [
        entry | {"groups": [g for g in entry["groups"] if g.get("group") not in hidden]}
        if isinstance(entry.get("groups"), list)
        else entry
        for entry in kept
    ]
