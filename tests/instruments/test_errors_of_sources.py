"""What a source and its routes must hold together."""

from __future__ import annotations

import pytest
from support.documented import FEED, INSTRUMENT, LISTING, REGISTER, Broken, CatalogueFolder

FEED_ROUTE = """\
routes:
  - id: feed
    url: https://presidencia.example/feed/
    reader: recorded
    read:
      platform: feed
      guid_scheme: guid
    cadence: PT30M
    minimum_items: 10
    empty: fault
    reread: [PT6H, P1D, P3D, P7D, P30D]
"""

# fmt: off
CASES = [
    Broken("a source bears its file's name", FEED, "id: bo-presidencia\n", "id: bo-palacio\n", "bo-palacio",
           "id", "bo-palacio", "is not the name of its file", "bo-presidencia"),
    Broken("a source's zone", FEED, "zone: America/La_Paz", "zone: La Paz", "zone: La Paz", "zone", "La Paz",
           "is not an IANA time zone", "a zone such as"),
    Broken("a source's party is a party of some instrument", FEED, "party: BO", "party: PY", "party: PY", "party", "PY",
           "is no party of any instrument", "AR, BO, or null"),
    Broken("two routes of one id", LISTING, "  - id: noticias\n", "  - id: noticias\n    url: https://a.example/\n"
           "    reader: unseen\n    read: {platform: feed}\n    cadence: P1D\n    minimum_items: 1\n    empty: fault\n  - id: noticias\n",
           "  - id: noticias\n    url: https://canc", "routes[1].id", "noticias", "stands twice, first in routes[0]",
           "each id once"),
    Broken("a route's id is a slug", LISTING, "  - id: noticias", "  - id: Noticias", "Noticias", "routes[0].id", "Noticias",
           "is not of the form", "a-z and 0-9, words joined by hyphens"),
    Broken("a route's address", LISTING, "url: https://cancilleria", "url: ftp://cancilleria", "ftp:", "routes[0].url",
           "ftp://cancilleria.example/noticias", "is not of the form", "an http or https address"),
    Broken("a source without routes", FEED, FEED_ROUTE, "routes: []\n", "routes: []", "routes", "an empty list",
           "is too short", "a list of: a mapping with the keys id, url"),
    Broken("a reader of an unknown kind", LISTING, "    reader: described", "    reader: guessed", "guessed",
           "routes[0].reader", "guessed", "is not one of the known words", "recorded, described, unseen"),
    Broken("an existence that ends before it begins", LISTING, "  until: null", "  until: 1983-01-01", "until",
           "existed.until", "1983-01-01", "is before since", "1983-12-10 or later"),
    Broken("a route that begins before its source", LISTING, "    begins: 2020-01-01", "    begins: 1983-12-09", "begins",
           "routes[0].begins", "1983-12-09", "is outside the source's existence", "1983-12-10"),
    Broken("a feed has no depth", FEED, "    minimum_items: 10", "    minimum_items: 10\n    depth: true", "depth: true",
           "routes[0].depth", "true", "a feed reaches no further", "false"),
    Broken("a listing of one page has no depth", LISTING, "      next: a[rel=next]\n", "", "depth: true",
           "routes[0].depth", "true", "it reads one page", "read.next"),
    Broken("empty cannot be news where items are required", REGISTER, "    minimum_items: 0", "    minimum_items: 1",
           "minimum_items", "routes[0].minimum_items", "1", "stands beside empty: news", "0, or empty: fault"),
    Broken("a route that does not say what empty means", LISTING, "    empty: fault\n", "", "  - id: noticias",
           "routes[0].empty", None, "is missing", "fault, news"),
    Broken("a route that does not say how many items it must hold", LISTING, "    minimum_items: 1\n", "", "  - id: noticias",
           "routes[0].minimum_items", None, "is missing", "a whole number, at least 0"),
    Broken("a route that does not say how often it is read", LISTING, "    cadence: PT6H\n", "", "  - id: noticias",
           "routes[0].cadence", None, "is missing", "a duration such as"),
    Broken("known neighbours of rows that are no selector", LISTING, "      others: article.publicidad", "      others: article..x",
           "article..x", "routes[0].read.others", "article..x", "is not a CSS selector", "a CSS selector"),
    Broken("pages in a language that is not read", LISTING, "      language: es\n    cadence", "      language: fr\n    cadence", "language: fr",
           "routes[0].read.language", "fr", "is not one of the known words", "en, es"),
    Broken("a selector that is none", LISTING, "      row: article.noticia", "      row: article..noticia", "article..",
           "routes[0].read.row", "article..noticia", "is not a CSS selector", "a CSS selector"),
    Broken("a content selector that is none", LISTING, "    content: .cuerpo", "    content: '['", "content: '['",
           "routes[0].content", "[", "is not a CSS selector", "a CSS selector"),
    Broken("a date format that names no day", LISTING, '"%d de %B de %Y"', '"%B de %Y"', "formats", "routes[0].read.date.formats[0]",
           "%B de %Y", "does not name a day", "iso, or a strptime format"),
    Broken("ages that do not rise", FEED, "    reread: [PT6H, P1D, P3D, P7D, P30D]", "    reread: [PT6H, P1D, P1D]", "P1D, P1D",
           "routes[0].reread[2]", "P1D", "is not greater than what stands before it", "ages such as PT6H"),
    Broken("an age of nothing", FEED, "    reread: [PT6H, P1D, P3D, P7D, P30D]", "    reread: [PT0S, P1D]", "PT0S",
           "routes[0].reread[0]", "PT0S", "is not greater than what stands before it", "ages such as PT6H"),
    Broken("a pause below nothing", LISTING, "    pause: PT3S", "    pause: -PT3S", "-PT3S", "routes[0].pause", "-PT3S",
           "is not an ISO 8601 duration", "PT30M"),
    Broken("a required source that nothing reads any more", FEED, "    minimum_items: 10",
           "    minimum_items: 10\n    retired: true", "    sources: [ar-cancilleria, bo-presidencia]",
           "windows[0].sources[1]", "bo-presidencia", "all its routes are retired", "not retired",
           reported_in=INSTRUMENT),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=str)
def test_one_mistake_gives_one_problem_that_says_where_and_what_is_valid(
    case: Broken, folder: CatalogueFolder
) -> None:
    case.assert_reported(folder)
