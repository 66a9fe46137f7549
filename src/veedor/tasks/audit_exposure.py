r"""Whom a system burdens: who lives where it looks.

Exposure of each group by three denominators, because they can disagree in sign; its ratio to
the reference; who lives in the most targeted zones; how uneven it is. Intervals take who lives
where as it is and ask what could be chance; warnings say where the data do not carry it.

Needed, here or in a file of --settings: --zones, --groups, --population, --reference.

    veedor audit exposure --zones zones.geojson.gz --predictions boxes.csv.gz --box-m 152.4 \
        --groups white,black,latino,asian --population population --reference white \
        --group hh_lt45k=households_lt45k/households:hh_ge45k --cluster-digits 11 --out audit
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import phrase
from veedor.tasks.audited import FILES, Looked, Residents, task_of, write_by_place
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request
from veedor.tasks.settings_file import Settled

if TYPE_CHECKING:
    from veedor.audits.places import ExposureAudit
    from veedor.report.document import Document


@request
class Request(Looked, Residents, Settled):
    """Whose exposure to audit, and how."""

    stored_count: str | None = option(
        "Column of the zones with the predictions they had: assignment stored.", default=None
    )
    assignment: tuple[Literal["centre", "box", "stored"], ...] = option(
        "How predictions come to zones; all that the data allow by default.", default=()
    )
    cluster_digits: int | None = option(
        "Also make intervals in which zones whose ids share so many first digits may have anything "
        "in common; 11 is a US tract.",
        default=None,
        ge=1,
    )
    ties: Literal["average", "published"] = option(
        "Ranks of equal counts; published: by row order, as The Markup did in 2021.",
        default="average",
    )
    other_zones: tuple[File, ...] = option(
        "Zones of another jurisdiction, to find those that both claim.", default=()
    )
    replicates: int = option(
        "Arrangements of the permutation test of clustering.", default=999, ge=100, le=100_000
    )
    seed: int = option("Of whatever is drawn.", default=1, ge=0)
    out: Folder = option(FILES)


def audit(request: Request, context: Context, into: Path) -> tuple[ExposureAudit, Document]:
    """Make the audit and its page."""
    from veedor.audits.places import ExposureSettings, audit_exposure
    from veedor.audits.places.by_place import PlaceOutlines
    from veedor.report.audit_exposure import exposure_document
    from veedor.report.words import words_in

    zones = request.read_zones(request.zones, request.stored_count)
    neighbours = [request.read_zones(path) for path in request.other_zones]
    settings = ExposureSettings(
        assignments=request.assignment,
        cluster_digits=request.cluster_digits,
        ties=request.ties,
        replicates=request.replicates,
        seed=request.seed,
    )
    context.step(phrase("Auditing exposure"), None)
    path = request.predictions
    looked = None if path is None else request.read_predictions(path)
    made = audit_exposure(zones, looked, settings, neighbours)
    outlines = PlaceOutlines.of_zones(zones, request.zones.name)
    write_by_place(made.by_place, outlines, into)
    told = request.labelled(made, context.language)
    return made, exposure_document(told, words_in(context.language), outlines)


perform = task_of(audit)
