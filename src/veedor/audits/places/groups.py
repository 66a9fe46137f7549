"""`Group`: who is compared with whom, and in which columns of the zones they are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from veedor.errors import StudyError, phrase
from veedor.tables.names import first_alike

_SHAPE = re.compile(r"\s*([^=/:]+)=([^=/:]+)/([^=/:]+):([^=/:]+)\s*")


@dataclass(frozen=True)
class Group:
    """People or households, a column that counts them, and the column they are a part of.

    Parameters
    ----------
    name : str
    column : str or None
        Of the zones: members. None for the rest, everyone of `of` who is not in `rest_of`.
    of : str
        Column of the zones: all who could be members (residents, households).
    reference : str
        Name of the group that this one is compared with.
    rest_of : str
        Column whose members are left out to count this group; empty unless `column` is None.
    apart : bool
        Whether nobody is counted in two of the groups that are: they part who lives there.
    """

    name: str
    column: str | None
    of: str
    reference: str
    rest_of: str = ""
    apart: bool = False


def make_groups(
    columns: Sequence[str], population: str, reference: str, others: Sequence[str] = ()
) -> tuple[Group, ...]:
    """Groups of residents, and others with a denominator of their own.

    Parameters
    ----------
    columns : sequence of str
        Columns of residents by group.
    population : str
        Column of all residents.
    reference : str
        One of `columns`.
    others : sequence of str
        ``NAME=members/all:reference``; a reference that is no other group is the rest of `all`.

    Raises
    ------
    StudyError
        If a name is given twice, a definition cannot be read, or the reference is no group.

    Examples
    --------
    >>> others = ["poor=lt45k/households:rich"]
    >>> made = make_groups(["white", "black"], "population", "white", others)
    >>> [(group.name, group.of, group.reference) for group in made][2:]
    [('poor', 'households', 'rich'), ('rich', 'households', 'rich')]
    """
    if reference not in columns:
        raise StudyError(
            "The reference must be one of the groups.",
            found=repr(reference),
            where=phrase("groups {columns}", columns=", ".join(columns)),
            remedy="name one of them with --reference",
        )
    made = [Group(name, name, population, reference, apart=True) for name in columns]
    rests: list[Group] = []
    for text in others:
        parts = _SHAPE.fullmatch(text)
        if parts is None:
            raise StudyError(
                "A group with a denominator of its own must read NAME=members/all:reference.",
                found=repr(text),
                remedy="write it as hh_lt45k=households_lt45k/households:hh_ge45k",
            )
        name, members, of, against = (part.strip() for part in parts.groups())
        if name == against:
            raise StudyError("A group must have another one as its reference.", found=repr(text))
        made.append(Group(name, members, of, against))
        rests.append(Group(against, None, of, against, rest_of=members))
    known = {group.name for group in made}
    made += [rest for rest in dict.fromkeys(rests) if rest.name not in known]
    names = [group.name for group in made]
    alike = first_alike(names)
    if len(set(names)) < len(names) or "all" in names or alike:
        raise StudyError(
            "Every group must have a name of its own, other than all, and by more than case and "
            "blanks.",
            found=", ".join(repr(name) for name in alike) if alike else ", ".join(names),
            remedy="rename one",
        )
    return tuple(made)
