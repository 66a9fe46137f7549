"""THE table of what each role may do, and `may`, which every view and template asks.

A new action is a line of `Action` and a row of `ALLOWED`; nothing else decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Role(Enum):
    """What somebody is: to anyone, to the site, or in a project."""

    VISITOR = "visitor"  # everyone
    ACCOUNT = "account"  # everyone who is signed in
    ANALYST = "analyst"  # of a project: runs studies and audits in it
    READER = "reader"  # of a project: judges blind packs, and nothing else
    AUDITOR = "auditor"  # of the site: reads everything, changes nothing
    ADMINISTRATOR = "administrator"  # of the site: accounts and memberships, no data


class Action(Enum):
    """What can be done; those of a project are asked with it."""

    SEE_PUBLIC = "see_public"
    SIGN_IN = "sign_in"
    KEEP_OWN_ACCOUNT = "keep_own_account"
    # Of the site.
    SEE_ACCOUNTS = "see_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_PROJECTS = "manage_projects"
    SEE_ACCESS_LOG = "see_access_log"
    # Of a project.
    SEE_PROJECT = "see_project"
    SEE_RESULTS = "see_results"
    DO_WORK = "do_work"
    PUBLISH = "publish"
    JUDGE = "judge"


_EVERYONE = frozenset(Role)
_SIGNED_IN = _EVERYONE - {Role.VISITOR}

ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.SEE_PUBLIC: _EVERYONE,
    Action.SIGN_IN: _EVERYONE,
    Action.KEEP_OWN_ACCOUNT: _SIGNED_IN,
    Action.SEE_ACCOUNTS: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    Action.MANAGE_PROJECTS: frozenset({Role.ADMINISTRATOR}),
    Action.SEE_ACCESS_LOG: frozenset({Role.AUDITOR}),
    Action.SEE_PROJECT: frozenset({Role.ANALYST, Role.AUDITOR}),
    Action.SEE_RESULTS: frozenset({Role.ANALYST, Role.AUDITOR}),
    Action.DO_WORK: frozenset({Role.ANALYST}),
    Action.PUBLISH: frozenset({Role.ANALYST}),
    Action.JUDGE: frozenset({Role.READER}),
}
#: Asked with a project, and only with one.
OF_A_PROJECT = frozenset(
    {
        Action.SEE_PROJECT,
        Action.SEE_RESULTS,
        Action.DO_WORK,
        Action.PUBLISH,
        Action.JUDGE,
    }
)


def may(user: Any, action: Action, thing: Any = None) -> bool:
    """Return whether somebody may do something.

    Parameters
    ----------
    user : User or AnonymousUser
    action : Action
    thing : Project, or anything with a ``project``, optional
        What it is done to; a project's action needs it, a site's has none.
    """
    if (action in OF_A_PROJECT) != (thing is not None):
        raise TypeError(f"{action} is asked {'with' if thing is None else 'without'} a project")
    return bool(roles_of(user, thing) & ALLOWED[action])


def roles_of(user: Any, thing: Any = None) -> frozenset[Role]:
    """Return what somebody is, to the site and in the project of a thing.

    Who has a role of the site has none in a project, whatever the database says: auditors change
    nothing, and administrators, who say who is in a project, see no data.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset({Role.VISITOR})
    roles = {Role.VISITOR, Role.ACCOUNT}
    if user.site_role:
        roles.add(Role(user.site_role))
    elif thing is not None:
        project = getattr(thing, "project", thing)
        roles |= {Role(one.role) for one in user.memberships.filter(project=project)}
    return frozenset(roles)
