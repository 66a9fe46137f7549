"""What a report of patterns names: findings that hold for the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

import msgspec
import numpy as np
from msgspec import structs

from veedor.patterns.changes import Changes, ShiftedSeries, Watched
from veedor.statistics import false_discovery_q, family_wise_p, smallest_q

if TYPE_CHECKING:
    from veedor.patterns.description import CategoryPatterns

#: How often a report of a record without any pattern names anything at all.
FAMILY_RATE = 0.05
#: Code of a kind of pattern, and the p-value of there being none.
Question: TypeAlias = tuple[str, float | None]


class Asked(msgspec.Struct, frozen=True):
    """One question that was asked of the record.

    Parameters
    ----------
    kind : str
        Code of the pattern.
    category : str or None
        None: of all together.
    p_value, adjusted_p_value : float
    named : bool
    """

    kind: str
    category: str | None
    p_value: float
    adjusted_p_value: float
    named: bool


class Findings(msgspec.Struct, frozen=True):
    """All questions that have an answer, and which of them name something."""

    tests: int
    each: tuple[Asked, ...]
    family_rate: float = FAMILY_RATE


def findings(
    categories: Sequence[CategoryPatterns], changes: Changes | None, watch: Watched | None
) -> Findings:
    """Adjust one p-value of each kind of pattern and category for looking at all of them.

    Where a kind looks at many cells, bands, hours or areas its p-value is the smallest q-value over
    these (Simes): that there is nothing anywhere. Over all kinds and categories Holm's adjustment
    holds whatever they share. A section names what it names at its own 5%; what is named here is
    named in at most 5% of reports of a record without any pattern.
    """
    asked = [(kind, of, p) for kind, of, p in _asked(categories, changes, watch) if p is not None]
    adjusted = family_wise_p([p for _, _, p in asked])
    return Findings(
        len(asked),
        tuple(
            Asked(kind, category, p, float(after), bool(after <= FAMILY_RATE))
            for (kind, category, p), after in zip(asked, adjusted, strict=True)
        ),
    )


@runtime_checkable
class Tested(Protocol):
    """A pattern that makes tests: they belong to the family, and are in it by this alone."""

    def p_values(self) -> Sequence[Question]:
        """Kind of each question that was asked, and its p-value; None where it has no answer."""


def _asked(
    categories: Sequence[CategoryPatterns], changes: Changes | None, watch: Watched | None
) -> Iterator[tuple[str, str | None, float | None]]:
    for one in categories:
        for pattern in structs.astuple(one):
            # Of parts of the record the first is the whole.
            tested = pattern[0] if isinstance(pattern, tuple) else pattern
            if isinstance(tested, Tested):
                yield from ((kind, one.name, p_value) for kind, p_value in tested.p_values())
        if changes is not None:
            yield "level_shift", one.name, _simes(changes.categories, one.name)
            yield "level_shift_of_an_area", one.name, _simes(changes.areas, one.name)
    if changes is not None:
        yield "level_shift_of_the_recording", None, _simes(changes.recording)
    if watch is not None:
        yield "alarms_of_the_watch", None, watch.p_value


def _simes(tests: Sequence[ShiftedSeries], category: str | None = None) -> float | None:
    """P-value of there being nothing in any of these, of one category or of all."""
    mine = [one for one in tests if category in (None, one.category)]
    return smallest_q(
        false_discovery_q([np.nan if one.p_value is None else one.p_value for one in mine])
    )
