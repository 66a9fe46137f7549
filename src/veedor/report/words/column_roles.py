"""What each column of incidents says, in words, by its setting in a study's file."""

from __future__ import annotations

from veedor.errors import phrase

COLUMN_ROLES = {
    "category": phrase("category"),
    "id": phrase("number of the incident"),
    "time": phrase("time"),
    "start": phrase("it began"),
    "end": phrase("it ended"),
    "date": phrase("date"),
    "clock": phrase("time of day"),
    "hour_band": phrase("hours of the day"),
    "year": phrase("year"),
    "month": phrase("month"),
    "day": phrase("day"),
    "hour": phrase("hour"),
    "minute": phrase("minute"),
    "reported_at": phrase("when it was entered"),
    "latitude": phrase("latitude"),
    "longitude": phrase("longitude"),
    "x": phrase("coordinate x"),
    "y": phrase("coordinate y"),
    "point": phrase("place, as text"),
    "zone": phrase("zone"),
    "precision": phrase("how far off the place may be"),
    "known_by": phrase("how it became known"),
    "count": phrase("how many incidents"),
    "incident": phrase("which incident, of several rows"),
}
