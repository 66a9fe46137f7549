"""The site that tests of the web app use: one a process, with an account of each role."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veedor.report.words import words_in
from veedor.web.site.folder import About, Site, making
from veedor.web.site.opening import migrate, open_site
from veedor.web.site.words import settings_file

if TYPE_CHECKING:
    from veedor.web.projects.models import Project

#: What a table of an authority may hold.
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202egnol\u2066 " + "x" * 900
#: Of every account, and the secret of its authenticator app.
PASSWORD = "una clave larga de prueba"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@cache
def opened() -> Site:
    """Open a new site, without its database, once a process."""
    folder = Path(tempfile.mkdtemp(prefix="veedor-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    about = About(title="Observatorio de prueba", address="http://testserver")
    with making(folder / "site", settings_file(words_in("es"), about)):
        pass
    return open_site(folder / "site")


@cache
def filled() -> Path:
    """Make its database, with an account of each role and two projects; return the file."""
    from django.db import connection

    site = opened()
    migrate()
    fill()
    connection.close()
    return site.database


def _fill_pack(project: Any, reader: Any) -> None:
    """Make a pack of three lines, with a text as hostile as a table's may be."""
    from veedor.web.reading.models import Assignment, Line, Pack

    pack = Pack.objects.create(
        key="paquete",
        project=project,
        title="Bolsos sin dueño",
        sha256="0" * 64,
        counts=False,
        shown=["what"],
        answers=[["right", "It was there."], ["wrong", "It was not."], ["cannot tell", ""]],
        readers=2,
    )
    texts = ["a bag", HOSTILE, "a coat"]
    Line.objects.bulk_create(
        Line(pack=pack, reader=n, place=place, item=f"R{n}-{place}", texts=[text])
        for n in (1, 2)
        for place, text in enumerate(texts if n == 1 else texts[::-1], start=1)
    )
    Assignment.objects.create(pack=pack, reader=1, user=reader)


def fill() -> None:
    """Make an account of each role and two projects."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth.hashers import make_password

    from veedor.web.accounts.models import Office, User
    from veedor.web.projects.models import Membership, Project

    office = Office.objects.create(name="Defensoría de prueba")
    own = Project.objects.create(title="Proyecto propio", key="propio")
    other = Project.objects.create(title="Proyecto ajeno", key="ajeno")
    made = (
        ("analyst", "", own),
        ("reader", "", own),
        ("stranger", "", other),  # an analyst of another project
        ("nobody", "", None),  # of no project
        ("auditor", "auditor", None),
        ("administrator", "administrator", None),
    )
    for name, site_role, project in made:
        user = User.objects.create_user(f"{name}@example.org", None, office, site_role=site_role)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)
        if project is not None:
            role = "reader" if name == "reader" else "analyst"
            Membership.objects.create(user=user, project=project, role=role)
    _fill_pack(own, User.objects.get(email="reader@example.org"))
    User.objects.create_user("fresh@example.org", None, office)  # without a second factor
    User.objects.update(password=make_password(PASSWORD))
    fill_work(own)
    fill_disclosure(own)


def fill_work(project: Project) -> None:
    """Make an upload, a study and an audit that is done, with its report."""
    from veedor.files.folders import replacing_folder
    from veedor.web.projects.models import Upload
    from veedor.web.work.models import Job, Study

    Upload.objects.create(
        key="subida",
        project=project,
        name="datos.csv",
        size=8,
        state="kept",
        kind="csv",
        ending=".csv",
        rows=1,
    )
    Study.objects.create(key="estudio", project=project, title="Estudio de prueba")
    job = Job.objects.create(
        key="trabajo",
        project=project,
        task="audit_behaviour",
        request={},
        folder="work/propio/trabajo",
        language="es",
        state="done",
        outcome={"told": [], "holds": True, "hindrances": []},
    )
    job.result.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(job.result) as building:
        (building / "report.html").write_text("<!doctype html><p>informe", encoding="utf-8")
        (building / "estimates.csv").write_text("a,b\n1,2\n", encoding="utf-8")


def record_text(version: str = "1", day: str = "2026-01-31", **answers: str) -> str:
    """The file of a record, as somebody keeps it: fields that were answered, by their keys."""
    lines = [
        "[about]",
        'system = "lectoras de patentes"',
        'body = "el ministerio"',
        f'version = "{version}"',
        f"date = {day}",
        'language = "es"',
    ]
    for field, value in answers.items():
        lines += [
            f"[fields.{field}]",
            'state = "given"',
            f'value = "{value}"',
            'source = "nota 12"',
            f"date = {day}",
        ]
    return "\n".join(lines) + "\n"


def fill_disclosure(project: Project) -> None:
    """Make a record of two versions, and a request that was not sent, with its letter."""
    from datetime import date

    from veedor.files.folders import replacing_folder
    from veedor.files.replacing import sha256
    from veedor.web.disclosure.models import Export, InformationRequest, Record, Version
    from veedor.web.work.models import Job

    record = Record.objects.create(
        key="registro", project=project, system="lectoras de patentes", body="el ministerio"
    )
    texts = (record_text(), record_text("2", "2026-02-28", retention="noventa días"))
    for number, text in enumerate(texts, 1):
        path = record.path_of(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        version = Version.objects.create(
            record=record,
            number=number,
            label=str(number),
            day=date(2026, number, 28),
            sha256=sha256(path),
        )
    Export.objects.create(version=version, job=Job.objects.get(key="trabajo"))
    asked = InformationRequest.objects.create(
        project=project,
        number=1,
        subject="Plazos de conservación",
        system=record.system,
        body=record.body,
        version=version,
        folder="work/propio/carta",
        name="01-retention",
        procedure="information",
    )
    folder = record.path_of(1).parents[1] / "carta"
    with replacing_folder(folder) as building:
        for ending in ("docx", "html"):
            (building / f"{asked.name}.{ending}").write_bytes(b"carta")
