"""What the routes of each platform must hold together: a valid source of one route, and one mistake."""

from __future__ import annotations

import pytest
from support.documented import Broken, CatalogueFolder

FILE = "sources/bo-gaceta.yml"
SOURCE = """\
id: bo-gaceta
title: A source of Bolivia
publisher: A publisher
party: BO
language: es
zone: America/La_Paz
lag: P1D
longest_silence: P4D
routes:
  - id: route
    url: https://gaceta.example/all
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

# fmt: off
CASES = [
    ("dof", DOF, Broken("a reading of one day has no depth", FILE, "    max_pages: 30\n", "", "depth: true", "routes[0].depth",
                        "true", "it reads one day", "max_pages above 1")),
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
