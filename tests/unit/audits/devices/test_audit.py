"""The audit of devices: bounds, agreement, and whom it is about."""

import dataclasses
import json

import numpy as np
import pytest
import shapely

from veedor.audits.audit import Subject
from veedor.audits.places import ExposureSettings
from veedor.audits.places.devices import audit_devices, read_routes, views
from veedor.errors import DataError

from .conftest import degrees, devices

QUICK = ExposureSettings(replicates=100, margin_replicates=10)


def held(n=60, seed=0, **more):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1400, 1400, n)
    more = {"bearing": rng.uniform(0, 360, n), "angle": 60.0} | more
    return devices(x, rng.uniform(-1200, 1200, n), **more)


def value(audit, statistic, assignment, group="all", subset="all"):
    return audit.of(statistic, Subject(group, assignment, subset)).estimate.value


def test_known_views_have_one_figure(zones):
    audit = audit_devices(zones, held(low=100.0), QUICK)
    assert audit.assignments == ("view", "devices")
    assert not audit.warnings or {one.code for one in audit.warnings} <= {
        "one_zone_decides", "one_zone_turns_a_ratio", "many_zones_unseen",
    }  # fmt: skip
    column = audit.by_place[0].column("share_in_view")
    assert column.low == ()
    assert all(0.0 <= one <= 1.0 for one in column.value)


def test_the_shares_are_those_of_the_ground(zones):
    made = held(low=100.0)
    audit = audit_devices(zones, made, QUICK)
    shapes = views(made, zones.crs, "most")
    ground = shapely.union_all(shapes)
    seen = shapely.area(shapely.intersection(zones.polygons, ground))
    share = seen / shapely.area(zones.polygons)
    assert value(audit, "ground_in_view", "view") == pytest.approx(
        seen.sum() / shapely.area(zones.polygons).sum(), rel=1e-6
    )
    people = zones.population
    assert value(audit, "residents_in_view", "view") == pytest.approx(
        share @ people / people.sum(), rel=1e-6
    )
    for place, group in enumerate(zones.groups):
        mine = zones.members[place]
        told = value(audit, "exposure_per_km2", "view", group.name)
        assert told == pytest.approx(share @ mine / mine.sum(), rel=1e-6)
        assert value(audit, "covered", "view", group.name) == pytest.approx(told, rel=1e-6)
    assert value(audit, "m2_in_view_per_resident", "view") == pytest.approx(
        seen.sum() / people.sum(), rel=1e-6
    )


def test_bounds_hold_what_is_known_between_them(zones):
    known = held(low=80.0, angle=60.0)
    bounds = held(low=40.0, high=120.0, angle=30.0, widest=120.0)
    one, two = (audit_devices(zones, each, QUICK) for each in (known, bounds))
    assert two.assignments == ("view_least", "view_most", "devices")
    for statistic in ("ground_in_view", "ground_in_view_twice", "residents_in_view"):
        between = value(one, statistic, "view")
        assert value(two, statistic, "view_least") <= between <= value(two, statistic, "view_most")
    column = two.by_place[0].column("share_in_view")
    assert set(column.value) == {None}
    assert all(low <= high for low, high in zip(column.low, column.high, strict=True))


def test_an_unknown_direction_sees_nothing_for_sure(zones):
    audit = audit_devices(zones, held(low=50.0, angle=0.0, widest=360.0), QUICK)
    assert value(audit, "ground_in_view", "view_least") == 0.0
    assert value(audit, "ground_in_view", "view_most") > 0.0
    assert "nothing_surely_in_view" in {one.code for one in audit.warnings}
    assert {one.assignment for one in audit.verdicts} == {"view_most", "devices"}
    of_views = [one for one in audit.agreed if one.basis == "view"]
    assert {one.answer for one in of_views} == {"cannot_tell"}
    assert {one.low for one in of_views} == {None}


def following(zones, **more):
    """Devices in the middles of zones, as many as members of `black` live there."""
    members = zones.members[1]
    times = np.random.default_rng(2).poisson(4.0 * (members / members.mean()) ** 2)
    middle = shapely.centroid(zones.polygons)
    shift = np.random.default_rng(3).uniform(-150, 150, (times.sum(), 2))
    x, y = np.repeat(shapely.get_coordinates(middle), times, axis=0).T + shift.T
    return devices(x, y, **more)


def test_a_group_that_lives_where_devices_look_is_found_and_only_where_both_ends_say_so(zones):
    audit = audit_devices(zones, following(zones, low=30.0, high=40.0), QUICK)
    told = {(one.basis, one.statistic): one for one in audit.agreed if one.group == "black"}
    assert told["view", "ratio_per_km2"].answer == "more"
    ends = [
        one for one in audit.verdicts
        if (one.group, one.statistic) == ("black", "ratio_per_km2") and "view" in one.assignment
    ]  # fmt: skip
    assert told["view", "ratio_per_km2"].low == min(one.low for one in ends)
    assert told["view", "ratio_per_km2"].high == max(one.high for one in ends)
    unsure = audit_devices(zones, following(zones, low=0.0, high=40.0), QUICK)
    told = {(one.basis, one.statistic): one for one in unsure.agreed if one.group == "black"}
    assert told["view", "ratio_per_km2"].answer == "cannot_tell"


