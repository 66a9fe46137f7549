"""Forecasters that installed packages bring: found, named, run, and refused one by one."""

import json
import os
import subprocess
import sys

import pytest

from veedor.errors import StudyError
from veedor.forecasters import find_forecaster, known_forecasters, make_forecaster

CODE = """
import numpy as np
from veedor.forecasters import Forecaster
from veedor.forecasts import CountDistribution


class Even(Forecaster):
    '''The same count in every cell.'''

    def __init__(self, dispersion=0.0):
        self.dispersion = dispersion

    def _fit(self, history):
        hours = history.periods.hours.sum()
        self.rate_ = (history.counts.total + 0.5) / hours / len(history.cells)
        self.cells_ = len(history.cells)

    def _predict(self, periods):
        mean = np.outer(periods.hours, np.full(self.cells_, self.rate_))
        return CountDistribution(mean, self.dispersion), None


class NeedsMore(Even):
    def __init__(self, dispersion):
        self.dispersion = dispersion


def function():
    return Even()
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a package where Python looks for installed ones; no network, no installer."""
    target = tmp_path / "site"
    target.mkdir()
    monkeypatch.syspath_prepend(target)

    def put(points, *, package="even-forecasts", version="1.2", code=CODE, module="even_forecasts"):
        (target / f"{module}.py").write_text(code)
        info = target / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
        )
        lines = "\n".join(f"{name} = {value}" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[veedor.forecasters]\n{lines}\n")
        known_forecasters.cache_clear()
        return target

    yield put
    known_forecasters.cache_clear()
    for module in ("even_forecasts", "other_forecasts"):
        sys.modules.pop(module, None)


def test_one_of_an_installed_package_is_found_and_made(install):
    from veedor.forecasters import check_forecaster

    install({"Even": "even_forecasts:Even"})
    assert "even_forecasts" not in sys.modules
    assert next(iter(known_forecasters())) == "PriorCounts"
    known = find_forecaster("Even")
    assert (known.package, known.version) == ("even-forecasts", "1.2")
    assert "even_forecasts" not in sys.modules
    assert make_forecaster("Even").get_params() == {"dispersion": 0.0}
    check_forecaster(make_forecaster("Even"))


def test_a_study_runs_it_in_other_processes_and_says_where_it_came_from(install, small_study):
    target = install({"Level": "even_forecasts:Even"})
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace('"Recency", "Kernel", "PastMean"', '"Level"'))
    run = [sys.executable, "-m", "veedor", "run", str(small_study), "--jobs", "2"]
    done = subprocess.run(
        run,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | {"PYTHONPATH": str(target)},
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((small_study / "results" / "results.json").read_text())
    one = next(one for one in results["forecasters"] if one["name"] == "Level")
    assert (one["kind"], one["package"], one["version"]) == ("Even", "even-forecasts", "1.2")
    (row,) = results["categories"][0]["examination"]["comparisons"]
    assert row["forecaster"] == "Level"
    assert row["gain"]["estimate"]["value"] < 0.0
    manifest = json.loads((small_study / "results" / "manifest.json").read_text())
    assert manifest["packages"]["even-forecasts"] == "1.2"

    import pyarrow.parquet as pq

    first = next((small_study / "results" / "forecasts" / "robo" / "Level").iterdir())
    head = json.loads(pq.read_schema(first).metadata[b"veedor"])
    assert (head["forecaster"], head["version"]) == ("Level", "1.2")


def test_ours_cannot_be_replaced(install):
    install({"PriorCounts": "even_forecasts:Even"})
    with pytest.raises(StudyError, match="even-forecasts, which is the name of one that ships"):
        make_forecaster("PriorCounts")
    assert make_forecaster("Kernel").get_params()


def test_two_packages_with_one_name_are_told_apart_by_nobody(install):
    install({"Even": "even_forecasts:Even"})
    install({"Even": "other_forecasts:Even"}, package="other", module="other_forecasts")
    with pytest.raises(StudyError, match="even-forecasts, other"):
        make_forecaster("Even")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("even_forecasts:function", "must be a subclass of Forecaster"),
        ("even_forecasts:Absent", "can be imported"),
        ("no_such_module:Even", "can be imported"),
        ("even_forecasts:NeedsMore", "made without arguments"),
    ],
)
def test_a_broken_one_is_one_clear_error_and_only_when_it_is_used(install, value, message):
    install({"Broken": value})
    assert find_forecaster("Broken").package == "even-forecasts"
    make_forecaster("PastMean")
    with pytest.raises(StudyError, match=message) as caught:
        make_forecaster("Broken")
    assert "\n" not in str(caught.value)


def test_a_module_that_fails_is_not_our_fault(install):
    install({"Broken": "even_forecasts:Even"}, code="1 / 0")
    with pytest.raises(StudyError, match="ZeroDivisionError") as caught:
        make_forecaster("Broken")
    assert "even-forecasts 1.2" in caught.value.where


def test_a_study_that_names_a_broken_one_stops_before_any_data_is_read(install, small_study):
    from veedor.study import load_study

    install({"Broken": "no_such_module:Even"})
    load_study(small_study)
    study = small_study / "study.toml"
    study.write_text(study.read_text().replace('"PastMean"]', '"Broken"]'))
    with pytest.raises(StudyError, match="no_such_module"):
        load_study(small_study)


def test_parameters_of_a_package_are_set_whatever_it_says_of_their_types(install):
    lazy = CODE + (
        "\n\nclass Lazy(Even):\n"
        '    def __init__(self, dispersion: "NotThere" = 0.0):\n'
        "        super().__init__(dispersion)\n"
    )
    install({"Lazy": "even_forecasts:Lazy", "Even": "even_forecasts:Even"}, code=lazy)
    for name in ("Lazy", "Even"):
        assert make_forecaster(name, dispersion=0.5).get_params() == {"dispersion": 0.5}
    with pytest.raises(StudyError, match="Did you mean 'dispersion'"):
        make_forecaster("Even", dispersal=0.5)


def test_a_stack_takes_a_member_of_a_package_if_it_has_shares(install):
    code = CODE + (
        "\n\nfrom veedor.forecasters import PriorCounts\n\n\n"
        "class Theirs(PriorCounts):\n"
        '    """Ours, under another name."""\n'
    )
    install({"Theirs": "even_forecasts:Theirs", "Even": "even_forecasts:Even"}, code=code)
    stack = make_forecaster("Stack", members=["Theirs", "Kernel"])
    assert type(stack._make("Theirs")).__name__ == "Theirs"
    with pytest.raises(StudyError, match="that has shares"):
        make_forecaster("Stack", members=["Even"])
