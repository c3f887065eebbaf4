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
    empty: fault
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

WORDPRESS = """\
    canaries: [{document: a-release, published_on: 2031-03-14}]
    depth: true
    max_pages: 30
    read:
      platform: wordpress
"""

CDX = """\
    depth: true
    on_demand: true
    max_pages: 200
    read:
      platform: cdx
      archive: https://archive.example
      documents: captures
      read:
        platform: listing
        row: li
        title: a
        link: a
        date: {selector: time, formats: [iso]}
"""

# fmt: off
CASES = [
    ("dof", DOF, Broken("a reading of one day has no depth", FILE, "    max_pages: 30\n", "", "depth: true", "routes[0].depth",
                        "true", "it reads one day", "max_pages above 1")),
    ("dof", DOF, Broken("a Diario without some of its parts proves no absence", FILE, "platform: dof",
                        "platform: dof\n      leave_out: [AVISOS]", "  - id: route", "routes[0].sampled", "false",
                        "parts of the Diario are left out", "no read.leave_out")),
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
    ("cdx", CDX, Broken("an archive is read for a range of dates", FILE, "    on_demand: true\n", "", "  - id: route",
                        "routes[0].on_demand", "false", "an archive is asked for dates", "true")),
    ("cdx", CDX, Broken("an archive is the way back", FILE, "    depth: true\n", "", "  - id: route", "routes[0].depth",
                        "false", "it goes back capture by capture", "max_pages above 1")),
    ("cdx", CDX, Broken("the address of an archive", FILE, "https://archive.example", "archive.example", "archive:",
                        "routes[0].read.archive", "archive.example", "is not of the form", "an http or https address")),
    ("cdx", CDX, Broken("a selector within the captures", FILE, "        row: li", "        row: li..a", "row:",
                        "routes[0].read.read.row", "li..a", "is not a CSS selector", "a CSS selector")),
    ("cdx", CDX, Broken("a reader of captures that there is none of", FILE, "platform: listing", "platform: dof",
                        "platform: dof", "routes[0].read.read.platform", "dof", "has an unknown platform", "feed, listing")),
    ("wordpress", WORDPRESS, Broken("the address of a REST interface", FILE, "https://palacio.example/wp-json/wp/v2/release",
                                    "https://palacio.example/releases/", "url:", "routes[0].url",
                                    "https://palacio.example/releases/", "is no address of a WordPress REST interface",
                                    "/wp-json/wp/v2/<type>")),
    ("wordpress", WORDPRESS, Broken("no more rows on a page than WordPress gives", FILE, "platform: wordpress",
                                    "platform: wordpress\n      per_page: 200", "per_page", "routes[0].read.per_page",
                                    "200", "should be less than or equal to 100", "from 1 to 100")),
]
# fmt: on


def of(route: str) -> str:
    """A source whose only route has these keys; that of a REST interface has its address."""
    if route is WORDPRESS:
        return SOURCE.replace("palacio.example/all", "palacio.example/wp-json/wp/v2/release") + route
    return SOURCE + route


@pytest.mark.parametrize("route", {name: route for name, route, _ in CASES}.values())
def test_the_route_is_valid_as_it_stands(route: str, folder: CatalogueFolder) -> None:
    folder.write(FILE, of(route))
    assert folder.problems() == ()


@pytest.mark.parametrize(("route", "case"), [case[1:] for case in CASES], ids=str)
def test_one_mistake_gives_one_problem(route: str, case: Broken, folder: CatalogueFolder) -> None:
    folder.write(FILE, of(route))
    case.assert_reported(folder)
