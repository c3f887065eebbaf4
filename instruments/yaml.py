"""Strict YAML: what the author wrote is what is read, and every value keeps its line.

YAML 1.2 by ruamel.yaml, composed into nodes and turned into JSON values here, so that nothing is
converted unseen: ``NO`` and ``12:30`` are text, a date stays the text it was written as, and a number
counts only in plain decimal. Refused because they make a value differ from what stands on its line:
duplicate keys, keys that are not text, anchors, aliases, merge keys, tags, directives, tabs, byte order
marks, and values left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from servanda.instruments.problems import Fault, Path, Place, Problem, format_path

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

DEEPEST = 50
"""Lists and mappings within each other; the parser's time grows with the square of them."""

LARGEST_FILE = 1_000_000
"""Bytes; the text of an instrument stands beside its YAML, not in it."""

MOST_ENTRIES = 20_000
"""Colons, commas and line ends: each entry needs one at least; the parser takes a second for thousands."""

LONGEST_VALUE = 20_000
"""Characters of one value; the longest that is quoted from an instrument is a passage."""

LONGEST_NUMBER = 18
"""Digits; nothing here counts further, and Python refuses to read the longest."""

_TAG = "tag:yaml.org,2002:"
_OPENING = frozenset({"SequenceStartEvent", "MappingStartEvent"})
_CLOSING = frozenset({"SequenceEndEvent", "MappingEndEvent"})
_PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class SourceMark:
    """Where a value stands, and how it was written: None for a mapping or list."""

    line: int
    written: str | None


@dataclass(frozen=True)
class YamlFile:
    """One YAML file: its value as JSON, and for every path inside it the line and the text as written."""

    file: str
    value: Json
    marks: Mapping[Path, SourceMark] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problem(self, fault: Fault) -> Problem:
        return fault.at(self.file, self.place(fault.path))

    def place(self, path: Path) -> Place:
        """Where a value stands: on the line of the deepest key on its path that the file holds."""
        known = next((p for n in range(len(path), -1, -1) if (p := path[:n]) in self.marks), None)
        line = self.marks[known].line if known is not None else 1
        return Place(line, self.marks[path].written if path in self.marks else None)


@lru_cache(maxsize=1024)
def read_yaml(file: str, raw: bytes) -> YamlFile:
    """Read one file; ``value`` is None where ``problems`` say that it could not be read at all.

    The same bytes are read once a process: most of loading a catalogue is this, and a process loads it again
    for each task and each moment of a replay. Nobody changes what they are given.
    """
    if (too_large := _size_problem(file, raw)) is not None:
        return YamlFile(file, None, {}, (too_large,))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        written = f"byte 0x{raw[error.start]:02x}"
        return YamlFile(file, None, {}, (Problem(file, line, "", written, "is not UTF-8", "UTF-8 text"),))
    events: list[Any] = []
    problems = tuple(_refused_characters(file, text)) or tuple(_refused_events(file, text, events))
    if problems:
        return YamlFile(file, None, {}, problems)
    try:
        return _compose(file, events)
    except RecursionError:
        deep = Problem(file, 1, "", None, "is nested too deeply", "a few levels")
        return YamlFile(file, None, {}, (deep,))


def _size_problem(file: str, raw: bytes) -> Problem | None:
    """What is too large to be looked at, by counting alone."""
    if len(raw) > LARGEST_FILE:
        return Problem(file, None, "", f"{len(raw)} bytes", "is too large", f"up to {LARGEST_FILE} bytes")
    entries = sum(raw.count(mark) for mark in (b":", b",", b"\n"))
    if entries > MOST_ENTRIES:
        found, valid = f"{entries} colons, commas and line ends", f"up to {MOST_ENTRIES} of them"
        return Problem(file, None, "", found, "has too many entries", valid)
    return None


