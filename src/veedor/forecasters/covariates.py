"""`Covariates`: what is built or laid out in each place; never who lives there."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from veedor.errors import DataError, DemographicRefusal, StudyError, UnreadableError
from veedor.spacetime import Cells
from veedor.tables.numerals import find_decimal, read_number
from veedor.tables.whole import MOST_DOCUMENT, whole

Floats = npt.NDArray[np.float64]

#: What a covariate may be about: things that are built, laid out or open in a place.
ROLES = ("building", "street", "transport", "business", "facility", "lighting", "green", "terrain")

_ID = "cell_id"


@dataclass(frozen=True, eq=False)
class Covariates:
    """Numbers that describe the place of each cell, for forecasters that take them.

    A covariate is taken by its role, not by its name: each must be declared to be about something
    built or laid out in the place (`ROLES`). Anything about the people of a place, under whatever
    name, has no role to be declared under, and is refused: demographics are for audits, never
    features.

    Parameters
    ----------
    names, roles : tuple of str
    values : array of float64, shape (cells, covariates)
        NaN where not known.

    Raises
    ------
    DemographicRefusal
        If a role is not in `ROLES`.
    """

    names: tuple[str, ...]
    roles: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        refuse_other_roles(dict(zip(self.names, self.roles, strict=True)))
        self.values.flags.writeable = False

    @cached_property
    def digest(self) -> str:
        """Hash of names, roles and values: equal for equal covariates."""
        found = hashlib.sha256(repr((self.names, self.roles)).encode())
        found.update(np.ascontiguousarray(self.values).tobytes())
        return found.hexdigest()

    @classmethod
    def read(cls, path: Path, roles: Mapping[str, str], cells: Cells) -> Covariates:
        """Read a CSV with a row a cell: ``cell_id`` and a number for each declared column.

        Columns without a declared role are not read. An empty field is not known; a cell without
        a row has nothing known.

        Parameters
        ----------
        path : Path
            CSV in UTF-8, with commas.
        roles : mapping of column to role
        cells : Cells

        Raises
        ------
        DemographicRefusal
            If a role is not in `ROLES`.
        UnreadableError
            If the file is not there, not a CSV in UTF-8, or its numbers can be read in two ways.
        StudyError
            If a declared column is missing, or there twice.
        DataError
            If a field is not a number, or a cell is unknown or given twice.
        """
        refuse_other_roles(roles)
        values = np.full((len(cells), len(roles)), np.nan)
        position = {str(cell): number for number, cell in enumerate(cells.cell_id)}
        seen: set[str] = set()
        texts: list[tuple[int, str, list[str]]] = []
        try:
            text = whole(path, MOST_DOCUMENT).decode("utf-8-sig")
            with io.StringIO(text, newline="") as file:
                rows = csv.DictReader(file, strict=True)
                _require_columns(rows.fieldnames or (), roles, path.name)
                for row in rows:
                    where = f"{path.name}, line {rows.line_num}"
                    cell = _cell(row[_ID], position, seen, where)
                    texts.append((cell, where, [row[name] or "" for name in roles]))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UnreadableError(
                "The file of place covariates must be a CSV in UTF-8.",
                found=getattr(error, "strerror", None) or str(error),
                where=path.name,
            ) from error
        for number, name in enumerate(roles):
            decimal = find_decimal(
                (fields[number] for _, _, fields in texts), f"{path.name}, {name}"
            )
            for cell, where, fields in texts:
                values[cell, number] = _number(fields[number], decimal, f"{where}, {name}")
        return cls(tuple(roles), tuple(roles.values()), values)


def refuse_other_roles(roles: Mapping[str, str]) -> None:
    """Refuse covariates that are not declared to be about the place itself.

    Parameters
    ----------
    roles : mapping of column to role

    Raises
    ------
    DemographicRefusal
        If a role is not in `ROLES`.
    """
    wrong = [f"{name} ({role!r})" for name, role in roles.items() if role not in ROLES]
    if wrong:
        raise DemographicRefusal(
            "A place covariate must be about what is built or laid out in a place: "
            + ", ".join(ROLES)
            + ". Who lives there is for audits, never a feature.",
            found=", ".join(wrong),
            where="[covariates.columns]",
            remedy="take it out of [covariates.columns]; an audit may use it",
        )


def _require_columns(header: Sequence[str], roles: Mapping[str, str], where: str) -> None:
    wrong = [
        f"{name} {'twice' if name in header else 'missing'}"
        for name in (_ID, *roles)
        if header.count(name) != 1
    ]
    if wrong:
        raise StudyError(
            "The file of place covariates must have cell_id and every declared column, once.",
            found=", ".join(wrong),
            where=where,
            remedy="correct the header, or [covariates.columns] in study.toml",
        )


def _cell(cell: str | None, position: dict[str, int], seen: set[str], where: str) -> int:
    """Position of a row's cell, which must be one of the study's and new."""
    if cell not in position or cell in seen:
        raise DataError(
            "Every row of the place covariates must be of a cell of the study, once.",
            found=f"{(cell or '')[:60]!r}, " + ("twice" if cell in seen else "which is none"),
            where=where,
            remedy="cell ids are in results/cells.geojson",
        )
    seen.add(cell)
    return position[cell]


def _number(text: str, decimal: str, where: str) -> float:
    if not text.strip():
        return float("nan")
    value = read_number(text, decimal)
    if value is None:
        raise DataError("A place covariate must be a number.", found=repr(text[:60]), where=where)
    return value
