"""The tables of study.toml as frozen structures."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from veedor.forecasters import DEFAULT_FORECASTERS, REFERENCE, Entry


class StudySection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[study]``: what it is called, the seed of all randomness, the language of its pages."""

    title: str
    seed: int = 1
    language: str | None = None


class IncidentsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[incidents]``: files, columns, and how to read them."""

    files: list[str]
    time_zone: str
    crs: str
    columns: dict[str, str] = {}
    layout: str | None = None
    input_crs: str = "EPSG:4326"
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    time_format: str | None = None
    most_misplaced: float = 0.05
    offset: Literal["convert", "ignore", "utc"] | None = None
    point_first: Literal["latitude", "longitude"] | None = None
    clock_format: Literal["hours", "hhmm", "hhmmss", "fraction"] | None = None
    day_parts: dict[str, str] = {}
    skip_rows: int | None = None
    header: bool | None = None
    sheet: str | list[str] | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets to read; none where study.toml names none."""
        return _named(self.sheet)


class PopulationSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[counts.population]``: people of each area and year, and who says so."""

    file: str
    columns: dict[str, str]
    source: str
    vintage: str


class CountsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[counts]``: editions of counts by area, and how to read them.

    `published` are the days on which files were published, by file, where they do not say it.
    """

    files: list[str]
    layout: str
    time_zone: str
    crs: str
    columns: dict[str, str] = {}
    unit: Literal["facts", "victims", "records", "offences", "files", "cases"] | None = None
    blank: Literal["not reported", "zero", "not applicable"] | None = None
    sheet: str | list[str] | None = None
    published: dict[str, str] = {}
    population: PopulationSection | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets to read; none where study.toml names none."""
        return _named(self.sheet)


def _named(sheet: str | list[str] | None) -> tuple[str, ...]:
    named = sheet if isinstance(sheet, list) else [sheet]
    return tuple(name for name in named if name is not None)


class CategorySection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[categories]]``: an offence category and how its incidents become known."""

    name: str
    known_by: Literal["reported", "discovered"]
    values: list[str] = []
    forecast: bool = True


class AreaSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[area]``: the outline, or the zones whose union it is; the footprint without either.

    `zone_names` is the property of the zones that names them on maps; `lines` are streets, and
    `line_names` the column that names them.
    """

    file: str | None = None
    zones: str | None = None
    zone_names: str | None = None
    lines: str | None = None
    line_names: str | None = None


class MapSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[map]``: what maps are drawn over."""

    base: str | None = None


class CellsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[cells]``: squares, hexagons, or the user's own polygons."""

    shape: Literal["square", "hexagon", "polygon"] = "square"
    size_m: float | None = None
    file: str | None = None
    id: str | None = None


class PeriodsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[periods]``: what is forecast, from which origins, with how much history.

    Days are TOML dates, dates with a time, or ISO 8601 texts; all local. `lead` is the time between
    the data cut-off of a forecast and its first period, in which it is made and sealed.
    """

    length: str
    history_from: str
    until: str
    origins: int
    periods_per_origin: int = 1
    lead: str | None = None


class HolidaysSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[holidays]``: ISO 3166 codes whose public holidays apply."""

    country: str
    subdivision: str | None = None


class CovariatesSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[covariates]``: a table of numbers about the places, and what each column is about."""

    file: str
    columns: dict[str, str]


class ForecastersSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[forecasters]``: by name; the reference is always among them.

    A table of `parameters` says, for one name, what it is (``kind``) and how it is set.
    """

    use: list[str] = msgspec.field(default_factory=lambda: list(DEFAULT_FORECASTERS))
    parameters: dict[str, dict[str, Any]] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Each once, in the file's order, after the reference."""
        others = [name for name in self.use if name != REFERENCE]
        return tuple(self._entry(name) for name in (REFERENCE, *dict.fromkeys(others)))

    def _entry(self, name: str) -> Entry:
        """Name, kind and parameters; a name is the same forecaster as a member of others."""
        members = self.members(name)
        named = {one: self.parameters[one] for one in members if one in self.parameters}
        settings = self.parameters.get(name, {}) | ({"named": named} if named else {})
        return Entry.of(name, settings)

    def members(self, name: str) -> list[str]:
        """Names of others that a forecaster is set to be made of."""
        given = self.parameters.get(name, {}).get("members")
        return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


