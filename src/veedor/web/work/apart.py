"""A process without a network: where Linux lets it, one that reads anyone's files has none.

It gets a network of its own with nothing in it, for which a process that is not the system's needs
users of its own too. Where the system forbids that, or only half of it, nothing is done and it is
said so.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of linux/sched.h
_SELF = Path("/proc/self")


class NotApartError(OSError):
    """The system lets no process stand apart."""


def stand_apart() -> None:
    """Leave the network; to be called before there is a second thread.

    Raises
    ------
    NotApartError
        If the system forbids it; the process may then be unable to write files, and must end.
    """
    if not sys.platform.startswith("linux"):
        raise NotApartError
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(_NEW_NET) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if unshare(_NEW_USER | _NEW_NET):
        raise NotApartError(ctypes.get_errno(), "unshare")
    for name, told in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        (_SELF / name).write_text(told, encoding="ascii")


@cache
def can_stand_apart() -> bool:
    """Whether a process started here can leave the network; tried once, by one that ends."""
    tried = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", __name__], capture_output=True, check=False
    )
    return tried.returncode == 0


def main() -> None:
    """Leave the network, and see whether a file can be written and nobody be reached."""
    import socket
    import tempfile

    stand_apart()
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return
    sys.exit(1)


if __name__ == "__main__":
    main()
