"""A law: what ships is what the texts say, and a template of anyone's is held to its format."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from veedor.disclosure.record.fields import FIELDS
from veedor.disclosure.request.law_file import SHIPPED, read_law, shipped_law
from veedor.errors import PersonalDataRefusal, StudyError, UnreadableError

#: Code of a text -> the file that holds it.
FILES = {
    "ley-27275": "ar_LEY-27275.md",
    "decreto-206": "ar_DEC-206-2017.md",
    "ley-25326": "ar_LEY-25326.md",
}
#: Fields that only a foreign register asks for.
NOT_ASKED = {"publication_category"}
MADE_UP = Path(__file__).with_name("ruritania.toml")


def _plain(text: str) -> str:
    """A text in one line, without the marks of its file, each article's number kept."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[#*]+", " ", text).split())


def _articles(text: str) -> dict[str, str]:
    """Number -> text of each article; the last where a number comes twice (an annex)."""
    parts = re.split(r"^#{5} ART[IÍ]CULO (\d+)\s*[°º]?\s*[.—-]", text, flags=re.MULTILINE)
    return {number: _plain(body) for number, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.shared_data
@pytest.mark.parametrize("article", shipped_law("ar").articles, ids=lambda one: one.code)
def test_quotations_stand_in_their_article_word_for_word(shared_data, article) -> None:
    text = (shared_data / "records" / FILES[article.text]).read_text("utf-8")
    number = re.match(r"\d+", article.article)[0]
    assert article.quote in _articles(text)[number]


@pytest.mark.shared_data
def test_what_a_decree_changed_is_quoted_as_it_was_changed_to(shared_data) -> None:
    text = _plain((shared_data / "records" / "ar_DEC-780-2024.md").read_text("utf-8"))
    articles = [one for one in shipped_law("ar").articles if one.text == "decreto-206"]
    changed = [one for one in articles if re.match(r"(3|4|8|31|32)\b", one.article)]
    assert len(changed) >= 7
    for one in changed:
        assert one.quote in text, one.code


def test_every_field_of_a_record_can_be_asked_for() -> None:
    asked = {one.field for one in shipped_law("ar").questions}
    assert {one.key for one in FIELDS} - asked == NOT_ASKED


def test_the_letter_names_only_articles_that_it_cites() -> None:
    law = shipped_law("ar")
    for one in (*law.letter.opening, *law.letter.closing, law.letter.who, *law.anticipated):
        cited = law.cited(one.articles)
        numbers = {re.match(r"\d+", article.article)[0] for article in cited}
        named = set(re.findall(r"arts?\. (\d+)", one.text))
        assert named <= numbers, one.text[:60]
        decree = {re.match(r"\d+", a.article)[0] for a in cited if a.text == "decreto-206"}
        named = re.findall(r"arts?\. (\d+)(?: y (\d+))?(?:, inc\. \w,)? del decreto", one.text)
        assert {number for pair in named for number in pair if number} <= decree, one.text[:60]
        assert bool(named) == ("del decreto" in one.text)
    for question in law.questions:
        for item in question.ask:
            for number in re.findall(r"art\. (\d+)", item):
                cited = law.cited(question.articles)
                assert any(re.match(rf"{number}\b", one.article) for one in cited), item


def test_every_provision_is_cited() -> None:
    law = shipped_law("ar")
    form = law.letter
    cited = {
        code
        for one in (*form.opening, *form.closing, form.who, *law.anticipated, *law.questions)
        for code in one.articles
    } | {code for p in law.procedures for term in p.terms for code in term.articles}
    idle = {one.code for one in law.articles} - cited
    assert idle == {"decreto-206/31-a"}


def test_laws_that_ship_are_those_that_are_listed() -> None:
    folder = resources.files("veedor.disclosure.request") / "laws"
    assert sorted(one.name for one in folder.iterdir()) == [f"{code}.toml" for code in SHIPPED]


def test_nothing_asks_for_persons() -> None:
    for question in shipped_law("ar").questions:
        for item in question.ask:
            assert not re.search(r"nombre y apellido|domicilio de|DNI|nómina", item)


@pytest.fixture
def made_up() -> dict[str, Any]:
    return tomllib.loads(MADE_UP.read_text("utf-8"))


def _written(folder: Path, text: str) -> Path:
    path = folder / "law.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_template_of_a_made_up_country_is_read() -> None:
    law = read_law(MADE_UP)
    assert law.procedure("").events == ("received", "refused", "appealed")
    assert law.calendar.weekend == (5, 6)


def test_the_template_of_the_documentation_is_one(tmp_path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "request-templates.md").read_text("utf-8")
    law = read_law(_written(tmp_path, page.split("```toml\n")[1].split("```")[0]))
    assert law.procedure("").events == ("received",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1", "format = 2", "format 1"),
        ('code = "answer"', 'code = "answer"\nday = 3', "unknown setting `day`"),
        ('after = ["answer", "refused"]', 'after = ["anser"]', "Did you mean"),
        ('articles = ["act/7"]', 'articles = ["act/77"]', "act/77, not in articles"),
        ('text = "act"', 'text = "akt"', "akt, not in texts"),
        ('field = "retention"', 'field = "retenton"', "Did you mean 'retention'"),
        ('anticipate = ["crown"]', 'anticipate = ["clown"]', "Did you mean 'crown'"),
        ("{system}", "{systen}", "Did you mean 'system'"),
        ("{system}", "{system.__class__}", "may name between braces"),
        ("{system}", "{", "Braces of a text must stand in pairs"),
        ("{system}", "{0}", "may name between braces"),
        ("{system}", "{}", "may name between braces"),
        ("days = 10", "days = 0", "must have days, or open something"),
        ("days = 10", "days = -1", ">= 0"),
        ('extended_by = "extended"', "", "must name the event"),
        ('unit = "calendar"', 'unit = "lunar"', "none of the values"),
        ('code = "court"', 'code = "answer"', "answer more than once, in terms"),
        ('language = "en"', 'language = "English"', "language"),
        ('read = "2020-05"', 'read = "May 2020"', "read"),
        ("weekend = [5, 6]", "weekend = [8]", "<= 7"),
    ],
)
def test_a_template_is_held_to_its_format(tmp_path, old: str, new: str, told: str) -> None:
    text = MADE_UP.read_text("utf-8")
    assert old in text
    with pytest.raises(StudyError, match=re.escape(told)):
        read_law(_written(tmp_path, text.replace(old, new, 1)))


def test_a_term_counts_from_what_stands_before_it(tmp_path) -> None:
    text = MADE_UP.read_text("utf-8").replace('after = ["received"]', 'after = ["court"]', 1)
    with pytest.raises(StudyError, match="counted from an event or from a term before it"):
        read_law(_written(tmp_path, text))


def test_a_template_that_is_no_toml_or_no_text_is_refused(tmp_path) -> None:
    with pytest.raises(StudyError, match="must be TOML"):
        read_law(_written(tmp_path, "format = "))
    path = tmp_path / "latin.toml"
    path.write_bytes("name = 'ñ'".encode("latin-1"))
    with pytest.raises(StudyError, match="must be TOML"):
        read_law(path)
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(UnreadableError):
        read_law(path)


def test_a_person_in_a_template_is_refused(tmp_path) -> None:
    text = MADE_UP.read_text("utf-8").replace("For how long", "why the defendant Ana Gomez", 1)
    with pytest.raises(PersonalDataRefusal):
        read_law(_written(tmp_path, text))
