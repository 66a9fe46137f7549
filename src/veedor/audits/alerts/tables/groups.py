"""The groups of a table: which columns make them, and names that can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from veedor.errors import DataError, StudyError, phrase
from veedor.tables.escape import shown
from veedor.tables.kinds import Column
from veedor.tables.names import first_alike, folded
from veedor.tables.source import Source
from veedor.tables.written import quoted

NOT_RECORDED = "not recorded"


def group_headers(source: Source, asked: Sequence[str]) -> list[str]:
    """Return the headers of the columns that make the groups.

    Parameters
    ----------
    source : Source
    asked : sequence of str
        As the user named them: a header, or one without its ``group_``, or several with commas
        between them.

    Raises
    ------
    StudyError
        If there is no such column.
    """
    found: list[str] = []
    for name in asked:
        whole = source.find(name, f"group_{name}")
        for part in [whole] if whole else [p.strip() for p in name.split(",")]:
            header = source.find(part, f"group_{part}")
            only = [h for h in source.table.columns if h.casefold().startswith("group")]
            if header is None and part.casefold() in ("group", "race") and len(only) == 1:
                header = only[0]
            if header is None:
                held = ", ".join(shown(h, 30) for h in list(source.table.columns)[:30])
                raise StudyError(
                    "A group must be a column of the table.",
                    found=phrase(
                        "no column {part} among {held}", part=repr(shown(part)), held=held
                    ),
                    where=source.table.name,
                    remedy="name a column with --group",
                )
            found.append(header)
    return list(dict.fromkeys(found))


def group_label(source: Source, headers: Sequence[str]) -> Column:
    """Read a group's name; of several columns their values joined by ``&``."""
    return Column(" || ' & ' || ".join(_parts(source, headers)) if headers else quoted("ALL"))


def check_groups(source: Source, groups: Sequence[str], headers: Sequence[str]) -> None:
    """Refuse names of groups that cannot be told apart, from each other or from everyone.

    Raises
    ------
    DataError
    """
    if any(folded(name) == "all" for name in groups):
        raise DataError(
            "No group may be named ALL: that is everyone.",
            found=phrase("a group of this name"),
            where=source.table.name,
            remedy="take the rows of totals out, or name the group otherwise",
        )
    distinct_names(groups, f"{source.table.name}, {', '.join(map(shown, headers))}")
    if len(headers) < 2:
        return
    label, parts = group_label(source, headers).sql, ", ".join(_parts(source, headers))
    twice = source.database.rows(
        f"SELECT label FROM (SELECT DISTINCT {label} AS label, [{parts}] AS parts "
        f"FROM {source.table.relation}) GROUP BY label HAVING count(*) > 1 ORDER BY label LIMIT 1"
    )
    source.database.malformed()
    if twice:
        raise DataError(
            "Groups of several columns must be told apart by their joined names.",
            found=phrase(
                "{twice}, which two different pairs of values make",
                twice=repr(shown(twice[0][0], 60)),
            ),
            where=source.table.name,
            remedy="write the values without ' & '",
        )


def distinct_names(names: Iterable[str], where: str) -> None:
    """Refuse names of groups that differ only by case, width or blanks: two halves of one.

    Raises
    ------
    DataError
    """
    alike = first_alike(names)
    if alike:
        raise DataError(
            "Names of groups must differ by more than case and blanks.",
            found=", ".join(repr(shown(name, 30)) for name in alike),
            where=where,
            remedy="write the group in one way, or name the two otherwise",
        )


def _parts(source: Source, headers: Sequence[str]) -> list[str]:
    return [f"coalesce({source.text(h).sql}, {quoted(NOT_RECORDED)})" for h in headers]
