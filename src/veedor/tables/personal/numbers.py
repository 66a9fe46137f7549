"""Numbers that say who somebody is: of identity, tax and accounts, with their check digits."""

from __future__ import annotations

import re

import stdnum.ar.cbu
import stdnum.ar.cuit
import stdnum.ar.dni
import stdnum.br.cnpj
import stdnum.br.cpf
import stdnum.cl.rut
import stdnum.do.cedula
import stdnum.ec.ci
import stdnum.es.dni
import stdnum.es.nie
import stdnum.iban
import stdnum.luhn
import stdnum.mx.rfc
import stdnum.us.ssn

from veedor.errors import phrase
from veedor.tables.personal.kinds import NUMBER_WORD, Kind, bare, has_six_digits


def _not_round(text: str) -> bool:
    """Whether a dotted number can be a DNI: round ones are sums of money."""
    return not text.endswith(".000") and stdnum.ar.dni.is_valid(text)


def _uruguayan(text: str) -> bool:
    """Whether the last digit of a Uruguayan cedula checks the seven before it."""
    digits = [int(one) for one in bare(text)]
    weighed = sum(
        weight * one for weight, one in zip((2, 9, 8, 7, 6, 3, 4), digits[:7], strict=True)
    )
    return -weighed % 10 == digits[7]


def _clabe(text: str) -> bool:
    """Whether the last digit of a Mexican CLABE checks the seventeen before it."""
    digits = [int(one) for one in bare(text)]
    weighed = sum(
        weight * one % 10 for weight, one in zip((3, 7, 1) * 6, digits[:17], strict=False)
    )
    return -weighed % 10 == digits[17]


def _card(text: str) -> bool:
    letters = bare(text)
    return len(set(letters)) > 1 and bool(stdnum.luhn.is_valid(letters))


def _spanish(text: str) -> bool:
    letters = bare(text).upper()
    known = stdnum.es.nie if letters[0] in "XYZ" else stdnum.es.dni
    return bool(known.is_valid(letters))


