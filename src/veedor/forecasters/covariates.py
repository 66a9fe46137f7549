"""`Covariates`: what is built or laid out in each place; never who lives there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from veedor.arrays import Floats
from veedor.errors import DemographicRefusal, phrase
from veedor.spacetime import Cells
from veedor.tables.rows import read_table

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
        """Read a table with a row a cell: ``cell_id`` and a number for each declared column.

        Columns without a declared role are not read. An empty field is not known; a cell without
        a row has nothing known.

        Parameters
        ----------
        path : Path
            As `veedor.tables.rows.read_table` takes them.
        roles : mapping of column to role
        cells : Cells

        Raises
        ------
        DemographicRefusal
            If a role is not in `ROLES`.
        UnreadableError
            If the file is no table, or its numbers can be read in two ways.
        DataError
            If a declared column is missing, or there twice; if a field is not a number, or a cell
            is unknown or given twice.
        """
        refuse_other_roles(roles)
        rows = read_table(path, (_ID, *roles))
        position = {str(cell): number for number, cell in enumerate(cells.cell_id)}
        cell = np.array([position.get(name, -1) for name in rows.text(_ID).tolist()])
        again = np.ones(len(cell), dtype=bool)
        again[np.unique(cell, return_index=True)[1]] = False
        if bool((again | (cell < 0)).any()):
            raise rows.fault(
                phrase("Every row of the place covariates must be of a cell of the study, once."),
                again | (cell < 0),
                _ID,
                remedy=phrase("cell ids are in results/cells.geojson"),
            )
        values = np.full((len(cells), len(roles)), np.nan)
        for number, name in enumerate(roles):
            values[cell, number] = rows.numbers(name, empty=np.nan)
        return cls(tuple(roles), tuple(roles.values()), values)


def refuse_other_roles(roles: Mapping[str, str]) -> None:
    """Refuse covariates that are not declared to be about the place itself.

    Raises
    ------
    DemographicRefusal
        If a role is not in `ROLES`.
    """
    wrong = [f"{name} ({role!r})" for name, role in roles.items() if role not in ROLES]
    if wrong:
        raise DemographicRefusal(
            phrase(
                "A place covariate must be about what is built or laid out in a place: "
                "{roles}. Who lives there is for audits, never a feature.",
                roles=", ".join(ROLES),
            ),
            found=", ".join(wrong),
            where=phrase("[covariates.columns]"),
            remedy="take it out of [covariates.columns]; an audit may use it",
        )
