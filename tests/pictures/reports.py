"""Reports that are pictured, each made by the commands that a reader would type."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.golden import system, topics
from tests.golden import town as made_up

from veedor.cli import main

#: What the made-up system and its keepers are called in English.
_SYSTEM = {
    "alertas de patentes": "alerts of number plates",
    "Ministerio de Seguridad de la Provincia": "Ministry of Security of the Province",
}

_BECAUSE = {
    "en": topics.BECAUSE,
    "es": "se supo que la policía del pueblo pide a la biblioteca listas de préstamos",
}


@dataclass(frozen=True)
class Report:
    """A page of a report.

    Parameters
    ----------
    made : callable
        Gives the page, made in a folder and a language where it is not there.
    only : str
        Selector of what alone is pictured, unfolded; none is the first page.
    """

    made: Callable[[Path, str], Path]
    only: str = ""


def call(language: str, *words: object) -> None:
    """Call veedor, quietly; any end but success is an error."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            main(["--lang", language, *map(str, words)])
        except SystemExit as left:
            if left.code:
                raise RuntimeError(f"veedor {words} ended with {left.code}") from left


def study(folder: Path, language: str) -> Path:
    """The study of the demo, as it is run."""
    place = folder / "study"
    if not (place / "results").exists():
        call(language, "demo", place)
    return place


def _report(folder: Path, language: str) -> Path:
    return study(folder, language) / "results" / "report.html"


def _patterns(folder: Path, language: str) -> Path:
    return study(folder, language) / "results" / "patterns" / "report.html"


def town(folder: Path) -> Path:
    """The made-up town's folder."""
    place = folder / "town"
    if not place.exists():
        made_up.build(place)
    return place


def _audited(folder: Path, name: str, language: str, *words: object) -> Path:
    """An audit of the town."""
    out = folder / name
    if not out.exists():
        call(language, "audit", *words, "--out", out)
    return out / "report.html"


def _exposure(folder: Path, language: str) -> Path:
    there = town(folder)
    return _audited(
        folder, "exposure", language, "exposure", "--zones", there / "zones.geojson",
        "--predictions", there / "boxes.csv", "--box-m", 150, "--groups", "tenants,owners",
        "--population", "residents", "--reference", "owners", "--replicates", 199, "--labels",
        _labels(folder, language),
    )  # fmt: skip


def _labels(folder: Path, language: str) -> Path:
    """What the town's groups are called in a language."""
    path = folder / "labels.csv"
    path.write_text(
        "code,label,language\ntenants,inquilinos,es\nowners,propietarios,es\n"
        "residents,residentes,es\na,north side,en\nb,south side,en\na,lado norte,es\n"
        "b,lado sur,es\n",
        encoding="utf-8",
    )
    return path


def _alerts(folder: Path, language: str) -> Path:
    return _audited(
        folder, "alerts", language, "alerts", "--decisions", town(folder) / "decisions.csv",
        "--kind", "alarm", "--group", "side", "--reference", "a", "--threshold", 0.5,
        "--labels", _labels(folder, language),
    )  # fmt: skip


def _access(folder: Path, language: str) -> Path:
    out, salt = folder / "access", folder / "salt.txt"
    if not out.exists():
        salt.write_text(bytes(range(32)).hex(), encoding="ascii")
        call(
            language, "audit", "access", study(folder, language) / "eugene_searches.csv", "--kind",
            "own", "--time-zone", "America/Los_Angeles", "--hours", 8, 18, "--salt", salt, "--out",
            out,
        )  # fmt: skip
    return out / "report.html"


def _behaviour(folder: Path, language: str) -> Path:
    out, table = folder / "behaviour", folder / "topics.csv"
    if not out.exists():
        topics.write(table)
        call(
            language, "audit", "behaviour", "--table", table, "--event", topics.EVENT, "--because",
            _BECAUSE[language], "--missing-days", "days_without", "--out", out,
        )  # fmt: skip
    return out / "report.html"


def _record(folder: Path, language: str) -> Path:
    out = folder / "record"
    if not out.exists():
        asked = system.write(folder / "record.toml")
        told = asked.read_text(encoding="utf-8")
        for spanish, english in (_SYSTEM if language == "en" else {}).items():
            told = told.replace(spanish, english)
        asked.write_text(told, encoding="utf-8")
        call(language, "record", "export", asked, "--to", "ley-25326", "--out", out)
    return out / "record.html"


#: By the name of their pictures.
REPORTS = {
    "report-first-page": Report(_report),
    "report-map": Report(_report, "#explorer"),
    "patterns": Report(_patterns),
    "audit-exposure": Report(_exposure),
    "audit-alerts": Report(_alerts),
    "audit-access": Report(_access),
    "audit-behaviour": Report(_behaviour),
    "record": Report(_record),
}