NUMBERS: tuple[Kind, ...] = (
    Kind(
        phrase("identity numbers"),
        re.compile(
            r"\b(?:d\.?\s?n\.?\s?i|c\.\s?i|documentos?(?: (?:nacional )?de identidad)?|docto|"
            r"cedulas?(?: de (?:identidad|ciudadania))?|rut|rg|c\.?p\.?f|cnpj|nif|nie|pasaporte|"
            r"passports?|passaporte|licencia(?: de conducir)?|driver'?s? licen[cs]e|ssn|"
            r"social security|curp|rfc|cui[tl]|cbu|clabe|iban|nino|"
            r"national insurance|identity card|identidad)(?![A-Za-z])"
            rf"\.?{NUMBER_WORD}[A-Za-z]{{0,4}}\d[\d\s./-]{{4,28}}[\dA-Za-z]",
            re.IGNORECASE,
        ),
        has_six_digits,
        sure=True,
    ),
    Kind(
        phrase("identity numbers"),
        re.compile(
            r"(?<![A-Za-z])(?:dni|cpf|rut|cuit|cuil|ssn|nif|nie|curp)\d{6,11}(?!\d)", re.IGNORECASE
        ),
        sure=True,
    ),
    Kind(
        phrase("dotted DNI numbers"),
        re.compile(r"(?<![\w.$-])(?<!\$ )\d{1,2}\.\d{3}\.\d{3}(?![\w.,-])"),
        _not_round,
        sure=True,
    ),
    Kind(
        phrase("CUIT or CUIL numbers"),
        re.compile(r"(?<![\w-])\d{2}[-. ]\d{8}[-. ]\d(?![\w-])"),
        stdnum.ar.cuit.is_valid,
    ),
    Kind(
        phrase("bare CUIT or CUIL numbers"),
        re.compile(r"\d{11}"),
        stdnum.ar.cuit.is_valid,
        chance=1 / 11,
        whole=True,
    ),
    Kind(
        phrase("CPF numbers"),
        re.compile(r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"),
        stdnum.br.cpf.is_valid,
        sure=True,
    ),
    Kind(
        phrase("bare CPF numbers"),
        re.compile(r"(?<![\w.-])(?:\d{11}|\d{9}-\d{2}|\d{3} \d{3} \d{3} \d{2})(?![\w-])"),
        stdnum.br.cpf.is_valid,
        chance=1 / 100,
    ),
    Kind(
        phrase("CNPJ numbers"),
        re.compile(r"(?<![\w.-])\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}(?![\w-])"),
        stdnum.br.cnpj.is_valid,
        sure=True,
    ),
    Kind(
        phrase("bare CNPJ numbers"),
        re.compile(r"\d{14}|\d{8}/?\d{4}-\d{2}"),
        stdnum.br.cnpj.is_valid,
        chance=1 / 100,
        whole=True,
    ),
    Kind(
        phrase("CURP keys"),
        re.compile(
            r"(?<!\w)[A-Z][AEIOUX][A-Z]{2}\d{2}[01]\d[0-3]\d[HMX][A-Z]{5}[A-Z0-9]\d(?!\w)",
            re.IGNORECASE,
        ),
        sure=True,
    ),
    Kind(
        phrase("RFC keys"),
        re.compile(r"(?<![\w-])[A-Z&]{4}-?\d{2}[01]\d[0-3]\d-?[A-Z0-9]{3}(?![\w-])", re.IGNORECASE),
        lambda text: stdnum.mx.rfc.is_valid(text, validate_check_digits=True),
    ),
    Kind(
        phrase("RUT numbers"),
        re.compile(r"(?<![\w.-])\d{1,2}\.\d{3}\.\d{3}-[\dK](?!\w)", re.IGNORECASE),
        stdnum.cl.rut.is_valid,
        sure=True,
    ),
    Kind(
        phrase("RUT numbers without dots"),
        re.compile(r"(?<![\w.-])\d{7,8}-[\dK](?![\w-])", re.IGNORECASE),
        stdnum.cl.rut.is_valid,
        chance=1 / 11,
    ),
    Kind(
        phrase("cedula numbers"),
        re.compile(r"(?<![\w.-])\d\.\d{3}\.\d{3}-\d(?!\w)"),
        _uruguayan,
        sure=True,
    ),
    Kind(
        phrase("cedula numbers without dots"),
        re.compile(r"(?<![\w.-])\d{7}-\d(?![\w-])"),
        _uruguayan,
        chance=1 / 10,
    ),
    Kind(
        phrase("cedula numbers of ten digits"),
        re.compile(r"\d{10}|\d{9}-\d"),
        stdnum.ec.ci.is_valid,
        chance=1 / 10,
        whole=True,
    ),
    Kind(
        phrase("cedula numbers of eleven digits"),
        re.compile(r"\d{3}-\d{7}-\d"),
        stdnum.do.cedula.is_valid,
        chance=1 / 10,
        whole=True,
    ),
    Kind(
        phrase("NIF or NIE numbers"),
        re.compile(r"(?<![\w-])(?:\d{8}|[XYZ]-?\d{7})[- ]?[A-Z](?![\w-])", re.IGNORECASE),
        _spanish,
        chance=1 / 23,
    ),
    Kind(
        phrase("national insurance numbers"),
        re.compile(
            r"(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
            r"(?: \d{2} \d{2} \d{2} |\d{6} ?)[A-D](?![\w-])",
            re.IGNORECASE,
        ),
    ),
    Kind(
        phrase("social security numbers"),
        re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"),
        lambda text: stdnum.us.ssn.is_valid(text.replace(" ", "-")),
    ),
    Kind(
        phrase("IBAN account numbers"),
        re.compile(
            r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.IGNORECASE
        ),
        lambda text: stdnum.iban.is_valid(text, check_country=False),
        sure=True,
    ),
    Kind(
        phrase("CBU account numbers"),
        re.compile(r"(?<![\w-])\d{8}[- ]?\d{14}(?![\w-])"),
        stdnum.ar.cbu.is_valid,
        sure=True,
    ),
    Kind(
        phrase("CLABE account numbers"),
        re.compile(r"\d{18}|\d{3} \d{3} \d{11} \d"),
        _clabe,
        chance=1 / 10,
        whole=True,
    ),
    Kind(
        phrase("payment cards"),
        re.compile(
            r"(?<![\w-])(?:(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6(?:011|5\d{2}))(?:[ -]\d{4}){3}"
            r"|3[47]\d{2}[ -]\d{6}[ -]\d{5})(?![\w-])"
        ),
        _card,
        sure=True,
    ),
    Kind(
        phrase("bare payment cards"),
        re.compile(
            r"(?<![\w-])(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|"
            r"3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d{2})\d{12})(?![\w-])"
        ),
        _card,
        chance=1 / 10,
    ),
)
