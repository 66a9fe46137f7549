"""Degrees, minutes and seconds: read alike in Python and in SQL, and only where they are angles."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.tables.angles import read_angle, sql_angle

ALL_WAYS = (
    "34°36'30\"S", "34° 36' 30\" S", "34º36’30”S", "34°36′30″s", "34°36'30''S", "S 34° 36' 30\"",
    "S34 36 30", "34 36 30 S", "-34 36 30", "-34:36:30", "-34°36'30\"", "34°36.5'S", "34°36,5' S",
    "34 36.5 S", "34.60833333333333 S", "34,60833333333333°S", "\u221234° 36' 30\"", "-34 36 30 S",
)  # fmt: skip
NONE = (
    "", "S", "34.6", "-34,6", "3436", "34°60'00\"S", "34°36'61\"S", "34.5°36'S", "34°36.5'30\"S",
    "-34°36' N", "S 34°36' S", "58 454 420", "calle 34 S bis", "1234°00'S", "34°36'30\"W",
)  # fmt: skip


@pytest.mark.parametrize("text", ALL_WAYS)
def test_an_angle_is_read_however_it_is_written(text):
    assert read_angle(text, "y") == pytest.approx(-(34 + 36 / 60 + 30 / 3600), abs=1e-12)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_latitude_is_none(text):
    assert read_angle(text, "y") is None


@pytest.mark.parametrize(("side", "sign"), [("E", 1), ("W", -1), ("O", -1)])
def test_sides_of_a_longitude(side, sign):
    assert read_angle(f"58°30'{side}", "x") == 58.5 * sign


_PARTS = st.sampled_from([*"NSEWOo-+°º:'’\"″ ,.", "34", "36", "5", "60", "07", "\u2212", "\u00a0"])


@given(st.sampled_from(ALL_WAYS + NONE) | st.lists(_PARTS, max_size=9).map("".join))
def test_sql_reads_as_python_does(text):
    with duckdb.connect() as connection:
        for axis in ("x", "y"):
            found = connection.execute(
                f"SELECT {sql_angle('v', axis)} FROM (SELECT ? AS v)", [text]
            )
            assert found.fetchone() == (read_angle(text, axis),)
