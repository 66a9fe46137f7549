"""Audits of anyone's system, from files or tables: whom it burdens, who looks, what people did."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import pyarrow as pa
from markupsafe import Markup

from veedor.audits import access, alerts, behaviour, places
from veedor.audits.access.log import Kind
from veedor.audits.audit import COLUMNS, Audit, row_of
from veedor.audits.labels import read_labels, relabelled
from veedor.audits.places import ExposureSettings, make_groups, read_predictions, read_zones
from veedor.audits.places import devices as watching
from veedor.audits.places.by_place import PlaceOutlines
from veedor.files.temporary import temporary_folder
from veedor.forecasts import write_cells, write_forecast
from veedor.notebook.arguments import files_of, path_of, settings_of, texts_of
from veedor.notebook.forecasting import ForecastResult
from veedor.notebook.language import spoken
from veedor.notebook.results import Picture, Result
from veedor.report.audit_access import access_document
from veedor.report.audit_alerts import alert_document
from veedor.report.audit_behaviour import behaviour_document
from veedor.report.audit_devices import devices_document
from veedor.report.audit_exposure import exposure_document
from veedor.report.document import Document, write_document
from veedor.report.words import Words
from veedor.report.words.audits import sayer

_Audit = TypeVar("_Audit")
_FIGURES = 2
_TYPES = dict.fromkeys(
    ("threshold", "value", "low", "high", "level", "numerator", "out_of"), pa.float64()
) | {"n": pa.int64()}


@dataclass(frozen=True, eq=False, repr=False)
class AuditResult(Result):
    """What an audit found.

    Parameters
    ----------
    audit : Audit
    document : Document
        Its report.
    """

    audit: Audit
    document: Document

    @property
    def title(self) -> str:
        """What it is."""
        return self.document.title

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """What its report says in plain words, and what must not be concluded."""
        plain = self.document.plain
        told = [("", line) for line in (*plain.sentences, *plain.points)]
        return [*told, *((words.say("mind"), head) for head, _ in self.document.cautions)]

    def to_arrow(self) -> pa.Table:
        """Return a row for each estimate, with the columns of estimates.csv."""
        say = sayer(spoken(), self.audit)
        rows = [row_of(one, say) for one in self.audit.statements]
        schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])
        return pa.Table.from_pylist(
            [dict(zip(COLUMNS, row, strict=True)) for row in rows], schema=schema
        )

    def plot(self) -> Picture:
        """Draw the first figures of its report."""
        drawn = [drawing for part in self.document.sections for drawing, _ in part.figures]
        cover = self.document.cover
        if not drawn and cover is not None and cover.picture is not None:
            drawn = [cover.picture.drawing]
        return Picture(Markup("").join(drawn[:_FIGURES]))

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Write estimates.csv, results.json and report.html into a folder."""
        into = path_of(folder, "folder")
        self.audit.write(into, sayer(spoken(), self.audit))
        write_document(self.document, into / "report.html", spoken().language)


def audit_exposure(
    predictions: Any,
    zones: str | os.PathLike[str],
    *,
    population: str,
    groups: Sequence[str],
    reference: str,
    other_groups: Sequence[str] = (),
    id: str = "id",  # noqa: A002 - the setting's name in study.toml
    box_m: float | None = None,
    category: str | None = None,
    labels: str | os.PathLike[str] | None = None,
    **settings: Any,
) -> AuditResult:
    """Audit who lives where a system looks.

    Parameters
    ----------
    predictions : ForecastResult, path or table
        A forecast of ours; or anyone's boxes (``lat, lon, count``) or polygons with a score.
    zones : path
        GeoJSON of census zones with counts.
    population : str
        Property of the zones: residents.
    groups, other_groups : sequence of str
        As of ``[audits.exposure]`` in study.toml.
    reference : str
        The group that each of `groups` is compared with; one of them.
    id : str
        Property that names a zone.
    box_m : float, optional
        Side of a box, in metres.
    category : str, optional
        Only rows of this category.
    labels : path, optional
        CSV of ``code, label[, language]``: what the report calls the groups.
    **settings
        Of `veedor.audits.places.ExposureSettings`: ``cluster_digits``, ``seed`` ...
    """
    made = make_groups(
        texts_of(groups, "groups"), population, reference, texts_of(other_groups, "other_groups")
    )
    peopled = read_zones(path_of(zones, "zones"), made, population=population, id_column=id)
    with ExitStack() as open_files:
        if isinstance(predictions, ForecastResult):
            folder = open_files.enter_context(temporary_folder(None))
            path = folder / "forecast.parquet"
            write_forecast(predictions.forecast, path)
            write_cells(predictions.forecast.cells, folder / "cells.geojson")
        else:
            path = Path(open_files.enter_context(files_of(predictions, "predictions"))[0])
        read = read_predictions(path, box_m=box_m, category=category)
    audit = places.audit_exposure(peopled, read, settings_of(ExposureSettings, settings))
    outlines = PlaceOutlines.of_zones(peopled, Path(zones).name)
    return AuditResult(audit, exposure_document(_labelled(audit, labels), spoken(), outlines))


