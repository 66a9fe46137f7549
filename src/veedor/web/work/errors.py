"""An error on a page: what it is, what must hold, what was found, where, and what to do."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from veedor.errors import VeedorError
from veedor.report.words.terminal import error_parts, error_title
from veedor.web.pages.jinja import words


class ShownError(NamedTuple):
    """An error as a page says it.

    Parameters
    ----------
    title, must : str
    parts : list of (str, str)
        Labels, and what was found, where, what to do.
    """

    title: str
    must: str
    parts: list[tuple[str, str]]


def shown_error(error: VeedorError | None) -> ShownError | None:
    """Say an error, without the place of the site on its machine."""
    if error is None:
        return None
    folder = f"{settings.VEEDOR_SITE.folder}/"
    parts = [(label, part.replace(folder, "")) for label, part in error_parts(words(), error)]
    return ShownError(error_title(words(), error), words().translated(error.must), parts)
