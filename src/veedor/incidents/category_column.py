"""`find_category`: the column that says what kind of incident each row is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from veedor.incidents.proposal import MOST_VALUES
from veedor.tables.names import words

#: Beginnings of words for offences: English, Spanish, Portuguese, French.
_OFFENCES = re.compile(
    r"\b(burgl|robb|theft|thief|larcen|steal|stolen|assault|batter|homicid|murder|manslaughter|"
    r"arson|vandal|damage|mischief|fraud|forger|stalk|kidnap|weapon|shoplift|shoot|narcot|drug|"
    r"vehicle|trespass|rape|sexual|harass|threat|break|robo|hurto|roubo|furto|lesion|homicidio|"
    r"delito|amenaza|estafa|dano|violaci|abuso|secuestro|extors|asalto|vol\b|vols\b|introduction|"
    r"mefait|meurtre|agress|incendi|infraction|cambriol|latrocin|feminic|femicid|siniestro|"
    r"asesinat|sicariat|usurpaci|receptaci|apropiaci)"
)
#: Words of headers, and how much they speak for a column.
_HEADER = {
    **dict.fromkeys(
        ["category", "categoria", "categorie", "offense", "offence", "delito", "ofns", "tipo"],
        3,
    ),
    **dict.fromkeys(["crime", "type", "clase", "natureza", "rubrica"], 2),
    **dict.fromkeys(
        [
            "primary",
            "group",
            "general",
            "text",
            "desc",
            "description",
            "descripcion",
            "mci",
            "incident",
            "hecho",
            "ucr",
            "nibrs",
            "charge",
            "parent",
        ],
        1,
    ),
}
_NOT_HEADER = frozenset(
    [
        "code",
        "codigo",
        "id",
        "number",
        "num",
        "nro",
        "location",
        "premises",
        "premise",
        "weapon",
        "arma",
        "armas",
        "against",
        "status",
        "resolution",
        "disposition",
        "district",
        "street",
        "address",
        "method",
        "shift",
        "day",
        "month",
        "neighborhood",
        "barrio",
        "municipio",
        "departamento",
        "lugar",
        "local",
        "place",
        "lieu",
        "sitio",
        "ambito",
        "version",
    ]
)
_TEXT = re.compile(r".*[^\W\d_]{3}.*", re.DOTALL)


def find_category(samples: Mapping[str, list[str]], named: str | None) -> str | None:
    """Find the column of categories among columns without another role.

    A column is one if its values are words, repeat, and are no more than a study can name; of
    these the best is the one whose values read like offences and whose header says so; of equals,
    the one with fewer values.

    Parameters
    ----------
    samples : mapping
        Header to the first values.
    named : str, optional
        The column whose header is one used for categories.

    Examples
    --------
    >>> columns = {"code": ["301", "301", "619"], "what": ["Robo", "Robo", "Hurto"]}
    >>> find_category(columns, None)
    'what'
    """
    best: tuple[float, int] | None = None
    found = None
    for header, held in samples.items():
        kinds = set(held)
        few = 0 < len(kinds) <= min(MOST_VALUES, max(5, len(held) // 3))
        if not few or sum(_TEXT.fullmatch(kind) is not None for kind in kinds) < len(kinds) / 2:
            continue
        offences = sum(_OFFENCES.search(words(text)) is not None for text in held) / len(held)
        said = words(header).split()
        header_score = sum(_HEADER.get(word, 0) for word in said)
        header_score -= 3 * len(_NOT_HEADER & set(said))
        if header != named and offences < 0.5 and header_score < 3:
            continue
        score = (10 * offences + min(header_score, 4) + 3 * (header == named), -len(kinds))
        if best is None or score > best:
            best, found = score, header
    return found
