import numpy as np
import pytest

from veedor.audits.access.log import AccessLog, CellState, CodedColumn, NumberColumn, Release
from veedor.errors import DataError

AT = np.array(["2025-06-01T10", "2025-06-01T11", "NaT"], "datetime64[us]")
RELEASE = Release("log.csv", "0" * 64, "generic", ("user",), 3)


def users(codes=(0, 1, -1), **more):
    states = np.where(np.array(codes) >= 0, CellState.VALUE, CellState.EMPTY).astype(np.uint8)
    return CodedColumn(np.array(codes, np.int32), states, max(codes) + 1, **more)


def log(**changed):
    given = {
        "kind": "own",
        "time_zone": "America/Los_Angeles",
        "at": AT,
        "coded": {"user": users()},
        "numbers": {
            "devices": NumberColumn(np.array([94, 2510, np.nan]), np.array([0, 0, 2], np.uint8))
        },
        "release": np.zeros(3, np.int16),
        "row": np.array([1, 2, 3], np.int32),
        "releases": (RELEASE,),
    }
    return AccessLog(**(given | changed))


def test_states_of_cells_are_kept_apart():
    assert log().counted("user") == {
        **dict.fromkeys(CellState, 0),
        CellState.VALUE: 2,
        CellState.EMPTY: 1,
    }
    assert log().counted("devices")[CellState.EMPTY] == 1
    assert log().counted("reason")[CellState.NOT_EXPORTED] == 3
    assert log().timed == 2 and len(log()) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "portal"},
        {"coded": {"user": users(values=("ann", "bob"))}},
        {"coded": {"name": users()}},
        {"numbers": {"user": log().numbers["devices"]}},
        {"coded": {"user": users((0, 1))}},
        {"own": np.zeros(2, bool)},
        {"row": np.zeros(4, np.int32)},
        {"at": AT[[1, 0, 2]]},
        {"at": AT[[0, 2, 1]]},
    ],
    ids=[
        "kind",
        "named",
        "stranger",
        "no_number",
        "short",
        "own",
        "long",
        "order",
        "untimed_first",
    ],
)
def test_a_log_is_whole_in_order_and_without_names(changed):
    with pytest.raises(DataError):
        log(**changed)


@pytest.mark.parametrize(
    "given",
    [
        ((0, 1), (0,), 2, ()),
        ((0, 2), (0, 0), 2, ()),
        ((0, -2), (0, 0), 2, ()),
        ((0, 1), (0, 0), 2, ("a",)),
    ],
    ids=["states", "beyond", "below", "values"],
)
def test_codes_stand_for_values(given):
    codes, states, distinct, values = given
    with pytest.raises(DataError):
        CodedColumn(np.array(codes, np.int32), np.array(states, np.uint8), distinct, values)
    with pytest.raises(DataError):
        NumberColumn(np.array([1.0, 2.0]), np.array([0], np.uint8))


def test_values_are_not_in_what_is_printed():
    assert "ann" not in repr(users(values=("ann", "bob")))