def _compose(file: str, events: list[Any]) -> YamlFile:
    """The file's value, of the events that were looked at: to read them takes longest, and is done once."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Parser = lambda loader: _EventReplay(events)  # noqa: ARG005  # the name by which it is called
    node = yaml.composer.get_single_node()
    if not isinstance(node, MappingNode):
        found = "is empty" if node is None else "is not a mapping"
        return YamlFile(file, None, {}, (Problem(file, 1, "", None, found, "`key: value` lines"),))
    conversion = _Conversion(file)
    value = conversion.convert(node, ())
    return YamlFile(file, value, conversion.marks, tuple(conversion.problems))


def _refused_characters(file: str, text: str) -> Iterator[Problem]:
    if text.startswith("\ufeff"):
        yield Problem(file, 1, "", None, "begins with a byte order mark", "UTF-8 without one")
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if "\t" in line:
            yield Problem(file, number, "", line.strip(), "holds a tab", "spaces")
        if line.startswith("%"):
            yield Problem(file, number, "", line.strip(), "is a YAML directive", "no directives: YAML 1.2")
        if found := _CONTROL.search(line):
            yield Problem(file, number, "", repr(found[0]), "is a control character", "printable text")


class _EventReplay:
    """What a composer asks of a parser, answered from events that were read before."""

    def __init__(self, events: list[Any]) -> None:
        self._events = events
        self._next = 0

    def check_event(self, *kinds: type) -> bool:
        return self._next < len(self._events) and (not kinds or isinstance(self.peek_event(), kinds))

    def peek_event(self) -> Any:
        return self._events[self._next]

    def get_event(self) -> Any:
        self._next += 1
        return self._events[self._next - 1]


def _refused_events(file: str, text: str, events: list[Any]) -> Iterator[Problem]:
    """Broken syntax, anchors, aliases, tags, a second document, and what is nested too deeply.

    Every event that was looked at is added to ``events``.
    """
    documents = depth = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            events.append(event)
            line = event.start_mark.line + 1
            kind = type(event).__name__
            depth += kind in _OPENING
            depth -= kind in _CLOSING
            if depth > DEEPEST:
                yield Problem(file, line, "", None, "is nested too deeply", "a few levels")
                return
            if len(getattr(event, "value", "")) > LONGEST_VALUE:
                written = f"{event.value[:40]}…"
                yield Problem(file, line, "", written, "is too long", f"up to {LONGEST_VALUE} characters")
            documents += kind == "DocumentStartEvent"
            if documents == 2:
                yield Problem(file, line, "", "---", "starts a second document", "one document a file")
                return
            if getattr(event, "anchor", None) is not None:
                sign = "*" if kind == "AliasEvent" else "&"
                written = f"{sign}{event.anchor}"
                yield Problem(file, line, "", written, "is an anchor or alias", "the value itself")
            if getattr(event, "tag", None) is not None:
                written = str(event.tag).replace(_TAG, "!!")
                yield Problem(file, line, "", written, "is a tag", "the value alone, quoted if it is text")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = ", ".join(part for part in (error.context, error.problem) if part)
        yield Problem(file, mark.line + 1 if mark else 1, "", None, f"is not YAML: {why}")
    except YAMLError as error:
        yield Problem(file, 1, "", None, f"is not YAML: {error}")


class _Conversion:
    """Nodes → JSON values, with a mark for every path; what is refused is noted and reading goes on."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[Path, SourceMark] = {(): SourceMark(1, None)}
        self.problems: list[Problem] = []

    def convert(self, node: Node, path: Path) -> Json:
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._item(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, path)

    def _item(self, node: Node, path: Path) -> Json:
        self._mark(node, node, path)
        return self.convert(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for key, value in node.value:
            if not self._is_a_key(key, path):
                continue
            inner = (*path, key.value)
            if key.value in found:
                first = self.marks[inner].line
                self._note(_line(key), inner, None, f"stands twice, first on line {first}", "each key once")
                continue
            self._mark(key, value, inner)
            found[key.value] = self.convert(value, inner)
        return found

    def _is_a_key(self, key: Node, path: Path) -> bool:
        if isinstance(key, ScalarNode) and key.tag == _TAG + "str":
            return True
        written = key.value if isinstance(key, ScalarNode) else "a list or mapping"
        what = "is a merge key" if key.tag == _TAG + "merge" else "is a key that is not text"
        self._note(_line(key), (*path, written), None, what, "a key in plain or quoted letters")
        return False

    def _scalar(self, node: ScalarNode, path: Path) -> Json:
        tag, written = str(node.tag).removeprefix(_TAG), node.value
        if tag == "null":
            if not written:
                self._note(
                    self.marks[path].line, path, None, "has no value", "a value, `null`, or no such line"
                )
            return None
        if tag == "bool":
            return str(written).lower() == "true"
        if tag in ("int", "float"):
            return self._number(node, path)
        return str(written)

    def _number(self, node: ScalarNode, path: Path) -> int | float | str:
        if _PLAIN_DECIMAL.fullmatch(node.value) is None:
            valid = f'plain decimal digits, or "{node.value}" in quotes if it is text'
            self._note(self.marks[path].line, path, node.value, "is read as a number by YAML", valid)
            return str(node.value)
        if len(node.value) > LONGEST_NUMBER:
            self._note(
                self.marks[path].line, path, node.value[:40], "is too long a number", "up to 18 digits"
            )
            return 0
        return float(node.value) if "." in node.value else int(node.value)

    def _mark(self, at: Node, value: Node, path: Path) -> None:
        written = str(value.value) if isinstance(value, ScalarNode) else None
        self.marks[path] = SourceMark(_line(at), written)

    def _note(self, line: int, path: Path, value: str | None, message: str, valid: str) -> None:
        self.problems.append(Problem(self.file, line, format_path(path), value, message, valid))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
