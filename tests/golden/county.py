"""A made-up county of twelve municipalities: counts by month in three editions, as ISP-RJ prints.

Counts are drawn by a seed; the form is that of the layout `isp-rj`: two regions, declared sums,
provisional months, a municipality that did not send two months, and one whose outline nobody has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pyproj import Transformer
from tests.golden.town import EAST, NORTH

WIDE_M = 6_000.0
MONTHS = 60
FIRST = np.datetime64("2019-01", "M")
#: The last month of each edition, which is published at the end of the month after.
EDITIONS = ("2023-04", "2023-08", "2023-12")
ORIGINS = 8
NAMES = (
    "Aguas Claras", "Barra Nueva", "Campo Largo", "Dos Puentes", "El Molino", "Fuente Honda",
    "Gran Llano", "Hondonada", "Isla Verde", "Jarillal", "Laguna Seca", "Monte Alto",
)  # fmt: skip
CODES = tuple(f"99{n:05d}" for n in range(1, 13))
#: Sent nothing in March and April 2021; and has no outline.
SILENT, UNDRAWN = CODES[11], CODES[10]
PARTS = {
    "hom_doloso": 0.4, "lesao_corp_morte": 0.02, "latrocinio": 0.03, "roubo_transeunte": 6.0,
    "roubo_celular": 2.0, "roubo_em_coletivo": 0.7, "roubo_veiculo": 3.0, "trafico_drogas": 2.0,
}  # fmt: skip
SUMS = {
    "cvli": ("hom_doloso", "lesao_corp_morte", "latrocinio"),
    "roubo_rua": ("roubo_transeunte", "roubo_celular", "roubo_em_coletivo"),
}
FORECASTERS = ("PriorCounts", "PastMean", "Recency")
_TO_DEGREES = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)

STUDY = f"""
[study]
title = "A made-up county"
seed = 5

[counts]
files = [{", ".join(f'"county_{last}.csv"' for last in EDITIONS)}]
layout = "isp-rj"
time_zone = "America/Argentina/Buenos_Aires"
crs = "EPSG:32721"

[[categories]]
name = "roubo_veiculo"
known_by = "reported"

[[categories]]
name = "street robbery"
known_by = "reported"
values = ["roubo_transeunte", "roubo_celular"]

[[categories]]
name = "trafico_drogas"
known_by = "discovered"
forecast = false

[cells]
shape = "polygon"
file = "county.geojson"
id = "code"

[periods]
length = "1 month"
history_from = 2019-01-01
until = 2024-01-01
origins = {ORIGINS}
lead = "5 days"

[forecasters]
use = {json.dumps(FORECASTERS)}
"""


def build(folder: Path) -> None:
    """Write the study and its files; the same each time."""
    rng = np.random.default_rng(21)
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    size = rng.gamma(2.0, 0.5, len(CODES))
    season = 1.0 + 0.25 * np.cos(2.0 * np.pi * np.arange(MONTHS) / 12.0)
    counts = {
        part: rng.poisson(mean * size[None, :] * season[:, None]) for part, mean in PARTS.items()
    }
    for last in EDITIONS:
        # Later editions correct one cell in fifty, up or down.
        counts = {part: _revised(rng, values) for part, values in counts.items()}
        _write(folder / f"county_{last}.csv", counts, np.datetime64(last, "M"))
    _write_outlines(folder / "county.geojson")


def add_people(folder: Path) -> None:
    """Give a study that was built a table of populations; nobody counted the last municipality."""
    rows = [
        f"{code};{year};{round(4_000 * 1.6**n * 1.01 ** (year - 2019))}"
        for year in range(2019, 2024)
        for n, code in enumerate(CODES[:-1])
    ]
    (folder / "people.csv").write_text("\n".join(["code;year;people", *rows]), encoding="utf-8")
    study = folder / "study.toml"
    section = """
[counts.population]
file = "people.csv"
columns = { area = "code", population = "people" }
source = "Census office"
vintage = "2022 projections"
"""
    text = study.read_text(encoding="utf-8").replace(
        "\n[[categories]]", f"{section}\n[[categories]]", 1
    )
    study.write_text(text, encoding="utf-8")


def _revised(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    changed = rng.uniform(size=values.shape) < 0.02
    return np.maximum(values + changed * rng.choice([-1, 1, 1], values.shape), 0)


def _write(path: Path, counts: dict[str, np.ndarray], last: np.datetime64) -> None:
    path.write_text("\n".join(_rows(counts, last)) + "\n", encoding="latin-1")


def _rows(counts: dict[str, np.ndarray], last: np.datetime64) -> Iterator[str]:
    yield ";".join(["fmun_cod", "fmun", "ano", "mes", "mes_ano", "regiao", *PARTS, *SUMS, "fase"])
    for at in range(int((last - FIRST).astype(int)) + 1):
        year, month = str(FIRST + at).split("-")
        phase = "3" if FIRST + at < last - 1 else "2"
        for n, code in enumerate(CODES):
            if code == SILENT and (year, month) in (("2021", "03"), ("2021", "04")):
                continue
            cell = {part: int(values[at, n]) for part, values in counts.items()}
            cell |= {total: sum(cell[part] for part in parts) for total, parts in SUMS.items()}
            region = "Norte" if n < 6 else "Sur"
            yield ";".join([
                code, NAMES[n], year, str(int(month)), f"{year}m{month}", region,
                *(str(cell[one]) for one in (*PARTS, *SUMS)), phase,
            ])  # fmt: skip


def _write_outlines(path: Path) -> None:
    """Four by three squares side by side, all but one."""
    features = []
    for n, code in enumerate(CODES):
        if code == UNDRAWN:
            continue
        x, y = n % 4 * WIDE_M, n // 4 * WIDE_M
        corners = np.array(
            [(x, y), (x + WIDE_M, y), (x + WIDE_M, y + WIDE_M), (x, y + WIDE_M), (x, y)]
        )
        lon, lat = _TO_DEGREES.transform(EAST + corners[:, 0], NORTH + corners[:, 1])
        ring = np.stack([np.round(lon, 6), np.round(lat, 6)], axis=1).tolist()
        features.append({
            "type": "Feature",
            "properties": {"code": code, "name": NAMES[n]},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
