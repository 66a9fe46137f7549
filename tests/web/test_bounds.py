"""What a job may take: over it, it ends with one error, the worker lives, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from django.test import override_settings
from tests.web.test_jobs import again, children_of, feedback
from tests.web.test_uploads import give, held, last
from tests.web.working import site_folder, until, work

from veedor.web.site.folder import About, Settings, Uploads, Work
from veedor.web.work.apart import can_stand_apart
from veedor.web.work.bounds import Bounds, Watch, bounds_of

LONG = {"rounds": 400, "runs": 400}
MIB = 1 << 20
WIDE = Bounds(memory=1 << 40, processor_s=10_000, clock_s=10_000, bytes=1 << 40, files=1 << 30)


def bounded(uploads: Uploads | None = None, **work_bounds: int):
    """Serve the test's site with other bounds."""
    from django.conf import settings

    site = settings.VEEDOR_SITE
    said = msgspec.structs.replace(
        site.settings,
        work=msgspec.structs.replace(site.settings.work, **work_bounds),
        uploads=uploads or site.settings.uploads,
    )
    return override_settings(VEEDOR_SITE=msgspec.structs.replace(site, settings=said))


def left() -> list[Path]:
    """What is left of jobs in the folders where they write for a while."""
    return list((site_folder() / "work" / ".jobs").glob("*.tmp"))


