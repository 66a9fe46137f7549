"""How a file would be audited as a log of look-ups: its form, its columns, what nobody guesses."""

from __future__ import annotations

from pathlib import Path

import msgspec

from veedor.audits.access.presets import GENERIC, lists_accounts, recognised
from veedor.tables.escape import shown
from veedor.tables.opening import open_table

#: Roles that tell a log of look-ups from another table with times and users: one must be there.
_OF_LOOKUPS = ("key", "case", "reason", "search_type", "event", "networks", "devices")


class ProposedLog(msgspec.Struct, frozen=True):
    """A log of look-ups, as its header shows it.

    Parameters
    ----------
    file : str
        Its path, as it was given.
    preset : str
        The form of export that its header is; ``generic`` for one of anyone's own.
    kinds : tuple of str
        What logs of the form are of; where there is more than one, who asks must say.
    columns : dict of str to str
        Role to header, as they would be read.
    times : str or None
        ``utc`` where the form says it; None where who asks must say it.
    """

    file: str
    preset: str
    kinds: tuple[str, ...]
    columns: dict[str, str]
    times: str | None


def propose_log(path: Path) -> ProposedLog | None:
    """Look at the header of a file; None where it is no log of look-ups.

    Raises
    ------
    UnreadableError
        If it cannot be read.
    """
    with open_table(path, persons=False) as source:
        headers = tuple(source.table.columns)
    if lists_accounts(headers):
        return None
    known = recognised(headers)
    form = known or GENERIC
    roles = form.roles(headers)
    if known is None and not ({"at", "user"} <= roles.keys() and roles.keys() & {*_OF_LOOKUPS}):
        return None
    columns = {role: shown(header, 60) for role, header in roles.items()}
    return ProposedLog(str(path), form.name, form.kinds, columns, form.clock)
