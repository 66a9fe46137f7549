"""A city's log of plate-reader searches, released by it, with figures counted from it elsewhere.

City of Eugene, CC0: 18 June to 2 December 2025. Figures are those that come with the data:
4,294 searches by 147 users, Gini .590, the ten busiest with 33.0%, 5 without a reason, 79 of no
camera, 1,289 of more than 1,000, and 7 days without rows: these are days of UTC, in which the log
is written. By the city's own clock they are 8.
"""

import csv

import numpy as np
import pytest
from tests.made_logs import made_log

from veedor.audits.access.audit import audit_access
from veedor.audits.access.settings import Settings
from veedor.audits.audit import Subject

pytestmark = pytest.mark.shared_data


@pytest.fixture
def audit(shared_data):
    with (shared_data / "access" / "eugene_searches.csv").open(encoding="utf-8") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["searchDate"])
    log = made_log(
        [row["searchDate"].replace(" ", "T") for row in rows],
        zone="America/Los_Angeles",
        user=[row["userId"] for row in rows],
        reason=[row["reason"].strip() or None for row in rows],
        devices=[float(row["cameraCount"]) for row in rows],
    )
    return audit_access(log, Settings(devices_above=1000))


def value(audit, statistic, **subject):
    return audit.of(statistic, Subject("all", **subject))


def test_counts_of_rows_and_users(audit):
    assert audit.lookups == 4294
    assert value(audit, "users").estimate.value == 147


def test_concentration(audit):
    gini, top = (value(audit, one).estimate for one in ("gini_users", "top_share"))
    assert round(gini.value, 3) == 0.590 and gini.low < 0.590 < gini.high
    assert round(top.value, 3) == 0.330


def test_reasons_and_devices(audit):
    assert value(audit, "reason_cells_share", subset="empty").numerator == 5
    assert value(audit, "no_devices_share").numerator == 79
    assert value(audit, "devices_above_share", threshold=1000.0).numerator == 1289


def test_days_without_rows_are_of_utc(audit):
    assert audit.missing.without_utc == 7
    assert audit.missing.without == 8


def test_the_list_decides_how_many_reasons_are_vague(audit):
    shares = {one.name: round(100 * one.share.value) for one in audit.lists}
    assert shares == {"nothing": 0, "generic": 26, "generic_stems": 26, "kinds": 79}
    assert np.all(np.diff([one.share.value for one in audit.lists]) >= 0)
