"""``import veedor``: files and tables in, results that say what they are, and clear errors."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from tests.golden import looked, topics, town

import veedor
from veedor.errors import DiscoveredCategoryRefusal
from veedor.forecasters import Kernel, PriorCounts, Task
from veedor.forecasts import write_cells, write_forecast
from veedor.record import Points
from veedor.spacetime import Length, Periods


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("front") / "town"
    town.build(place)
    return place


@pytest.fixture(scope="module")
def record(folder):
    return veedor.read(
        str(folder / "incidents.csv"), crs="EPSG:32721", begins="2024-01-01", until="2024-07-01"
    )


@pytest.fixture(scope="module")
def cells(folder, record):
    return veedor.cells(record, area=str(folder / "zones.geojson"))


class Streamed:
    """A table that is known by Arrow's stream alone, as polars' and DuckDB's are."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def test_all_names_are_there_few_and_imported_late():
    assert len(veedor.__all__) <= 40
    assert veedor.__all__ == sorted(veedor.__all__)
    assert dir(veedor) == veedor.__all__
    assert all(getattr(veedor, name) is not None for name in veedor.__all__)
    loaded = "import veedor, sys; print('numpy' in sys.modules, 'pyarrow' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
    with pytest.raises(AttributeError, match="foretell"):
        veedor.foretell  # noqa: B018


@pytest.mark.parametrize("make", [str, Path, lambda path: [path]], ids=["text", "path", "several"])
def test_paths_may_be_text_a_path_or_several(folder, record, make):
    again = veedor.read(make(folder / "incidents.csv"), crs="EPSG:32721")
    assert len(again.incidents) == len(record.incidents)


@pytest.mark.parametrize(
    "make", [pa.csv.read_csv, pd.read_csv, lambda path: Streamed(pa.csv.read_csv(path))],
    ids=["arrow", "pandas", "stream"],
)  # fmt: skip
def test_a_table_reads_as_its_file_does(folder, record, make):
    path = str(folder / "incidents.csv")
    columns = {
        "time": "occurred_at", "latitude": "lat", "longitude": "lon", "category": "category",
    }  # fmt: skip
    again = veedor.read(make(path), columns=columns, crs="EPSG:32721")
    assert len(again.incidents) == len(record.incidents)
    assert np.allclose(again.incidents.x_m, record.incidents.x_m, equal_nan=True)
    assert np.array_equal(again.incidents.start, record.incidents.start)


def test_categories_gather_values_and_what_is_discovered_is_not_forecast(folder, cells):
    one = veedor.read(
        folder / "incidents.csv",
        categories={"taken": ["robbery", "theft"], "stops": "stop"},
        discovered=["stops"],
        crs="EPSG:32721",
    )
    assert [c.known_by for c in one.incidents.categories] == ["reported", "discovered"]
    assert veedor.forecast(one, cells).forecast.category == "taken"
    with pytest.raises(DiscoveredCategoryRefusal):
        veedor.forecast(one, cells, category="stops")


def test_a_forecast_is_that_of_the_rooms_below(record, cells):
    made = veedor.forecast(record, cells, category="robbery", periods=2).forecast
    begins, until = (np.datetime64(f"2024-{month}-01T03:00", "us") for month in ("01", "07"))
    task = Task(
        Points.of(record.incidents, cutoff=until, begins=begins), "robbery", cells.cells,
        Length(1, "week"),
    )  # fmt: skip
    zone = "America/Argentina/Buenos_Aires"
    ahead = Periods.stepping(until, Length(1, "week"), 0, 2, zone)
    assert np.array_equal(made.mean, PriorCounts().fit(task).predict(ahead).mean)
    assert made.data_cutoff == until
    own = veedor.forecast(record, cells, category="robbery", forecaster=Kernel(bandwidth_m=700.0))
    assert own.forecast.parameters["bandwidth_m"] == 700.0


