"""How an office is reached: what would be personal data of a person, and is none of an office."""

from __future__ import annotations

import re

from veedor.tables.personal.kinds import Kind

_MAIL = re.compile(r"([A-Za-z0-9._%+-]{1,64})\s?(?:@|[(\[]\s?(?:at|arroba)\s?[)\]])", re.IGNORECASE)
#: A word of a mailbox's name that begins so makes it an office's; another may be anyone's.
_OFFICES = (
    "acceso", "access", "algorit", "archivo", "atencion", "ayuda", "ciudadan", "consulta",
    "contact", "datos", "data", "defensor", "denuncia", "direccion", "dpo", "foi", "fisca",
    "gestion", "habeas", "help", "hello", "info", "juzgado", "legal", "mail", "mesa", "ministerio",
    "office", "oficina", "ombuds", "partes", "press", "prensa", "privacidad", "privacy", "queja",
    "reclamo", "registro", "request", "responsable", "secretaria", "seguridad", "sistemas",
    "soporte", "support", "team", "transparen", "unidad", "webmaster",
)  # fmt: skip
_OPEN = frozenset(("telephone numbers", "local telephone numbers", "addresses with a number"))


def reaches_an_office(kind: Kind, text: str) -> bool:
    """Whether what a kind found in a text says where an office is, and none of it where a person.

    Parameters
    ----------
    kind : Kind
        Found in it.
    text : str
        That is to say how an office is reached.

    Examples
    --------
    >>> from veedor.tables.personal.contacts import WRITTEN
    >>> mail = WRITTEN[0]
    >>> texts = ("transparencia@example.org", "ana.gomez@example.org", "info@x.org, ana@x.org")
    >>> [reaches_an_office(mail, text) for text in texts]
    [True, False, False]
    """
    if kind.name in _OPEN:
        return True
    names = [one.lower() for one in _MAIL.findall(text)]
    return (
        kind.name == "e-mail addresses"
        and bool(names)
        and all(
            any(word.startswith(_OFFICES) for word in re.split(r"[^a-z]+", name)) for name in names
        )
    )
