"""What tables cannot show: questions an auditor can fill in, printed unanswered where nothing is.

They follow what the courts of Buenos Aires looked into in the case on the city's fugitive face
recognition system (O.D.I.A. and others against GCBA, file 182908/2020-0; first-instance judgment of
7 September 2022): who was entered in the watchlist and from which register, entries outside it,
deletions, whether its effects were studied beforehand, and whether the oversight bodies worked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from veedor.errors import StudyError
from veedor.files.replacing import content
from veedor.tables.escape import shown

NOT_PROVIDED = "not provided"


@dataclass(frozen=True)
class Question:
    """One line of the checklist.

    Parameters
    ----------
    key : str
        Its name in the file of answers.
    text : str
    why : str
    """

    key: str
    text: str
    why: str


QUESTIONS = (
    Question(
        "legal_basis",
        "Which law or rule allows the system, for what purpose, and against whom?",
        "Use beyond it cannot be made right by good error rates.",
    ),
    Question(
        "watchlist_sources",
        "From which registers is the watchlist made, by whom, and how often is it renewed?",
        "A right match to a wrong or stale entry hits an innocent person all the same.",
    ),
    Question(
        "watchlist_outside_source",
        "How many people were ever entered, searched or requested who are not in the legal source?",
        "In Buenos Aires biometric data were requested of far more people than were sought.",
    ),
    Question(
        "watchlist_errors",
        "How many entries were found wrong, stale or about the wrong person, and what was done?",
        "Errors of the list are not errors of matching, and no error rate here shows them.",
    ),
    Question(
        "minors_and_vulnerable",
        "Are minors or other specially protected people on the watchlist, and on what grounds?",
        "Their entries need grounds of their own.",
    ),
    Question(
        "deletions",
        "When are images, templates and alerts deleted, who checks it, and are the logs whole?",
        "What was deleted or never logged cannot be audited, nor can what was kept too long.",
    ),
    Question(
        "manual_deletions",
        "Were records or logs deleted by hand, by whom, and is there a trace of each?",
        "A gap in the record may be where the harm was.",
    ),
    Question(
        "access_log",
        "Who could search or enter people, with personal accounts, and is every use logged?",
        "Shared accounts make misuse untraceable.",
    ),
    Question(
        "prior_impact_study",
        "Was the impact on rights, and on groups, studied before the system was switched on?",
        "A study after the fact cannot have shaped the decision.",
    ),
    Question(
        "oversight_reports",
        "Which body oversees it, was it ever convened, and are its reports public?",
        "Oversight on paper is none.",
    ),
    Question(
        "human_check",
        "Who checks an alert before anybody acts on it, how long do they take, what do they see?",
        "A check that always confirms is not a check.",
    ),
    Question(
        "harm_and_remedy",
        "What happened to those wrongly flagged, were they told why, and how can they complain?",
        "Behind a false alert there may be a person.",
    ),
    Question(
        "participation",
        "Was the public heard before, and are purchase, contract and tests public?",
        "Claims that cannot be read cannot be tested.",
    ),
    Question(
        "independent_test",
        "Has anyone but the vendor and the user tested accuracy, here, by group, and when?",
        "Accuracy elsewhere is not accuracy here.",
    ),
)


def read_checklist(path: Path | None) -> list[dict[str, str]]:
    """Return every question with its answer, ``not provided`` where there is none.

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
    >>> read_checklist(None)[0]["answer"]
    'not provided'
    """
    answers: Mapping[str, object] = {}
    if path is not None:
        try:
            answers = tomllib.loads(content(path, 1 << 20, "A checklist").decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
            raise StudyError(
                "The checklist must be a TOML file of answers.",
                found=shown(str(error)),
                where=shown(path.name),
                remedy='write lines such as legal_basis = "Law 6339, article 1"',
            ) from error
    known = {question.key for question in QUESTIONS}
    strange = [
        key for key, value in answers.items() if key not in known or not isinstance(value, str)
    ]
    if strange:
        raise StudyError(
            "The checklist must answer its own questions, in text.",
            found=", ".join(shown(key) for key in strange[:5]),
            where=shown(path.name) if path else "",
            remedy=f"use the keys {', '.join(sorted(known))}",
        )
    return [
        {
            "key": question.key,
            "question": question.text,
            "why": question.why,
            "answer": str(answers.get(question.key, "")).strip() or NOT_PROVIDED,
        }
        for question in QUESTIONS
    ]
