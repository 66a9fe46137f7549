"""Results, a quality report, a manifest and maps, made up from a seed."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from msgspec.structs import replace

from veedor.files.replacing import HashedFile
from veedor.forecasts import CountDistribution
from veedor.incidents.quality_report import (
    CategoryRead,
    Counted,
    DroppedColumns,
    Duplicates,
    FarPlaces,
    Months,
    OtherValues,
    PlacesRead,
    QualityReport,
    Quantiles,
    Reason,
    ReportingRead,
    RowsRead,
    SetAside,
    Share,
    Stack,
    StackedPlaces,
    TimesRead,
)
from veedor.report.maps import Maps
from veedor.spacetime import Cells, Gazetteer, SquareLattice, StudyArea
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.study.history_worth import DoublingWorth, HistoryWorth, PartWorth
from veedor.study.manifest import RunManifest
from veedor.study.results import (
    StudyAbout,
    StudyCategory,
    StudyCells,
    StudyForecaster,
    StudyPeriods,
    StudyResults,
    TrainedOn,
)
from veedor.verification import ForecastSeries, Judged, Questions, Trial, examine
from veedor.verification.judging import BETTER, NOT_SHOWN, UNDEFINED, WORSE

SCRIPT = "<script>alert(1)</script>"
QUOTE = '"onmouseover="alert(2)'
REFERENCE = "PriorCounts"


def estimate(value, spread, n, denominator="incidents_in_cells"):
    ends = (None, None) if value is None or spread is None else (value - spread, value + spread)
    return Estimate(
        value, *ends, 0.95, Method("student_t_incidents"), int(n), Denominator(denominator)
    )


def judged(found, blocks=12, **changes):
    """An estimate judged by its interval alone, unless given."""
    value, low, high = found.value, found.low, found.high
    if value is None:
        verdict = UNDEFINED
    elif low is None or low <= 0 <= high:
        verdict = NOT_SHOWN
    else:
        verdict = BETTER if low > 0 else WORSE
    told = low is not None
    fields = {
        "weeks_low": low,
        "weeks_high": high,
        "weeks_error": 0.006 if told else None,
        "blocks": blocks,
        "error_if_reference": None if value is None else 0.005,
        "error_if_forecast": None if value is None else 0.004,
        "p_value": 0.01 if told else None,
        "comparisons": 4,
        "p_adjusted": 0.04 if told else None,
        "smallest_shown": 0.015 if told else None,
        "verdict": verdict,
    }
    return Judged(estimate=found, **(fields | changes))


def results(
    categories=("robbery", "theft from vehicles"),
    others=("Recency", "Kernel"),
    side=20,
    count=12,
    per_origin=1,
    gain=(0.034, -0.002, -0.051),
    seed=7,
    empty=True,
) -> tuple[StudyResults, Maps]:
    """Results and maps on ``side * side`` cells; the last category has an empty period."""
    rng = np.random.default_rng(seed)
    names = [REFERENCE, *others]
    cells = side * side
    zone = ZoneInfo("America/New_York")
    starts = [datetime(2025, 1, 6, tzinfo=zone) + timedelta(weeks=w) for w in range(count)]
    ends = [start + timedelta(weeks=1) for start in starts]
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    bumps = np.exp(-((column - side * 0.3) ** 2 + (row - side * 0.6) ** 2) / (side * 1.2))
    bumps += 0.6 * np.exp(-((column - side * 0.7) ** 2 + (row - side * 0.35) ** 2) / (side * 0.8))
    observed, means, made = {}, {}, []
    for place, category in enumerate(categories):
        rate = (0.02 + 1.5 * bumps.ravel()) / (1 + place) * rng.gamma(4, 0.25, cells)
        seen = rng.poisson(rate, (count, cells))
        if empty and count > 2 and place == len(categories) - 1:
            seen[2] = 0
        observed[category] = seen
        means[category] = {
            who: np.maximum(rate * rng.gamma(20, 1 / 20, (count, cells)), 1e-5) for who in names
        }
        made.append(_category(category, names, seen, means[category], gain, starts))
    west, south, step = -73.99, 40.6, 0.006
    polygons = shapely.box(
        west + column.ravel() * step,
        south + row.ravel() * step * 0.76,
        west + (column.ravel() + 1) * step,
        south + (row.ravel() + 1) * step * 0.76,
    )
    maps = Maps(
        polygons,
        Gazetteer.at(
            [
                f"E{580000 + 500 * c}N{4500000 + 500 * r}"
                for c, r in zip(column.ravel(), row.ravel(), strict=True)
            ],
            polygons,
        ),
        np.full(cells, 0.25),
        observed,
        means,
    )
    return StudyResults(
        schema_version=4,
        veedor="0.1.0",
        simulations=9,
        study=StudyAbout(
            title="A made-up town: a rehearsal",
            seed=7,
            time_zone="America/New_York",
            crs="EPSG:32618",
            reference=REFERENCE,
        ),
        cells=StudyCells(
            shape="square",
            size_m=500.0,
            count=cells,
            area_km2=0.25 * cells,
            smallest_km2=0.25,
            area_source="hull of the zones",
            lost_km2=0.0,
        ),
        periods=StudyPeriods(
            length="1 week",
            start=tuple(s.isoformat() for s in starts),
            end=tuple(e.isoformat() for e in ends),
            origins=tuple(s.isoformat() for s in starts[::per_origin]),
            data_cutoffs=tuple(s.isoformat() for s in starts[::per_origin]),
            lead=None,
            per_origin=per_origin,
        ),
        forecasters=tuple(
            StudyForecaster(
                name=who,
                kind=who,
                package="veedor",
                version="0.1.0",
                description=f"{who} counts what was recorded before.",
                is_reference=who == REFERENCE,
                parameters={"bandwidth_m": 400, "half_life_days": None},
            )
            for who in names
        ),
        categories=tuple(made),
        category_tests={},
    ), maps


def examined(category, means, seen, gain=(), reference=REFERENCE, starts=None, cells=None):
    """Examine means as negative binomial forecasts; gains as given in place of those found."""
    weeks, many = seen.shape
    start = np.datetime64("2025-01-06T05:00", "us") + np.arange(weeks) * np.timedelta64(7, "D")
    if cells is None:
        side = int(np.ceil(np.sqrt(many)))
        ground = shapely.box(0.0, 4.5e6, 500.0 * side, 4.5e6 + 500.0 * side)
        area = StudyArea(ground, "EPSG:32618", "made up")
        cells = Cells.on_lattice(area, SquareLattice(500.0))

    def series(mean):
        one = CountDistribution(np.broadcast_to(mean, seen.shape), 0.1)
        return ForecastSeries(one, CountDistribution(one.mean.sum(axis=1), 0.05), True)

    trial = Trial(
        category=category,
        cells=cells,
        start=start,
        end=start + np.timedelta64(7, "D"),
        lead_time=np.ones(weeks, dtype=np.int64),
        time_zone="America/New_York",
        observed=seen,
        unlocated=np.eye(1, weeks, dtype=np.int64)[0] * 12,
        outside=np.eye(1, weeks, dtype=np.int64)[0] * 3,
        forecasts={who: series(mean) for who, mean in means.items()},
        reference=reference,
    )
    found = examine(trial, Questions(simulations=9))
    rows = []
    for place, row in enumerate(found.comparisons):
        if gain:
            own = gain[place % len(gain)] if seen.sum() else None
            of = "incidents_in_cells"
            total = int(seen.sum())
            row = replace(
                row,
                gain=judged(estimate(own, 0.012, total, of)),
                gain_at_same_totals=judged(estimate(own and own * 0.8, 0.012, total, of)),
            )
        rows.append(row)
    return replace(found, comparisons=tuple(rows))


def _category(category, names, seen, means, gain, starts):
    total = int(seen.sum())
    where = "incidents_in_cells"
    return StudyCategory(
        examination=examined(category, means, seen, gain),
        known_by="reported",
        trained_on=TrainedOn(
            first="2023-01-01T00:00:00-05:00", last="2025-03-23T23:00:00-04:00", incidents=9000
        ),
        fitted={
            who: {"shrinkage": 0.37, "half life (days)": None, "note": "converged"} for who in names
        },
        absent=(),
        history=HistoryWorth(
            days_at_first_origin=400,
            days_at_last_origin=477,
            parts=tuple(
                PartWorth(days=d, gain=judged(estimate(w if total else None, 0.02, total, where)))
                for d, w in ((91, 0.21), (182, 0.12), (365, 0.05))
            ),
            last_doubling=DoublingWorth(
                from_days=182,
                gain=judged(
                    estimate(0.11 if total else None, 0.03, total, "incidents_by_doublings")
                ),
            ),
        ),
    )


def quality() -> QualityReport:
    share, none = Share.of(24, 25), Quantiles(0, {})
    return QualityReport(
        rows=RowsRead(
            read=10234,
            kept=9876,
            set_aside=[
                SetAside("no date", 357, ["a.csv:3", "a.csv:17", "a.csv:40"]),
                SetAside(SCRIPT, 1, ["a.csv:9"]),
            ],
            counted_more=0,
            reconciled=True,
        ),
        categories=[CategoryRead("robbery", "reported", 120, share, [Counted(QUOTE, 120)])],
        other_values=OtherValues(0, []),
        months=Months([], [], [], [], {}),
        breaks=[],
        places=PlacesRead(
            located=Share.of(9864, 9876),
            unlocated=[Reason("no coordinates", 10), Reason("withheld", 2)],
            outside_area=Share.of(3, 9864),
            swapped_suspected=0,
            cause=None,
            other_zones=[],
            unlocated_zones=[],
            far=FarPlaces(0, 0, None, []),
            stacks=StackedPlaces(240, share, [Stack(583000, 4507000, 240, False)]),
        ),
        times=TimesRead(
            nonexistent=0,
            ambiguous=0,
            whole_days=0,
            whole_months=0,
            with_offset=0,
            far_years=[],
            days_at_midnight=[],
            days_as_written=[],
            unreadable={},
            exact=share,
            interval_hours=Quantiles(120, {"0.5": 0.0, "0.95": 11.5}),
        ),
        reporting=ReportingRead(share, 0, 0, none),
        duplicates=Duplicates(4, None),
        known_by=[],
        dropped_columns=[DroppedColumns("a.csv", ["SUSPECT_NAME", QUOTE])],
        layout=None,
    )


def manifest() -> RunManifest:
    return RunManifest(
        veedor="0.1.0",
        python="3.11.2",
        packages={"numpy": "2.1.0", "scipy": "1.15"},
        command="veedor run demo",
        seed=7,
        inputs=(HashedFile("incidents.csv", "ab" * 32, 1234567),),
        outputs=(HashedFile("results.json", "cd" * 32, 4321),),
        study_toml=f'title = "A made-up town"\n# {SCRIPT}\n',
        started="2026-01-01T12:00:00+00:00",
        seconds={"read": 1.2, "fit": 30.5},
        fit_and_predict_seconds={"PriorCounts": 0.5},
    )


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """What the tests of the report make up."""
    return SimpleNamespace(
        results=results,
        quality=quality,
        manifest=manifest,
        judged=judged,
        estimate=estimate,
        examined=examined,
        SCRIPT=SCRIPT,
        QUOTE=QUOTE,
    )
