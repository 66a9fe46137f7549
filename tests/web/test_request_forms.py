"""Forms made of requests: every task that is offered, every field, and back again."""

from __future__ import annotations

from dataclasses import MISSING
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from django.http import QueryDict

from veedor import tasks
from veedor.tasks.request import checked, described, unwrapped
from veedor.web.work.offered import audits, task

OFFERED = ("init", *audits().values())


def sample(kind: Any, about) -> Any:
    """A value that a field may have."""
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            one = unwrapped(inner[0])[0]
            return (sample(one, about), sample(one, about) if one is str else other(one))
        return tuple(sample(unwrapped(one)[0], about) for one in inner)
    if get_origin(kind) is Literal:
        return get_args(kind)[-1]
    if kind is Path:
        return Path("uploads/propio/subida.csv")
    if kind is date:
        return date(2024, 2, 29)
    if about.get("code"):
        return "SeasonalNaive"
    if kind in (int, float):
        low = about.get("ge", about.get("gt", 0))
        return kind(min(low + 3, about.get("le", low + 3)))
    return {bool: True, str: "año, 2024/x:Y=1"}[kind]


def other(kind: Any) -> Any:
    """A second value of several."""
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if kind is Path:
        return Path("uploads/propio/otra.csv")
    return {date: date(2023, 1, 1), float: 2.5, int: 7}[kind]


def typed(value: Any) -> list[str]:
    """What somebody types, or chooses, for a value."""
    keys = {"uploads/propio/subida.csv": "subida", "uploads/propio/otra.csv": "otra"}
    if isinstance(value, tuple):
        parts = [typed(one)[0] for one in value]
        return parts if isinstance(value[0], Path) or in_list(value[0]) else ["\n".join(parts)]
    if isinstance(value, bool):
        return ["on"]
    if isinstance(value, float):
        return [str(value).replace(".", ",")]
    return [keys[value.as_posix()]] if isinstance(value, Path) else [str(value)]


def in_list(value: Any) -> bool:
    """Whether it is chosen of a list."""
    return value in ("centre", "box", "stored")


@pytest.fixture
def uploads():
    from veedor.web.projects.models import Project, Upload

    project = Project.objects.get(key="propio")
    Upload.objects.create(
        key="otra", project=project, size=1, state="kept", kind="csv", ending=".csv", rows=1
    )
    return list(project.uploads.filter(state="kept"))


@pytest.mark.parametrize("name", OFFERED)
def test_every_field_of_a_request_is_asked_and_comes_back_equal(name, uploads, tmp_path):
    from django.utils import translation

    from veedor.web.work.asking import LEFT_OUT, form_of

    kind = task(name).Request
    values, sent = {}, QueryDict(mutable=True)
    for field, hint, _, about in described(kind):
        if field in LEFT_OUT:
            continue
        values[field] = sample(unwrapped(hint)[0], about)
        sent.setlist(field, typed(values[field]))
    with translation.override("es"):
        form = form_of(kind, uploads)(sent)
        assert form.is_valid(), form.errors
        more = {one: "work/x" for one in ("out", "study") if one in kind.__dataclass_fields__}
        given = form.given(more, tmp_path)
    assert checked(kind(**given), tmp_path) == checked(kind(**values | more), tmp_path)


@pytest.mark.parametrize("name", OFFERED)
def test_what_is_left_blank_is_at_its_default(name, uploads, tmp_path):
    from veedor.web.work.asking import LEFT_OUT, form_of

    kind = task(name).Request
    form = form_of(kind, uploads)(QueryDict())
    form.is_valid()
    for field, _, default, about in described(kind):
        if field in LEFT_OUT:
            continue
        needed = default is MISSING or bool(about.get("needed"))
        assert (field in form.errors) == needed, field


