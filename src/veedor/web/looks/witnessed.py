"""`witnessed`: when a witness last took a checkpoint, and since when entries are with none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from veedor.web.looks.models import Entry

_DAY = 24.0


class WitnessState(NamedTuple):
    """What witnesses have of the log.

    Parameters
    ----------
    last : datetime or None
        When one last took a checkpoint; None if none ever did.
    since : datetime or None
        Of the first entry that no witness has; None where they have all. What says that they have
        it counts for nothing.
    """

    last: datetime | None
    since: datetime | None

    def is_late(self, every_hours: float) -> bool:
        """Whether entries wait for a witness longer than twice the interval, or than two days."""
        wait = timedelta(hours=2 * (every_hours or _DAY))
        return self.since is not None and datetime.now(UTC) - self.since > wait

    @property
    def told(self) -> dict[str, str | None]:
        """The same as text, in UTC."""
        return {
            name: None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            for name, at in (("last", self.last), ("without_since", self.since))
        }


def witnessed() -> WitnessState:
    """Return what witnesses have of the log."""
    last = Entry.objects.filter(kind="witness").order_by("-number").first()
    others = Entry.objects.exclude(kind="witness").order_by("number")
    if last is not None:
        others = others.filter(number__gt=last.number)
    first = others.first()
    return WitnessState(last and last.at, first and first.at)
