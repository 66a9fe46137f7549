"""What holds for every table, however it is written, and against slow plain versions."""

import csv
import io
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.errors import ConflictingRowsError, VeedorError
from veedor.files.json_file import plain
from veedor.incidents import Category, Columns, Source, assess, read
from veedor.incidents.breaks import find_breaks
from veedor.incidents.duplicates import repeated
from veedor.tables.clocks import LocalClock

KINDS = (
    Category("robbery", "reported", ("robo",)),
    Category("theft", "reported", ("hurto; simple", 'hurto "x"')),
)
COLUMNS = Columns(id="id", time="when", category="kind", latitude="lat", longitude="lon")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

rows = st.lists(
    st.tuples(
        st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)).map(
            lambda t: t.replace(second=0, microsecond=0)
        ),
        st.sampled_from(["robo", "hurto; simple", 'hurto "x"', "otro", ""]),
        st.integers(41_000, 42_500),
        st.integers(-88_500, -87_000),
    ),
    min_size=1,
    max_size=30,
)


def read_bytes(data, **changes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(data)
        given = {
            "columns": COLUMNS,
            "categories": KINDS,
            "time_zone": "America/Chicago",
            "crs": "EPSG:32616",
        }
        return read(Source((str(path),), **(given | changes)))


@settings(max_examples=40, deadline=None)
@given(
    rows,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_any_dialect_gives_the_same_incidents(table, delimiter, encoding, newline, quoted, comma):
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=newline,
        quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerow(["dropped ñ", "id", "when", "kind", "lat", "lon"])
    for number, (when, kind, lat, lon) in enumerate(table):
        place = [f"{value / 1000:.3f}" for value in (lat, lon)]
        if comma:
            place = [value.replace(".", ",") for value in place]
        writer.writerow(["x", number, when.isoformat(" "), kind, *place])
    kept = [number for number, row in enumerate(table) if row[1] not in ("otro", "")]
    data = text.getvalue().encode(encoding)
    if not kept:
        with pytest.raises(VeedorError, match="must be kept"):
            read_bytes(data)
        return
    reading = read_bytes(data)
    incidents = reading.incidents
    assert incidents.id.tolist() == kept
    zone = ZoneInfo("America/Chicago")
    expected = [
        table[number][0].replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        for number in kept
    ]
    assert incidents.start.tolist() == expected
    assert [incidents.categories[index].name for index in incidents.category] == [
        "robbery" if table[number][1] == "robo" else "theft" for number in kept
    ]
    assert incidents.located.all()
    counted = Counter(row[1] for row in table)
    assert reading.tally.set_aside["category not in the study"] == counted["otro"]
    assert reading.tally.set_aside["no category"] == counted[""]
    assert plain(assess(reading))["rows"]["reconciled"]
    assert reading.tally.rows_in == len(table)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda t: ("id,when,kind,lat,lon\n" + t).encode("utf-8", "replace"))
)
def test_hostile_bytes_never_crash(data):
    try:
        reading = read_bytes(data)
    except VeedorError as error:
        assert "\n" not in str(error)
    else:
        assert reading.tally.rows_in == len(reading.incidents) + sum(
            reading.tally.set_aside.values()
        )


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            "America/Chicago",
            "America/Argentina/Buenos_Aires",
            "Europe/London",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Pacific/Apia",
        ]
    ),
    st.lists(st.integers(-2_000_000_000, 3_900_000_000), min_size=1, max_size=50),
)
def test_local_to_utc_is_that_of_zoneinfo(name, seconds):
    zone = ZoneInfo(name)
    clock = LocalClock(name)
    # half of the times near the changes, where it matters
    changes = clock._instants // 1_000_000
    near = (
        [int(changes[one % len(changes)]) + one % 20_000 - 30_000 for one in seconds]
        if len(changes)
        else []
    )
    local = np.array(seconds + near, dtype=np.int64) * 1_000_000
    found = clock.to_utc(local)
    for value, utc, nonexistent, ambiguous in zip(local.tolist(), *found, strict=True):
        wall = datetime(1970, 1, 1) + timedelta(microseconds=value)
        instants = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        assert EPOCH + timedelta(microseconds=int(utc)) == instants[0]
        back = instants[0].astimezone(zone).replace(tzinfo=None)
        assert bool(nonexistent) == (back != wall)
        assert bool(ambiguous) == (back == wall and instants[0] != instants[1])
        again = clock.to_local(np.array([utc]))[0]
        assert datetime(1970, 1, 1) + timedelta(microseconds=int(again)) == back


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 1)), max_size=25),
    st.sampled_from(("text", 1, 7, 8, 9, -(2**60))),
)
def test_duplicates_are_those_of_a_plain_dict(pairs, spread):
    """Ids near one another and far apart: a table of numbers is made of the former alone."""
    if spread == "text":
        ids = np.array([str(one) for one, _ in pairs], dtype="S3")
    else:
        ids = np.array([one * spread for one, _ in pairs], dtype=np.int64)
    content = {"a": np.array([float(two) if two else np.nan for _, two in pairs])}
    first: dict = {}
    expected, conflict = [], False
    for number, (one, two) in enumerate(pairs):
        if one in first:
            conflict |= first[one] != two
            expected.append(number)
        first.setdefault(one, two)
    if conflict:
        with pytest.raises(ConflictingRowsError):
            repeated(ids, content, str)
    else:
        assert repeated(ids, content, str).tolist() == expected


def test_colliding_keys_are_told_apart(monkeypatch):
    monkeypatch.setattr("veedor.incidents.duplicates._mixed", lambda keys: keys * np.uint64(0))
    ids = np.array([3, 1, 3, 2, 1])
    assert repeated(ids, {"a": np.array([7, 8, 7, 9, 8])}, str).tolist() == [2, 4]


def test_duplicates_in_parts_are_those_at_once(monkeypatch):
    rng = np.random.default_rng(5)
    ids = rng.integers(0, 3_000, 5_000)
    content = {"a": ids % 7}
    whole = repeated(ids, content, str)
    monkeypatch.setattr("veedor.incidents.duplicates._AT_ONCE", 600)
    monkeypatch.setattr("veedor.incidents.duplicates._CHUNK", 500)
    assert np.array_equal(repeated(ids, content, str), whole)
    different = rng.permutation(5_000)
    assert repeated(different, content, str).tolist() == []
    different[4_321] = different[17]
    content["a"][4_321] = content["a"][17]
    assert repeated(different, content, str).tolist() == [4_321]


def test_breaks_by_hand():
    counts = np.array([50, 52, 49, 51, 50, 120, 48, 53, 50, 49])
    scaled = 2 * np.sqrt(counts + 0.375)
    off = [
        value - np.median([scaled[j] for j in range(len(scaled)) if j != i and abs(i - j) <= 6])
        for i, value in enumerate(scaled)
    ]
    spread = max(1.0, 1.4826 * float(np.median(np.abs(off))))
    (found,) = find_breaks(counts, np.ones(10, dtype=bool))
    assert (found.month, found.recorded) == (5, 120)
    assert found.z == pytest.approx(off[5] / spread, abs=0.006)
    assert find_breaks(counts[:4], np.ones(4, dtype=bool)) == ()
