"""`register_entry`: a record as an entry of the Netherlands' register of algorithms, 1.0."""

from __future__ import annotations

from veedor.disclosure.record.core import SystemRecord
from veedor.disclosure.record.frameworks import answers_to, framework
from veedor.errors import DataError, listed, phrase

_DUTCH = "nl"


def register_entry(record: SystemRecord) -> dict[str, str]:
    """Return an entry that the register's standard accepts: what was given, and nothing else.

    What the register asks for and a record has no field for is left out; nothing is cut.

    Raises
    ------
    DataError
        If the record is not in Dutch, lacks what the register requires, or has a value that is
        too long for it: each is named.
    """
    if record.about.language != _DUTCH:
        raise DataError(
            "An entry of the Netherlands' register must be in Dutch.",
            found=phrase("a record in {language}", language=record.about.language),
            remedy='translate the record, and write language = "nl" under about',
        )
    made, wrong = {}, []
    for one in framework("nl-register").entries:
        given = [answer.value for _, answer in answers_to(record, one) if answer.state == "given"]
        value = "\n\n".join(one.terms.get(text, text) for text in given)
        if not value and one.required:
            wrong.append(phrase("{name} is not given", name=one.name))
        elif one.longest is not None and len(value) > one.longest:
            wrong.append(
                phrase(
                    "{name} has {found:,} characters of at most {most:,}",
                    name=one.name, found=len(value), most=one.longest,
                )
            )  # fmt: skip
        elif value:
            made[one.name] = value
    if wrong:
        raise DataError(
            "An entry of the Netherlands' register must have all that it requires.",
            found=listed(wrong, "; "),
            remedy="write what is lacking into the record, or ask for it",
        )
    return made | {"lang": "nld", "standard_version": "1.0"}
