"""The page on disk: escaped, closed to the outside, whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from veedor.files import replacing
from veedor.report.maps import Maps
from veedor.report.page import page

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def write_report(
    results: Mapping[str, Any],
    quality: Mapping[str, Any],
    manifest: Mapping[str, Any],
    maps: Maps,
    path: Path,
) -> None:
    """Write one self-contained HTML file.

    Parameters
    ----------
    results : dict
        The content of ``results.json``.
    quality : dict
        The content of ``quality.json``.
    manifest : dict
        The content of ``manifest.json``.
    maps : Maps
        Cells on the ground, with expected and recorded counts.
    path : Path
        Where to write; a file that is there is replaced only once the new one is complete.

    Notes
    -----
    The same input gives the same bytes.
    """
    text = render(results, quality, manifest, maps)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def render(
    results: Mapping[str, Any], quality: Mapping[str, Any], manifest: Mapping[str, Any], maps: Maps
) -> str:
    """Return the page as text; the parameters are those of `write_report`."""
    content = page(
        _printable(results), _printable(quality), _printable(manifest), _printable_maps(maps)
    )
    environment = Environment(
        loader=PackageLoader("veedor.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    library, script = _asset("maplibre-gl.js"), _asset("report.js")
    return environment.get_template("report.html.j2").render(
        page=content,
        map_data=_inline_json(content["map_data"]),
        policy=_policy(library, script),
        library=Markup(library),  # noqa: S704 - shipped with veedor
        script=Markup(script),  # noqa: S704 - shipped with veedor
        styles=Markup(_asset("maplibre-gl.css") + _asset("report.css")),  # noqa: S704 - shipped with veedor
        licence=_asset("maplibre-gl.LICENSE.txt"),
    )


def _policy(*scripts: str) -> str:
    """Content security policy: nothing from outside, and only these scripts.

    >>> _policy("let a = 1;").split("; ")[:2]
    ["default-src 'none'", "script-src 'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck='"]
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "worker-src blob:; child-src blob:; base-uri 'none'; form-action 'none'"
    )


def _inline_json(value: Any) -> Markup:
    r"""Write JSON that nothing inside a script element can end.

    >>> _inline_json({"name": "</script><b>&"})
    Markup('{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}')
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for character in "<>&'":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def _printable(value: Any) -> Any:
    r"""Replace characters that HTML and SVG cannot hold.

    >>> _printable({"a": ["b\x00", 1]})
    {'a': ['b�', 1]}
    """
    if isinstance(value, str):
        return _UNPRINTABLE.sub("�", value)
    if isinstance(value, Mapping):
        return {str(_printable(key)): _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    return value


def _printable_maps(maps: Maps) -> Maps:
    return replace(
        maps,
        cell_ids=tuple(_printable(str(cell)) for cell in maps.cell_ids),
        observed={_printable(name): counts for name, counts in maps.observed.items()},
        means={
            _printable(name): {_printable(who): mean for who, mean in means.items()}
            for name, means in maps.means.items()
        },
    )


@cache
def _asset(name: str) -> str:
    return resources.files("veedor.report").joinpath("assets", name).read_text(encoding="utf-8")
