"""What a worker of a cluster does with a task."""

from __future__ import annotations

import pickle
import traceback
from functools import lru_cache
from typing import Any

import cloudpickle

from veedor.backtest.executors.store import Carried, Stored, carried, content_of
from veedor.backtest.installed import installed_here
from veedor.errors import ClusterError, VeedorError, phrase


def perform(
    asked_by: dict[str, str], known: tuple[Any, Any] | Stored, task: Carried, store: str | None
) -> tuple[bool, Any]:
    """Return whether a task was done, and its result as it is carried; or the error.

    Parameters
    ----------
    asked_by : dict of str to str
        `installed_here` where it was asked.
    known : tuple, or Stored
        The function, and what is shared.
    task : bytes or Stored
    store : str or None
    """
    try:
        require_same(asked_by, installed_here())
        function, shared = _read(known) if isinstance(known, Stored | bytes) else known
        result = function(shared, pickle.loads(content_of(task)))  # noqa: S301 - of our own
        return True, carried(cloudpickle.dumps(result, protocol=5), store)
    except VeedorError as error:
        return False, error
    except Exception as error:  # noqa: BLE001 - raised where it was asked
        error.add_note(traceback.format_exc())
        return False, error


def require_same(asked_by: dict[str, str], here: dict[str, str], where: str = "") -> None:
    """Refuse a worker on which forecasts could be others.

    Raises
    ------
    ClusterError
        Names what differs, and how.
    """
    other = [name for name in sorted({*asked_by, *here}) if asked_by.get(name) != here.get(name)]
    if other:
        said = ", ".join(
            f"{name} {here.get(name, '-')} / {asked_by.get(name, '-')}" for name in other[:8]
        )
        raise ClusterError(
            "Workers must have the versions that the asking machine has.",
            found=phrase("{said} (there / here)", said=said),
            where=where,
            remedy="install the same versions there, from one file of constraints",
        )


@lru_cache(maxsize=2)
def _read(known: Carried) -> Any:
    return pickle.loads(content_of(known))  # noqa: S301 - what the scheduler told of
