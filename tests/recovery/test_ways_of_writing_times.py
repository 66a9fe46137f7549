"""Times written in many ways, as people write them, are proposed and read back to what happened.

The incidents are made here, so that the truth is known: it must lie in each interval that is read.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from veedor.incidents import Category, Columns, Source, propose, read
from veedor.tables.clocks import LocalClock

N = 60
ZONE = ZoneInfo("America/Toronto")
EPOCH = dt.datetime(1899, 12, 30)
SPANISH = """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
""".split()  # noqa: SIM905 - shorter to read
PORTUGUESE = """
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
""".split()  # noqa: SIM905 - shorter to read
FRENCH = """
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
""".split()  # noqa: SIM905 - shorter to read
WIDE = "\N{NO-BREAK SPACE}"


def happened():
    rng = np.random.default_rng(3)
    minutes = np.sort(rng.integers(0, 60 * 24 * 300, N))
    return [dt.datetime(2023, 1, 2) + dt.timedelta(minutes=int(one)) for one in minutes]


def utc(t):
    return t.replace(tzinfo=ZONE).astimezone(dt.UTC)


def midnight(t):
    return utc(t.replace(hour=0, minute=0))


def half(t, am="AM", pm="PM"):
    return f"{(t.hour % 12) or 12}:{t.minute:02}:00 {am if t.hour < 12 else pm}"


def share(t):
    return (t.hour * 60 + t.minute) / 1440


def compact(t):
    return t.hour * 100 + t.minute


#: Header -> how a time is written under it; how wide an interval is known, in minutes.
WAYS = [
    ("OCCURRENCE_DATE;OCC_TIME", lambda t: f"{midnight(t):%Y-%m-%dT%H:%M:%S}.000Z;{compact(t)}", 0),
    (
        "fecha;hora",
        lambda t: f"{t.day}/{t.month}/{t.year};{half(t, f'a.{WIDE}m.', f'p.{WIDE}m.')}",
        0,
    ),
    ("Date;Time", lambda t: f"{t:%m/%d/%Y};{share(t):.7f}", 0),
    ("Date;Time", lambda t: f"{t.month}/{t.day}/{t.year} 0:00:00;12/30/1899 {half(t)}", 0),
    ("AÑO;MES;DIA;HORA", lambda t: f"{t.year};{SPANISH[t.month - 1].upper()};{t.day};{t.hour}", 60),
    ("timestamp", lambda t: f"{int(utc(t).timestamp())}", 0),
    (
        "fecha;turno",
        lambda t: f"{t:%Y-%m-%d};{['madrugada', 'mañana', 'tarde', 'noche'][t.hour // 6]}",
        360,
    ),
    ("DATE OCC;TIME OCC", lambda t: f"{t:%m/%d/%Y} 12:00:00 AM;{compact(t)}", 0),
    ("date", lambda t: f"{t.day}-{t:%b}-{t:%y}", 1440),
    (
        "data;hora",
        lambda t: f"{t.day:02}/{PORTUGUESE[t.month - 1][:3]}/{t.year};{t.hour}h{t.minute:02}",
        0,
    ),
    ("date", lambda t: f"{t.day} {FRENCH[t.month - 1]} {t.year} {t.hour}h{t.minute:02}", 0),
    ("occurred", lambda t: f"{t:%Y.%m.%d %H:%M}", 0),
    ("occurred", lambda t: f"{t:%d.%m.%y %H:%M}", 0),
    ("occurred", lambda t: f"{t:%y-%m-%d %H:%M}", 0),
    ("fecha_hecho", lambda t: f"{t.day} de {SPANISH[t.month - 1]} de {t.year}", 1440),
    ("incident_datetime;incident_hour", lambda t: f"{t:%Y-%m-%dT%H:%M:%S}Z;{t.hour}", 0),
    ("incident_datetime", lambda t: t.replace(tzinfo=ZONE).isoformat(), 0),
    ("date;hour", lambda t: f"{t:%Y%m%d};{t.hour}", 60),
    ("date;hour;minute", lambda t: f"{t:%Y%m%d};{t.hour};{t.minute}", 0),
    ("anio;mes", lambda t: f"{t.year};{t.month}", 44_640),
    ("mes", lambda t: f"{SPANISH[t.month - 1][:3]}-{t:%y}", 44_640),
    ("fecha", lambda t: f"{(t - EPOCH).days}", 1440),
    ("fecha;hora", lambda t: f"{(t - EPOCH).days};{share(t):.9f}", 0),
    ("when", lambda t: f"{t:%A, %B} {t.day}, {t.year} {half(t)}", 0),
    ("when", lambda t: f"{t.day}/{t.month}/{t.year}, {t:%H:%M:%S}", 0),
    ("when", lambda t: f"{utc(t):%Y-%m-%d %H:%M:%S} GMT", 0),
    ("FECHA;HORA", lambda t: f"{t:%d-%m-%Y;%H%M}", 0),
    ("field 7", lambda t: f"{t.month}/{t.day}/{t.year}", 1440),
    ("date;hour", lambda t: f"{midnight(t):%Y-%m-%d %H:%M:%S}+00:00;{t.hour}", 60),
    ("FECHA_SUCESO", lambda t: f"{midnight(t):%Y-%m-%dT%H:%M:%S}Z", 1440),
    ("date_time", lambda t: f"{t:%b} {t.day} {t.year} {half(t).replace(':00 ', '')}", 0),
]


@pytest.mark.parametrize(("header", "write", "width"), WAYS)
def test_what_happened_lies_in_what_is_read(tmp_path, header, write, width):
    times = happened()
    path = tmp_path / "a.csv"
    rows = "".join(
        f"{write(t)};ROBO;{43.7 + at / 1000:.4f};{-79.4 + at / 1000:.4f}\n"
        for at, t in enumerate(times)
    )
    path.write_text(f"{header};offense;latitude;longitude\n{rows}", encoding="utf-8")
    found = propose([str(path)])
    reading = read(
        Source(
            (str(path),),
            Columns(**{column.role: column.column for column in found.columns}),
            (Category("robbery", "reported", ("ROBO",)),),
            found.time_zone,
            found.crs,
            offset=found.offset,
            day_parts=found.day_parts,
        )
    )
    clock = LocalClock("America/Toronto")
    start, end = (
        clock.to_local(edge.astype(np.int64)).view("datetime64[us]")
        for edge in (reading.incidents.start, reading.incidents.end)
    )
    truth = np.array(times, dtype="datetime64[us]")
    second = np.timedelta64(1, "s")
    assert len(start) == N
    assert ((start - second <= truth) & (truth <= end + second)).all()
    assert np.max((end - start) / np.timedelta64(1, "m")) <= max(width, 0) + 60 * (width >= 1440)
