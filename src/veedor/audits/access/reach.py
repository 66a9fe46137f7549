"""How far look-ups reach: networks and devices searched, and the windows of time asked for."""

from __future__ import annotations

import numpy as np

from veedor.audits.access.ground import Ground
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.statistics.codes import Denominator

#: Column -> whom its rates are out of.
_OF = {
    "networks": "lookups_with_networks", "devices": "lookups_with_devices",
    "window_days": "lookups_with_window",
}  # fmt: skip


def reach(ground: Ground) -> list[Statement]:
    """State how many look-ups search more than one network, many devices, and long windows.

    A window asked for is not what is kept: who asks for 30 days may be given 21. A column that is
    constant, masked or not exported yields nothing.
    """
    made = []
    for name, code in _OF.items():
        column = ground.log.numbers.get(name)
        if column is None or column.constant or not column.known.any():
            continue
        of, values, known = Denominator(code), column.values, column.known
        if name == "networks":
            several = values > 1.0
            made.append(ground.share("more_than_one_network_share", several, known, of))
        elif name == "devices":
            most = ground.settings.devices_above
            wide = Subject(WHOLE, threshold=most)
            made.append(ground.share("devices_above_share", values > most, known, of, wide))
            made.append(ground.share("no_devices_share", values == 0.0, known, of))
        else:
            for days in ground.settings.windows_above:
                longer = Subject(WHOLE, threshold=days)
                made.append(ground.share("window_above_share", values > days, known, of, longer))
        many = int(known.sum())
        for part, value in (("median", np.nanmedian(values)), ("largest", np.nanmax(values))):
            made.append(ground.count(f"{name}_{part}", float(value), of, n=many))
    return made
