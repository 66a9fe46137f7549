"""Names of the layouts, for help texts: told by their files, for reading them takes long."""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules

_KNOWN = Path(__file__).parents[1] / "incidents" / "layouts" / "known"


def layout_names() -> list[str]:
    """Name every layout, as its module is called.

    >>> "buenos-aires" in layout_names()
    True
    """
    return [module.name.replace("_", "-") for module in iter_modules([str(_KNOWN)])]
