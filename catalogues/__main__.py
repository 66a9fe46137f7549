"""`python -m catalogues`: bring catalogues up to date, add translations, list what lacks one.

::

    python -m catalogues                       bring all up to date
    python -m catalogues lacking es [FILE]     write what has no translation, as JSON
    python -m catalogues merge es FILE ...     add the translations of JSON files

A JSON file holds ``{"message": "translation"}``, and ``{"one": ["one", "several"]}`` for a message
that counts: its form for one is the key.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from babel.messages import Catalog

from catalogues.extraction import messages
from catalogues.keeping import faults_of, lacking, path_of, read, updated, written
from veedor.languages import ENGLISH, languages

_USAGE = __doc__ or ""


def main(arguments: list[str]) -> str:
    """Do what is asked; return what there is to complain of."""
    match arguments:
        case []:
            for language, locale in languages().items():
                if language != ENGLISH:
                    _write(locale, updated(messages(), read(locale)))
        case ["lacking", language] | ["lacking", language, _] if language in languages():
            catalogue = updated(messages(), read(languages()[language]))
            empty = {
                one if isinstance(one, str) else one[0]: "" if isinstance(one, str) else [*one]
                for one in lacking(catalogue)
            }
            text = json.dumps(empty, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            if len(arguments) > 2:
                Path(arguments[2]).write_text(text, encoding="utf-8")
            else:
                sys.stdout.write(text)
        case ["merge", language, *files] if files and language in languages():
            return "\n".join(_merge(languages()[language], [Path(file) for file in files]))
        case _:
            return _USAGE
    return ""


def _merge(locale: str, files: list[Path]) -> list[str]:
    """Add translations; those that do not fit are left out, and told."""
    catalogue, wrong = updated(messages(), read(locale)), []
    for file in files:
        for key, given in json.loads(file.read_text(encoding="utf-8")).items():
            message = catalogue.get(key)
            if message is None:
                wrong.append(f"{file.name}: {key!r}: there is no such message")
                continue
            translation = given if isinstance(given, str) else tuple(given)
            if not translation:
                continue
            found = list(faults_of(message.id, translation, catalogue.num_plurals))
            wrong += [f"{file.name}: {key!r}: {fault}" for fault in found]
            if not found:
                message.string = translation
    _write(locale, catalogue)
    return wrong


def _write(locale: str, catalogue: Catalog) -> None:
    path_of(locale).write_text(written(catalogue), encoding="utf-8", newline="\n")
    sys.stdout.write(
        f"{locale}: {len(lacking(catalogue))} of {len(catalogue)} lack a translation\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
