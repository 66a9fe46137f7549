"""Rio de Janeiro's monthly bases: parts of a row, femicide, phases, editions, stations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from veedor.areas import State, Unit
from veedor.areas.layouts import Choices, recognise_area_layout
from veedor.areas.noticed import Notice
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import BrokenSeriesError, ConflictingRowsError, DataError

OLD = (
    "fmun_cod;fmun;ano;mes;mes_ano;regiao;hom_doloso;lesao_corp_morte;latrocinio;cvli;"
    "hom_por_interv_policial;letalidade_violenta;roubo_em_coletivo;posse_drogas;fase"
)
NEW = OLD.replace("letalidade", "feminicidio;letalidade").replace(
    ";roubo_em", ";tentat_hom;tentativa_feminicidio;roubo_em"
)


def row(code: str, month: str, region: str, *numbers: object) -> str:
    year, of_year = month.split("-")
    name = {"3300100": "Angra dos Reis", "3304557": "Rio de Janeiro"}[code]
    fixed = (code, name, year, int(of_year), f"{year}m{of_year}", region)
    return ";".join("" if one is None else str(one) for one in (*fixed, *numbers))


BEFORE = (
    row("3300100", "2024-09", "Interior", 3, 0, 1, 4, 1, 5, 0, 7, 3),
    row("3304557", "2024-09", "Capital", 60, 2, 3, 65, 40, 105, 12, 140, 3),
    row("3300100", "2024-10", "Interior", 4, 0, 0, 4, 1, 5, 0, 6, 2),
    row("3304557", "2024-10", "Capital", 55, 1, 2, 58, 50, 108, 11, 150, 2),
)
AFTER = (
    row("3300100", "2024-09", "Interior", 3, 0, 1, 4, 1, None, 5, 2, None, 0, 7, 3),
    row("3304557", "2024-09", "Capital", 60, 2, 3, 65, 40, None, 105, 9, None, 12, 140, 3),
    row("3300100", "2024-10", "Interior", 3, 0, 0, 3, 1, 1, 5, 2, 0, 0, 6, 3),
    row("3304557", "2024-10", "Capital", 53, 1, 2, 56, 50, 2, 108, 9, 1, 11, 150, 3),
)
#: A few records of a station in another region; what is filled by municipality stands twice.
PART = row("3304557", "2024-10", "Baixada Fluminense", *[0] * 6, 1, 150, 2)


def write(folder: Path, name: str, *lines: str, encoding: str = "latin-1") -> Publication:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return Publication(path)


@pytest.fixture
def both(tmp_path: Path) -> AreaReading:
    old = write(tmp_path, "BaseMunicipioMensal_2024-10.csv", OLD, *BEFORE)
    new = write(tmp_path, "BaseMunicipioMensal_2026-01.csv", NEW, *AFTER)
    return read_areas([Publication(new.path, date(2026, 2, 20)), old])


def test_a_file_is_recognised_by_its_headers_and_dated_by_what_it_holds(tmp_path: Path) -> None:
    reading = read_areas([write(tmp_path, "BaseMunicipioMensal.csv", OLD, *BEFORE)])
    assert reading.layout.name == "isp-rj"
    assert reading.record.latest.published == np.datetime64("2024-11-30")
    assert reading.record.provenance.layout == "isp-rj"
    assert [one.what for one in reading.noticed] == [Notice.PUBLISHED_BY_RULE]


def test_saved_again_as_utf_8_with_commas_it_reads_the_same(tmp_path: Path) -> None:
    commas = [line.replace(";", ",") for line in (OLD, *BEFORE)]
    first = read_areas([write(tmp_path, "a.csv", OLD, *BEFORE)]).record
    second = read_areas([write(tmp_path, "b.csv", *commas, encoding="utf-8")]).record
    assert first.areas == second.areas
    np.testing.assert_array_equal(first.latest.values, second.latest.values)


def test_a_month_of_phase_2_is_provisional(both: AreaReading) -> None:
    early = both.record.editions[0]
    assert early.provisional[:, both.record.offence_of("hom_doloso")].tolist() == [
        [False, False],
        [True, True],
    ]
    assert not both.record.latest.provisional.any()


def test_femicide_does_not_apply_before_the_law_and_was_not_told_apart_at_first(
    both: AreaReading,
) -> None:
    record = both.record
    early, late = (record.series("feminicidio", one).state.tolist() for one in record.editions)
    assert late == [[State.NOT_APPLICABLE] * 2, [State.OBSERVED] * 2]
    assert early == [[State.NOT_REPORTED] * 2] * 2


def test_homicide_breaks_in_the_edition_that_carves_femicide_out(both: AreaReading) -> None:
    both.record.as_of(np.datetime64("2025-06-01")).require_unbroken("hom_doloso")
    with pytest.raises(BrokenSeriesError, match="hom_doloso_feminicidio"):
        both.record.require_unbroken("hom_doloso")
    both.record.require_unbroken("letalidade_violenta")
    crossed = both.record.crossed()
    assert crossed.totals("hom_doloso_feminicidio").values.tolist() == [63, 59]
    early = crossed.series("hom_doloso_feminicidio", crossed.editions[0])
    assert early.values.sum(axis=1).tolist() == [63, 59]


def test_a_part_of_a_row_in_another_region_is_added_as_its_publisher_did(tmp_path: Path) -> None:
    reading = read_areas([write(tmp_path, "a.csv", OLD, *BEFORE, PART)])
    rio = reading.record.area_index["3304557"]
    assert reading.record.series("roubo_em_coletivo").values[1, rio] == 12
    assert reading.record.series("posse_drogas").values[1, rio] == 150
    assert reading.record.series("hom_doloso").values[1, rio] == 55
    level = reading.record.levels[0]
    assert level.codes[level.of[rio]] == "Capital"
    added = next(one for one in reading.noticed if one.what is Notice.ROWS_ADDED)
    assert (added.n, added.examples[0].area) == (1, "3304557")


def test_the_same_row_twice_counts_once_and_one_that_differs_is_refused(tmp_path: Path) -> None:
    twice = read_areas([write(tmp_path, "a.csv", OLD, *BEFORE, BEFORE[-1])])
    assert twice.record.totals("hom_doloso").values.tolist() == [63, 59]
    assert Notice.ROWS_REPEATED in [one.what for one in twice.noticed]
    other = row("3304557", "2024-10", "Capital", 54, 1, 2, 57, 50, 107, 11, 150, 2)
    with pytest.raises(ConflictingRowsError, match=r"3304557.*lines 5, 6"):
        read_areas([write(tmp_path, "b.csv", OLD, *BEFORE, other)])


def test_another_phase_than_those_known_is_refused(tmp_path: Path) -> None:
    odd = row("3304557", "2024-11", "Capital", 54, 1, 2, 57, 50, 107, 11, 150, 1)
    with pytest.raises(DataError, match="fase"):
        read_areas([write(tmp_path, "b.csv", OLD, *BEFORE, odd)])


def test_what_police_go_looking_for_is_said_to_be_discovered(both: AreaReading) -> None:
    known_by = {one.code: one.known_by for one in both.record.offences}
    assert known_by["posse_drogas"] == known_by["hom_por_interv_policial"] == "discovered"
    assert known_by["hom_doloso"] == known_by["letalidade_violenta"] == "reported"


STATIONS = (
    "CISP;mes;vano;mes_ano;AISP;RISP;munic;mcirc;Regiao;hom_doloso;lesao_corp_morte;fase",
    "1;1;2003;2003m01;5;1;Rio de Janeiro;3304557;Capital;0;1;3",
    "1;2;2003;2003m02;5;1;Rio de Janeiro;3304557;Capital;2;;3",
    "12;1;2003;2003m01;19;1;Rio de Janeiro;3304557;Capital;;;3",
    "12;2;2003;2003m02;23;2;Rio de Janeiro;3304557;Capital;0;0;3",
)


def test_a_station_that_begins_late_did_not_apply_before(tmp_path: Path) -> None:
    reading = read_areas([write(tmp_path, "BaseDPEvolucaoMensalCisp.csv", *STATIONS)])
    record = reading.record
    assert reading.layout.name == "isp-rj-cisp"
    assert [area.code for area in record.areas] == ["1", "12"]
    homicide, injury = record.series("hom_doloso"), record.series("lesao_corp_morte")
    assert homicide.state[:, 1].tolist() == [State.NOT_APPLICABLE, State.REPORTED_ZERO]
    assert injury.state[:, 0].tolist() == [State.OBSERVED, State.NOT_REPORTED]
    levels = {level.name: [level.codes[at] for at in level.of] for level in record.levels}
    assert levels["AISP"] == ["5", "23"]
    assert levels["RISP"] == ["1", "2"]
    assert levels["município"] == ["3304557", "3304557"]


def test_a_plain_choice_of_blanks_must_be_known() -> None:
    with pytest.raises(DataError, match="not reported"):
        Choices(blank="nothing")


def test_other_files_are_of_no_layout() -> None:
    assert recognise_area_layout(["fmun_cod", "fmun", "ano", "mes"]) is None


@pytest.mark.shared_data
def test_all_editions_are_one_record_whose_sums_hold(shared_data: Path) -> None:
    files = sorted((shared_data / "areas" / "rj").glob("BaseMunicipioMensal_*.csv.gz"))
    reading = read_areas([Publication(path) for path in files])
    record = reading.record
    assert (len(record.editions), len(record.areas), len(record.spans)) == (10, 92, 146)
    assert len(record.offences) == 55
    assert sum(one.what is Notice.ROWS_ADDED for one in reading.noticed) == 6
    off = 0
    for edition in record.editions:
        for one in record.offence_sums.declared:
            at = record.offence_of(one.total)
            parts = [record.offence_of(code) for code in one.parts]
            days = np.array([one.holds_on(day) for day in record.spans.starts])
            said = (edition.state[:, [at, *parts]] != State.NOT_REPORTED).all(axis=1)
            differs = edition.values[:, at] != edition.values[:, parts].sum(axis=1)
            wrong = differs & said & days[:, None]
            if one.total in ("total_roubos", "total_furtos"):
                off += int(wrong.sum())
            else:
                assert not wrong.any(), one.total
    assert off == 2 * 6 * len(record.editions)
    # What the publisher did itself with the row in two parts, an edition later.
    rio, april = record.area_index["3304557"], record.spans.labels.index("2025-04")
    of_records = [n for n, one in enumerate(record.offences) if one.unit is Unit.RECORDS]
    merged, later = (edition.values[april, of_records, rio] for edition in record.editions[-2:])
    np.testing.assert_array_equal(merged, later)
