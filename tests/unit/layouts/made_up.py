"""Raw files of each layout, made up, as large as one likes: for runs from raw file to report."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from veedor.incidents.layouts import Layout, find_layout

Row = dict[str, object]
_FIRST = np.datetime64("2022-01-03T00:00", "m")
_DAYS = 7 * 40
_SEMICOLONS = ("buenos-aires", "medellin", "uruguay")
_DEPARTMENTS = ("MONTEVIDEO", "PAYSANDÚ", "TREINTA Y TRES", "SAN JOSÉ")


def write_raw(name: str, folder: Path, n: int, seed: int = 1) -> list[Path]:
    """Write files of a layout with `n` rows of two categories, around six points."""
    layout = find_layout(name)
    rng = np.random.default_rng(seed)
    west, south, east, north = layout.extent
    if name == "data-police-uk":
        west, south, east, north = -2.7, 51.4, -2.5, 51.5
    points = rng.uniform((west, south), (east, north), (6, 2)) * 0.1 + 0.9 * np.array(
        [(west + east) / 2, (south + north) / 2]
    )
    place = points[rng.integers(0, 6, n)] + rng.normal(0, 0.002, (n, 2))
    when = _FIRST + np.sort(rng.integers(0, _DAYS * 1440, n)).astype("timedelta64[m]")
    kind = rng.integers(0, 2, n)
    if name == "data-police-uk":
        when = (np.datetime64("2021-01", "M") + np.arange(n) * 24 // n).astype("datetime64[m]")
    made = (_ROWS[name](k, when[k], place[k], int(kind[k])) for k in range(n))
    return _write(layout, folder, made)


def write_zones(name: str, folder: Path) -> Path | None:
    """Write the zones that a layout names in place of coordinates; None where it has these."""
    if find_layout(name).columns.measured:
        return None
    features = [
        {
            "type": "Feature",
            "properties": {"codigo": str(at), "nombre": place.title()},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, -34.0], [x + 0.5, -34.0], [x + 0.5, -33.5], [x, -33.5], [x, -34.0]]
                ],
            },
        }
        for at, place in enumerate(_DEPARTMENTS)
        for x in [-57.0 + at / 2]
    ]
    path = folder / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def _write(layout: Layout, folder: Path, made: Iterable[Row]) -> list[Path]:
    path = folder / f"{layout.name}.csv"
    rows = list(made)
    with path.open("w", encoding="utf-8", newline="") as file:
        delimiter = ";" if layout.name in _SEMICOLONS else ","
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return [path]


def _us(when: np.datetime64) -> str:
    return when.item().strftime("%m/%d/%Y %I:%M:%S %p")


def _buenos_aires(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    lost = k % 7 == 0
    return {
        "id-mapa": k,
        "anio": 2022,
        "mes": "ENERO",
        "dia": "LUNES",
        "fecha": when.item().strftime("%Y-%m-%d"),
        "franja": "NO ESPECIFICADA" if k % 11 == 0 else when.item().hour,
        "tipo": ("Robo", "Hurto")[kind],
        "subtipo": "Robo total",
        "uso_arma": "NO",
        "uso_moto": "NO",
        "barrio": "PALERMO",
        "comuna": 14,
        "latitud": round(place[1] * 1e6) if lost else f"{place[1]:.6f}".replace(".", ","),
        "longitud": round(place[0] * 1e6) if lost else f"{place[0]:.6f}".replace(".", ","),
        "cantidad": 2 if k % 50 == 0 else 1,
    }


def _chicago(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    return {
        "ID": 12_000_000 + k,
        "Case Number": f"JF{k}",
        "Date": _us(when),
        "IUCR": "0820",
        "Primary Type": ("THEFT", "BATTERY")[kind],
        "Updated On": _us(when),
        "Latitude": place[1],
        "Longitude": place[0],
    }


def _new_york(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    start = when.item()
    end = (when + np.timedelta64(k % 9, "h")).item()
    return {
        "CMPLNT_NUM": 250_000_000 + k,
        "CMPLNT_FR_DT": start.strftime("%m/%d/%Y"),
        "CMPLNT_FR_TM": start.strftime("%H:%M:%S"),
        "CMPLNT_TO_DT": "" if k % 5 == 0 else end.strftime("%m/%d/%Y"),
        "CMPLNT_TO_TM": "(null)" if k % 5 == 0 else end.strftime("%H:%M:%S"),
        "RPT_DT": end.strftime("%m/%d/%Y"),
        "OFNS_DESC": ("PETIT LARCENY", "BURGLARY")[kind],
        "SUSP_RACE": "UNKNOWN",
        "VIC_SEX": "F",
        "Latitude": place[1],
        "Longitude": place[0],
    }


def _los_angeles(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    nowhere = k % 40 == 0
    return {
        "DR_NO": 220_000_000 + k,
        "Date Rptd": _us(
            (when + np.timedelta64(1, "D")).astype("datetime64[D]").astype(when.dtype)
        ),
        "DATE OCC": _us(when.astype("datetime64[D]").astype(when.dtype)),
        "TIME OCC": int(when.item().strftime("%H%M")),
        "Crm Cd Desc": ("VEHICLE - STOLEN", "BURGLARY")[kind],
        "Vict Age": 30,
        "Vict Sex": "M",
        "Vict Descent": "H",
        "LAT": 0 if nowhere else place[1],
        "LON": 0 if nowhere else place[0],
    }


def _san_francisco(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    again = k % 10 == 9  # the same report, another code
    return {
        "Incident Datetime": when.item().strftime("%Y/%m/%d %I:%M:%S %p"),
        "Report Datetime": when.item().strftime("%Y/%m/%d %I:%M:%S %p"),
        "Row ID": 90_000_000_000 + k,
        "Incident Number": 220_000_000 + k - again,
        "Report Type Description": "Initial Supplement" if k % 20 == 0 else "Initial",
        "Incident Category": ("Larceny Theft", "Burglary")[kind],
        "Incident Subcategory": "Other",
        "Latitude": place[1],
        "Longitude": place[0],
    }


def _mexico_city(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    old = k % 300 == 1
    day = "1906-05-01" if old else when.item().strftime("%Y-%m-%d")
    opened = (when + np.timedelta64(2, "D")).item()
    return {
        "anio_inicio": 2022,
        "fecha_inicio": opened.strftime("%Y-%m-%d"),
        "hora_inicio": opened.strftime("%H:%M:%S"),
        "fecha_hecho": day,
        "hora_hecho": "NA" if k % 30 == 0 else when.item().strftime("%H:%M:%S"),
        "delito": "ROBO",
        "categoria_delito": ("ROBO DE VEHÍCULO CON Y SIN VIOLENCIA", "ROBO A NEGOCIO")[kind],
        "alcaldia_hecho": "CENTRO",
        "latitud": "NA" if k % 30 == 0 else place[1],
        "longitud": "NA" if k % 30 == 0 else place[0],
    }


def _police_uk(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    return {
        "Crime ID": "" if k % 4 == 0 else f"{k:064x}",
        "Month": str(when.astype("datetime64[M]")),
        "Reported by": "Avon and Somerset Constabulary",
        "Falls within": "Avon and Somerset Constabulary",
        "Longitude": round(place[0], 3),
        "Latitude": round(place[1], 3),
        "Location": "On or near High Street",
        "LSOA code": "E01014399",
        "LSOA name": "Bath 001A",
        "Crime type": ("Burglary", "Vehicle crime")[kind],
    }


def _medellin(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    return {
        "fecha_hecho": when.item().strftime("%Y-%m-%d %H:%M:%S"),
        "cantidad": 2 if k % 50 == 0 else 1,
        "latitud": "" if k % 20 == 0 else place[1],
        "longitud": "" if k % 20 == 0 else place[0],
        "sexo": "Mujer",
        "edad": 30,
        "conducta": ("Hurto a persona", "Hurto de moto")[kind],
        "modalidad": "Atraco",
        "codigo_barrio": "SIN DATO" if k % 20 == 0 else f"#{k % 16 + 1:02}03",
        "codigo_comuna": k % 16 + 1,
    }


def _uruguay(k: int, when: np.datetime64, place: np.ndarray, kind: int) -> Row:
    return {
        "ID_EVENTO": f"A{k}X",
        "DELITO": ("HURTO", "RAPIÑA")[kind],
        "VICT_RAP": "TRANSEUNTE",
        "VICT_HUR": "NO CORRESPONDE",
        "TENTATIVA": "NO",
        "FECHA": when.item().strftime("%d.%m.%Y"),
        "HORA": "SIN DATO" if k % 30 == 0 else when.item().hour,
        "DEPTO": _DEPARTMENTS[k * 7 % 4 if k % 3 else 0],
        "JURISDICCION": "SECCIONAL 1",
        "BARRIO_MONTEVIDEO": "CENTRO",
    }


_ROWS: dict[str, Callable[[int, np.datetime64, np.ndarray, int], Row]] = {
    "buenos-aires": _buenos_aires,
    "chicago": _chicago,
    "new-york": _new_york,
    "los-angeles": _los_angeles,
    "san-francisco": _san_francisco,
    "mexico-city": _mexico_city,
    "data-police-uk": _police_uk,
    "medellin": _medellin,
    "uruguay": _uruguay,
}
