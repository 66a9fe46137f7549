import numpy as np
import pytest
from tests.unit.audits.access.made_logs import SALT, ZONE, native, rows, write

from veedor.audits.access.authorised import listed as listed_at
from veedor.audits.access.beside import ListPaths
from veedor.audits.access.ground import ground_of
from veedor.audits.access.in_force import InForce
from veedor.audits.access.presets import PRESETS
from veedor.audits.access.reading import read_access
from veedor.audits.access.settings import Settings
from veedor.errors import DataError, PersonalDataRefusal

HEADERS = PRESETS[0].headers


def read(path, kind="own", **lists):
    return read_access([path], kind, ZONE, SALT, beside=ListPaths(**lists))


def test_a_roster_is_joined_by_the_same_spelling(tmp_path):
    roster = write(
        tmp_path / "roster.csv",
        ["Usuario", "Unidad", "Turno", "Inicio del turno", "Fin del turno"],
        ["j.  user2 ", "Norte", "noche", "22:00", "06:30"],
        ["J. USER1", "Sur", "-", "", ""],
        ["J. Nobody", "Este", "dia", "06:00", "14:00"],
    )
    found = read(native(tmp_path / "log.csv"), roster=roster).registers.roster
    assert found.listed == 3 and found.unmatched == 1
    assert found.unit.values == ("Este", "Norte", "Sur")
    assert found.unit.codes.tolist() == [2, 1, -1]  # of the first user to come, and so on
    assert found.shift.codes.tolist() == [-1, 1, -1]
    assert found.shift_start.tolist() == [-1, 22 * 60, -1]
    assert found.shift_end.tolist() == [-1, 6 * 60 + 30, -1]
    assert found.role is None and found.force is None


def test_users_of_a_network_are_joined_with_their_force(tmp_path):
    lines = [rows(HEADERS, (n,), Name="J. Doe", OrgName=f"PD {n}")[0] for n in (1, 2)]
    log = write(tmp_path / "log.csv", HEADERS, *lines)
    roster = write(
        tmp_path / "roster.csv", ["user", "force", "unit"], ["J. Doe", "pd 2", "Traffic"]
    )
    found = read(log, "network", roster=roster).registers.roster
    assert found.unit.codes.tolist() == [-1, 0]
    bare = write(tmp_path / "bare.csv", ["user", "unit"], ["J. Doe", "Traffic"])
    with pytest.raises(DataError, match="force"):
        read(log, "network", roster=bare)


def test_a_user_twice_in_a_roster_is_told_by_row_and_not_by_name(tmp_path):
    roster = write(tmp_path / "r.csv", ["user", "unit"], ["J. User1", "a"], ["j. user1", "b"])
    with pytest.raises(DataError, match="row 2") as told:
        read(native(tmp_path / "log.csv"), roster=roster)
    assert "user1" not in str(told.value).lower()


def test_a_unit_that_is_a_person_is_refused(tmp_path):
    roster = write(tmp_path / "r.csv", ["user", "unit"], ["J. User1", "tel 011 4444-5555"])
    with pytest.raises(PersonalDataRefusal):
        read(native(tmp_path / "log.csv"), roster=roster)


def test_a_shift_that_is_no_time_is_refused(tmp_path):
    roster = write(tmp_path / "r.csv", ["user", "shift start"], ["J. User1", "25:99"])
    with pytest.raises(DataError, match="time of the clock"):
        read(native(tmp_path / "log.csv"), roster=roster)


def test_accounts_by_first_and_last_name_or_by_address(tmp_path):
    lines = [rows(HEADERS, (n,), Name=name)[0] for n, name in enumerate(["Ann Bee", "Cy Dee"], 1)]
    log = write(tmp_path / "log.csv", HEADERS, *lines)
    accounts = write(
        tmp_path / "accounts.csv",
        ["First Name", "Last Name", "Email", "Title", "Role", "Search", "Last Login"],
        ["Ann", "Bee", "ab@example.org", "", "", "Yes", "2025-06-18 00:10:00"],
        ["Eve", "Eff", "ee@example.org", "", "", "No", ""],
    )
    found = read(log, accounts=accounts).registers.accounts
    assert len(found) == 2
    assert found.user.tolist() == [0, -1] and found.unlisted == 1
    assert found.may_search.tolist() == [1, 0]
    assert str(found.last_login[0]) == "2025-06-18T07:10:00.000000"  # said in local time
    assert np.isnat(found.last_login[1]) and np.isnat(found.granted).all()


@pytest.mark.parametrize(
    ("until", "held"),
    [("2025-06-17", False), ("2025-06-18", True), ("", True), ("2025-06-18 00:02:01", False)],
)
def test_a_day_that_ends_a_span_is_in_it_to_its_local_midnight(until, held, tmp_path):
    # The look-up is at 07:02:01 UTC, 00:02:01 of 18 June in local time.
    listed = write(
        tmp_path / "list.csv", ["Patente", "Desde", "Hasta"], ["zz-199-qx", "2025-01-01", until]
    )
    found = read(native(tmp_path / "log.csv", (1,)), authorised=(listed,))
    spans = found.registers.authorised
    key = found.log.coded["key"].codes
    assert spans.holds(key, found.log.at).tolist() == [held]
    assert spans.known(key).tolist() == [True]


