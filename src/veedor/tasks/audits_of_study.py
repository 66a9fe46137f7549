"""Audits that a study does after its forecasts: tasks, asked as study.toml says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from veedor.backtest import slug
from veedor.study.config import Study
from veedor.tasks import audit_access, audit_alerts, audit_behaviour
from veedor.tasks.audit_all import AUDITS as OF_PLACES
from veedor.tasks.audited import made_into
from veedor.tasks.context import Context
from veedor.tasks.request import checked

_AUDITS: dict[str, ModuleType] = {
    **OF_PLACES,
    "alerts": audit_alerts,
    "access": audit_access,
    "behaviour": audit_behaviour,
}


def run_audits(study: Study, folder: Path, building: Path, context: Context) -> None:
    """Do the audits that a study asks for; its settings have the names of the task's fields.

    Parameters
    ----------
    study : Study
    folder : Path
        Of the study; its files are relative to it.
    building : Path
        Results being made: holds ``forecasts/`` and ``cells.geojson``, gets ``audits/``.
    context : Context
    """
    for name, task in _AUDITS.items():
        section = getattr(study.audits, name)
        if section is None:
            continue
        asked: dict[str, Any] = {
            key: value
            for key, value in msgspec.structs.asdict(section).items()
            if value is not None
        }
        if "seed" in task.Request.__dataclass_fields__:
            asked["seed"] = study.study.seed
        if (maker := asked.pop("forecaster", None)) is not None:
            made = building.resolve() / "forecasts" / slug(asked["category"]) / slug(maker)
            asked |= {"predictions": made, "cells": building.resolve() / "cells.geojson"}
        into = building / "audits" / name
        into.mkdir(parents=True)
        request = checked(task.Request(out=into, **asked), folder)
        made_into(task.audit, request, context, into)
