"""In which language a request is answered, where nobody says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from veedor.languages import ENGLISH


def language_of(request: Any) -> str:
    """Return the language of the study that a request names, or English.

    A study is a folder with study.toml, whatever the request calls it; one that cannot be read
    is for the task to complain of.
    """
    from veedor.study.language import stated

    for one in fields(request):
        value = getattr(request, one.name)
        if isinstance(value, Path) and (language := stated(value)):
            return language
    return ENGLISH
