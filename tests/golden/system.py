"""A made-up system, as an auditor's record has it: some told, some refused, most not answered."""

from __future__ import annotations

from pathlib import Path

ABOUT = """\
[about]
system = "alertas de patentes"
body = "Ministerio de Seguridad de la Provincia"
version = "{version}"
date = {date}
language = "es"
"""
FIRST = """\
[fields.description]
state = "given"
value = "Compara las patentes que leen 40 cámaras con una lista y avisa a una sala de monitoreo."
source = "Nota NO-2026-117-SSI, punto 1"
date = 2026-09-14

[fields.purposes]
state = "given"
value = "Búsqueda de vehículos con pedido de secuestro."
source = "Nota NO-2026-117-SSI, punto 2"
date = 2026-09-14

[fields.status]
state = "given"
value = "in use"
source = "Nota NO-2026-117-SSI, punto 1"
date = 2026-09-14

[fields.in_use_since]
state = "given"
value = "2024-03"
source = "Nota NO-2026-117-SSI, punto 1"
date = 2026-09-14

[fields.legal_basis]
state = "given"
value = "Resolución ministerial 412/2024, artículo 3."
source = "Nota NO-2026-117-SSI, punto 3"
date = 2026-09-14

[fields.published_provision]
state = "refused"
value = "La resolución tiene carácter reservado."
source = "Nota NO-2026-117-SSI, punto 4"
date = 2026-09-14

[fields.who_may_access]
state = "refused"
value = "Seguridad pública."
source = "Nota NO-2026-117-SSI, punto 5"
date = 2026-09-14

[fields.sensitive_data]
state = "not applicable"
value = "El sistema trata patentes, sin otros datos."
source = "Nota NO-2026-117-SSI, punto 6"
date = 2026-09-14

[fields.contact]
state = "given"
value = "Mesa de entradas, Av. Mitre 1500; transparencia@seguridad.example.org"
source = "Página del ministerio"
date = 2026-08-02

[fields.recipients]
state = "not answered"
source = "Pedido de acceso a la información EX-2026-9931, punto 7"
date = 2026-08-20
"""
SECOND = """\
[fields.retention]
state = "given"
value = "Noventa días."
source = "Nota NO-2026-163-SSI"
date = 2026-11-05
"""


def write(path: Path, *, audits: str = "") -> Path:
    """Write the first version of the record, which may name audits."""
    return _written(path, ABOUT.format(version=1, date="2026-09-30"), audits, FIRST)


def write_later(path: Path) -> Path:
    """Write the second version: retention is told, the purposes no longer, the status changed."""
    kept = [part for part in FIRST.split("\n[fields.") if not part.startswith("purposes]")]
    text = "\n[fields.".join(kept).replace('"in use"', '"out of use"')
    return _written(path, ABOUT.format(version=2, date="2026-11-30"), "", text, SECOND)


def _written(path: Path, *parts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")
    return path
