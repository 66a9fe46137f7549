"""Labels of groups: what a page calls them, in place of the codes that files count them by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from veedor.audits.audit import WHOLE
from veedor.errors import DataError, phrase
from veedor.tables.escape import shown
from veedor.tables.rows import read_table

_Result = TypeVar("_Result")

#: Of results and of the arguments of their codes: what names a group, or whom it is a part of.
_NAMING = frozenset({"group", "groups", "name", "of", "reference", "reference_of"})
#: What joins the values of a group that is of several columns.
_JOINED = " & "
_LONGEST = 60


class GroupLabels(msgspec.Struct, frozen=True):
    """What to call groups.

    Parameters
    ----------
    file : str
        Where they were read.
    by_language : dict of str to dict of str to str
        Language, empty for all -> code -> label.
    """

    file: str
    by_language: dict[str, dict[str, str]]

    def in_language(self, language: str) -> dict[str, str]:
        """Return code -> label of a language; of all languages where it has none of its own.

        Examples
        --------
        >>> made = GroupLabels("labels.csv", {"": {"a": "A", "b": "B"}, "es": {"a": "Los A"}})
        >>> made.in_language("es"), made.in_language("en")
        ({'a': 'Los A', 'b': 'B'}, {'a': 'A', 'b': 'B'})
        """
        return self.by_language.get("", {}) | self.by_language.get(language, {})


def read_labels(path: Path) -> GroupLabels:
    """Read ``code, label[, language]``, a row a label.

    Parameters
    ----------
    path : Path
        A table, read and screened as any. A label without a language is for all that have none of
        their own. A code that no group has is left: one file may serve several audits.

    Raises
    ------
    DataError
        If a code or label is empty or too long, a code has two labels in one language, or two codes
        have the same: two groups would look like one.
    """
    rows = read_table(path, ("code", "label"))
    codes, labels = rows.text("code").tolist(), rows.text("label").tolist()
    languages = rows.text("language").tolist() if "language" in rows else [""] * len(rows)
    made: dict[str, dict[str, str]] = {}
    for place, (code, label, language) in enumerate(zip(codes, labels, languages, strict=True)):
        where = phrase("{name}, row {row}", name=rows.name, row=place + 1)
        if not code or not label or code.casefold() == WHOLE or len(label) > _LONGEST:
            raise DataError(
                phrase(
                    "A row of labels must have a code other than all, and a label of at most "
                    "{most} letters.",
                    most=_LONGEST,
                ),
                found=phrase(
                    "{code} and {label}", code=repr(shown(code)), label=repr(shown(label))
                ),
                where=where,
            )
        held = made.setdefault(language.casefold(), {})
        if held.get(code, label) != label:
            raise DataError(
                "A code must have one label in each language.",
                found=phrase(
                    "{code} as {first} and as {label}",
                    code=shown(code), first=repr(shown(held[code])), label=repr(shown(label)),
                ),
                where=where,
            )  # fmt: skip
        held[code] = label
    found = GroupLabels(rows.name, made)
    for language in made:
        _require_different(found.in_language(language), rows.name)
    return found


def _require_different(labels: Mapping[str, str], where: str) -> None:
    first: dict[str, str] = {}
    for code, label in labels.items():
        other = first.setdefault(label.casefold(), code)
        if other != code:
            raise DataError(
                "Two groups must not have the same label.",
                found=phrase(
                    "{label} for {other} and for {code}",
                    label=repr(shown(label)), other=shown(other), code=shown(code),
                ),
                where=where,
                remedy="tell them apart in their labels",
            )  # fmt: skip


def relabelled(result: _Result, labels: Mapping[str, str]) -> _Result:
    """Return a result whose groups have their labels, for a page; what is written keeps the codes.

    Only what names a group is changed: never a place, a statistic or a file that is called alike.
    Of a group of several columns, ``a & b``, each part has its label.

    Examples
    --------
    >>> from veedor.audits.audit import Subject
    >>> relabelled(Subject("poor & b", "box"), {"poor": "under 45,000", "box": "?"})
    Subject(group='under 45,000 & b', assignment='box', subset='all', threshold=None)
    """
    if not labels:
        return result
    made: _Result = _walked(result, labels, naming=False)
    return made


def _walked(value: Any, labels: Mapping[str, str], *, naming: bool) -> Any:
    if isinstance(value, str):
        return _called(value, labels) if naming else value
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{
            name: _walked(getattr(value, name), labels, naming=name in _NAMING)
            for name in value.__struct_fields__
        })  # fmt: skip
    if isinstance(value, tuple):
        return tuple(_walked(one, labels, naming=naming) for one in value)
    if isinstance(value, dict):
        return {
            _called(key, labels) if naming else key: _walked(one, labels, naming=key in _NAMING)
            for key, one in value.items()
        }
    return value


def _called(code: str, labels: Mapping[str, str]) -> str:
    if code in labels:
        return labels[code]
    return _JOINED.join(labels.get(part, part) for part in code.split(_JOINED))
