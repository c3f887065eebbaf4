"""A YAML file against the type it must have: every difference, with what would be valid there.

pydantic judges; its strict mode takes JSON, not Python dictionaries. What would be valid is read off
the type's JSON schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from servanda.instruments.problems import Fault, Path, Problem
from servanda.instruments.yaml import Json, YamlFile

T = TypeVar("T")
Schema = dict[str, Any]

_AS_WRITTEN = {
    "date": (re.compile(r"\d{4}-\d{2}-\d{2}"), "not a date", "a date such as 2019-06-07"),
    "duration": (
        re.compile(r"P(?=\d|T\d)(\d+W|(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)"),
        "not an ISO 8601 duration of weeks, days, hours, minutes or seconds",
        "a duration such as PT30M, PT6H, P1D or P1DT12H",
    ),
}
"""pydantic alone would also take 12:30, "1 day", or the seconds since 1970."""

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is an unknown key",
    "unexpected_keyword_argument": "is an unknown key",
    "literal_error": "is not one of the known words",
    "string_type": "is not text",
    "int_type": "is not a whole number",
    "float_type": "is not a number",
    "bool_type": "is not true or false",
    "tuple_type": "is not a list",
    "dict_type": "is not a mapping",
    "model_type": "is not a mapping",
    "dataclass_type": "is not a mapping",
    "too_short": "is too short",
    "string_pattern_mismatch": "is not of the form that is due",
    "union_tag_invalid": "has an unknown platform",
    "union_tag_not_found": "has no platform",
}
_NOT_HERE = "comes from a file of its own"
_PATTERNS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "a-z and 0-9, words joined by hyphens",
    "^https?://[^\\s]+$": "an http or https address",
    "^/[^\\s]*$": "a path such as /news/",
}


class Shape(Generic[T]):
    """A type that a YAML file must have."""

    def __init__(self, adapter: TypeAdapter[T]) -> None:
        self._adapter = adapter

    @cached_property
    def _schema(self) -> Schema:
        return self._adapter.json_schema()

    def validate(self, written: YamlFile, given: Mapping[str, Json]) -> tuple[T | None, tuple[Problem, ...]]:
        """The value as its type, or None and every problem. ``given`` are keys that the file does not hold.

        Where the YAML itself was already objected to, the same place is not objected to twice.
        """
        if not isinstance(written.value, dict):
            return None, written.problems
        value: T | None = None
        doubled = sorted(given.keys() & written.value.keys())
        found = [written.problem(Fault((key,), _NOT_HERE, "no such line")) for key in doubled]
        found += [written.problem(fault) for fault in self._misspelled(written)]
        try:
            value = self._adapter.validate_json(json.dumps({**written.value, **given}))
        except ValidationError as error:
            errors = [e for e in error.errors(include_url=False) if not _follows_from_another(e)]
            found += [written.problem(self._fault(e, written)) for e in errors]
        problems = {(p.line, p.key): p for p in reversed((*written.problems, *found))}
        return (None if problems else value), tuple(problems.values())

    def read_back(self, content: bytes) -> T | None:
        """A value that was valid once, from its JSON; None where it is none any more."""
        try:
            return self._adapter.validate_json(content)
        except ValidationError:
            return None

    def _misspelled(self, written: YamlFile) -> Iterator[Fault]:
        """Dates and durations in a spelling that means something else, or that only a program would use."""
        for path, mark in written.marks.items():
            form = self._at(path, written.value).get("format")
            if form in _AS_WRITTEN and _value_at(written.value, path) is not None:
                pattern, message, valid = _AS_WRITTEN[form]
                if mark.written is None or pattern.fullmatch(mark.written) is None:
                    yield Fault(path, f"is {message}", valid)

    def _fault(self, error: ErrorDetails, written: YamlFile) -> Fault:
        path = _inside(error["loc"], written.value)
        message = _MESSAGES.get(error["type"]) or _plainly(error["msg"])
        if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            return Fault(path, message, self._known_keys(path, written.value))
        if error["type"].startswith("union_tag"):
            path = (*path, "platform")
        schema = self._at(path, written.value)
        value = _shown(_value_at(written.value, path)) if path in written.marks else None
        return Fault(path, message, self._describe(schema), value)

    def _known_keys(self, path: Path, value: Json) -> str:
        keys = list(self._at(path[:-1], value).get("properties", {}))
        close = get_close_matches(str(path[-1]), keys, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        return ", ".join(keys) + hint

    def _at(self, path: Path, value: Json) -> Schema:
        """The schema of a place; empty where the type knows no such place."""
        schema = self._resolved(self._schema, value)
        for step in path:
            value = _step(value, step)
            inner = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
            if not isinstance(inner, dict):
                return {}
            schema = self._resolved(inner, value)
        return schema

    def _resolved(self, schema: Schema, value: Json) -> Schema:
        """A schema without references and without the choice that ``value`` decides."""
        if "$ref" in schema:
            return self._resolved(self._schema["$defs"][schema["$ref"].rsplit("/", 1)[1]], value)
        if "discriminator" in schema:
            return self._resolved(self._chosen(schema["discriminator"], value), value)
        options = [o for o in schema.get("anyOf", ()) if o.get("type") != "null"]
        return {**self._resolved(options[0], value), "nullable": True} if options else schema

    def _chosen(self, discriminator: Schema, value: Json) -> Schema:
        name, mapping = discriminator["propertyName"], discriminator["mapping"]
        chosen = value.get(name) if isinstance(value, dict) else None
        if isinstance(chosen, str) and chosen in mapping:
            return {"$ref": mapping[chosen]}
        return {"type": "object", "properties": {name: {"enum": list(mapping)}}}

    def _describe(self, schema: Schema) -> str | None:
        orelse = " or null" if schema.get("nullable") else ""
        described = self._described(schema)
        return described + orelse if described else None

    def _described(self, schema: Schema) -> str | None:
        if "enum" in schema or "const" in schema:
            return ", ".join(schema.get("enum") or [schema["const"]])
        form, kind = schema.get("format"), schema.get("type")
        if form in _AS_WRITTEN:
            return _AS_WRITTEN[form][2]
        if kind == "string":
            return _PATTERNS.get(schema.get("pattern", ""), "text, in quotes if YAML reads something else")
        if kind in ("integer", "number"):
            return ("a whole number" if kind == "integer" else "a number") + _bounds(schema)
        if kind == "array":
            inner = self._describe(self._resolved(schema.get("items", {}), None))
            return "a list" + (f" of: {inner}" if inner else "")
        if kind == "object":
            return "a mapping with the keys " + ", ".join(schema.get("properties", {}))
        return "true or false" if kind == "boolean" else None


def _follows_from_another(error: ErrorDetails) -> bool:
    """A list that is too short only because its items were refused, each of which is reported."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _inside(loc: tuple[int | str, ...], value: Json) -> Path:
    """pydantic's location without the union tags that it puts between the keys."""
    path: list[str | int] = []
    for i, step in enumerate(loc):
        is_last = i == len(loc) - 1
        if isinstance(value, dict) and isinstance(step, str) and step not in value and not is_last:
            continue
        path.append(step)
        value = _step(value, step)
    return tuple(path)


def _step(value: Json, step: str | int) -> Json:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _value_at(value: Json, path: Path) -> Json:
    for step in path:
        value = _step(value, step)
    return value


def _shown(value: Json) -> str | None:
    """A stand-in for what has no text of its own; None where the text as written serves."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "null" if value is None else None


def _plainly(message: str) -> str:
    return message[:1].lower() + message[1:]


def _bounds(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f" from {least} to {most}"
    return f", at least {least}" if least is not None else ""
