"""Warnings of an audit of devices: what its figures rest on that nobody has measured."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.arrays import Floats
from veedor.audits.audit import NOTE, AuditWarning
from veedor.audits.places.devices.model import Devices
from veedor.audits.places.devices.seen import Seen
from veedor.audits.places.warnings import FEWEST_MATCHED, MOST_WITHOUT
from veedor.audits.places.zones import PeopledZones
from veedor.statistics.codes import Argument


def device_warnings(
    devices: Devices,
    zones: PeopledZones,
    views: Sequence[tuple[str, Seen]],
    standing: Sequence[tuple[str, Floats, Floats]],
) -> list[AuditWarning]:
    """Warn of what is not known of the devices, and of zones that none sees.

    Parameters
    ----------
    devices : Devices
    zones : PeopledZones
    views : sequence of (str, Seen)
        Assignment and what is in view.
    standing : sequence of (str, array, array)
        Assignment, devices at each place, devices in each zone.
    """
    read, n = devices.read, len(devices)
    made = []
    for code, number in (
        ("devices_range_assumed", read.range_assumed),
        ("devices_direction_unknown", read.direction_unknown),
        ("devices_angle_unknown", read.angle_assumed),
    ):
        if number:
            made.append(AuditWarning(code, {"n": number, "devices": n}))
    if read.uncounted:
        made.append(AuditWarning("devices_uncounted", {"n": read.uncounted, "places": read.rows}))
    if read.repeated:
        made.append(AuditWarning("devices_repeated", {"n": read.repeated}, NOTE))
    if read.placed:
        made.append(AuditWarning("devices_placed_by_view", {"n": read.placed}, NOTE))
    if read.mended:
        made.append(AuditWarning("views_mended", {"n": read.mended}, NOTE))
    aside = read.other + read.indoor + read.without_point
    if aside:
        said: dict[str, Argument] = {
            "n": aside, "rows": read.rows, "other": read.other, "indoor": read.indoor,
            "without_point": read.without_point,
        }  # fmt: skip
        made.append(AuditWarning("devices_set_aside", said, NOTE))
    assignment, counts, where = standing[-1]
    share = float(where.sum() / counts.sum())
    if share < FEWEST_MATCHED:
        made.append(
            AuditWarning("devices_outside", {"percent": 100.0 * share}, assignment=assignment)
        )
    for name, seen in views:
        here = zones.inhabited
        if not seen.once.any():
            made.append(AuditWarning("nothing_surely_in_view", {}, assignment=name))
            continue
        without = float((seen.once[here] == 0.0).mean())
        if without > MOST_WITHOUT:
            made.append(AuditWarning("many_zones_unseen", {"percent": 100.0 * without}, NOTE, name))
    return made
