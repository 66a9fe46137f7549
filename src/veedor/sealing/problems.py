"""`Problem`: what in a log does not hold, as codes; a stranger's texts are seen, and brief."""

from __future__ import annotations

import msgspec

from veedor.errors import VeedorError, phrase
from veedor.sealing.names import brief
from veedor.statistics.codes import Argument, Finding


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a log that does not hold.

    Parameters
    ----------
    where : Finding
        File, and entry where there is one.
    what : Finding
    """

    where: Finding
    what: Finding


def finding(code: str, **arguments: Argument) -> Finding:
    r"""Find something in a stranger's log, whose texts are made visible and brief.

    >>> finding("log_file", file="\x1b[2J").arguments["file"]
    '\\x1b[2J'
    """
    return Finding(
        code,
        {
            name: brief(value) if isinstance(value, str) else value
            for name, value in arguments.items()
        },
    )


def in_file(name: str) -> Finding:
    """Name a file of a log."""
    return finding("log_file", file=name)


def fails(error: Exception) -> Finding:
    """Find that something cannot be read or checked, with what its error says."""
    if isinstance(error, VeedorError):
        said = phrase("{must} Found: {found}", must=error.must, found=brief(error.found))
        return finding("log_fails", error=said)
    return finding("log_fails", error=f"{type(error).__name__}: {error}")
