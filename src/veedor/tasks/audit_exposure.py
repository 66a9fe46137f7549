r"""Whom a system burdens: who lives where it looks.

Exposure of each group by three denominators, because they can disagree in sign; its ratio to
the reference; who lives in the most targeted zones; how uneven it is. Intervals take who lives
where as it is and ask what could be chance; warnings say where the data do not carry it.

Needed, here or in a file of --settings: --zones, --groups, --population, --reference.

    veedor audit exposure --zones zones.geojson.gz --predictions boxes.csv.gz --box-m 152.4 \
        --groups white,black,latino,asian --population population --reference white \
        --group hh_lt45k=households_lt45k/households:hh_ge45k --cluster-digits 11 --out audit

Cameras, plate readers and other devices that watch are audited by --devices in the place of
--predictions: ground in view is joined, and what is not known of a device is bounded.

    veedor audit exposure --zones zones.geojson --devices osm.geojson --range-m 20,60 \
        --range-m ALPR=10,30 --angle-deg 60,110 --routes ways.gpx \
        --groups white,black --population population --reference white --out devices
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from veedor.errors import StudyError, phrase
from veedor.tasks.audited import FILES, Looked, Residents, task_of, write_by_place
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request
from veedor.tasks.settings_file import Settled

if TYPE_CHECKING:
    from veedor.audits.places import ExposureAudit
    from veedor.audits.places.devices import DeviceAudit
    from veedor.report.document import Document


@request
class Watching:
    """Which devices watch, and how far they see."""

    devices: File | None = option(
        "Devices that watch: a table of lat,lon,kind,range_m,bearing_deg,angle_deg, or "
        "OpenStreetMap's surveillance tags (GeoJSON).",
        default=None,
    )
    range_m: tuple[str, ...] = option(
        "Least and most metres that devices without a range may see.",
        default=(),
        metavar=phrase("[KIND=]LOW,HIGH"),
    )
    angle_deg: str | None = option(
        "Narrowest and widest field of view of devices that have a direction alone; 360 where all "
        "look all round.",
        default=None,
        metavar=phrase("LOW,HIGH"),
    )
    device_counts: File | None = option(
        "Least and most devices that readers counted at each place: items.csv of "
        "`veedor reading score`; the table of --devices then has its key.",
        default=None,
    )
    routes: File | None = option(
        "Ways whose part in view is told: GeoJSON of lines, or GPX without times.", default=None
    )


@request
class Request(Looked, Watching, Residents, Settled):
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


def audit(
    request: Request, context: Context, into: Path
) -> tuple[ExposureAudit | DeviceAudit, Document]:
    """Make the audit and its page."""
    if request.devices is not None:
        return _of_devices(request, request.devices, context, into)
    _require_without(request, ("range_m", "angle_deg", "device_counts", "routes"))
    return _of_predictions(request, context, into)


def _require_without(request: Request, names: Sequence[str]) -> None:
    """Refuse options that are of the other kind of audit."""
    given = ", ".join(
        f"--{name.replace('_', '-')}" for name in names if getattr(request, name) not in (None, ())
    )
    if not given:
        return
    if request.devices is None:
        found = phrase("{options}, and no --devices", options=given)
    else:
        found = phrase("{options} beside --devices", options=given)
    raise StudyError(
        "An audit of exposure must be of predictions or of devices.",
        found=found,
        remedy="audit the devices in a run of its own",
    )


def _of_devices(
    request: Request, file: Path, context: Context, into: Path
) -> tuple[DeviceAudit, Document]:
    from veedor.audits.places import ExposureSettings
    from veedor.audits.places.by_place import PlaceOutlines
    from veedor.audits.places.devices import (
        Assumed,
        InView,
        audit_devices,
        read_devices,
        read_routes,
    )
    from veedor.audits.places.devices.outlines import FILE
    from veedor.report.audit_devices import devices_document
    from veedor.report.words import words_in

    _require_without(
        request, ("predictions", "box_m", "category", "cells", "stored_count", "assignment")
    )
    zones = request.read_zones(request.zones)
    devices = read_devices(
        file, Assumed.of(request.range_m, request.angle_deg), request.device_counts
    )
    routes = None if request.routes is None else read_routes(request.routes)
    settings = ExposureSettings(
        cluster_digits=request.cluster_digits, replicates=request.replicates, seed=request.seed
    )
    context.step(phrase("Auditing devices"), None)
    neighbours = [request.read_zones(path) for path in request.other_zones]
    made = audit_devices(zones, devices, settings, routes=routes, neighbours=neighbours)
    outlines, in_view = PlaceOutlines.of_zones(zones, request.zones.name), InView.of(devices, zones)
    write_by_place(made.by_place, outlines, into)
    in_view.write(into / FILE)
    told = request.labelled(made, context.language)
    return made, devices_document(told, words_in(context.language), outlines, in_view)


def _of_predictions(
    request: Request, context: Context, into: Path
) -> tuple[ExposureAudit, Document]:
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
