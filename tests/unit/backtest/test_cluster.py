"""A run on a real scheduler and real worker processes, which are killed in its midst."""

import os
import time
from itertools import count

import numpy as np
import pytest
from tests.asking import run_here
from tests.made_cluster import Cluster

from veedor.backtest.executors import cluster_run
from veedor.backtest.executors.cluster import DaskExecutor
from veedor.backtest.executors.cluster_workers import Workers
from veedor.backtest.executors.store import carried, content_of, opened
from veedor.errors import ClusterError, StudyError

SHARED = {"array": np.arange(300_000.0), "seconds": 0.1}
TASKS = list(range(60))
EXPECTED = [task + 0.5 for task in TASKS]


def slowly(shared, task):
    time.sleep(shared["seconds"])
    return float(shared["array"][task]) + 0.5


def where(shared, task):
    time.sleep(0.01)
    return os.getpid()


def fail(kind, task):
    raise kind("of its own")


def fail_at_three(shared, task):
    if task == 3:
        raise StudyError("It must not be three.", found="three")
    time.sleep(0.0 if task < 3 else 60.0)
    return task


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster")) as made, made.supervised(2):
        yield made


def test_a_study_on_a_cluster_gives_the_same_bytes(cluster, small_study, tmp_path):
    run_here(small_study)
    run_here(small_study, DaskExecutor(cluster.address), into=tmp_path / "a" / "results")
    store = DaskExecutor(cluster.address, store=(tmp_path / "store").as_uri())
    run_here(small_study, store, into=tmp_path / "b" / "results")
    assert list((tmp_path / "store").iterdir()) == []
    expected, *found = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*.*")
            if path.is_file() and path.name != "manifest.json"
        }
        for folder in (small_study / "results", tmp_path / "a/results", tmp_path / "b/results")
    )
    assert found == [expected, expected]


def test_a_run_ends_whole_where_a_worker_stops_in_its_tracks(cluster, monkeypatch):
    monkeypatch.setattr(cluster_run, "ANSWERS", 3.0)
    running = DaskExecutor(cluster.address).run(where, None, range(10_000))
    workers = set()
    while len(workers) < 2:
        workers.add(next(running))
    running.close()
    running = DaskExecutor(cluster.address).run(slowly, SHARED, TASKS)
    found = [next(running) for _ in range(10)]
    cluster.stop_worker(0)
    found += running
    cluster.kill_worker(0)
    assert sorted(found) == EXPECTED


def test_a_run_ends_whole_where_who_has_what_is_shared_stops(tmp_path, monkeypatch):
    """The only worker stops in its tracks; one that comes after it gets nothing from it."""
    monkeypatch.setattr(cluster_run, "_STALLED_SECONDS", 2.0)
    monkeypatch.setattr(cluster_run, "ANSWERS", 3.0)
    with Cluster(tmp_path) as alone:
        alone.start_worker()
        running = DaskExecutor(alone.address).run(slowly, SHARED, TASKS[:30])
        found = [next(running) for _ in range(5)]
        alone.stop_worker(0)
        alone.start_worker()
        assert sorted([*found, *running]) == EXPECTED[:30]


def test_an_error_of_a_task_ends_the_run_at_once(cluster):
    began = time.monotonic()
    with pytest.raises(StudyError, match="must not be three"):
        list(DaskExecutor(cluster.address).run(fail_at_three, None, [1, 2, 3]))
    assert time.monotonic() - began < 20.0


@pytest.mark.parametrize("kind", [OSError, TimeoutError, KeyError])
def test_an_error_of_any_kind_is_that_of_the_task_and_not_of_the_cluster(cluster, kind):
    with pytest.raises(kind, match="of its own"):
        list(DaskExecutor(cluster.address).run(fail, kind, [1]))

    def tasks():
        yield from TASKS[:3]
        raise kind("of its own")

    with pytest.raises(kind, match="of its own"):
        list(DaskExecutor(cluster.address).run(where, None, tasks()))


