"""The language that a study asks for."""

from __future__ import annotations

import contextlib
from pathlib import Path

from veedor.errors import VeedorError
from veedor.files.replacing import content
from veedor.files.toml_text import read_toml
from veedor.languages import languages
from veedor.study.config import MOST_BYTES
from veedor.study.section_checks import FILE_NAME


def stated(folder: Path) -> str | None:
    """Return what study.toml of a folder says; None where it, or a language in it, is not there.

    What is wrong with the file is found when the study is read.
    """
    path = folder / FILE_NAME
    with contextlib.suppress(VeedorError, OSError, ValueError, RecursionError):
        if path.is_file():
            section = read_toml(content(path, MOST_BYTES, FILE_NAME).decode("utf-8-sig"))
            match section:
                case {"study": {"language": str(name)}} if name in languages():
                    return name
    return None
