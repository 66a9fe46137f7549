"""Files that a folder or a pattern means."""

import glob
from pathlib import Path

import pytest

from veedor.errors import UnreadableError
from veedor.tables import files
from veedor.tables.files import Looking, find


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("a.csv", "b.csv", ".c.csv", "x/a.csv", "x/y/a1.csv", "x/y/b[1].csv", ".z/a.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a\n1\n")
    return tmp_path


@pytest.mark.parametrize(
    "pattern",
    ["*.csv", "?.csv", "**/*.csv", "x/**/a*.csv", "**/y/*", "x/*/b[[]1].csv", "**/**/a.csv", "**",
     "[ab].csv", "*/*.csv", ".*.csv", "x/../*.csv", "absent/*.csv"],
)  # fmt: skip
def test_patterns_mean_what_they_mean_to_a_shell(folder, pattern):
    given = str(folder / pattern)
    meant = map(Path, glob.glob(given, recursive=True))  # noqa: PTH207 - the oracle
    expected = {path for path in meant if path.is_file()}
    assert set(Looking(given).matching()) == expected


def test_links_that_lead_back_have_an_end(folder):
    for name in "klmnopq":
        (folder / "x" / name).symlink_to(folder)
    assert len(find((str(folder / "**" / "*.csv"),))) == 5
    assert len(find((str(folder),))) == 5
    assert len(find((str(folder / "x" / "k" / "*.csv"),))) == 2


def test_a_study_does_not_look_through_a_disk(folder, monkeypatch):
    monkeypatch.setattr(files, "_MOST_SEEN", 8)
    for given in (folder, folder / "**" / "*.csv"):
        with pytest.raises(UnreadableError, match="looking at no more than 8"):
            find((str(given),))
    assert len(find((str(folder / "*.csv"),))) == 2
