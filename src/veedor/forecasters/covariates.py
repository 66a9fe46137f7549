"""`Covariates`: what is built or laid out in each place; never who lives there."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from veedor.errors import DataError, DemographicRefusal, StudyError
from veedor.spacetime import Cells

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
        wrong = [
            f"{name} ({role!r})"
            for name, role in zip(self.names, self.roles, strict=True)
            if role not in ROLES
        ]
        if wrong:
            raise DemographicRefusal(
                "A place covariate must be about what is built or laid out in a place: "
                + ", ".join(ROLES)
                + ". Who lives there is for audits, never a feature.",
                found=", ".join(wrong),
                remedy="take it out of [covariates]; an audit may use it",
            )

    @classmethod
    def read(cls, path: Path, roles: dict[str, str], cells: Cells) -> Covariates:
        """Read a CSV with a row a cell: ``cell_id`` and a number for each declared column.

        Columns without a declared role are not read. An empty field is not known; a cell without
        a row has nothing known.

        Raises
        ------
        DemographicRefusal
            If a role is not in `ROLES`.
        StudyError
            If a declared column is missing.
        DataError
            If a field is not a number, or a cell is unknown or given twice.
        """
        names = tuple(roles)
        values = np.full((len(cells), len(names)), np.nan)
        covariates = cls(names, tuple(roles.values()), values)
        position = {str(cell): number for number, cell in enumerate(cells.cell_id)}
        seen: set[str] = set()
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in (_ID, *names) if name not in (rows.fieldnames or ())]
            if missing:
                raise StudyError(
                    "The file of place covariates must have cell_id and every declared column.",
                    found="no " + ", ".join(missing),
                    where=path.name,
                    remedy="cell ids are in results/cells.geojson",
                )
            for number, row in enumerate(rows, start=2):
                cell = row[_ID]
                if cell not in position or cell in seen:
                    raise DataError(
                        "Every row of the place covariates must be of a cell of the study, once.",
                        found=f"{cell!r}, " + ("twice" if cell in seen else "which is none"),
                        where=f"{path.name}, row {number}",
                        remedy="cell ids are in results/cells.geojson",
                    )
                seen.add(cell)
                values[position[cell]] = [
                    _number(row[name], f"{path.name}, row {number}, {name}") for name in names
                ]
        return covariates


def _number(text: str | None, where: str) -> float:
    if text is None or not text.strip():
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = float("inf")
    if not np.isfinite(value):
        raise DataError("A place covariate must be a number.", found=repr(text[:60]), where=where)
    return value
