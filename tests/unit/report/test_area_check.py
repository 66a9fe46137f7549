"""The check of counts by area: recognised, told on a page that can be shown, whole in a file."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.asking import ask
from tests.golden import county

from veedor.areas import AreaQuality
from veedor.areas.noticed import Notice
from veedor.areas.quality_report import LETTERS, AreaStrip
from veedor.backtest import SerialExecutor
from veedor.errors import StudyError
from veedor.report.area_strips import least_known, ticks
from veedor.report.words import words_in
from veedor.report.words.area_codes import NOTICES
from veedor.report.words.areas_checked import beside, shown
from veedor.tasks import Context, check

HEAD = "fmun_cod;fmun;ano;mes;mes_ano;regiao;hom_doloso;roubo_veiculo;fase"
TOWNS = ("Angra dos Reis", "Aperibé", "Areal", "Niterói", "<b>Queimados</b>", "Resende")
#: What was left in the series of one town for half a year, and what stands nowhere on the page.
LEFT = 7


def publication(folder: Path, last: int = 48, revised: int = 0) -> Path:
    """Months from January 2021, made up: a gap in one town, the last two months provisional."""
    rng = np.random.default_rng(4)
    lines = [HEAD]
    for month in range(last):
        year, of_year = 2021 + month // 12, 1 + month % 12
        for n, town in enumerate(TOWNS):
            robberies = int(rng.poisson(60.0))
            if n == 3 and 20 <= month < 26:
                robberies = LEFT if month == 20 else 0
            if n == 0 and month == 46:
                robberies += revised
            phase = 2 if month >= last - 2 else 3
            lines.append(
                f"33{n:05d};{town};{year};{of_year};{year}m{of_year};Interior;{rng.poisson(0.4)};"
                f"{robberies};{phase}"
            )
    path = folder / f"BaseMunicipioMensal_{2021 + (last - 1) // 12}-{1 + (last - 1) % 12:02d}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> str:
    ask(check, study=publication(tmp_path), out=tmp_path / "out")
    return (tmp_path / "out" / "check.html").read_text(encoding="utf-8")


def visible(page: str) -> str:
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body)


def test_a_file_of_counts_is_recognised_and_judged(tmp_path: Path) -> None:
    done = ask(check, study=publication(tmp_path), out=tmp_path / "out")
    quality = done.results
    assert isinstance(quality, AreaQuality)
    assert quality.layout == "isp-rj"
    (found,) = quality.looks_unreported
    assert (found.area_name, found.offence) == ("Niterói", "roubo_veiculo")
    assert (found.first, found.last, found.recorded) == ("2022-09", "2023-02", LEFT)
    read = msgspec.json.decode((tmp_path / "out" / "quality.json").read_bytes(), type=AreaQuality)
    assert read == quality


def test_the_page_says_what_looks_unreported_by_name_and_months(page: str) -> None:
    told = visible(page)
    assert "These counts can be used, with" in told
    assert re.search(r"Niterói\s+Roubo de veículo\s+2022-09\s+2023-02", told)
    assert "In 1 of 6 areas something looks unreported" in told
    assert "<b>Queimados" not in page


def test_no_small_count_stands_on_the_page(page: str) -> None:
    rows = re.findall(r"<tr>(?:(?!</tr>).)*</tr>", page, flags=re.DOTALL)
    (row,) = (row for row in rows if "2022-09" in row and "Niterói" in row)
    cells = [cell.strip() for cell in visible(row.replace("</t", "|</t")).split("|")]
    assert "fewer than 10" in cells
    assert str(LEFT) not in cells


def test_the_page_is_said_in_spanish(tmp_path: Path) -> None:
    file = publication(tmp_path)
    request = check.Request(study=file, out=tmp_path / "es")
    check.perform(request, Context(executor=SerialExecutor(), language="es"))
    told = visible((tmp_path / "es" / "check.html").read_text(encoding="utf-8"))
    assert "Estas cantidades se pueden usar, con" in told
    assert "solo ceros" in told or "bajo, y de vuelta" in told
    assert not re.search(r"\b(spans?|counts?|areas|offences?|reported)\b", told)


def test_editions_are_read_together_and_their_days_may_be_given(tmp_path: Path) -> None:
    early, late = publication(tmp_path, 47), publication(tmp_path, 48, revised=5)
    done = ask(
        check,
        study=early,
        editions=(late,),
        published=(f"{late.name}=2025-02-03", f"{early.name}=2024-12-20"),
        out=tmp_path / "out",
    )
    quality = done.results
    assert isinstance(quality, AreaQuality)
    assert [one.published for one in quality.editions] == ["2024-12-20", "2025-02-03"]
    assert not any(one.what == Notice.PUBLISHED_BY_RULE for one in quality.noticed)
    (between,) = quality.revised_by_edition
    assert (between.changed, between.after - between.before) == (1, 5)
    told = (tmp_path / "out" / "check.html").read_text(encoding="utf-8")
    assert f"{early.name} and another edition: can these counts be used?" in told


def test_no_two_labels_of_spans_touch() -> None:
    letter = 0.092
    for labels in (["2023-Q4"] * 9, ["2023-01-02"] * 300, ["2021", "2022", "2023"], ["2014-01"]):
        for room in (1.5, 2.2, 3.6):
            at = ticks(labels, room)
            middles = [(place + 0.5) / len(labels) * room for place in at]
            wide = letter * len(labels[0])
            assert at[0] == 0
            assert all(b - a > wide for a, b in pairwise(middles))
            assert len(at) == 1 or middles[-1] + wide / 2 < room + 0.07


@pytest.mark.parametrize(
    "published", ["2025-02-03", "other.csv=2025-02-03", "BaseMunicipioMensal_2024-12.csv=soon"]
)
def test_a_day_that_names_no_file_is_refused(tmp_path: Path, published: str) -> None:
    with pytest.raises(StudyError, match="FILE=DAY"):
        ask(check, study=publication(tmp_path), published=(published,))


def test_editions_are_for_files_of_counts(tmp_path: Path, small_study: Path) -> None:
    with pytest.raises(StudyError, match="with a file of counts"):
        ask(check, study=small_study, editions=(publication(tmp_path),))


def test_every_notice_of_reading_has_words() -> None:
    assert set(NOTICES) == set(Notice)


def test_counts_up_to_nine_are_few_and_ten_is_said() -> None:
    words = words_in("en")
    assert [shown(words, n) for n in (-3, 0, 1, 9, 10, 1234)] == [
        "fewer than 10",
        "0",
        "fewer than 10",
        "fewer than 10",
        "10",
        "1,234",
    ]
    assert [beside(words, mean) for mean in (None, 0.0, 9.99, 10.0)] == [
        "nothing",
        "0",
        "fewer than 10",
        "10",
    ]


def test_the_picture_has_the_areas_of_which_least_is_known_in_their_order() -> None:
    strips = [
        AreaStrip(code=str(n), name=str(n), residual=False, states=states)
        for n, states in enumerate(("oooo", "onno", "ouoo", "oiio", "nnno"))
    ]
    assert [one.code for one in least_known(strips, 3)] == ["1", "2", "4"]
    assert set("".join(one.states for one in strips)) <= set(LETTERS)


def test_the_file_holds_numbers_and_codes_only(tmp_path: Path) -> None:
    ask(check, study=publication(tmp_path), out=tmp_path / "out")
    found = json.loads((tmp_path / "out" / "quality.json").read_text(encoding="utf-8"))
    assert found["looks_unreported"][0]["kind"] in ("zeros", "gap")
    assert found["looks_unreported"][0]["recorded"] == LEFT


def test_a_study_of_counts_is_checked_with_all_its_editions(tmp_path: Path) -> None:
    county.build(tmp_path / "county")
    done = ask(check, study=tmp_path / "county", out=tmp_path / "out")
    quality = done.results
    assert isinstance(quality, AreaQuality)
    assert len(quality.editions) == len(county.EDITIONS)
    assert done.hindrances == ()
    silent = next(one for one in quality.strips if one.code == county.SILENT)
    assert silent.states.count("n") == 2
    assert quality.states.not_reported == 2 * quality.offences
    told = visible((tmp_path / "out" / "check.html").read_text(encoding="utf-8"))
    assert "A made-up county: can these counts be used?" in told


def test_what_keeps_a_study_of_counts_from_running_is_to_be_mended_first(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    county.build(folder)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    changed = text.replace('values = ["roubo_transeunte", ', 'values = ["roubo_rua", ', 1)
    assert changed != text
    (folder / "study.toml").write_text(changed, encoding="utf-8")
    done = ask(check, study=folder, out=tmp_path / "out")
    assert len(done.hindrances) == 1
    told = visible((tmp_path / "out" / "check.html").read_text(encoding="utf-8"))
    assert "Mend this first: 1 thing keeps these counts from being used" in told
    assert "What is added must not hold the same counts twice." in told
