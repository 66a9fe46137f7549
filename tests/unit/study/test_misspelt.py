"""A setting that is misspelt is told with the one that was meant, in whatever table it stands."""

import pytest

from veedor.errors import StudyError
from veedor.study import load_study


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[studdy]", "Did you mean 'study'?"),
        ("[evaluation]\nareas = []", "see docs/study-file.md"),
        ("[audits.reporting]\ncount = 'c.csv'\nrates = 'r.csv'", "Did you mean 'counts'"),
        ("[[categories]]\nnane = 'x'\nvalues = ['y']", "Did you mean 'name'"),
        ("[audits.alerts]\nzzzz = 1", "see docs/study-file.md"),
    ],
)
def test_a_table_and_its_settings(small_study, text, told):
    path = small_study / "study.toml"
    path.write_text(f"{path.read_text()}\n{text}\n")
    with pytest.raises(StudyError) as caught:
        load_study(small_study)
    assert caught.value.remedy.startswith(told)
