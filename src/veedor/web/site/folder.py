"""A site on disk: its settings, its secret, its database and its folders."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from veedor.complaints import complaint
from veedor.errors import StudyError, phrase
from veedor.languages import languages
from veedor.sealing import create_key

SETTINGS = "site.toml"
SECRET = "secret_key"  # noqa: S105 - the name of a file
_FOLDERS = ("uploads", "work", "public", "mail", "checkpoints")
#: What the access log is signed with.
LOG_KEY = "log.key"
#: What the log is known by, and names are made with, once another key took the first one's place.
LOG_FIRST = "log.first"
#: The database, where no other is named.
DATABASE = "db.sqlite3"
#: Characters of the key that sessions and links are signed with.
_LENGTH = 64

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the site is.

    Parameters
    ----------
    title : str
    address : str
        What people type to reach it. With https, cookies and browsers are held to it.
    language : str
        Of who asks for none.
    time_zone : str
        In which times are shown.
    proxies : int
        How many of one's own stand between the site and the world; what they say of who asks is
        believed.
    """

    title: Text
    address: Text = "http://127.0.0.1:8000"
    language: str = "es"
    time_zone: str = "America/Argentina/Buenos_Aires"
    proxies: Annotated[int, msgspec.Meta(ge=0, le=8)] = 0


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The server that sends mail; without a host, mail is written into ``mail/``.

    Parameters
    ----------
    host : str
    port : int
    user : str
    sender : str
        Address that mail comes from.
    encryption : str
        "starttls", "tls" or "none".
    """

    host: str = ""
    port: Port = 587
    user: str = ""
    sender: str = "veedor@localhost"
    encryption: str = "starttls"


class Witnesses(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is given checkpoints of the access log by `veedor web witness`, and how often.

    Parameters
    ----------
    every_hours : float
        Between two times that a worker has it done; 0 for never.
    mail : tuple of str
        Addresses of people who do not answer to whoever keeps the site.
    git : str
        Folder of a clone whose remote others keep; empty for none.
    sites : tuple of str
        Addresses of other sites' checkpoints, of which this site is a witness.
    """

    every_hours: Annotated[float, msgspec.Meta(ge=0, le=8_760)] = 24.0
    mail: Annotated[tuple[Text, ...], msgspec.Meta(max_length=20)] = ()
    git: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    sites: Annotated[tuple[Text, ...], msgspec.Meta(max_length=50)] = ()


class Uploads(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much may be uploaded.

    Parameters
    ----------
    file_mib : int
        Of one file.
    project_mib : int
        Of all that a project holds.
    clock_s : int
        That looking at one file may take.
    """

    file_mib: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 500
    project_mib: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 5_000
    clock_s: Annotated[int, msgspec.Meta(ge=1, le=86_400)] = 600


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How jobs are done.

    Parameters
    ----------
    processes : int
        In which the forecasts of one study are made.
    abandoned_after_s : float
        A job whose worker was not heard of for so long is taken by another.
    memory_mib : int
        That one job may take, with all its processes; 0 is half of what the machine has.
    processor_s, clock_s : int
        Seconds of processor, and by the clock, that one job may take.
    project_mib, project_files : int
        That the results of all jobs of a project may come to.
    """

    processes: Annotated[int, msgspec.Meta(ge=1, le=256)] = 1
    abandoned_after_s: Annotated[float, msgspec.Meta(ge=2.0, le=3_600.0)] = 60.0
    memory_mib: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0
    processor_s: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] = 2 * 86_400
    clock_s: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 86_400
    project_mib: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 20_000
    project_files: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] = 100_000


