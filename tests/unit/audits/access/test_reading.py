import itertools

import numpy as np
import openpyxl
import pytest
from tests.unit.audits.access.made_logs import CELLS, SALT, ZONE, native, rows, write

from veedor.audits.access.audit import audit_access
from veedor.audits.access.log import CellState
from veedor.audits.access.presets import PRESETS
from veedor.audits.access.reading import read_access
from veedor.errors import DataError, PersonalDataRefusal, StudyError, UnreadableError

BY_NAME = {one.name: one for one in PRESETS}


def read(*paths, kind="network", **more):
    return read_access(paths, kind, ZONE, SALT, **more)


@pytest.mark.parametrize("name", BY_NAME)
def test_each_form_is_known_by_its_header_and_read_in_utc(name, tmp_path):
    preset = BY_NAME[name]
    found = read(native(tmp_path / "log.csv", preset=name), kind=preset.kinds[0])
    log = found.log
    assert [one.preset for one in log.releases] == [name]
    assert len(log) == 3 and log.timed == 3
    first = str(log.at[0])
    assert first.startswith("2025-06-18T07:02:01")
    if "user" in log.coded:
        assert log.coded["user"].distinct == 3 and log.coded["user"].values == ()
    assert found.quality.exports[0].unread_times == 0


def test_headers_with_leading_blanks_and_a_time_frame_of_two_lines(tmp_path):
    headers = ("ID", *(f" {name}" for name in BY_NAME["native-14"].headers[1:]))
    plain = [h.strip() for h in headers]
    log = read(write(tmp_path / "log.csv", headers, *rows(tuple(plain)))).log
    assert log.releases[0].preset == "native-14"
    assert log.numbers["window_days"].values.tolist() == [7.0] * 3
    assert log.numbers["networks"].values.tolist() == [1100.0, 1200.0, 1300.0]


def test_exports_one_below_another_are_read_each_by_its_own_header(tmp_path):
    parts = [
        line
        for name in ("native-14", "native-14", "native-11")
        for line in (BY_NAME[name].headers, *rows(BY_NAME[name].headers, (1, 2)))
    ]
    # The second export repeats the first, the third says it again without ids.
    found = read(write(tmp_path / "log.csv", *parts))
    exports = sorted((one.part, one.preset, one.rows) for one in found.log.releases)
    assert exports == [(1, "native-14", 2), (2, "native-14", 2), (3, "native-11", 2)]
    assert len(found.log) == 2
    assert dict(found.log.repeated) == {"same_id": 2, "same_row": 2, "near": 0}


