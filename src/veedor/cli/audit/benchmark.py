"""``veedor audit benchmark``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from veedor.cli.audit import options

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="benchmark")
@options.zones_and_groups
@options.predictions(required=True)
@click.option(
    "--incidents",
    type=_FILE,
    help="Recorded incidents: CSV lat,lon[,count][,known_by][,category].",
)
@click.option(
    "--reported", multiple=True, help="Category of incidents that victims and witnesses report."
)
@click.option("--discovered", multiple=True, help="Category that police go looking for.")
@click.option(
    "--prior",
    type=_FILE,
    help="Map of long-run rates: a veedor forecast of PriorCounts, or polygons with a score.",
)
@click.option("--prior-cells", type=_FILE, help="Outlines of its cells, if not beside it.")
@click.option("--prior-score", default="count", show_default=True, help="Property of its polygons.")
@click.option(
    "--family",
    type=click.Choice(["poisson", "negative_binomial"]),
    default="poisson",
    show_default=True,
    help="Of the regression.",
)
@click.option(
    "--block-m",
    type=float,
    default=2000.0,
    show_default=True,
    help="Ground within which regression errors may depend: side of a square, metres.",
)
@options.output
def command(**given: Any) -> None:
    """Whether a system looks there more than the record explains, and whether it works.

    Compares exposure with the same budget spread evenly, by residents, by the recorded incidents,
    and by a map of long-run rates; relates predictions to who lives there with and without the
    record; and says for whom it captures, misses and flags in vain. Incidents that victims report
    and those that police find are kept apart throughout. Conditioning on a biased record can hide
    bias: the report says so where it does it.

    \b
    veedor audit benchmark --zones zones.geojson --predictions boxes.csv --box-m 152.4 \\
        --groups white,black --population population --reference white \\
        --incidents incidents.csv --prior results/forecasts/prior.parquet --out benchmark
    """  # noqa: D301 - click wants the character
    from veedor.audits.places import (
        BenchmarkSettings,
        audit_benchmark,
        read_predictions,
        read_record,
    )
    from veedor.cli.console import Watched
    from veedor.files.folders import replacing_folder, require_own
    from veedor.report import write_document
    from veedor.report.audit_benchmark import benchmark_document

    require_own(given["out"])
    settings = BenchmarkSettings(
        family=given["family"],
        block_m=given["block_m"],
        seed=given["seed"],
    )
    with Watched() as progress:
        progress.step("Auditing against benchmarks", None)
        record = prior = None
        if given["incidents"] is not None:
            record = read_record(
                given["incidents"], reported=given["reported"], discovered=given["discovered"]
            )
        if given["prior"] is not None:
            prior = read_predictions(
                given["prior"],
                category=given["category"],
                score=given["prior_score"],
                cells=given["prior_cells"],
            )
        zones, predictions = options.read_zones_of(given), options.read_predictions_of(given)
        audit = audit_benchmark(zones, predictions, record, prior, settings)
        with replacing_folder(given["out"]) as building:
            audit.write(building)
            write_document(benchmark_document(audit), building / "report.html")
    options.show(audit, given["out"])
