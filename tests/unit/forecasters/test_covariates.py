from dataclasses import replace

import numpy as np
import pytest

from veedor.errors import DataError, DemographicRefusal, UnreadableError
from veedor.forecasters import FORECASTERS, Region, make_forecaster
from veedor.forecasters.covariates import ROLES, Covariates

ROLE = {"bars": "business", "lamps": "lighting"}


@pytest.fixture
def cells(grid):
    return grid(2, 2)


@pytest.fixture
def table(tmp_path, cells):
    def make(text, encoding="utf-8"):
        path = tmp_path / "places.csv"
        for number, name in enumerate(cells.cell_id):
            text = text.replace(f"<{number}>", str(name))
        path.write_bytes(text.encode(encoding))
        return path

    return make


def test_rows_are_put_to_their_cells_and_other_columns_left(table, cells):
    path = table("note,lamps,cell_id,bars\nx,7,<2>,1.5\ny,8,<0>,-2e3\n")
    found = Covariates.read(path, ROLE, cells)
    assert found.names == ("bars", "lamps")
    assert found.roles == ("business", "lighting")
    nan = np.nan
    np.testing.assert_array_equal(found.values, [[-2e3, 8], [nan, nan], [1.5, 7], [nan, nan]])


def test_an_empty_field_is_not_known(table, cells):
    found = Covariates.read(table("cell_id,bars,lamps\n<0>,,3\n<1>,  ,4\n<3>,,\n"), ROLE, cells)
    assert np.isnan(found.values[:, 0]).all()
    np.testing.assert_array_equal(found.values[:, 1], [3, 4, np.nan, np.nan])


def test_the_column_says_what_a_comma_is(table, cells):
    path = table('cell_id,bars,lamps\n<0>,"10,000","0,125"\n<1>,"1,250,000","10,000"\n')
    found = Covariates.read(path, ROLE, cells)
    np.testing.assert_array_equal(found.values[:2], [[10_000, 0.125], [1_250_000, 10]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_does_not_matter(table, cells, encoding):
    found = Covariates.read(table("cell_id,bars,lamps\n<0>,1,2\n", encoding), ROLE, cells)
    assert found.values[0].tolist() == [1.0, 2.0]


def test_quoted_fields_and_windows_line_ends(table, cells):
    found = Covariates.read(table('"cell_id","bars","lamps"\r\n"<0>","1","2"\r\n'), ROLE, cells)
    assert found.values[0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("cell_id,bars\n<0>,1\n", DataError, "must have a column `lamps`"),
        ("cellid,bars,lamps\n<0>,1,2\n", DataError, "column `cell_id`.*mean 'cellid'"),
        ("cell_id,bars,lamps,bars\n<0>,1,2,3\n", DataError, "'bars' more than once"),
        ("", UnreadableError, "an empty file"),
        ("cell_id,bars,lamps\n<0>,1,2\nelsewhere,1,2\n", DataError, "'elsewhere'.*row 2"),
        ("cell_id,bars,lamps\n<0>,1,2\n<1>,1,2\n<0>,3,4\n", DataError, "once.*line 4"),
        ("cell_id,bars,lamps\n<0>,many,2\n", DataError, "bars must.*'many'.*places.csv.*line 2"),
        ("cell_id,bars,lamps\n<0>,1,nan\n", DataError, "'nan'"),
        ("cell_id,bars,lamps\n<0>,1,inf\n", DataError, "'inf'"),
        ('cell_id,bars,lamps\n"<0>,1,2\n', UnreadableError, "as many cells"),
        ("cell_id,bars,lamps\n<0>,10.000,2\n", UnreadableError, "which is 10 or 10000"),
    ],
)
def test_what_is_wrong_is_said(table, cells, text, error, message):
    with pytest.raises(error, match=message):
        Covariates.read(table(text), ROLE, cells)


def test_a_file_that_is_not_there_or_not_text(tmp_path, cells, table):
    with pytest.raises(UnreadableError, match="no such file"):
        Covariates.read(tmp_path / "none.csv", ROLE, cells)
    with pytest.raises(DataError, match="'ñ'"):
        Covariates.read(table("cell_id,bars,lamps\n<0>,1,ñ\n", "latin-1"), ROLE, cells)
    (tmp_path / "binary.csv").write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(UnreadableError, match="binary"):
        Covariates.read(tmp_path / "binary.csv", ROLE, cells)


@pytest.mark.parametrize("role", ["demographic", "population", "income", "", "Business"])
def test_any_role_that_is_not_of_the_place_is_refused(tmp_path, cells, role):
    """Also before the file is looked for, and whatever the column is called."""
    with pytest.raises(DemographicRefusal, match="Who lives there is for audits"):
        Covariates.read(tmp_path / "none.csv", {"bars": role}, cells)
    with pytest.raises(DemographicRefusal):
        Covariates(("bars",), (role,), np.zeros((4, 1)))


@pytest.mark.parametrize("role", ROLES)
def test_the_roles_of_places(role):
    assert Covariates(("x",), (role,), np.zeros((4, 1))).roles == (role,)


def test_a_history_keeps_them_however_it_is_narrowed(cells, recorded):
    covariates = Covariates(("bars",), ("business",), np.arange(4.0)[:, None])
    rates = {"theft": np.ones(4), "arson": np.ones(4)}
    past = recorded(0, cells, rates, 10, covariates=covariates)
    assert past.covariates is covariates
    assert past.until(past.cutoff - np.timedelta64(7, "D")).covariates is covariates
    assert replace(past, category="arson").covariates is covariates
    assert replace(past, region=Region("AR")).covariates is covariates


@pytest.mark.parametrize("name", sorted(set(FORECASTERS) - {"PoissonTrees", "Stack"}))
def test_the_other_forecasters_pass_them_over(grid, recorded, name):
    from veedor.spacetime import Periods

    cells = grid(3, 3)
    past = recorded(1, cells, {"theft": np.full(9, 2.0)}, 60 if name == "SeasonalNaive" else 20)
    ahead = Periods.stepping(past.cutoff, past.length, 0, 1, past.record.zone)
    values = np.arange(9.0)[:, None]
    with_them = replace(past, covariates=Covariates(("bars",), ("business",), values))
    one, other = (make_forecaster(name).fit(record).predict(ahead) for record in (past, with_them))
    assert one.mean.tobytes() == other.mean.tobytes()
