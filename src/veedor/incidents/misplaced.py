"""`require_places`: where the CRS holds; `doubts_of_places`: where they hardly can be meant."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from pyproj import CRS

from veedor.errors import StudyError, listed, phrase
from veedor.incidents.ground import Ground
from veedor.incidents.places import MISPLACED, NO_COORDINATES, NOT_NUMBERS
from veedor.incidents.reading import Reading
from veedor.incidents.whereabouts import time_zone_at
from veedor.statistics.codes import Finding

_LOOKED_AT = 500
#: How far outside the area of use of the study's CRS most places may lie unsaid, in degrees.
_USUAL_DEGREES = 1.0


def require_places(reading: Reading) -> None:
    """Refuse coordinates of which too many are no numbers, or lie where the CRS does not hold.

    Raises
    ------
    StudyError
        If it is more than a share of `Source.most_misplaced`: with the cause that is suspected.
    """
    tally = reading.tally
    without, most = tally.unlocated, reading.source.most_misplaced
    misplaced = sum(without[reason] for reason in MISPLACED)
    written, unread = len(reading.incidents) - without[NO_COORDINATES], without[NOT_NUMBERS]
    if unread > most * written:
        raise StudyError(
            phrase("At most {most:.0%} of the coordinates may be no numbers.", most=most),
            found=phrase(
                "{unread:,} of {written:,} that are written and are none",
                unread=unread,
                written=written,
            ),
            where=phrase("the columns of the place under [incidents.columns]"),
            remedy="map the columns that hold numbers or angles, as -34.6 or 34°36'S, or set "
            "decimal under [incidents]; where such rows are to be kept without a place, set "
            "most_misplaced",
        )
    given = written - unread
    if misplaced <= most * given:
        return
    counted = listed(
        phrase("{why}: {n:,}", why=why, n=without[why]) for why in MISPLACED if without[why]
    )
    raise StudyError(
        phrase(
            "At most {most:.0%} of the coordinates may lie where their CRS does not hold.",
            most=most,
        ),
        found=phrase(
            "{misplaced:,} of {given:,} ({counted}); suspected: {cause}",
            misplaced=misplaced,
            given=given,
            counted=counted,
            cause=tally.cause,
        ),
        where=phrase("input_crs and crs under [incidents], and the columns of the place"),
        remedy=phrase(
            "{remedy}; where such rows are to be kept without a place, set most_misplaced "
            "under [incidents]",
            remedy=tally.remedy,
        ),
    )


def doubts_of_places(reading: Reading) -> list[Finding]:
    """Find where places that a CRS can hold are hardly those of the study.

    Of up to 500 places, spread over the record: more than half lie outside the area of use of the
    study's CRS, as where a zone of UTM is the wrong one; or more than `Source.most_misplaced` of
    them lie at sea, or where clocks differ from the study's time zone.
    """
    incidents, source = reading.incidents, reading.source
    located = np.flatnonzero(np.isfinite(incidents.x_m))
    if len(located) == 0:
        return []
    rows = located[np.linspace(0, len(located) - 1, min(_LOOKED_AT, len(located))).astype(int)]
    ground = Ground(CRS.from_user_input(source.crs))
    lon, lat = ground.degrees(incidents.x_m[rows], incidents.y_m[rows])
    doubts = []
    outside = int(np.count_nonzero(~ground.near(lon, lat, _USUAL_DEGREES)))
    latitude, longitude = (round(float(np.nanmedian(degrees)), 2) for degrees in (lat, lon))
    if 2 * outside > len(rows):
        doubts.append(
            Finding(
                "places_outside_crs",
                {
                    "outside": outside,
                    "looked_at": len(rows),
                    "crs": source.crs,
                    "latitude": latitude,
                    "longitude": longitude,
                },
            )
        )
    known = ZoneInfo(source.time_zone)
    starts = incidents.start[rows].astype("datetime64[s]").astype(np.int64)
    elsewhere = 0
    for x, y, start in zip(lon, lat, starts, strict=True):
        zone = time_zone_at(float(x), float(y)) if np.isfinite(x) and np.isfinite(y) else None
        at = datetime.fromtimestamp(int(start), UTC)
        elsewhere += zone is None or (
            at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(known).utcoffset()
        )
    if elsewhere > source.most_misplaced * len(rows):
        doubts.append(
            Finding(
                "places_elsewhere",
                {
                    "elsewhere": elsewhere,
                    "looked_at": len(rows),
                    "time_zone": source.time_zone,
                    "latitude": latitude,
                    "longitude": longitude,
                },
            )
        )
    return doubts