def test_what_is_queued_is_let_go_of(cluster):
    from distributed import Client

    running = DaskExecutor(cluster.address).run(slowly, SHARED, TASKS)
    next(running)
    running.close()
    with Client(cluster.address, set_as_default=False) as client:
        assert not any(
            key.startswith("veedor") for keys in client.processing().values() for key in keys
        )


def test_a_run_ends_whole_where_a_worker_and_the_scheduler_are_killed(cluster):
    running = DaskExecutor(cluster.address).run(slowly, SHARED, TASKS, together=lambda n: n // 20)
    found = [next(running) for _ in range(10)]
    cluster.kill_worker(0)
    found += [next(running) for _ in range(10)]
    cluster.kill_scheduler()
    assert sorted([*found, *running]) == EXPECTED


def test_no_task_is_left_out_where_at_times_there_is_no_worker(cluster, monkeypatch):
    """All that was out is done, nobody is there to be given the rest: the run is not over."""
    names, calls = Workers.names, count()

    async def now_and_then(self):
        found = await names(self)
        return found if next(calls) % 4 == 0 else []

    monkeypatch.setattr(Workers, "names", now_and_then)
    shared = {**SHARED, "seconds": 0.0}
    assert sorted(DaskExecutor(cluster.address).run(slowly, shared, TASKS[:12])) == EXPECTED[:12]


def test_without_a_scheduler_there_is_one_clear_error():
    with pytest.raises(ClusterError, match="must be a dask scheduler"):
        list(DaskExecutor("tcp://127.0.0.1:9", patience=1.0).run(slowly, SHARED, TASKS))
    with pytest.raises(ClusterError, match="must be a dask scheduler"):
        list(DaskExecutor("nonsense://here", patience=1.0).run(slowly, SHARED, TASKS))


def test_a_store_that_cannot_be_used_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    for store in ((tmp_path / "file").as_uri(), "nowhere://bucket"):
        with pytest.raises(ClusterError, match="shared store"):
            list(DaskExecutor("tcp://127.0.0.1:9", store=store).run(slowly, SHARED, TASKS))


def large(shared, task):
    return np.full(20_000, task)


def test_results_are_read_from_the_store_however_late_they_are_asked_for(cluster, tmp_path):
    """All are made while the first is looked at; the store stays until the last is read."""
    store = tmp_path / "store"
    results = DaskExecutor(cluster.address, store=store.as_uri()).run(large, None, range(4))
    found = [next(results)[0]]
    time.sleep(3.0)
    found += [one[0] for one in results]
    assert sorted(found) == [0, 1, 2, 3]
    assert list(store.iterdir()) == []


def test_what_a_store_gives_back_is_what_was_put_there(tmp_path):
    kept = carried(bytes(100_000), tmp_path.as_uri())
    assert content_of(kept) == bytes(100_000)
    assert carried(b"small", tmp_path.as_uri()) == b"small"
    next(tmp_path.iterdir()).write_bytes(b"forged")
    with pytest.raises(ClusterError, match="give back what was put there"):
        content_of(kept)


def test_what_is_late_finds_no_store(tmp_path):
    store = (tmp_path / "run").as_uri()
    with opened(store):
        carried(bytes(100_000), store)
    with pytest.raises(ClusterError, match="shared store"):
        carried(bytes(100_000), store)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_is_not_fit_is_refused(tmp_path):
    """Other versions, several threads, none at all."""
    other = tmp_path / "numpy-1.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    with Cluster(tmp_path) as made:
        executor = DaskExecutor(made.address, patience=60.0)
        made.wait_for_scheduler()
        with pytest.raises(ClusterError, match="must have workers"):
            list(DaskExecutor(made.address, patience=2.0).run(slowly, SHARED, TASKS))
        made.start_worker(path=tmp_path)
        with pytest.raises(ClusterError, match=r"numpy 1\.0 / ") as caught:
            list(executor.run(slowly, SHARED, TASKS))
        assert "versions that the asking machine has" in caught.value.must
        made.kill_worker(0)
        made.start_worker(threads=2)
        with pytest.raises(ClusterError, match="one task at a time"):
            list(executor.run(slowly, SHARED, TASKS))
