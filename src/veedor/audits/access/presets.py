"""The forms in which access logs are released: what each header means, and how its times are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veedor.audits.access.log import Kind
from veedor.errors import StudyError, phrase
from veedor.suggestions import did_you_mean
from veedor.tables.escape import shown
from veedor.tables.names import words

#: What a column of a log can be, and by which words headers say so.
ROLES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "event id", "search id", "uuid", "id de consulta"),
    "at": ("search time", "search date", "timestamp", "time", "date", "fecha", "fecha y hora"),
    "clock": ("hora",),
    "user": ("name", "user id", "user", "user name", "username", "usuario", "operador"),
    "force": ("org name", "organization", "agency", "force", "fuerza", "organismo"),
    "unit": ("unit", "unidad", "dependencia"),
    "key": ("license plate", "plate", "patente", "dominio", "dni", "key"),
    "case": ("case", "case number", "expediente", "causa", "legajo"),
    "reason": ("reason", "offense type", "purpose", "motivo"),
    "search_type": ("search type", "tipo de consulta"),
    "event": ("event type", "event", "evento", "accion"),
    "networks": ("total networks searched", "network count"),
    "devices": ("total devices searched", "camera count", "device count"),
    "window": ("time frame",),
    "window_start": ("time frame start",),
    "window_end": ("time frame end",),
}
#: Headers that a log may have and that are not read: what was asked in words, and of what.
UNREAD = ("filters", "text prompt", "moderation", "entity type", "entity details")


@dataclass(frozen=True)
class Preset:
    """A form of export.

    Parameters
    ----------
    name : str
    headers : tuple of str
        As the form has them, in order.
    kinds : tuple of str
        What logs of this form are of.
    clock : {"utc", "local"} or None
        Of times that say no offset themselves; None: it must be asked.
    others : mapping of str to str
        Role to header, where the header means another thing than it does elsewhere.
    """

    name: str
    headers: tuple[str, ...]
    kinds: tuple[Kind, ...] = ("network", "own")
    clock: str | None = "utc"
    others: Mapping[str, str] = field(default_factory=dict)

    def roles(self, headers: Sequence[str]) -> dict[str, str]:
        """Find the role of each header of a file, those without one left out."""
        said = {words(header): header for header in reversed(headers)}
        found = {role: said[words(one)] for role, one in self.others.items() if words(one) in said}
        for role, spelled in ROLES.items():
            header = next((said[one] for one in spelled if one in said), None)
            if role not in found and header is not None and header not in found.values():
                found[role] = header
        return found


_NATIVE = (
    "ID", "Name", "Org Name", "Total Networks Searched", "Total Devices Searched", "Time Frame",
    "License Plate", "Reason", "Case #", "Filters", "Search Time", "Search Type", "Text Prompt",
    "Moderation",
)  # fmt: skip


def _without(*left_out: str) -> tuple[str, ...]:
    return tuple(header for header in _NATIVE if header not in left_out)


PRESETS: tuple[Preset, ...] = (
    Preset("native-14", _NATIVE),
    Preset("native-13", _without("Total Devices Searched")),
    Preset("native-11", _without("ID", "Text Prompt", "Moderation")),
    Preset(
        "native-10",
        _without("Total Devices Searched", "Time Frame", "Text Prompt", "Moderation"),
    ),
    Preset("native-5", ("ID", "userID", "networkCount", "Search Time", "Reason")),
    Preset(
        "split-date",
        ("Search Date", *_NATIVE),
        others={"at": "Search Date", "clock": "Search Time"},
    ),
    Preset(
        "extracted-10",
        (
            "ID", "Org_Name", "Total_Networks_Searched", "Total_Devices_Searched",
            "Time_Frame_Start", "Time_Frame_End", "Reason", "Search_Time", "Search_Type",
            "Moderation",
        ),
    ),
    Preset("portal-2025", ("id", "userId", "searchDate", "cameraCount", "reason"), ("own",)),
    Preset("portal-2026", ("id", "userId", "searchDate", "networkCount", "reason"), ("own",)),
    Preset(
        "portal-2026-dropdown",
        ("id", "userId", "searchDate", "networkCount", "caseNumber", "offenseType"),
        ("own",),
    ),
    Preset(
        "events-6",
        ("Event Id", "Timestamp", "User", "Event Type", "Entity Type", "Entity Details"),
        ("event",),
    ),
)  # fmt: skip
#: A form of a user's own, by the names of its columns.
GENERIC = Preset("generic", (), ("network", "own", "event"), clock=None)
#: A list of accounts, which is no log.
ACCOUNTS = (
    "First Name", "Last Name", "Email", "Phone", "Title", "Role", "Identity Provider", "User Mgmt",
    "Search", "Hotlist Tool", "Last Login",
)  # fmt: skip
_FEWEST_OF_ACCOUNTS = 6


def preset_names() -> tuple[str, ...]:
    """Names of all forms, the generic one last."""
    return (*(one.name for one in PRESETS), GENERIC.name)


def named(name: str) -> Preset:
    """Return the form of a name.

    Raises
    ------
    StudyError
    """
    for one in (*PRESETS, GENERIC):
        if one.name == name:
            return one
    raise StudyError(
        phrase("The form of a log must be one of: {names}.", names=", ".join(preset_names())),
        found=repr(shown(name, 60)),
        remedy=did_you_mean(name, preset_names()),
    )


def recognised(headers: Sequence[str]) -> Preset | None:
    """Return the form that a header is of: the one with most of its columns, and all that it needs.

    A form is known by at least three of its columns, its time among them, and by nothing in the
    header that is of another form only.

    Examples
    --------
    >>> recognised([" Name", " Org Name", " Reason", " Search Time", "ID"]).name
    'native-10'
    >>> recognised(["fecha", "usuario", "motivo"]) is None
    True
    """
    said = {words(header) for header in headers if header}
    best: tuple[int, int] = (0, 0)
    found = None
    for one in PRESETS:
        of_it = {words(header) for header in one.headers}
        shared = len(of_it & said)
        strange = said - of_it - {*UNREAD}
        if shared < 3 or "at" not in one.roles(headers) or 2 * len(strange) > shared:
            continue
        fit = (shared - len(strange), -len(of_it - said))
        if found is None or fit > best:
            best, found = fit, one
    return found


def lists_accounts(headers: Sequence[str]) -> bool:
    """Whether a header is of a list of accounts.

    >>> lists_accounts(["First Name", "Last Name", "Email", "Role", "Search", "Last Login"])
    True
    """
    said = {words(header) for header in headers}
    return len(said & {words(header) for header in ACCOUNTS}) >= _FEWEST_OF_ACCOUNTS


def starts_of_headers() -> tuple[tuple[str, str], ...]:
    """Give the first two headers of every form, by which a header is known within a file."""
    return tuple(dict.fromkeys((one.headers[0], one.headers[1]) for one in PRESETS))