def test_versions_of_a_list_hold_until_the_next_one(tmp_path):
    lists = [
        write(tmp_path / f"{n}.csv", ["plate", "version"], *lines)
        for n, lines in enumerate(
            (
                [["ZZ199QX", "2025-05-01"], ["ZZ299QX", "2025-05-01"]],
                [["ZZ299QX", "2025-06-01"], ["ZZ399QX", "2025-06-01"]],
                [["ZZ199QX", "2025-07-01"]],
            )
        )
    ]
    for order in (lists, lists[::-1]):
        found = read(native(tmp_path / "log.csv"), authorised=tuple(order))
        spans = found.registers.authorised
        key = found.log.coded["key"].codes
        assert spans.holds(key, found.log.at).tolist() == [False, True, True]
        assert (spans.listed, spans.versions) == (3, 3)


@pytest.mark.parametrize(
    ("start", "judged"), [("2025-06-18", [False, True, True]), ("2025-01-01", [True] * 3)]
)
def test_a_list_is_in_force_from_its_own_start_whoever_was_looked_up(start, judged, tmp_path):
    # Look-ups are in the first minutes of 18 June; of the listed keys only one was looked up.
    listed = write(
        tmp_path / "list.csv",
        ["plate", "from"],
        ["ZZ299QX", "2025-06-18 00:02:02"],
        ["AA000AA", start if judged[0] else "2025-06-18 00:02:02"],
    )
    found = read(native(tmp_path / "log.csv"), authorised=(listed,))
    told = listed_at(ground_of(found.log, found.registers, Settings()))
    assert told.judged.tolist() == judged
    # A list of which no key was looked up is not one that was always in force.
    other = write(tmp_path / "o.csv", ["plate", "from"], ["AA000AA", "2026-01-01"])
    found = read(native(tmp_path / "log.csv"), authorised=(other,))
    told = listed_at(ground_of(found.log, found.registers, Settings()))
    assert told.judged.tolist() == [False] * 3


def test_a_register_of_cases_with_units(tmp_path):
    cases = write(
        tmp_path / "cases.csv",
        ["Case Number", "Opened", "Closed", "Unit"],
        ["250001", "2025-06-01", "2025-06-10", "Norte"],
        ["25-0002", "2025-06-01", "", "Sur"],
    )
    found = read(native(tmp_path / "log.csv"), cases=cases)
    case = found.log.coded["case"].codes
    assert found.registers.cases.known(case).tolist() == [True, True, False]
    assert found.registers.cases.holds(case, found.log.at).tolist() == [False, True, False]
    assert found.registers.case_units.values == ("Norte", "Sur")
    assert found.registers.case_units.codes.tolist() == [0, 1, -1]


def test_a_list_that_ends_before_it_begins_is_told_by_row(tmp_path):
    listed = write(
        tmp_path / "l.csv", ["plate", "from", "until"], ["ZZ199QX", "2025-02-01", "2025-01-01"]
    )
    with pytest.raises(DataError, match="row 1") as told:
        read(native(tmp_path / "log.csv"), authorised=(listed,))
    assert "ZZ199QX" not in str(told.value)


def test_another_salt_joins_the_same(tmp_path):
    listed = write(tmp_path / "l.csv", ["plate"], ["ZZ299QX"])
    log = native(tmp_path / "log.csv")
    for secret in (b"made up, and long enough", b"another secret, made up too"):
        found = read_access(
            [log], "own", ZONE, type(SALT)(secret), beside=ListPaths(authorised=(listed,))
        )
        assert found.registers.authorised.codes.tolist() == [1]


def test_what_is_in_force_against_a_plain_loop():
    rng = np.random.default_rng(7)
    spans = 200
    codes = rng.integers(0, 20, spans).astype(np.int32)
    starts = rng.integers(0, 1_000, spans)
    ends = starts + rng.integers(0, 200, spans)
    since = starts.astype("datetime64[us]")
    until = ends.astype("datetime64[us]")
    since[rng.random(spans) < 0.1] = "NaT"
    until[rng.random(spans) < 0.1] = "NaT"
    asked = rng.integers(-1, 25, 2_000).astype(np.int32)
    at = rng.integers(-10, 1_300, 2_000).astype("datetime64[us]")
    at[:5] = "NaT"
    expected = [
        not np.isnat(now)
        and any(
            key == code and (np.isnat(first) or first <= now) and (np.isnat(last) or now < last)
            for code, first, last in zip(codes, since, until, strict=True)
        )
        for key, now in zip(asked, at, strict=True)
    ]
    assert InForce(codes, since, until, 20).holds(asked, at).tolist() == expected
