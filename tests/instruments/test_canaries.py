"""What the catalogue asks of canaries: known documents that a route must still find."""

from __future__ import annotations

import pytest
from support.documented import FEED, LISTING, REGISTER, Broken, CatalogueFolder

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

CANARY = "    canaries:\n      - document: 2019-15246\n        published_on: 2019-07-16\n"
OF_ITS_OWN = "    canaries:\n      - document: https://a.example/1\n        published_on: {on}\n"

# fmt: off
CASES = [
    Broken("a canary beside no depth", FEED, "    minimum_items: 10\n",
           "    minimum_items: 10\n" + OF_ITS_OWN.format(on="2031-03-14"), "canaries",
           "routes[0].canaries", None, "stand beside depth: false", "none, or depth: true"),
    Broken("a canary from before what the route can show", LISTING, "    begins: 2020-01-01\n",
           "    begins: 2020-01-01\n" + OF_ITS_OWN.format(on="2019-12-31"), "published_on",
           "routes[0].canaries[0].published_on", "2019-12-31", "is outside what the route can show", "a day from 2020-01-01"),
    Broken("a canary without its day", REGISTER, "        published_on: 2019-07-16\n", "", "document: 2019-15246",
           "routes[0].canaries[0].published_on", None, "is missing", "a date such as"),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_mistake_gives_one_problem(case: Broken, folder: CatalogueFolder) -> None:
    case.assert_reported(folder)


def test_a_route_that_could_be_asked_for_a_day_and_names_none_is_warned_about(
    folder: CatalogueFolder,
) -> None:
    before = load_catalogue(folder.path).warnings
    folder.change(REGISTER, CANARY, "")
    added = set(load_catalogue(folder.path).warnings) - set(before)
    assert [(w.file, w.message) for w in added] == [(REGISTER, "names no known document to look for")]


def test_a_canary_of_the_day_on_which_a_route_begins_is_valid(folder: CatalogueFolder) -> None:
    folder.change(
        LISTING, "    begins: 2020-01-01\n", "    begins: 2020-01-01\n" + OF_ITS_OWN.format(on="2020-01-01")
    )
    assert folder.problems() == ()


def test_the_built_in_register_has_its_canary() -> None:
    route = load_catalogue(builtin_catalogue()).source("us-federal-register").route("api")
    assert [(c.document, c.published_on.isoformat()) for c in route.canaries] == [
        ("2019-15246", "2019-07-16")
    ]