def test_counts_of_readers_bound_the_devices(zones):
    audit = audit_devices(
        zones, held(20, low=50.0, angle=360.0, counts=(np.arange(20) % 2, np.full(20, 2))), QUICK
    )
    assert audit.assignments == ("view_least", "view_most", "devices_least", "devices_most")
    assert value(audit, "devices_per_km2", "devices_least") == pytest.approx(10 / 7.68, rel=1e-6)
    assert value(audit, "devices_per_km2", "devices_most") == pytest.approx(40 / 7.68, rel=1e-6)


def test_kinds_are_told_apart_and_joined_not_summed(zones):
    kinds = np.where(np.arange(60) % 3 == 0, "ALPR", "camera")
    audit = audit_devices(zones, held(low=150.0, angle=360.0, kind=kinds), QUICK)
    assert [(one.kind, one.most) for one in audit.kinds] == [("camera", 40.0), ("ALPR", 20.0)]
    each = [
        value(audit, "ground_in_view", "view", subset=f"of_kind: {kind}")
        for kind in ("camera", "ALPR")
    ]
    whole = value(audit, "ground_in_view", "view")
    assert max(each) <= whole < sum(each)


def test_a_device_outside_that_looks_in(zones):
    audit = audit_devices(zones, devices([-1650.0], [0.0], 100.0), QUICK)
    assert value(audit, "ground_in_view", "view") > 0.0
    assert value(audit, "devices_in_zones", "devices") == 0.0
    assert "devices_outside" in {one.code for one in audit.warnings}


@pytest.mark.parametrize("x", [9_000.0, 15_000_000.0])
def test_devices_of_another_place_are_refused(zones, x):
    with pytest.raises(DataError, match="same city"):
        audit_devices(zones, devices([x], [0.0], 100.0), QUICK)


def test_order_of_devices_changes_nothing(zones):
    made = held(25, low=100.0)
    order = np.random.default_rng(5).permutation(25)
    looks = made.looks
    other = dataclasses.replace(
        made, lon=made.lon[order], lat=made.lat[order],
        looks=dataclasses.replace(looks, bearing=looks.bearing[order]),
    )  # fmt: skip
    one, two = (audit_devices(zones, each, QUICK) for each in (made, other))
    for a, b in zip(one.statements, two.statements, strict=True):
        assert (a.subject, a.statistic) == (b.subject, b.statistic)
        if a.estimate.value is not None:
            assert a.estimate.value == pytest.approx(b.estimate.value, rel=1e-6, abs=1e-9)


def test_files_have_words_for_every_code(zones, tmp_path):
    from veedor.report.words import words_in

    audit = audit_devices(zones, held(low=10.0, high=80.0), QUICK)
    for language in ("en", "es"):
        audit.write(tmp_path / language, words_in(language).of)
    text = (tmp_path / "en" / "estimates.csv").read_text()
    assert "prediction" not in text


def route(tmp_path):
    path = tmp_path / "way.geojson"
    line = np.column_stack(degrees([-500, 500], [0, 0])).tolist()
    path.write_text(json.dumps({
        "type": "Feature", "properties": {"name": "way"},
        "geometry": {"type": "LineString", "coordinates": line},
    }))  # fmt: skip
    return read_routes(path)


def test_a_route_is_told_by_kind_beside_the_whole(zones, tmp_path):
    """Circles of 100 m at -40 (camera), 40 (ALPR) and 3000 (ALPR), each seen at most by one."""
    made = devices([-40, 40, 3000], [0, 0, 0], 100.0, kind=["camera", "ALPR", "ALPR"],
                   counts=([1, 0, 1], [1, 2, 1]))  # fmt: skip
    audit = audit_devices(zones, made, QUICK, routes=route(tmp_path))
    one = audit.routes[0]
    assert one.in_view_m == pytest.approx((200.0, 280.0), abs=0.3)
    assert one.devices == (1.0, 3.0)
    kinds = {each.kind: each for each in one.kinds}
    assert list(kinds) == ["ALPR", "camera"]
    assert kinds["camera"].in_view_m == pytest.approx((200.0, 200.0), abs=0.3)
    assert kinds["ALPR"].in_view_m == pytest.approx((0.0, 200.0), abs=0.3)
    assert kinds["ALPR"].twice_m == pytest.approx((0.0, 200.0), abs=0.3)
    assert kinds["camera"].twice_m == (0.0, 0.0)
    assert kinds["ALPR"].devices == (0.0, 2.0)
    told = value(audit, "route_in_view", "view_most", subset="of_kind: ALPR; on_route: way")
    assert told == pytest.approx(0.2, abs=1e-3)
    assert value(audit, "route_devices", "view_least", subset="of_kind: camera; on_route: way") == 1


def test_one_kind_is_the_whole_and_is_told_once(zones, tmp_path):
    audit = audit_devices(zones, devices([0.0], [0.0], 100.0), QUICK, routes=route(tmp_path))
    assert audit.routes[0].kinds == ()
    assert not any("of_kind" in one.subject.subset for one in audit.statements)