def test_a_backtest_sees_no_later_record_and_has_the_reference(record, cells):
    tested = veedor.backtest(record, cells, category="robbery", forecasters=["Kernel"], origins=3)
    assert list(tested.forecasts) == ["PriorCounts", "Kernel"]
    last = veedor.forecast(record, cells, category="robbery", cutoff=date(2024, 6, 24))
    assert np.array_equal(tested.forecasts["PriorCounts"][-1].mean, last.forecast.mean)
    table = tested.to_arrow()
    assert table.num_rows == 2 * 3 * len(cells.cells)
    recorded = table.filter(pa.compute.equal(table["forecaster"], "Kernel"))["recorded"]
    assert recorded.to_pylist() == tested.observed.values.ravel().tolist()


def test_a_lead_lies_between_cut_off_and_period(record, cells):
    tested = veedor.backtest(
        record, cells, category="theft", origins=1, forecasters=[], lead="1 day"
    )
    (made,) = tested.forecasts["PriorCounts"]
    assert made.periods.edges[0] - made.data_cutoff == np.timedelta64(24, "h")


def test_exposure_of_boxes_of_a_table_and_of_a_forecast(folder, record, cells, tmp_path):
    asked = {
        "zones": folder / "zones.geojson",
        "population": "residents",
        "groups": ["tenants", "owners"],
        "reference": "owners",
    }
    audits = [
        veedor.audit_exposure(predictions, box_m=150, **asked)
        for predictions in (str(folder / "boxes.csv"), pd.read_csv(folder / "boxes.csv"))
    ]
    assert audits[0].to_arrow().equals(audits[1].to_arrow())
    assert {"group", "statistic", "value", "low", "high"} <= set(audits[0].to_arrow().column_names)
    made = veedor.forecast(record, cells, category="robbery")
    audit = veedor.audit_exposure(made, **asked)
    audit.write(str(tmp_path / "audit"))
    assert {one.name for one in (tmp_path / "audit").iterdir()} == {
        "estimates.csv", "results.json", "report.html",
    }  # fmt: skip


def test_patterns_are_found_in_memory(record, cells):
    found = veedor.patterns(record, cells, permutations=99, near_repeat_m=[300.0], seed=3)
    assert list(found.by_cell) == ["robbery", "theft"]
    assert found.to_arrow().num_rows == 2 * len(cells.cells)
    assert "robbery" in repr(found)
    assert "<svg" in found.plot()._repr_html_()


def plain(found):
    return msgspec.to_builtins(found, enc_hook=lambda array: array.tolist())


def test_a_backtest_is_examined_as_its_files_are(folder, record, cells, tmp_path):
    tested = veedor.backtest(record, cells, category="robbery", origins=6, forecasters=["PastMean"])
    for name, made in tested.forecasts.items():
        for k, one in enumerate(made):
            write_forecast(one, tmp_path / f"{name}-{k}.parquet")
    write_cells(cells.cells, tmp_path / "cells.geojson")
    memory = veedor.examine(tested)
    files = veedor.examine(
        str(tmp_path), folder / "study.toml", cells=str(tmp_path / "cells.geojson")
    )
    (mine,), (theirs,) = memory.examinations, files.examinations
    assert plain(mine) == plain(theirs)
    table = memory.to_arrow().to_pylist()
    gain = next(row for row in table if row["statistic"] == "information_gain")
    assert gain["value"] == mine.comparisons[0].gain.estimate.value
    assert {"chance", "oracle", "PastMean"} <= {row["forecaster"] for row in table}


def test_alerts_of_a_table_are_audited_as_those_of_its_file(folder):
    asked = {"groups": ["group_side"], "thresholds": (0.5,), "reference": "a"}
    path = folder / "decisions.csv"
    audits = [veedor.audit_alerts(one, **asked) for one in (str(path), pa.csv.read_csv(path))]
    assert audits[0].to_arrow().num_rows > 10
    assert audits[0].to_arrow().equals(audits[1].to_arrow())
    with pytest.raises(veedor.StudyError, match="a list of columns"):
        veedor.audit_alerts(path, groups="group_side")


def results(record, cells):
    yield record
    yield cells
    yield veedor.forecast(record, cells, category="robbery")
    tested = veedor.backtest(record, cells, category="robbery", origins=2, forecasters=["PastMean"])
    yield tested
    yield veedor.examine(tested)


