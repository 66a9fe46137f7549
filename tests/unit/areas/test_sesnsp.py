"""Mexico: what is printed and what is summed, months after the cut-off, two instruments."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.asking import ask

from veedor.areas import AreaCounts, State, Unit, assess_areas
from veedor.areas.layouts.sesnsp_crossings import BREAK
from veedor.areas.noticed import Notice
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import BrokenSeriesError, DataError
from veedor.tasks import init

MONTHS = "Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,Octubre,Noviembre,Diciembre"
STATE = "Año,Clave_Ent,Entidad,Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad"
MUNICIPAL = STATE.replace("Entidad,Bien", "Entidad,Cve. Municipio,Municipio,Bien")
HOMICIDE = ("Homicidio", "Homicidio doloso")
FIREARM, BLADE = (*HOMICIDE, "Con arma de fuego"), (*HOMICIDE, "Con arma blanca")
NEGLIGENT = ("Homicidio", "Homicidio culposo", "No especificado")
ATTEMPT = ("Homicidio", *["Tentativa de homicidio doloso"] * 2)
EXTORTION = ("Extorsión",) * 3
FACE = ("Extorsión", *["Extorsión presencial"] * 2)
REMOTE = ("Extorsión", *["Extorsión por otros medios"] * 2)
TRIED = ("Extorsión", *["Tentativa de extorsión presencial"] * 2)
TRIED_REMOTE = ("Extorsión", *["Tentativa de extorsión por otros medios"] * 2)
DEALING, SALE = ("Narcomenudeo",) * 3, ("Narcomenudeo", *["Narcomenudeo con fines de venta"] * 2)


def line(year: int, area: str, of: tuple[str, str, str], *counts: object) -> str:
    filled = [*counts, *[""] * (12 - len(counts))]
    return ",".join([str(year), area, "Bien", *of, *map(str, filled)])


def write(folder: Path, name: str, header: str, *lines: str, encoding: str = "cp1252") -> Path:
    path = folder / name
    path.write_text("\n".join([f"{header},{MONTHS}", *lines]) + "\n", encoding=encoding)
    return path


def noticed(reading: AreaReading) -> dict[Notice, int]:
    return {one.what: one.n for one in reading.noticed}


AGS, VER = "1,Aguascalientes", "30,Veracruz de Ignacio de la Llave"


@pytest.fixture
def states(tmp_path: Path) -> AreaReading:
    path = write(
        tmp_path,
        "estatal_2025-03-21.csv",
        STATE,
        *(line(2024, area, FIREARM, *[4] * 12) for area in (AGS, VER)),
        *(line(2024, area, BLADE, *[1] * 12) for area in (AGS, VER)),
        *(line(2024, area, NEGLIGENT, *[2] * 12) for area in (AGS, VER)),
        *(line(2024, area, EXTORTION, *[9] * 12) for area in (AGS, VER)),
        *(line(2024, area, DEALING, *[7] * 12) for area in (AGS, VER)),
        *(line(2025, area, FIREARM, 5, 0) for area in (AGS, VER)),
        line(2025, AGS, BLADE, 1, 1),
        line(2025, VER, BLADE, 1, ""),
        *(line(2025, area, NEGLIGENT, 2, 2) for area in (AGS, VER)),
        *(line(2025, area, EXTORTION, 10, 10) for area in (AGS, VER)),
        *(line(2025, area, DEALING, 7, 7) for area in (AGS, VER)),
    )
    return read_areas([Publication(path)])


def series(record: AreaCounts, code: str, month: str) -> list[tuple[int, State]]:
    at = record.spans.labels.index(month)
    of = record.series(code)
    return [(int(v), State(int(s))) for v, s in zip(of.values[at], of.state[at], strict=True)]


def test_types_and_subtypes_are_sums_of_what_is_printed(states: AreaReading) -> None:
    record = states.record
    assert states.layout.name == "sesnsp"
    assert {one.unit for one in record.offences} == {Unit.OFFENCES}
    assert series(record, "homicidio/homicidio-doloso", "2024-05") == [(5, State.OBSERVED)] * 2
    assert series(record, "homicidio", "2024-05") == [(7, State.OBSERVED)] * 2
    assert record.offence_sums.first_twice(["homicidio", "homicidio/homicidio-doloso"])
    assert "extorsion" not in record.offence_sums.totals  # printed under one name: no sum
    names = {one.code: one.name for one in record.offences}
    assert (
        names["homicidio/homicidio-doloso/con-arma-blanca"] == "Homicidio doloso: Con arma blanca"
    )
    assert names["homicidio/homicidio-doloso"] == "Homicidio doloso"


def test_what_is_not_printed_is_no_sum_to_check(states: AreaReading) -> None:
    assert assess_areas(states.record).sums == ()


def test_a_sum_was_not_reported_where_a_part_was_not(states: AreaReading) -> None:
    record = states.record
    gap = (0, State.NOT_REPORTED)
    assert series(record, "homicidio/homicidio-doloso/con-arma-blanca", "2025-02")[1] == gap
    assert series(record, "homicidio/homicidio-doloso", "2025-02") == [(1, State.OBSERVED), gap]
    assert series(record, "homicidio", "2025-02")[1] == gap


def test_lost_zeros_are_put_back_and_months_after_the_cut_off_left_out(states: AreaReading) -> None:
    record = states.record
    assert [area.code for area in record.areas] == ["01", "30"]
    assert record.spans.labels[-1] == "2025-02"
    assert noticed(states) == {Notice.CODES_PADDED: 1, Notice.AFTER_CUT_OFF: 10 * 10}


def test_a_break_after_the_record_is_none_of_it(states: AreaReading, both: AreaCounts) -> None:
    assert assess_areas(states.record).breaks == ()
    assert [one.day for one in assess_areas(both).breaks] == ["2026-01-01"]


def test_drug_dealing_is_discovered(states: AreaReading) -> None:
    known_by = {one.code: one.known_by for one in states.record.offences}
    assert known_by["narcomenudeo"] == "discovered"
    assert known_by["homicidio"] == "reported"


def municipal(folder: Path, *lines: str, encoding: str = "utf-8-sig") -> AreaReading:
    path = write(folder, "municipal_2025-06-21.csv", MUNICIPAL, *lines, encoding=encoding)
    return read_areas([Publication(path)])


TOWN, JONUTA = "1,Aguascalientes,1001,Aguascalientes", "27,Tabasco,27007,Jonuta"
NOWHERE, OTHER = "1,Aguascalientes,1998,No especificado", "1,Aguascalientes,1999,Otros Municipios"


def test_zeros_of_municipalities_after_the_cut_off_were_not_published(tmp_path: Path) -> None:
    zeros = [0] * 10
    reading = municipal(
        tmp_path,
        line(2025, TOWN, EXTORTION, 3, 0, *zeros),
        line(2025, JONUTA, EXTORTION, 0, 1, *zeros),
    )
    record = reading.record
    assert reading.layout.name == "sesnsp-municipal"
    assert record.spans.labels == ("2025-01", "2025-02")
    assert series(record, "extorsion", "2025-02") == [(0, State.REPORTED_ZERO), (1, State.OBSERVED)]
    assert noticed(reading)[Notice.AFTER_CUT_OFF] == 20
    # One count anywhere in a later month, and its zeros were counted.
    later = municipal(
        tmp_path,
        line(2025, TOWN, EXTORTION, 3, 0, *zeros),
        line(2025, JONUTA, EXTORTION, 0, 1, 0, 0, 1, *zeros[3:]),
    )
    assert series(later.record, "extorsion", "2025-04") == [(0, State.REPORTED_ZERO)] * 2
    assert later.record.spans.labels[-1] == "2025-05"


def test_residual_codes_are_in_totals_and_no_place(tmp_path: Path) -> None:
    reading = municipal(
        tmp_path,
        *(line(2025, area, EXTORTION, 3, 1) for area in (TOWN, NOWHERE, OTHER)),
    )
    record = reading.record
    assert [area.code for area in record.areas] == ["01001", "01998", "01999"]
    assert record.places.tolist() == [0]
    assert record.totals("extorsion").values.tolist() == [9, 3]
    assert record.levels[0].codes == ("01",)
    assert noticed(reading)[Notice.RESIDUAL] == 2


def test_a_correction_below_zero_is_kept_and_noticed(tmp_path: Path) -> None:
    reading = municipal(
        tmp_path, line(2025, TOWN, FIREARM, 3, 1), line(2025, JONUTA, FIREARM, -1, 2)
    )
    assert series(reading.record, "homicidio", "2025-01")[1] == (-1, State.OBSERVED)
    negative = next(one for one in reading.noticed if one.what is Notice.NEGATIVE)
    assert (negative.n, negative.examples[0].area, negative.examples[0].span) == (
        1,
        "27007",
        "2025-01",
    )


def test_cp1252_and_utf_8_with_a_mark_read_the_same(tmp_path: Path) -> None:
    rows = [line(2025, TOWN, EXTORTION, 3, 1)]
    first, second = (
        municipal(tmp_path, *rows, encoding=name).record for name in ("cp1252", "utf-8-sig")
    )
    assert first.offences == second.offences
    np.testing.assert_array_equal(first.latest.values, second.latest.values)


def test_a_file_of_nothing_but_zeros_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="other than 0"):
        municipal(tmp_path, line(2025, TOWN, EXTORTION, 0, 0))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old = write(
        tmp_path,
        "estatal_2026-01-20.csv",
        STATE,
        line(2025, AGS, EXTORTION, *[100] * 12),
        line(2025, AGS, FIREARM, *[10] * 12),
        line(2025, AGS, NEGLIGENT, *[20] * 12),
        line(2025, AGS, DEALING, *[5] * 12),
    )
    new = write(
        tmp_path,
        "estatal_n_2026-02-20.csv",
        STATE,
        *(
            line(2026, "01,Aguascalientes", of, n)
            for of, n in (
                (FACE, 30),
                (REMOTE, 26),
                (TRIED, 10),
                (TRIED_REMOTE, 9),
                (FIREARM, 11),
                (NEGLIGENT, 21),
                (ATTEMPT, 40),
                (SALE, 6),
            )
        ),
    )
    return new, old


@pytest.fixture
def both(files: tuple[Path, Path]) -> AreaCounts:
    new, old = files
    return read_areas([Publication(new), Publication(old, date(2026, 1, 20))]).record


def test_what_one_instrument_counted_stays_beside_the_other(both: AreaCounts) -> None:
    assert [str(edition.published) for edition in both.editions] == ["2026-01-20", "2026-02-20"]
    assert both.totals("extorsion").values.tolist() == [100] * 12 + [75]
    assert both.totals("extorsion").missing.tolist() == [0] * 13
    before = both.as_of(np.datetime64("2026-02-01"))
    assert before.totals("extorsion").missing.tolist() == [0] * 12 + [1]


def test_what_an_instrument_does_not_tell_apart_has_no_count_under_it(both: AreaCounts) -> None:
    nothing = (0, State.NOT_APPLICABLE)
    assert series(both, "extorsion/extorsion-presencial", "2025-12") == [nothing]
    assert series(both, "extorsion/extorsion-presencial", "2026-01") == [(30, State.OBSERVED)]
    # Told apart under both: a month that is not out yet is not reported.
    before = both.as_of(np.datetime64("2026-02-01"))
    assert series(before, "extorsion", "2026-01") == [(0, State.NOT_REPORTED)]
    assert (both.crossed().series("comparable/extorsion").state == State.OBSERVED).all()


def test_over_2026_only_comparable_series_are_read(both: AreaCounts) -> None:
    with pytest.raises(BrokenSeriesError, match="comparable/extorsion"):
        both.require_unbroken("extorsion")
    both.require_unbroken("extorsion", 0, 12)
    crossed = both.crossed()
    crossed.require_unbroken("comparable/extorsion")
    assert crossed.totals("comparable/extorsion").values[-2:].tolist() == [100, 56]
    assert crossed.totals("comparable/homicidio").values[-2:].tolist() == [30, 32]
    assert crossed.totals("homicidio").values[-2:].tolist() == [30, 72]
    known_by = {one.code: one.known_by for one in crossed.offences}
    assert known_by["comparable/narcomenudeo"] == "discovered"


def test_comparable_series_hold_what_they_are_made_of(both: AreaCounts) -> None:
    sums = both.crossed().offence_sums
    assert sums.first_twice(["comparable/homicidio", "comparable/homicidio-doloso"])
    assert sums.first_twice(["comparable/extorsion", "extorsion/extorsion-presencial"])
    assert sums.first_twice(["comparable/extorsion", "comparable/homicidio"]) is None


def test_a_study_is_proposed_of_comparable_series_none_of_which_holds_another(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    made = ask(init, study=tmp_path / "study", incidents=files)
    text = (made.folder / "study.toml").read_text(encoding="utf-8")
    named = re.findall(r'^name = "(.+?)"', text, re.MULTILINE)
    assert named == ["comparable/extorsion", "comparable/homicidio"]


def test_a_published_sum_is_declared_for_its_instrument_alone(both: AreaCounts) -> None:
    parts = {(one.total, one.since is None): set(one.parts) for one in both.offence_sums.declared}
    attempt = "homicidio/tentativa-de-homicidio-doloso"
    assert attempt in parts["homicidio", False]
    assert attempt not in parts["homicidio", True]


def test_comparable_series_have_codes_of_their_own() -> None:
    codes = [one.offence.code for one in BREAK.crossings]
    assert len(codes) == len(set(codes)) == 57
    assert all(one.before and one.after for one in BREAK.crossings)


@pytest.mark.shared_data
def test_all_editions_of_both_instruments_are_one_record(shared_data: Path) -> None:
    """Two instruments without a crosswalk are not one series: January 2026 beside January 2024."""
    files = sorted((shared_data / "areas" / "mx").glob("estatal_*.csv.gz"))
    record = read_areas([Publication(path) for path in files]).record
    assert (len(record.areas), len(record.editions)) == (32, 7)
    known = set(record.offence_index)
    assert all(set(one.before + one.after) <= known for one in BREAK.crossings)
    crossed = record.crossed()
    first, last = (record.spans.labels.index(month) for month in ("2024-01", "2026-01"))

    def change(before: str, after: str) -> float:
        of = [crossed.totals(code) for code in (before, after)]
        assert of[0].missing[first] == of[1].missing[last] == 0
        return float(of[1].values[last] / of[0].values[first] - 1)

    # What was one code is gone, and an equal name holds more: -100%, +34%, +209%.
    printed = crossed.editions[-1].state[last, crossed.offence_of("violacion-simple")]
    assert (printed == State.NOT_APPLICABLE).all()
    assert change("violacion-simple", "violacion") == pytest.approx(0.337, abs=0.001)
    assert change("violacion-equiparada", "violacion") == pytest.approx(2.086, abs=0.001)
    assert change("comparable/violacion", "comparable/violacion") == pytest.approx(-0.067, abs=1e-3)
    assert change("comparable/extorsion", "comparable/extorsion") == pytest.approx(-0.224, abs=1e-3)
    assert change("extorsion", "extorsion") == pytest.approx(-0.109, abs=1e-3)