@pytest.mark.parametrize(
    ("bounds", "setting"),
    [
        ({"memory_mib": 20}, "memory_mib"),
        ({"processor_s": 1}, "processor_s"),
        ({"clock_s": 1}, "clock_s"),
        ({"project_files": 1}, "project_files"),
        ({"project_mib": 1}, "project_mib"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_job_over_a_bound_ends_with_one_error_and_leaves_nothing(client_of, bounds, setting):
    (site_folder() / "work" / "propio" / "older").write_bytes(b"x" * (2 * MIB))
    job = feedback(**LONG)
    with bounded(**bounds):
        work()
    job = again(job)
    assert (job.state, job.attempts, job.outcome) == ("failed", 1, None)
    assert not job.result.exists()
    assert left() == []
    page = client_of("analyst").get(f"/projects/propio/jobs/{job.key}/").text
    assert setting in page
    assert str(site_folder()) not in page
    assert not list((site_folder() / "work" / "propio").glob(f".{job.key}*"))


def test_what_a_killed_job_was_building_goes_with_it():
    job = feedback(**LONG)
    building = job.result.with_name(f".{job.key}.veedor-new-left")
    building.mkdir()
    (building / "half").touch()
    job.result.with_name(f".{job.key}.lock").touch()
    with bounded(memory_mib=20):
        work()
    assert again(job).state == "failed"
    assert not list(job.result.parent.glob(f".{job.key}*"))


def test_a_worker_lives_on_after_a_job_that_was_over_a_bound():
    over, following = feedback(**LONG), feedback()
    with bounded(memory_mib=20):
        work(most=1)
    work()
    assert (again(over).state, again(following).state) == ("failed", "done")


@pytest.mark.parametrize("bounds", [{"memory_mib": 20}, {"uploads": Uploads(clock_s=1)}])
def test_looking_at_an_upload_is_bounded_and_what_was_over_is_erased(client_of, bounds):
    give(client_of("analyst"), b"place,count\n" + b"A1,12\n" * 8_000_000)
    with bounded(**bounds):
        work()
    assert (last().state, last().name) == ("refused", "")
    assert held() == []
    assert left() == []
    assert "MiB" in str(last().rule) or "within" in str(last().rule)


def test_what_is_only_reserved_is_walled_and_files_too(tmp_path):
    told = (
        "import errno, sys\n"
        "from veedor.web.work.bounds import Bounds, enclose\n"
        f"enclose(Bounds(memory=1, processor_s=60, clock_s=60, bytes={MIB}, files=9))\n"
        "try:\n"
        "    bytearray(8 << 30)\n"
        "except MemoryError:\n"
        "    print('memory')\n"
        "try:\n"
        f"    open(sys.argv[1], 'wb').write(bytes({2 * MIB}))\n"
        "except OSError as error:\n"
        "    print(errno.errorcode[error.errno])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", told, str(tmp_path / "x")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["memory", "EFBIG"]
    assert (tmp_path / "x").stat().st_size <= MIB


def test_what_a_task_says_of_memory_and_files_is_the_bound(tmp_path, monkeypatch):
    from veedor.tasks import check
    from veedor.web.work import child

    def breaks(error):
        def perform(request, context):
            raise error

        monkeypatch.setattr(check, "perform", perform)
        asked = {"task": "check", "request": {}, "workspace": str(tmp_path), "language": "es"}
        monkeypatch.setattr(check, "Request", lambda: None)
        return child._performed(asked, None, lambda **_: None)

    assert breaks(MemoryError()) == {"end": "over", "bound": "memory"}
    assert breaks(OSError(27, "File too large")) == {"end": "over", "bound": "bytes"}
    assert breaks(OSError(28, "No space left"))["end"] == "fault"


@pytest.fixture
def holding():
    """Start a process that holds memory, and others of its session that do or do not."""
    started = []

    def start(code: str) -> subprocess.Popen[bytes]:
        one = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True
        )
        started.append(one)
        assert one.stdout is not None
        one.stdout.readline()
        return one

    yield start
    for one in started:
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()
        one.stdout.close()


EACH_ITS_OWN = """
import os, time
others = [os.fork() for _ in range(1)]
held = bytearray(os.urandom(1)) * (80 << 20)
time.sleep(.3 if others[0] else 0)
if others[0]: print("ready", flush=True)
time.sleep(60)
"""
SHARED = """
import os, time
held = bytearray(os.urandom(1)) * (80 << 20)
other = os.fork()
time.sleep(.3 if other else 0)
if other: print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("code", "found"), [(EACH_ITS_OWN, "memory"), (SHARED, None)])
def test_memory_is_that_of_all_processes_and_shared_pages_count_once(holding, code, found):
    process = holding(code)
    bounds = msgspec.structs.replace(WIDE, memory=130 * MIB)
    assert Watch(bounds, process.pid, ()).exceeded() == found
    assert Watch(WIDE, process.pid, ()).exceeded() is None


def test_processor_time_is_that_of_all_processes(holding):
    process = holding(
        "import os, time\nos.fork()\nend = time.process_time() + .7\n"
        "while time.process_time() < end: pass\nprint('ready', flush=True)\ntime.sleep(60)"
    )
    time.sleep(0.5)
    assert Watch(msgspec.structs.replace(WIDE, processor_s=1), process.pid, ()).exceeded() == (
        "processor"
    )


def test_files_are_counted_below_all_folders_and_links_are_not_followed(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_bytes(b"x" * 100)
    (tmp_path / "a" / "y").symlink_to("/usr")

    def found(**bounds: int):
        folders = (tmp_path / "a", tmp_path / "absent")
        return Watch(msgspec.structs.replace(WIDE, **bounds), -1, folders).exceeded()

    assert found(files=1) == "files"
    assert found(files=2) is None
    assert found(bytes=99) == "bytes"
    assert found(bytes=110) is None


def test_by_default_half_of_the_memory_is_one_jobs():
    of = bounds_of(Settings(site=About(title="x")), screening=False)
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < of.memory <= whole // 2
    said = Settings(site=About(title="x"), work=Work(memory_mib=7, clock_s=5))
    assert bounds_of(said, screening=False).memory == 7 * MIB
    assert bounds_of(said, screening=False).clock_s == 5
    assert bounds_of(said, screening=True).clock_s == 600


apart = pytest.mark.skipif(not can_stand_apart(), reason="the system lets no process stand apart")
TRIES = """
import os, socket, sys
from veedor.web.work.apart import stand_apart
user = os.geteuid(), os.getegid()
stand_apart()
assert (os.geteuid(), os.getegid()) == user
open(sys.argv[1], "w").write("x")
for where in ("192.0.2.1", "127.0.0.1"):
    try:
        socket.create_connection((where, int(sys.argv[2])), 3)
        print("reached", where)
    except OSError as error:
        print(type(error).__name__)
"""


@apart
def test_a_process_that_stands_apart_reaches_nobody_and_writes_files(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        told = [sys.executable, "-c", TRIES, str(tmp_path / "x"), str(server.getsockname()[1])]
        done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["OSError", "OSError"], done.stderr
    assert (tmp_path / "x").stat().st_uid == os.geteuid()


@apart
def test_a_job_is_done_without_a_network(worker_of):
    job = feedback(**LONG)
    worker = worker_of()
    until(lambda: again(job).step is not None)
    (child,) = children_of(worker.pid)
    assert Path(f"/proc/{child}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    assert Path(f"/proc/{worker.pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink()


def test_where_no_process_can_stand_apart_the_worker_says_so(monkeypatch, logged):
    from veedor.web.work import worker

    monkeypatch.setattr(worker, "can_stand_apart", lambda: False)
    one = worker.Worker(60.0)
    one.ending.set()
    one.run()
    assert "not kept off the network" in logged.getvalue()


def test_where_walls_are_forbidden_a_job_is_done_all_the_same(monkeypatch):
    from veedor.web.work import bounds

    def forbidden(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(bounds.resource, "getrlimit", forbidden)
    bounds.enclose(WIDE)
