"""Every role that a column may play is said in words."""

from dataclasses import fields

from veedor.incidents.columns import Columns
from veedor.report.words.column_roles import COLUMN_ROLES


def test_every_role_of_a_column_has_its_words():
    assert list(COLUMN_ROLES) == [one.name for one in fields(Columns)]
    assert len({str(one) for one in COLUMN_ROLES.values()}) == len(COLUMN_ROLES)
