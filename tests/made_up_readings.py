"""A made-up table of alerts, whose truth is known, and people who read it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np

COLUMNS = ("case", "flagged", "score", "kind", "noticed", "as_written", "officer")
KINDS = ("loitering", "object left", "crowd")
CODEBOOK = (
    "answer,counts_as,meaning\n"
    "right,yes,What the alert says was there.\n"
    "wrong,no,It was not there.\n"
    "not to be told,cannot_tell,What is shown does not say.\n"
)


def truth(rows: int = 2000, seed: int = 3) -> tuple[list[list[str]], dict[str, bool]]:
    """Rows of the table, and which of them are true."""
    rng = np.random.default_rng(seed)
    made, true = [], {}
    for n in range(rows):
        score = float(rng.beta(1.2, 2.0))
        flagged = score >= 0.5
        kind = KINDS[int(rng.choice(3, p=(0.6, 0.3, 0.1)))]
        case = f"c{n:05d}"
        true[case] = bool(rng.random() < (0.15 + 0.8 * (score - 0.5) if flagged else 0.02))
        made.append(
            [case, str(flagged).lower(), f"{score:.4f}", kind, f"2024-0{1 + n % 4}-1{n % 9}",
             f"bag by the door {n % 7}", f"o{n % 5}"]
        )  # fmt: skip
    return made, true


def write_table(path: Path, rows: list[list[str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    mark = ";" if text.startswith("item;") else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))


def fill(pack: Path, reader: int, answer, path: Path, name: str = "") -> Path:
    """Fill a reader's file in: `answer` is asked for each line with the row's key, and the line."""
    key = json.loads((pack / "key.json").read_text("utf-8"))
    place = {slot["item"]: slot["place"] for slot in key["slots"]}
    source = Path(name) if name else pack / "for_readers" / f"reader_{reader}.csv"
    lines = read_rows(source)
    for line in lines:
        line["answer"] = answer(key["items"][place[line["item"]]]["key"], line)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    return path


def by_truth(true: dict[str, bool], seed: int, wrong: float = 0.06, unsure: float = 0.03):
    """Make a reader who mostly sees the truth."""
    rng = np.random.default_rng(seed)

    def answer(key, line):
        drawn = rng.random()
        if drawn < unsure:
            return "not to be told"
        return "right" if true[key] != (drawn > 1.0 - wrong) else "wrong"

    return answer


def by_eye(seed: int):
    """Make a reader who counts devices at a corner, and sometimes one more or less."""
    rng = np.random.default_rng(seed)

    def answer(key, line):
        drawn = rng.random()
        if drawn < 0.03:
            return "?"
        return str(max(int(key[1:]) * 7 % 5 + (drawn > 0.9) - (drawn < 0.12), 0))

    return answer
