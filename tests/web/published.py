"""Things that tests publish: a study and an audit as veedor writes them, and logs that grow."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from shapely import box

from veedor.files.folders import Manifest, write_manifest
from veedor.forecasts import CountDistribution, Forecast, write_cells, write_forecast
from veedor.sealing import Terms, clock, create_key, seal
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea

#: A log of two rounds that were scored.
KEPT = Path(__file__).parents[1] / "unit" / "sealing" / "earlier_log.zip"
REPORT = """<!doctype html><html lang="es"><head><title>Informe</title></head>
<body><h1>Informe de prueba</h1><script>document.title = "ran"</script></body></html>"""


def audit(folder: Path, *, publish: bool = True, **more: str) -> Path:
    """An audit's folder, with its manifest; `more` are other files."""
    folder.mkdir(parents=True)
    said = "true" if publish else "false"
    texts = {
        "estimates.csv": "statistic,value\nrate,0.5\n",
        "report.html": REPORT,
        "results.json": f'{{"settings": {{"publish": {said}}}}}\n',
    } | more
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    write_manifest(folder, Manifest(veedor="0.1.0"))
    return folder


def kept_log(folder: Path) -> Path:
    """A log of before, whole."""
    with zipfile.ZipFile(KEPT) as packed:
        packed.extractall(folder)
    return folder / "log"


class Growing:
    """A log that is sealed into, week by week, on a clock of its own.

    Parameters
    ----------
    folder : Path
    monkeypatch : MonkeyPatch
    """

    FIRST = np.datetime64("2026-11-23T03:00", "us")

    def __init__(self, folder: Path, monkeypatch: Any) -> None:
        folder.mkdir(parents=True)
        self.log, self.key = folder / "log", create_key(folder / "log.key")
        self.place, self.at = folder / "next", self.FIRST
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def promise(self, week: int, name: str = "Tilted", tilt: float = 0.2) -> None:
        """Seal the forecast of a week an hour before it begins."""
        ground = box(372_000.0, 6_170_000.0, 373_500.0, 6_171_000.0)
        area = StudyArea(ground, "EPSG:32721", "made up")
        cells = Cells.on_lattice(area, SquareLattice(500.0))
        write_cells(cells, self.place / "cells.geojson")
        zone = "America/Argentina/Buenos_Aires"
        periods = Periods.stepping(self.FIRST, Length(1, "week"), week, week + 1, zone)
        mean = 2.0 + tilt * np.arange(len(cells))[None, :]
        issued = periods.edges[0] - np.timedelta64(3, "h")
        path = self.place / "forecasts" / "theft" / name / f"{week}.parquet"
        forecast = Forecast(
            CountDistribution(mean, 0.1), cells, periods, "theft", name, "1", issued, issued
        )
        write_forecast(forecast, path)
        self.at = periods.edges[0] - np.timedelta64(1, "h")
        seal([path], self.log, self.key, terms=Terms(promised_by="the city"))

    def copy(self, folder: Path) -> Path:
        """The log as it is now."""
        return Path(shutil.copytree(self.log, folder))