@pytest.mark.parametrize("name", OFFERED)
def test_every_field_says_what_it_is_in_spanish(client_of, name):
    address = (
        "/projects/propio/new-study/"
        if name == "init"
        else f"/projects/propio/audits/{name.removeprefix('audit_')}/"
    )
    pages = {}
    for language in ("es", "en"):
        client = client_of("analyst")
        client.post("/language/", {"language": language})
        answer = client.get(address)
        assert answer.status_code == 200
        pages[language] = answer.text
    for _, _, _, about in described(task(name).Request):
        help_text = about.get("help") or ""
        if help_text.startswith("CSV: "):
            continue  # headers are the same in any language
        if len(help_text) > 20 and help_text.isascii() and "'" not in help_text:
            assert help_text not in pages["es"]


def test_an_error_is_said_whole_and_what_was_written_stays(client_of):
    answer = client_of("analyst").post(
        "/projects/propio/audits/behaviour/",
        {"table": "subida", "event": "2013", "because": "motivo escrito", "harmonics": "9"},
    )
    assert answer.status_code == 400
    assert "Se encontró" in answer.text
    assert "motivo escrito" in answer.text
    from veedor.web.work.models import Job

    assert not Job.objects.filter(task="audit_behaviour", state="queued").exists()


@pytest.mark.parametrize("key", ["../../site.toml", "/etc/passwd", "no", "secreto"])
def test_a_form_takes_no_file_but_uploads_of_its_project(client_of, key):
    from veedor.web.projects.models import Project, Upload
    from veedor.web.work.models import Job

    other_project = Project.objects.get(key="ajeno")
    Upload.objects.create(key="secreto", project=other_project, size=1, state="kept", rows=1)
    answer = client_of("analyst").post(
        "/projects/propio/audits/behaviour/", {"table": key, "event": "2013", "because": "x"}
    )
    assert answer.status_code == 400
    assert not Job.objects.filter(state="queued").exists()


@pytest.mark.parametrize("named", ["/tmp/x.py:f", "x.py", "x:f", "../x"])
@pytest.mark.parametrize("audit", ["feedback", "all"])
def test_a_form_names_no_file_that_would_be_run(client_of, audit, named):
    from veedor.web.work.models import Job

    sent = {"world": "subida", "system": named}
    answer = client_of("analyst").post(f"/projects/propio/audits/{audit}/", sent)
    assert answer.status_code == 400
    assert 'id="id_system_wrong"' in answer.text
    assert not Job.objects.filter(state="queued").exists()


def test_every_value_that_is_chosen_is_said_in_words(client_of):
    from veedor.tasks import record_export, request_letter
    from veedor.web.work.labels import chosen

    kinds = [task(name).Request for name in OFFERED]
    for kind in (*kinds, record_export.Request, request_letter.Request):
        for _, hint, _, _ in described(kind):
            one = unwrapped(hint)[0]
            inner = unwrapped(get_args(one)[0])[0] if get_origin(one) is tuple else one
            if get_origin(inner) is Literal:
                assert not [code for code in get_args(inner) if chosen(code) == code]
    page = client_of("analyst").get("/projects/propio/audits/access/").text
    assert ">todo lo que hicieron los usuarios (event)</option>" in page


def test_what_may_name_code_is_marked_as_such_and_stands_in_one_place():
    fields = [(about, name) for name in OFFERED for *_, about in described(task(name).Request)]
    assert any(about.get("code") for about, _ in fields)
    assert not [
        name for about, name in fields if ".py" in about.get("help", "") and not about["code"]
    ]
    room = Path(tasks.__file__).parents[1]
    run = {path.name for path in room.rglob("*.py") if "exec_module" in path.read_text()}
    assert run == {"audit_feedback.py"}


def test_an_audit_that_is_asked_is_queued_with_its_request(client_of):
    from veedor.web.work.models import Job

    answer = client_of("analyst").post(
        "/projects/propio/audits/behaviour/",
        {
            "table": "subida",
            "event": "2013-06",
            "because": "x",
            "anticipation": "0",
            "ramp_from": "0",
            "design": "comparative",
            "shape": "level",
        },
    )
    job = Job.objects.get(state="queued")
    assert answer.headers["Location"] == f"/projects/propio/jobs/{job.key}/"
    assert job.request["table"] == "uploads/propio/subida.csv"
    assert job.request["out"] == job.folder == f"work/propio/{job.key}"
    assert job.language == "es"
