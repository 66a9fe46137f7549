"""Logs that nobody kept, in the forms in which they are released."""

from __future__ import annotations

import csv
from pathlib import Path

from veedor.audits.access.presets import PRESETS
from veedor.audits.access.salt import Salt

SALT = Salt(b"made up, and long enough")
ZONE = "America/Los_Angeles"
TIME = "06/18/2025, 07:02:0{n} AM UTC"
#: What a row says under each header; ``{n}`` is its number.
CELLS = {
    "ID": "made-up-{n}",
    "Event Id": "made-up-{n}",
    "Name": "J. User{n}",
    "userID": "user-{n}",
    "User": "J. User{n}",
    "Org Name": "Made-up TX PD",
    "Total Networks Searched": "1,{n}00",
    "Total Devices Searched": "{n}",
    "networkCount": "{n}",
    "cameraCount": "{n}",
    "Time Frame": "06/11/2025, 12:00:00 AM UTC\n06/18/2025, 12:00:00 AM UTC",
    "Time_Frame_Start": "2025-06-11 00:00:00",
    "Time_Frame_End": "2025-06-18 00:00:00",
    "License Plate": "ZZ{n}99QX",
    "Reason": "burglary",
    "offenseType": "Burglary",
    "Case #": "25-000{n}",
    "caseNumber": "25-000{n}",
    "Filters": "",
    "Search Time": TIME,
    "searchDate": "2025-06-18 07:02:0{n}.250",
    "Timestamp": "2025-06-18T07:02:0{n}.250Z",
    "Search Date": "2025-06-18",
    "Search Type": "lookup - Mobile",
    "Text Prompt": "",
    "Moderation": "",
    "Event Type": "login",
    "Entity Type": "",
    "Entity Details": "",
}
_EVEN = {name.lower(): cell for name, cell in CELLS.items()}


def cell(header: str, n: int) -> str:
    """What row ``n`` says under a header."""
    even = header.lower()
    found = _EVEN.get(even) or _EVEN.get(even.replace("_", " ")) or _EVEN.get(f"{even} ", "")
    return {"userid": "user-{n}", "id": "made-up-{n}"}.get(even, found).replace("{n}", str(n))


def rows(headers: tuple[str, ...], numbers=(1, 2, 3), **changed: str) -> list[list[str]]:
    """Rows below a header; ``changed`` holds other cells by the header without blanks."""
    return [
        [changed.get(h.replace(" ", "").replace("#", ""), cell(h, n)) for h in headers]
        for n in numbers
    ]


def write(path: Path, *lines: list[str] | tuple[str, ...]) -> Path:
    """Write a CSV."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def native(path: Path, numbers=(1, 2, 3), preset: str = "native-14", **changed: str) -> Path:
    """Write an export of a known form."""
    headers = next(one.headers for one in PRESETS if one.name == preset)
    if preset == "split-date":
        changed.setdefault("SearchTime", "07:02:01")
    return write(path, headers, *rows(headers, numbers, **changed))
