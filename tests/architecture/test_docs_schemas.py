"""JSON Schemas in the docs are those of the types that write the files."""

import importlib.util
import json
from importlib.metadata import version
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


def _is_pinned(name):
    pins = (DOCS.parent / "constraints.txt").read_text(encoding="utf-8").split()
    return f"{name}=={version(name)}" in pins


def _ordered(schema):
    """Order the kinds that a value may be of: msgspec before 0.21 names null last."""
    if isinstance(schema, dict):
        held = {key: _ordered(value) for key, value in schema.items()}
        if "anyOf" in held:
            held["anyOf"] = sorted(held["anyOf"], key=json.dumps)
        return held
    return [_ordered(one) for one in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("name", _schemas().TYPES)
def test_the_schema_is_that_of_the_type(name):
    kind, about = _schemas().TYPES[name]
    written = (DOCS / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    now = _schemas().schema(kind)
    if not _is_pinned("msgspec"):
        written, now = (_ordered(json.loads(one)) for one in (written, now))
    assert written == now, "run `python docs/_ext/json_schemas.py` to bring docs/schemas up to date"
    assert about in (DOCS / "schemas" / "index.md").read_text(encoding="utf-8")
