"""A crash or a full disk at any step leaves a log that verifies; two writers cannot fork it."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time as real_time
from pathlib import Path

import numpy as np
import pytest

from veedor.errors import SealError
from veedor.sealing import Terms, load_key, read_log, seal, verify

from .conftest import FIRST

# Adds forecasts one by one, and is killed at a step, a time, or never.
WRITER = """
import os, signal, sys
from pathlib import Path
import numpy as np
from veedor.sealing import clock, load_key, seal
clock.now = lambda: np.datetime64("2026-11-23T01:00", "us")
log, key, folder, name, step = sys.argv[1:]
left = int(step)
def dying(real):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return call
print("ready", flush=True)
if left:
    os.fsync, os.replace, os.rename = dying(os.fsync), dying(os.replace), dying(os.rename)
    Path.replace, Path.rename = dying(Path.replace), dying(Path.rename)
    Path.write_bytes, Path.chmod = dying(Path.write_bytes), dying(Path.chmod)
for path in sorted(Path(folder).glob(f"forecasts/*/{name}/*.parquet")):
    seal([path], Path(log), load_key(Path(key)))
"""


class Disk:
    """Fails at its `step`-th write, half of which it makes."""

    def __init__(self, monkeypatch, step):
        self.left = step
        for owner, name in (
            (os, "fsync"),
            (Path, "write_bytes"),
            (Path, "replace"),
            (Path, "rename"),
            (Path, "chmod"),
            (Path, "mkdir"),
            (Path, "unlink"),
            (tempfile, "mkstemp"),
        ):
            monkeypatch.setattr(owner, name, self._failing(getattr(owner, name), name))

    def _failing(self, real, name):
        def call(*arguments, **options):
            self.left -= 1
            if self.left == 0:
                if name == "write_bytes":
                    real(arguments[0], arguments[1][: len(arguments[1]) // 2])
                raise OSError(errno.ENOSPC, "no space left on device")
            return real(*arguments, **options)

        return call


@pytest.mark.parametrize("new", [True, False], ids=["new log", "old log"])
def test_a_full_disk_at_any_step(new, time, forecast, log_key, tmp_path):
    files = [forecast("Tilted", tilt=0.2)]
    reference = [forecast("PriorCounts")]
    before = tmp_path / "before"
    if not new:
        seal([forecast("First", tilt=0.1)], before, log_key)
    old = 0 if new else 1
    for step in range(1, 200):
        log = tmp_path / f"log-{step}"
        if not new:
            shutil.copytree(before, log)
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, step)
            try:
                seal(files, log, log_key, references=reference)
            except OSError as error:
                assert error.errno == errno.ENOSPC
        if log.exists():
            verdict = verify(log)
            assert verdict.holds, (step, verdict.problems)
            assert len(verdict.log.entries) in (old, old + 2)
        seal(files, log, log_key, references=reference)
        verdict = verify(log)
        assert verdict.holds, (step, verdict.problems)
        assert verdict.notices == ()
        assert len(verdict.log.entries) == old + 2
        if disk.left > 0:
            assert step > 15
            return
    pytest.fail("it never ran through")


def test_what_a_broken_off_write_left_is_told_and_cleared(kept_log, forecast, log_key, time):
    left = kept_log / "batches" / ".00000010.json.abc.part"
    left.write_bytes(b"{")
    half = kept_log / "files" / f".{'1' * 64}.parquet.xyz.part"
    half.write_bytes(b"half")
    orphan = kept_log / "files" / f"{'0' * 64}.parquet"
    orphan.write_bytes(b"half")
    verdict = verify(kept_log)
    assert verdict.holds
    assert len(verdict.notices) == 3
    seal([forecast("Tilted", 5)], kept_log, log_key)
    assert verify(kept_log).notices == ()


def test_a_checkpoint_one_batch_behind_is_told_and_mended(kept_log, forecast, log_key, time):
    import json

    batches = sorted((kept_log / "batches").iterdir())
    newest = (kept_log / "checkpoint").read_text(encoding="utf-8")
    text = json.loads(batches[-2].read_bytes())["checkpoint"]
    (kept_log / "checkpoint").write_text(text, encoding="utf-8")
    verdict = verify(kept_log, remembered=[newest])
    assert verdict.holds
    assert verdict.notices[0].code == "log_checkpoint_behind"
    seal([forecast("Tilted", 5)], kept_log, log_key)
    assert verify(kept_log, remembered=[newest]).notices == ()


class Killed(BaseException):
    """Stands for the end of the process: nothing is tidied up after it."""


def test_killed_at_any_step_the_very_next_seal_works(time, forecast, tmp_path):
    """Of the key and the log, by the same command; temporary copies are gone afterwards."""
    from veedor.tasks import Context
    from veedor.tasks.seal import Request, _key

    files = [forecast("Tilted", tilt=0.2)]
    reference = [forecast("PriorCounts")]
    owners = (
        (os, "fsync"),
        (os, "link"),
        (Path, "write_bytes"),
        (Path, "replace"),
        (Path, "rename"),
        (Path, "chmod"),
        (Path, "mkdir"),
        (Path, "unlink"),
        (Path, "rmdir"),
    )
    for step in range(1, 200):
        folder = tmp_path / f"trial-{step}"
        folder.mkdir()
        log, key = folder / "log", folder / "new.key"
        asked = Request(forecast=tuple(files), log=log, new_key=key)
        left = step

        def dying(real, name):
            def call(*arguments, **options):
                nonlocal left
                left -= 1
                if left == 0 and name == "write_bytes":
                    real(arguments[0], arguments[1][: len(arguments[1]) // 2])
                if left <= 0:
                    raise Killed
                return real(*arguments, **options)

            return call

        with pytest.MonkeyPatch.context() as patch:
            for owner, name in owners:
                patch.setattr(owner, name, dying(getattr(owner, name), name))
            try:
                seal(files, log, _key(asked, Context()), references=reference)
            except Killed:
                pass
            else:
                left = max(left, 1)
        done = left > 0
        seal(
            files, log, _key(asked, Context()) if not done else load_key(key), references=reference
        )
        verdict = verify(log)
        assert verdict.holds, (step, verdict.problems)
        assert verdict.notices == ()
        assert len(verdict.log.entries) == 2
        names = {path.name for path in folder.rglob("*")}
        assert not any(name.endswith(".part") or ".new-" in name for name in names), (step, names)
        if done:
            assert step > 15
            return
    pytest.fail("it never ran through")


@pytest.fixture
def many(forecast, place, tmp_path, log_key):
    """Six forecasts each of two forecasters, and how to start a writer of one's."""
    for week in range(1, 7):
        forecast("A", week, tilt=0.1)
        forecast("B", week, tilt=0.2)

    def start(name, step=0):
        log, key = tmp_path / "log", tmp_path / "log.key"
        command = [sys.executable, "-c", WRITER, log, key, place, name, str(step)]
        return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE)

    return start


