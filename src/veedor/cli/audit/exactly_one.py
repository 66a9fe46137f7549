"""Options of which exactly one must be given."""

from __future__ import annotations

from collections.abc import Mapping

from veedor.errors import StudyError


def require_one(options: Mapping[str, object]) -> None:
    """Refuse none, and more than one.

    Parameters
    ----------
    options : mapping of str to object
        Name of the option -> its value; None where it was not given.

    Raises
    ------
    StudyError
        Names those that were given.
    """
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        raise StudyError(
            f"Exactly one of {' and '.join(options)} must be given.",
            found=" and ".join(given) or "none",
        )
