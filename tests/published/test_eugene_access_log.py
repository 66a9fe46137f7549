"""The search log that the City of Eugene published (CC0): what its data sheet counts in it."""

import numpy as np
import pytest

from veedor.audits.access.log import CellState
from veedor.audits.access.reading import read_access
from veedor.audits.access.salt import Salt
from veedor.errors import PersonalDataRefusal

pytestmark = pytest.mark.shared_data
ZONE = "America/Los_Angeles"
SALT = Salt(b"made up, and long enough")


@pytest.fixture
def reading(shared_data):
    path = shared_data / "access" / "eugene_searches.csv"
    return read_access([path], "own", ZONE, SALT, personal="mask")


def test_rows_users_and_cells(reading):
    log, quality = reading.log, reading.quality
    assert (quality.rows, len(log), log.coded["user"].distinct) == (4294, 4294, 147)
    assert log.counted("reason")[CellState.EMPTY] == 5
    devices = log.numbers["devices"].values
    assert int((devices == 0).sum()) == 79 and int((devices > 1000).sum()) == 1289
    assert (quality.same_id, quality.same_row) == (0, 0)
    assert quality.exports[0].preset == "portal-2025" and quality.exports[0].unread_times == 0


def test_seven_days_of_utc_have_no_row(reading):
    days = np.unique(reading.log.at.astype("datetime64[D]"))
    assert int((days[-1] - days[0]).astype(int)) + 1 - days.size == 7


def test_plates_that_were_taken_out_are_states_and_one_was_left_in(reading, shared_data):
    """Sixteen plates and a further text were marked; a seventeenth plate stands as it was typed."""
    assert reading.log.counted("reason")[CellState.PARTIAL] == 17
    assert reading.log.counted("reason")[CellState.WITHHELD] == 1
    assert reading.quality.masked == {"plates": 1}
    path = shared_data / "access" / "eugene_searches.csv"
    with pytest.raises(PersonalDataRefusal, match=r"plates \(1\)"):
        read_access([path], "own", ZONE, SALT)
