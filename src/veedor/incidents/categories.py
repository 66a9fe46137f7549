"""What the categories of a study must be, and how a raw value is compared with theirs."""

from __future__ import annotations

from veedor.errors import StudyError, phrase
from veedor.incidents.model import KNOWN_BY, Category


def check_categories(categories: tuple[Category, ...], column: str | None) -> None:
    """Refuse categories that are not each its own, or of which the column does not tell.

    Raises
    ------
    StudyError
    """
    if not categories:
        _wrong(
            phrase("A study must have a category."),
            phrase("none"),
            phrase("add a category with its known_by"),
        )
    names = [category.name for category in categories]
    if len(set(names)) != len(names):
        _wrong(
            phrase("Names of categories must be unique."),
            ", ".join(names),
            phrase("rename one of them"),
        )
    if len(categories) > 32_000:
        _wrong(
            phrase("A study must have at most 32000 categories."),
            str(len(categories)),
            phrase("gather values"),
        )
    owners: dict[str, str] = {}
    for category in categories:
        if category.known_by not in KNOWN_BY:
            _wrong(
                phrase(
                    "Category {name} must be declared reported or discovered.",
                    name=repr(category.name),
                ),
                repr(category.known_by),
                phrase("set known_by to one of the two"),
            )
        for value in category.values or (category.name,):
            owner = owners.setdefault(plain(value), category.name)
            if owner != category.name:
                _wrong(
                    phrase("A raw value must belong to one category."),
                    phrase(
                        "{value} in {owner} and {name}",
                        value=repr(value),
                        owner=repr(owner),
                        name=repr(category.name),
                    ),
                    phrase("take it out of one of them"),
                )
    if column is None and len(categories) != 1:
        _wrong(
            phrase("A study of several categories must say which column holds the category."),
            phrase("{categories} categories and no column", categories=len(categories)),
            phrase("set columns.category"),
        )


def plain(value: str) -> str:
    """Return a raw category value as it is compared: without case and outer or repeated blanks.

    Examples
    --------
    >>> plain("  Robo  con ARMA ")
    'robo con arma'
    """
    return " ".join(value.split()).casefold()


def _wrong(must: str, found: str, remedy: str) -> None:
    raise StudyError(must, found=found, remedy=remedy)