def test_a_log_of_access_is_audited_as_its_command_does(tmp_path, monkeypatch):
    looked.build(tmp_path / "log")
    monkeypatch.setenv("VEEDOR_SALT", looked.SALT)
    log = [tmp_path / "log" / name for name in ("looked_1.csv", "looked_2.csv")]
    lists = {name: tmp_path / "log" / f"{name}.csv" for name in ("roster", "accounts", "cases")}
    made = veedor.audit_access(
        log, kind="network", time_zone="America/Argentina/Buenos_Aires", mask=True,
        producer=looked.PRODUCER, authorised=tmp_path / "log" / "warrants.csv",
        working_hours=(8.0, 18.0), seed=3, **lists,
    )  # fmt: skip
    assert "looked into this network" in made.document.cover.finding
    rows = {row["statistic"]: row for row in made.to_arrow().to_pylist()}
    others = [name for name, force in looked.people() if force != looked.PRODUCER]
    assert rows["users"]["value"] == len(others)
    text = repr(made) + made._repr_html_()
    assert not [one for one in looked.secrets() if one in text]


def test_devices_are_audited_as_their_command_does(folder):
    asked = {
        "zones": folder / "zones.geojson", "population": "residents",
        "groups": ["tenants", "owners"], "reference": "owners", "range_m": ["20,60", "ALPR=10,30"],
        "angle_deg": "60,110", "replicates": 100,
    }  # fmt: skip
    made = veedor.audit_devices(folder / "devices.geojson", routes=folder / "ways.geojson", **asked)
    assert "can look" in made.document.cover.finding
    rows = made.to_arrow().to_pylist()
    assert {row["assignment"] for row in rows} == {"view_least", "view_most", "devices"}
    assert {row["subset"] for row in rows} >= {"on_route: way to school", "of_kind: ALPR"}
    table = pd.DataFrame({"lat": [-34.6], "lon": [-58.4], "range_m": [20.0]})
    with pytest.raises(veedor.VeedorError, match="stand in a zone, or see some"):
        veedor.audit_devices(table, **asked)
    with pytest.raises(veedor.StudyError, match="range_m"):
        veedor.audit_devices(table, **(asked | {"range_m": "20,60"}))


def test_what_people_did_is_audited_as_its_command_does(tmp_path):
    topics.write(tmp_path / "topics.csv")
    asked = {"event": topics.EVENT, "because": topics.BECAUSE, "missing_days": "days_without"}
    made = veedor.audit_behaviour(tmp_path / "topics.csv", **asked)
    assert made.audit.verdict == "change"
    again = veedor.audit_behaviour(pd.read_csv(tmp_path / "topics.csv"), **asked)
    assert again.to_arrow() == made.to_arrow()
    plain = veedor.audit_behaviour(tmp_path / "topics.csv", design="ols", **asked)
    plain.plot().save(str(tmp_path / "picture.html"))
    assert "<svg" in (tmp_path / "picture.html").read_text(encoding="utf-8")
    with pytest.raises(veedor.VeedorError, match="one of those that are known"):
        veedor.audit_behaviour(tmp_path / "topics.csv", words="none", **asked)


def test_every_result_says_itself_and_becomes_tables_and_pictures(record, cells, tmp_path):
    for result in results(record, cells):
        assert repr(result).startswith(result.title)
        assert result.title in result._repr_html_()
        assert len(result.to_pandas()) == result.to_arrow().num_rows > 0
        result.plot().save(str(tmp_path / "picture.html"))
        drawn = (tmp_path / "picture.html").read_text(encoding="utf-8")
        assert "<svg" in drawn
        assert "<script" not in drawn


