"""Who looked in the made-up town: a network's log in two exports, and the lists beside it.

Everyone in it is made up and written as hostile logs write people: names, an e-mail as a user
name, plates, identity numbers, some of them within reasons. None may come back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

#: As a log names its columns, blanks before them too.
HEADERS = (
    "ID", " Name", " Org Name", " Total Networks Searched", " Total Devices Searched",
    " Time Frame", " License Plate", " Reason", " Case #", " Filters", " Search Time",
    " Search Type", " Text Prompt", " Moderation",
)  # fmt: skip
FORCES = ("Villa Norte PD", "Villa Sur PD", "Condado SO", "Puesto Chico PD")
UNITS, SHIFTS = ("Patrol", "Detectives"), (("day", "07:00", "19:00"), ("night", "19:00", "07:00"))
PRODUCER = FORCES[0]
SALT = "made up for the town, and long enough"
#: In reasons, where the audit is to mask it.
WITHIN = (
    "stolen car patente AB123CD", "llamar a juana.perez@example.org", "DNI 30.123.456",
    "tel +54 9 11 5555 1234",
)  # fmt: skip
_REASONS = (
    "investigation", "inv", "burglary", "stolen vehicle", "suspicious vehicle", "police",
    "robbery at the station", "averiguación", "N/A", "", "hit and run", "warrant", "25-004711",
)  # fmt: skip
_BEGIN = datetime(2024, 4, 1)
_DAYS, _CHANGE = 90, 50


def people() -> list[tuple[str, str]]:
    """Users, as a log names them, and their forces: 16 of each but the last, of 5."""
    names = []
    for number in range(53):
        name = f"Juana Pérez {number}" if number % 7 else f"j.perez{number}@villa.example"
        names.append((name, FORCES[min(number // 16, 3)]))
    return names


def plates() -> list[str]:
    """What is looked up: plates, and numbers of identity documents."""
    return [
        f"A{chr(65 + n % 26)}{100 + n}B{chr(65 + n % 24)}" if n % 5 else f"30.{100 + n}.{200 + n}"
        for n in range(400)
    ]


def arguments(folder: Path) -> list[object]:
    """What the audit is asked, but for where to write."""
    return [
        folder / "looked_1.csv", folder / "looked_2.csv", "--kind", "network", "--time-zone",
        "America/Argentina/Buenos_Aires", "--salt", folder / "salt.txt", "--mask",
        "--producer", PRODUCER, "--roster", folder / "roster.csv", "--accounts",
        folder / "accounts.csv", "--authorised", folder / "warrants.csv", "--cases",
        folder / "cases.csv", "--policy", "2024-06-01", "--hours", 8, 18, "--review", 40,
        "--targeted", 12, "--seed", 3,
    ]  # fmt: skip


def build(folder: Path) -> None:
    """Write ``looked_1.csv`` and ``looked_2.csv``, the lists, and the salt."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(17)
    users, keys = people(), plates()
    weight = 1.0 / (1.0 + np.arange(len(users)) % 16) ** 0.8
    rows = []
    for number in range(1_500):
        who = int(rng.choice(len(users), p=weight / weight.sum()))
        day = int(rng.integers(0, _DAYS))
        at = _BEGIN + timedelta(days=day, seconds=int(rng.integers(0, 86_400)))
        key = keys[int(rng.integers(0, len(keys)) * rng.uniform())]
        reason = WITHIN[number % 4] if number % 300 == 7 else str(rng.choice(_REASONS))
        case = f"24-{1000 + int(rng.integers(0, 300))}" if rng.uniform() < 0.4 else ""
        asked = at - timedelta(days=int(rng.choice([1, 7, 30, 60])))
        rows.append((at, [
            f"id-{number}", *users[who], str(rng.choice([1, 1, 40, 700])),
            str(int(rng.choice([0, 12, 90, 2_400]))), f"{_told(asked)}\n{_told(at)}", key, reason,
            case, "", _told(at), str(rng.choice(["lookup", "search"])), "", "",
        ]))  # fmt: skip
    rows.sort(key=lambda row: row[0])
    change = _BEGIN + timedelta(days=_CHANGE)
    before = [row for at, row in rows if at < change]
    # The last rows of an export stand in the next one too, which no longer tells devices.
    after = [row for at, row in rows if at >= change - timedelta(days=2)]
    _write(folder / "looked_1.csv", HEADERS, before)
    _write(folder / "looked_2.csv", _without(HEADERS), map(_without, after))
    _write_lists(folder, users, keys)
    (folder / "salt.txt").write_text(SALT, encoding="utf-8")


def _write_lists(folder: Path, users: Sequence[tuple[str, str]], keys: Sequence[str]) -> None:
    """A roster, accounts that were granted, a list of plates in force, and a register of cases."""
    _write(
        folder / "roster.csv",
        ("user", "force", "unit", "shift", "shift start", "shift end", "role"),
        (
            [name, force, UNITS[n % 2], *SHIFTS[n % 16 // 14], "officer"]
            for n, (name, force) in enumerate(users)
        ),
    )
    idle = [(f"Ana Gómez {n}", FORCES[n % 3]) for n in range(15)]
    granted = [[name, force, "2024-01-15"] for name, force in (*users, *idle)]
    _write(folder / "accounts.csv", ("user", "force", "granted"), granted)
    listed = [
        [key, "2024-04-01" if n % 3 else "2024-05-10", "2024-06-20"]
        for n, key in enumerate(keys[:90])
    ]
    _write(folder / "warrants.csv", ("plate", "valid from", "valid until"), listed)
    cases = [[f"24-{1000 + n}", "2024-03-01", "2024-06-30"] for n in range(200)]
    _write(folder / "cases.csv", ("case number", "opened", "closed"), cases)


def secrets() -> list[str]:
    """Every text that must stand in no file that is written: of persons, and the salt."""
    return [
        *(name for name, _ in people()), "Ana Gómez", "Pérez", *plates(), SALT,
        "AB123CD", "juana.perez", "30.123.456", "5555 1234",
    ]  # fmt: skip


def _told(at: datetime) -> str:
    return f"{at:%m/%d/%Y, %I:%M:%S %p} UTC"


def _without(row: Sequence[str]) -> list[str]:
    """A row of an export that does not tell devices."""
    return [*row[:4], *row[5:]]


def _write(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
