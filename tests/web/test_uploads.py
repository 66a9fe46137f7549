"""Uploads: what is kept, what is refused and erased, and what is never taken in."""

from __future__ import annotations

import contextlib
import gzip
import io
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.working import site_folder, work

DEMO = files("veedor.demo")
GOOD = b"place,count\nA1,2\nA2,3\n"


def give(client, data: bytes, name: str = "datos.csv", field: str = "file"):
    """Upload a file."""
    return client.post("/projects/propio/uploads/new/", {field: SimpleUploadedFile(name, data)})


def give_raw(client, name: str) -> None:
    """Upload a file whose name is sent as it is, which no browser does."""
    head = f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + GOOD + b"\r\n--B--\r\n"
    answer = client.post(
        "/projects/propio/uploads/new/", body, content_type="multipart/form-data; boundary=B"
    )
    assert answer.status_code in (302, 400)


def last():
    """The upload that was given last."""
    from veedor.web.projects.models import Upload

    return Upload.objects.first()


def held() -> list[Path]:
    """Every file of uploads that is on disk."""
    return sorted(one for one in (site_folder() / "uploads").rglob("*") if one.is_file())


def test_a_sound_file_is_kept_under_a_name_of_ours(client_of):
    client = client_of("analyst")
    answer = give(client, GOOD, "../../Robos 2024.csv")
    assert answer.headers["Location"] == "/projects/propio/uploads/"
    assert last().state == "received"
    work()
    upload = last()
    assert (upload.state, upload.kind, upload.rows, upload.name) == (
        "kept",
        "csv",
        2,
        "Robos 2024.csv",
    )
    assert held() == [site_folder() / "uploads" / "propio" / f"{upload.key}.csv"]
    assert held()[0].read_bytes() == GOOD
    assert "Robos 2024.csv" in client.get("/projects/propio/uploads/").text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"dni,n\n30123456,1\n", "identificadores de personas"),
        (b"mail,n\nana@example.org,1\n", "Rechazado"),
        (b"detalle,n\nana@example.org,1\n", "correo"),
        (b"nota,n\nJuan Perez,1\nMaria Gomez,2\nJose Lopez,3\n", "nombres de personas"),
        (b"foto,n\na.jpg,1\n", "Rechazado"),
        (gzip.compress(b"detalle,n\nana@example.org,1\n"), "correo"),
    ],
    ids=["identity", "header", "mail", "names", "image", "packed"],
)
def test_personal_data_stop_an_upload_and_erase_it(client_of, data, told):
    client = client_of("analyst")
    give(client, data, "Juan Perez 30123456.csv")
    work()
    upload = last()
    assert upload.state == "refused"
    assert not held()
    assert (upload.name, upload.sha256) == ("", "")
    kept = str(upload.rule)
    for value in ("ana@example.org", "Juan", "30123456", "a.jpg"):
        assert value not in kept
    page = client.get("/projects/propio/uploads/").text
    assert told in page
    assert "ana@example" not in page


def test_a_column_of_persons_is_kept_where_it_holds_nothing_but_keys(tmp_path):
    from veedor.errors import PersonalDataRefusal
    from veedor.tables.screening import screen_file

    key = "5869ce7e-98f2-47e7-a3c2-5e6bff4def4a"
    (tmp_path / "x").write_text(f"userId,n\n{key},1\n", encoding="utf-8")
    assert screen_file(tmp_path / "x", lambda rows: None).rows == 1
    (tmp_path / "x").write_text(f"userId,n\n{key},1\njperez,2\n", encoding="utf-8")
    with pytest.raises(PersonalDataRefusal):
        screen_file(tmp_path / "x", lambda rows: None)


