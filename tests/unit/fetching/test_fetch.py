"""Nothing lost, nothing twice, whatever the portal does; and asked politely."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from veedor.cli import main
from veedor.errors import FetchError, StudyError
from veedor.fetching import Fetched, Wanted, fetch
from veedor.files.json_file import plain
from veedor.incidents import propose
from veedor.incidents.layouts import find_layout

from .conftest import TOKEN

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
CHICAGO = "ijzp-q8t2"


class Told:
    """Progress that is written down."""

    def __init__(self) -> None:
        self.done: list[int] = []

    def step(self, name: str, total: int | None) -> None:
        pass

    def advance(self, done: int) -> None:
        self.done.append(done)


def crimes(n: int, first: int = 0) -> list[dict[str, object]]:
    return [
        {
            ":id": f"row-{(7919 * k) % 100_003:06d}-{k}",
            "id": str(k),
            "date": f"2022-{1 + k % 12:02d}-03T10:00:00.000",
            "primary_type": "THEFT",
            "iucr": "0820" if k % 3 else None,
            "latitude": "41.8",
            "longitude": "-87.6",
        }
        for k in range(first, first + n)
    ]


@pytest.fixture
def get(portal, make_client, tmp_path) -> Callable[..., Fetched]:
    def run(layout: str, out: str = "out.csv", token: str | None = None, **options) -> Fetched:
        client = make_client(token, **options.pop("politeness", {}))
        wanted = Wanted(
            find_layout(layout),
            options.pop("since", date(2022, 1, 1)),
            tmp_path / out,
            server=portal.url,
            soda="2.1" if token is None else "3",
            page_rows=options.pop("page_rows", 100),
            **options,
        )
        return fetch(wanted, client, Told(), NOW)

    return run


@pytest.fixture
def chicago(portal):
    portal.tables[CHICAGO] = crimes(431)
    portal.columns[CHICAGO] = [name for name in crimes(1)[0] if name != ":id"] + ["victim_sex"]
    return portal


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def whole(path: Path, table: list[dict[str, object]]) -> bool:
    found = [row[":id"] for row in rows(path)]
    return len(found) == len(set(found)) and set(found) == {row[":id"] for row in table}


@pytest.mark.parametrize("token", [None, TOKEN])
def test_every_row_once_by_both_versions(chicago, get, token):
    done = get("chicago", token=token)
    assert whole(done.path, chicago.tables[CHICAGO])
    source = done.record.sources[0]
    assert (source.rows, source.written, source.sweeps) == (431, 431, 1)
    assert source.left_out == ["victim_sex"]
    assert "victim_sex" not in rows(done.path)[0]
    asked = [headers for _, path, headers in chicago.asked]
    assert {headers["User-Agent"].split("/")[0] for headers in asked} == {"veedor"}
    assert all(headers.get("X-App-Token") == token for headers in asked)
    if token is None:
        pages = [path for _, path, _ in chicago.asked if "offset" in path]
        assert pages
        assert all("order=%3Aid" in path for path in pages)


def test_days_are_asked_of_the_portal(chicago, get):
    done = get("chicago", since=date(2022, 6, 1), until=date(2022, 8, 1))
    months = {row["date"][:7] for row in rows(done.path)}
    assert months == {"2022-06", "2022-07"}


FAULTS = ["cut", "429", "500", "drop", "garbage", "short", "twice"]


@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", [0, 5])
def test_one_fault_anywhere_loses_nothing(chicago, get, fault, at, token):
    chicago.faults = [None] * at + [fault]
    assert whole(get("chicago", token=token).path, chicago.tables[CHICAGO])


@pytest.mark.parametrize("seed", range(4))
def test_many_faults_lose_nothing(chicago, get, seed):
    rng = np.random.default_rng(seed)
    chicago.faults = [
        str(fault) if rng.random() < 0.4 else None for fault in rng.choice(FAULTS, size=60)
    ]
    done = get("chicago", politeness={"tries": 30}, page_rows=40)
    assert whole(done.path, chicago.tables[CHICAGO])
    assert done.record.tried_again > 0


def _add(portal):
    portal.tables[CHICAGO] += crimes(9, first=1_000)
    portal.changed(CHICAGO)


def _remove(portal):
    del portal.tables[CHICAGO][:5]
    portal.changed(CHICAGO)


def _swap(portal):
    _remove(portal)
    portal.tables[CHICAGO] += crimes(5, first=2_000)


def _correct(portal):
    portal.tables[CHICAGO][0]["primary_type"] = "BATTERY"
    portal.changed(CHICAGO)


@pytest.mark.parametrize("change", [_add, _remove, _swap, _correct])
@pytest.mark.parametrize("at", [4, 7])
def test_a_table_that_changes_is_read_again(chicago, get, change, at):
    chicago.faults = [None] * at + [change]
    done = get("chicago")
    assert whole(done.path, chicago.tables[CHICAGO])
    assert {row["primary_type"] for row in rows(done.path)} == {
        row["primary_type"] for row in chicago.tables[CHICAGO]
    }


def test_a_table_that_never_holds_still_is_an_error(chicago, get, tmp_path):
    chicago.faults = [_correct] * 200
    with pytest.raises(FetchError, match="hold still"):
        get("chicago")
    assert not (tmp_path / "out.csv").exists()


def test_a_portal_that_only_fails_is_an_error_that_says_so(chicago, get, waits):
    chicago.faults = ["500"] * 50
    with pytest.raises(FetchError, match="HTTP status 500, 6 times"):
        get("chicago")
    assert len(waits) == 5
    assert all(2**k / 2 <= wait <= 2**k for k, wait in enumerate(waits))


def test_retry_after_is_believed(chicago, get, waits):
    chicago.faults = [None, "429"]
    get("chicago")
    assert waits == [7.0]


def test_a_refusal_is_not_tried_again(chicago, get):
    with pytest.raises(FetchError, match="HTTP status 403") as refused:
        get("chicago", token="wrong")
    assert "--token" in refused.value.remedy
    assert len(chicago.asked) == 1


def test_requests_keep_their_distance(chicago, get, waits):
    get("chicago", politeness={"pause_s": 5.0})
    assert len(waits) == len(chicago.asked) - 1
    assert all(4.0 < wait <= 5.0 for wait in waits)


def test_a_stopped_run_goes_on_where_it_was(chicago, get, tmp_path):
    asked = []

    class Stopping(Told):
        def advance(self, done):
            if done >= 200:
                raise KeyboardInterrupt

    wanted = Wanted(
        find_layout("chicago"),
        date(2022, 1, 1),
        tmp_path / "out.csv",
        server=chicago.url,
        page_rows=100,
    )
    from veedor.fetching import Client, Politeness

    client = Client(Politeness(pause_s=0.0), np.random.default_rng(0), sleep=asked.append)
    with pytest.raises(KeyboardInterrupt):
        fetch(wanted, client, Stopping(), NOW)
    client.close()
    assert not (tmp_path / "out.csv").exists()
    with (tmp_path / ".out.csv.0.part").open("ab") as part:  # killed in the middle of a line
        part.write(b"row-half,")
    before = len(chicago.asked)
    assert whole(get("chicago").path, chicago.tables[CHICAGO])
    again = [path for _, path, _ in chicago.asked[before:] if "offset" in path]
    assert [path.rpartition("offset=")[2] for path in again] == ["200", "300", "400"]
    assert not list(tmp_path.glob(".out.csv*"))


def test_a_stopped_run_starts_over_if_the_table_changed(chicago, get, tmp_path):
    chicago.faults = [None] * 5 + ["500"] * 50
    with pytest.raises(FetchError):
        get("chicago")
    chicago.faults = []
    _swap(chicago)
    assert whole(get("chicago").path, chicago.tables[CHICAGO])


def test_nothing_new_is_not_fetched_again(chicago, get):
    first = get("chicago")
    before = len(chicago.asked)
    assert get("chicago").unchanged
    assert not any("offset" in path for _, path, _ in chicago.asked[before:])
    _add(chicago)
    second = get("chicago")
    assert not second.unchanged
    assert second.record.sha256 != first.record.sha256


def test_what_was_asked_is_written_beside_the_file(chicago, get):
    done = get("chicago")
    record = json.loads(done.path.with_name("out.csv.fetched.json").read_text())
    assert record == plain(done.record)
    assert record["layout"] == "chicago"
    assert record["since"] == "2022-01-01"
    assert record["fetched_at"] == "2024-05-01T12:00:00+00:00"
    assert record["bytes"] == done.path.stat().st_size
    assert len(record["sha256"]) == 64


def test_two_datasets_go_into_one_file(portal, get):
    for dataset, first, extra in (("qgea-i56i", 0, []), ("5uac-w243", 500, ["new_column"])):
        portal.tables[dataset] = [
            {
                ":id": f"row-{k}",
                "cmplnt_num": str(k),
                "cmplnt_fr_dt": "2022-01-03T00:00:00.000",
                "vic_race": "secret",
                **dict.fromkeys(extra, "x, y"),
            }
            for k in range(first, first + 120)
        ]
        portal.columns[dataset] = [name for name in portal.tables[dataset][0] if name != ":id"]
    done = get("new-york")
    found = rows(done.path)
    assert sorted(int(row["cmplnt_num"]) for row in found) == [*range(120), *range(500, 620)]
    assert found[0]["new_column"] == ""
    assert found[-1]["new_column"] == "x, y"
    assert b"secret" not in done.path.read_bytes()


@pytest.fixture
def mexico(portal):
    resource = find_layout("mexico-city").portals[0].resource
    portal.tables[resource] = [
        {
            "_id": k,
            "fecha_hecho": f"{2015 + k % 8}-01-05" if k % 10 else "NA",
            "delito": "ROBO",
            "sexo_victima": "secret",
        }
        for k in range(1, 351)
    ]
    portal.cap = 32
    portal.resource = resource
    return portal


def _ids(path):
    return [int(row["_id"]) for row in rows(path)]


@pytest.mark.parametrize("fault", [None, *FAULTS])
@pytest.mark.parametrize("at", [2, 5])
def test_ckan_pages_that_are_capped_in_silence(mexico, get, fault, at):
    mexico.faults = [None] * at + [fault]
    done = get("mexico-city", since=date(1900, 1, 1))
    assert _ids(done.path) == list(range(1, 351))
    assert "sexo_victima" in done.record.sources[0].left_out
    assert b"secret" not in done.path.read_bytes()


def test_ckan_days_are_looked_at_here(mexico, get):
    done = get("mexico-city", since=date(2020, 1, 1))
    found = rows(done.path)
    assert all(row["fecha_hecho"] >= "2020" or row["fecha_hecho"] == "NA" for row in found)
    source = done.record.sources[0]
    assert (source.rows, source.written) == (350, len(found))


def test_ckan_rows_that_are_swapped_meanwhile_are_found(mexico, get):
    def swap(portal):
        del portal.tables[portal.resource][3]
        portal.tables[portal.resource].append(
            portal.tables[portal.resource][-1] | {"_id": 999, "fecha_hecho": "2022-01-05"}
        )

    mexico.faults = [None] * 6 + [swap]
    done = get("mexico-city", since=date(1900, 1, 1))
    assert _ids(done.path) == [row["_id"] for row in mexico.tables[mexico.resource]]


BA = "/datosabiertos/datasets/ministerio-de-justicia-y-seguridad/delitos/delitos_{}.csv"


@pytest.fixture
def buenos_aires(portal):
    rng = np.random.default_rng(1)
    for year in (2021, 2022, 2023):
        body = "\n".join(map(str, rng.integers(0, 1 << 60, 40_000)))
        portal.files[BA.format(year)] = f"id-mapa;fecha\n{body}\n".encode()
    return portal


def _members(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("fault", [None, "cut", "429", "500", "drop"])
def test_yearly_files(buenos_aires, get, fault):
    buenos_aires.faults = [fault, None, fault]
    done = get("buenos-aires", "out.zip", since=date(2021, 7, 1))
    assert _members(done.path) == {
        f"delitos_{year}.csv": buenos_aires.files[BA.format(year)] for year in (2021, 2022, 2023)
    }
    assert all(source.length_checked for source in done.record.sources)


def test_a_cut_file_is_gone_on_with(buenos_aires, get):
    buenos_aires.faults = ["cut"]
    get("buenos-aires", "out.zip", since=date(2021, 7, 1))
    ranges = [headers.get("Range") for _, _, headers in buenos_aires.asked]
    half = len(buenos_aires.files[BA.format(2021)]) // 2
    gone_on = int(ranges[1].removeprefix("bytes=").removesuffix("-"))
    assert half - 65_536 < gone_on <= half


@pytest.mark.parametrize("etags", [True, False])
def test_a_file_that_changes_while_it_is_cut_is_fetched_anew(buenos_aires, get, etags):
    path = BA.format(2021)

    def change(portal):
        portal.files[path] = portal.files[path][::-1]

    buenos_aires.etags = etags
    buenos_aires.faults = ["cut", change]
    done = get("buenos-aires", "out.zip", since=date(2021, 7, 1))
    assert _members(done.path)["delitos_2021.csv"] == buenos_aires.files[path]


def test_files_that_did_not_change_are_left_alone(buenos_aires, get):
    first = get("buenos-aires", "out.zip", since=date(2021, 7, 1))
    assert get("buenos-aires", "out.zip", since=date(2021, 7, 1)).unchanged
    buenos_aires.files[BA.format(2023)] += b"1;2023-12-31\n"
    again = get("buenos-aires", "out.zip", since=date(2021, 7, 1))
    assert not again.unchanged
    assert _members(again.path) == {
        f"delitos_{year}.csv": buenos_aires.files[BA.format(year)] for year in (2021, 2022, 2023)
    }
    assert first.record.sha256 != again.record.sha256


def test_a_year_that_is_missing_in_the_middle_is_an_error(buenos_aires, get):
    del buenos_aires.files[BA.format(2022)]
    with pytest.raises(FetchError, match="every file from the first day"):
        get("buenos-aires", "out.zip", since=date(2021, 7, 1))


def test_members_of_an_archive_are_picked(portal, get, tmp_path):
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for month in ("2023-01", "2023-02", "2023-03"):
            for kind in ("street", "outcomes", "stop-and-search"):
                packed.writestr(f"{month}/{month}-kent-{kind}.csv", f"Month\n{month} {kind}\n")
    portal.files["/data/archive/latest.zip"] = path.read_bytes()
    done = get("data-police-uk", "out.zip", since=date(2023, 2, 1))
    assert sorted(_members(done.path)) == ["2023-02-kent-street.csv", "2023-03-kent-street.csv"]


def test_other_months_of_the_same_archive_are_picked_anew(portal, get, tmp_path):
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for month in ("2023-01", "2023-02", "2023-03"):
            packed.writestr(f"{month}/{month}-kent-street.csv", f"Month\n{month}\n")
    portal.files["/data/archive/latest.zip"] = path.read_bytes()
    get("data-police-uk", "out.zip", since=date(2023, 2, 1))
    assert get("data-police-uk", "out.zip", since=date(2023, 2, 1)).unchanged
    done = get("data-police-uk", "out.zip", since=date(2023, 1, 1), until=date(2023, 3, 1))
    assert sorted(_members(done.path)) == ["2023-01-kent-street.csv", "2023-02-kent-street.csv"]


def test_a_table_without_rows_is_a_header(chicago, get):
    done = get("chicago", since=date(2099, 1, 1))
    assert rows(done.path) == []
    assert done.path.read_text(encoding="utf-8").startswith(":id,id,date")


def test_a_server_must_be_an_address(chicago, get):
    with pytest.raises(StudyError, match="address of the web"):
        fetch(
            Wanted(find_layout("chicago"), date(2022, 1, 1), Path("x.csv"), server="file:///etc"),
            None,
            Told(),
            NOW,
        )


def test_the_command_fetches_what_init_recognises(portal, tmp_path, capsys):
    names = ["dr_no", "date_rptd", "date_occ", "time_occ", "crm_cd_desc", "vict_age", "lat", "lon"]
    portal.columns["2nrs-mtv8"] = names
    portal.tables["2nrs-mtv8"] = [
        {
            ":id": f"row-{k:04d}",
            **dict(
                zip(
                    names,
                    (
                        str(k),
                        "2022-01-09T00:00:00.000",
                        f"2022-01-0{1 + k % 8}T00:00:00.000",
                        f"{k % 24:02d}30",
                        "BURGLARY",
                        "35",
                        "34.05",
                        "-118.24",
                    ),
                    strict=True,
                )
            ),
        }
        for k in range(250)
    ]
    out = tmp_path / "la.csv"
    with pytest.raises(SystemExit) as done:
        main(
            f"fetch los-angeles --since 2022-01-01 --out {out} --server {portal.url} "
            "--pause 0 --page 60".split()
        )
    assert done.value.code == 0
    assert "Not fetched, about persons: vict_age" in capsys.readouterr().out
    proposal = propose([str(out)])
    assert proposal.layout == "los-angeles"
    assert [(value.value, value.count) for value in proposal.values] == [("BURGLARY", 250)]


def test_an_ending_that_does_not_fit_is_an_error(chicago, get):
    with pytest.raises(StudyError, match=r"out\.zip"):
        get("chicago", "out.zip")
    with pytest.raises(StudyError, match=r"out\.csv"):
        get("buenos-aires", "out.csv")


def test_waits_grow_up_to_the_longest(chicago, get, waits):
    chicago.faults = ["500"] * 10
    get("chicago", politeness={"tries": 12, "longest_wait_s": 4.0})
    assert len(waits) == 10
    assert all(wait <= 4.0 for wait in waits)
    assert all(later > earlier / 2 for earlier, later in pairwise(waits))
