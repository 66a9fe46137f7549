"""Argentina: SNIC by department and year."""

from __future__ import annotations

from veedor.areas.layouts import snic
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit

SNIC_DEPARTMENTS = AreaLayout(
    name="snic-departamentos",
    title="Argentina, SNIC by department and year",
    licence=snic.LICENCE,
    page=snic.PAGE,
    units=(Unit.FACTS, Unit.VICTIMS),
    states=snic.STATES,
    fields={**snic.FIELDS, **snic.DEPARTMENT},
    needed=(*snic.NEEDED, *snic.DEPARTMENT),
    read=snic.read,
    time_zone=snic.TIME_ZONE,
    level="departamento",
    persons=snic.PERSONS,
    quirks=(
        *snic.QUIRKS,
        snic.NO_PLACE,
    ),
    months_late=12,
)
