"""`write_log_report`: what a log shows, as a page with its numbers beside it."""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from veedor.errors import phrase

if TYPE_CHECKING:
    from veedor.report.document import Document
    from veedor.sealing import LogFindings

_MOST_BYTES = 256 << 20


def write_log_report(
    document: Document, found: LogFindings, report: Path, log: Path, language: str
) -> None:
    """Write the page and its numbers.

    Raises
    ------
    SealError
        If they would lie in the log, or over anything but an earlier report.
    """
    from veedor.errors import SealError
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document

    if report.resolve().is_relative_to(log.resolve()):
        raise SealError(
            "A report must not lie in the log, which holds nothing but what it needs.",
            found=phrase("a path in it"),
            where=str(report),
            remedy="name a file elsewhere",
        )
    numbers = report.with_suffix(".json")
    if report == numbers:
        raise SealError(
            "A report must not have the name of its numbers.",
            found=report.suffix,
            where=str(report),
            remedy="name it FILE.html",
        )
    _require_own(numbers, set(found.__struct_fields__))
    write_document(document, report, language)
    write_json(found, numbers)


def _require_own(numbers: Path, parts: Set[str]) -> None:
    """Refuse to replace a file beside the report that is not of an earlier one."""
    from veedor.errors import SealError, VeedorError
    from veedor.files.replacing import content

    try:
        old = json.loads(content(numbers, _MOST_BYTES, phrase("A report's numbers")))
    except FileNotFoundError:
        return
    except (OSError, ValueError, RecursionError, VeedorError):
        old = None
    if not isinstance(old, dict) or not parts <= old.keys():
        raise SealError(
            "The numbers of a report must go into a new file, or over those of an earlier one.",
            found=phrase("another file"),
            where=str(numbers),
            remedy="name another report with --report, or move that file elsewhere",
        )
