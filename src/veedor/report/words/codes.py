"""Where the words of each code are found: one table a kind, gathered from the topics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias

from veedor.statistics.codes import Coded, Denominator, Finding, Hypothesis, Method

#: A template; two for one and for several, by the argument ``n``, or else the first of the
#: template; of a test, its name and its null hypothesis.
Template: TypeAlias = str | tuple[str, str]

_KINDS: dict[type[Coded], str] = {
    Denominator: "DENOMINATORS",
    Method: "METHODS",
    Finding: "FINDINGS",
    Hypothesis: "TESTS",
}


def template_of(coded: Coded) -> Template:
    """Return the template of a code.

    Raises
    ------
    KeyError
        If no topic has words for it: a fault of veedor, which a test looks for.
    """
    return templates()[type(coded)][coded.code]


@lru_cache
def templates() -> Mapping[type[Coded], Mapping[str, Template]]:
    """All templates by kind and code, of every module here that has a table of the kind.

    Raises
    ------
    ValueError
        If two topics give one code different words.
    """
    package = "veedor.report.words"
    found: dict[type[Coded], dict[str, Template]] = {kind: {} for kind in _KINDS}
    for module in iter_modules(import_module(package).__path__):
        topic = import_module(f"{package}.{module.name}")
        for kind, table in _KINDS.items():
            for code, template in getattr(topic, table, {}).items():
                if found[kind].setdefault(code, template) != template:
                    raise ValueError(f"two words for the {kind.__name__} {code!r}")
    return found