def test_rows_to_be_read_are_told_apart_in_files_of_several_exports(tmp_path):
    headers = BY_NAME["native-14"].headers
    two = [line for numbers in ((1, 2), (3, 4)) for line in (headers, *rows(headers, numbers))]
    log = read(
        write(tmp_path / "two.csv", *two),
        write(tmp_path / "one.csv", headers, *rows(headers, (5,))),
    ).log
    planned = audit_access(log).review.rows
    assert sorted((one.file, one.header or 0, one.row) for one in planned) == [
        ("one.csv", 0, 1),
        *(("two.csv", header, row) for header in (1, 2) for row in (1, 2)),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("second", ["portal-2025", "portal-2026-dropdown"])
def test_exports_one_below_another_are_cut_in_any_encoding(encoding, second, tmp_path):
    # Of one width and of another; a letter that no two encodings write alike.
    lines = [
        line
        for name, numbers in (("portal-2025", (1, 2)), (second, (3,)))
        for line in (
            BY_NAME[name].headers,
            *rows(BY_NAME[name].headers, numbers, reason="averiguación"),
        )
    ]
    path = write(tmp_path / "log.csv", *lines)
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    log = read(path, kind="own").log
    assert [(one.preset, one.rows) for one in log.releases] == [("portal-2025", 2), (second, 1)]
    assert "averiguación" in log.coded["reason"].values


def test_a_sheet_with_a_further_header_in_it(tmp_path):
    book = openpyxl.Workbook()
    headers = BY_NAME["portal-2025"].headers
    other = BY_NAME["portal-2026"].headers
    for title, numbers in (("May", (1, 2)), ("June", (3, 4))):
        sheet = book.create_sheet(title)
        for line in (headers, *rows(headers, numbers)):
            sheet.append(line)
    for line in (other, *rows(other, (5,))):
        book["June"].append(line)
    del book["Sheet"]
    book.save(tmp_path / "log.xlsx")
    log = read(tmp_path / "log.xlsx", kind="own").log
    assert [one.preset for one in log.releases] == ["portal-2025", "portal-2025", "portal-2026"]
    assert len(log) == 5
    assert log.states("networks").tolist() == [CellState.NOT_EXPORTED] * 4 + [CellState.VALUE]
    assert log.counted("devices")[CellState.NOT_EXPORTED] == 1


def test_states_of_cells(tmp_path):
    headers = BY_NAME["native-14"].headers
    said = ["[REDACTED]", "* * *", "###", "7923.600 GC", "N/A", "-", "", "REDACTED stolen van"]
    lines = [rows(headers, (n,), Reason=one)[0] for n, one in enumerate(said, 1)]
    log = read(write(tmp_path / "log.csv", headers, *lines)).log
    assert [CellState(one).name for one in log.states("reason")] == [
        *["WITHHELD"] * 4, "PLACEHOLDER", "PLACEHOLDER", "EMPTY", "PARTIAL",
    ]  # fmt: skip
    assert log.coded["reason"].values == ("REDACTED stolen van",)


def test_a_column_that_is_one_mask_is_constant_and_one_that_varies_is_not(tmp_path):
    numbers = range(1, 10)
    lines = [
        rows(BY_NAME["native-14"].headers, numbers, LicensePlate="***", Name="A***", ID=str(k))
        for k in range(4)
    ]
    whole = [[f"{cells[0]}-{n}", *cells[1:]] for part in lines for n, cells in enumerate(part)]
    found = read(write(tmp_path / "log.csv", BY_NAME["native-14"].headers, *whole))
    assert {"key", "user", "force"} <= {*found.quality.constant}
    assert "reason" in found.quality.constant and "case" not in found.quality.constant
    assert found.quality.cells["user"]["masked"] == 36
    assert found.quality.cells["key"]["withheld"] == 36


def test_files_in_any_order_and_rows_in_any_order_make_one_log(tmp_path):
    paths = [
        native(tmp_path / "a.csv", (1, 2, 3)),
        native(tmp_path / "b.csv", (3, 4), preset="native-11"),
        native(tmp_path / "c.csv", (4, 3, 5, 2), preset="native-13"),
    ]
    logs = [read(*order).log for order in itertools.permutations(paths)]
    turned = native(tmp_path / "d.csv", (5, 2, 4, 3), preset="native-13")
    logs.append(read(paths[0], paths[1], turned).log)
    for log in logs:
        assert len(log) == 5
        assert np.array_equal(log.at, logs[0].at)
        assert log.repeated == logs[0].repeated
        for name, column in log.coded.items():
            assert np.array_equal(column.codes, logs[0].coded[name].codes)
            assert column.values == logs[0].coded[name].values


def test_another_salt_makes_the_same_log(tmp_path):
    path = native(tmp_path / "log.csv", (3, 1, 2))
    other = type(SALT)(b"another secret, made up too")
    logs = [read_access([path], "network", ZONE, one).log for one in (SALT, other)]
    for name, column in logs[0].coded.items():
        assert np.array_equal(column.codes, logs[1].coded[name].codes)


def test_a_row_leads_back_to_its_file(tmp_path):
    log = read(native(tmp_path / "log.csv", (3, 1, 2))).log
    assert log.row.tolist() == [2, 3, 1]


def test_one_name_in_two_forces_is_two_users_in_a_network_and_one_in_ones_own(tmp_path):
    headers = BY_NAME["native-14"].headers
    lines = [rows(headers, (n,), Name="J. Doe", OrgName=f"PD {n}")[0] for n in (1, 2)]
    path = write(tmp_path / "log.csv", headers, *lines)
    assert read(path).log.coded["user"].distinct == 2
    assert read(path, kind="own").log.coded["user"].distinct == 1


def test_own_searches_in_a_network_log(tmp_path):
    headers = BY_NAME["native-14"].headers
    lines = [rows(headers, (n,), OrgName=f"PD {n % 2}")[0] for n in (1, 2, 3)]
    path = write(tmp_path / "log.csv", headers, *lines)
    assert read(path).log.own is None
    assert read(path, producer="pd  1").log.own.tolist() == [True, False, True]
    with pytest.raises(StudyError, match="named as the log names it"):
        read(path, producer="PD 7")


@pytest.mark.parametrize(
    ("preset", "kind", "says"),
    [
        ("portal-2025", "network", "different kinds"),
        ("events-6", "own", "different kinds"),
        ("native-14", "event", "different kinds"),
    ],
)
def test_a_log_of_another_kind_is_refused(preset, kind, says, tmp_path):
    with pytest.raises(DataError, match=says):
        read(native(tmp_path / "log.csv", preset=preset), kind=kind)


def test_a_log_of_many_forces_is_not_ones_own(tmp_path):
    headers = BY_NAME["native-14"].headers
    lines = [rows(headers, (n,), OrgName=f"PD {n}")[0] for n in range(1, 8)]
    with pytest.raises(DataError, match="must be of one force"):
        read(write(tmp_path / "log.csv", headers, *lines), kind="own")


def test_a_list_of_accounts_is_no_log(tmp_path):
    headers = ["First Name", "Last Name", "Email", "Role", "Search", "Last Login"]
    path = write(tmp_path / "log.csv", headers, ["A", "B", "a@example.org", "x", "yes", ""])
    with pytest.raises(DataError, match="--accounts"):
        read(path)


def test_a_form_of_ones_own_needs_its_columns_and_what_its_times_are(tmp_path):
    path = write(
        tmp_path / "log.csv",
        ["Momento", "Quien", "Por que"],
        ["18/06/2025 00:30", "uno", "robo"],
        ["19/06/2025 23:30", "dos", "robo"],
    )
    with pytest.raises(DataError, match="form of a log must be known"):
        read(path, kind="own")
    columns = {"at": "Momento", "user": "quien", "reason": "Por que"}
    with pytest.raises(DataError, match="UTC or local"):
        read(path, kind="own", columns=columns)
    log = read(path, kind="own", columns=columns, times="local").log
    assert [str(one)[:16] for one in log.at] == ["2025-06-18T07:30", "2025-06-20T06:30"]
    assert (
        str(read(path, kind="own", columns=columns, times="utc").log.at[0])[:13] == "2025-06-18T00"
    )
    with pytest.raises(StudyError, match="must be in each file"):
        read(path, kind="own", columns=columns | {"unit": "Unidad"})


def test_local_times_that_come_twice_or_never_are_counted(tmp_path):
    path = write(
        tmp_path / "log.csv",
        ["fecha", "usuario"],
        ["2025-11-02 01:30:00", "uno"],
        ["2025-03-09 02:30:00", "dos"],
        ["2025-03-09 12:30:00", "dos"],
    )
    found = read(path, kind="own", times="local")
    assert found.quality.exports[0].moved == 2


def test_a_time_that_cannot_be_read_is_kept_without_one(tmp_path):
    headers = BY_NAME["native-14"].headers
    lines = rows(headers) + rows(headers, (7,), SearchTime="yesterday")
    found = read(write(tmp_path / "log.csv", headers, *lines))
    assert found.quality.exports[0].unread_times == 1
    assert len(found.log) == 4 and found.log.timed == 3


@pytest.mark.parametrize("rows_held", [19_999, 20_000])
def test_a_file_cut_at_a_limit_is_noticed_and_one_row_less_is_not(rows_held, tmp_path):
    headers = BY_NAME["portal-2026"].headers
    lines = [[str(n), "u", "2025-06-18 07:02:01", "1", "r"] for n in range(rows_held)]
    found = read(write(tmp_path / "log.csv", headers, *lines), kind="own")
    assert found.quality.exports[0].cap == (20_000 if rows_held == 20_000 else None)


def test_the_same_within_a_second_is_counted_and_stays(tmp_path):
    headers = BY_NAME["portal-2026"].headers
    lines = [
        ["a", "u", "2025-06-18 07:02:01.000", "1", "r"],
        ["b", "u", "2025-06-18 07:02:02.000", "1", "r"],
        ["c", "v", "2025-06-18 07:02:02.000", "1", "r"],
        ["d", "v", "2025-06-18 07:02:03.001", "1", "r"],
    ]
    log = read(write(tmp_path / "log.csv", headers, *lines), kind="own").log
    assert len(log) == 4 and log.repeated["near"] == 1


def test_two_ids_are_two_lookups_and_one_id_with_two_times_is_told(tmp_path):
    headers = BY_NAME["portal-2026"].headers
    lines = [
        ["a", "u", "2025-06-18 07:02:01", "1", "r"],
        ["a", "u", "2025-06-18 09:02:01", "1", "r"],
    ]
    found = read(write(tmp_path / "log.csv", headers, *lines), kind="own")
    assert (found.quality.same_id, found.quality.differing, len(found.log)) == (1, 1, 1)


@pytest.mark.parametrize(
    "reason",
    [
        "stolen, plate ZZ 123 QX", "4 door ABC1234", "call ana@example.org", "DNI 30.111.222",
        "tel 541-555-0134", "robo a Juan Perez",
    ],
)  # fmt: skip
def test_personal_data_in_a_reason_stops_the_run_or_is_masked(reason, tmp_path):
    headers = BY_NAME["native-14"].headers
    lines = rows(headers) + rows(headers, (7,), Reason=reason)
    path = write(tmp_path / "log.csv", headers, *lines)
    with pytest.raises(PersonalDataRefusal, match="--mask") as told:
        read(path)
    assert not any(
        word in str(told.value) for word in reason.split() if any(map(str.isdigit, word))
    )
    found = read(path, personal="mask")
    assert sum(found.quality.masked.values()) >= 1
    assert found.quality.cells["reason"]["partial"] == 1
    assert not {"ABC1234", "ana@example.org", "30.111.222", "Perez"} & {
        word for value in found.log.coded["reason"].values for word in value.split()
    }


def test_no_name_or_plate_is_kept(tmp_path):
    found = read(native(tmp_path / "log.csv"))
    held = repr(found) + repr(found.log) + repr([*found.log.coded.values()])
    assert "User1" not in held and "ZZ199QX" not in held and "made up" not in held


def test_a_broken_row_is_told(tmp_path):
    headers = BY_NAME["native-5"].headers
    lines = [*rows(headers), ["x", "y"]]
    with pytest.raises(UnreadableError, match="as many cells"):
        read(write(tmp_path / "log.csv", headers, *lines))


@pytest.mark.parametrize(
    ("good", "bad", "left_out"),
    [(999, 1, True), (998, 1, False), (1998, 2, True), (1997, 2, False)],
)
def test_few_rows_of_another_width_are_left_out_and_told(good, bad, left_out, tmp_path):
    headers = BY_NAME["native-5"].headers
    line = rows(headers, (1,))[0]
    lines = [[f"id-{n}", *line[1:]] for n in range(good)]
    lines.insert(1, ["x", "y"])
    if bad > 1:
        lines.insert(5, [*line, "more"])
    path = write(tmp_path / "log.csv", headers, *lines)
    if not left_out:
        with pytest.raises(UnreadableError, match="as many cells"):
            read(path)
        return
    found = read(path)
    assert len(found.log) == good
    assert found.quality.exports[0].uneven == (2, 6)[:bad] == found.log.releases[0].uneven
    # Rows behind them keep their places in the file.
    assert sorted(found.log.row.tolist()) == [
        place for place, one in enumerate(lines, 1) if len(one) == len(headers)
    ]
    (told,) = [one for one in audit_access(found.log).warnings if "width" in one.code]
    assert told.arguments == {
        "n": bad, "rows": good + bad, "file": "log.csv", "first": "2, 6" if bad > 1 else "2",
    }  # fmt: skip


def test_more_rows_of_another_width_than_hundreds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("veedor.audits.access.exports._MOST_UNEVEN", 1)
    headers = BY_NAME["native-5"].headers
    lines = [[f"id-{n}", *rows(headers, (1,))[0][1:]] for n in range(3_000)]
    assert len(read(write(tmp_path / "log.csv", headers, ["x"], *lines)).log) == 3_000
    with pytest.raises(UnreadableError, match="2 rows that do not"):
        read(write(tmp_path / "log.csv", headers, ["x"], ["x"], *lines))


def test_a_short_export_of_another_form_is_cut_and_no_row_of_it_is_left_out(tmp_path):
    first, second = BY_NAME["native-5"].headers, BY_NAME["native-11"].headers
    lines = [[f"id-{n}", *rows(first, (1,))[0][1:]] for n in range(3_000)]
    found = read(write(tmp_path / "log.csv", first, *lines, second, *rows(second, (2,))))
    assert sorted(one.rows for one in found.log.releases) == [1, 3_000]
    assert all(one.uneven == () for one in found.log.releases)


def test_a_quote_that_runs_on_is_refused_however_long_the_file(tmp_path):
    headers = BY_NAME["native-5"].headers
    lines = [[f"id-{n}", *rows(headers, (1,))[0][1:]] for n in range(3_000)]
    path = write(tmp_path / "log.csv", headers, *lines)
    text = path.read_text()
    at = text.index("burglary\nid-2991,")
    path.write_text(f'{text[:at]}"{text[at:]}')
    with pytest.raises(UnreadableError):
        read(path)


@pytest.mark.parametrize("kind", ["mine", ""])
def test_a_kind_and_a_zone_are_needed(kind, tmp_path):
    path = native(tmp_path / "log.csv")
    with pytest.raises(StudyError, match="kind of a log"):
        read(path, kind=kind)
    with pytest.raises(StudyError, match="IANA"):
        read_access([path], "network", "Nowhere/Town", SALT)


def test_made_cells_are_of_every_header():
    assert len(CELLS) > 20
