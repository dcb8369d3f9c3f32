"""An OpenAPI schema flattened into what a reference page lists: operations, fields, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field or parameter; `model` names the schema that its type is made of, if one is."""

    name: str
    type: str
    model: str
    required: bool
    limits: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    request: str
    response: str
    statuses: tuple[tuple[str, str], ...]


def operations(schema: Schema) -> dict[str, list[Operation]]:
    """Operations by tag, in the order of the schema."""
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            tag = described.get("tags", ["Other"])[0]
            by_tag.setdefault(tag, []).append(_operation(method, path, described))
    return by_tag


def schemas(schema: Schema) -> dict[str, tuple[str, list[Field]]]:
    """Each model's description and fields, by name."""
    return {
        name: (model.get("description", ""), list(_fields(model)))
        for name, model in sorted(schema["components"]["schemas"].items())
        if not name.endswith("ValidationError")
    }


def _operation(method: str, path: str, described: Schema) -> Operation:
    responses = described["responses"]
    sent = responses["200"].get("content", {}).get("application/json", {}).get("schema", {})
    asked = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        method.upper(),
        path,
        described.get("summary", ""),
        described.get("description", ""),
        tuple(
            _field(p["name"], p["schema"], p.get("required", False), p.get("description", ""))
            for p in described.get("parameters", [])
        ),
        _model(asked.get("schema", {})),
        _model(sent),
        tuple((s, r["description"]) for s, r in sorted(responses.items()) if s != "200"),
    )


def _fields(model: Schema) -> Iterator[Field]:
    required = set(model.get("required", ()))
    for name, described in model.get("properties", {}).items():
        yield _field(name, described, name in required, described.get("description", ""))


def _field(name: str, described: Schema, required: bool, description: str) -> Field:
    return Field(
        name, _type(described), _model(described), required, _limits(described), description
    )


def _type(described: Schema) -> str:
    if "$ref" in described:
        return str(described["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in described:
        return " or ".join(_type(option) for option in described["anyOf"])
    if "enum" in described:
        return " | ".join(f"“{value}”" for value in described["enum"])
    if "const" in described:
        return f"“{described['const']}”"
    if described.get("type") == "array":
        return f"list of {_type(described.get('items', {}))}"
    kind = str(described.get("type", "any"))
    return str(described.get("format", kind)) if kind == "string" else kind


def _model(described: Schema) -> str:
    """The schema that a type is made of, through lists and alternatives; empty: none."""
    for inner in (described, described.get("items", {}), *described.get("anyOf", ())):
        if "$ref" in inner:
            return str(inner["$ref"]).rsplit("/", 1)[-1]
    return ""


def _limits(described: Schema) -> str:
    stated: list[str] = []
    for option in (described, *described.get("anyOf", ())):
        stated += [
            words.format(f"{option[key]:,}") for key, words in _LIMITS.items() if key in option
        ]
    default = described.get("default")
    if default not in (None, [], ""):
        stated.append(f"default {default}")
    return ", ".join(stated)
