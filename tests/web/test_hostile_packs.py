"""Packs made to break a site: each is refused whole, and nothing of it is left."""

from __future__ import annotations

import io
import json
import stat
import zipfile

import pytest
from tests.web.databases import EACH_IN_A_RELEASE
from tests.web.test_packs_uploaded import PAGE, give, left, packs, zipped
from tests.web.working import site_folder, work

from veedor.audits.reading import unpack
from veedor.errors import PersonalDataRefusal, VeedorError

pytestmark = EACH_IN_A_RELEASE


def _linked(folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            about = zipfile.ZipInfo(name)
            if name == "plan.json":
                about.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(about, "/etc/passwd")
            elif path.is_file():
                archive.writestr(about, path.read_bytes())
    return packed.getvalue()


def _twice(folder):
    packed = io.BytesIO(zipped(folder))
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("plan.json", b"{}")
    return packed.getvalue()


def _of_another_seal(folder):
    key = json.loads((folder / "key.json").read_text())
    key["items"][0]["stratum"] = "other"
    return zipped(folder, **{"key.json": json.dumps(key).encode()})


def _of_many(folder, readers):
    key = json.loads((folder / "key.json").read_text())
    key["readers"] = readers
    return zipped(folder, **{"key.json": json.dumps(key).encode()})


def _shown(folder, text):
    path = folder / "for_readers" / "reader_1.csv"
    lines = path.read_text("utf-8-sig").replace("bag by the door 1", text)
    return zipped(folder, **{"for_readers/reader_1.csv": lines.encode()})


HOSTILE = {
    "no zip": lambda _: b"PK\x03\x04 nothing",
    "an empty file": lambda _: b" ",
    "a table": lambda _: b"a,b\n1,2\n",
    "a broken zip": lambda folder: zipped(folder)[:400],
    "a bomb": lambda folder: zipped(folder, **{"manifest.json": b"0" * (250 << 20)}),
    "a path that leads up": lambda folder: zipped(folder, **{"../evil.csv": b"x"}),
    "a path within that leads up": lambda folder: zipped(
        folder, **{"for_readers/../../evil.csv": b"x"}
    ),
    "an absolute path": lambda folder: zipped(folder, **{"/etc/evil": b"x"}),
    "a path of Windows": lambda folder: zipped(folder, **{"for_readers\\reader_1.csv": b"x"}),
    "a folder that leads up": lambda folder: zipped(folder, "../"),
    "two folders": lambda folder: zipped(folder, "a/b/"),
    "a drive": lambda folder: zipped(folder, "C:/"),
    "a file too many": lambda folder: zipped(folder, **{"notes.txt": b"x"}),
    "a program": lambda folder: zipped(folder, **{"for_readers/reader_1.csv.exe": b"MZ"}),
    "a second key": lambda folder: zipped(folder, **{"for_readers/key.json": b"{}"}),
    "a reader too many": lambda folder: zipped(
        folder, **{"for_readers/reader_3.csv": b"item,as_written,answer\n"}
    ),
    "a reader too few": lambda folder: zipped(folder, **{"for_readers/reader_2.csv": None}),
    "no plan": lambda folder: zipped(folder, **{"plan.json": None}),
    "another plan": lambda folder: zipped(folder, **{"plan.json": b"{}"}),
    "another codebook": lambda folder: zipped(
        folder, **{"codebook.csv": b"answer,counts_as,meaning\nyes,yes,\nno,no,\n"}
    ),
    "another seal": _of_another_seal,
    "a million readers": lambda folder: _of_many(folder, 1_000_000),
    "no readers": lambda folder: _of_many(folder, 0),
    "a key of nothing but brackets": lambda folder: zipped(folder, **{"key.json": b"[" * 500_000}),
    "a link": _linked,
    "a file twice": _twice,
    "a plate": lambda folder: _shown(folder, "AB123CD by the door"),
    "a mail address": lambda folder: _shown(folder, "ana.perez@example.org"),
    "an answer": lambda folder: zipped(
        folder,
        **{
            "for_readers/reader_1.csv": (folder / "for_readers" / "reader_1.csv")
            .read_text("utf-8-sig")
            .replace('door 1,', 'door 1,Juan Perez', 1)
            .encode()
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_whole(client_of, made, name):
    from veedor.web.projects.models import Upload

    client = client_of("analyst")
    give(client, HOSTILE[name](made[0]))
    work()
    assert packs() == []
    assert left() == []
    upload = Upload.objects.exclude(key="subida").get()
    assert (upload.state, upload.name, upload.sha256) == ("refused", "", "")
    kept = str(upload.rule) + str(upload.jobs.get().error)
    for value in ("AB123CD", "ana.perez", "Juan Perez", "passwd", str(site_folder())):
        assert value not in kept
    assert not list(site_folder().rglob("evil*"))
    page = client.get(PAGE)
    assert "Rechazado y borrado" in page.text
    assert "Qué hacer" in page.text or "Se encontró" in page.text


def test_nothing_is_written_outside_of_its_folder(made, tmp_path):
    for name, make in HOSTILE.items():
        archive, into = tmp_path / "x.zip", tmp_path / "deep" / "into"
        into.mkdir(parents=True, exist_ok=True)
        archive.write_bytes(make(made[0]))
        before = {one for one in tmp_path.rglob("*") if not one.is_relative_to(into)}
        try:
            unpack(archive, into)
        except VeedorError:
            pass
        else:
            assert name in (
                "another plan", "another codebook", "another seal", "a million readers",
                "no readers", "a key of nothing but brackets", "a plate", "a mail address",
                "an answer", "a reader too few", "a reader too many",
            ), name  # fmt: skip
        assert {one for one in tmp_path.rglob("*") if not one.is_relative_to(into)} == before
        for one in sorted(into.rglob("*"), reverse=True):
            assert not one.is_symlink()
            one.rmdir() if one.is_dir() else one.unlink()


def test_personal_data_are_what_the_refusal_says(made, tmp_path):
    from veedor.tasks.judging import for_readers_in

    (tmp_path / "x.zip").write_bytes(HOSTILE["a plate"](made[0]))
    with pytest.raises(PersonalDataRefusal):
        for_readers_in(tmp_path / "x.zip")
