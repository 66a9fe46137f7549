"""The commands whose numbers are kept, each called as a user calls it, in the made-up town."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq
from tests import made_up_readings
from tests.golden import county, looked, system, topics, town

from veedor.cli import main
from veedor.sealing import clock

EXPECTED = Path(__file__).parent / "expected"
#: Documents that are not kept: a test says which other ones they must agree with.
BESIDE = ("verify", "verify-promised", "audit-all")
#: The day before the first period that is promised, and a week after the last.
SEALED_AT, SCORED_AT = np.datetime64("2024-06-30T12:00"), np.datetime64("2024-09-02T12:00")


def perform(folder: Path) -> Iterator[tuple[str, Any]]:
    """Build the town in `folder` and call one command after another; give each one's document."""
    study, out = folder / "town", folder / "out"
    town.build(study)
    out.mkdir()

    _call("check", study)
    copyfile(study / "results" / "check.html", out / "check.html")  # `run` replaces the folder
    yield "check", _read(study / "results" / "quality.json")
    _call("run", study, "--jobs", 1)
    yield "run", _read(study / "results" / "results.json")
    for number, name in enumerate(("north", "south/old town")):
        town.build_small(folder / "towns" / name, number)
    _call("run-many", folder / "towns", "--jobs", 1)
    yield "run-many", _read(folder / "towns" / "results" / "results.json")
    _call("patterns", study)
    yield "patterns", _read(study / "patterns" / "patterns.json")
    counts = folder / "county with people"
    county.build(counts)
    county.add_people(counts)
    _call("check", counts, "--out", out / "counts")
    yield "check-of-counts", _read(out / "counts" / "quality.json")
    _call("patterns", counts)
    yield "patterns-of-counts", _read(counts / "patterns" / "patterns.json")
    _call("forecast", study, "--periods", 8)
    yield "forecast", _forecasts(study / "next")

    log, report = folder / "log", out / "log.html"
    with _time(SEALED_AT):
        _call("log", "seal", study / "next", "--log", log, "--by", "the town")
        _call("log", "verify", log, "--report", report)
    yield "seal", _read(report.with_suffix(".json"))
    with _time(SCORED_AT):
        _call("log", "score", log, "--outcomes", study, "--report", report)
        yield "score", _read(report.with_suffix(".json"))
        _call("log", "verify", log, "--report", report)
    yield "verify", _read(report.with_suffix(".json"))

    forecasts = study / "results" / "forecasts" / "robbery"
    zones = ["--zones", study / "zones.geojson"]
    _call(
        "verify-forecast", *sorted(forecasts.rglob("*.parquet")), "--outcomes", study, *zones,
        "--zone-id", "id", "--seed", 3, "--out", out / "verification",
    )  # fmt: skip
    yield "verify-forecast", _read(out / "verification" / "results.json")
    promised = sorted((study / "next" / "forecasts" / "robbery").rglob("*.parquet"))
    _call("verify-forecast", *promised, "--outcomes", study, "--out", out / "promised")
    yield "verify-promised", _read(out / "promised" / "results.json")

    groups = ["--groups", "tenants,owners", "--population", "residents", "--reference", "owners"]
    boxes = ["--predictions", study / "boxes.csv", "--box-m", 150]
    prior = min((forecasts / "PriorCounts").glob("*.parquet"))
    audits: dict[str, list[Any]] = {
        "exposure": [*zones, *groups, *boxes, "--replicates", 199],
        "benchmark": [*zones, *groups, *boxes, "--incidents", study / "recorded.csv", "--prior",
                      prior, "--block-m", 1000],
        "reporting": [*groups, "--counts", study / "counts.csv", "--rates", study / "rates.csv",
                      "--top", 4, "--pair", "p01,p10"],
        "feedback": ["--world", study / "world.csv", "--observed", study / "observed.csv",
                     "--rounds", 30, "--runs", 8, "--half-life", 10],
    }  # fmt: skip
    for name, options in audits.items():
        _call("audit", name, *options, "--out", out / name)
        yield f"audit-{name}", _read(out / name / "results.json")
    together = [option for options in audits.values() for option in options]
    _call("audit", "all", *together, "--out", out / "all")
    yield "audit-all", {name: _read(out / "all" / name / "results.json") for name in audits}

    seen = ["--devices", study / "devices.geojson", "--range-m", "20,60", "--range-m", "ALPR=10,30",
            "--angle-deg", "60,110", "--routes", study / "ways.geojson"]  # fmt: skip
    _call("audit", "exposure", *zones, *groups, *seen, "--replicates", 199, "--out",
          out / "devices")  # fmt: skip
    yield "audit-devices", _read(out / "devices" / "results.json")

    alerts = ["--decisions", study / "decisions.csv", "--group", "side", "--reference", "a",
              "--threshold", 0.5]  # fmt: skip
    _call("audit", "alerts", *alerts, "--people-a-day", 1000, "--out", out / "alerts")
    yield "audit-alerts", _read(out / "alerts" / "results.json")
    _call("audit", "alerts", *alerts, "--publish", "--out", out / "published")
    yield "audit-alerts-publish", _read(out / "published" / "results.json")

    yield from _readings(folder / "readings", out)
    yield "audit-access", _access(folder / "looked", out / "access")
    yield from _topics(folder / "topics.csv", out)
    yield from _records(folder, out)
    yield from _counts(counts, folder / "county_log", out)

    places = out / "places.geojson"
    _call("export", study, "--forecaster", "Kernel", "--category", "robbery", "--out", places)
    yield "export", _read(places)


