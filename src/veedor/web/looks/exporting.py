"""`exported`: the log as a folder in a ZIP, with its looks as a table, for a stranger to check."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from veedor.languages import languages
from veedor.report.words import Words, words_in
from veedor.sealing import Checkpoint, copy_log
from veedor.sealing.batches import Entry as SealedEntry
from veedor.sealing.look_table import HEADERS, look_rows
from veedor.web.looks.appending import signing_key
from veedor.web.looks.given_out import keep
from veedor.web.looks.models import Entry, LogEnd
from veedor.web.site.keys import first_key

#: Of every file in the ZIP, so that the same log gives the same bytes.
_WHEN = (1980, 1, 1, 0, 0, 0)
_AT_ONCE = 2_000


@contextmanager
def exported() -> Iterator[Path]:
    """Write the ZIP into a temporary folder of the site, which is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="looks-", dir=settings.VEEDOR_SITE.work))
    try:
        end = LogEnd.objects.get()
        keep(write_log(end, folder / "log"))
        with (folder / "looks.csv").open("w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(HEADERS)
            sealed = (SealedEntry.read(leaf, "the database") for leaf in _leaves(end.size))
            table.writerows(look_rows(one.manifest for one in sealed))
        (folder / "README.txt").write_text(_read_first(), encoding="utf-8")
        yield _packed(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_log(end: LogEnd, folder: Path) -> Checkpoint:
    """Write the log to where it ends into a new folder; return its checkpoint."""
    key = signing_key()
    made = copy_log(_leaves(end.size), end.origin, folder, key, first_key())
    return made.checkpoint(key)


def _leaves(size: int) -> Iterator[bytes]:
    """Entries in order, no more than there were."""
    asked = Entry.objects.filter(number__lt=size).order_by("number").values_list("leaf", flat=True)
    for leaf in asked.iterator(chunk_size=_AT_ONCE):
        yield leaf.encode()


def _packed(folder: Path) -> Path:
    packed = folder / "looks.zip"
    inside = [folder / "README.txt", folder / "looks.csv", *sorted((folder / "log").rglob("*"))]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in inside:
            name = path.relative_to(folder).as_posix()
            about = zipfile.ZipInfo(f"{name}/" if path.is_dir() else name, _WHEN)
            about.external_attr = (0o40755 if path.is_dir() else 0o100644) << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            if path.is_dir():
                archive.writestr(about, b"")
            else:
                with archive.open(about, "w") as into, path.open("rb") as stream:
                    shutil.copyfileobj(stream, into)
    return packed


def _read_first() -> str:
    told = io.StringIO()
    for language in languages():
        told.write(f"{_how(words_in(language))}\n\n")
    return told.getvalue()


def _how(words: Words) -> str:
    return words.say(
        "The access log of a site: who looked at what was not public, when, and under which stated "
        "purpose. log/ is checked by `veedor log verify log`; give it a checkpoint that you kept, "
        "by --since. looks.csv holds the same looks as a table, which `veedor log verify log "
        "--looks FILE.csv` writes again, for `veedor audit access looks.csv --kind own`. Accounts, "
        "projects and cases are keys that only the site can make; no name is in it."
    )
