"""What audits show of a system: beside what was answered, never in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np

from veedor.audits.access import AccessAudit
from veedor.audits.alerts import AlertAudit
from veedor.audits.audit import Audit
from veedor.audits.behaviour import BehaviourAudit
from veedor.audits.places import BenchmarkAudit, ExposureAudit
from veedor.audits.places.devices import DeviceAudit
from veedor.audits.places.feedback import FeedbackAudit
from veedor.audits.places.reporting import ReportingAudit
from veedor.audits.reading import CountsAgreement, ReadingScore
from veedor.disclosure.record.core import AuditNamed
from veedor.errors import DataError, UnreadableError, phrase
from veedor.files.folders import MOST_BYTES
from veedor.files.json_file import require_known
from veedor.files.replacing import content, sha256
from veedor.suggestions import did_you_mean_file
from veedor.tables.escape import shown

AnyAudit: TypeAlias = (
    AccessAudit
    | AlertAudit
    | BehaviourAudit
    | BenchmarkAudit
    | CountsAgreement
    | DeviceAudit
    | ExposureAudit
    | FeedbackAudit
    | ReadingScore
    | ReportingAudit
)
#: Fields beside which each audit has something to show.
FIELDS_OF: dict[type[Audit], tuple[str, ...]] = {
    AccessAudit: ("who_may_access", "access_log", "recipients"),
    AlertAudit: ("accuracy_tests", "persons_concerned"),
    BehaviourAudit: ("risks",),
    BenchmarkAudit: ("persons_concerned", "accuracy_tests"),
    CountsAgreement: ("accuracy_tests",),
    DeviceAudit: ("persons_concerned", "collection"),
    ExposureAudit: ("persons_concerned",),
    FeedbackAudit: ("risks",),
    ReadingScore: ("accuracy_tests", "human_review"),
    ReportingAudit: ("data_accuracy", "risks"),
}


class AuditShown(msgspec.Struct, frozen=True):
    """An audit that a record shows.

    Parameters
    ----------
    audit : str
        Its kind, as in its results.
    results, date, sha256 : str
        Its file, when it was made, and the hash of the file.
    fields : tuple of str
        Keys of the fields beside which it stands.
    """

    audit: str
    results: str
    date: str
    sha256: str
    fields: tuple[str, ...]


def read_audits(named: Sequence[AuditNamed], folder: Path) -> list[tuple[AuditShown, AnyAudit]]:
    """Read the audits that a record names, relative to its folder.

    Raises
    ------
    UnreadableError
        If one is not there, or is no results.json of an audit.
    DataError
        If one is not the file that the record means, by its hash.
    """
    made = []
    for one in named:
        path = folder / one.results
        audit, digest = read_audit(path)
        if one.sha256 not in ("", digest):
            raise DataError(
                "The results of an audit must be those that the record names.",
                found=phrase("another SHA-256, {sha256}", sha256=digest),
                where=shown(one.results, 200),
                remedy="bring back the file that was meant, or name the new one with its date "
                "under audits",
            )
        about = AuditShown(
            audit.__struct_config__.tag or "",  # type: ignore[arg-type]
            one.results, one.date, digest, FIELDS_OF[type(audit)],
        )  # fmt: skip
        made.append((about, audit))
    return made


def read_audit(path: Path) -> tuple[AnyAudit, str]:
    """Read the results of an audit, and their hash.

    Raises
    ------
    UnreadableError
        If there is no such file, it is no results.json of an audit, or a later version wrote it.
    """
    try:
        data = content(path, MOST_BYTES, phrase("The results of an audit"))
        audit: AnyAudit = msgspec.json.decode(data, type=AnyAudit, dec_hook=_array)
    except OSError as error:
        raise UnreadableError(
            "The results of an audit must be there.",
            found=phrase("no such file"),
            where=shown(str(path), 200),
            remedy=did_you_mean_file(path)
            or phrase("name its results.json, relative to the record"),
        ) from error
    except msgspec.DecodeError as error:
        raise UnreadableError(
            "The results of an audit must be a results.json that `veedor audit` wrote.",
            found=shown(str(error), 200),
            where=shown(str(path), 200),
            remedy="do the audit again with this version of veedor",
        ) from error
    require_known(audit.schema_version, audit.newest_schema, shown(str(path), 200))
    return audit, sha256(path)


def _array(kind: type, value: Any) -> Any:
    if kind is not np.ndarray:
        raise NotImplementedError(kind)
    return np.asarray(value)