def _topics(table: Path, out: Path) -> Iterator[tuple[str, Any]]:
    """Call what is asked of a library: beside controls, and as a published study would."""
    topics.write(table)
    asked = ["--table", table, "--event", topics.EVENT, "--because", topics.BECAUSE]
    _call(
        "audit", "behaviour", *asked, "--missing-days", "days_without", "--out", out / "behaviour"
    )
    yield "audit-behaviour", _read(out / "behaviour" / "results.json")
    _call(
        "audit", "behaviour", *asked, "--design", "quasi-poisson", "--shape", "level",
        "--out", out / "behaviour_as_published",
    )  # fmt: skip
    yield "audit-behaviour-as-published", _read(out / "behaviour_as_published" / "results.json")


def _readings(folder: Path, out: Path) -> Iterator[tuple[str, Any]]:
    """Call what a reading goes through: of alerts by two people, of counts by three."""
    folder.mkdir()
    rows, true = made_up_readings.truth(900)
    table = made_up_readings.write_table(folder / "alerts.csv", rows)
    book = folder / "book.csv"
    book.write_text(made_up_readings.CODEBOOK, encoding="utf-8")
    plan, pack = folder / "plan", folder / "pack"
    _call(
        "reading", "plan", table, "--key", "case", "--alert", "flagged", "--stratum", "kind",
        "--half-width", 0.09, "--others", 90, "--seed", 5, "--out", plan,
    )  # fmt: skip
    yield "reading-plan", _read(plan / "plan.json")
    shown = ["--table", table, "--show", "as_written", "--codebook", book]
    _call("reading", "pack", plan, *shown, "--out", pack)
    given: list[Any] = []
    for n in (1, 2):
        reader = made_up_readings.by_truth(true, n)
        file = made_up_readings.fill(pack, n, reader, folder / f"reader_{n}.csv")
        given += ["--reading", file]
    _call("reading", "score", pack, *given, "--table", table, "--out", folder / "first")
    decided = made_up_readings.fill(
        pack, 3, made_up_readings.by_truth(true, 3, 0.02, 0.0), folder / "third.csv",
        str(folder / "first" / "third_reader.csv"),
    )  # fmt: skip
    _call("reading", "score", pack, *given, "--third", decided, "--out", out / "reading")
    yield "reading-score", _read(out / "reading" / "results.json")
    yield "reading-score-counts", _counted(folder, out / "counted")
    published = made_up_readings.write_table(
        folder / "published.csv",
        [[f"p{n}", *(f"{(n * k) % 11 // 4 + n % 3}" for k in (1, 2, 4))] for n in range(40)],
        ("item", "first", "second", "third"),
    )
    _call("reading", "score", "--counts", published, "--out", out / "agreement")
    yield "reading-score-published", _read(out / "agreement" / "results.json")


