"""Parameters of forecasters in study.toml: what is set, what is refused, and what a run says."""

import json
from pathlib import Path

import pytest
from tests.asking import ask

from veedor.errors import PersonalDataRefusal, StudyError
from veedor.forecasters import FORECASTERS, Entry, Kernel, make_forecaster
from veedor.study import load_study
from veedor.study.config import parse_study
from veedor.tasks import forecast, run

USE = 'use = ["PriorCounts", "Recency", "Kernel", "PastMean"]'


def change(folder, new):
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert USE in text
    path.write_text(text.replace(USE, new), encoding="utf-8")
    return path.read_bytes()


WIDE = """use = ["Kernel", "Wide", "Stack"]

[forecasters.parameters.Wide]
kind = "Kernel"
bandwidth_m = 1500

[forecasters.parameters.Stack]
members = ["PriorCounts", "Wide"]
"""


def test_two_of_one_kind_run_beside_each_other_and_a_run_says_how_they_are_set(small_study):
    change(small_study, WIDE)
    results = json.loads((ask(run, study=small_study).folder / "results.json").read_text())
    rows = {row["name"]: row for row in results["forecasters"]}
    assert list(rows) == ["PriorCounts", "Kernel", "Wide", "Stack"]
    assert [rows[name]["kind"] for name in ("Kernel", "Wide")] == ["Kernel", "Kernel"]
    assert rows["Kernel"]["parameters"] == {"bandwidth_m": None}
    assert rows["Wide"]["parameters"] == {"bandwidth_m": 1500.0}
    named = {"Wide": {"kind": "Kernel", "bandwidth_m": 1500}}
    assert rows["Stack"]["parameters"]["named"] == named
    assert [rows[name]["version"] for name in rows] == [rows["PriorCounts"]["version"]] * 4
    fitted = results["categories"][0]["fitted"]
    assert fitted["Wide"]["bandwidth_m_"] == 1500.0
    assert fitted["Kernel"]["bandwidth_m_"] != 1500.0
    assert list(fitted["Stack"]["weights_"]) == ["PriorCounts", "Wide"]
    manifest = json.loads((small_study / "results" / "manifest.json").read_text())
    assert "bandwidth_m = 1500" in manifest["study_toml"]
    ahead = {one.forecaster: one for one in ask(forecast, study=small_study).results.forecasts}
    assert ahead["Wide"].parameters["bandwidth_m"] == 1500.0


def test_a_member_is_what_its_name_is_in_the_study(small_study):
    text = change(
        small_study,
        'use = ["Stack"]\nparameters.Stack.members = ["Kernel"]\n'
        "parameters.Kernel.bandwidth_m = 900",
    )
    stack = parse_study(text).forecasters.entries[1].make()
    assert stack.named == {"Kernel": {"bandwidth_m": 900}}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("Kernel.bandwith_m = 300", "found: bandwith_m.*Did you mean 'bandwidth_m'"),
        ("PastMean.window = 3", "it has no parameters"),
        ('Kernel.bandwidth_m = "wide"', "bandwidth_m of Kernel.*Expected `float"),
        ("Stack.members = 3\nuse = ['Stack']", r"Expected `array \| null`"),
        ("Stack.members = [['a']]\nuse = ['Stack']", "Expected `str`"),
        ('Stack.members = "Kernel"\nuse = ["Stack"]', r"Expected `array \| null`"),
        ("Kernel.bandwidth_m = -3", "bandwidth_m of Kernel must be above 0.*parameters.Kernel"),
        ("Kernel.bandwidth_m = nan", "bandwidth_m of Kernel must be above 0"),
        ("Kernel.bandwidth_m = 1e308", "at most 1,000,000.*parameters.Kernel"),
        ("NearRepeat = {reach_days = 1e9}\nuse = ['NearRepeat']", "at most 36,525"),
        ("NearRepeat = {reach_m = inf}\nuse = ['NearRepeat']", "at most 1,000,000"),
        ("PoissonTrees = {trees = 10001}\nuse = ['PoissonTrees']", "trees.*from 1 to 10,000"),
        ("PoissonTrees = {leaves = 10001}\nuse = ['PoissonTrees']", "leaves.*from 2 to 10,000"),
        ("PoissonTrees.random_state = 2147483648\nuse = ['PoissonTrees']", "below 2\\^31"),
        ("SmoothField.features = 5001\nuse = ['SmoothField']", "features.*from 8 to 5,000"),
        ("SelfExciting.reach_m = 1e30\nuse = ['SelfExciting']", "at most 1,000,000"),
        ('Kernel.kind = "Recency"', "must have a name of its own"),
        ("Kernal.bandwidth_m = 3", "that the study uses.*Did you mean 'Kernel'"),
        ("Additive = {}", "that the study uses"),
        ('"Ana Paz, DNI 30.123.456".kind = "Kernel"', "that the study uses"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_data_is_read(small_study, settings, message):
    use = "" if "use = " in settings else USE
    change(small_study, f"{use}\nparameters.{settings}")
    (small_study / "incidents.csv").unlink()
    with pytest.raises(StudyError, match=f"(?i){message}"):
        load_study(small_study)


def test_a_name_holds_nobody(small_study):
    name = "ana.paz@example.org"
    change(small_study, f'use = ["{name}"]\nparameters."{name}".kind = "Kernel"')
    with pytest.raises(PersonalDataRefusal):
        load_study(small_study)


@pytest.mark.parametrize(
    ("kind", "parameters", "must"),
    [
        ("NearRepeat", {"reach_m": 0.0}, "above 0"),
        ("PoissonTrees", {"trees": 0}, "from 1 to"),
        ("PoissonTrees", {"learning_rate": 1.5}, "above 0, at most 1"),
        ("PoissonTrees", {"leaves": 1}, "from 2 to"),
        ("SmoothField", {"features": 7}, "from 8 to"),
        ("SmoothField", {"random_state": -1}, "at least 0"),
        ("SelfExciting", {"background": "zones"}, "one of cells, kernel"),
        ("SelfExciting", {"reach_days": 1}, "at least 2"),
    ],
)
def test_a_value_that_cannot_be_used_says_what_it_must_be(kind, parameters, must):
    (name,) = parameters
    with pytest.raises(StudyError, match=f"Parameter {name} of {kind} must be {must}"):
        make_forecaster(kind, **parameters)


def test_values_become_the_types_that_a_forecaster_declares():
    assert Entry.of("Kernel").make().get_params() == Kernel().get_params()
    assert type(make_forecaster("Kernel", bandwidth_m=300).bandwidth_m) is float
    assert make_forecaster("Stack", members=["Kernel"]).members == ("Kernel",)


@pytest.mark.parametrize("name", FORECASTERS)
def test_every_parameter_is_in_the_documentation(name):
    page = Path(__file__).parents[3] / "docs" / "study-file.md"
    rows = page.read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith(f"| `{name}` |")] or [""]
    for parameter in make_forecaster(name).get_params():
        assert f"`{parameter}`" in row
