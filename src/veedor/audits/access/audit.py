"""The whole audit of access: `AccessLog` to `AccessAudit`."""

from __future__ import annotations

import numpy as np

from veedor.audits.access.authorised import authorised_shares, listed
from veedor.audits.access.breaks import breaks, months
from veedor.audits.access.concentration import concentration, curve
from veedor.audits.access.explained import explained, explained_shares
from veedor.audits.access.first_lookups import repeated, repeats_of
from veedor.audits.access.ground import Ground, ground_of
from veedor.audits.access.list_versions import list_versions
from veedor.audits.access.log import AccessLog, CellState
from veedor.audits.access.peers import peers
from veedor.audits.access.reach import reach
from veedor.audits.access.reasons import lists_told, reason_shares, reasons_of, terms
from veedor.audits.access.registers import Registers
from veedor.audits.access.results import (
    AccessAudit,
    Break,
    ColumnStates,
    ListVersion,
    LogFile,
)
from veedor.audits.access.review_plan import review_plan
from veedor.audits.access.rhythm import hours, machines, missing, off_hours
from veedor.audits.access.settings import Settings
from veedor.audits.access.who import accounts, groups
from veedor.audits.audit import NOTE, SERIOUS, AuditWarning
from veedor.errors import DataError, phrase
from veedor.statistics.codes import Denominator

#: Above this share of cells withheld or masked a column is warned of.
_HIDDEN = 0.05
#: Rows left out that a warning names.
_FIRST = 5


def audit_access(
    log: AccessLog, settings: Settings | None = None, registers: Registers | None = None
) -> AccessAudit:
    """Audit who may look, and how it is used.

    Parameters
    ----------
    log : AccessLog
        Of one kind. The producer's own look-ups within a network's are left out, and counted.
    settings : Settings, optional
    registers : Registers, optional
        What stands beside it.

    Raises
    ------
    DataError
        Without a look-up that is not the producer's own.
    """
    asked = settings or Settings()
    ground = ground_of(log, registers or Registers(), asked)
    if not len(ground):
        raise DataError(
            "A log must have a look-up.", found=phrase("{n} by the producer itself", n=len(log))
        )
    rng = np.random.default_rng(asked.seed)
    # Nothing is compared before it is known where nothing may be.
    changes = breaks(ground)
    repeats, lists, reasons = repeats_of(ground), listed(ground), reasons_of(ground)
    rules = explained(ground, lists, reasons)
    made = [ground.count("lookups", len(ground), Denominator("lookups"))]
    made += [*accounts(ground), *concentration(ground, rng), *reach(ground)]
    if repeats is not None:
        made += repeated(ground, repeats)
    versions: list[ListVersion] = []
    if lists is not None:
        versions, by_version = list_versions(ground, lists)
        made += [*authorised_shares(ground, lists), *by_version]
    if rules is not None:
        made += explained_shares(ground, rules, repeats)
    made += [*reason_shares(ground, reasons), *off_hours(ground), *machines(ground)]
    return AccessAudit(
        schema_version=AccessAudit.newest_schema,
        statements=tuple(made),
        warnings=tuple(_warnings(ground, log, changes)),
        kind=log.kind,
        time_zone=log.time_zone,
        lookups=len(ground),
        own_left_out=len(log) - len(ground),
        repeated=dict(log.repeated),
        first=str(ground.first_day) if ground.days else None,
        last=str(ground.first_day + (ground.days - 1)) if ground.days else None,
        files=tuple(_files(ground)),
        columns=tuple(_columns(ground)),
        breaks=tuple(changes),
        months=tuple(months(ground, changes)),
        curve=tuple(curve(ground)),
        groups=tuple(groups(ground)),
        versions=tuple(versions),
        lists=tuple(lists_told(ground, made)),
        terms=tuple(terms(ground, reasons)) if reasons is not None else (),
        hours=hours(ground),
        missing=missing(ground),
        peers=peers(ground),
        review=review_plan(ground, rng, lists=lists, rules=rules, reasons=reasons, repeats=repeats),
        settings=asked,
    )


def _files(ground: Ground) -> list[LogFile]:
    found = []
    for one in ground.log.releases:
        ends = [
            None if end is None else str(ground.local_day(np.array([end]))[0])
            for end in (one.first, one.last)
        ]
        found.append(LogFile(
            one.name, one.sha256, one.preset, one.columns, one.rows, ends[0], ends[1], one.cap
        ))  # fmt: skip
    return found


def _columns(ground: Ground) -> list[ColumnStates]:
    found = []
    for name, column in ground.columns.items():
        cells = {state.name.lower(): many for state, many in ground.log.counted(name).items()}
        found.append(ColumnStates(name, cells, column.constant))
    return found


def _warnings(ground: Ground, whole: AccessLog, changes: list[Break]) -> list[AuditWarning]:
    log = ground.log
    found = []
    if not ground.users:
        found.append(AuditWarning("no_user_is_known", {}))
    for name, column in ground.columns.items():
        counts = log.counted(name)
        unseen = counts[CellState.WITHHELD] + counts[CellState.MASKED]
        if column.constant or (unseen and not column.known.any()):
            found.append(AuditWarning("constant_column", {"column": name}))
        elif unseen > _HIDDEN * len(log):
            found.append(
                AuditWarning("withheld_column", {"column": name, "n": unseen, "lookups": len(log)})
            )
    given = ground.registers
    lists = (("key", given.authorised), ("case", given.authorised_cases), ("case", given.cases))
    for of in sorted({of for of, one in lists if one is not None and ground.column(of) is None}):
        found.append(AuditWarning("list_not_held", {"column": of}))
    if (untimed := len(log) - log.timed) > 0:
        found.append(AuditWarning("lookups_without_time", {"n": untimed, "lookups": len(log)}))
    for one in log.releases:
        if one.cap is not None:
            found.append(AuditWarning("export_at_a_cap", {"file": one.name, "rows": one.cap}))
        if n := len(one.uneven):
            first = ", ".join(map(str, one.uneven[:_FIRST]))
            found.append(
                AuditWarning(
                    "rows_of_another_width",
                    {"n": n, "rows": one.rows + n, "file": one.name, "first": first},
                    NOTE,
                )
            )
    again = sum(many for why, many in log.repeated.items() if why != "near")
    if again:
        found.append(AuditWarning("rows_released_again", {"n": again}, NOTE))
    if near := log.repeated.get("near", 0):
        found.append(AuditWarning("lookups_nearly_alike", {"n": near}, NOTE))
    if own := len(whole) - len(log):
        found.append(AuditWarning("own_lookups_in_network", {"n": own, "lookups": len(whole)}))
    if days := sum(one.kind == "volume" for one in changes):
        found.append(AuditWarning("volume_not_explained", {"n": days}, SERIOUS))
    if days := len({one.day for one in changes if one.kind != "volume"}):
        found.append(AuditWarning("not_to_be_compared_across", {"n": days}, SERIOUS))
    return found
