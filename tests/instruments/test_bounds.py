"""What is too large for a catalogue is refused at once, with what would be valid."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from support.catalogues import feed_route, source, write_catalogue

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.instruments.instrument_checks import MOST_OF_A_KIND, instrument_faults
from servanda.instruments.problems import CatalogueError
from servanda.instruments.source_checks import MOST_ROUTES, source_faults
from servanda.instruments.yaml import LARGEST_FILE, LONGEST_VALUE, MOST_ENTRIES, read_yaml

TOO_MUCH = [
    ("fifty thousand keys", "".join(f"key{n}: {n}\n" for n in range(50_000)), "has too many entries"),
    ("as many in a list", "a:\n" + "- x\n" * 50_000, "has too many entries"),
    ("as many on one line", "a: [" + ", ".join(map(str, range(50_000))) + "]\n", "has too many entries"),
    ("a title of ten megabytes", f"title: {'x' * 10_000_000}\n", "is too large"),
    ("a long title", f"title: {'x' * (LONGEST_VALUE + 1)}\n", "is too long"),
]


@pytest.mark.parametrize(("text", "message"), [c[1:] for c in TOO_MUCH], ids=[c[0] for c in TOO_MUCH])
def test_what_is_too_much_is_refused_within_a_second(text: str, message: str) -> None:
    began = time.process_time()
    (problem,) = read_yaml("sources/us-a.yml", text.encode()).problems
    assert time.process_time() - began < 1.0
    assert problem.message == message
    assert "up to" in (problem.valid or "")


@pytest.mark.parametrize(
    "text",
    [
        f"title: {'x' * LONGEST_VALUE}\n",
        "title: x\n#" + "y" * (LARGEST_FILE - 11) + "\n",
        "a: [" + "," * (MOST_ENTRIES - 2),
    ],
    ids=["the longest value", "the largest file", "the most entries"],
)
def test_what_is_just_not_too_much_is_read(text: str) -> None:
    messages = {p.message for p in read_yaml("sources/us-a.yml", text.encode()).problems}
    assert not messages & {"is too long", "is too large", "has too many entries"}


def test_too_many_routes_are_refused() -> None:
    made = load_catalogue(builtin_catalogue()).source("us-state-press")
    for number, refused in ((MOST_ROUTES, False), (MOST_ROUTES + 1, True)):
        many = made.model_copy(update={"routes": made.routes[:1] * number})
        said = [str(fault.message) for fault in source_faults(many, many.id, None)]
        assert (f"has {number} entries" in said) is refused


@pytest.mark.parametrize("name", ["commitments", "concepts", "rules"])
def test_too_many_of_a_kind_are_refused(name: str) -> None:
    made = load_catalogue(builtin_catalogue()).instrument("us-mexico-2019")
    for number, refused in ((MOST_OF_A_KIND, False), (MOST_OF_A_KIND + 1, True)):
        many = replace(made, **{name: getattr(made, name)[:1] * number})
        faults = instrument_faults(many, many.id, many.sources, False)
        assert any(f.message == f"has {number} entries" for f in faults) is refused


def test_a_text_that_is_too_large_is_named(tmp_path: Path) -> None:
    write_catalogue(tmp_path, {"us-a": source("us-a", feed_route("https://a.example/feed"))})
    (tmp_path / "declarations" / "us-mexico-2019" / "text.txt").write_bytes(b"x" * 5_000_001)
    with pytest.raises(CatalogueError, match=r"text\.txt: is too large; valid: up to 5000000 bytes"):
        load_catalogue(tmp_path)