def _counted(folder: Path, out: Path) -> Any:
    """Have three people count what is at corners, of which half are drawn."""
    rows = [[f"p{n}", f"corner {n % 17}"] for n in range(120)]
    corners = made_up_readings.write_table(folder / "corners.csv", rows, ("place", "corner_name"))
    book, plan, pack = folder / "counts.csv", folder / "corner_plan", folder / "corner_pack"
    book.write_text("answer,counts_as,meaning\n?,cannot_tell,It cannot be seen.\n", "utf-8")
    _call("reading", "plan", corners, "--key", "place", "--n", 60, "--out", plan)
    shown = ["--table", corners, "--show", "corner_name", "--codebook", book]
    _call("reading", "pack", plan, *shown, "--readers", 3, "--counts", "--out", pack)
    given: list[Any] = []
    for n in (1, 2, 3):
        file = made_up_readings.fill(pack, n, made_up_readings.by_eye(n), folder / f"eye_{n}.csv")
        given += ["--reading", file]
    _call("reading", "score", pack, *given, "--out", out)
    return _read(out / "results.json")


def _records(folder: Path, out: Path) -> Iterator[tuple[str, Any]]:
    """Call what a record of a system goes through, beside audits of it."""
    audits = "".join(
        f'[[audits]]\nresults = "out/{name}/results.json"\ndate = 2026-09-30\n'
        for name in ("alerts", "exposure", "devices", "access", "behaviour")
    )
    first = system.write(folder / "record-1.toml", audits=audits)
    later = system.write_later(folder / "record-2.toml")
    frameworks = ["--to", "ley-25326", "--to", "eu-ai-act-27", "--to", "uk-atrs"]
    _call("record", "export", first, *frameworks, "--out", out / "record")
    yield "record-export", _read(out / "record" / "record.json")
    _call("record", "diff", first, later, "--out", out / "changes")
    yield "record-diff", _read(out / "changes" / "changes.json")
    asked = ["--fields", "access_log,recipients,accuracy_tests"]
    _call("request", "letter", later, *asked, "--out", out / "letters")
    yield "request-letter", _read(out / "letters" / "results.json")
    days = ["--received", "2026-03-02", "--on", "denied=2026-03-10", "--on", "claimed=2026-05-04"]
    _call("request", "deadlines", *days, "--out", out / "deadlines")
    yield "request-deadlines", _read(out / "deadlines" / "results.json")


def _access(log: Path, out: Path) -> Any:
    """Audit who looked, with every list beside the log."""
    looked.build(log)
    _call("audit", "access", *looked.arguments(log), "--out", out)
    return _read(out / "results.json")


def _counts(study: Path, log: Path, out: Path) -> Iterator[tuple[str, Any]]:
    """Call what a study of counts by area goes through."""
    _call("run", study, "--jobs", 1)
    yield "run-of-counts", _read(study / "results" / "results.json")
    _call("forecast", study, "--periods", 2)
    yield "forecast-of-counts", _forecasts(study / "next")
    promised = sorted((study / "results" / "forecasts").rglob("2023-12*.parquet"))
    with _time(np.datetime64("2023-11-28T12:00")):
        _call("log", "seal", *promised, "--log", log, "--by", "the county")
    report = out / "county_log.html"
    with _time(np.datetime64("2024-02-05T12:00")):
        _call("log", "score", log, "--outcomes", study, "--report", report)
    yield "score-of-counts", _read(report.with_suffix(".json"))


def _call(*arguments: object) -> None:
    """Call veedor; any end but success is an error."""
    words = [str(one) for one in arguments]
    with contextlib.redirect_stdout(None):
        try:
            main(words)
        except SystemExit as left:
            if left.code:
                raise AssertionError(f"veedor {' '.join(words)} ended with {left.code}") from left


def _time(now: np.datetime64) -> contextlib.AbstractContextManager[object]:
    return patch.object(clock, "now", lambda: now.astype("datetime64[us]"))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _forecasts(folder: Path) -> dict[str, Any]:
    """Every forecast file of a folder, by category and forecaster, as columns."""
    made = {}
    for path in sorted(folder.rglob("*.parquet")):
        table = pq.read_table(path)
        *_, category, forecaster, _ = path.parts
        made[f"{category} by {forecaster}"] = {
            name: [str(v) if hasattr(v, "isoformat") else v for v in table[name].to_pylist()]
            for name in table.column_names
        }
    return made
