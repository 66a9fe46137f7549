"""Place covariates from study.toml to the manifest."""

import hashlib
import json

import numpy as np
import pytest
from tests.asking import ask, run_here

from veedor.errors import DemographicRefusal, StudyError
from veedor.study import load_study
from veedor.study.manifest import fingerprint, input_files
from veedor.study.preparation import prepare
from veedor.tasks import forecast, reproduce

SECTION = """
[covariates]
file = "places.csv"

[covariates.columns]
bars = "business"
lamps = "lighting"
"""


@pytest.fixture
def study(small_study):
    """The small study with a table of places: bars in every other cell, lamps not known in one."""
    prepared = prepare(load_study(small_study), small_study, small_study)
    ids = prepared.cells.cell_id
    rows = [f"{name},{number % 2},{number if number else ''}" for number, name in enumerate(ids)]
    table = "\n".join(["cell_id,bars,lamps", *reversed(rows)]) + "\n"
    (small_study / "places.csv").write_text(table, encoding="utf-8")
    change(small_study, "[forecasters]", f"{SECTION}\n[forecasters]")
    return small_study


def change(folder, old, new):
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(folder):
    return run_here(folder)


def test_they_are_read_by_cell_into_the_history(study):
    prepared = prepare(load_study(study), study, study)
    covariates = prepared.covariates
    assert covariates.names == ("bars", "lamps")
    assert covariates.roles == ("business", "lighting")
    cells = len(prepared.cells)
    np.testing.assert_array_equal(covariates.values[:, 0], np.arange(cells) % 2)
    np.testing.assert_array_equal(covariates.values[1:, 1], np.arange(1, cells))
    assert np.isnan(covariates.values[0, 1])


def test_without_the_section_there_are_none(small_study):
    assert prepare(load_study(small_study), small_study, small_study).covariates is None


@pytest.mark.parametrize("role", ["population", "demographic", "poverty"])
def test_a_role_about_people_is_refused_before_anything_is_read(study, role):
    change(study, 'bars = "business"', f'bars = "{role}"')
    (study / "incidents.csv").unlink()
    with pytest.raises(DemographicRefusal, match=rf"bars \('{role}'\).*covariates\.columns"):
        load_study(study)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('bars = "business"\nlamps = "lighting"\n', "", "which columns"),
        ('file = "places.csv"', "", "lacks the setting `file`"),
        ('file = "places.csv"', 'file = "places.csv"\nid = "cell"', "unknown setting `id`"),
        ('bars = "business"', "bars = 3", "Expected `str`"),
    ],
)
def test_a_section_that_does_not_fit_is_refused(study, old, new, message):
    change(study, old, new)
    with pytest.raises(StudyError, match=message):
        load_study(study)


def test_the_manifest_of_a_run_holds_the_file(study):
    change(study, '"Recency", "Kernel", "PastMean"', '"PoissonTrees"')
    outcome = run(study)
    table = (study / "places.csv").read_bytes()
    entry = {
        "name": "places.csv",
        "sha256": hashlib.sha256(table).hexdigest(),
        "bytes": len(table),
    }
    manifest = json.loads((study / "results" / "manifest.json").read_text(encoding="utf-8"))
    assert entry in manifest["inputs"]
    assert outcome.prepared.covariates is not None
    assert "[covariates.columns]" in manifest["study_toml"]


def test_a_changed_table_is_another_input(study):
    change(study, '"Recency", "Kernel", "PastMean"', "")
    run(study)
    assert ask(reproduce, results=study / "results").results.same
    prepared = prepare(load_study(study), study, study)
    before = input_files(prepared, study)
    path = study / "places.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1,", ",2,"), encoding="utf-8")
    after = input_files(prepared, study)
    assert [entry.name for entry in after] == ["incidents.csv", "places.csv"]
    assert before[0] == after[0]
    assert fingerprint(b"", before, {}) != fingerprint(b"", after, {})


def test_the_next_periods_have_them_too(study):
    made = ask(forecast, study=study).results
    assert len(made.forecasts) == 4
