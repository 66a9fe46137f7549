"""Settings that are proposed from files: what follows from what, and what is not guessed."""

import json
import tomllib

import pytest
from click.testing import CliRunner
from tests.unit.audits.access.made_logs import native, write

from veedor.audits.access.presets import PRESETS
from veedor.audits.access.proposal import propose_log
from veedor.audits.places import ExposureSettings
from veedor.audits.places.proposal import propose_audit
from veedor.cli.app import app
from veedor.errors import DataError, PersonalDataRefusal, Refusal, StudyError
from veedor.tasks import Context, audit_all, audit_benchmark, audit_exposure, audit_init

from .conftest import feature, square, town, write_boxes, write_zones


def settings_of(made):
    return {one.option: one for one in made.settings}


def init(*files, out, **more):
    audit_init.perform(audit_init.Request(files=files, out=out, **more), Context())
    return out.read_text(encoding="utf-8")


@pytest.fixture
def zones(tmp_path):
    features = town(6, 5, latino=lambda n: 3 + n, markup_count=lambda n: 9000 + n)
    return write_zones(tmp_path / "zones.geojson", features)


def grid(tmp_path, side=150.0):
    """Boxes on a grid that runs north, all in the first zones."""
    from pyproj import Transformer

    to = Transformer.from_crs("EPSG:4326", "EPSG:32721", always_xy=True)
    x, y = to.transform(-58.395, -34.595)
    rows = [
        (*to.transform(x + side * i, y + side * j, direction="INVERSE"), 1 + (i + j) % 3)
        for i in range(10) for j in range(10)
    ]  # fmt: skip
    return write_boxes(tmp_path / "boxes.csv", rows)


def test_columns_are_proposed_by_what_they_hold(zones, tmp_path):
    found = settings_of(propose_audit([zones, grid(tmp_path)]))
    assert found["id"].value == "id"
    assert found["population"].value == "population"
    assert found["groups"].value == ("latino", "white", "black") or set(found["groups"].value) >= {
        "white",
        "black",
    }
    assert "households" not in found["groups"].value, "homes are no residents"
    assert found["reference"].value == "white"
    assert found["reference"].why.arguments["members"] > 0
    assert not found["stored_count"].sure, "only offered"


def test_latino_is_no_latitude(tmp_path):
    features = [
        feature(name, square(n, 0), population=100, white=50, latino=30) for n, name in
        enumerate("abc")
    ]  # fmt: skip
    found = settings_of(propose_audit([write_zones(tmp_path / "z.geojson", features)]))
    assert found["groups"].value == ("white", "latino")


def test_residents_without_their_name_are_those_that_hold_the_others(tmp_path):
    features = [
        feature(name, square(n, 0), universe=100 + n, one=50, two=30) for n, name in
        enumerate("abc")
    ]  # fmt: skip
    found = settings_of(propose_audit([write_zones(tmp_path / "z.geojson", features)]))
    assert found["population"].value == "universe"
    assert found["population"].why.code == "holds_others"


def test_a_column_that_does_not_fit_beside_the_others_is_told(tmp_path):
    features = [
        feature(name, square(n, 0), population=100, a=60, b=30, voters=70)
        for n, name in enumerate("abc")
    ]
    found = settings_of(propose_audit([write_zones(tmp_path / "z.geojson", features)]))
    assert found["groups"].value == ("a", "b")
    assert found["groups"].others == ("voters",)


def test_the_side_of_a_box_follows_from_the_spacing(tmp_path):
    found = settings_of(propose_audit([grid(tmp_path, 250.0)]))
    assert found["box_m"].value == 250.0
    assert found["box_m"].why.code == "boxes_stand_apart"


@pytest.mark.parametrize(("given", "doubted"), [(250.0, False), (500.0, True)])
def test_a_side_that_is_not_the_spacing_is_said(tmp_path, given, doubted):
    made = propose_audit([grid(tmp_path, 250.0)], given)
    assert settings_of(made)["box_m"].value == given, "what a person gave is not replaced"
    assert ("side_against_spacing" in {one.code for one in made.doubts}) is doubted


def test_boxes_of_another_town_are_said(zones, tmp_path):
    far = write_boxes(tmp_path / "far.csv", [(10.0 + n / 1000, 40.0, 1) for n in range(50)])
    made = propose_audit([zones, far])
    (fit,) = [one for one in made.doubts if one.code == "boxes_in_zones"]
    assert fit.arguments["percent"] == 0