def test_two_writers_cannot_fork_a_log(many, tmp_path):
    writers = [many("A"), many("B")]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    verdict = verify(tmp_path / "log")
    assert verdict.holds
    assert sorted(p.forecaster for p in verdict.promises.values()) == ["A"] * 6 + ["B"] * 6
    assert len(list((tmp_path / "log" / "batches").iterdir())) == 12


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_at_random_points_the_log_verifies_and_goes_on(many, tmp_path):
    rng = random.Random(3)
    log = tmp_path / "log"
    for trial in range(3):
        dying, other = many("A", rng.randint(1, 60)), many("B")
        other.stdout.readline()
        real_time.sleep(rng.uniform(0.0, 0.3))
        other.send_signal(signal.SIGKILL)
        for writer in (dying, other):
            writer.communicate(timeout=120)
        if log.exists():
            verdict = verify(log)
            assert verdict.holds, (trial, verdict.problems)
    for name in "AB":
        writer = many(name)
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    verdict = verify(log)
    assert verdict.holds
    assert verdict.notices == ()
    assert len(verdict.promises) == 12


def test_a_log_that_another_holds_is_waited_for_then_refused(
    kept_log, forecast, log_key, monkeypatch, time
):
    from filelock import FileLock

    monkeypatch.setattr("veedor.sealing.writing._PATIENCE_S", 0.2)
    with (
        FileLock(kept_log.with_name(f".{kept_log.name}.lock")),
        pytest.raises(SealError, match="One process at a time"),
    ):
        seal([forecast("Tilted", 5)], kept_log, log_key, terms=Terms())
    assert len(read_log(kept_log).entries) == 10
    assert np.datetime64(read_log(kept_log).entries[0].manifest.written_at[:-1]) < FIRST
