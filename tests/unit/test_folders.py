"""Folders and files that commands write: whole or not at all, and nothing of anyone else's."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from veedor.errors import StudyError, UnreadableError
from veedor.files import sealed
from veedor.files.folders import (
    Manifest,
    clear_after_kill,
    put,
    replacing_folder,
    require_own,
    write_manifest,
)
from veedor.files.replacing import content, replacing
from veedor.files.sealed import Seals
from veedor.files.temporary import temporary_folder


def write(folder: Path, text: str) -> None:
    with replacing_folder(folder) as building:
        (building / "sub").mkdir()
        (building / "sub" / "numbers.json").write_text(text)
        (building / "report.html").write_text(text)


def test_a_folder_is_replaced_whole_and_lists_its_files(tmp_path):
    out = tmp_path / "out"
    write(out, "one")
    (out / "sub" / "numbers.json").write_text("changed by hand")
    write(out, "two")
    assert (out / "report.html").read_text() == "two"
    manifest = json.loads((out / "manifest.json").read_text())
    assert [one["name"] for one in manifest["outputs"]] == ["report.html", "sub/numbers.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, StudyError])
@pytest.mark.parametrize("exchange", [True, False])
def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path, error, exchange, monkeypatch):
    if not exchange:
        monkeypatch.setattr("veedor.files.folders._exchanged", lambda *_: False)
    out = tmp_path / "out"
    write(out, "one")
    with pytest.raises(error), replacing_folder(out) as building:
        (building / "report.html").write_text("half")
        raise error("x")
    assert (out / "report.html").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    write(out, "two")
    assert (out / "report.html").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "strange",
    ["thesis.doc", "sub/notes.txt", ".hidden", "estimates.csv", "deep/er/x", "link", "sub/link"],
)
def test_what_is_anyone_elses_is_never_replaced(tmp_path, strange):
    out = tmp_path / "out"
    write(out, "one")
    theirs = out / strange
    theirs.parent.mkdir(parents=True, exist_ok=True)
    if theirs.name == "link":
        (tmp_path / "far").mkdir()
        theirs.symlink_to(tmp_path / "far")
    else:
        theirs.write_text("precious")
    with pytest.raises(StudyError, match="earlier command wrote"):
        write(out, "two")
    assert os.path.lexists(theirs)
    assert (out / "report.html").read_text() == "one"


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{}",
        '{"outputs": 3}',
        '{"veedor": "0.1.0", "outputs": [{"name": 1}]}',
        "[" * 100_000,
        "\0",
    ],
)
def test_a_folder_without_a_manifest_of_ours_is_anyone_elses(tmp_path, manifest):
    (tmp_path / "report.html").write_text("precious")
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(StudyError, match=r"as manifest\.json, report\.html"):
        require_own(tmp_path)


def test_a_file_that_comes_while_a_folder_is_made_is_kept(tmp_path):
    out = tmp_path / "out"
    write(out, "one")
    with pytest.raises(StudyError), replacing_folder(out) as building:
        (building / "report.html").write_text("two")
        (out / "notes.txt").write_text("precious")
    assert (out / "notes.txt").read_text() == "precious"


def test_what_systems_leave_in_folders_does_not_matter(tmp_path):
    write(tmp_path / "out", "one")
    (tmp_path / "out" / ".DS_Store").write_bytes(b"\0")
    write(tmp_path / "out", "two")


def test_a_link_or_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "nowhere").symlink_to(tmp_path / "absent")
    (tmp_path / "file").write_text("precious")
    for name in ("link", "nowhere", "file"):
        with pytest.raises(StudyError):
            write(tmp_path / name, "one")
    assert list((tmp_path / "kept").iterdir()) == []
    assert not (tmp_path / "absent").exists()
    assert (tmp_path / "file").read_text() == "precious"


_WRITES = """
import sys, time
from pathlib import Path
from veedor.files.folders import replacing_folder
out = Path(sys.argv[1])
while True:
    with replacing_folder(out) as building:
        for number in range(20):
            (building / f"{number}.txt").write_text("x" * 1000)
    print("done", flush=True)
