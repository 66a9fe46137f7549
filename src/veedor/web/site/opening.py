"""Opening a site: Django is set up for it, once a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from veedor.errors import StudyError, phrase
from veedor.web.site.folder import Site, read_site

#: Of the environment: the folder of the site that a process serves.
FOLDER = "VEEDOR_SITE"
_MODULE = "veedor.web.site.settings"
_NEEDED = ("django", "allauth", "axes", "argon2", "whitenoise", "django_htmx", "gunicorn")


def require_installed() -> None:
    """Require what the extra brings.

    Raises
    ------
    StudyError
        Says what to install.
    """
    lacking = [name for name in _NEEDED if find_spec(name) is None]
    if lacking:
        raise StudyError(
            "The web app needs packages that are not installed by default.",
            found=phrase("no {names}", names=", ".join(lacking)),
            remedy="install them: `pip install 'veedor[web]'`",
        )


def open_site(folder: Path) -> Site:
    """Set up Django for a site.

    Raises
    ------
    StudyError
        If packages are missing, or the folder holds no site.
    """
    require_installed()
    site = read_site(folder)
    os.environ[FOLDER] = str(site.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = _MODULE
    import django

    django.setup()
    return site


def migrate() -> None:
    """Bring the database of the site that is open up to date, and clear sessions that ended.

    Raises
    ------
    StudyError
        If it is of a newer veedor than this, or does not answer.
    """
    from django.core.management import call_command

    with answering():
        require_known()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("clearsessions")


@contextmanager
def answering() -> Iterator[None]:
    """Say what to do where the database of the site that is open is gone, held or full.

    Raises
    ------
    StudyError
    """
    from django.db import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StudyError(
            "The database of a site must answer, and be written to.",
            found=str(error).strip().split("\n")[0],
            where=os.environ.get(FOLDER, ""),
            remedy="start it, let go of it or make room on its disk, and run this again",
        ) from error


def require_known() -> None:
    """Refuse a database that a newer veedor brought to where this one does not know it.

    Raises
    ------
    StudyError
        Names what is not known.
    """
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    require_all_known(".".join(one) for one in MigrationRecorder(connection).applied_migrations())


def require_all_known(applied: Iterable[str]) -> None:
    """Refuse migrations of veedor's own that this version does not have.

    Parameters
    ----------
    applied : iterable of str
        Each as ``app.name``.

    Raises
    ------
    StudyError
    """
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    own = {one.label for one in apps.get_app_configs() if one.name.startswith("veedor.")}
    known = {".".join(one) for one in MigrationLoader(None).disk_migrations}
    newer = sorted(one for one in applied if one.partition(".")[0] in own and one not in known)
    if newer:
        raise StudyError(
            "A site must not be of a newer veedor than the one that serves it.",
            found=phrase("{names}, which this one does not know", names=", ".join(newer)),
            where=os.environ.get(FOLDER, ""),
            remedy="install the newer veedor; a site never goes back",
        )


def in_another_process(folder: Path, *command: str) -> str:
    """Run a command of Django's for a site that this process does not open; return what it prints.

    Raises
    ------
    StudyError
        Tells the last line of what it complained of.
    """
    environment = os.environ | {FOLDER: str(folder), "DJANGO_SETTINGS_MODULE": _MODULE}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "django", *command, "--verbosity", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = done.stderr.strip().splitlines()
        raise StudyError(
            "The database of a site must be there, and be written to.",
            found=told[-1] if told else str(done.returncode),
            where=str(folder),
        )
    return done.stdout.strip()
