"""`require_looked`: a study or an audit is published by who has looked at it, and said why."""

from __future__ import annotations

from veedor.errors import StudyError, phrase
from veedor.web.accounts.models import User
from veedor.web.looks.looked_at import look_at
from veedor.web.looks.looking import in_force
from veedor.web.observatory.models import Kind
from veedor.web.observatory.results import Results
from veedor.web.projects.models import Project


def require_looked(project: Project, user: User, results: Results) -> int | None:
    """Return the look of whoever publishes at the page of what is published.

    Parameters
    ----------
    project : Project
    user : User
    results : Results
        As they were copied: what was looked at is known by its hash.

    Returns
    -------
    int or None
        Number of its entry in the access log; None of a log or a record, which are made elsewhere.

    Raises
    ------
    StudyError
        If no purpose is in force, or nothing of it was looked at since one was.
    """
    if results.kind not in (Kind.STUDY, Kind.AUDIT):
        return None
    if in_force(user, project) is None:
        raise StudyError(
            "Who publishes must have said why, and the reason must be in force.",
            found=phrase("none in the last 8 hours"),
            remedy="say why, and look at what is to be published",
        )
    of_page = [one.sha256 for one in results.files if one.name == results.report]
    look = look_at(user, project, of_page or [one.sha256 for one in results.files])
    if look is None:
        raise StudyError(
            "Who publishes must have looked at what is published.",
            found=phrase("no look at it in the access log in the last 8 hours"),
            remedy="open the report as it is now, and publish it then",
        )
    return look
