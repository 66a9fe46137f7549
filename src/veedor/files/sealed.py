"""What a user's veedor wrote and may go on from, known by a key that lies outside of any study.

A study's folder may come from anyone, what it holds of an unfinished run with it. So each file that
a later run may take up is sealed with an HMAC under a key of the user's own, in the folder where
the system keeps the state of programs, and what is not sealed is made anew.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

from veedor.files.replacing import replacing, sha256

_BYTES = 32


def state_folder() -> Path:
    """Folder where the system keeps what programs remember of a user, and veedor's in it."""
    if sys.platform == "win32":
        given = os.environ.get("LOCALAPPDATA", "")
        usual = Path.home() / "AppData" / "Local"
    else:
        given = os.environ.get("XDG_STATE_HOME", "")
        usual = Path.home() / ".local" / "state"
    return (Path(given) if Path(given).is_absolute() else usual) / "veedor"


def key() -> bytes:
    """Return the user's key, made on first use; where none can be kept, one for this process alone.

    One that others may read is not used.
    """
    try:
        place = state_folder() / "resume.key"
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = _kept(place)
        if found is None:
            place.unlink(missing_ok=True)
            _make(place)
            found = _kept(place)
    except (OSError, RuntimeError):
        found = None
    return found or secrets.token_bytes(_BYTES)


def _kept(place: Path) -> bytes | None:
    try:
        about = place.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(about.st_mode) or about.st_size != _BYTES:
        return None
    if sys.platform != "win32" and (about.st_mode & 0o077 or about.st_uid != os.getuid()):
        return None
    return place.read_bytes()


def _make(place: Path) -> None:
    """Make the key whole, or leave the one that another process has made meanwhile."""
    new = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
        if not place.exists():
            new.rename(place)
    finally:
        new.unlink(missing_ok=True)


@dataclass(frozen=True)
class Seals:
    """Seals of the files of one folder, one beside another in a second folder.

    Parameters
    ----------
    folder : Path
        Whose files are sealed.
    kept : Path
        Where the seals are.
    about : str
        What the files depend on: a seal of other data, settings or versions does not hold.
    key : bytes
    """

    folder: Path
    kept: Path
    about: str
    key: bytes = field(repr=False)

    def seal(self, path: Path) -> None:
        """Say that a file of the folder is one's own."""
        with replacing(self._place(path)) as part:
            part.write_text(self._seal(path), encoding="ascii")

    def holds(self, path: Path) -> bool:
        """Whether a file was sealed, and is still what it was."""
        try:
            if path.is_symlink() or not path.is_file() or not self._place(path).is_file():
                return False
            with self._place(path).open("rb") as stream:
                said = stream.read(2 * _BYTES + 1)
            return hmac.compare_digest(said, self._seal(path).encode())
        except OSError:
            return False

    def clear(self) -> None:
        """Remove from the folder all that is not one's own; links are never followed."""
        for link in (self.folder, self.kept):
            if link.is_symlink() or link.is_file():
                link.unlink()
        for place, folders, files in os.walk(self.folder, topdown=False):
            for name in (*folders, *files):
                path = Path(place, name)
                if path.is_symlink() or (name in files and not self.holds(path)):
                    path.unlink()
                elif name in folders and not any(path.iterdir()):
                    path.rmdir()
        for there in (self.folder, self.kept):
            there.mkdir(parents=True, exist_ok=True)

    def forget(self) -> None:
        """Remove the seals."""
        shutil.rmtree(self.kept, ignore_errors=True)

    def _place(self, path: Path) -> Path:
        name = path.relative_to(self.folder).as_posix()
        return self.kept / hashlib.sha256(name.encode()).hexdigest()

    def _seal(self, path: Path) -> str:
        name = path.relative_to(self.folder).as_posix()
        text = f"{self.about}\n{sha256(path)}\n{name}"
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()