def audit_devices(
    devices: Any,
    zones: str | os.PathLike[str],
    *,
    population: str,
    groups: Sequence[str],
    reference: str,
    range_m: Sequence[str] = (),
    angle_deg: str | None = None,
    device_counts: str | os.PathLike[str] | None = None,
    routes: str | os.PathLike[str] | None = None,
    other_groups: Sequence[str] = (),
    id: str = "id",  # noqa: A002 - the setting's name in study.toml
    labels: str | os.PathLike[str] | None = None,
    **settings: Any,
) -> AuditResult:
    """Audit where devices can look, and who lives there.

    Parameters
    ----------
    devices : path or table
        A row a device (``lat, lon, kind, range_m, bearing_deg, angle_deg``), or OpenStreetMap's
        surveillance tags as GeoJSON.
    zones, population, groups, reference, other_groups, id, labels
        As of `audit_exposure`.
    range_m : sequence of str
        Least and most metres of devices without a range: ``["20,60", "ALPR=10,30"]``.
    angle_deg : str, optional
        Narrowest and widest field of view of devices with a direction alone: ``"60,110"``; 360
        where all look all round.
    device_counts : path, optional
        ``key, least, most``: how many devices readers counted at each place.
    routes : path, optional
        GeoJSON of lines, or GPX without times.
    **settings
        Of `veedor.audits.places.ExposureSettings`: ``cluster_digits``, ``seed`` ...

    Raises
    ------
    VeedorError
        Where a file cannot be; `PersonalDataRefusal` where a route is the track of a person.
    """
    made = make_groups(
        texts_of(groups, "groups"), population, reference, texts_of(other_groups, "other_groups")
    )
    peopled = read_zones(path_of(zones, "zones"), made, population=population, id_column=id)
    assumed = watching.Assumed.of(tuple(texts_of(range_m, "range_m")), angle_deg)
    counts = None if device_counts is None else path_of(device_counts, "device_counts")
    with ExitStack() as open_files:
        path = Path(open_files.enter_context(files_of(devices, "devices"))[0])
        read = watching.read_devices(path, assumed, counts)
    audit = watching.audit_devices(
        peopled, read, settings_of(ExposureSettings, settings),
        routes=None if routes is None else watching.read_routes(path_of(routes, "routes")),
    )  # fmt: skip
    outlines = PlaceOutlines.of_zones(peopled, Path(zones).name)
    in_view = watching.InView.of(read, peopled)
    page = devices_document(_labelled(audit, labels), spoken(), outlines, in_view)
    return AuditResult(audit, page)


def audit_alerts(
    decisions: Any = None,
    *,
    groups: Sequence[str],
    kind: str | None = None,
    searches: Any = None,
    candidates: Any = None,
    deployments: Any = None,
    claims: Any = None,
    nonalert_audit: Any = None,
    labels: str | os.PathLike[str] | None = None,
    **settings: Any,
) -> AuditResult:
    """Audit how often an alert system is wrong, and for whom.

    Parameters
    ----------
    decisions : path or table, optional
        A row a decision: an alert or a score, and the outcome; or `searches` with `candidates`, or
        `deployments`.
    groups : sequence of str
        Columns.
    kind : str, optional
        Of system: ``risk-score``, ``face-match``, ``alarm`` or ``post-flag``. Decides the words,
        charts and base rates of its page.
    searches, candidates, deployments, claims, nonalert_audit : path or table, optional
        As of ``veedor audit alerts``.
    labels : path, optional
        CSV of ``code, label[, language]``: what the report calls the groups.
    **settings
        Of `veedor.audits.alerts.Settings`: ``reference``, ``thresholds``, ``people_a_day`` ...

    Raises
    ------
    VeedorError
        Where a table or a setting cannot be; `PersonalDataRefusal` where a table holds images,
        names or identifiers.
    """
    given = {
        "decisions": decisions, "searches": searches, "candidates": candidates,
        "deployments": deployments, "claims": claims, "nonalert_audit": nonalert_audit,
    }  # fmt: skip
    with ExitStack() as open_files:
        paths = {
            name: Path(open_files.enter_context(files_of(table, name))[0])
            for name, table in given.items()
            if table is not None
        }
        asked = settings_of(
            alerts.Settings, {"kind": kind, "groups": texts_of(groups, "groups"), **settings}
        )
        audit = alerts.audit_alerts(alerts.Inputs(**paths), asked)
    return AuditResult(audit, alert_document(_labelled(audit, labels), spoken()))


