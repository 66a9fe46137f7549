"""The numbers as text."""

from __future__ import annotations

from typing import Any

from benchmarks.accuracy.measuring import FLOOR
from veedor.forecasters import REFERENCE

Figures = dict[str, Any]


def show(table: Figures) -> None:
    """Print all about one case and category."""
    print(
        f"\n## {table['case']}, {table['category']}: {table['incidents']:,} incidents, "
        f"{table['cells']:,} cells, {table['periods']} periods"
    )
    rows = {name: row for name, row in table["forecasters"].items() if "left_out" not in row}
    for name, row in table["forecasters"].items():
        if name not in rows:
            print(f"{name} is left out: {row['left_out']}")
    _gains(rows)
    _scores(rows)
    _places(rows)
    _calibration(rows)
    if any("daily_over_weekly" in row for row in rows.values()):
        _daily(rows)
    _history(rows)
    _costs(rows)


def show_goals(lines: list[Figures], judged: str) -> None:
    """Print each goal beside what was measured."""
    print(f"\n## Goals, for {judged}")
    if not lines:
        print("not measured: it is not among the forecasters, or made no forecasts")
    for line in lines:
        measured = _estimate(line["measured"], signed=not line["goal"].startswith("coverage"))
        print(
            f"{line['verdict']:8} {line['case']:10} {line['category']:16} "
            f"{measured:28} {line['goal']}"
        )
    for verdict in dict.fromkeys(line["verdict"] for line in lines):
        print(f"{verdict}: {sum(line['verdict'] == verdict for line in lines)} of {len(lines)}")


def _gains(rows: dict[str, Figures]) -> None:
    print("information gain, nats per incident (95% interval, blocks of a week)")
    print("  same totals: each rescaled to the reference's; means: those, as Poisson")
    over = f"over {FLOOR}, ", f"over {REFERENCE}, "
    heads = [over[0] + "same totals", "  means", "  as forecast", over[1] + "same totals"]
    print(" " * 15 + "".join(f"{head:30}" for head in [*heads, "  as forecast"]))
    for name, row in rows.items():
        floor, reference = row.get("over_floor"), row.get("over_reference")
        parts = [floor and floor[key] for key in ("same_totals", "means_alone", "raw")]
        parts += [reference and reference[key] for key in ("same_totals", "raw")]
        print(f"{name:15}" + "".join(f"{_estimate(part):30}" for part in parts).rstrip())


def _scores(rows: dict[str, Figures]) -> None:
    print("scores, mean per cell and period\n" + " " * 15 + "CRPS     deviance log score")
    for name, row in rows.items():
        values = [row["scores"][key]["value"] for key in ("crps", "poisson_deviance", "log_score")]
        print(f"{name:15}" + "".join(f"{value:.5f}  " for value in values))


def _places(rows: dict[str, Figures]) -> None:
    print("places: capture rate, PAI, PEI at 1% and 5% of the area; capture at 1% - PastMean's")
    for name, row in rows.items():
        told = ""
        for place in row["places"]:
            capture, pai, pei = (place[key]["value"] for key in ("capture_rate", "pai", "pei"))
            told += f"{_plain(capture, 4)} {_plain(pai, 2):>6} {_plain(pei, 3)}   "
        print(f"{name:15}{told}{_estimate(row.get('capture_over_floor'))}")


def _calibration(rows: dict[str, Figures]) -> None:
    print("coverage of 50/80/95% intervals: cells; totals; PIT histogram (1 where calibrated)")
    for name, row in rows.items():
        parts = [
            " ".join(_plain(one[key]["value"], 3) for one in row["coverage"])
            for key in ("cells", "totals")
        ]
        print(f"{name:15}{parts[0]}   {parts[1]}   " + " ".join(f"{h:.2f}" for h in row["pit"]))


def _daily(rows: dict[str, Figures]) -> None:
    print("gain of the daily forecast over the weekly one's shares with the daily totals")
    for name, row in rows.items():
        gain = row["daily_over_weekly"]
        print(f"{name:15}{_estimate(gain) if gain else 'no weekly forecasts'}")


def _history(rows: dict[str, Figures]) -> None:
    with_history = {name: row["over_recent"] for name, row in rows.items() if "over_recent" in row}
    if with_history:
        print("gain of all history over the last 13 weeks': same totals; as forecast")
    for name, gain in with_history.items():
        print(f"{name:15}{_estimate(gain['same_totals']):30}{_estimate(gain['raw'])}")


def _costs(rows: dict[str, Figures]) -> None:
    print("seconds an origin: fit, predict; MiB at most while doing so (with the data loaded)")
    for name, row in rows.items():
        cost = row["cost"]
        if cost["fit_seconds"] is None:
            print(f"{name:15}not noted: the forecasts were there")
            continue
        print(
            f"{name:15}{cost['fit_seconds']:8.2f} {cost['predict_seconds']:8.3f} "
            f"{cost['peak_mib']:8.0f} ({cost['loaded_mib']:.0f})"
        )


def _estimate(one: Figures | None, *, signed: bool = True) -> str:
    if one is None:
        return "-"
    if one["value"] is None:
        return "undefined"
    sign = "+" if signed else ""
    value, low, high = (
        None if one[key] is None else f"{one[key]:{sign}.4f}" for key in ("value", "low", "high")
    )
    return str(value) if low is None else f"{value} ({low} {high})"


def _plain(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
