"""Headers that agencies write, English and Spanish, for each role."""

from __future__ import annotations

import re
import unicodedata

#: Role to patterns over the header's words, the surest first.
PATTERNS: dict[str, tuple[str, ...]] = {
    "latitude": (
        r"lat",
        r"latitude",
        r"latitud",
        r"lat wgs84",
        r"lat(?:itude)? wgs84",
        r"lat(?:itude)? (?:dd|deg|degrees|decimal)",
        r"(?:gps|geo|incident|point) lat(?:itude)?",
        r"latitud (?:decimal|wgs84)",
        r"y lat",
        r"geometry latitude",
    ),
    "longitude": (
        r"lon",
        r"lng",
        r"long",
        r"longitude",
        r"longitud",
        r"lon wgs84",
        r"(?:lon|long|lng|longitude) wgs84",
        r"(?:lon|long|lng|longitude) (?:dd|deg|degrees|decimal)",
        r"(?:gps|geo|incident|point) (?:lon|long|lng|longitude)",
        r"longitud (?:decimal|wgs84)",
        r"x lon",
        r"geometry longitude",
    ),
    "x": (
        r"x",
        r"x coordinate",
        r"x coord cd",
        r"coord x",
        r"coordenada x",
        r"easting",
        r"utm x",
        r"este",
        r"x m",
        r"point x",
        r"x ?block",
        r"coords? x",
        r"x coords?",
        r"x cordinate",
        r"utm e(?:ste|asting)?",
    ),
    "y": (
        r"y",
        r"y coordinate",
        r"y coord cd",
        r"coord y",
        r"coordenada y",
        r"northing",
        r"utm y",
        r"norte",
        r"y m",
        r"point y",
        r"y ?block",
        r"coords? y",
        r"y coords?",
        r"y cordinate",
        r"utm n(?:orte|orthing)?",
    ),
    "id": (
        r"incident id",
        r"id incidente",
        r"id mapa",
        r"id",
        r"case number",
        r"cmplnt num",
        r"incident number",
        r"event id",
        r"objectid",
        r"id hecho",
        r"id sum",
        r"report number",
        r"dr no",
        r"row id",
        r"crime id",
        r"nro registro",
        r"id suceso",
    ),
    "start": (
        r"start",
        r"start time",
        r"start date",
        r"date start",
        r"occurred from",
        r"from date",
        r"inicio",
        r"fecha inicio",
        r"desde",
        r"date occurred from",
        r"incident start",
        r"(?:offense|offence|crime|incident) start (?:datetime|date|date time|time)",
    ),
    "end": (
        r"end",
        r"end time",
        r"end date",
        r"date end",
        r"occurred to",
        r"to date",
        r"fin",
        r"fecha fin",
        r"hasta",
        r"date occurred to",
        r"incident end",
        r"(?:offense|offence|crime|incident) end (?:datetime|date|date time|time)",
    ),
    "reported_at": (
        r"reported at",
        r"reported",
        r"date reported",
        r"report date",
        r"date rptd",
        r"rpt dt",
        r"fecha (?:de )?denuncia",
        r"fecha registro",
        r"reported date",
        r"report datetime",
        r"fecha carga",
        r"received at",
        r"report dat",
        r"report date time",
        r"fecha reporte",
        r"date(?: of)? report",
    ),
    "clock": (
        r"time occ",
        r"time occurred",
        r"time\d? of (?:occurrence|offense|offence|incident)",
        r"occ(?:urrence)? time",
        r"(?:crime|dispatch|offense|offence) time",
        r"hora (?:de )?(?:ocurrencia|ocorrencia|fato|suceso|incidente)",
        r"hora ?(?:d[ao] )?(?:ocorrencia|fato)(?: bo)?",
        r"heure",
        r"time",
        r"cmplnt fr tm",
        r"hora",
        r"hora hecho",
        r"hora (?:del )?hecho",
        r"(?:crime|dispatch|offense|offence|event|incident)time",
        r"occurred time",
        r"incident time",
        r"hour minute",
        r"clock",
    ),
    "hour_band": (
        r"franja",
        r"franja horaria",
        r"hour",
        r"hour band",
        r"hour of day",
        r"time band",
        r"tramo horario",
        r"(?:occ|occurred|offense|incident|crime) hour",
        r"(?:rango|periodo|intervalo|bloque) horario",
        r"quart",
        r"turno",
        r"jornada",
        r"(?:parte|momento|periodo) del? dia",
        r"periodo do dia",
        r"per(?:io|i)do ?(?:d[ao] )?(?:ocorrencia|fato)",
        r"descr(?:icao)? periodo",
        r"part of (?:the )?day",
        r"time of day",
    ),
    "time": (
        r"occurred at",
        r"occ datetime",
        r"datetime",
        r"dates",
        r"(?:dispatch|occurrence|offense|crime|incident) date time",
        r"date time (?:occurred|of occurrence)",
        r"date time",
        r"occurred on date",
        r"incident datetime",
        r"fecha hora",
        r"fecha y hora",
        r"timestamp",
        r"occurred",
        r"date of occurrence",
        r"fecha hecho hora",
        r"event time",
        r"occurrence datetime",
        r"when",
        r"cuando",
    ),
    "date": (
        r"fecha",
        r"date",
        r"date occ",
        r"(?:crime|dispatch|offense|offence|event) ?date",
        r"date ?1 of occurrence",
        r"data (?:do )?fato",
        r"data ?(?:d[ao] )?(?:ocorrencia|fato)(?: bo)?",
        r"cmplnt fr dt",
        r"occurred date",
        r"occurrence date",
        r"incident date",
        r"fecha hecho",
        r"fecha (?:del )?(?:hecho|suceso|incidente)",
        r"occ date",
        r"date occurred",
        r"date\d? of (?:occurrence|offense|offence|incident)",
        r"(?:crime|dispatch|offense|offence) date",
        r"fecha (?:de )?(?:ocurrencia|comision)",
        r"data(?: (?:do )?(?:fato|ocorrencia))?",
        r"dia",
    ),
    "category": (
        r"primary type",
        r"category",
        r"categoria",
        r"tipo",
        r"tipo delito",
        r"delito",
        r"offense",
        r"offence",
        r"ofns desc",
        r"crime type",
        r"type",
        r"tipo (?:de )?(?:delito|hecho|suceso)",
        r"offense category",
        r"crm cd desc",
        r"incident type",
        r"offense type",
        r"crime category",
        r"subtipo",
        r"kind",
        r"clase",
    ),
    "precision": (
        r"precision m",
        r"accuracy m",
        r"precision",
        r"error m",
        r"accuracy",
    ),
    "known_by": (
        r"known by",
        r"how known",
        r"source of report",
        r"origen",
        r"como se conocio",
        r"call source",
    ),
    "count": (
        r"cantidad",
        r"cantidad registrada",
        r"cantidad (?:de )?(?:hechos|delitos|incidentes)",
    ),
}


def words(header: str) -> str:
    """Return the header as lower-case words without accents.

    Examples
    --------
    >>> words("CMPLNT_FR_DT"), words("Tipo de Delito")
    ('cmplnt fr dt', 'tipo de delito')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", spaced)
        if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


def recognise(headers: list[str]) -> dict[str, str]:
    """Return role to header for the headers that are recognised; each header has one role.

    Examples
    --------
    >>> recognise(["id-mapa", "fecha", "franja", "tipo", "latitud", "longitud"])["hour_band"]
    'franja'
    """
    found: dict[str, str] = {}
    for role, patterns in PATTERNS.items():
        free = [header for header in headers if header not in found.values()]
        for pattern in patterns:
            known = [header for header in free if re.fullmatch(pattern, words(header))]
            if known:
                found[role] = known[0]
                break
    return found
