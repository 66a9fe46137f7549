"""Garbage is looked for as before once a log is read, whatever came of it."""

import gc

import pytest

from veedor.sealing.collecting import seldom_collecting


@pytest.fixture(params=[(700, 10, 10), (0, 10, 10), (5_000_000, 3, 4)])
def threshold(request):
    before = gc.get_threshold()
    gc.set_threshold(*request.param)
    yield request.param
    gc.set_threshold(*before)


def test_thresholds_come_back(threshold):
    with seldom_collecting():
        first, *others = gc.get_threshold()
        assert tuple(others) == threshold[1:]
        # Who has turned it off, or has it look more seldom yet, is left alone.
        assert first == (threshold[0] if threshold[0] in (0, 5_000_000) else 200_000)
    assert gc.get_threshold() == threshold
    with pytest.raises(OSError, match="broken"), seldom_collecting():
        raise OSError("broken")
    assert gc.get_threshold() == threshold
