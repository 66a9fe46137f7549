"""The description of the JSON API, made from the types that it answers with."""

from __future__ import annotations

from typing import Any

import msgspec

import veedor
from veedor.web.observatory import answers

_REFERENCE = "#/components/schemas/{name}"
#: Address -> what it answers with, whether it has pages, and what it is.
_PATHS: dict[str, tuple[type[Any], bool, str]] = {
    "/api/publications.json": (answers.Publications, True, "All that was published."),
    "/api/publications/{key}.json": (answers.WholePublication, False, "A published thing."),
    "/api/promises.json": (answers.Promises, True, "Every promise of every log."),
    "/api/scoreboard.json": (answers.Scoreboard, False, "How all promises went, as one family."),
}


def described() -> dict[str, Any]:
    """Return the description: OpenAPI 3.1."""
    types = [*(of for of, *_ in _PATHS.values()), answers.Problem]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    wrong = _content(schemas[-1], "application/problem+json")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "veedor: a public observatory",
            "version": veedor.__version__,
            "description": "Read only, without a key. Errors are problems of RFC 9457.",
        },
        "paths": {
            address: {"get": _operation(address, schema, wrong)}
            for address, schema in zip(_PATHS, schemas, strict=False)
        },
        "components": {"schemas": components},
    }


def _operation(address: str, schema: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    _, paged, told = _PATHS[address]
    keyed = "{key}" in address
    parameters: list[dict[str, Any]] = []
    if keyed:
        text = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
        parameters.append({"name": "key", "in": "path", "required": True, "schema": text})
    if paged:
        parts = msgspec.json.schema_components([answers.Paging])[1]["Paging"]["properties"]
        parameters += [{"name": name, "in": "query", "schema": one} for name, one in parts.items()]
    answered = {"200": {"description": told, "content": _content(schema, "application/json")}}
    refused = {"400": "A parameter is not as it must be.", "429": "Too much was asked."}
    if keyed or paged:
        refused["404"] = "There is no such page." if paged else "There is no such publication."
    return {
        "summary": told,
        "operationId": address.removeprefix("/api/").partition(".")[0].replace("/{key}", "_one"),
        "parameters": parameters,
        "responses": answered
        | {code: {"description": why, "content": wrong} for code, why in refused.items()},
    }


def _content(schema: dict[str, Any], kind: str) -> dict[str, Any]:
    return {kind: {"schema": schema}}
