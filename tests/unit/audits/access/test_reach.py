from tests.made_logs import by_name, every, ground, made_log, numbers

from veedor.audits.access.reach import reach


def test_reach_counts_what_is_above_and_out_of_whom():
    held = ground(
        made_log(
            every(24, 5), user=list("abcde"), networks=[1, 2, 600, None, 1],
            devices=[0, 1000, 1001, 87_000, None], window_days=[1, 1.5, 7, 30, 31],
        )
    )  # fmt: skip
    found = by_name(reach(held))
    several = found["more_than_one_network_share"]
    assert (several.numerator, several.out_of) == (2, 4)
    assert several.estimate.denominator.code == "lookups_with_networks"
    assert found["networks_largest"].estimate.value == 600
    assert found["devices_above_share 1000"].numerator == 2  # 1,000 is not above 1,000
    assert found["no_devices_share"].numerator == 1
    assert found["devices_largest"].estimate.value == 87_000
    assert found["devices_median"].estimate.n == 4
    assert [found[f"window_above_share {d}"].numerator for d in (1, 7, 30)] == [4, 2, 1]


def test_a_constant_column_yields_nothing():
    held = ground(made_log(every(24, 3), devices=numbers([94] * 3, constant=True)))
    assert reach(held) == []
    assert reach(ground(made_log(every(24, 2), devices=[None, None]))) == []
