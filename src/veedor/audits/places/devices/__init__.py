"""Devices that watch: the ground they can look at, who lives there, and ways through it."""

from veedor.audits.places.devices.audit import Agreed, DeviceAudit, KindTotal, audit_devices
from veedor.audits.places.devices.model import Assumed, Devices, DevicesRead, Looks
from veedor.audits.places.devices.outlines import InView
from veedor.audits.places.devices.reading import read_devices
from veedor.audits.places.devices.routes import Routes, RouteViews, read_routes, routes_in_view
from veedor.audits.places.devices.routes_seen import RouteOfKind, RouteSeen
from veedor.audits.places.devices.seen import Seen, joined, seen_in
from veedor.audits.places.devices.views import sectors, views

__all__ = [
    "Agreed",
    "Assumed",
    "DeviceAudit",
    "Devices",
    "DevicesRead",
    "InView",
    "KindTotal",
    "Looks",
    "RouteOfKind",
    "RouteSeen",
    "RouteViews",
    "Routes",
    "Seen",
    "audit_devices",
    "joined",
    "read_devices",
    "read_routes",
    "routes_in_view",
    "sectors",
    "seen_in",
    "views",
]
