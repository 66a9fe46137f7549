"""Rio de Janeiro: BaseDPEvolucaoMensalCisp, by area of a police station and month."""

from __future__ import annotations

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts import isp
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.states import blank_before, not_yet
from veedor.areas.names import Area
from veedor.areas.states import Unit
from veedor.errors import phrase


def _read(file: AreaFile) -> AreaCounts:
    levels = ("aisp", "risp", "municipality", "municipality_name", "region")
    rows, offences = isp.load(file, {"phase": "phase", **{name: name for name in levels}})
    areas = list(rows.members("area"))
    spans = rows.spans("month")
    edition = isp.edition(rows, areas, offences, spans)
    found = (
        rows.level("AISP", areas, "aisp"),
        rows.level("RISP", areas, "risp"),
        rows.level("município", areas, "municipality", "municipality_name"),
        rows.level("região", areas, "region"),
    )
    return AreaCounts(
        tuple(Area(code, f"CISP {code}", "CISP") for code in areas),
        offences,
        spans,
        (blank_before(edition, not_yet(edition)),),
        offence_sums=isp.SUMS,
        levels=tuple(level for level in found if level.codes),
        breaks=(isp.BREAK,),
        time_zone=file.time_zone,
    )


ISP_RJ_CISP = AreaLayout(
    name="isp-rj-cisp",
    title="Rio de Janeiro, ISP: BaseDPEvolucaoMensalCisp",
    licence=isp.LICENCE,
    page=isp.PAGE,
    units=(Unit.VICTIMS, Unit.RECORDS),
    states=phrase(
        "As for municipalities; and before an area of a station has any number, nothing applies: "
        "it did not exist yet"
    ),
    fields={
        "area": ("CISP",),
        "year": ("vano", "ano"),
        "month": ("mes",),
        "label": ("mes_ano",),
        "aisp": ("AISP",),
        "risp": ("RISP",),
        "municipality": ("mcirc",),
        "municipality_name": ("munic",),
        "region": ("Regiao",),
        "phase": ("fase",),
        **isp.CODES,
    },
    needed=("area", "year", "month", "aisp", "risp", "hom_doloso", "phase"),
    read=_read,
    time_zone="America/Sao_Paulo",
    level="CISP",
    quirks=(
        *isp.QUIRKS,
        phrase("126 areas of stations in 2003, 138 in 2022: an area may have been cut from others"),
    ),
    breaks=(isp.BREAK,),
    months_late=1,
)
