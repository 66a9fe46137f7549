"""Files on their way in: to disk in pieces, within bounds, and only where one is asked for."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from veedor.errors import StudyError, VeedorError, phrase

#: What a form sends beside its file: fields, and what stands between them.
AROUND = 1 << 16
_MIB = 1 << 20

_View = Callable[..., HttpResponse]


def incoming() -> Path:
    """The folder of files that were not looked at yet."""
    return Path(settings.VEEDOR_SITE.uploads, "incoming")


def takes_file(most: Callable[[], int]) -> Callable[[_View], _View]:
    """Let a view take one file of at most so many bytes; no other view is given any.

    Stands below ``@asks``. The view is handed ``file``: what arrived whole, or a `StudyError` that
    says why nothing did. What it does not move away is erased.
    """

    def decorated(view: _View) -> _View:
        @csrf_protect
        def arrived(request: HttpRequest, *, receiving: Receiving, **named: Any) -> HttpResponse:
            file = request.FILES.get("file")
            if receiving.too_large:
                file = _too_large(receiving.most)
            elif not isinstance(file, Received):
                file = StudyError("There must be a file to look at.", found=phrase("none"))
            return view(request, file=file, **named)

        @csrf_exempt  # the token is read above, once it is known where the file goes
        @wraps(view)
        def taking(request: HttpRequest, **named: Any) -> HttpResponse:
            if int(request.META.get("CONTENT_LENGTH") or 0) > most() + AROUND:
                return view(request, file=_too_large(most()), **named)
            receiving = Receiving(incoming(), most())
            request.upload_handlers = [receiving]
            try:
                return arrived(request, receiving=receiving, **named)
            finally:
                receiving.forget()

        return taking

    return decorated


def _too_large(most: int) -> VeedorError:
    return StudyError(
        phrase("A file must have at most {n:,} MiB.", n=most // _MIB),
        found=phrase("more"),
        remedy="give it compressed as .gz where that is taken, or in parts",
    )


class Refusing(FileUploadHandler):
    """Takes no file: what every address has that asks for none."""

    def new_file(self, *args: Any, **named: Any) -> None:  # noqa: ARG002 - Django's
        """Pass over a file; none of it is kept."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        """Keep nothing."""
        return None

    def file_complete(self, file_size: int) -> None:
        """Nothing is."""


class Received(UploadedFile):
    """A file that arrived whole.

    Parameters
    ----------
    path : Path
        Where it is; whoever takes it moves it away.
    name : str
        As it was given.
    size : int
    sha256 : str
    """

    def __init__(self, path: Path, name: str, size: int, sha256: str) -> None:
        super().__init__(None, name, "application/octet-stream", size)
        self.path = path
        self.sha256 = sha256

    def _set_name(self, name: str | None) -> None:
        self._name = name  # it names no file of ours, and is made safe where it is shown

    name = property(lambda self: self._name, _set_name)

    def close(self) -> None:
        """It is closed already."""


class Receiving(FileUploadHandler):
    """Writes the first file of a form to disk as it comes, and no more than is allowed.

    Parameters
    ----------
    folder : Path
    most : int
        Bytes.
    """

    chunk_size = 1 << 18

    def __init__(self, folder: Path, most: int) -> None:
        super().__init__()
        self.folder = folder
        self.most = most
        self.too_large = False
        self._path: Path | None = None
        self._file: Any = None
        self._seen = False

    def new_file(self, field_name: str, *args: Any, **named: Any) -> None:
        """Begin a file, if it is the one that is asked for."""
        super().new_file(field_name, *args, **named)
        if field_name != "file" or self._seen:
            raise SkipFile
        self._seen = True
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = self.folder / f".{secrets.token_hex(12)}"
        self._file = self._path.open("xb")
        self._sum, self._size = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's
        """Write a piece; end where it is more than is allowed."""
        self._size += len(raw_data)
        if self._size > self.most:
            self.too_large = True
            self.forget()
            raise StopUpload(connection_reset=True)
        self._sum.update(raw_data)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> Received | None:  # noqa: ARG002 - Django's
        """Hand on what was written."""
        if self._file is None or self._path is None:
            return None
        self._file.close()
        return Received(self._path, self.file_name or "", self._size, self._sum.hexdigest())

    def upload_interrupted(self) -> None:
        """Keep nothing of what broke off."""
        self.forget()

    def forget(self) -> None:
        """Erase what was written and not taken."""
        if self._file is not None:
            self._file.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
