"""What the personal-data screen notices, by kind and spelling, and what it stops in vain.

Run with ``python -m benchmarks.personal_screen``. Data of each kind are made up, with their check
digits, and one at a time is put among a hundred ordinary category values; columns hold twenty bare
numbers. The vocabularies are those of the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import stdnum.ar.cbu
import stdnum.ar.cuit
import stdnum.br.cpf
import stdnum.cl.rut
import stdnum.ec.ci
import stdnum.es.dni
import stdnum.iban
import stdnum.luhn

from veedor.errors import PersonalDataRefusal
from veedor.tables.personal import Screen
from veedor.tables.personal.word_lists import GIVEN_NAMES, SURNAMES

TRIALS = 200
VOCABULARIES = Path(__file__).parents[1] / "tests" / "unit" / "tables" / "vocabularies"
Maker = Callable[[np.random.Generator], str]

_UNLISTED = ["Yhoselin", "Wilmar", "Nahiara", "Kwame", "Xochitl", "Thabo", "Ivonka", "Duvan"]
_UNLISTED_SURNAMES = [
    "Chumacero",
    "Okafor",
    "Tzoc",
    "Bracamonte",
    "Nkosi",
    "Ayala-Pons",
    "Yupanqui",
]


def main() -> None:
    """Print both tables."""
    rng = np.random.default_rng(11)
    print("| kind | written as | noticed |\n|---|---|---|")
    for kind, maker in _ALONE:
        found = sum(_stops([*_ordinary(rng), maker(rng)]) for _ in range(TRIALS))
        print(f"| {kind} | `{_shape(maker(rng))}` | {found / TRIALS:.0%} |")
    print("\n| column of 20 | written as | noticed |\n|---|---|---|")
    for kind, maker in _COLUMNS:
        found = sum(_stops([maker(rng) for _ in range(20)]) for _ in range(TRIALS))
        print(f"| {kind} | `{_shape(maker(rng))}` | {found / TRIALS:.0%} |")
    for name, places in (("categories", False), ("places", True)):
        lines = [
            line.split(": ", 1)[1].split("|")
            for line in (VOCABULARIES / f"{name}.txt").read_text().splitlines()
            if line and not line.startswith("#")
        ]
        wrong = sum(
            _stops([form(value)], places=places)
            for values in lines
            for value in values
            for form in (str, str.upper, str.lower)
        )
        number = sum(map(len, lines))
        print(
            f"\nStopped in vain: {wrong} of {number:,} names of {name} in {len(lines)} vocabularies"
        )


def _stops(values: list[str], *, places: bool = False) -> bool:
    screen = Screen("category", "c", distinct=True, places=places)
    screen.look(pa.array(values, pa.string()))
    try:
        screen.refuse()
    except PersonalDataRefusal:
        return True
    return False


def _ordinary(rng: np.random.Generator) -> list[str]:
    return [f"{('Robo', 'Hurto', 'THEFT', 'Assault')[k % 4]} {k:03d}" for k in rng.permutation(100)]


def _shape(value: str) -> str:
    return "".join("9" if x.isdigit() else x for x in value)


def _digits(rng: np.random.Generator, n: int) -> str:
    return str(rng.integers(1, 10)) + "".join(map(str, rng.integers(0, 10, n - 1)))


def _letters(rng: np.random.Generator, n: int, of: str = "BCDFGHJKLMNPRSTVWXYZ") -> str:
    return "".join(rng.choice(list(of), n))


def _dni(rng: np.random.Generator) -> str:
    return str(rng.integers(5_000_000, 60_000_000))


def _dotted(number: str) -> str:
    return f"{int(number):,}".replace(",", ".")


def _cpf(rng: np.random.Generator) -> str:
    head = _digits(rng, 9)
    return head + stdnum.br.cpf._calc_check_digits(head)


def _cuit(rng: np.random.Generator) -> str:
    while True:
        head = rng.choice(["20", "27", "23"]) + _dni(rng).rjust(8, "0")
        digit = stdnum.ar.cuit.calc_check_digit(head)
        if digit.isdigit():
            return str(head + digit)


def _rut(rng: np.random.Generator) -> str:
    number = str(rng.integers(5_000_000, 25_000_000))
    return number + "-" + stdnum.cl.rut.calc_check_digit(number)


def _ci_uy(rng: np.random.Generator) -> str:
    head = _digits(rng, 7)
    weights = (2, 9, 8, 7, 6, 3, 4)
    return head + str(-sum(w * int(x) for w, x in zip(weights, head, strict=True)) % 10)


def _ci_ec(rng: np.random.Generator) -> str:
    head = "170" + _digits(rng, 6)
    return next(head + last for last in "0123456789" if stdnum.ec.ci.is_valid(head + last))


def _nif(rng: np.random.Generator) -> str:
    number = _dni(rng).rjust(8, "0")
    return number + stdnum.es.dni.calc_check_digit(number)


def _curp(rng: np.random.Generator) -> str:
    day = f"{rng.integers(50, 99):02d}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
    head = _letters(rng, 1) + _letters(rng, 1, "AEIOU") + _letters(rng, 2)
    return (
        head + day + str(rng.choice(["H", "M"])) + "DF" + _letters(rng, 3) + "0" + _digits(rng, 1)
    )


def _iban(rng: np.random.Generator) -> str:
    body = "GB00" + _letters(rng, 4) + _digits(rng, 14)
    return "GB" + stdnum.iban.calc_check_digits(body) + body[4:]


def _cbu(rng: np.random.Generator) -> str:
    one, two = _digits(rng, 7), _digits(rng, 13)
    check = stdnum.ar.cbu.calc_check_digit
    return one + check(one) + two + check(two)


def _card(rng: np.random.Generator) -> str:
    head = "4" + _digits(rng, 14)
    return head + stdnum.luhn.calc_check_digit(head)


def _grouped(number: str) -> str:
    return " ".join(number[k : k + 4] for k in range(0, len(number), 4))


def _person(rng: np.random.Generator) -> str:
    return f"{rng.choice(sorted(GIVEN_NAMES))} {rng.choice(sorted(SURNAMES))}"


def _unlisted(rng: np.random.Generator) -> str:
    return f"{rng.choice(_UNLISTED)} {rng.choice(_UNLISTED_SURNAMES)}"


def _street(rng: np.random.Generator) -> str:
    return str(rng.choice(["Corrientes", "San Martín", "Belgrano", "25 de Mayo", "las Heras"]))


_ALONE: tuple[tuple[str, Maker], ...] = (
    ("DNI", lambda g: f"documento {_dni(g)}"),
    ("DNI", lambda g: f"DNI: {_dotted(_dni(g))}"),
    ("DNI", lambda g: "robo, d.n.i. nro " + _dotted(_dni(g)).replace(".", " ")),
    ("DNI", lambda g: _dotted(_dni(g))),
    ("DNI, bare, no word", _dni),
    ("CUIT", lambda g: (n := _cuit(g))[:2] + "-" + n[2:10] + "-" + n[10]),
    ("CPF", lambda g: (n := _cpf(g))[:3] + "." + n[3:6] + "." + n[6:9] + "-" + n[9:]),
    ("CPF", lambda g: "cpf " + _cpf(g)),
    ("CURP", _curp),
    ("RUT", lambda g: _dotted((n := _rut(g))[:-2]) + n[-2:]),
    ("RUT", lambda g: "rut " + _rut(g)),
    ("cédula (UY)", lambda g: (n := _ci_uy(g))[0] + "." + n[1:4] + "." + n[4:7] + "-" + n[7]),
    ("cédula (CO)", lambda g: "cédula de ciudadanía " + _digits(g, 10)),
    ("NIF", lambda g: "NIF " + _nif(g)),
    ("NINO", lambda g: f"AB {g.integers(10, 99)} {g.integers(10, 99)} {g.integers(10, 99)} C"),
    ("SSN", lambda g: f"{g.integers(100, 665)}-{g.integers(10, 99)}-{g.integers(1000, 9999)}"),
    ("passport", lambda g: "passport " + _digits(g, 9)),
    ("IBAN", _iban),
    ("IBAN", lambda g: _grouped(_iban(g))),
    ("CBU", _cbu),
    ("card", lambda g: _grouped(_card(g))),
    ("e-mail", lambda g: f"{_letters(g, 6).lower()}@example.org"),
    ("e-mail", lambda g: f"{_letters(g, 6).lower()} (at) example.org"),
    ("account", lambda g: f"visto en @{_letters(g, 7).lower()}"),
    ("telephone", lambda g: f"+54 9 11 {g.integers(2000, 6999)}-{g.integers(1000, 9999)}"),
    ("telephone", lambda g: f"tel {g.integers(20_000_000, 69_999_999)}"),
    ("plate", lambda g: f"patente {_letters(g, 2)}{g.integers(100, 999)}{_letters(g, 2)}"),
    ("plate", lambda g: f"auto {_letters(g, 2)} {g.integers(100, 999)} {_letters(g, 2)}"),
    ("plate", lambda g: f"placa {_letters(g, 3)}-{g.integers(1000, 9999)}"),
    ("plate, old, no word", lambda g: f"auto {_letters(g, 3)} {g.integers(100, 999)}"),
    ("address", lambda g: f"robo en calle {_street(g)} {g.integers(100, 5999)}"),
    ("address", lambda g: f"Av. {_street(g)} {g.integers(100, 5999)}"),
    ("address", lambda g: f"{g.integers(100, 5999)} {_letters(g, 5).title()} Street"),
    ("address, no word", lambda g: f"robo en {_street(g)} {g.integers(100, 5999)}"),
    ("name, listed", lambda g: "víctima " + _person(g).title()),
    ("name, listed", lambda g: "victima " + _person(g)),
    ("name, listed", lambda g: "IMPUTADO: " + _person(g).upper()),
    ("name, listed", lambda g: f"robo a {_person(g)} en la esquina"),
    ("name, not listed", lambda g: "víctima " + _unlisted(g)),
    ("name, not listed", lambda g: "victima " + _unlisted(g).lower()),
    ("name, not listed", lambda g: f"robo a {_unlisted(g)} en la esquina"),
    ("birth", lambda g: f"nacido el {g.integers(1, 28):02d}/{g.integers(1, 12):02d}/1980"),
)

_COLUMNS: tuple[tuple[str, Maker], ...] = (
    ("CUIT", _cuit),
    ("CPF", _cpf),
    ("RUT", _rut),
    ("NIF", _nif),
    ("card", _card),
    ("cédula (EC)", _ci_ec),
    ("plates AR", lambda g: f"{_letters(g, 2)}{g.integers(100, 999)}{_letters(g, 2)}"),
    (
        "plates BR",
        lambda g: f"{_letters(g, 3)}{g.integers(1, 9)}{_letters(g, 1)}{g.integers(10, 99)}",
    ),
    ("plates UK", lambda g: f"{_letters(g, 2)}{g.integers(10, 99)} {_letters(g, 3)}"),
    ("plates ES", lambda g: f"{g.integers(1000, 9999)} {_letters(g, 3, 'BCDFGHJKLMNPRSTVWXYZ')}"),
    ("plates MX", lambda g: f"{_letters(g, 3)}-{g.integers(10, 99)}-{g.integers(10, 99)}"),
    ("names, listed", lambda g: _person(g).title()),
    ("names, listed", _person),
    ("names, not listed", _unlisted),
    ("DNI, bare", _dni),
)


if __name__ == "__main__":
    main()
