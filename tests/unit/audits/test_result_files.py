"""Tables that audits write: no name and no text in them is a formula."""

import csv

from veedor.tables.csv_file import write_rows


def test_names_of_columns_are_guarded_as_cells_are(tmp_path):
    path = tmp_path / "places.csv"
    write_rows(["place", "=cmd|' /C calc'!A0", "-x", "\tb"], [["@a", 1, None, "b"]], path)
    with path.open(encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    assert header == ["place", "'=cmd|' /C calc'!A0", "'-x", "'\tb"]
    assert row == ["'@a", "1", "", "b"]
