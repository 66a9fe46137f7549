"""JSON Schemas in the docs are those of the types that write the files."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _schemas():
    path = DOCS / "_ext" / "json_schemas.py"
    spec = importlib.util.spec_from_file_location("json_schemas", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_code_stands_with_its_words():
    written = (DOCS / "schemas" / "codes.md").read_text(encoding="utf-8")
    assert written == _schemas().codes(), (
        "run `python docs/_ext/json_schemas.py` to bring docs/schemas/codes.md up to date"
    )


@pytest.mark.parametrize("name", _schemas().TYPES)
def test_the_schema_is_that_of_the_type(name):
    kind, about = _schemas().TYPES[name]
    written = (DOCS / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert written == _schemas().schema(kind), (
        "run `python docs/_ext/json_schemas.py` to bring docs/schemas up to date"
    )
    assert about in (DOCS / "schemas" / "index.md").read_text(encoding="utf-8")
