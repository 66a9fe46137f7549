"""Argentina: SNIC by department and month."""

from __future__ import annotations

from veedor.areas.layouts import snic
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit

SNIC_MONTHS = AreaLayout(
    name="snic-departamentos-mes",
    title="Argentina, SNIC by department and month",
    licence=snic.LICENCE,
    page=snic.PAGE,
    units=(Unit.FACTS, Unit.VICTIMS),
    states=snic.STATES,
    fields={**snic.FIELDS, **snic.DEPARTMENT, "month": ("mes",)},
    needed=(*snic.NEEDED, *snic.DEPARTMENT, "month"),
    read=snic.read,
    time_zone=snic.TIME_ZONE,
    level="departamento",
    persons=snic.PERSONS,
    quirks=(
        *snic.QUIRKS,
        snic.NO_PLACE,
        snic.NO_MONTH,
    ),
    months_late=12,
)
