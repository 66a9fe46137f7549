"""A study that was run outside of the queue becomes one of its project's."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from veedor.errors import StudyError, phrase
from veedor.web.accounts.models import User
from veedor.web.projects.models import Project
from veedor.web.work.models import Job, State, Study

_RESULTS = "results"


@transaction.atomic
def adopt(project: Project, user: User, key: str, title: str, language: str) -> Study:
    """Take a study that lies, run, in its place in the site's folder.

    Parameters
    ----------
    project : Project
    user : User
        Of the project.
    key : str
        The folder's name.
    title : str
    language : str
        In which its report is written.

    Raises
    ------
    StudyError
        If there are no results.
    """
    study = Study(key=key, project=project, title=title, confirmed=True, made_by=user)
    if not (study.folder / _RESULTS / "manifest.json").is_file():
        raise StudyError(
            "A study that is taken in must have been run.",
            found=phrase("no {name}", name=_RESULTS),
            where=study.place,
        )
    study.save()
    now = timezone.now()
    Job.objects.create(
        project=project,
        study=study,
        task="run",
        request={"study": study.place},
        folder=f"{study.place}/{_RESULTS}",
        language=language,
        asked_by=user,
        state=State.DONE,
        begun_at=now,
        ended_at=now,
        attempts=1,
    )
    return study
