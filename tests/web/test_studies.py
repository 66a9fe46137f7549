"""Studies: what may be changed of a proposal, and what is done with it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from tests.web.working import state_purpose

from veedor.errors import VeedorError
from veedor.tasks import Context, init
from veedor.web.work import settings as of_study

DEMO = files("veedor.demo")


@pytest.fixture(scope="module")
def proposal(tmp_path_factory) -> str:
    """The study.toml that is proposed of the demo."""
    folder = tmp_path_factory.mktemp("proposal")
    (folder / "uploads").mkdir()
    for name in ("incidents.csv", "zones.geojson"):
        (folder / "uploads" / name).write_bytes((DEMO / name).read_bytes())
    request = init.Request(
        study=Path("s"),
        incidents=(Path("uploads/incidents.csv"),),
        zones=Path("uploads/zones.geojson"),
    )
    init.perform(request, Context(workspace=folder, language="es"))
    return (folder / "s" / "study.toml").read_text()


def given(text: str, **labelled: object) -> dict[str, object]:
    """Values of all settings, some of them by the name of their line's setting."""
    lines = text.split("\n")
    return {
        one.name: labelled.get(lines[one.line].partition(" = ")[0], one.value)
        for one in of_study.settings_of(text)
    }


def test_what_was_guessed_may_be_changed_and_no_path(proposal):
    settings = of_study.settings_of(proposal)
    names = {proposal.split("\n")[one.line].partition(" = ")[0] for one in settings}
    assert {"title", "time_zone", "crs", "size_m", "origins", "known_by", "time"} <= names
    assert not names & {"files", "zones", "file", "use", "seed"}
    assert any("SUPUESTO" in one.why for one in settings)


def test_what_is_asked_is_said_in_words_and_chosen_among_them(proposal):
    settings = of_study.settings_of(proposal)
    form = of_study.form_of(settings)()
    by_value = {one.value: form.fields[one.name] for one in settings}
    assert {key for key, _ in by_value["reported"].choices} == {"reported", "discovered"}
    assert all(key != said for key, said in by_value["reported"].choices)
    lengths = [key for key, _ in by_value["1 week"].choices]
    assert lengths[0] == "1 week"
    assert len(lengths) == len(set(lengths)) > 3


def test_unchanged_it_stays_as_it_is(proposal):
    settings = of_study.settings_of(proposal)
    assert of_study.changed(proposal, settings, given(proposal)) == proposal


def test_only_the_lines_that_were_changed_change(proposal):
    settings = of_study.settings_of(proposal)
    made = of_study.changed(proposal, settings, given(proposal, origins=3, title='Otro "título"'))
    different = [
        new for old, new in zip(proposal.split("\n"), made.split("\n"), strict=True) if old != new
    ]
    assert different == ['title = "Otro \\"título\\""', "origins = 3"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "Juan Perez DNI 30.123.456"},
        {"size_m": 5},
        {"origins": 0},
        {"known_by": "discovered"},
        {"time_zone": "Mars/Olympus"},
        {"until": "x"},
        {"name": "protesta"},
    ],
    ids=str,
)
def test_what_a_study_may_not_be_is_refused(proposal, wrong):
    settings = of_study.settings_of(proposal)
    with pytest.raises(VeedorError):
        of_study.changed(proposal, settings, given(proposal, **wrong))


@pytest.mark.parametrize("value", ['x"\nfiles = ["/etc/passwd"]\n#', "a\u2028b\r\n[area]", "\\"])
def test_a_value_is_no_line_of_its_own(proposal, value):
    import tomllib

    settings = of_study.settings_of(proposal)
    try:
        made = of_study.changed(proposal, settings, given(proposal, title=value))
    except VeedorError:
        return
    read = tomllib.loads(made)
    assert read["study"]["title"] == value
    assert read["incidents"]["files"] == tomllib.loads(proposal)["incidents"]["files"]


def test_a_study_is_confirmed_before_it_is_run(client_of, proposal, site):
    from veedor.web.work.models import Job, Study

    client = client_of("analyst")
    study = Study.objects.get(key="estudio")
    study.folder.mkdir(parents=True)
    (study.folder / "study.toml").write_text(proposal)
    client.post("/projects/propio/studies/estudio/do/run/")
    assert not Job.objects.filter(study=study).exists()
    page = "/projects/propio/studies/estudio/settings/"
    assert client.get(page).status_code == 302  # asked why, first
    state_purpose(client)
    shown = client.get(page)
    assert "Estudio de prueba" in shown.text
    sent = {name: str(value) for name, value in given(proposal, title="Con otro nombre").items()}
    assert client.post(page, sent).headers["Location"] == "/projects/propio/studies/estudio/"
    assert Study.objects.get(key="estudio").title == "Con otro nombre"
    for _ in range(2):  # the second time it is asked already
        client.post("/projects/propio/studies/estudio/do/run/")
    job = Job.objects.get(study=study)
    assert job.request == {"study": "work/propio/estudio", "jobs": 1}
    answer = client.post(page, sent)  # and it does not change meanwhile
    assert answer.status_code == 400
    assert "trabajo que no terminó" in answer.text


def test_a_study_that_was_run_elsewhere_is_taken_in_with_its_results(client_of, user, site):
    from veedor.errors import StudyError
    from veedor.files.folders import Manifest, write_manifest
    from veedor.web.projects.models import Project
    from veedor.web.work.adopting import adopt
    from veedor.web.work.models import Study

    project = Project.objects.get(key="propio")
    asked = (project, user("analyst"), "traido", "Un estudio traído", "es")
    with pytest.raises(StudyError, match="must have been run"):
        adopt(*asked)
    assert not Study.objects.filter(key="traido").exists()
    results = site / "work" / "propio" / "traido" / "results"
    results.mkdir(parents=True)
    (results / "report.html").write_text("<p>Informe</p>")
    write_manifest(results, Manifest(veedor="0.1"))
    job = adopt(*asked).jobs.get()
    client = client_of("analyst")
    assert "Un estudio traído" in client.get("/projects/propio/studies/").text
    state_purpose(client)
    assert client.get(f"/projects/propio/jobs/{job.key}/report/").status_code == 200
    shown = client.get(f"/projects/propio/jobs/{job.key}/files/report.html")
    assert "<p>Informe</p>" in shown.text
    assert "sandbox" in shown.headers["Content-Security-Policy"]
