"""As much of JSON Schema as SendGrid's OpenAPI files use; whatever else they say is an error."""

import re
from typing import Any

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}
CHECKED = {
    "type", "required", "properties", "additionalProperties", "maxProperties", "items",
    "maxItems", "uniqueItems", "minLength", "maxLength", "enum", "pattern", "$ref",
}  # fmt: skip
TOLD = {"title", "description", "example", "examples", "default", "nullable", "format"}


def problems(
    value: object, schema: dict[str, Any], root: dict[str, Any], at: str = ""
) -> list[str]:
    """Return what is wrong with a value, each with its place; nothing where it is as described."""
    if "$ref" in schema:
        schema = {**follow(schema["$ref"], root), **{k: v for k, v in schema.items() if k in TOLD}}
    if unknown := set(schema) - CHECKED - TOLD:
        return [f"{at}: the schema says {unknown}, which is not checked here"]
    kind = schema.get("type")
    wrong = kind and not isinstance(value, TYPES[kind])
    if wrong or (kind == "integer" and isinstance(value, bool)):
        return [f"{at}: not of type {kind}"]
    if isinstance(value, dict):
        return in_object(value, schema, root, at)
    if isinstance(value, list):
        return in_array(value, schema, root, at)
    return in_text(value, schema, at) if isinstance(value, str) else []


def in_object(
    value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str
) -> list[str]:
    found = [f"{at}.{name}: missing" for name in schema.get("required", []) if name not in value]
    if len(value) > schema.get("maxProperties", len(value)):
        found.append(f"{at}: too many properties")
    known = schema.get("properties", {})
    for name, inner in value.items():
        described = known.get(name, schema.get("additionalProperties"))
        if described is None and known:
            found.append(f"{at}.{name}: not described")
        elif isinstance(described, dict):
            found += problems(inner, described, root, f"{at}.{name}")
    return found


def in_array(value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: too long"] if len(value) > schema.get("maxItems", len(value)) else []
    if schema.get("uniqueItems") and len({repr(item) for item in value}) < len(value):
        found.append(f"{at}: not unique")
    for number, item in enumerate(value):
        found += problems(item, schema.get("items", {}), root, f"{at}[{number}]")
    return found


def in_text(value: str, schema: dict[str, Any], at: str) -> list[str]:
    found = []
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        found.append(f"{at}: wrong length")
    if value not in schema.get("enum", [value]):
        found.append(f"{at}: not one of {schema['enum']}")
    if not re.search(schema.get("pattern", ""), value):
        found.append(f"{at}: not as the pattern says")
    return found


def follow(reference: str, root: dict[str, Any]) -> dict[str, Any]:
    """Return what ``#/components/…`` names."""
    found = root
    for word in reference.removeprefix("#/").split("/"):
        found = found[word]
    return found
