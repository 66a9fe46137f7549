"""Packs through the uploads page: whole and blind, or refused whole; nothing of the key is left."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.databases import EACH
from tests.web.working import site_folder, work

pytestmark = EACH
PAGE = "/projects/propio/uploads/"


def zipped(folder, prefix="", **more):
    """The folder of a pack as a ZIP; `more` are other files, or others in the place of its own."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (files | more).items():
            if data is not None:
                archive.writestr(f"{prefix}{name}", data)
    return packed.getvalue()


def give(client, data, title="Alertas de marzo"):
    """Upload a pack, and have it looked at."""
    file = SimpleUploadedFile("pack.zip", data)
    return client.post(f"{PAGE}new-pack/", {"title": title, "file": file})


def packs():
    from veedor.web.reading.models import Pack

    return list(Pack.objects.exclude(key="paquete"))


def left():
    """Files of uploads that are on disk."""
    return [one for one in (site_folder() / "uploads").rglob("*") if one.is_file()]


@pytest.mark.parametrize("prefix", ["", "pack/"])
def test_a_pack_is_taken_in_and_its_key_is_nowhere(client_of, made, two, prefix):
    from veedor.web.projects.models import Upload
    from veedor.web.reading.models import Line

    client, (folder, _) = client_of("analyst"), made
    assert give(client, zipped(folder, prefix)).headers["Location"] == PAGE
    assert packs() == []
    work()
    (pack,) = packs()
    assert (pack.title, pack.readers, pack.shown) == ("Alertas de marzo", 2, ["as_written"])
    assert Line.objects.filter(pack=pack, reader=2).count() == 26
    upload = Upload.objects.get(pack=pack)
    assert (upload.state, upload.name, upload.sha256) == ("pack", "", "")
    assert left() == []
    assert not list((site_folder() / "uploads").glob("**/*.read"))
    page = client.get(PAGE).text
    assert f"/projects/propio/packs/{pack.key}/1/assign/" in page
    for told in ("probability", "stratum", "c000", "loitering"):
        assert told not in page
    # Readers are said on this page, and it stays the one that is shown.
    given = {"account": two.pk, "back": PAGE}
    answer = client.post(f"/projects/propio/packs/{pack.key}/1/assign/", given)
    assert answer.headers["Location"] == PAGE
    assert "nobody@example.org" in client.get(PAGE).text
    mine = client_of("nobody").get(f"/projects/propio/judging/{pack.key}/1/")
    assert mine.status_code == 200
    # No table for a study or an audit was made of it.
    assert pack.title not in client.get("/projects/propio/new-study/").text
    assert upload.key not in client.get("/projects/propio/new-study/").text


def test_an_auditor_sees_who_judges_and_gives_nothing_out(client_of, made):
    give(client_of("analyst"), zipped(made[0]))
    work()
    page = client_of("auditor").get(PAGE)
    assert page.status_code == 200
    assert "/assign/" not in page.text
    assert give(client_of("auditor"), zipped(made[0])).status_code == 404


@pytest.mark.parametrize("title", ["", "   ", "x" * 121, "a\u202eb", "ana.perez@example.org"])
def test_a_title_is_one_line_and_names_nobody(client_of, made, title):
    assert give(client_of("analyst"), zipped(made[0]), title).status_code == 400
    assert left() == []
    work()
    assert packs() == []


def test_a_pack_is_bounded_on_its_way_in(client_of, made, monkeypatch):
    from veedor.web.projects import receiving
    from veedor.web.projects.models import Upload
    from veedor.web.work import upload_views

    monkeypatch.setattr(upload_views, "_MOST_PACK", 1_000)
    assert give(client_of("analyst"), zipped(made[0]) + b"\0" * 200_000).status_code == 400
    monkeypatch.setattr(receiving, "AROUND", 1 << 30)
    assert give(client_of("analyst"), zipped(made[0])).status_code == 400
    assert left() == []
    assert Upload.objects.count() == 1


def test_the_same_pack_is_taken_in_once(client_of, made):
    client = client_of("analyst")
    for _ in range(2):
        give(client, zipped(made[0]))
        work()
    assert len(packs()) == 1
    assert left() == []
    assert "Rechazado y borrado" in client.get(PAGE).text


def test_a_forged_form_leaves_nothing(client_of, made):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_of("analyst").cookies
    assert give(strict, zipped(made[0])).status_code == 403
    assert left() == []


@pytest.mark.parametrize("when", ["before the archive is erased", "after it"])
def test_a_worker_that_died_once_the_pack_was_kept_is_made_good(client_of, made, monkeypatch, when):
    from veedor.web.projects.models import Upload
    from veedor.web.work import handling
    from veedor.web.work.models import Job

    give(client_of("analyst"), zipped(made[0]))
    erase = handling._erase_pack

    def dies(upload):
        if when == "after it":
            erase(upload)
        raise KeyboardInterrupt

    monkeypatch.setattr(handling, "_erase_pack", dies)
    with pytest.raises(KeyboardInterrupt):
        work()
    monkeypatch.undo()
    assert len(packs()) == 1
    Job.objects.filter(state="running").update(state="queued", worker="")
    work()
    assert len(packs()) == 1
    assert left() == []
    upload = Upload.objects.exclude(key="subida").get()
    assert (upload.state, upload.jobs.get().state) == ("pack", "done")


def test_a_pack_that_is_too_long_for_a_page_is_refused(client_of, made, monkeypatch):
    from veedor.web.reading import putting_in

    monkeypatch.setattr(putting_in, "MOST_LINES", 10)
    give(client_of("analyst"), zipped(made[0]))
    work()
    assert packs() == []
    assert left() == []
