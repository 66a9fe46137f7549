"""What a result says besides its numbers: codes with arguments, of which words are made later.

A result never holds a sentence. It holds the code of one and what belongs in it, so that no
code branches on words and a reader is told in the language asked for. The words of every code
stand in `veedor.report.words`.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Argument: TypeAlias = str | int | float | None


class Coded(msgspec.Struct, frozen=True):
    """A code and its arguments.

    Parameters
    ----------
    code : str
        snake_case; each has words in `veedor.report.words`.
    arguments : dict of str to str, int, float or None
        What the words name: counts, levels, names of groups. Numbers as numbers; a name of
        anyone's is text that pages escape.

    Examples
    --------
    >>> Denominator("cells_by_periods", {"cells": 400, "periods": 52}).arguments["cells"]
    400
    """

    code: str
    arguments: dict[str, Argument] = {}

    def __hash__(self) -> int:
        """Equal codes with equal arguments hash alike."""
        return hash((type(self), self.code, tuple(sorted(self.arguments.items()))))


class Denominator(Coded, frozen=True):
    """What was counted below the line of an estimate."""


class Method(Coded, frozen=True):
    """How an interval was made, or why there is none."""


class Hypothesis(Coded, frozen=True):
    """What was tested and how: its words are a test's name, and its null hypothesis."""


class Finding(Coded, frozen=True):
    """Something that a result shows, warns of, or does not show."""
