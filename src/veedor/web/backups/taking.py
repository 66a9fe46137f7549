"""`write_backup`: a site in one file, while it runs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import msgspec
from django.conf import settings

import veedor
from veedor.errors import StudyError, VeedorError, phrase
from veedor.files.folders import MANIFEST, Manifest
from veedor.files.replacing import replacing
from veedor.web.backups.archive import FILES, FOLDERS, SOME, Listed, Writing
from veedor.web.backups.tables import Ask, copy_out

#: How often it is begun anew where files went while they were copied.
_TRIES = 3
#: Copied before the database, so that no checkpoint is of entries that are not in it.
_FIRST = "checkpoints"


class Taken(msgspec.Struct, frozen=True):
    """What was written.

    Parameters
    ----------
    listed : Listed
    entries : int
        Of the access log.
    lacking : tuple of VeedorError
        What the database says is there, and is not.
    """

    listed: Listed
    entries: int
    lacking: tuple[VeedorError, ...]


class _Said:
    """What rows say of files, at the moment of the snapshot."""

    def __init__(self) -> None:
        self.entries = 0
        self.hashes: dict[str, str] = {}
        self.incoming: list[tuple[str, str]] = []
        self.results: list[str] = []

    def ask(self, ask: Ask) -> None:
        """Ask the snapshot."""
        ((self.entries,),) = ask("SELECT size FROM looks_logend")
        kept = ask(
            "SELECT p.key, u.key, u.ending, u.sha256, u.state FROM projects_upload u "
            "JOIN projects_project p ON p.id = u.project_id WHERE u.state IN ('kept', 'received')"
        )
        for project, key, ending, sha256, state in kept:
            if state == "kept":
                self.hashes[f"uploads/{project}/{key}{ending}"] = sha256
            else:
                self.incoming.append((f"uploads/incoming/{key}", f"uploads/{project}/{key}."))
        public = ask(
            "SELECT p.digest, f.name, f.sha256 FROM observatory_publishedfile f "
            "JOIN observatory_publication p ON p.id = f.publication_id "
            "WHERE p.withdrawn_at IS NULL"
        )
        self.hashes |= {f"public/{digest}/{name}": sha256 for digest, name, sha256 in public}
        done = ask("SELECT DISTINCT folder FROM work_job WHERE state = 'done' AND folder <> ''")
        self.results = [folder for (folder,) in done]

    def lacking(self, writing: Writing, site: Path) -> list[str]:
        """Name what was not found as the rows say."""
        files = writing.files
        wrong = [
            name
            for name, sha256 in self.hashes.items()
            if name not in files or sha256 not in ("", files[name].sha256)
        ]
        wrong += [
            arrived
            for arrived, moved in self.incoming
            if arrived not in files and not any(name.startswith(moved) for name in files)
        ]
        wrong += [folder for folder in self.results if not _is_whole(folder, writing, site)]
        return sorted({*wrong, *writing.left_out})


def _is_whole(folder: str, writing: Writing, site: Path) -> bool:
    """Whether a result was copied as one, and not while another took its place."""
    try:
        manifest = msgspec.json.decode((site / folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return False
    copied = (writing.files.get(f"{folder}/{one.name}") for one in manifest.outputs)
    return all(
        found is not None and (found.sha256, found.bytes) == (one.sha256, one.bytes)
        for found, one in zip(copied, manifest.outputs, strict=True)
    )


def write_backup(file: Path, advance: Callable[[int], None]) -> Taken:
    """Write the site that is open into one file: whole or not at all, for its owner to read.

    Parameters
    ----------
    file : Path
        Outside of the site; one that is there is replaced once the new one is complete.
    advance : callable
        Told how many files were copied.

    Raises
    ------
    StudyError
        If the file would be part of the site.
    """
    site = settings.VEEDOR_SITE.folder
    if file.absolute().resolve().is_relative_to(site.resolve()):
        raise StudyError(
            "A backup must be kept outside of its site.",
            found=phrase("a file in it"),
            where=str(file),
            remedy="name a file on another disk, or another machine",
        )
    with replacing(file, mode=0o600) as part:
        for left in reversed(range(_TRIES)):
            taken = _written(part, site, advance)
            if not taken.lacking or not left:
                break
    return taken


def _written(part: Path, site: Path, advance: Callable[[int], None]) -> Taken:
    said, n = _Said(), 0
    with (
        tempfile.TemporaryDirectory(prefix=".veedor-backup-", dir=part.parent) as scratch,
        Writing(part) as writing,
    ):
        for name in (*FILES, *(one for one in SOME if (site / one).exists())):
            writing.add(site / name, name)
        for n, _ in enumerate(writing.add_below(site / _FIRST, _FIRST), start=1):
            advance(n)
        made_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        snapshot = copy_out(Path(scratch), said.ask)
        for path in sorted(Path(scratch).rglob("*")):
            if path.is_file():
                writing.add(path, path.relative_to(scratch).as_posix())
        others = (
            writing.add_below(site / folder, folder) for folder in FOLDERS if folder != _FIRST
        )
        for more, _ in enumerate(chain.from_iterable(others), start=n + 1):
            advance(more)
        lacking = said.lacking(writing, site)
        listed = writing.close(made_at, veedor.__version__, snapshot)
    return Taken(listed, said.entries, tuple(_lacks(name) for name in lacking))


def _lacks(name: str) -> VeedorError:
    return StudyError(
        "What the database says of a file must be so.",
        found=phrase("none there, or another"),
        where=name,
        remedy="look for it in an earlier backup; all else is in this one",
    )
