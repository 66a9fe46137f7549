"""Streets as lines with names, by which a cell is found: geometry and names, never a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from veedor.errors import PersonalDataRefusal, StudyError, phrase
from veedor.spacetime.shapes import read_shapes
from veedor.suggestions import did_you_mean
from veedor.tables.escape import shown
from veedor.tables.personal import names_an_address, refuse_personal_text

#: Streets of a cell: the ones with the longest stretch in it.
MOST_STREETS = 2
#: Farther away no street says where a cell is, in metres.
FARTHEST_M = 2000.0
_LONLAT = "EPSG:4326"
_LONGEST_NAME = 100
#: A name that ends in what could be a house's number; streets that are numbered end so too.
_NUMBERED = re.compile(r"(?P<street>.*\S)[ ,]+(?:n[°º.]* ?)?\d{2,5}[a-z]?")
_OF_A_NUMBER = frozenset(
    """calle av av. avda avda. avenida diagonal pasaje pje pje. camino ruta rn rp autopista paseo
    rua carrera transversal street st st. avenue ave ave. road rd rd. route highway hwy interstate
    us state county way loop trail line""".split()  # noqa: SIM905
)
_MOSTLY = 0.5


@dataclass(frozen=True, eq=False)
class Streets:
    """Streets by name.

    Parameters
    ----------
    names : tuple of str, length n
        Never empty; a street of many pieces has its name many times.
    lines : object array of shapely lines, shape (n,)
        In WGS84 longitude and latitude.

    Examples
    --------
    >>> Streets(("Calle 50",), shapely.linestrings([[[0, 0], [1, 1]]])).names
    ('Calle 50',)
    """

    names: tuple[str, ...]
    lines: npt.NDArray[Any]

    @classmethod
    def read(cls, path: Path, column: str | None = None) -> Streets:
        """Read lines with names.

        Parameters
        ----------
        path : Path
            As `read_shapes` takes it.
        column : str, optional
            What holds the names; ``name`` without it.

        Raises
        ------
        StudyError
            If there is no such column, or no line with a name.
        PersonalDataRefusal
            If the column's header or names are those of addresses or persons.
        """
        ground = read_shapes(path)
        wanted = "name" if column is None else column
        if wanted not in ground.properties:
            near = did_you_mean(wanted, ground.properties)
            raise StudyError(
                "The column that names the streets must be there.",
                found=phrase(
                    "no {wanted}, but {columns}",
                    wanted=repr(wanted),
                    columns=", ".join(shown(one) for one in list(ground.properties)[:10])
                    or phrase("none"),
                ),
                where=shown(path.name, 100),
                remedy=near or "set line_names under [area] to a column of the file",
            )
        if names_an_address(wanted):
            raise PersonalDataRefusal(
                "Streets must have names, not addresses: veedor shows places.",
                found=phrase("a column named {column}", column=repr(shown(wanted))),
                where=shown(path.name, 100),
                remedy="name a column that holds the streets' names alone",
            )
        names = [
            "" if one is None or one != one else shown(str(one), _LONGEST_NAME)
            for one in ground.properties[wanted]
        ]
        kept = np.flatnonzero(np.array(names, dtype=bool) & (shapely.length(ground.shapes) > 0))
        if len(kept) == 0:
            raise StudyError(
                "A file of streets must hold lines with names.",
                found=phrase("{n} lines, none with a name", n=len(names)),
                where=shown(path.name, 100),
                remedy="set line_names under [area] to the column that holds the streets' names",
            )
        _refuse_addresses(sorted({names[at] for at in kept.tolist()}), path)
        return cls(tuple(names[at] for at in kept.tolist()), ground.shapes[kept])

    def in_metres(self, crs: str) -> npt.NDArray[Any]:
        """Lines in the metres of a coordinate reference system; empty where it cannot hold them."""
        there = Transformer.from_crs(_LONLAT, crs, always_xy=True)
        lines = shapely.transform(
            self.lines, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
        )
        held = np.isfinite(shapely.bounds(lines)).all(axis=1)
        found: npt.NDArray[Any] = np.where(held, lines, shapely.LineString())
        return found


def _refuse_addresses(names: list[str], path: Path) -> None:
    """Refuse names among which there are addresses, or most of which end in a house's number."""
    refuse_personal_text(names, what=phrase("a street's name"), where=shown(path.name, 100))
    numbered = 0
    for name in names:
        found = _NUMBERED.fullmatch(name.casefold())
        last = found["street"].split()[-1] if found else ""
        numbered += bool(found) and last not in _OF_A_NUMBER
    if numbered > _MOSTLY * len(names):
        raise PersonalDataRefusal(
            "Streets must have names, not addresses: veedor shows places.",
            found=phrase(
                "{numbered} of {n} names that end in a number as a house's",
                numbered=numbered,
                n=len(names),
            ),
            where=shown(path.name, 100),
            remedy="name a column that holds the streets' names alone",
        )
