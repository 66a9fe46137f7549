"""The tutorial's commands are run as they stand, in both languages, and its figures come out."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from veedor.cli import main

from .conftest import degrees, write_grid

DOCS = Path(__file__).parents[4] / "docs"
PAGES = {"en": "tutorials/devices.md", "es": "es/camaras.md"}


@pytest.fixture
def town(tmp_path, monkeypatch):
    """Files as the tutorial names them: zones, a map's devices, a way, and counted crossings."""
    write_grid(tmp_path / "zones.geojson")
    rng = np.random.default_rng(4)
    lon, lat = degrees(rng.uniform(-1600, 1600, 160), rng.uniform(-1200, 1200, 160))
    features = []
    for n in range(len(lon)):
        tags = {"man_made": "surveillance", "surveillance:type": "ALPR" if n % 5 == 0 else "camera"}
        if n % 4:
            tags["camera:direction"] = str(int(rng.integers(0, 360)))
        features.append({
            "type": "Feature", "properties": {"@id": f"node/{n}", **tags},
            "geometry": {"type": "Point", "coordinates": [lon[n], lat[n]]},
        })  # fmt: skip
    way = np.column_stack(degrees([-1500, 1000, 1000], [-300, -300, 900])).tolist()
    ways = [{"type": "Feature", "properties": {"name": "school"},
             "geometry": {"type": "LineString", "coordinates": way}}]  # fmt: skip
    for name, made in (("osm", features), ("ways", ways)):
        document = {"type": "FeatureCollection", "features": made}
        (tmp_path / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    rows = [f"c{n},{lat[n]},{lon[n]}" for n in range(12)]
    (tmp_path / "crossings.csv").write_text("key,lat,lon\n" + "\n".join(rows) + "\n")
    items = [f"c{n},3,{n % 2},1,{1 + n % 3},majority" for n in range(12)]
    (tmp_path / "items.csv").write_text(
        "key,readers,least,median,most,agreement\n" + "\n".join(items) + "\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands(page):
    blocks = re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
        if line.startswith("$ veedor "):
            yield shlex.split(line)[2:]


@pytest.mark.parametrize("language", PAGES)
def test_its_commands_run_and_its_figures_come_out(town, capsys, language):
    page = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    asked, told = list(commands(page)), []
    assert len(asked) == 3
    for words in asked:
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 0, capsys.readouterr().err
        made = (town / words[words.index("--out") + 1] / "report.html").read_text(encoding="utf-8")
        told.append(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", made)))
    said = [line.removeprefix("> ") for line in page.splitlines() if line.startswith("> ")]
    assert len(said) == 2
    for sentence, text in zip(said, told[:2], strict=True):
        assert sentence in text
    least, most = re.search(r"([\d.,]+%) (?:to|a) ([\d.,]+%)", said[0]).groups()
    assert page.count(least) > 1 and page.count(most) > 1
