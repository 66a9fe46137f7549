"""Canada's questionnaire: every question with the user's own answer, no points, no person."""

from __future__ import annotations

import json

import pytest

from veedor.disclosure.record import read_questionnaire
from veedor.errors import DataError, PersonalDataRefusal, UnreadableError

CHOICES = [
    {"value": "item1-3", "text": {"default": "Yes", "fr": "Oui"}},
    {"value": "item2-0", "text": {"default": "No", "fr": "Non"}},
]
SURVEY = {
    "pages": [
        {"name": "welcome", "elements": [{"type": "html", "name": "intro"}]},
        {
            "name": "details",
            "title": {"default": "Project Details", "fr": "Détails du projet"},
            "elements": [
                {
                    "type": "panel",
                    "name": "panel",
                    "elements": [
                        {"type": "text", "name": "projectDetailsRespondent",
                         "title": {"default": "Name of Respondent"}},
                        {"type": "radiogroup", "name": "risk", "choices": CHOICES,
                         "title": {"default": "Is it watched closely?"}},
                        {"type": "comment", "name": "why", "title": "Why?",
                         "visibleIf": "{risk} = \"item1-3\""},
                        {"type": "checkbox", "name": "kinds",
                         "choices": [{"value": "a-1", "text": "Image"}, "b-2"]},
                    ],
                }
            ],
        },
    ],
    "showProgressBar": "top",
}  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def made(answers, survey=SURVEY):
        for name, value in (("survey.json", survey), ("answers.json", answers)):
            text = value if isinstance(value, str) else json.dumps(value)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_questionnaire(tmp_path / "survey.json", tmp_path / "answers.json")

    return made


def test_every_question_stands_with_its_answer_in_words_without_points(read):
    found = read({"risk": "item1-3", "kinds": ["a-1", "b-2"], "projectDetailsRespondent": "me"})
    assert [(one.part, one.question, one.conditional, one.answers) for one in found] == [
        ("Project Details", "Is it watched closely?", False, ("Yes",)),
        ("Project Details", "Why?", True, ()),
        ("Project Details", "kinds", False, ("Image", "b-2")),
    ]
    assert all("-3" not in one for row in found for one in row.answers)


def test_answers_may_be_as_the_page_saves_them(read):
    saved = {"version": "0.10.0", "currentPage": 3, "data": {"why": " because "}}
    assert [one.answers for one in read(saved)] == [(), ("because",), ()]
    assert all(one.answers == () for one in read({}))


@pytest.mark.parametrize(
    ("answers", "error", "found"),
    [
        ({"risks": "item1-3"}, DataError, "Did you mean 'risk'"),
        ({"risk": "item9-9"}, DataError, "one of the choices"),
        ("not JSON", UnreadableError, "must be JSON"),
        ([1, 2], UnreadableError, "must be JSON"),
        ({"why": {"a": 1}}, UnreadableError, "must be JSON"),
        ({"why": "ask ana.gomez@example.org"}, PersonalDataRefusal, "e-mail"),
        ({"why": "Juan Perez decides"}, PersonalDataRefusal, "names of persons"),
    ],
)
def test_what_is_no_answer_is_refused(read, answers, error, found):
    with pytest.raises(error, match=found):
        read(answers)


def test_a_file_without_pages_is_no_questionnaire(read):
    with pytest.raises(UnreadableError, match="questionnaire"):
        read({}, survey={"questions": []})


@pytest.mark.shared_data
def test_the_questionnaire_that_canada_publishes_is_read_whole(shared_data, tmp_path):
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"data": {"riskProfile1": "item1-3"}}), encoding="utf-8")
    found = read_questionnaire(shared_data / "records" / "aia_survey_enfr.json", answers)
    assert len(found) == 293
    assert sum(bool(one.answers) for one in found) == 1
    assert not {"projectDetailsRespondent", "ADMresponsible"} & {one.name for one in found}
    assert all(one.question for one in found)
