"""``veedor audit exposure``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from veedor.cli.audit import options


@click.command(name="exposure")
@options.zones_and_groups
@options.predictions(required=False)
@click.option(
    "--stored-count", help="Column of the zones with the predictions they had: assignment stored."
)
@click.option(
    "--assignment",
    "assignments",
    multiple=True,
    type=click.Choice(["centre", "box", "stored"]),
    help="How predictions come to zones; all that the data allow by default.",
)
@click.option(
    "--cluster-digits",
    type=click.IntRange(min=1),
    help="Also make intervals in which zones whose ids share so many first digits may have "
    "anything in common; 11 is a US tract.",
)
@click.option(
    "--ties",
    type=click.Choice(["average", "published"]),
    default="average",
    show_default=True,
    help="Ranks of equal counts; published: by row order, as The Markup did in 2021.",
)
@click.option(
    "--other-zones",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Zones of another jurisdiction, to find those that both claim.",
)
@click.option(
    "--replicates",
    type=click.IntRange(min=100),
    default=999,
    show_default=True,
    help="Arrangements of the permutation test of clustering.",
)
@options.output
def command(**given: Any) -> None:
    """Whom a system burdens: who lives where it looks.

    Exposure of each group by three denominators, because they can disagree in sign; its ratio to
    the reference; who lives in the most targeted zones; how uneven it is. Intervals take who lives
    where as it is and ask what could be chance; warnings say where the data do not carry it.

    \b
    veedor audit exposure --zones zones.geojson.gz --predictions boxes.csv.gz --box-m 152.4 \\
        --groups white,black,latino,asian --population population --reference white \\
        --group hh_lt45k=households_lt45k/households:hh_ge45k --cluster-digits 11 --out audit
    """  # noqa: D301 - click wants the character
    from veedor.audits.places import ExposureSettings, audit_exposure
    from veedor.cli.console import Watched
    from veedor.files.folders import replacing_folder, require_own
    from veedor.report import write_document
    from veedor.report.audit_exposure import exposure_document

    require_own(given["out"])
    zones = options.read_zones_of(given, given["stored_count"])
    neighbours = [options.read_zones_of({**given, "zones": path}) for path in given["other_zones"]]
    settings = ExposureSettings(
        assignments=given["assignments"],
        cluster_digits=given["cluster_digits"],
        ties=given["ties"],
        replicates=given["replicates"],
        seed=given["seed"],
    )
    with Watched() as progress:
        progress.step("Auditing exposure", None)
        audit = audit_exposure(zones, options.read_predictions_of(given), settings, neighbours)
        progress.step("Writing the report", None)
        with replacing_folder(given["out"]) as building:
            audit.write(building)
            write_document(exposure_document(audit), building / "report.html")
    options.show(audit, given["out"])
