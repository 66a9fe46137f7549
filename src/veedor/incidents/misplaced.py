"""`require_places`: coordinates must lie where their CRS holds, all but a few."""

from __future__ import annotations

from veedor.errors import StudyError
from veedor.incidents.places import MISPLACED, NO_COORDINATES, NOT_NUMBERS
from veedor.incidents.reading import Reading


def require_places(reading: Reading) -> None:
    """Refuse coordinates of which too large a share lies where the CRS does not hold.

    Parameters
    ----------
    reading : Reading

    Raises
    ------
    StudyError
        If it is more than `Source.most_misplaced`: with the cause that is suspected.
    """
    tally = reading.tally
    without, most = tally.unlocated, reading.source.most_misplaced
    misplaced = sum(without[reason] for reason in MISPLACED)
    given = len(reading.incidents) - without[NO_COORDINATES] - without[NOT_NUMBERS]
    if misplaced <= most * given:
        return
    counted = ", ".join(f"{why}: {without[why]:,}" for why in MISPLACED if without[why])
    raise StudyError(
        f"At most {most:.0%} of the coordinates may lie where their CRS does not hold.",
        found=f"{misplaced:,} of {given:,} ({counted}); suspected: {tally.cause}",
        where="input_crs and crs under [incidents], and the columns of the place",
        remedy=f"{tally.remedy}; where such rows are to be kept without a place, set "
        "most_misplaced under [incidents]",
    )
