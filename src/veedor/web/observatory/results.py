"""What a folder of results is, and that every byte in it is what its writer lists."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from veedor.errors import StudyError, VeedorError, phrase
from veedor.files.folders import MANIFEST, MOST_BYTES, Manifest
from veedor.files.replacing import HashedFile, content
from veedor.sealing.log import BATCHES, FILES, HEAD, KEY
from veedor.web.observatory.models import Kind

_MOST = 4 << 30
_MOST_FILES = 20_000
_NAME = 300
#: File that a folder of a kind has, and its page.
_SIGNS = (
    (Kind.RECORD, "record.json", "record.html"),
    (Kind.AUDIT, "estimates.csv", "report.html"),
    (Kind.AUDIT, "results.json", "report.html"),
)


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that may be published.

    Parameters
    ----------
    kind : Kind
    veedor : str
        Version that wrote it; empty for a log.
    report : str
        Its page; empty without one.
    files : tuple of HashedFile
        All, in the order of their names.
    """

    kind: Kind
    veedor: str
    report: str
    files: tuple[HashedFile, ...]

    @property
    def listing(self) -> bytes:
        """Every file with its hash, as ``sha256sum`` writes it."""
        return "".join(f"{one.sha256}  {one.name}\n" for one in self.files).encode()

    @property
    def digest(self) -> str:
        """What the folder is known by: SHA-256 of `listing`."""
        return hashlib.sha256(self.listing).hexdigest()


def copied(folder: Path, into: Path) -> Results:
    """Copy a folder of results, and say what the copy is.

    Raises
    ------
    StudyError
        If it is not as veedor wrote it: a link, a file that its manifest does not list, or one
        that was changed.
    """
    names = sorted(_names(folder))
    for name in names:
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, into / name, follow_symlinks=False)
    files = tuple(HashedFile.of(into / name, name) for name in names)
    if {KEY, HEAD} & set(names):
        return Results(kind=Kind.PROMISES, veedor="", report="", files=_of_a_log(files, folder))
    manifest = _manifest(into, folder)
    listed = {one.name: one for one in manifest.outputs}
    others = [one.name for one in files if one.name != MANIFEST and listed.get(one.name) != one]
    lacking = sorted(set(listed) - set(names))
    if others or lacking:
        raise StudyError(
            "A folder that is published must be as veedor wrote it.",
            found=phrase(
                "files that its manifest does not list so, as {names}",
                names=", ".join((others + lacking)[:5]),
            ),
            where=str(folder),
            remedy="run it again, and publish what was written",
        )
    for name in names:
        if name.rpartition("/")[2] == "results.json":
            require_suppressed(into / name, folder)
    kind, report = _kind(into, names, folder)
    return Results(kind=kind, veedor=manifest.veedor[:40], report=report, files=files)


def _names(folder: Path) -> Iterator[str]:
    """Names of all files below a folder; bounded, and none that hides or leads away."""
    total = 0
    for number, path in enumerate(_walked(folder)):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file():
            raise _not_plain(folder, phrase("a link or a device, {name}", name=name))
        if not name.isprintable() or "\\" in name or len(name) > _NAME:
            raise _not_plain(folder, phrase("the name {name}", name=ascii(name)[:100]))
        total += path.stat().st_size
        if total > _MOST or number >= _MOST_FILES:
            raise _not_plain(folder, phrase("more than 4 GB or {n:,} files", n=_MOST_FILES))
        yield name


def _walked(folder: Path) -> Iterator[Path]:
    """All that is no folder; a link to a folder is none."""
    if folder.is_symlink() or not folder.is_dir():
        raise _not_plain(folder, phrase("a file, device or pipe"))
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*links, *files))


def _not_plain(folder: Path, found: str) -> VeedorError:
    return StudyError(
        "A folder that is published must hold plain files, with names that can be read.",
        found=found,
        where=str(folder),
    )


def _manifest(into: Path, folder: Path) -> Manifest:
    try:
        read = content(into / MANIFEST, MOST_BYTES, phrase("A manifest"))
        return msgspec.json.decode(read, type=Manifest)
    except (OSError, msgspec.MsgspecError, RecursionError) as error:
        raise StudyError(
            "A folder that is published must be one of results, or a log.",
            found=phrase("no manifest.json that veedor wrote"),
            where=str(folder),
        ) from error


class _Asked(msgspec.Struct):
    publish: bool = True


class _Said(msgspec.Struct):
    settings: _Asked = msgspec.field(default_factory=_Asked)


def require_suppressed(results: Path, folder: Path) -> None:
    """Refuse an audit of alerts whose small cells stand open.

    Raises
    ------
    StudyError
    """
    try:
        said = msgspec.json.decode(content(results, MOST_BYTES, phrase("Results")), type=_Said)
    except (msgspec.MsgspecError, RecursionError):
        return  # those of another task, whose settings are others
    if not said.settings.publish:
        raise StudyError(
            "An audit that is published must have its small cells suppressed.",
            found=phrase("counts as they are"),
            where=str(folder),
            remedy="run it with --publish, and publish that",
        )


def _kind(into: Path, names: Sequence[str], folder: Path) -> tuple[Kind, str]:
    if "results.json" in names and b'"study_toml"' in (into / MANIFEST).read_bytes():
        return Kind.STUDY, "report.html" if "report.html" in names else ""
    for kind, sign, report in _SIGNS:
        if sign in names:
            return kind, report if report in names else ""
    raise StudyError(
        "Only studies, audits, records of systems and logs of promises are published.",
        found=phrase("a folder of something else"),
        where=str(folder),
    )


def _of_a_log(files: tuple[HashedFile, ...], folder: Path) -> tuple[HashedFile, ...]:
    """Refuse what is no part of a log: its private key, above all."""
    others = [
        one.name
        for one in files
        if one.name not in (KEY, HEAD) and not one.name.startswith((f"{BATCHES}/", f"{FILES}/"))
    ]
    if others:
        raise StudyError(
            "A log that is published must hold nothing but what belongs to it.",
            found=phrase("other files, as {others}", others=", ".join(others[:5])),
            where=str(folder),
        )
    return files
