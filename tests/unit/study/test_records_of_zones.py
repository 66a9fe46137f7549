"""A record that names zones, with the outlines of the zones beside it: proposed, checked."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from tests.asking import ask

from veedor.incidents.named_zones import OfferedZones
from veedor.incidents.usability import judge
from veedor.study.config import load_study
from veedor.study.zones import offered_zones
from veedor.tasks import check, init, run

NAMES = ("Ñandú", "San Andrés", "Puerto Viejo", "La Loma")


def written(folder, *, zone="Barrio", names=NAMES):
    """Write a record as a spreadsheet does in Spanish, and outlines of its zones in capitals."""
    features = [
        {
            "type": "Feature",
            "properties": {"CODIGO": n + 1, "NOMBRE": name.upper(), "AREA": "1,5"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, -34.6], [x + 0.02, -34.6], [x + 0.02, -34.58], [x, -34.58], [x, -34.6]]
                ],
            },
        }
        for n, (name, x) in enumerate((name, -58.5 + 0.02 * n) for n, name in enumerate(NAMES))
    ]
    (folder / "zones.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    rows = [f"Hecho;Fecha y hora;Delito;{zone};Turno;Monto"]
    for n in range(400):
        at = datetime(2023, 1, 1, 0, 30) + timedelta(hours=21 * n)
        half = "a. m." if at.hour < 12 else "p. m."
        name = "Sin especificar" if n % 40 == 0 else names[n % len(names)]
        rows.append(
            f"{n};{at:%d/%m/%Y %I:%M:%S} {half};{('Robo', 'Hurto')[n % 3 == 0]};{name};"
            f"{n % 4 + 1};{n},50"
        )
    (folder / "record.csv").write_bytes("\n".join(rows).encode("cp1252"))


def proposed(folder, *, zones=True):
    return ask(
        init,
        study=folder / "s",
        incidents=(folder / "record.csv",),
        zones=folder / "zones.geojson" if zones else None,
    ).results


def test_the_column_that_names_the_zones_is_found_by_its_values(tmp_path):
    written(tmp_path, zone="Ubicacion del hecho")
    made = proposed(tmp_path)
    assert made.trouble == ""
    assert made.proposal.column("zone") == "Ubicacion del hecho"
    assert made.proposal.zones_by == "NOMBRE"
    assert made.proposal.decimal is None  # no number that is kept has a mark
    assert (made.proposal.time_zone, made.proposal.crs) == (
        "America/Argentina/Buenos_Aires",
        "EPSG:32721",
    )
    study = load_study(tmp_path / "s")
    assert (study.cells.shape, study.cells.id) == ("polygon", "NOMBRE")


def test_a_record_of_zones_is_checked_and_its_zones_are_no_stacks(tmp_path):
    written(tmp_path)
    proposed(tmp_path)
    quality = ask(check, study=tmp_path / "s").results
    assert quality.places.located.numerator == 390
    codes = [one.code for one in judge(quality).limits]
    assert "record_unlocated" in codes
    assert "record_stacks" not in codes


def test_the_report_of_a_record_of_zones_names_them(tmp_path):
    written(tmp_path)
    proposed(tmp_path)
    text = (tmp_path / "s" / "study.toml").read_text(encoding="utf-8")
    few = re.sub(r"^origins = \d+", "origins = 2", text, flags=re.MULTILINE)
    few = re.sub(r"^use = \[[^]]*\]", 'use = ["PastMean"]', few, flags=re.MULTILINE)
    (tmp_path / "s" / "study.toml").write_text(few, encoding="utf-8")
    ask(run, study=tmp_path / "s")
    page = (tmp_path / "s" / "results" / "report.html").read_text(encoding="utf-8")
    cover = page[: page.index("</table>", page.index("expected"))]
    assert any(name.upper() in cover for name in NAMES)


@pytest.mark.parametrize(("zones", "said"), [(False, "seems to name"), (True, "names few")])
def test_names_without_their_outlines_are_said_to_be_names(tmp_path, zones, said):
    written(tmp_path, names=("Otro", "Uno", "Lejos", "Alto"))
    made = proposed(tmp_path, zones=zones)
    assert said in made.proposal.notes[0]
    assert "Barrio" in made.proposal.notes[0]
    assert made.proposal.column("zone") is None


def test_numbers_name_zones_only_by_a_header_that_says_so(tmp_path):
    written(tmp_path)
    offered = offered_zones(tmp_path / "zones.geojson")
    numbers = ["1", "2", "3", "4"] * 5
    assert offered.named_by("Turno", numbers) is None
    assert offered.named_by("Codigo de zona", numbers) == (1.0, "CODIGO")


def test_half_of_the_rows_must_name_zones():
    offered = OfferedZones({"n": frozenset(("a", "b"))}, 0.0, 0.0)
    assert offered.named_by("x", ["a", "b", "c", "d"]) == (0.5, "n")
    assert offered.named_by("x", ["a", "b", "c", "d", "e"]) is None
    assert offered.named_by("x", []) is None
