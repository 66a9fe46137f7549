"""Times that can be read and are hardly meant so: heaps, mixed offsets, UTC in a header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from veedor.errors import StudyError
from veedor.incidents import Category, Columns, Source, assess, propose, read
from veedor.incidents.usability import judge

ZONE = "America/Argentina/Buenos_Aires"


def written(folder, texts, header="fecha_hora"):
    path = folder / "a.csv"
    rows = [f'"{text}",robo,-34.6,-58.4' for text in texts]
    path.write_text("\n".join([f"{header},tipo,lat,lon", *rows]) + "\n", encoding="utf-8")
    return path


def source(path, header="fecha_hora", zone=ZONE, crs="EPSG:32721", **more):
    columns = Columns(time=header, category="tipo", latitude="lat", longitude="lon")
    robbery = (Category("robo", "reported"),)
    return Source((str(path),), columns, robbery, zone, crs, **more)


def limits(reading):
    return {one.code: one.arguments for one in judge(assess(reading)).limits}


def moments(n=400):
    """Times of every minute of the day, none of them again and again."""
    first = datetime(2023, 1, 1)
    return [first + timedelta(minutes=1_459 * k) for k in range(n)]


@pytest.mark.parametrize("clock", ["00:00", "12:00", "23:59"])
def test_a_heap_at_one_minute_of_the_day_is_told(tmp_path, clock):
    texts = [
        f"{at:%Y-%m-%d} {clock}" if k % 10 == 0 else f"{at:%Y-%m-%d %H:%M}"
        for k, at in enumerate(moments())
    ]
    found = limits(read(source(written(tmp_path, texts))))
    assert found["record_times_heaped"]["clock"] == clock
    assert found["record_times_heaped"]["of"] == 400


def test_a_heap_is_of_the_local_day(tmp_path):
    texts = [
        f"{at:%Y-%m-%d}T03:00:00Z" if k % 4 == 0 else f"{at:%Y-%m-%dT%H:%M:00Z}"
        for k, at in enumerate(moments())
    ]
    assert limits(read(source(written(tmp_path, texts))))["record_times_heaped"]["clock"] == "00:00"


def test_whole_hours_are_no_heap_though_all_are_rounded_to_them(tmp_path):
    texts = [f"{at:%Y-%m-%d %H}:00" for at in moments()]
    assert "record_times_heaped" not in limits(read(source(written(tmp_path, texts))))


@pytest.mark.parametrize(("heaped", "told"), [(19, False), (21, True)])
def test_a_heap_is_twenty_times_or_more(tmp_path, heaped, told):
    texts = [
        f"{at:%Y-%m-%d} 00:00" if k < heaped else f"{at:%Y-%m-%d} {at.hour:02}:{at.minute:02}"
        for k, at in enumerate(one for one in moments(121) if (one.hour, one.minute) != (0, 0))
    ]
    assert ("record_times_heaped" in limits(read(source(written(tmp_path, texts))))) is told


@pytest.mark.parametrize(("every", "told"), [(2, True), (1, False)])
def test_offsets_beside_some_times_only_are_told(tmp_path, every, told):
    texts = [
        f"{at:%Y-%m-%dT%H:%M:00Z}" if k % every == 0 else f"{at:%Y-%m-%d %H:%M}"
        for k, at in enumerate(moments())
    ]
    found = limits(read(source(written(tmp_path, texts))))
    assert ("record_offsets_mixed" in found) is told


def test_times_in_a_skipped_hour_are_told(tmp_path):
    texts = ["2023-03-12 02:30"] * 8 + [f"{at:%Y-%m-%d %H:%M}" for at in moments()]
    path = written(tmp_path, texts)
    found = limits(read(source(path, zone="America/Chicago", crs="EPSG:32721")))
    assert found["record_times_skipped"] == {"n": 8, "of": 408}
    assert "record_times_skipped" not in limits(read(source(path)))


def test_a_header_that_says_utc_is_believed_where_the_values_say_nothing(tmp_path):
    local = [at.replace(tzinfo=ZoneInfo(ZONE)) for at in moments()]
    texts = [f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" for at in local]
    path = written(tmp_path, texts, "fecha_hora_utc")
    proposal = propose([str(path)])
    assert proposal.offset == "utc"
    incidents = read(proposal.source([str(path)])).incidents
    wanted = np.array([at.astimezone(UTC).replace(tzinfo=None) for at in local], "datetime64[us]")
    np.testing.assert_array_equal(incidents.start, wanted)
    as_local = read(source(path, "fecha_hora_utc")).incidents
    assert (as_local.start - incidents.start == np.timedelta64(3, "h")).all()


def test_a_header_that_says_utc_is_left_alone_where_the_values_say_so_too(tmp_path):
    path = written(tmp_path, [f"{at:%Y-%m-%dT%H:%M:00Z}" for at in moments()], "fecha_hora_utc")
    assert propose([str(path)]).offset is None
    assert propose([str(written(tmp_path, ["2023-01-05 10:20"] * 30))]).offset is None


@pytest.mark.parametrize("mark", [".", ","])
def test_instants_that_a_spreadsheet_rounded_are_refused(tmp_path, mark):
    def texts(digits):
        return [
            f"{at.replace(tzinfo=UTC).timestamp() * 1_000:.{digits}E}".replace(".", mark)
            for at in moments()
        ]

    with pytest.raises(StudyError, match="rounded by a spreadsheet") as told:
        read(source(written(tmp_path, texts(5))))
    assert "2.8 hours" in told.value.found
    exact = read(source(written(tmp_path, texts(10)))).incidents
    assert exact.start.tolist() == moments()
