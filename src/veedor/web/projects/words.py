"""What roles are called."""

from __future__ import annotations

from collections.abc import Mapping

from veedor.errors import Phrase, phrase

#: A `Role`'s value, or "" for no role of the site -> its name.
ROLES: Mapping[str, Phrase] = {
    "": phrase("by project"),
    "analyst": phrase("analyst"),
    "reader": phrase("reader"),
    "auditor": phrase("auditor"),
    "administrator": phrase("administrator"),
}
