"""What version 0.1 wrote is read, and what a later version wrote is refused by name.

`kept_0_1.zip` holds a study with its results, promised forecasts in a log, audits, two versions of
a record and a pack that two people read: of the made-up town of the golden tests, without pages.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import msgspec
import pytest

from veedor.audits.reading.pack import read_key
from veedor.cli import main
from veedor.disclosure.record import read_audit
from veedor.errors import UnreadableError

KEPT = Path(__file__).with_name("kept_0_1.zip")
READ = ("--reading", "readings/reader_1.csv", "--reading", "readings/reader_2.csv")
COMMANDS = {
    "forecasts": "verify-forecast {forecasts} --outcomes town --out made",
    "maps": "export town --forecaster Kernel --category robbery --out made.geojson",
    "a log": "log verify log",
    "audits of a record": "record export record-1.toml --to uk-atrs --out made",
    "records": "record diff record-1.toml record-2.toml --out made",
    "a pack": "reading score readings/pack {read} --third readings/third.csv --out made",
}


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    with zipfile.ZipFile(KEPT) as packed:
        packed.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ended(*arguments: str) -> int:
    with pytest.raises(SystemExit) as how:
        main(list(arguments))
    return int(how.value.code or 0)


def test_it_was_written_by_it(kept):
    manifest = json.loads((kept / "town/results/manifest.json").read_text(encoding="utf-8"))
    assert manifest["veedor"].startswith("0.1.")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_it_is_read(command, kept):
    forecasts = sorted((kept / "town/results/forecasts/robbery/PriorCounts").glob("*.parquet"))
    given = []
    for word in command.split():
        if word == "{forecasts}":
            given += [str(path.relative_to(kept)) for path in forecasts]
        else:
            given += READ if word == "{read}" else [word]
    assert ended(*given) == 0


def test_a_study_is_run_again_and_compared_with_what_it_was(kept, capsys):
    """The last digits may differ on another machine, and it is said which versions do."""
    before = (kept / "town/results/results.json").read_bytes()
    assert ended("reproduce", "town/results", "--jobs", "1") in (0, 1)
    assert (kept / "town/results/results.json").read_bytes() == before
    assert "eproduce" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["access", "alerts", "behaviour", "devices", "exposure"])
def test_audits_of_a_later_layout_are_refused_by_name(kind, kept):
    path = kept / "out" / kind / "results.json"
    audit, _ = read_audit(path)
    assert audit.schema_version <= audit.newest_schema
    for version in (audit.newest_schema + 1, 0):
        said = msgspec.json.decode(path.read_bytes()) | {"schema_version": version}
        path.write_bytes(msgspec.json.encode(said))
        with pytest.raises(UnreadableError, match=f"schema_version {version}; the newest known"):
            read_audit(path)


def test_a_pack_of_a_later_layout_is_refused_by_name(kept):
    path = kept / "readings/pack/key.json"
    path.write_bytes(path.read_bytes().replace(b'"schema_version": 1', b'"schema_version": 2'))
    with pytest.raises(UnreadableError, match="schema_version 2; the newest known is 1"):
        read_key(path.parent)
