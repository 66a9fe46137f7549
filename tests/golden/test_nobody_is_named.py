"""An audit of access writes of nobody: no name, plate, number or address, hashed or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from tests.golden import looked

from veedor.audits.access.cells import spelled
from veedor.audits.access.salt import Salt


def _written(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_text(encoding="utf-8").casefold()


def _hashes(texts: list[str], column: str) -> Iterator[str]:
    """What stands for a text under the salt, and under common hashes without one."""
    spellings = spelled(pa.array(texts), column)
    for digest in Salt(looked.SALT.encode()).digests(spellings):
        yield f"{int(digest):016x}"
        yield str(int(digest))
    for text in (*texts, *spellings.to_pylist()):
        for kind in ("md5", "sha1", "sha256", "blake2b"):
            yield hashlib.new(kind, text.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    "spoken",
    [
        "folder",
        pytest.param("spanish", marks=pytest.mark.release(reason="one more language")),
    ],
)
def test_no_text_of_a_person_is_written(request, spoken):
    out = request.getfixturevalue(spoken) / "out" / "access"
    files = dict(_written(out))
    assert set(files) == {
        "estimates.csv", "manifest.json", "quality.json", "report.html", "results.json",
        "review_plan.csv",
    }  # fmt: skip
    found = [(name, one) for name, text in files.items() for one in looked.secrets()
             if one.casefold() in text]  # fmt: skip
    assert not found


def test_no_hash_of_a_person_is_written(folder):
    names = [name for name, _ in looked.people()]
    hashes = {*_hashes(names, "user"), *_hashes(looked.plates(), "key")}
    text = "\n".join(text for _, text in _written(folder / "out" / "access"))
    assert len(hashes) > 3_000
    assert not [one for one in hashes if one in text]


def test_the_salt_is_written_nowhere(folder):
    held = {looked.SALT, hashlib.blake2b(looked.SALT.encode()).hexdigest(),
            hashlib.sha256(looked.SALT.encode()).hexdigest()}  # fmt: skip
    text = "\n".join(text for _, text in _written(folder / "out" / "access"))
    assert not [one for one in held if one in text]


def test_a_group_of_few_is_hidden_and_cannot_be_reckoned_from_the_others(documents):
    groups = {one["name"]: one for one in documents["audit-access"]["groups"]}
    assert groups["Puesto Chico PD"]["users"] is None  # it has five users
    hidden = [name for name, one in groups.items() if one["users"] is None]
    assert len([name for name in hidden if name in looked.FORCES]) > 1
    assert all(one["users"] is None or one["users"] >= 10 for one in groups.values())


def test_rows_to_be_read_are_named_by_their_place_alone(folder):
    lines = (folder / "out" / "access" / "review_plan.csv").read_text("utf-8").splitlines()
    assert lines[0].lstrip("\ufeff") == "part,file,header,row,stratum,probability,why"
    assert sum(line.startswith("random,") for line in lines) == 40
    targeted = [line.split(",") for line in lines if line.startswith("targeted,")]
    assert targeted and all(row[2] == row[5] == "" for row in targeted)
