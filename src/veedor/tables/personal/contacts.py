"""Where and how somebody is reached: mail, accounts, telephones, addresses, plates, birth."""

from __future__ import annotations

import re

from veedor.errors import phrase
from veedor.tables.personal.kinds import NUMBER_WORD, Kind, bare, has_six_digits


def _mixes(text: str) -> bool:
    """Whether what follows the word for a plate is one: letters and digits, five to eight."""
    plate = (
        bare(re.split(r"[\s:.#-]+", text, maxsplit=1)[1]) if re.search(r"[\s:.#-]", text) else ""
    )
    plate = re.sub(r"^(?:nro|num|numero|number|no|n)(?=[^a-z]|$)", "", plate, flags=re.I)
    digits = sum(letter.isdigit() for letter in plate)
    return 5 <= len(plate) <= 8 and 2 <= digits <= len(plate) - 2


WRITTEN: tuple[Kind, ...] = (
    Kind(
        phrase("e-mail addresses"),
        re.compile(
            r"(?<=[\w.%+-])(?:@|\s?[(\[]\s?(?:at|arroba)\s?[)\]]\s?| arroba )"
            r"[A-Za-z0-9-]{1,63}(?:(?:\.| dot | punto )[A-Za-z0-9-]{1,63}){0,5}"
            r"(?:\.| dot | punto )[A-Za-z]{2,24}(?![A-Za-z])",
            re.IGNORECASE,
        ),
        sure=True,
    ),
    Kind(
        phrase("names of accounts"),
        re.compile(
            r"(?<![\w@.])@(?!(?:home|work|school|store|park|house|casa|night|bar|bank|shop|mall)\b)"
            r"[A-Za-z_][\w.]{2,29}",
            re.IGNORECASE,
        ),
        sure=True,
    ),
)

_STREET = (
    r"(?:calle|av|avda|avenida|pasaje|pje|bv|bvar|boulevard|bulevar|blvd|diagonal|rua|alameda|"
    r"travessa|estrada|carrera|jiron|camino|callejon|calz|calzada|cerrada|paseo)"
)
_NOT_A_STREET = (
    r"(?!(?:articulos?|art|ley|decreto|inciso|inc|km|codigo|ordenanza|resolucion|law|section|sec|"
    r"act|code|entre|cuadras?|metros)\b)"
)
_ENGLISH_STREET = r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|lane|ln|terrace|pkwy|parkway)"
_LOOSE_STREET = r"(?:dr|drive|ct|court|pl|place|way|close|crescent|square|sq|cir|circle)"
_FUNCTION_WORD = (
    r"(?!(?:in|a|an|of|the|or|to|from|with|and|at|on|under|over|by|no|not|de|more|less|degree|"
    r"than|for|per|x+|st|street|ave|avenue|block)\b)"
)
_UNIT = (
    r"(?<!ward )(?<!district )(?<!precinct )(?<!zone )(?<!beat )(?<!sector )(?<!area )(?<!route )"
    r"(?<!line )(?<!station )(?<!division )(?<!unit )(?<!tract )(?<!region )"
)

