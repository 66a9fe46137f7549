"""Chicago 2016-2017, as released with ST-SHN (IJCAI 2021) and ST-HSL (ICDE 2022).

321,877 incidents of four categories; its 124,630 thefts lie on some 62,800 distinct points, since
published coordinates are snapped to blocks.
"""

import numpy as np
import pytest

from veedor.incidents import Category, Columns, Source, assess, read

NAMES = ("THEFT", "BATTERY", "CRIMINAL DAMAGE", "ASSAULT")


@pytest.mark.shared_data
def test_the_record_is_read_whole_and_its_snapped_points_are_seen(shared_data):
    columns = Columns(
        time="occurred_at", latitude="latitude", longitude="longitude", category="category"
    )
    source = Source(
        (str(shared_data / "chicago" / "incidents.parquet"),),
        columns,
        tuple(Category(name, "reported") for name in NAMES),
        "America/Chicago",
        "EPSG:32616",
    )
    reading = read(source)
    assert assess(reading).rows.kept == 321_877
    thefts = reading.incidents.take(reading.incidents.category == 0)
    assert len(thefts) == 124_630
    points = np.unique(np.column_stack([thefts.x_m, thefts.y_m]).round(3), axis=0)
    assert len(points) == 62_816
