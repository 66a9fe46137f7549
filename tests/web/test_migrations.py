"""A site of before goes forward, a newer one is refused, and no model lacks its migration."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.web.earlier import ENTRIES, PUBLICATION, restored
from tests.web.published import REPORT
from tests.web.signing_in import code, password, signed_in
from tests.web.test_backups import serving, verified

from veedor.errors import StudyError
from veedor.web.site.opening import migrate


def test_a_site_of_before_goes_forward(client_of, tmp_path):
    folder = restored(tmp_path / "earlier")
    with serving(folder, None):
        migrate()
        from django.core.management import call_command

        call_command("migrate", check_unapplied=True, verbosity=0)
        from veedor.web.looks.starting import require_sound

        require_sound()
        assert verified(tmp_path / "log") == ENTRIES
        visitor = client_of("visitor")
        page = f"/published/{PUBLICATION}/"
        for address in (
            "/",
            "/published/",
            page,
            "/promises/",
            "/looks/",
            "/data/",
            "/feed/es.xml",
        ):
            assert visitor.get(address).status_code == 200, address
        assert b"".join(visitor.get(f"{page}files/report.html")).decode() == REPORT
        client = client_of("visitor")
        password(client, "analyst")
        client.post("/accounts/login/code/", {"code": code()})
        assert signed_in(client)
        for address in (
            "",
            "uploads/",
            "studies/",
            "jobs/",
            "jobs/trabajo/",
            "packs/",
            "published/",
        ):
            assert client.get(f"/projects/propio/{address}").status_code == 200, address
        reader = client_of("reader")
        assert reader.get("/projects/propio/judging/paquete/2/").status_code == 200
        assert client_of("auditor").get("/looks/log/purpose").status_code == 200
        assert client_of("administrator").get("/accounts/").status_code == 200


def test_a_site_of_a_newer_veedor_is_refused_by_name(site):
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_applied("looks", "0099_what_is_not_there_yet")
    with pytest.raises(StudyError, match=r"looks\.0099_what_is_not_there_yet"):
        migrate()
    connection.close()
    environment = {name: one for name, one in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "veedor", "web", "run", str(site), "--bind", "127.0.0.1:1"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "looks.0099_what_is_not_there_yet" in done.stderr


def test_migrations_of_others_may_be_of_any_version():
    """A package may put several of its own into one; only veedor's are held against ours."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).record_applied("axes", "0099_what_is_not_there_yet")
    migrate()


def test_no_model_lacks_its_migration():
    from django.apps import apps
    from django.core.management import call_command

    own = [one.label for one in apps.get_app_configs() if one.name.startswith("veedor.")]
    call_command("makemigrations", *own, check_changes=True, dry_run=True, verbosity=0)