def test_a_second_file_for_the_same_and_an_unknown_one_are_told(zones, tmp_path):
    other = tmp_path / "more.csv"
    other.write_text("lat,lon,count\n1,2,3\n", encoding="utf-8")
    strange = tmp_path / "strange.csv"
    strange.write_text("apples,pears\n1,2\n", encoding="utf-8")
    made = propose_audit([zones, grid(tmp_path), other, strange])
    assert {"file_for_the_same", "file_not_known"} <= {one.code for one in made.doubts}


@pytest.mark.parametrize(("name", "value"), [("owner_name", "Ana"), ("note", "ana@example.org")])
def test_persons_are_refused(tmp_path, name, value):
    features = [feature(str(n), square(n, 0), population=9, **{name: value}) for n in range(3)]
    with pytest.raises(Refusal):
        propose_audit([write_zones(tmp_path / "z.geojson", features)])


def test_persons_in_a_table_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("lat,lon,category\n1,2,ana@example.org\n", encoding="utf-8")
    with pytest.raises(PersonalDataRefusal):
        propose_audit([path])


def test_files_that_no_audit_reads_are_an_error(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("apples,pears\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="for an audit of places"):
        propose_audit([path])


def test_the_file_says_why_and_is_read_by_audit_all(zones, tmp_path):
    text = init(zones, grid(tmp_path), out=tmp_path / "audit.toml")
    held = tomllib.loads(text)
    assert held["zones"] == "zones.geojson", "relative to the file of settings"
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), line
    (tmp_path / "audit.toml").write_text(text + "replicates = 100\n", encoding="utf-8")
    out = tmp_path / "out"
    done = CliRunner().invoke(
        app, ["audit", "all", "--settings", str(tmp_path / "audit.toml"), "--out", str(out),
              "--reference", "black"], catch_exceptions=False,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    kept = json.loads((out / "exposure" / "results.json").read_text(encoding="utf-8"))
    assert kept["settings"]["replicates"] == 100
    assert {one["reference"] for one in kept["groups"]} == {"black"}, "the command goes first"


def test_a_hostile_name_ends_no_comment(tmp_path):
    features = [
        feature(name, square(n, 0), population=100, **{"a\nid = 'x'": 60, "b": 30})
        for n, name in enumerate("abc")
    ]
    text = init(write_zones(tmp_path / "z.geojson", features), out=tmp_path / "audit.toml")
    assert tomllib.loads(text)["id"] == "id"


def test_nothing_is_overwritten_and_a_wrong_setting_is_named(zones, tmp_path):
    init(zones, out=tmp_path / "audit.toml")
    with pytest.raises(StudyError, match="must not replace another"):
        init(zones, out=tmp_path / "audit.toml")
    (tmp_path / "audit.toml").write_text('zoness = "z"\n', encoding="utf-8")
    request = audit_all.Request(settings=tmp_path / "audit.toml", out=tmp_path / "o")
    with pytest.raises(StudyError, match="Did you mean 'zones'"):
        audit_all.perform(request, Context())
    (tmp_path / "audit.toml").write_text("zones = 3\n", encoding="utf-8")
    with pytest.raises(StudyError, match="must hold what its fields say"):
        audit_all.perform(request, Context())
    (tmp_path / "audit.toml").write_text("zones = \n", encoding="utf-8")
    with pytest.raises(StudyError, match="must be TOML"):
        audit_all.perform(request, Context())


def test_what_is_typed_goes_before_the_file_at_its_default_too(zones, tmp_path):
    """As the values were compared, 999 was taken for nobody's choice, and the file's 100 won."""
    text = init(zones, grid(tmp_path), out=tmp_path / "audit.toml")
    (tmp_path / "audit.toml").write_text(text + "replicates = 100\n", encoding="utf-8")
    for typed, used in ((["--replicates", "999"], 999), ([], 100)):
        done = CliRunner().invoke(
            app, ["audit", "exposure", "--settings", str(tmp_path / "audit.toml"),
                  "--out", str(tmp_path / "o"), *typed],
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        kept = json.loads((tmp_path / "o" / "results.json").read_text(encoding="utf-8"))
        assert kept["settings"]["replicates"] == used


def test_a_billion_replicates_are_refused_before_they_are_drawn():
    with pytest.raises(StudyError, match="at most 100,000"):
        ExposureSettings(replicates=1_000_000_000)
    done = CliRunner().invoke(app, ["audit", "exposure", "--replicates", "1000000000"])
    assert done.exit_code == 2
    assert "100000" in done.output


def test_one_audit_takes_its_settings_from_the_file_of_all(zones, tmp_path):
    text = init(zones, grid(tmp_path), out=tmp_path / "audit.toml")
    more = "replicates = 100\nruns = 20\n"  # of exposure, and of feedback alone
    (tmp_path / "audit.toml").write_text(text + more, encoding="utf-8")
    asked = {"settings": tmp_path / "audit.toml", "out": tmp_path / "out"}
    alone = audit_exposure.perform(audit_exposure.Request(**asked, reference="black"), Context())
    assert {group.reference for group in alone.results.groups} == {"black"}
    assert alone.results.settings.replicates == 100
    asked["out"] = tmp_path / "all"
    audit_all.perform(audit_all.Request(**asked, reference="black"), Context())
    assert (tmp_path / "out/results.json").read_bytes() == (
        tmp_path / "all/exposure/results.json"
    ).read_bytes()


def test_an_audit_names_all_that_it_lacks(zones, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(StudyError, match="must have its inputs") as caught:
        audit_exposure.perform(audit_exposure.Request(out=out, population="p"), Context())
    assert caught.value.found == "without --zones, --groups, --reference"
    (tmp_path / "a.toml").write_text('zones = "zones.geojson"\n', encoding="utf-8")
    request = audit_benchmark.Request(out=out, settings=tmp_path / "a.toml")
    with pytest.raises(StudyError) as caught:
        audit_benchmark.perform(request, Context())
    assert caught.value.found == "without --groups, --population, --reference, --predictions"
    assert not out.exists()


@pytest.mark.parametrize("line", ['out = "x"', 'settings = "x"', "kind = 1"])
def test_what_no_audit_reads_from_a_file_is_refused(line, zones, tmp_path):
    (tmp_path / "a.toml").write_text(line + "\n", encoding="utf-8")
    request = audit_exposure.Request(out=tmp_path / "out", settings=tmp_path / "a.toml")
    with pytest.raises(StudyError, match="must be one that there is"):
        audit_exposure.perform(request, Context())


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_no_number_of_a_request_is_without_end(value, zones, tmp_path):
    with pytest.raises(StudyError, match="audit_init, box_m"):
        init(zones, out=tmp_path / "audit.toml", box_m=value)


def test_no_number_of_a_request_is_larger_than_what_holds_it(tmp_path):
    (tmp_path / "a.toml").write_text(f"seed = {10**20}\n", encoding="utf-8")
    request = audit_exposure.Request(out=tmp_path / "out", settings=tmp_path / "a.toml")
    with pytest.raises(StudyError, match="audit_exposure, seed"):
        audit_exposure.perform(request, Context())


@pytest.mark.parametrize(
    ("spacing", "proposed", "others"),
    [(149.0, 150.0, ("152.4",)), (151.0, 150.0, ("152.4",)), (153.0, 152.4, ("150",)),
     (250.0, 250.0, ())],
)  # fmt: skip
def test_500_feet_are_always_named_beside_150_metres(spacing, proposed, others, tmp_path):
    found = settings_of(propose_audit([grid(tmp_path, spacing)]))["box_m"]
    assert (found.value, found.others) == (proposed, others)
    mine = settings_of(propose_audit([grid(tmp_path, spacing)], proposed))["box_m"]
    assert f"{proposed:g}" not in mine.others, "what was given is no other"


def counts(tmp_path, header="place,count", more=""):
    path = tmp_path / "counts.csv"
    rows = "\n".join(f"p{n},{n}{more}" for n in range(40))
    path.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    return path


def test_how_many_places_are_flagged_is_offered_and_asked_for(tmp_path):
    made = propose_audit([counts(tmp_path)])
    top = settings_of(made)["top"]
    assert (top.value, top.sure) == (2, False), "one in twenty of 40, behind a #"
    assert "no_flags" in {one.code for one in made.doubts}
    text = init(counts(tmp_path), out=tmp_path / "audit.toml")
    assert "\n# top = 2\n" in text
    assert "top" not in tomllib.loads(text)


def test_flags_that_are_there_need_no_number(tmp_path):
    made = propose_audit([counts(tmp_path, "place,count,flagged", ",1")])
    assert "top" not in settings_of(made)
    assert not made.doubts


def test_another_way_to_flag_is_named_where_areas_are_known(tmp_path):
    made = propose_audit([counts(tmp_path, "place,count,area_km2", ",0.5")])
    assert settings_of(made)["top"].others == ("area_fraction",)


@pytest.mark.parametrize(
    ("rows", "sure"), [("a,.4,.6,n\na,.2,.6,s\n", True), ("a,.4,.6,n\nb,.2,.6,n\n", False)]
)
def test_what_tells_rates_of_a_category_apart_is_proposed(rows, sure, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("category,low,high,side\n" + rows, encoding="utf-8")
    by = settings_of(propose_audit([path]))["by"]
    assert (by.value, by.sure) == ("side", sure)


def test_facts_of_places_are_known(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("place,population\np0,9\n", encoding="utf-8")
    text = init(counts(tmp_path), path, out=tmp_path / "audit.toml")
    assert tomllib.loads(text)["places"] == "places.csv"


def test_letters_that_toml_forbids_do_no_harm(tmp_path):
    names = {"a\x7f\x00": 60, "b": 30, "c\x00\u202e": 70}
    features = [
        feature(name, square(n, 0), population=100, **names) for n, name in enumerate("abc")
    ]
    text = init(write_zones(tmp_path / "z.geojson", features), out=tmp_path / "audit.toml")
    assert tomllib.loads(text)["groups"] == ["a\x7f\x00", "b"]


FORMS = [one for one in PRESETS if one.name != "split-date"]


@pytest.mark.parametrize("form", FORMS, ids=[one.name for one in FORMS])
def test_a_log_of_a_known_form_is_given_its_command_and_no_zone(form, tmp_path):
    log = native(tmp_path / "who looked.csv", preset=form.name)
    text = init(log, out=tmp_path / "audit.toml")
    assert tomllib.loads(text) == {}, "nothing but comments"
    kind = form.kinds[0] if len(form.kinds) == 1 else "KIND"
    assert (
        f"#   veedor audit access 'who looked.csv' --kind {kind} --time-zone ZONE --salt salt.txt"
        in text
    )
    assert form.name in text and "ZONE:" in text and "#   openssl rand -hex 32 > salt.txt\n" in text
    assert "No setting of an audit of places" in text and "audit all" not in text
    assert ("KIND:" in text) == (kind == "KIND")
    assert "User1" not in text and "ZZ199QX" not in text and "user-1" not in text


def test_a_log_of_anyones_own_must_have_its_times_said_too(tmp_path):
    log = write(tmp_path / "log.csv", ["Fecha y hora", "Operador", "Motivo"],
                ["2025-06-18 07:02:01", "J. Perez", "robo"])  # fmt: skip
    made = propose_audit([log])
    (one,) = made.logs
    assert (one.preset, one.kinds, one.times) == ("generic", ("network", "own", "event"), None)
    assert one.columns == {"at": "Fecha y hora", "user": "Operador", "reason": "Motivo"}
    text = init(log, out=tmp_path / "audit.toml")
    assert "--time-zone ZONE --times TIMES" in text and "Perez" not in text


def test_a_log_stands_beside_what_an_audit_of_places_reads(zones, tmp_path):
    text = init(zones, native(tmp_path / "log.csv"), out=tmp_path / "audit.toml")
    assert set(tomllib.loads(text)) >= {"zones", "population"} and "veedor audit access" in text
    assert "veedor audit all" in text and "No setting" not in text


def test_of_a_log_alone_no_setting_is_said_to_be_proposed(tmp_path):
    done = audit_init.perform(
        audit_init.Request(files=(native(tmp_path / "log.csv"),), out=tmp_path / "audit.toml"),
        Context(),
    )
    (section,) = done.document.headline
    told = " ".join((*section.sentences, *section.points))
    assert told.startswith("1 file is a log of look-ups") and "0 settings" not in told


@pytest.mark.parametrize("headers", [
    ["date", "user", "lat", "lon"], ["fecha", "motivo", "patente"],
    ["First Name", "Last Name", "Email", "Role", "Search", "Last Login"],
])  # fmt: skip
def test_what_is_no_log_is_none(headers, tmp_path):
    assert propose_log(write(tmp_path / "t.csv", headers, ["2025-01-01"] * len(headers))) is None