"""


@pytest.mark.parametrize("after", [0.0, 0.003, 0.01, 0.02])
def test_a_process_killed_at_any_moment_leaves_a_whole_folder(tmp_path, after):
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITES, str(out)], stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    time.sleep(after)
    process.kill()
    process.communicate()
    listed = json.loads((out / "manifest.json").read_text())["outputs"]
    assert len(listed) == 20 == len(list(out.glob("*.txt")))
    write(out, "new")  # and clears up what the killed one left
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_what_a_killed_process_left_beside_a_folder_is_cleared_unless_one_writes_it(tmp_path):
    out = tmp_path / "out"
    write(out, "one")
    (tmp_path / ".out.veedor-new-left").mkdir()
    (tmp_path / ".out.lock").touch()
    with replacing_folder(out) as building:
        clear_after_kill(out)
        assert building.is_dir()
        (building / "report.html").write_text("two")
    (tmp_path / ".out.veedor-new-left").mkdir()
    (tmp_path / ".out.lock").touch()
    clear_after_kill(out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "report.html").read_text() == "two"
    clear_after_kill(tmp_path / "never" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_forged_old_folder_is_not_brought_back(tmp_path):
    """A folder from elsewhere may hold anything beside it under the name of one set aside."""
    forged = tmp_path / ".out.veedor-old"
    write(forged, "forged")
    with pytest.raises(KeyboardInterrupt), replacing_folder(tmp_path / "out"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_two_processes_do_not_write_one_folder(tmp_path):
    with replacing_folder(tmp_path / "out"), pytest.raises(StudyError, match="Only one command"):
        write(tmp_path / "out", "two")


@pytest.mark.parametrize("kind", ["link", "dangling", "pipe", "folder"])
def test_a_file_is_not_written_through_a_link_nor_over_a_device(tmp_path, kind):
    path, kept = tmp_path / "out.csv", tmp_path / "kept"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(kept)
        if kind == "link":
            kept.write_text("precious")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StudyError, match="plain file"), replacing(path):
        pytest.fail("must not begin")
    assert sorted(tmp_path.iterdir()) == before
    assert kind != "link" or kept.read_text() == "precious"


def test_what_killed_processes_left_of_files_goes_and_what_is_being_written_stays(tmp_path):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom veedor.files.replacing import replacing\n"
        "with replacing(Path(sys.argv[1])) as part:\n    part.write_text('half')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    path = tmp_path / "a[b].csv"
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    with replacing(path) as first:
        assert list(tmp_path.iterdir()) == [first]
        first.write_text("first")
        with replacing(path) as second:
            second.write_text("second")
        assert first.exists()
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


def test_temporary_copies_of_killed_processes_go_at_the_next_start(tmp_path, monkeypatch):
    code = (
        "import os\nfrom veedor.files.temporary import temporary_folder\n"
        "with temporary_folder() as folder:\n    (folder / 'copy').write_text('x')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=False, env=environment)
    (left,) = tmp_path.glob("veedor-*/copy")
    (tmp_path / "veedor-mine").mkdir()  # no lock: not of this kind
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_folder() as one:
        assert not left.exists()
        assert one.stat().st_mode & 0o077 == 0
        with temporary_folder() as other:
            assert one.is_dir()
            assert other.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["veedor-mine"]


def test_a_seal_holds_only_for_what_was_sealed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1")
    (tmp_path / "a" / "y").write_text("1")
    seals = Seals(tmp_path / "a", tmp_path / "s", "these data", sealed.key())
    seals.seal(tmp_path / "a" / "x")
    assert seals.holds(tmp_path / "a" / "x")
    assert not seals.holds(tmp_path / "a" / "y")
    for other in (
        Seals(tmp_path / "a", tmp_path / "s", "other data", sealed.key()),
        Seals(tmp_path / "a", tmp_path / "s", "these data", b"another's"),
    ):
        assert not other.holds(tmp_path / "a" / "x")
    (tmp_path / "a" / "x").write_text("2")
    assert not seals.holds(tmp_path / "a" / "x")
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "kept").write_text("precious")
    (tmp_path / "a" / "link").symlink_to(tmp_path / "far")
    seals.clear()
    assert not list((tmp_path / "a").iterdir())
    assert (tmp_path / "far" / "kept").read_text() == "precious"


def test_the_key_is_the_users_own_and_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    first = sealed.key()
    place = tmp_path / "state" / "veedor" / "resume.key"
    assert place.stat().st_mode & 0o777 == 0o600
    assert sealed.key() == first == place.read_bytes()
    place.chmod(0o644)  # others may have read it
    second = sealed.key()
    assert second != first
    assert place.stat().st_mode & 0o777 == 0o600
    place.unlink()
    place.symlink_to(tmp_path / "planted")
    (tmp_path / "planted").write_bytes(b"0" * 32)
    assert sealed.key() != b"0" * 32
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    assert sealed.key() != sealed.key()  # nothing can be kept, so nothing is gone on with


def test_a_file_is_read_within_bounds(tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(b"x" * 11)
    assert content(path, 11, "It") == b"x" * 11
    with pytest.raises(UnreadableError, match="at most"):
        content(path, 10, "It")
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(UnreadableError, match="plain file"):
            content(place, 10, "It")


def test_an_old_folder_of_the_same_run_goes_with_the_swap(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)
        write_manifest(tmp_path / name, Manifest(veedor="0.1.0"))
    put(tmp_path / "two", tmp_path / "one")
    assert (tmp_path / "one" / "x").read_text() == "two"
    assert not (tmp_path / "two").exists()
