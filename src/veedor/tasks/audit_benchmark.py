r"""Whether a system looks there more than the record explains, and whether it works.

Compares exposure with the same budget spread evenly, by residents, by the recorded incidents,
and by a map of long-run rates; relates predictions to who lives there with and without the
record; and says for whom it captures, misses and flags in vain. Incidents that victims report
and those that police find are kept apart throughout. Conditioning on a biased record can hide
bias: the report says so where it does it.

Needed, here or in a file of --settings: --zones, --predictions, --groups, --population,
--reference.

    veedor audit benchmark --zones zones.geojson --predictions boxes.csv --box-m 152.4 \
        --groups white,black --population population --reference white \
        --incidents incidents.csv --prior results/forecasts/prior.parquet --out benchmark
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import phrase
from veedor.tasks.audited import FILES, PREDICTIONS, Looked, Residents, task_of, write_by_place
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request
from veedor.tasks.settings_file import Settled

if TYPE_CHECKING:
    from veedor.audits.places import BenchmarkAudit
    from veedor.report.document import Document


@request
class Request(Looked, Residents, Settled):
    """What to hold a system's exposure against."""

    predictions: Path = option(PREDICTIONS, needed=True)
    incidents: File | None = option(
        "Recorded incidents: CSV lat,lon[,count][,known_by][,category].", default=None
    )
    reported: tuple[str, ...] = option(
        "Category of incidents that victims and witnesses report.", default=()
    )
    discovered: tuple[str, ...] = option("Category that police go looking for.", default=())
    prior: Path | None = option(
        "Map of long-run rates: a veedor forecast of PriorCounts, or polygons with a score.",
        default=None,
    )
    prior_cells: File | None = option("Outlines of its cells, if not beside it.", default=None)
    prior_score: str = option("Property of its polygons.", default="count")
    family: Literal["poisson", "negative_binomial"] = option(
        "Of the regression.", default="poisson"
    )
    block_m: float = option(
        "Ground within which regression errors may depend: side of a square, metres.",
        default=2000.0,
    )
    seed: int = option("Of whatever is drawn.", default=1, ge=0)
    out: Folder = option(FILES)


def audit(request: Request, context: Context, into: Path) -> tuple[BenchmarkAudit, Document]:
    """Make the audit and its page."""
    from veedor.audits.places import (
        BenchmarkSettings,
        audit_benchmark,
        read_predictions,
        read_record,
    )
    from veedor.audits.places.by_place import PlaceOutlines
    from veedor.report.audit_benchmark import benchmark_document
    from veedor.report.words import words_in

    settings = BenchmarkSettings(family=request.family, block_m=request.block_m, seed=request.seed)
    context.step(phrase("Auditing against benchmarks"), None)
    record = prior = None
    if request.incidents is not None:
        record = read_record(
            request.incidents, reported=request.reported, discovered=request.discovered
        )
    if request.prior is not None:
        prior = read_predictions(
            request.prior,
            category=request.category,
            score=request.prior_score,
            cells=request.prior_cells,
        )
    zones = request.read_zones(request.zones)
    made = audit_benchmark(
        zones, request.read_predictions(request.predictions), record, prior, settings
    )
    outlines = PlaceOutlines.of_zones(zones, request.zones.name)
    write_by_place(made.by_place, outlines, into)
    told = request.labelled(made, context.language)
    return made, benchmark_document(told, words_in(context.language), outlines)


perform = task_of(audit)
