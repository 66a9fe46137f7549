"""What each place can become when what was never recorded is allowed for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from veedor.audits.places.by_place import PlaceCodes, PlaceFigures, column
from veedor.statistics.codes import Denominator, Method
from veedor.tables.csv_file import write_rows


class PlaceOutcome(msgspec.Struct, frozen=True):
    """What a place can become: its labels, what was recorded, and what there may have been."""

    place: str
    flagged: int
    label_shared: str
    label_own: str
    recorded: float
    true_low: float
    true_high: float


def write_places(outcomes: Sequence[PlaceOutcome], path: Path) -> None:
    """Write what each place can become as CSV, a row a place."""
    write_rows(PlaceOutcome.__struct_fields__, map(msgspec.structs.astuple, outcomes), path)


def outcome_figures(outcomes: Sequence[PlaceOutcome]) -> PlaceFigures:
    """State of each place what was recorded, what there may have been, and whether its flag lasts.

    A place is ``robust``, ``fragile`` or ``undetermined`` if it is flagged, and else
    ``not_flagged_`` and the same.
    """
    recorded, low, high = (
        [getattr(one, name) for one in outcomes] for name in ("recorded", "true_low", "true_high")
    )
    codes = [
        PlaceCodes("flag", how, tuple(
            label if one.flagged else f"not_flagged_{label}"
            for one in outcomes
            for label in (getattr(one, f"label_{how}"),)
        ))
        for how in ("own", "shared")
    ]  # fmt: skip
    of = Denominator("incidents_recorded_at_place")
    return PlaceFigures("", tuple(one.place for one in outcomes), (
        column("incidents_recorded", recorded, of),
        column("incidents_possible", [float("nan")] * len(outcomes), of, ends=(low, high),
               method=Method("interval_arithmetic"), level=1.0),
    ), tuple(codes))  # fmt: skip
