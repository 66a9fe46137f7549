"""Files of results: those that a job's manifest lists, and how each is handed out."""

from __future__ import annotations

from pathlib import Path

import msgspec
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from veedor.files.folders import MANIFEST, MOST_BYTES, Manifest
from veedor.files.replacing import HashedFile, content
from veedor.web.looks.looking import shown
from veedor.web.observatory.files import policy

_PAGES = ("report.html", "check.html", "record.html")


def files_of(folder: Path) -> dict[str, HashedFile]:
    """Return the files of a result by their names; none where there is no result."""
    try:
        read = content(folder / MANIFEST, MOST_BYTES, "manifest.json")
        manifest = msgspec.json.decode(read, type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return {}
    return {one.name: one for one in manifest.outputs if _is_within(folder, one.name)}


def _is_within(folder: Path, name: str) -> bool:
    path = folder / name
    inside = path.resolve().is_relative_to(folder.resolve())
    return inside and path.is_file() and not path.is_symlink()


def page_of(files: dict[str, HashedFile]) -> str:
    """Name the page of a result; empty where there is none."""
    return next((name for name in _PAGES if name in files), "")


def handed_out(folder: Path, file: HashedFile) -> HttpResponseBase:
    """Answer with a file: a page of veedor's own within its sandbox, all else to be saved.

    No file is handed out by its own type, so that none is opened by a browser as a page of ours.
    """
    path = folder / file.name
    if path.name in _PAGES:
        page = HttpResponse(path.read_bytes(), content_type="text/html; charset=utf-8")
        page.headers["Content-Security-Policy"] = policy()
        page.headers["X-Frame-Options"] = "SAMEORIGIN"
        return page
    saved = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=path.name,
        content_type="application/octet-stream",
    )
    return shown(saved, file.sha256)
