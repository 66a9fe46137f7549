"""What Mexico's two instruments have in common: comparable series over 1 January 2026."""

from __future__ import annotations

from datetime import date

from veedor.areas.breaks import Crossing, SeriesBreak
from veedor.areas.names import Offence
from veedor.areas.states import Unit
from veedor.errors import phrase

#: First day under the new instrument (RNID); before it, CNSP/38/15.
FIRST_DAY = date(2026, 1, 1)
_LIFE = "otros-delitos-que-atentan-contra-la-vida-y-la-integridad-corporal"
_PROPERTY = "otros-delitos-contra-el-patrimonio"
_LIBERTY = "otros-delitos-que-atentan-contra-la-libertad-personal"
_SEXUAL = "otros-delitos-que-atentan-contra-la-libertad-y-la-seguridad-sexual"
_GENDER = "violencia-de-genero-en-todas-sus-modalidades-distinta-a-la-violencia-familiar"
_SOCIETY = "otros-delitos-contra-la-sociedad"
_COMMON = "otros-delitos-del-fuero-comun"
_SERVANTS = "delitos-cometidos-por-servidores-publicos"
_MACHINES = "cables-tubos-y-otros-objetos-destinados-a-servicios-publicos"

#: By the publisher's note on comparing: code -> name, parts before, parts from the day on.
_BY_NOTE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "homicidio": (
        "Homicidio",
        ("homicidio",),
        ("homicidio/homicidio-doloso", "homicidio/homicidio-culposo"),
    ),
    "homicidio-doloso": (
        "Homicidio doloso",
        ("homicidio/homicidio-doloso",),
        ("homicidio/homicidio-doloso",),
    ),
    "feminicidio": (
        "Feminicidio",
        ("feminicidio/feminicidio",),
        ("feminicidio/feminicidio",),
    ),
    "otros-contra-la-vida": (
        "Otros delitos contra la vida y la integridad corporal, y tentativas",
        (_LIFE,),
        (_LIFE, "homicidio/tentativa-de-homicidio-doloso", "feminicidio/tentativa-de-feminicidio"),
    ),
    "extorsion": (
        "Extorsión",
        ("extorsion",),
        ("extorsion/extorsion-presencial", "extorsion/extorsion-por-otros-medios"),
    ),
    "otros-contra-el-patrimonio": (
        "Otros delitos contra el patrimonio, y tentativas de extorsión",
        (_PROPERTY,),
        (
            _PROPERTY,
            "extorsion/tentativa-de-extorsion-presencial",
            "extorsion/tentativa-de-extorsion-por-otros-medios",
        ),
    ),
    "trata-y-pornografia-infantil": (
        "Trata de personas y pornografía infantil",
        ("trata-de-personas",),
        ("trata-de-personas", "pornografia-infantil"),
    ),
    "otros-contra-la-libertad": (
        "Otros delitos contra la libertad personal, retención y privación ilegal",
        (_LIBERTY,),
        (
            _LIBERTY,
            "retencion-o-sustraccion-de-menores-e-incapaces",
            "privacion-ilegal-de-la-libertad",
        ),
    ),
    "otros-sexuales-y-violencia-de-genero": (
        "Otros delitos sexuales, violencia de género no familiar e intimidad sexual",
        (_SEXUAL, _GENDER),
        (_SEXUAL, _GENDER, "violacion-a-la-intimidad-sexual"),
    ),
    "otros-contra-la-sociedad": (
        "Otros delitos contra la sociedad y discriminación",
        (_SOCIETY,),
        (_SOCIETY, "discriminacion"),
    ),
    "otros-del-fuero-comun": (
        "Otros delitos del fuero común y suplantación de identidad",
        (_COMMON,),
        (_COMMON, "suplantacion-y-usurpacion-de-identidad"),
    ),
    "servidores-publicos-y-justicia": (
        "Por servidores públicos, contra la administración de justicia y tortura",
        (_SERVANTS,),
        (_SERVANTS, "delitos-contra-la-administracion-de-justicia", "tortura"),
    ),
    "narcomenudeo": ("Narcomenudeo", ("narcomenudeo",), ("narcomenudeo",)),
}
#: Under another type or another subtype, and otherwise called the same.
_MOVED: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "violacion": (
        "Violación simple y equiparada",
        ("violacion-simple", "violacion-equiparada"),
        ("violacion",),
    ),
    "violacion-simple": (
        "Violación simple",
        ("violacion-simple",),
        ("violacion/violacion-simple",),
    ),
    "violacion-equiparada": (
        "Violación equiparada",
        ("violacion-equiparada",),
        ("violacion/violacion-equiparada",),
    ),
    "robo-de-vehiculo-automotor": (
        "Robo de vehículo automotor",
        ("robo/robo-de-vehiculo-automotor",),
        (
            "robo/robo-de-vehiculo-automotor-coche-de-4-ruedas",
            "robo/robo-de-vehiculo-automotor-motocicleta",
            "robo/robo-de-vehiculo-automotor-embarcaciones",
        ),
    ),
    "robo-de-maquinaria": (
        "Robo de maquinaria",
        ("robo/robo-de-maquinaria",),
        (
            "robo/robo-de-maquinaria-herramienta-industrial-o-agricola",
            "robo/robo-de-maquinaria-tractores-y-o-montacargas",
            f"robo/robo-de-maquinaria-{_MACHINES}",
        ),
    ),
}
#: Called the same on both sides, with parts that are called the same.
_UNCHANGED = {
    "homicidio/homicidio-culposo": "Homicidio culposo",
    "lesiones": "Lesiones",
    "lesiones/lesiones-dolosas": "Lesiones dolosas",
    "lesiones/lesiones-culposas": "Lesiones culposas",
    "aborto": "Aborto",
    "trafico-de-menores": "Tráfico de menores",
    "rapto": "Rapto",
    "abuso-sexual": "Abuso sexual",
    "acoso-sexual": "Acoso sexual",
    "hostigamiento-sexual": "Hostigamiento sexual",
    "incesto": "Incesto",
    "robo": "Robo",
    "robo/robo-a-casa-habitacion": "Robo a casa habitación",
    "robo/robo-de-autopartes": "Robo de autopartes",
    "robo/robo-a-transportista": "Robo a transportista",
    "robo/robo-a-transeunte-en-via-publica": "Robo a transeúnte en vía pública",
    "robo/robo-a-transeunte-en-espacio-abierto-al-publico": (
        "Robo a transeúnte en espacio abierto al público"
    ),
    "robo/robo-en-transporte-publico-individual": "Robo en transporte público individual",
    "robo/robo-en-transporte-publico-colectivo": "Robo en transporte público colectivo",
    "robo/robo-en-transporte-individual": "Robo en transporte individual",
    "robo/robo-a-institucion-bancaria": "Robo a institución bancaria",
    "robo/robo-a-negocio": "Robo a negocio",
    "robo/robo-de-ganado": "Robo de ganado",
    "robo/otros-robos": "Otros robos",
    "fraude": "Fraude",
    "abuso-de-confianza": "Abuso de confianza",
    "dano-a-la-propiedad": "Daño a la propiedad",
    "despojo": "Despojo",
    "violencia-familiar": "Violencia familiar",
    "incumplimiento-de-obligaciones-de-asistencia-familiar": (
        "Incumplimiento de obligaciones de asistencia familiar"
    ),
    "otros-delitos-contra-la-familia": "Otros delitos contra la familia",
    "corrupcion-de-menores": "Corrupción de menores",
    "amenazas": "Amenazas",
    "allanamiento-de-morada": "Allanamiento de morada",
    "evasion-de-presos": "Evasión de presos",
    "falsedad": "Falsedad",
    "falsificacion": "Falsificación",
    "contra-el-medio-ambiente": "Contra el medio ambiente",
    "electorales": "Electorales",
}
#: Codes of comparable series begin with it.
COMPARABLE = "comparable/"
_DISCOVERED = ("narcomenudeo", "evasion-de-presos")


def _offence(code: str, name: str) -> Offence:
    known_by = "discovered" if code in _DISCOVERED else "reported"
    return Offence(COMPARABLE + code, name, Unit.OFFENCES, known_by)


BREAK = SeriesBreak(
    FIRST_DAY,
    phrase(
        "Another instrument (RNID in place of CNSP/38/15): attempts apart, other subtypes and "
        "modalities, and what was one type in several"
    ),
    "Secretariado Ejecutivo del Sistema Nacional de Seguridad Pública",
    crossings=(
        *(
            Crossing(_offence(code, name), before, after)
            for code, (name, before, after) in (_BY_NOTE | _MOVED).items()
        ),
        *(
            Crossing(_offence(code.rpartition("/")[2], name), (code,), (code,))
            for code, name in _UNCHANGED.items()
        ),
    ),
)
