"""`write_copy`: everything that anyone may read, as files for any web server.

::

    DIR/
      index.html              the first page, in the site's language
      es/  en/                every page, in each language
      published/KEY/files/    the files of each publication, as they are
      api/  feed/             the same for machines; lists stand whole in one file
      static/                 style and the script that checks a log
"""

from __future__ import annotations

import logging
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from veedor.files.folders import replacing_folder
from veedor.languages import languages
from veedor.web.looks.given_out import newest
from veedor.web.observatory.models import Publication, PublishedFile
from veedor.web.observatory.views import ON_A_PAGE
from veedor.web.pages.jinja import COPY

#: What pages of a copy fetch.
_STATIC = ("veedor/site.css", "veedor/icon.svg", "veedor/verify.js")
_LINK = re.compile(r'\b(href|src|data-verify)="(/[^"]*)"')
#: Pages that stand for themselves in a language.
_PAGES = ("home", "published", "promises", "public_data", "looks_public")
_FOR_MACHINES = (
    "api_publications",
    "api_promises",
    "api_scoreboard",
    "api_description",
    "looks_key",
    "looks_keys",
)


def write_copy(target: Path, told: Callable[[int], None] = lambda _: None) -> int:
    """Write every public page and file into a folder, which is replaced when the copy is whole.

    Parameters
    ----------
    target : Path
        New, empty, or an earlier copy.
    told : callable
        Is told how many files were written.

    Returns
    -------
    int
        Files written.

    Raises
    ------
    StudyError
        If the folder holds what is someone else's.
    """
    with _unseen(), replacing_folder(target) as building:
        copy = _Copy(building)
        for count, write in enumerate(copy.all_files(), 1):
            write()
            told(count)
        return count


@contextmanager
def _unseen() -> Iterator[None]:
    """Leave what a copy asks of the site out of its log of requests: nobody visits."""
    log = logging.getLogger("veedor.requests")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)


class _Copy:
    """A copy that is being written.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        site = settings.VEEDOR_SITE
        self.language: str = site.settings.site.language
        self.pages = dict(_pages())
        self.client = Client(SERVER_NAME=site.host)
        self.secure: bool = site.secure

    def all_files(self) -> Iterator[Callable[[], None]]:
        """What writes each file, one by one."""
        for language in languages():
            for address in self.pages:
                yield partial(self._page, address, language)
        yield partial(self._page, reverse("home"), self.language, "index.html")
        for address in _for_machines():
            yield partial(self._for_machines, address)
        for name in _STATIC:
            yield partial(self._copied, Path(finders.find(name)), f"static/{name}")
        live = PublishedFile.objects.filter(publication__withdrawn_at__isnull=True)
        for one in live.select_related("publication").iterator():
            into = f"published/{one.publication.key}/{one.name}"
            yield partial(self._copied, one.publication.folder / one.name, into)

    def _page(self, address: str, language: str, name: str | None = None) -> None:
        name = name or f"{language}/{self.pages[address]}"
        text = self._got(address, language).decode()
        self._write(name, _LINK.sub(lambda found: self._link(found, name, language), text).encode())

    def _for_machines(self, address: str) -> None:
        self._write(address.lstrip("/"), self._got(address, self.language))

    def _got(self, address: str, language: str) -> bytes:
        headers = {"accept-language": language}
        extra: dict[str, Any] = {COPY: True}
        answer = self.client.get(address, secure=self.secure, headers=headers, **extra)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)

    def _link(self, found: re.Match[str], name: str, language: str) -> str:
        """Write an address of the site as the way to its file from another."""
        address = urlsplit(unescape(found[2]))
        path = address.path
        if path.startswith("/~"):
            language, path = path[2:].split("/", 1)
            path = f"/{path}"
        if path.startswith(settings.STATIC_URL):
            to = f"static/{path.removeprefix(settings.STATIC_URL)}"
        elif path in self.pages:
            to = f"{language}/{self.pages[path]}"
        else:
            to = unquote(path).lstrip("/")
        way = quote(posixpath.relpath(to, posixpath.dirname(name) or "."))
        return f'{found[1]}="{escape(way)}"'

    def _write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _copied(self, source: Path, name: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)


def _pages() -> Iterator[tuple[str, str]]:
    """Every page by its address, with its file."""
    for name in _PAGES:
        address = reverse(name)
        yield address, f"{address.lstrip('/')}index.html"
    rows = Publication.objects.all()
    for page in range(2, _pages_of(rows.count()) + 1):
        address = reverse("published_page", kwargs={"page": page})
        yield address, f"{address.lstrip('/')}index.html"
    for one in rows.only("key", "kind"):
        addresses = [reverse("publication", kwargs={"publication": one.key})]
        promises = one.promises.count()
        if promises:
            addresses.append(reverse("promises_of", kwargs={"publication": one.key}))
        for page in range(1, _pages_of(promises) + 1 if promises > ON_A_PAGE else 1):
            parts = {"publication": one.key, "page": page}
            addresses.append(reverse("promises_of_page", kwargs=parts))
        for address in addresses:
            yield address, f"{address.lstrip('/')}index.html"


def _pages_of(rows: int) -> int:
    return max(-(-rows // ON_A_PAGE), 1)


def _for_machines() -> Iterator[str]:
    for name in _FOR_MACHINES:
        yield reverse(name)
    if newest() is not None:
        yield reverse("looks_checkpoint")
    for key in Publication.objects.values_list("key", flat=True):
        yield reverse("api_publication", kwargs={"key": key})
    for language in languages():
        yield reverse("feed", kwargs={"language": language})