PerMinute = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much is answered in a minute to one address of visitors, or one account; 0 for no limit.

    Parameters
    ----------
    pages : int
        All that is none of the following.
    api : int
    files : int
        Of results and of published things.
    exports : int
        What is packed anew for who asks.
    """

    pages: PerMinute = 600
    api: PerMinute = 300
    files: PerMinute = 6_000
    exports: PerMinute = 30


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What ``site.toml`` says."""

    site: About
    mail: Mail = Mail()
    witnesses: Witnesses = Witnesses()
    uploads: Uploads = Uploads()
    work: Work = Work()
    limits: Limits = Limits()


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A site that was read from its folder.

    Parameters
    ----------
    folder : Path
    settings : Settings
    secret : str
        What sessions and links are signed with.
    former : tuple of str
        Secrets that it had before; only while it is being renewed.
    """

    folder: Path
    settings: Settings
    secret: str
    former: tuple[str, ...] = ()

    @property
    def database(self) -> Path:
        """The database, where no other is named by ``DATABASE_URL``."""
        return self.folder / DATABASE

    @property
    def uploads(self) -> Path:
        """What was uploaded and kept."""
        return self.folder / "uploads"

    @property
    def work(self) -> Path:
        """Where jobs write."""
        return self.folder / "work"

    @property
    def public(self) -> Path:
        """What anyone may read."""
        return self.folder / "public"

    @property
    def mail(self) -> Path:
        """Mail that no server sends."""
        return self.folder / "mail"

    @property
    def log_key(self) -> Path:
        """What the access log is signed with."""
        return self.folder / LOG_KEY

    @property
    def log_first(self) -> Path:
        """What is kept of the first key of the access log, where another is in its place."""
        return self.folder / LOG_FIRST

    @property
    def checkpoints(self) -> Path:
        """Heads of the access log that were given out, and those kept of other sites."""
        return self.folder / "checkpoints"

    @property
    def host(self) -> str:
        """The name in the address."""
        return urlsplit(self.settings.site.address).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether the address is of https."""
        return urlsplit(self.settings.site.address).scheme == "https"


def read_site(folder: Path) -> Site:
    """Read a site from its folder.

    Raises
    ------
    StudyError
        If it is no site, or a setting of it is wrong.
    """
    folder = folder.absolute()
    place = folder / SETTINGS
    try:
        settings = msgspec.toml.decode(place.read_bytes(), type=Settings)
        secret, *former = (folder / SECRET).read_text(encoding="ascii").split() or [""]
    except FileNotFoundError as error:
        raise StudyError(
            "A site must be a folder that `veedor web init` made.",
            found=phrase("no {name}", name=Path(error.filename).name),
            where=str(folder),
            remedy="make one: `veedor web init SITE`",
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            "site.toml must say what veedor knows.",
            found=complaint(error) if isinstance(error, msgspec.ValidationError) else str(error),
            where=str(place),
        ) from error
    _require_sound(settings, place)
    return Site(folder=folder, settings=settings, secret=secret, former=tuple(former))


def new_secret() -> str:
    """Draw a secret."""
    return secrets.token_urlsafe(_LENGTH)[:_LENGTH]


def write_secrets(folder: Path, *which: str) -> None:
    """Write the secret of a site, and those that it had before; whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{SECRET}.", dir=folder)  # only its owner reads it
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("\n".join(which) + "\n")
            file.flush()
            os.fsync(handle)
        Path(name).replace(folder / SECRET)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _require_sound(settings: Settings, place: Path) -> None:
    about = settings.site
    address = urlsplit(about.address)
    if address.scheme not in ("http", "https") or not address.hostname or address.path.strip("/"):
        raise StudyError(
            "The address of a site must be http:// or https:// and a name, without a path.",
            found=about.address,
            where=_at(place, "site.address"),
        )
    if about.language not in languages():
        raise StudyError(
            "The language of a site must be one that veedor speaks.",
            found=about.language,
            where=_at(place, "site.language"),
        )
    try:
        ZoneInfo(about.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise StudyError(
            "The time zone of a site must be one of the tz database.",
            found=about.time_zone,
            where=_at(place, "site.time_zone"),
        ) from error
    if settings.mail.encryption not in ("starttls", "tls", "none"):
        raise StudyError(
            "Mail must be encrypted by starttls, by tls, or by none.",
            found=settings.mail.encryption,
            where=_at(place, "mail.encryption"),
        )


def _at(place: Path, setting: str) -> str:
    return phrase("{name}, {part}", name=place, part=setting)


@contextmanager
def making(folder: Path, text: str) -> Iterator[Path]:
    """Make a site whole or not at all: what is yielded is moved to its place at the end.

    Parameters
    ----------
    folder : Path
        New, or empty.
    text : str
        Of its ``site.toml``.

    Raises
    ------
    StudyError
        If something is there already.
    """
    with placing(folder) as building:
        (building / SETTINGS).write_text(text, encoding="utf-8", newline="\n")
        write_secrets(building, new_secret())
        create_key(building / LOG_KEY)
        yield building


@contextmanager
def placing(folder: Path) -> Iterator[Path]:
    """Give a new folder, with those that every site has, and move it to its place at the end.

    Parameters
    ----------
    folder : Path
        New, or empty.

    Raises
    ------
    StudyError
        If something is there already.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise StudyError(
            "A site must go into a new folder.",
            found=phrase("other files"),
            where=str(folder),
            remedy="name another folder, or serve the site that is there: `veedor web run SITE`",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name in _FOLDERS:
            (building / name).mkdir(mode=0o700)
        yield building
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
