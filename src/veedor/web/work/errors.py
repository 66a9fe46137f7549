"""An error on a page: what it is, what must hold, what was found, where, and what to do.

What a job found, and where, may be cells of rows that nobody published: they are told under a
purpose in force, and that they are is in the log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from veedor.errors import VeedorError
from veedor.report.words.terminal import error_parts, error_title
from veedor.web.looks.looking import in_force, looked, purpose_address
from veedor.web.pages.jinja import words
from veedor.web.projects.models import Project
from veedor.web.work.models import Job
from veedor.web.work.packed import unpacked_error


class ShownError(NamedTuple):
    """An error as a page says it.

    Parameters
    ----------
    title, must : str
    parts : list of (str, str)
        Labels, and what was found, where, what to do.
    more : str
        Address at which a purpose is stated under which what was found is told; empty where all is.
    """

    title: str
    must: str
    parts: list[tuple[str, str]]
    more: str = ""


def shown_error(error: VeedorError | None) -> ShownError | None:
    """Say an error, without the place of the site on its machine."""
    if error is None:
        return None
    folder = f"{settings.VEEDOR_SITE.folder}/"
    parts = [(label, part.replace(folder, "")) for label, part in error_parts(words(), error)]
    return ShownError(error_title(words(), error), words().translated(error.must), parts)


def errors_of(request: HttpRequest, project: Project, jobs: Sequence[Job]) -> dict[int, ShownError]:
    """Say the errors of jobs that a page shows, by their jobs.

    What was found, and where, is told only under a purpose in force, once it is in the log.

    Raises
    ------
    NotWrittenError
        If the log cannot be written: then nothing may be shown.
    """
    failed = [one for one in jobs if one.error]
    if not failed:
        return {}
    whole = in_force(request.user, project) is not None and looked(
        request, "summary", _digest(failed), project
    )
    return {one.pk: _told(request, project, one, whole) for one in failed}


def _told(request: HttpRequest, project: Project, job: Job, whole: bool) -> ShownError:
    error = unpacked_error(job.error)
    if whole or not (error.found or error.where):
        told = shown_error(error)
        assert told is not None  # noqa: S101 - there is an error
        return told
    without = shown_error(type(error)(error.must, remedy=error.remedy))
    assert without is not None  # noqa: S101 - as above
    return without._replace(more=purpose_address(project, request.get_full_path()))


def _digest(jobs: Sequence[Job]) -> str:
    told = json.dumps([one.error for one in jobs], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
