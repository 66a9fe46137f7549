"""What the wheel carries of others stands on a page; what it needs is under fit licences."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import veedor

ROOT = Path(__file__).parents[2]
INSIDE = Path(veedor.__file__).parent
PAGE = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
#: Files of data, scripts and styles that are veedor's own.
OWN = {
    "audits/access/reason_words.toml",
    "demo/study.toml",
    "observatory/static/veedor/verify.js",
    "pages/static/veedor/site.css",
    "reading/static/reading/judging.js",
    "report/assets/cover.css",
    "report/assets/letter.css",
    "report/assets/panels.css",
    "report/assets/report.css",
    "report/assets/report.js",
}
KINDS = {".css", ".csv", ".geojson", ".js", ".json", ".parquet", ".toml", ".txt", ".xlsx", ".zip"}
# Each lets a program under Apache-2.0 use the package unchanged; none asks for the whole work.
ALLOWED = re.compile(
    r"0BSD|\bAFL|Apache|\bBSD|CC0|Historical Permission|HPND|\bISC|LGPL|Lesser General Public|"
    r"\bMIT|MPL|Mozilla|Python Software Foundation|PSF|Unlicense|Zlib|ZPL",
    re.IGNORECASE,
)


def test_every_file_of_others_is_on_the_page():
    held = {
        path.relative_to(INSIDE).as_posix()
        for path in INSIDE.rglob("*")
        if path.suffix in KINDS and "templates" not in path.parts
    }
    named = {file for file, *_ in ROWS if not file.startswith("tests/")}
    own = {file for file in held if any(file.endswith(one) for one in OWN)}
    assert held == named | own
    assert not named & own


@pytest.mark.parametrize(("file", "what", "source", "terms"), ROWS, ids=[row[0] for row in ROWS])
def test_each_of_them_is_there_with_its_source_and_terms(file, what, source, terms):
    assert (ROOT if file.startswith("tests/") else INSIDE).joinpath(file).is_file()
    assert what.strip() and source.strip() and terms.strip()


def needed() -> dict[str, str]:
    """Name of each package that veedor brings, with all extras -> what it says of its licence."""
    found: dict[str, str] = {}
    waiting = [Requirement("veedor[cluster,web,postgresql]")]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found and not wanted.extras:
            continue
        data = distribution(wanted.name)
        about = [
            data.metadata.get("License-Expression"),
            (data.metadata.get("License") or "")[:200],
        ]
        about += [one for one in data.metadata.get_all("Classifier", []) if "License ::" in one]
        found[name] = " ".join(filter(None, about))
        for line in data.requires or ():
            more = Requirement(line)
            extras = wanted.extras or {""}
            if more.marker is None or any(more.marker.evaluate({"extra": one}) for one in extras):
                waiting.append(more)
    return found


NEEDED = needed()


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_is_needed_may_be_used_with_it(name):
    assert ALLOWED.search(NEEDED[name]), f"{name}: {NEEDED[name] or 'says nothing of its licence'}"
