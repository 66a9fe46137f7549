"""Broken and hostile files of every kind, to every command that reads such: one clear error, soon.

Each is called in a process of its own, several calls a process, with bounded memory and time.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

RING = [[-58.4, -34.6], [-58.3, -34.6], [-58.3, -34.5], [-58.4, -34.5], [-58.4, -34.6]]
ZONES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "1", "cell_id": "c", "pop": 10, "w": 5},
                "geometry": {"type": "Polygon", "coordinates": [RING]},
            }
        ],
    }
)
HUGE = json.dumps([[1e308, 1e308], [1.1e308, 1e308], [1.1e308, 1.1e308], [1e308, 1e308]])
BOXES = "lat,lon,count\n-34.55,-58.35,3\n"
INCIDENTS = "occurred_at,lat,lon,category\n" + "".join(
    f"2024-01-{day:02}T0{hour}:00,-34.5{day:02},-58.3{hour}1,robo\n"
    for day in range(1, 29)
    for hour in range(9)
)
FORECAST = "category,start,end,cell_id,mean\nrobo,2024-01-08T00:00:00Z,2024-01-15T00:00:00Z,c,1.0\n"


def packed(piece: bytes, times: int, head: bytes = b"") -> bytes:
    return gzip.compress(head + piece * times, 9)


def parquet(**columns: object) -> Callable[[Path], None]:
    """A small file of many rows that are all the same."""

    def make(path: Path) -> None:
        one = pa.table({name: [value] * 1_000_000 for name, value in columns.items()})
        with pq.ParquetWriter(path, one.schema, compression="zstd") as writer:
            for _ in range(60):
                writer.write_table(one)

    return make


JSON = {
    "empty.geojson": b"",
    "list.geojson": b"[]",
    "number.geojson": b"5",
    "null.geojson": b"null",
    "features.geojson": b'{"type": "FeatureCollection", "features": 5}',
    "strings.geojson": b'{"type": "FeatureCollection", "features": ["x", null, 3]}',
    "properties.geojson": ZONES.replace('{"id": "1"', '[{"id": "1"').replace("5}, ", "5}], "),
    "deep.geojson": b"[" * 300_000,
    "deep2.geojson": ZONES.replace('"w": 5', '"w": ' + '{"a":' * 100_000),
    "nan.geojson": ZONES.replace("-58.3,", "NaN,"),
    "infinity.geojson": ZONES.replace("-58.3,", "Infinity,"),
    "huge.geojson": ZONES.replace(json.dumps(RING), HUGE),
    "digits.geojson": ZONES.replace("-58.3,", "1" * 5_000 + ","),
    "cut.geojson": ZONES[:-40],
    "binary.geojson": bytes(range(256)) * 40,
    "nul.geojson": ZONES.replace('"type"', '"ty\0pe"', 1),
    "text.geojson": ZONES.replace("[-58.3, -34.6]", '["a", "b"]'),
    "flat.geojson": ZONES.replace(json.dumps(RING), json.dumps(RING[:1] * 4)),
    "parts.geojson": b'{"features": [' + b"[]," * 11_000_000,
    "bomb.geojson.gz": packed(b" " * (1 << 20), 300),
    "lists.geojson.gz": packed(b"[]," * (1 << 18), 100, b'{"features": ['),
    "cut.geojson.gz": gzip.compress(ZONES.encode())[:-9],
}
CSV = {
    "empty.csv": b"",
    "spaces.csv": b" \n\n",
    "header.csv": b"lat,lon,count\n",
    "binary.csv": bytes(range(256)) * 40,
    "nul.csv": BOXES.replace("34", "3\x004"),
    "wide.csv": ",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "1," * 999_999 + "1\n",
    "line.csv": BOXES + "1" * 20_000_000 + ",1,1\n",
    "cell.csv": "lat,lon,count,x\n1,1,1," + '"' + "a" * 20_000_000 + '"\n',
    "quote.csv": 'lat,lon,count\n1,1,"1\n' + "1,1,1\n" * 50_000,
    "nan.csv": "lat,lon,count\nnan,inf,1\n",
    "huge.csv": "lat,lon,count\n1e308,1e308,1\n",
    "counts.csv": "lat,lon,count\n-34.55,-58.35,1e308\n-34.55,-58.35,1e308\n",
    "twice.csv": "lat,lat,count\n1,1,1\n",
    "bomb.csv.gz": packed(b"1,1,1\n" * (1 << 17), 300, b"lat,lon,count\n"),
    "cut.csv.gz": gzip.compress(BOXES.encode() * 1_000)[:-9],
    "notes.pdf": b"%PDF-1.7",
}
PARQUET = {
    "cut.parquet": b"PAR1" + b"\0" * 100,
    "none.parquet": b"",
    "other.parquet": BOXES.encode(),
    "rows.parquet": parquet(
        category="robo", start="x", end="x", cell_id="c", mean=1.0, lat=1.0, lon=1.0, count=1
    ),
}
TOML = {
    "deep.toml": b"a = " + b"[" * 100_000,
    "binary.toml": bytes(range(256)),
    "large.toml": b"a = 1\n" * 300_000,
    "nul.toml": b'[study]\ntitle = "\0"\n',
}
PIPES = ("pipe.csv", "pipe.geojson", "pipe.geojson.gz", "pipe.parquet", "pipe.toml")

GROUPS = ("--groups", "w", "--population", "pop", "--reference", "w", "--box-m", "150")
COMMANDS: dict[str, tuple[dict[str, object], Callable[[str], tuple[str, ...]]]] = {
    "zones": (
        JSON,
        lambda f: ("audit", "exposure", "--zones", f, "--predictions", "b.csv", *GROUPS),
    ),
    "boxes": (
        CSV | PARQUET | JSON,
        lambda f: ("audit", "exposure", "--zones", "z.geojson", "--predictions", f, *GROUPS),
    ),
    "counts": (
        CSV | PARQUET,
        lambda f: ("audit", "reporting", "--counts", f, "--rates", f, "--top", "3"),
    ),
    "world": (CSV, lambda f: ("audit", "feedback", "--world", f)),
    "decisions": (CSV | PARQUET, lambda f: ("audit", "alerts", "--decisions", f)),
    "checklist": (TOML, lambda f: ("audit", "alerts", "--decisions", "d.csv", "--checklist", f)),
    "forecast": (
        CSV | PARQUET,
        lambda f: ("verify-forecast", f, "--outcomes", "i.csv", "--cells", "z.geojson"),
    ),
    "cells": (JSON, lambda f: ("verify-forecast", "f.csv", "--outcomes", "i.csv", "--cells", f)),
    "outcomes": (
        CSV | PARQUET | JSON,
        lambda f: ("verify-forecast", "f.csv", "--outcomes", f, "--cells", "z.geojson"),
    ),
    "export": (CSV, lambda f: ("export", ".", "--table", f, "--out", "out.csv")),
    "init": (CSV | PARQUET | JSON, lambda f: ("init", f"new-{f}", "--incidents", f)),
}
#: Commands that read by every reader there is.
EACH_RUN = ("zones", "boxes", "decisions", "checklist", "init")
#: What is not broken for a command: a table that it can read, with nothing to find fault with.
#: `init` proposes what it can, and says what it could not.
FINE = {
    *(("export", name) for name in CSV if name not in ("empty.csv", "binary.csv", "notes.pdf")),
    *(("init", name) for name in CSV | PARQUET | JSON if name not in ("empty.csv", "notes.pdf")),
}

_CALLS = """
import contextlib, io, json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
from veedor.cli import main
for arguments in json.load(sys.stdin):
    err, began, code = io.StringIO(), time.process_time(), None
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        try:
            main(arguments)
        except SystemExit as leaving:
            code = leaving.code
    print(json.dumps([code, time.process_time() - began, err.getvalue()]), flush=True)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(peak))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    for name, made in (JSON | CSV | PARQUET | TOML).items():
        if callable(made):
            made(folder / name)
        else:
            (folder / name).write_bytes(made.encode() if isinstance(made, str) else made)
    for name in PIPES:
        os.mkfifo(folder / name)
    for name, text in (
        ("z.geojson", ZONES), ("b.csv", BOXES), ("i.csv", INCIDENTS), ("f.csv", FORECAST),
        ("d.csv", "flagged,outcome\n1,true\n0,false\n"),
    ):  # fmt: skip
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        name
        if name in EACH_RUN
        else pytest.param(name, marks=pytest.mark.release(reason="the same readers once more"))
        for name in COMMANDS
    ],
)
def test_a_broken_file_is_one_clear_error_soon(files, command):
    broken, call = COMMANDS[command]
    endings = {Path(name).suffix for name in broken}
    names = [*broken, *(name for name in PIPES if Path(name).suffix in endings), "absent.csv"]
    out = [] if command in ("export", "init") else ["--out", f"out-{command}"]
    done = subprocess.run(
        [sys.executable, "-c", _CALLS],
        input=json.dumps([[*call(name), *out] for name in names]),
        capture_output=True,
        text=True,
        cwd=files,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    *told, peak = map(json.loads, done.stdout.splitlines())
    wrong = []
    for name, (code, seconds, text) in zip(names, told, strict=True):
        fine = (command, name) in FINE and code == 0
        clear = "To do:" in text or "Found:" in text or "Usage:" in text
        if not fine and (code != 2 or not clear or "Traceback" in text or text.count("╭") > 1):
            wrong.append((name, code, text[-800:]))
        if seconds > 30.0 or len(text) > 5_000:
            wrong.append((name, f"{seconds:.0f} s", f"{len(text)} letters"))
    assert not wrong
    assert peak < 4 << 20, f"{peak >> 10} MiB"
    assert not (files / f"out-{command}").exists()


@pytest.mark.parametrize("name", [*TOML, "pipe.toml"])
@pytest.mark.parametrize("command", ["run", "check", "patterns", "forecast"])
def test_a_broken_study_is_one_clear_error(files, tmp_path, name, command, capsys):
    from veedor.cli import main

    (tmp_path / "study.toml").symlink_to(files / name)
    with pytest.raises(SystemExit) as leaving:
        main([command, str(tmp_path)])
    assert leaving.value.code == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "study.toml" in told
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.parametrize("content", ["", "[]", "NaN", "[" * 100_000, '{"study_toml": 3}', "\0"])
def test_broken_results_are_one_clear_error(tmp_path, content, capsys):
    from veedor.cli import main

    for name in ("manifest.json", "results.json"):
        (tmp_path / name).write_text(content)
    with pytest.raises(SystemExit) as leaving:
        main(["reproduce", str(tmp_path)])
    assert leaving.value.code == 2
    assert "finished run" in capsys.readouterr().err
