"""Verdicts on gains that hold together, put where the gains stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from veedor.verification import judge_family


def tell(places: Sequence[tuple[dict[str, Any], str]]) -> None:
    """Judge the gains at these keys as one family, and put JSON-ready dictionaries there.

    Parameters
    ----------
    places : sequence of (dict, key)
        Each holds a `veedor.verification.Judged`, or None, which stays.
    """
    found = [(holder, key) for holder, key in places if holder[key] is not None]
    judged = judge_family([holder[key] for holder, key in found])
    for (holder, key), gain in zip(found, judged, strict=True):
        holder[key] = gain.to_dict()