CONTACTS: tuple[Kind, ...] = (
    Kind(
        phrase("telephone numbers"),
        re.compile(r"(?<![\w.])\+\d{1,3}[\s.-]?\(?\d(?:[\s().-]{0,3}\d){6,12}(?!\w)"),
        sure=True,
    ),
    Kind(
        phrase("telephone numbers"),
        re.compile(
            r"\b(?:tel(?:e?fono|efone|ephone)?|cel(?:ular)?|movil|phone|mobile|whats ?app|wsp|fone)"
            r"s?"
            rf"\b\.?{NUMBER_WORD}\+?\(?\d[\d\s().-]{{5,18}}\d(?!\w)",
            re.IGNORECASE,
        ),
        has_six_digits,
        sure=True,
    ),
    Kind(
        phrase("local telephone numbers"),
        re.compile(
            r"(?<![\w-])(?:(?:\([2-9]\d{2}\)\s?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}"
            r"|(?:\(0\d{2,4}\)\s?|0\d{2,4}[- ]|11[- ]|15[- ])(?:15[- ]?)?\d{3,4}[- ]\d{4}"
            r"|\(\d{2}\)\s?9?\d{4}[- ]\d{4}"
            r"|07\d{3} ?\d{3} ?\d{3}|0\d{2} \d{4} \d{4}|9 \d{4} \d{4}"
            r"|[67]\d{2} \d{3} \d{3}|55[ -]\d{4}[ -]\d{4})(?![\w-])"
        ),
    ),
    Kind(
        phrase("plates"),
        re.compile(
            r"\b(?:patentes?|dominio|placas?|chapa|matriculas?|plates?|registration)\b"
            rf"{NUMBER_WORD}[A-Z0-9]{{1,4}}[ -]?[A-Z0-9]{{1,4}}(?:[ -]?[A-Z0-9]{{1,3}})?(?!\w)",
            re.IGNORECASE,
        ),
        _mixes,
        sure=True,
    ),
    Kind(
        phrase("plates"),
        re.compile(
            r"(?<![\w-])(?<=[ ,;:(])(?:[A-Z]{2} ?\d{3} ?[A-Z]{2}|[A-Z]{3}\d[A-Z]\d{2}|"
            r"[A-Z]{2}\d{2} ?[A-Z]{3}|\d{4} [BCDFGHJ-NPR-TV-Z]{3})(?![\w-])"
        ),
    ),
    Kind(
        phrase("addresses with a number"),
        re.compile(
            rf"\b{_STREET}\b\.? {{1,2}}{_NOT_A_STREET}(?:\d{{1,2}} de )?"
            rf"(?:{_NOT_A_STREET}[A-Za-z][\w.'-]{{0,30}} {{1,2}}){{1,5}}"
            r"(?:,? {0,2}(?:n(?:ro|um|umero|o)?[.°º]{0,2}|#|al|altura) {0,2})?"
            r"\d{2,5}(?![\w.,/]|-\d)",
            re.IGNORECASE,
        ),
        sure=True,
    ),
    Kind(
        phrase("addresses with a number"),
        re.compile(
            r"\b(?:calle|carrera|cra|cll|kr|cl|diagonal|transversal|avenida|av)\.? {0,2}"
            r"\d{1,3} ?[a-z]?"
            r" {0,2}(?:#|no\.?|n[°º]) {0,2}\d{1,3}[a-z]? ?- ?\d{1,3}(?!\w)",
            re.IGNORECASE,
        ),
        sure=True,
    ),
    Kind(
        phrase("addresses with a number"),
        re.compile(
            rf"(?<![\w$.,/#-]){_UNIT}\d{{1,5}}[A-WYZa-wyz]? (?:[NSEW]\.? )?"
            rf"(?:(?:{_FUNCTION_WORD}[A-Za-z][\w.'-]{{0,30}}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}"
            rf"{_ENGLISH_STREET}\b",
            re.IGNORECASE,
        ),
        sure=True,
    ),
    Kind(
        phrase("addresses with a number"),
        re.compile(
            r"\d{1,5}[A-WYZa-wyz]? (?:[NSEW]\.? )?"
            rf"(?:(?:{_FUNCTION_WORD}[A-Za-z][\w.'-]{{0,30}}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}"
            rf"{_LOOSE_STREET}\.?(?:,? .{{0,60}})?",
            re.IGNORECASE,
        ),
        whole=True,
        sure=True,
    ),
    Kind(
        phrase("dates of birth"),
        re.compile(
            r"\b(?:d\.?o\.?b|born|nacid[oa]s?|nacimiento|nascimento|nascid[oa])\b"
            r"(?: (?:el|on|em))?"
            r"[\s.:]{0,3}\d{1,4}[-/. ]\d{1,2}[-/. ]\d{2,4}",
            re.IGNORECASE,
        ),
        sure=True,
    ),
)

_PLATES = re.compile(
    r"[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}"  # Argentina, Mercosur
    r"|[A-Z]{3}[ -]?\d{3,4}"  # Argentina and Colombia before it; Brazil, Uruguay, Mexico
    r"|[A-Z]{3}[ -]?\d[A-Z]\d{2}"  # Brazil, Mercosur
    r"|[A-Z]{2}\d{2} ?[A-Z]{3}"  # United Kingdom
    r"|\d{4}[ -]?[BCDFGHJ-NPR-TV-Z]{3}|[A-Z]{1,2}-\d{4}-[A-Z]{1,2}"  # Spain
    r"|[A-Z]{3}-\d{2}-\d{2}|[A-Z]{3}-\d{3}-[A-Z]|\d{3}-[A-Z]{3}|[A-Z]\d{2}-[A-Z]{3}"  # Mexico
    r"|[B-DF-HJ-LPR-TV-Z]{4}[ -]?\d{2}"  # Chile
    r"|\d[A-Z]{3}\d{3}",  # California
    re.IGNORECASE,
)


def plate_letters(text: str) -> str | None:
    """Return the letters of a value that is written as a plate, None for any other.

    Examples
    --------
    >>> plate_letters("ab 123 cd"), plate_letters("robo")
    ('ABCD', None)
    """
    bare = text.strip()
    if len(bare) > 12 or _PLATES.fullmatch(bare) is None:
        return None
    return re.sub(r"[\d\s-]", "", bare).upper()
