"""Compile the catalogues of translations into the wheel."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp

_PACKAGE = "src"


class CompiledCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Put the compiled form of each catalogue in the place of its text, which a checkout reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile them for a wheel that holds files."""
        if self.target_name != "wheel" or version == "editable":
            return
        source, made = Path(self.root, _PACKAGE), Path(tempfile.mkdtemp())
        for text in sorted(source.glob("veedor/locale/*/LC_MESSAGES/*.po")):
            place = text.relative_to(source).with_suffix(".mo")
            (made / place).parent.mkdir(parents=True)
            with text.open("rb") as file, (made / place).open("wb") as compiled:
                catalogue = read_po(file, locale=text.parents[1].name)
                # Else the minute of the build is in it, and no two wheels are the same.
                catalogue.creation_date = datetime.fromtimestamp(get_reproducible_timestamp(), UTC)
                write_mo(compiled, catalogue)
            build_data["force_include"][str(made / place)] = place.as_posix()