class _Audited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom the study's own forecasts, or someone's boxes, are held against."""

    zones: str
    population: str
    groups: list[str]
    reference: str
    other_groups: list[str] = []
    id: str = "id"
    labels: str | None = None
    predictions: str | None = None
    box_m: float | None = None
    category: str | None = None
    forecaster: str | None = None


class ExposureSection(_Audited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.exposure]``: whom the study's own forecasts, someone's boxes, or devices burden."""

    cluster_digits: int | None = None
    stored_count: str | None = None
    devices: str | None = None
    range_m: list[str] = []
    angle_deg: str | None = None
    device_counts: str | None = None
    routes: str | None = None


class BenchmarkSection(_Audited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.benchmark]``: whether they look there more than the record explains."""

    incidents: str | None = None
    reported: list[str] = []
    discovered: list[str] = []


class ReportingSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.reporting]``: whether the answer would survive what was never recorded."""

    counts: str
    rates: str
    labels: str | None = None
    by: str = ""
    top: int | None = None
    area_fraction: float | None = None


class FeedbackSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.feedback]``: whether flags go with discoveries, on a real record."""

    observed: str
    memory: int | None = None


class AlertsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.alerts]``: how often alerts are wrong, and for whom."""

    kind: Literal["risk-score", "face-match", "alarm", "post-flag"] | None = None
    decisions: str | None = None
    searches: str | None = None
    candidates: str | None = None
    deployments: str | None = None
    claims: str | None = None
    labels: str | None = None
    groups: list[str] = []
    reference: str | None = None
    thresholds: list[float] = []
    publish: bool = False


class AccessSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.access]``: who may look into a system, and how it is used.

    The salt stands in a file outside of the study, or in VEEDOR_SALT: a study is handed on.
    """

    logs: list[str]
    kind: Literal["network", "own", "event"]
    time_zone: str
    salt: str | None = None
    preset: str | None = None
    columns: list[str] = []
    times: Literal["utc", "local"] | None = None
    mask: bool = False
    producer: str | None = None
    roster: str | None = None
    accounts: str | None = None
    authorised: list[str] = []
    cases: str | None = None
    policies: list[str] = []
    hours: tuple[float, float] | None = None


class BehaviourSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.behaviour]``: whether people changed what they do, beside controls."""

    table: str
    event: str
    because: str
    anticipation: int = 0
    missing_days: str | None = None
    lows: Literal["counted", "missing"] | None = None
    design: Literal["comparative", "ols", "poisson", "quasi-poisson"] = "comparative"
    shape: Literal["level-and-slope", "level"] = "level-and-slope"
    harmonics: int | None = None
    ramp_from: int = 0


class AuditsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits]``: audits that a run does after its forecasts, a table each."""

    exposure: ExposureSection | None = None
    benchmark: BenchmarkSection | None = None
    reporting: ReportingSection | None = None
    feedback: FeedbackSection | None = None
    alerts: AlertsSection | None = None
    access: AccessSection | None = None
    behaviour: BehaviourSection | None = None

    @property
    def files(self) -> list[str]:
        """Every file that an audit reads, once; but for the salt, which is a secret."""
        named: list[str] = []
        for section in (
            self.exposure, self.benchmark, self.reporting, self.feedback, self.alerts, self.access,
            self.behaviour,
        ):  # fmt: skip
            for name in _AUDIT_FILES:
                given = getattr(section, name, None)
                named += given if isinstance(given, list) else [] if given is None else [given]
        return list(dict.fromkeys(named))


_AUDIT_FILES = (
    "zones", "labels", "predictions", "incidents", "counts", "rates", "observed", "decisions",
    "searches", "candidates", "deployments", "claims", "logs", "roster", "accounts", "authorised",
    "cases", "table", "devices", "device_counts", "routes",
)  # fmt: skip