def test_names_from_the_data_are_escaped(folder, cells):
    table = pd.read_csv(folder / "incidents.csv")
    table["category"] = "<i>robbery"
    shown = veedor.read(table, categories={"<i>robbery": ()}, crs="EPSG:32721")._repr_html_()
    assert "<i>" not in shown
    assert "&lt;i&gt;robbery" in shown


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda r, c: veedor.read(3), "`source` must be a path"),
        (lambda r, c: veedor.read([]), "`source` must be a path"),
        (lambda r, c: veedor.cells("a.csv"), "`record` must be what veedor.read returns"),
        (lambda r, c: veedor.cells(r, shape="round"), "`shape` must be"),
        (lambda r, c: veedor.cells(r, area=7), "`area` must be a path"),
        (lambda r, c: veedor.forecast(r, r), "`cells` must be what veedor.cells returns"),
        (lambda r, c: veedor.forecast(r, c), "`category` must say"),
        (lambda r, c: veedor.forecast(r, c, category="robery"), "one of the record's"),
        (lambda r, c: veedor.forecast(r, c, category="theft", periods=0), "`periods` must be"),
        (lambda r, c: veedor.forecast(r, c, category="theft", forecaster=3), "`forecaster` must"),
        (lambda r, c: veedor.backtest(r, c, category="theft", forecasters="Kernel"), "a list of"),
        (lambda r, c: veedor.examine("forecasts"), "with `outcomes`"),
        (lambda r, c: veedor.patterns(r, c, permutation=9), "A setting of patterns"),
    ],
)
def test_wrong_arguments_are_named(record, cells, call, says):
    with pytest.raises(veedor.VeedorError, match=says):
        call(record, cells)


def test_unknown_settings_and_days_are_refused(folder):
    path = folder / "incidents.csv"
    with pytest.raises(veedor.StudyError, match="timezone"):
        veedor.read(path, timezone="UTC")
    with pytest.raises(veedor.StudyError, match="`until` must be a local day"):
        veedor.read(path, until=2024)
    with pytest.raises(veedor.StudyError, match="`begins` must be a local day"):
        veedor.read(path, begins="2024-01-01T00:00+00:00")


@pytest.mark.parametrize(
    "wrong, told",
    [
        (lambda record, cells, _: veedor.read(pd.Series(["a"])), "a table of pandas"),
        (lambda record, cells, _: veedor.cells(record, size_m="500"), "number of metres"),
        (lambda record, cells, _: veedor.cells(record, size_m=float("nan")), "number of metres"),
        (lambda record, cells, _: veedor.forecast(record, cells, category="theft", length=7),
         'write it as "1 week"'),
        (lambda record, cells, _: veedor.forecast(record, cells, category="theft", country="ZZ"),
         "ISO 3166"),
        (lambda record, cells, _: veedor.patterns(record, cells, country="ZZ"), "ISO 3166"),
        (lambda record, cells, path: veedor.audit_alerts(path, groups="group_side"),
         r"\[\"group_side\"\]"),
        (lambda record, cells, path: veedor.audit_alerts(path, groups=[], refrence="a"),
         "refrence.*reference"),
        (lambda record, cells, path: veedor.audit_alerts(path, groups=[], small="many"), "small"),
        (lambda record, cells, path: veedor.audit_exposure(
            path, path, population="p", groups="white", reference="white"), "a list of columns"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_told_in_one_sentence(folder, record, cells, wrong, told):
    with pytest.raises(veedor.VeedorError, match=told):
        wrong(record, cells, folder / "decisions.csv")


def test_columns_of_numbers_are_numbers_where_none_is_there(folder):
    audit = veedor.audit_alerts(folder / "decisions.csv", groups=["group_side"], thresholds=[0.5])
    table = audit.to_arrow()
    for name in ("threshold", "low", "high", "numerator", "out_of"):
        assert table.schema.field(name).type == pa.float64()
    assert table.schema.field("small").type == pa.string()


def test_groups_have_their_labels_in_the_language_that_is_spoken(folder, tmp_path, monkeypatch):
    labels = tmp_path / "labels.csv"
    labels.write_text("code,label,language\na,Side A,\na,Lado A,es\n", encoding="utf-8")
    monkeypatch.setattr("veedor.notebook.language._asked", "es")
    asked = {"groups": ["group_side"], "thresholds": (0.5,), "reference": "a"}
    audit = veedor.audit_alerts(folder / "decisions.csv", **asked, labels=labels)
    assert "a" in {row["group"] for row in audit.to_arrow().to_pylist()}, "tables keep the code"
    audit.write(tmp_path / "out")
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "Lado A" in page
    assert "Side A" not in page
    assert '<html lang="es' in page
