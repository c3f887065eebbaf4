"""What the routes of each platform must hold together: a valid source of one route, and one mistake."""

from __future__ import annotations

import pytest
from support.documented import Broken, CatalogueFolder

FILE = "sources/bo-palacio.yml"
SOURCE = """\
id: bo-palacio
title: A source of Bolivia
publisher: A publisher
party: BO
language: es
zone: America/La_Paz
lag: P1D
longest_silence: P4D
routes:
  - id: route
    url: https://palacio.example/all
    reader: recorded
    cadence: P1D
    minimum_items: 1
"""

DOF = """\
    depth: true
    max_pages: 30
    read:
      platform: dof
"""

SITEMAP = """\
    depth: true
    sampled: true
    max_pages: 20
    read:
      platform: sitemap
      paths: [/noticias/]
"""

PAGE = """\
    sampled: true
    content: main
    read:
      platform: page
"""

# fmt: off
CASES = [
    ("dof", DOF, Broken("a reading of one day has no depth", FILE, "    max_pages: 30\n", "", "depth: true", "routes[0].depth",
                        "true", "it reads one day", "max_pages above 1")),
    ("sitemap", SITEMAP, Broken("a sitemap that says when pages were changed proves no absence", FILE, "    sampled: true\n", "",
                                "  - id: route", "routes[0].sampled", "false", "lastmod says when a page was changed",
                                "lastmod_is_publication")),
    ("sitemap", SITEMAP, Broken("a path begins at the root", FILE, "[/noticias/]", "[noticias/]", "paths",
                                "routes[0].read.paths[0]", "noticias/", "is not of the form", "a path such as /news/")),
    ("sitemap", SITEMAP, Broken("a sitemap route says which documents it wants", FILE, "[/noticias/]", "[]", "paths",
                                "routes[0].read.paths", "an empty list", "is too short", "a list of: a path such as /news/")),
    ("page", PAGE, Broken("a page that is watched proves no absence", FILE, "    sampled: true\n", "", "  - id: route",
                          "routes[0].sampled", "false", "a page shows what stands there", "true")),
    ("page", PAGE, Broken("a page has no depth", FILE, "    content: main\n", "    depth: true\n", "depth: true",
                          "routes[0].depth", "true", "a page shows what stands there now", "false")),
]
# fmt: on


@pytest.mark.parametrize("route", {name: route for name, route, _ in CASES}.values())
def test_the_route_is_valid_as_it_stands(route: str, folder: CatalogueFolder) -> None:
    folder.write(FILE, SOURCE + route)
    assert folder.problems() == ()


@pytest.mark.parametrize(("route", "case"), [case[1:] for case in CASES], ids=str)
def test_one_mistake_gives_one_problem(route: str, case: Broken, folder: CatalogueFolder) -> None:
    folder.write(FILE, SOURCE + route)
    case.assert_reported(folder)
