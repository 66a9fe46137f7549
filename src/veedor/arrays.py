"""Kinds of arrays, by what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Instants = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.str_]
#: Points, lines or polygons of shapely.
Geometries = npt.NDArray[Any]
