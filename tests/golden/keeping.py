"""What of a document is kept, how it is written, and where two differ."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

#: Lists longer than this are kept as a digest, in which no entry can change or move unseen;
#: but rows of a table, a line each, are kept up to so many.
_LONGEST, _MOST_ROWS = 15, 200
_WIDTH, _WIDEST_ROW = 200, 400
#: How far numbers may be apart, relatively and absolutely.
EXACT = (1e-9, 1e-12)
#: The same where forecasts are fitted: a dispersion is searched for on a likelihood so flat that
#: the last digit of a logarithm, which another processor rounds otherwise, moves its sixth.
SEARCHED = (1e-5, 1e-8)
#: What another version, key or library changes, though no number does.
_PASSING = re.compile(r"[0-9a-f]{16,}|[A-Za-z0-9+/]{40,}=*")
_VERSIONS = {"veedor", "version", "package_version", "checkpoint", "bytes"}
_MOST_WORDS = 3


def kept(document: Any, name: str = "") -> Any:
    """Return what is kept: every number and code; neither sentences, hashes nor versions."""
    if isinstance(document, dict):
        document = _flat(document)
        return {
            key: kept(value, key)
            for key, value in sorted(document.items())
            if key not in _VERSIONS and not _is_prose(value)
        }
    if isinstance(document, list):
        return _list_kept(document)
    if isinstance(document, float):
        return float(f"{document:.12g}")
    if isinstance(document, str):
        return _PASSING.sub("...", document)
    return document


def _flat(part: Any) -> Any:
    """Return a statement of an audit as a row of single values, codes without their arguments."""
    if not isinstance(part, dict) or not {"subject", "statistic", "estimate"} <= set(part):
        return part
    estimate = part["estimate"]
    codes = {name: estimate[name]["code"] for name in ("denominator", "method")}
    return part["subject"] | {
        key: value
        for key, value in (part | estimate | codes).items()
        if key not in ("subject", "estimate") and value is not None and value is not False
    }


def _is_prose(value: Any) -> bool:
    return isinstance(value, str) and len(value.split()) > _MOST_WORDS


def _list_kept(document: list[Any]) -> Any:
    parts = [_flat(part) for part in document if not _is_prose(part)]
    if len(parts) <= (_MOST_ROWS if all(map(_is_row, parts)) else _LONGEST):
        return [kept(part) for part in parts]
    if all(isinstance(part, dict) for part in parts):
        columns: dict[str, list[Any]] = {}
        for part in parts:
            for path, leaf in leaves(part):
                columns.setdefault(path, []).append(leaf)
        return {
            "rows": len(parts),
            "columns": {path: _digest(values) for path, values in sorted(columns.items())},
        }
    return _digest([leaf for _, leaf in leaves(parts)])


def _is_row(part: Any) -> bool:
    """Whether a part of a list is a row of a table: names and single values."""
    return isinstance(part, dict) and not any(isinstance(v, dict | list) for v in part.values())


def _digest(values: list[Any]) -> Any:
    """Say how many values there are, the first and last, their sum, and that by place."""
    words = [value for value in values if isinstance(value, str) and not _is_prose(value)]
    numbers = [
        (place, float(value))
        for place, value in enumerate(values, start=1)
        if isinstance(value, int | float)
    ]
    told: dict[str, Any] = {"n": len(values)}
    if words:
        told["words"] = dict(sorted(Counter(map(_short, words)).items())[:_LONGEST])
    if numbers:
        told |= {
            "first": numbers[0][1],
            "last": numbers[-1][1],
            "sum": math.fsum(value for _, value in numbers),
            "sum_by_place": math.fsum(place * value for place, value in numbers),
        }
    return kept(told)


def _short(word: str) -> str:
    return _PASSING.sub("...", word)


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every value that holds no other, with its path, in the order of the document."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from leaves(value, f"{path}/{key}")
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from leaves(value, f"{path}/{place}")
    else:
        yield path, document


def first_difference(
    expected: Any, found: Any, path: str = "", to: tuple[float, float] = EXACT
) -> str | None:
    """Name the first path at which two documents differ, and how; None where they agree."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            if key not in found:
                return f"{path}/{key}: gone; was {_shown(expected[key])}"
            if key not in expected:
                return f"{path}/{key}: new: {_shown(found[key])}"
            if told := first_difference(expected[key], found[key], f"{path}/{key}", to):
                return told
        return None
    if isinstance(expected, list) and isinstance(found, list):
        for place, pair in enumerate(zip(expected, found, strict=False)):
            if told := first_difference(*pair, f"{path}/{place}", to):
                return told
        if len(expected) != len(found):
            return f"{path}: {len(found)} entries; were {len(expected)}"
        return None
    if same(expected, found, to):
        return None
    return f"{path}: {_shown(found)}; was {_shown(expected)}"


def same(one: Any, other: Any, to: tuple[float, float] = EXACT) -> bool:
    """Whether two leaves are the same, numbers so far apart at most."""
    if type(one) is bool or type(other) is bool or not _are_numbers(one, other):
        return type(one) is type(other) and bool(one == other)
    return math.isclose(one, other, rel_tol=to[0], abs_tol=to[1])


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def numbers_moved(expected: Any, found: Any) -> tuple[list[float], list[float]]:
    """Numbers that only the one document holds, and only the other, wherever they stand."""
    before, after = _numbers(expected), _numbers(found)
    return sorted((before - after).elements()), sorted((after - before).elements())


def _numbers(document: Any) -> Counter[float]:
    return Counter(
        float(f"{leaf:.9g}")
        for _, leaf in leaves(document)
        if isinstance(leaf, int | float) and not isinstance(leaf, bool)
    )


def written(document: Any, indent: int = 0) -> str:
    """Write JSON with what fits into a line in one line."""
    text = json.dumps(document, ensure_ascii=False)
    widest = _WIDEST_ROW if _is_row(document) else _WIDTH
    if not isinstance(document, dict | list) or not document or len(text) + indent <= widest:
        return text
    inner = " " * (indent + 1)
    if isinstance(document, dict):
        rows = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {written(value, indent + 1)}"
            for key, value in document.items()
        ]
        brackets = "{}"
    else:
        rows, brackets = [f"{inner}{written(value, indent + 1)}" for value in document], "[]"
    return f"{brackets[0]}\n" + ",\n".join(rows) + f"\n{' ' * indent}{brackets[1]}"
