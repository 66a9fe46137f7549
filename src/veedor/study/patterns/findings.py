"""What a report of patterns names: findings that hold for the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from veedor import statistics
from veedor.study.patterns.topics import Json

#: How often a report of a record without any pattern names anything at all.
FAMILY_RATE = 0.05

Found = Mapping[str, Any]


def findings(results: Found) -> Json:
    """Adjust one p-value of each kind of pattern and category for looking at all of them.

    Where a kind looks at many cells, bands, hours or areas its p-value is the smallest q-value over
    these (Simes): that there is nothing anywhere. Over all kinds and categories Holm's adjustment
    holds whatever they share. A section names what it names at its own 5%; what is named here is
    named in at most 5% of reports of a record without any pattern.

    Parameters
    ----------
    results : dict
        ``categories``, ``changes`` and ``watch`` as in ``patterns.json``.

    Returns
    -------
    dict
        ``tests``, ``family_rate``, and ``each``: ``kind``, ``category`` (None: all together),
        ``p_value``, ``adjusted_p_value`` and ``named``; those without a test are left out.
    """
    asked = [(kind, of, p) for kind, of, p in _asked(results) if p is not None]
    adjusted = statistics.family_wise_p([p for _, _, p in asked])
    return {
        "family_rate": FAMILY_RATE,
        "tests": len(asked),
        "each": [
            {
                "kind": kind,
                "category": category,
                "p_value": p,
                "adjusted_p_value": float(after),
                "named": bool(after <= FAMILY_RATE),
            }
            for (kind, category, p), after in zip(asked, adjusted, strict=True)
        ],
    }


def _asked(results: Found) -> Iterator[tuple[str, str | None, float | None]]:
    changes, watch = results["changes"], results["watch"]
    for one in results["categories"]:
        name = one["name"]
        for kind, p_value in _of_category(one):
            yield kind, name, p_value
        if changes is not None:
            mine = [series for series in changes["categories"] if series["category"] == name]
            yield "level shift", name, _simes(mine)
            areas = [series for series in changes["areas"] if series["category"] == name]
            yield "level shift of an area", name, _simes(areas)
    if changes is not None:
        yield "level shift of the recording", None, _simes(changes["recording"])
    if watch is not None:
        yield "alarms of the watch", None, watch["p_value"]


def _of_category(one: Found) -> Iterator[tuple[str, float | None]]:
    yield "concentration", one["concentration"][0]["test"]["p_value"]
    hot = one["hot_spots"]
    yield "hot spots", hot["p_value"]
    if "rates" in hot:
        yield "hot spots by rate", hot["rates"]["p_value"]
    knox = one["near_repeats"]
    if knox is not None:
        yield "near repeats", knox["p_value"][1][1]
    emerging = one["emerging"]
    if emerging is not None:
        yield "trends of places", emerging["trends"]["p_value"]
        yield "hot spots of single steps", emerging["steps_p_value"]
    yield "hours of the week", one["seasons"]["clock"]["smallest_q_value"]
    effects = one["seasons"]["effects"]
    if effects is not None:
        yield "kinds of day", _simes(effects["effects"])
    if one["map_change"] is not None:
        yield "change of the map", one["map_change"]["p_value"]
    if one["before_after"] is not None:
        yield "before and after", one["before_after"]["test"]["p_value"]


def _simes(tests: Any) -> float | None:
    q = statistics.false_discovery_q(
        [np.nan if one["p_value"] is None else one["p_value"] for one in tests]
    )
    q = q[np.isfinite(q)]
    return float(q.min()) if len(q) else None