def zipped(**members: bytes) -> bytes:
    """A zip of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return made.getvalue()


HOSTILE = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page": b"  <!doctype html><script>a,b</script>\n1,2\n",
    "xml": b"<?xml version='1.0'?><a>1,2</a>",
    "pdf": b"%PDF-1.7 a,b\n1,2\n",
    "binary": bytes(range(256)) * 4,
    "program": b"\x7fELF" + b"\0" * 200,
    "nothing": b"   \n",
    "one column": b"a\n1\n",
    "ragged": b"a,b\n1,2\n1,2,3\n",
    "a zip with a page": zipped(a_csv=GOOD, b_html=b"<script>1</script>"),
    "a zip in a zip": zipped(a_csv=zipped(a_csv=GOOD)),
    "a zip of nothing": zipped(a_exe=b"MZ"),
    "a broken zip": zipped(a_csv=GOOD)[:60],
    "a gz of a page": gzip.compress(b"<html>a,b</html>"),
    "a bomb": gzip.compress(b"0" * (80 << 20), 9),
    "a bomb of a zip": zipped(a_csv=b"a,b\n" + b"1,1\n" * (25 << 20)),
    "deep": b'{"type":"FeatureCollection","features":' + b"[" * 5_000,
    "a page before a zip": b"<html>" + zipped(a_csv=GOOD),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_is_refused(name, tmp_path):
    from veedor.errors import UnreadableError
    from veedor.tables.screening import screen_file

    (tmp_path / "x").write_bytes(HOSTILE[name])
    with pytest.raises(UnreadableError):
        screen_file(tmp_path / "x", lambda rows: None)


def test_what_is_no_table_is_erased(client_of):
    give(client_of("analyst"), HOSTILE["svg"], "tabla.csv")
    work()
    assert last().state == "refused"
    assert not held()


def test_a_header_of_megabytes_ends(tmp_path):
    from veedor.errors import VeedorError
    from veedor.tables.screening import screen_file

    (tmp_path / "x").write_bytes(b"a," + b"x" * (10 << 20) + b"\n1,2\n")
    with contextlib.suppress(VeedorError):
        screen_file(tmp_path / "x", lambda rows: None)


NAMES = [
    "../../etc/passwd",
    "..\\..\\site.toml",
    "/abs/x.csv",
    "a\0b.csv",
    "datos\u202egpj.exe",
    "<img src=x onerror=alert(1)>.csv",
    "a" * 5_000 + ".csv",
    "=HYPERLINK(1).csv",
    "{{ 7*7 }}.csv",
    "nul",
    "..",
    ".",
    "",
    "\u2067\u2066rtl\u2069.csv",
    "Juan Perez DNI 30123456.csv",
    "a\nb\rc.csv",
    "%2e%2e%2fx.csv",
    "é́́́.csv",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_shown_and_shown_safely(client_of, name):
    from veedor.web.projects.uploads import shown_name

    clean = shown_name(name)
    assert len(clean) <= 80
    assert "/" not in clean
    assert "<" not in clean
    assert not any(ord(one) < 32 or one in "\u202e\u2066\u2067\u2069" for one in clean)
    assert "Perez" not in clean
    client = client_of("analyst")
    give_raw(client, name)
    page = client.get("/projects/propio/uploads/").text
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page or "7*7" not in name
    assert "\u202e" not in page
    assert all(one.parent.name == "incoming" for one in held())


def test_a_file_that_is_too_large_is_not_read_to_its_end(client_of, monkeypatch):
    from veedor.web.projects import receiving, uploads

    monkeypatch.setattr(uploads, "_MIB", 2)  # so that 500 of them are 1,000 bytes
    client = client_of("analyst")
    answer = give(client, b"a,b\n" + b"1,2\n" * 100_000)
    assert answer.status_code == 400  # by what the request says of itself
    monkeypatch.setattr(receiving, "AROUND", 1 << 30)
    answer = give(client, b"a,b\n" + b"1,2\n" * 100_000)
    assert answer.status_code == 400  # by what came
    assert "MiB" in answer.text
    assert last().key == "subida"
    assert not held()


def test_a_project_holds_so_much_and_no_more(client_of):
    from veedor.web.projects.models import Upload

    client = client_of("analyst")
    most = 5_000 << 20
    Upload.objects.filter(key="subida").update(size=most - len(GOOD) - 1)
    assert give(client, GOOD).status_code == 302
    answer = give(client, GOOD)
    assert answer.status_code == 400
    assert "MiB" in answer.text
    assert len(held()) == 1
    Upload.objects.filter(key="subida").update(state="erased")
    assert give(client, GOOD).status_code == 302


def test_no_other_address_takes_a_file(client_of):
    client = client_of("analyst")
    for address in ("/language/", "/projects/propio/new-study/", "/projects/propio/audits/access/"):
        client.post(address, {"file": SimpleUploadedFile("x.csv", GOOD)})
        give(client, GOOD, field="other")
    assert not held()
    assert last().key == "subida"


def test_a_forged_form_leaves_nothing(client_of):
    from django.test import Client

    client = client_of("analyst")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = give(strict, GOOD)
    assert answer.status_code == 403
    assert not held()


def test_an_upload_is_erased_by_wish(client_of):
    client = client_of("analyst")
    give(client, GOOD)
    work()
    client.post(f"/projects/propio/uploads/{last().key}/erase/")
    assert last().state == "erased"
    assert not held()


def test_a_worker_that_died_after_moving_a_file_is_made_good(client_of):
    from veedor.web.projects.models import Upload

    give(client_of("analyst"), GOOD)
    upload = last()
    upload.ending = ".csv"
    upload.kept_path().parent.mkdir(parents=True)
    upload.incoming_path().rename(upload.kept_path())
    work()
    assert Upload.objects.get(pk=upload.pk).state == "kept"
    assert len(held()) == 1


def test_what_lies_in_the_way_in_is_swept(client_of):
    import os

    from veedor.web.projects.uploads import incoming, sweep

    give(client_of("analyst"), GOOD)
    (incoming() / ".left").write_bytes(b"x")
    for path in incoming().iterdir():
        os.utime(path, (1, 1))
    sweep()
    assert [one.name for one in held()] == [last().key]
