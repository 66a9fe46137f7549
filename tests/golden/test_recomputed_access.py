"""What an audit of access counts, counted again from its files, row by row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.golden import looked

#: The town is three hours behind UTC all year.
_BEHIND = timedelta(hours=3)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name.strip(): cell for name, cell in row.items()}


@pytest.fixture(scope="module")
def lookups(folder) -> list[dict[str, Any]]:
    """Each look-up once, without the producer's own, at its local time."""
    log = folder / "looked"
    found = {}
    for name in ("looked_1.csv", "looked_2.csv"):
        for row in _rows(log / name):
            found.setdefault(row["ID"], row)
    others = [one for one in found.values() if one["Org Name"] != looked.PRODUCER]
    for one in others:
        told = one["Search Time"].removesuffix(" UTC")
        one["at"] = datetime.strptime(told, "%m/%d/%Y, %I:%M:%S %p") - _BEHIND
    return others


@pytest.fixture(scope="module")
def stated(documents) -> dict[tuple[str, str, float | None], dict[str, Any]]:
    """Statements by what they are about."""
    return {
        (
            one["statistic"], one["subject"].get("subset", "all"),
            one["subject"].get("threshold"),
        ): one
        for one in documents["audit-access"]["statements"]
        if not one["subject"].get("assignment")
    }  # fmt: skip


def test_who_looked_and_how_often(documents, lookups, stated):
    users = Counter((one["Org Name"], one["Name"]) for one in lookups)
    assert documents["audit-access"]["lookups"] == len(lookups)
    assert stated["users", "all", None]["estimate"]["value"] == len(users)
    assert stated["forces", "all", None]["estimate"]["value"] == len(
        {one["Org Name"] for one in lookups}
    )
    top = sum(many for _, many in users.most_common(10)) / len(lookups)
    assert stated["top_share", "all", None]["estimate"]["value"] == pytest.approx(top)
    counts = sorted(users.values())
    n = len(counts)
    gini = sum((2 * i - n - 1) * x for i, x in enumerate(counts, 1)) / (n * sum(counts))
    assert stated["gini_users", "all", None]["estimate"]["value"] == pytest.approx(gini)


def test_accounts_that_were_granted_and_used(folder, lookups, stated):
    granted = {(one["force"], one["user"]) for one in _rows(folder / "looked" / "accounts.csv")}
    used = granted & {(one["Org Name"], one["Name"]) for one in lookups}
    assert stated["accounts_granted", "all", None]["estimate"]["value"] == len(granted)
    assert stated["accounts_used_share", "all", None]["numerator"] == len(used)


def test_how_far_they_reached(lookups, stated):
    several = sum(int(one["Total Networks Searched"]) > 1 for one in lookups)
    told = [one["Total Devices Searched"] for one in lookups if "Total Devices Searched" in one]
    assert stated["more_than_one_network_share", "all", None]["numerator"] == several
    wide = stated["devices_above_share", "all", 1000.0]
    assert wide["numerator"] == sum(int(many) > 1000 for many in told)
    assert wide["out_of"] == len(told) < len(lookups)  # one export does not tell devices


def test_look_ups_on_the_list_in_force(folder, lookups, stated):
    spans = {
        one["plate"]: (
            datetime.fromisoformat(one["valid from"]),
            datetime.fromisoformat(one["valid until"]) + timedelta(days=1),
        )
        for one in _rows(folder / "looked" / "warrants.csv")
    }
    inside = sum(
        plate in spans and spans[plate][0] <= one["at"] < spans[plate][1]
        for one in lookups
        for plate in [one["License Plate"]]
    )
    assert stated["inside_list_share", "all", None]["numerator"] == inside
    assert stated["outside_list_share", "all", None]["numerator"] == len(lookups) - inside


def test_first_look_ups_and_hours(lookups, stated):
    plates = {one["License Plate"] for one in lookups}
    assert stated["first_in_log_share", "all", None]["numerator"] == len(plates)
    off = sum(not (one["at"].weekday() < 5 and 8 <= one["at"].hour < 18) for one in lookups)
    assert stated["off_hours_share", "all", None]["numerator"] == off


def test_states_of_reasons(lookups, stated):
    empty = sum(not one["Reason"] for one in lookups)
    assert stated["reason_cells_share", "empty", None]["numerator"] == empty
    placeholders = sum(one["Reason"] == "N/A" for one in lookups)
    assert stated["reason_cells_share", "placeholder", None]["numerator"] == placeholders


def test_months_are_cut_at_breaks_and_hold_every_look_up(documents):
    found = documents["audit-access"]
    months, breaks = found["months"], {one["day"] for one in found["breaks"]}
    assert sum(one["lookups"] for one in months) == found["lookups"]
    assert sum(one["days"] for one in months) == found["missing"]["days"]
    assert [one["stretch"] for one in months] == sorted(one["stretch"] for one in months)
    assert len({one["stretch"] for one in months}) == len(breaks) + 1
    assert {"2024-06-01"} < breaks  # the policy, and the export without devices
