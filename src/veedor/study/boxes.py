"""Boxes with counts, as vendors give them, as forecasts that can be held against a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from veedor.errors import StudyError, phrase
from veedor.forecasts import Archive, read_boxes
from veedor.spacetime import Cells, Length, Periods
from veedor.spacetime.periods import utc_instant

_HOUR = np.timedelta64(1, "h")


@dataclass(frozen=True)
class Boxes:
    """What a vendor's file of boxes with counts does not say of itself.

    Parameters
    ----------
    box_m : float
        Side of a box in metres (500 feet are 152.4).
    category : str
        As the record names it.
    begins, until : str
        First and last edge, ISO 8601, local to the record.
    period : str
        Length of the periods that its map is held against, each.
    total : float, optional
        Incidents of all cells that it expects in each period. Such files say where, not how many:
        by default as many as the reference expects.
    """

    box_m: float
    category: str
    begins: str
    until: str
    period: str = "1 week"
    total: float | None = None


def boxes_as_forecasts(
    files: Sequence[Path], cells: Cells, boxes: Boxes, time_zone: str
) -> Archive:
    """Read boxes of each file as a forecaster of its own, named as the file; see `Boxes`."""
    periods = _periods_of(boxes, time_zone)
    return {
        boxes.category: {
            path.name.split(".")[0]: [
                read_boxes(
                    path,
                    cells,
                    periods,
                    box_m=boxes.box_m,
                    expected_total=boxes.total or 1.0,
                    category=boxes.category,
                    forecaster=path.name.split(".")[0],
                    issued_at=periods.edges[0],
                )
            ]
            for path in files
        }
    }


def _periods_of(boxes: Boxes, time_zone: str) -> Periods:
    try:
        begins, until = (
            utc_instant(datetime.fromisoformat(text), time_zone)
            for text in (boxes.begins, boxes.until)
        )
        length = Length.parse(boxes.period)
    except ValueError as error:
        raise StudyError(
            "The days of boxes with counts must be ISO 8601, as 2024-01-31.", found=str(error)
        ) from error
    most = int((until - begins) / _HOUR / length.nominal_hours * 1.1) + 1
    edges = Periods.stepping(begins, length, 0, max(most, 1), time_zone).edges
    edges = edges[edges <= until]
    if len(edges) < 2 or edges[-1] != until:
        raise StudyError(
            "Boxes with counts must be held against a whole number of periods.",
            found=phrase(
                "{begins} to {until} in periods of {period}",
                begins=boxes.begins,
                until=boxes.until,
                period=boxes.period,
            ),
            remedy="give other days, or another length, with --begins, --until and --period",
        )
    return Periods(edges, time_zone)
