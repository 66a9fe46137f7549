"""What a made-up town's library lent by topic and month: three topics fell, the rest did not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

#: The first month in which it was known that lists of loans were asked for.
EVENT, BECAUSE = "2023-06", "the town's police were reported to ask the library for lists of loans"
_BEFORE, _AFTER = 17, 13
_TOPICS = {
    "sensitive": ("protest", "encryption", "drug law"),
    "control": ("cooking", "gardening", "chess", "travel", "novels"),
    "negative_control": ("school atlases",),
}
#: What the topics are called.
NAMES = tuple(name for names in _TOPICS.values() for name in names)
_FALL = 0.25


def write(path: Path) -> None:
    """Write the table; the same file each time. One month was hardly recorded."""
    rng = np.random.default_rng(17)
    months = np.datetime64("2022-01") + np.arange(_BEFORE + _AFTER)
    common = 0.1 * rng.normal(size=len(months))
    rows = ["date,series,role,value,days_without"]
    for role, topics in _TOPICS.items():
        for topic in topics:
            logs = rng.normal(6.5, 0.3) + common + 0.05 * rng.normal(size=len(months))
            if role == "sensitive":
                logs[_BEFORE:] += np.log1p(-_FALL)
            for place, month in enumerate(months.tolist()):
                gone = 20 if place == _BEFORE + 8 else 0
                lent = round(float(np.exp(logs[place])) * (1.0 - gone / 31.0))
                rows.append(f"{month:%Y-%m},{topic},{role},{lent},{gone}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
