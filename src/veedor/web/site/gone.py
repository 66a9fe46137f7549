"""`comes_back`: errors that go away by themselves, as when a database is started again."""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError

#: Of the system: a disk, a quota or a bound of files is full.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def comes_back(error: BaseException | None) -> bool:
    """Whether it is that the database does not answer, or that there is no room on the disk."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return isinstance(error, OperationalError | InterfaceError)
