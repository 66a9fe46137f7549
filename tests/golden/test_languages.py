"""Every page in a language that nobody speaks, and every number as it was in English."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from holidays import country_holidays
from tests import made_up_readings
from tests.golden import county, looked, topics, town
from tests.golden.commands import perform
from tests.golden.pseudo import LANGUAGE, LOCALE, Said, spoken, untouched

from veedor.audits.access.reasons import word_lists
from veedor.disclosure.record import framework

#: Columns of estimates.csv that are words.
WORDS = (
    "denominator", "method",
    "what", "term", "provision",  # of deadlines
    "asked",  # of a record
    "answer", "meaning",  # of a codebook to begin with
)  # fmt: skip
#: What users, files, formats and other people are called.
NAMES = [
    "A made-up town", "the town", "robbery", "theft", "tenants", "owners", "residents", "vendor",
    "west", "east", "north", "south", " score 1.000", *town.FORECASTERS, "veedor", "UTC",
    "America/Argentina/", "veedor run town",
    "veedor run-many towns", "south/old town",
    "A made-up county", "the county", "street robbery", "Census office, 2022 projections",
    "cvli", " km", "isp-rj", "região", "veedor run county with people",
    *county.NAMES, *county.FORECASTERS,
    "way to school", "way to market", "camera", "ALPR",
    topics.BECAUSE, *topics.NAMES,
    # Words of lists that ship, which are of two languages in every language.
    *(", ".join(one.printed()) for one in word_lists()),
    *looked.FORCES, *looked.UNITS, *(name for name, *_ in looked.SHIFTS), "officer", "native-1",
    # Offences, as their publisher calls them.
    "Homicídio doloso", "Lesão corporal seguida de morte", "Latrocínio (roubo seguido de morte)",
    "Crimes violentos letais intencionais", "Roubo a transeunte", "Roubo de aparelho celular",
    "Roubo em coletivo", "Roubo de rua", "Roubo de veículo", "Tráfico de drogas",
    # Laws and their parts, a country, its holidays, and the package that knows them.
    "Ley 27.275", "Ley 25.326", "Decreto 206/2017", ", inc. ", "Argentina", "holidays",
    *country_holidays("AR", years=2026, language="es").values(),
    # A record of a system: its sources, and those of the texts that it is set beside.
    "alertas de patentes", "Ministerio de Seguridad de la Provincia", "Página del ministerio",
    "Pedido de acceso a la información EX-2026-9931", "Nota NO-2026-", "-SSI", ", punto ",
    *framework("ley-25326").articles.values(), *framework("eu-ai-act-27").articles.values(),
    *(
        framework(key).source.partition(", http")[0]
        for key in ("ley-25326", "eu-ai-act-27", "uk-atrs")
    ),
    "veedor reading plan",
    # A codebook, as whoever asks people to read wrote it.
    "not to be told", "What the alert says was there.", "It was not there.",
    "What is shown does not say.", "It cannot be seen.",
]  # fmt: skip
#: What stands alone in a cell of a table: columns of the town's files, and codes of a system's
#: measures, which have no line in them.
CELLS = {
    "id", "occurred_at", "lat", "lon", "category", "note", "latitude", "longitude", "time",
    "covered", "population", "observed", "own", "shared", "auc", "accuracy", "prevalence", "all",
    "centre", "box", "ice", "devices", "view",
    # Of what people did: a role, a part and a way as in estimates.csv.
    "sensitive", "series", "reml",
    # Of readings: parts and scenarios as in estimates.csv, answers, and strata by their columns.
    "alerts", "others", "strict", "settled", "lenient", "least", "median", "most", "right", "wrong",
    *(f"flagged=true; kind={kind}" for kind in made_up_readings.KINDS),
    *(f"flagged=false; kind={kind}" for kind in made_up_readings.KINDS),
}  # fmt: skip
#: A hash, a file, a key of a file, a source, a code of a measure after its name: the same in every
#: language.
SAME = re.compile(
    r"\+\w+=[^\s)]*|\+no_defs|[0-9a-f]{16,}|\S+\.(?:csv|parquet|geojson|toml|json|html|docx)"
    r"|https?://\S+|\b\d\d-[a-z_]+|\b\w+_\w*|EPSG:\d+|.*doi\.org.*|Hunt \(2016\).*"
    r"|\((?:[a-z]{2,4}|accuracy|prevalence)\)|: (?:[a-z]{2,4}|accuracy|prevalence)\)"
)


#: Words that English sentences are held together by, and that Spanish does not have.
ENGLISH = re.compile(
    r"\b(the|of|and|with|was|were|by|is|are|that|from|this|for|which|at|than|it|its|be|has|have|"
    r"when|where|not|what|who|or|on|more|less|each|every|none|hours?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)
#: Letters are in the language of a law, whatever the reader's.
LETTER = re.compile(r"letters/\d\d")
#: A statistic's code behind its name.
CODE = re.compile(r"\([a-z]+\)")


@pytest.fixture(scope="session")
def there(tmp_path_factory: pytest.TempPathFactory, worker_id: str, state: None) -> Path:
    """Where every command was called in the other language."""
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "golden-elsewhere"
    with FileLock(f"{place}.lock"), pytest.MonkeyPatch.context() as patched:
        if not place.with_suffix(".json").exists():
            patched.setenv("LC_ALL", f"{LOCALE}.UTF-8")
            with spoken(place.with_suffix(".locale")):
                made = dict(perform(place))
            place.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
    return place


def files(folder: Path, *names: str) -> Iterator[Path]:
    """Files of these names, without the workshops of runs."""
    for name in names:
        for path in sorted(folder.rglob(name)):
            if ".veedor" not in path.parts:
                yield path.relative_to(folder)


def test_pages_hold_no_word_from_outside_of_the_catalogue(there):
    wrong, pages = [], [one for one in files(there, "*.html") if not LETTER.search(str(one))]
    for page in pages:
        text = (there / page).read_text(encoding="utf-8")
        said = Said()
        said.feed(text)
        assert f'<html lang="{LANGUAGE}' in text
        assert len(said.texts) > 50
        packages = json.loads((there / "town/results/manifest.json").read_text())["packages"]
        seen = [one for one in said.texts if one not in CELLS and one not in packages]
        left = untouched([SAME.sub(" ", one) for one in seen], NAMES)
        wrong += [f"{page}: {one[:120]}" for one in left]
    assert len(pages) > 10
    assert not wrong, "\n".join(wrong)


def test_numbers_are_the_same_bytes_in_every_language(folder, there):
    names = (
        "results.json",
        "record.json",
        "changes.json",
        "quality.json",
        "patterns.json",
        "places.geojson",
    )
    found = list(files(folder, *names))
    assert len(found) > 10
    for path in found:
        assert (folder / path).read_bytes() == (there / path).read_bytes(), path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a table, whatever a spreadsheet of the language wants between its fields."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    mark = max(",;", key=lines[0].count) if lines else ","
    return list(csv.DictReader(lines, delimiter=mark))


def test_tables_differ_in_columns_of_words_alone(folder, there):
    differing = set()
    for path in files(folder, "*.csv"):
        here, other = (rows_of(one / path) for one in (folder, there))
        assert len(here) == len(other)
        for row, same in zip(here, other, strict=True):
            differing |= {name for name in row if row[name] != same[name]}
    assert differing <= set(WORDS)
    assert "denominator" in differing


@pytest.mark.release(reason="that a catalogue lacks nothing, and is used, each run looks at")
def test_no_word_that_holds_english_together_is_left_on_a_page_in_spanish(spanish):
    names = re.compile("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))))
    wrong, pages = [], list(files(spanish, "*.html"))
    for page in pages:
        text, said = (spanish / page).read_text(encoding="utf-8"), Said()
        said.feed(text)
        assert '<html lang="es' in text
        for one in dict.fromkeys(said.texts):
            if ENGLISH.search(names.sub(" ", CODE.sub(" ", SAME.sub(" ", one)))):
                wrong.append(f"{page}: {one[:120]}")
    assert len(pages) > 10
    assert not wrong, "\n".join(wrong)
