"""Sentences and what a task found as JSON, to be said later in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from veedor.errors import Phrase, VeedorError
from veedor.report.cover import Cover
from veedor.report.document import Section
from veedor.report.words import Words
from veedor.report.words.terminal import cover_told
from veedor.tasks import Done

#: Rows and points that a page shows of one part; the report holds all.
_MOST = 200


def packed(text: str) -> Any:
    """Make JSON of a text; of a `Phrase`, of what it was made from.

    >>> from veedor.errors import phrase
    >>> packed(phrase("{n} rows", n=3)), packed("a.csv")
    ({'say': '{n} rows', 'of': {'n': 3}}, 'a.csv')
    """
    if not isinstance(text, Phrase):
        return text
    given = {
        name: packed(value) if isinstance(value, str) else value
        for name, value in text.arguments.items()
    }
    return {"say": text.template, "of": given}


def unpacked(made: Any) -> Any:
    """Make again what `packed` made JSON of.

    >>> unpacked({"say": "{n} rows", "of": {"n": 3}})
    '3 rows'
    """
    if isinstance(made, Mapping):
        return Phrase(made["say"], {name: unpacked(value) for name, value in made["of"].items()})
    return made


def packed_error(error: VeedorError) -> dict[str, Any]:
    """Make JSON of an error: its class, and its parts."""
    parts = {name: packed(getattr(error, name)) for name in ("must", "found", "where", "remedy")}
    return {"class": type(error).__name__} | parts


def unpacked_error(made: Mapping[str, Any]) -> VeedorError:
    """Make again an error of the class that it was."""
    from veedor import errors

    kind = getattr(errors, made["class"], VeedorError)
    parts = {name: unpacked(made[name]) for name in ("found", "where", "remedy")}
    error: VeedorError = kind(unpacked(made["must"]), **parts)
    return error


def packed_done(done: Done, words: Words) -> dict[str, Any]:
    """Make JSON of what a task has to say: the finding of its page, or what a terminal shows."""
    cover = done.document.cover
    told = cover_told(words, cover) if isinstance(cover, Cover) else done.document.headline
    return {
        "told": packed_sections(told),
        "holds": done.holds,
        "hindrances": [packed_error(one) for one in done.hindrances],
    }


def packed_sections(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Make JSON of parts of a page: what the template of results draws."""
    return [_section(one) for one in sections]


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": str(section.title),
        "sentences": [str(one) for one in section.sentences[:_MOST]],
        "points": [str(one) for one in section.points[:_MOST]],
        "tables": [
            {"caption": one.caption, "head": one.head, "rows": one.rows[:_MOST]}
            for one in section.tables
        ],
    }
