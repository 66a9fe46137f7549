"""What is no table is named by what it is; what only begins like it is read."""

from __future__ import annotations

import io
import json
import pickle
import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest
from pyarrow import feather, orc

from veedor.errors import UnreadableError
from veedor.tables.opening import open_table

ROWS = [{"id": n, "lat": -34.6, "lon": -58.4, "kind": "robbery"} for n in range(20)]
GOOD = {"type": "Feature", "properties": ROWS[0], "geometry": None}


def _feather():
    sink = io.BytesIO()
    feather.write_feather(pa.Table.from_pylist(ROWS), sink)
    return sink.getvalue()


def _orc():
    sink = io.BytesIO()
    orc.write_table(pa.Table.from_pylist(ROWS), sink)
    return sink.getvalue()


def _stream():
    sink, table = io.BytesIO(), pa.Table.from_pylist(ROWS)
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _sqlite():
    with closing(sqlite3.connect(":memory:")) as held:
        held.execute("create table a (b)")
        return held.serialize()


@pytest.mark.parametrize(
    ("name", "contents", "found"),
    [
        ("a.feather", _feather(), "Arrow or Feather"),
        ("a.feather", b"FEA1" + bytes(60), "Arrow or Feather"),
        ("a.arrow", _stream(), "Arrow or Feather"),
        ("a.orc", _orc(), "ORC"),
        ("a.csv", _sqlite(), "SQLite"),
        *((f"a{n}.pkl", pickle.dumps(ROWS, n), "pickle") for n in (2, 3, 4, 5)),
        ("a.csv", b"<!DOCTYPE html><p>Not found</p>", "a page of the web"),
        ("a.csv", b"\xef\xbb\xbf\n<HTML><body></body>", "a page of the web"),
        ("a.xml", b'<?xml version="1.0"?><rows><row>1</row></rows>', "XML"),
        ("a.xml", b"<rows><row>1</row></rows>", "XML"),
        ("a.kml", b"<kml><Placemark></Placemark></kml>", "KML"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), ".xls"),
        ("a.shp", b"\x00\x00\x27\x0a" + bytes(96), "shapefile"),
        ("a.parquet", b"id,kind\n1,robbery\n", "other contents"),
        ("a.json", json.dumps(ROWS).encode(), "a list of rows"),
        ("a.json", json.dumps({"data": ROWS}).encode(), "an object of 'data'"),
        ("a.json", json.dumps({"features": [GOOD, {"id": 1}]}).encode(), "an object of 'id'"),
        ("a.ndjson", "\n".join(map(json.dumps, ROWS)).encode(), "an object of 'id', 'lat'"),
        (
            "a.json",
            json.dumps({"features": [{"attributes": ROWS[0], "geometry": {"x": 1}}]}).encode(),
            "ArcGIS",
        ),
    ],
)
def test_what_is_no_table_is_named(tmp_path, name, contents, found):
    (tmp_path / name).write_bytes(contents)
    with pytest.raises(UnreadableError, match=found) as refused, open_table(tmp_path / name):
        pass
    assert refused.value.remedy


@pytest.mark.parametrize(
    "contents",
    [
        "ORC,kind\n1,robbery\n",
        "BZh,kind\n1,robbery\n",
        "RDX nr,kind\n1,robbery\n",
        "<hour,kind\n1,robbery\n",
        "FEA1;kind\n1;robbery\n",
    ],
)
def test_a_header_that_begins_like_something_else_is_read(tmp_path, contents):
    (tmp_path / "a.csv").write_text(contents)
    with open_table(tmp_path / "a.csv") as source:
        assert "kind" in source.table.columns


def test_features_need_not_say_that_they_are_features(tmp_path):
    untyped = {"properties": ROWS[0], "geometry": {"type": "Point", "coordinates": [1, 2]}}
    (tmp_path / "a.json").write_text(json.dumps({"features": [GOOD, untyped]}))
    with open_table(tmp_path / "a.json") as source:
        assert {"id", "kind"} <= set(source.table.columns)
