"""Rio de Janeiro: BaseMunicipioMensal, by municipality and month."""

from __future__ import annotations

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts import isp
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.names import Area
from veedor.areas.states import Unit
from veedor.errors import phrase

#: Columns that are filled from another table by municipality: each part of one repeats them.
_BY_MUNICIPALITY = frozenset(("posse_drogas", "trafico_drogas", "apreensao_drogas_sem_autor"))


def _read(file: AreaFile) -> AreaCounts:
    rows, offences = isp.load(file, {"name": "name", "region": "region", "phase": "phase"})
    usual = "(SELECT mode(o.region) FROM area_rows o WHERE o.area = area_rows.area)"
    rows.add_parts(f"region <> {usual}", once=_BY_MUNICIPALITY)
    areas = rows.members("area", "name")
    spans = rows.spans("month")
    return AreaCounts(
        tuple(Area(code, name, "município") for code, name in areas.items()),
        offences,
        spans,
        (isp.edition(rows, areas, offences, spans),),
        offence_sums=isp.SUMS,
        levels=(rows.level("região", list(areas), "region"),),
        breaks=(isp.BREAK,),
        time_zone=file.time_zone,
    )


ISP_RJ = AreaLayout(
    name="isp-rj",
    title="Rio de Janeiro, ISP: BaseMunicipioMensal",
    licence=isp.LICENCE,
    page=isp.PAGE,
    units=(Unit.VICTIMS, Unit.RECORDS),
    states=isp.STATES,
    fields={
        "area": ("fmun_cod",),
        "name": ("fmun",),
        "year": ("ano", "vano"),
        "month": ("mes",),
        "label": ("mes_ano",),
        "region": ("regiao",),
        "phase": ("fase",),
        **isp.CODES,
    },
    needed=("area", "name", "year", "month", "region", "hom_doloso", "phase"),
    read=_read,
    time_zone="America/Sao_Paulo",
    level="município",
    quirks=(
        *isp.QUIRKS,
        phrase(
            "A row of a municipality under another region than its own holds a few records of a "
            "station there: they are added, as the publisher did in February 2026"
        ),
    ),
    breaks=(isp.BREAK,),
    months_late=1,
)
