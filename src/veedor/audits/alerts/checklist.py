"""What tables cannot show: questions an auditor can fill in, printed unanswered where nothing is.

They follow what the courts of Buenos Aires looked into in the case on the city's fugitive face
recognition system (O.D.I.A. and others against GCBA, file 182908/2020-0; first-instance judgment of
7 September 2022): who was entered in the watchlist and from which register, entries outside it,
deletions, whether its effects were studied beforehand, and whether the oversight bodies worked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from veedor.errors import StudyError, phrase
from veedor.files.replacing import content
from veedor.files.toml_text import read_toml
from veedor.tables.escape import shown


class Answer(msgspec.Struct, frozen=True):
    """What was answered to a question; empty where nothing was."""

    key: str
    answer: str


#: Keys of the questions, in order.
QUESTIONS = (
    "legal_basis",
    "watchlist_sources",
    "watchlist_outside_source",
    "watchlist_errors",
    "minors_and_vulnerable",
    "deletions",
    "manual_deletions",
    "access_log",
    "prior_impact_study",
    "oversight_reports",
    "human_check",
    "harm_and_remedy",
    "participation",
    "independent_test",
)


def read_checklist(path: Path | None) -> tuple[Answer, ...]:
    """Return every question with its answer, empty where there is none.

    Parameters
    ----------
    path : Path or None
        A TOML file of ``key = "answer"`` lines.

    Raises
    ------
    StudyError
        If it cannot be read, or answers what was not asked.

    Examples
    --------
    >>> read_checklist(None)[0].answer
    ''
    """
    answers: Mapping[str, object] = {}
    if path is not None:
        try:
            answers = read_toml(content(path, 1 << 20, phrase("A checklist")).decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
            raise StudyError(
                "The checklist must be a TOML file of answers.",
                found=shown(str(error)),
                where=shown(path.name),
                remedy='write lines such as legal_basis = "Law 6339, article 1"',
            ) from error
    strange = [
        key for key, value in answers.items() if key not in QUESTIONS or not isinstance(value, str)
    ]
    if strange:
        raise StudyError(
            "The checklist must answer its own questions, in text.",
            found=", ".join(shown(key) for key in strange[:5]),
            where=shown(path.name) if path else "",
            remedy=phrase("use the keys {questions}", questions=", ".join(sorted(QUESTIONS))),
        )
    return tuple(Answer(key, str(answers.get(key, "")).strip()) for key in QUESTIONS)
