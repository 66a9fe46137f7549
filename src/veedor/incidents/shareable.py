"""`shareable`: a quality report that can be shown without the data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from veedor.incidents.quality_report import Counted, QualityReport

#: A value that fewer rows hold may be what somebody typed once: an address, a name.
LEAST_ROWS = 10


def shareable(report: QualityReport, given: Collection[str]) -> QualityReport:
    """Take out of a report all that stands in single rows of the record.

    Numbers of rows, examples of values that could not be read, points that may be homes, and values
    that fewer than `LEAST_ROWS` rows hold go; every count stays, and all that is said of columns.

    Parameters
    ----------
    report : QualityReport
    given : collection of str
        Names of categories that a user wrote in a study: they stay, however rare. All others are
        values of the record.
    """
    stay = {one.name for one in report.categories if one.name in given or one.count >= LEAST_ROWS}
    places, months = report.places, report.months
    return replace(
        report,
        rows=replace(
            report.rows,
            set_aside=[replace(one, first_rows=[]) for one in report.rows.set_aside],
        ),
        categories=[
            replace(one, raw_values=_common(one.raw_values))
            for one in report.categories
            if one.name in stay
        ],
        other_values=replace(report.other_values, values=_common(report.other_values.values)),
        months=replace(
            months,
            by_category={
                name: counts for name, counts in months.by_category.items() if name in stay
            },
        ),
        breaks=[one for one in report.breaks if one.category is None or one.category in stay],
        places=replace(
            places,
            other_zones=_common(places.other_zones),
            unlocated_zones=_common(places.unlocated_zones),
            far=replace(places.far, first_rows=[]),
            stacks=replace(
                places.stacks,
                top=[replace(one, x_m=None, y_m=None) for one in places.stacks.top],
            ),
        ),
        times=replace(report.times, unreadable={}),
        known_by=[
            one for one in report.known_by if one.category in stay and one.count >= LEAST_ROWS
        ],
    )


def _common(values: Sequence[Counted]) -> list[Counted]:
    return [one for one in values if one.count >= LEAST_ROWS]
