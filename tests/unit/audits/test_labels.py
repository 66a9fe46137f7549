"""What a page calls groups: the codes of the files, or what a file of labels says."""

import json

import pytest
from click.testing import CliRunner

from veedor.audits.audit import Audit, AuditWarning, Statement, Subject
from veedor.audits.labels import read_labels, relabelled
from veedor.cli.app import app
from veedor.errors import DataError, PersonalDataRefusal
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate

from .conftest import boxes_in, town, write_boxes, write_zones


def written(tmp_path, text):
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_language_of_its_own_goes_before_the_label_for_all(tmp_path):
    path = written(tmp_path, "code,label,language\nw,White,\nb,Black,\nb,Negra,es\n")
    labels = read_labels(path)
    assert labels.in_language("en") == {"w": "White", "b": "Black"}
    assert labels.in_language("es") == {"w": "White", "b": "Negra"}


def test_labels_without_a_column_of_languages_are_for_all(tmp_path):
    assert read_labels(written(tmp_path, "code,label\nw,White\n")).in_language("es") == {
        "w": "White"
    }


@pytest.mark.parametrize(
    ("rows", "must"),
    [
        ("w,White\nw,Whites\n", "one label"),
        ("w,People\nb,people\n", "same label"),
        ("w,\n", "label of at most"),
        (",White\n", "a code other than all"),
        ("all,Everyone\n", "a code other than all"),
        (f"w,{'x' * 61}\n", "at most 60"),
    ],
)
def test_labels_that_cannot_be_are_refused(tmp_path, rows, must):
    with pytest.raises(DataError, match=must):
        read_labels(written(tmp_path, "code,label\n" + rows))


def test_labels_of_two_languages_may_agree_but_no_language_may_merge_groups(tmp_path):
    assert read_labels(written(tmp_path, "code,label,language\nw,A,en\nw,A,es\n"))
    merged = "code,label,language\nw,Gente,\nb,Gente,es\n"
    with pytest.raises(DataError, match="same label"):
        read_labels(written(tmp_path, merged))


def test_persons_are_no_labels(tmp_path):
    with pytest.raises(PersonalDataRefusal):
        read_labels(written(tmp_path, "code,label\nw,ana@example.org\n"))


def test_only_what_names_a_group_is_relabelled():
    of = Denominator("members", {"group": "w", "zone": "w"})
    one = Estimate(1.0, None, None, 0.95, Method("none_counted"), 3, of)
    made = Audit(
        schema_version=1,
        statements=(Statement(Subject("w", "w", "w"), "w", one),),
        warnings=(AuditWarning("w", {"reference": "w & b", "file": "w"}, assignment="w"),),
    )
    told = relabelled(made, {"w": "White", "b": "Black"})
    assert told.statements[0].subject == Subject("White", "w", "w")
    assert told.statements[0].statistic == "w"
    assert told.statements[0].estimate.denominator.arguments == {"group": "White", "zone": "w"}
    assert told.warnings[0].arguments == {"reference": "White & Black", "file": "w"}
    assert (told.warnings[0].code, told.warnings[0].assignment) == ("w", "w")
    assert told.of("w", Subject("White", "w", "w")) is not None
    assert made.statements[0].subject.group == "w"


def test_a_page_says_labels_and_files_keep_codes(tmp_path):
    features = town(6, 5)
    labels = written(tmp_path, "code,label\nwhite,White residents\nblack,<Black> residents\n")
    out = tmp_path / "out"
    done = CliRunner().invoke(app, [
        "audit", "exposure", "--zones", str(write_zones(tmp_path / "z.geojson", features)),
        "--predictions", str(write_boxes(tmp_path / "b.csv", boxes_in(features))),
        "--box-m", "152.4", "--groups", "white,black", "--population", "population",
        "--reference", "white", "--labels", str(labels), "--replicates", "100", "--out", str(out),
    ], catch_exceptions=False)  # fmt: skip
    assert done.exit_code == 0, done.output
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "&lt;Black&gt; residents" in page
    assert "<Black>" not in page
    assert ">black<" not in page
    kept = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in kept["groups"]} == {"white", "black"}
    assert "residents" not in (out / "estimates.csv").read_text(encoding="utf-8").split("\n")[0]
    assert ",black," in (out / "estimates.csv").read_text(encoding="utf-8")
