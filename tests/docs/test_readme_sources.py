"""The README's table of sources and routes is what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.instruments.routes import Route

HEAD = "| route | reader | may prove absence | what real bytes say |\n|---|---|---|---|\n"


def rows() -> Iterator[str]:
    for source in load_catalogue(builtin_catalogue()).sources:
        for route in source.routes:
            seen = " ".join((route.seen or "").split())
            yield f"| `{source.id}/{route.id}` | {route.reader} | {_proves(route)} | {seen} |\n"


def _proves(route: Route) -> str:
    """How far a route counts, as the catalogue has it."""
    if route.retired:
        return "retired"
    if route.sampled:
        return "never: a selection"
    if route.reader != "recorded":
        return "once confirmed"
    return "yes" if route.depth else "yes, with gaps: it has no depth"


def test_every_route_says_what_real_bytes_say_of_it() -> None:
    for source in load_catalogue(builtin_catalogue()).sources:
        for route in source.routes:
            assert route.seen, f"{source.id}/{route.id}"


def test_the_readme_holds_the_table_that_the_catalogue_makes(documents: dict[str, Any]) -> None:
    made = HEAD + "".join(rows())
    assert made in documents["README.md"].text, f"the table should be:\n{made}"
    catalogue = load_catalogue(builtin_catalogue())
    assert f"gives {len(catalogue.warnings)} warnings" in documents["README.md"].text