def audit_access(
    logs: Any,
    *,
    kind: Kind,
    time_zone: str,
    salt: str | os.PathLike[str] | None = None,
    preset: str | None = None,
    columns: Mapping[str, str] | None = None,
    times: Literal["utc", "local"] | None = None,
    mask: bool = False,
    producer: str | None = None,
    roster: Any = None,
    accounts: Any = None,
    authorised: Any = None,
    cases: Any = None,
    **settings: Any,
) -> AuditResult:
    """Audit who may look, and how it is used, from a log of look-ups.

    Parameters
    ----------
    logs : path, several or table
        Files of one log.
    kind : {"network", "own", "event"}
        What a row is.
    time_zone : str
        IANA name of local time.
    salt : path, optional
        File with the secret that keys are hashed with; without it ``VEEDOR_SALT`` holds it.
    preset, producer : str, optional
        As of ``veedor audit access``.
    times : {"utc", "local"}, optional
        What times are that say no offset.
    columns : mapping of str to str, optional
        Header by column, for forms that are not known.
    mask : bool
        Mask personal data within reasons, which stops the audit otherwise.
    roster, accounts, authorised, cases : path or table, optional
        What stands beside the log; of `authorised` several are versions.
    **settings
        Of `veedor.audits.access.Settings`: ``working_hours``, ``terms``, ``seed`` ...

    Raises
    ------
    VeedorError
        Where a file or a setting cannot be, or there is no salt; `PersonalDataRefusal` where
        reasons hold personal data.
    """
    asked = settings_of(access.Settings, settings)
    with ExitStack() as open_files:

        def there(given: Any, argument: str) -> tuple[Path, ...]:
            if given is None:
                return ()
            return tuple(map(Path, open_files.enter_context(files_of(given, argument))))

        first = {
            name: next(iter(there(given, name)), None)
            for name, given in (("roster", roster), ("accounts", accounts), ("cases", cases))
        }
        read = access.read_access(
            there(logs, "logs"),
            kind,
            time_zone,
            access.Salt.given(None if salt is None else path_of(salt, "salt")),
            preset=preset,
            columns=columns or {},
            times=times,
            personal="mask" if mask else "stop",
            producer=producer,
            beside=access.ListPaths(authorised=there(authorised, "authorised"), **first),
        )
    audit = access.audit_access(read.log, asked, read.registers)
    return AuditResult(audit, access_document(audit, read.quality, spoken()))


def audit_behaviour(
    table: Any,
    *,
    event: str,
    because: str,
    missing_days: str | None = None,
    **settings: Any,
) -> AuditResult:
    """Ask whether people changed what they do at an event, beside controls.

    Parameters
    ----------
    table : path or table
        With ``date, series, role, value`` and, if any, ``denominator``.
    event : str
        Day, month or year from which people knew.
    because : str
        Why they may have changed what they do; it is printed.
    missing_days : str, optional
        Column of days of the period without a record.
    **settings
        Of `veedor.audits.behaviour.Question`: ``anticipation``, ``design``, ``lows`` ...

    Raises
    ------
    VeedorError
        Where the table or a setting cannot be.
    """
    asked = settings_of(behaviour.Question, {"event": event, "because": because, **settings})
    with files_of(table, "table") as paths:
        panel = behaviour.read_panel(Path(paths[0]), missing_days=missing_days)
    audit = behaviour.audit_behaviour(panel, asked)
    return AuditResult(audit, behaviour_document(audit, spoken()))


def _labelled(audit: _Audit, labels: str | os.PathLike[str] | None) -> _Audit:
    if labels is None:
        return audit
    return relabelled(audit, read_labels(path_of(labels, "labels")).in_language(spoken().language))
