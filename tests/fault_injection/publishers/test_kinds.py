"""The kinds of faults: enough of them for each reader, and each really changes what a site answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlencode

import pytest

from fault_injection.publishers.kinds import kinds_of
from fault_injection.publishers.listings import LAYOUTS
from fault_injection.publishers.maps import captures_before
from fault_injection.publishers.served import Kind
from fault_injection.publishers.site import Fault, Site
from fault_injection.publishers.truth import BEGIN_ON, DAY, HOUR, Press, day_start, draw_presses

LEAST_KINDS = 20
PRESSES = {press.id: press for press in draw_presses(7, 30)}
MOMENTS = [day_start(day) + hour * HOUR for day in range(9, 29) for hour in (13, 19)]

KINDS = [
    pytest.param(press, route, kind, id=f"{press.platform}-{route}-{kind.id}")
    for press in PRESSES.values()
    for route, kinds in kinds_of(press).items()
    for kind in kinds
]


@pytest.mark.parametrize("press", PRESSES.values(), ids=lambda press: press.platform)
def test_each_reader_meets_at_least_twenty_layouts_that_change(press: Press) -> None:
    by_route = kinds_of(press)
    for kinds in by_route.values():
        names = [kind.id for kind in kinds]
        assert len(names) == len(set(names)), "a kind is known by its name"
    layouts = [kind for kind in next(iter(by_route.values())) if kind.group == "layout"]
    assert len(layouts) >= LEAST_KINDS
    assert {"loud", "harmless"} <= {kind.expect for kind in layouts}


def addresses(site: Site, route: str) -> Iterator[str]:
    """What a reading of a route asks for: its first page and the second."""
    on = site.now.date()
    days = {
        "conditions[publication_date][gte]": on - timedelta(days=9),
        "conditions[publication_date][lte]": on,
    }
    query = urlencode({**days, "per_page": 5})
    for page in (1, 2):
        yield {
            "feed": "/feed" if page == 1 else "/feed?paged=2",
            "rest": _rest_query(site, page),
            "news": f"/api/v1/press_releases.json?sort=date&direction=DESC&pagesize=50&page={page - 1}",
            "api": f"/api/v1/documents.json?{query}&page={page}",
            "diario": f"/WS_getDiarioFull.php?year={on:%Y}&month={on:%m}&day={on.day - page + 1:02d}",
            "sitemap": "/sitemap.xml",
            "page": "/notice",
            "captures": _capture(site) if page == 1 else _index(site),
        }.get(route) or _listing_page(site, page)
    if not _of_page(site):
        yield _release(site)


def _rest_query(site: Site, page: int) -> str:
    """A query for a window, and what the site says of its zone."""
    if page == 2:
        return "/wp-json/?_fields=timezone_string,gmt_offset"
    after, before = (f"{site.now - timedelta(days=n):%Y-%m-%dT%H:%M:%SZ}" for n in (9, 1))
    query = {"after": after, "before": before, "orderby": "id", "order": "asc", "per_page": 10, "page": 1}
    return f"/wp-json/wp/v2/release?{urlencode(query)}"


def _of_page(site: Site) -> bool:
    return site.press.platform == "page"


def _listing_page(site: Site, page: int) -> str:
    layout = "gobmx" if site.press.platform == "script" else site.press.platform
    return LAYOUTS[layout].address(page)


def _capture(site: Site) -> str:
    return f"/web/{captures_before(site.now - HOUR)[-1]:%Y%m%d%H%M%S}id_/http://former.example/news/"


def _index(site: Site) -> str:
    query = {"url": "http://former.example/news/", "from": "20310301000000", "to": "20310401000000"}
    return f"/cdx/search/cdx?{urlencode(query)}"


def _release(site: Site) -> str:
    return f"/news/{site.press.listed(site.now)[2].slug}"


@pytest.mark.parametrize(("press", "route", "kind"), KINDS)
def test_each_kind_changes_an_answer_and_only_while_it_lasts(press: Press, route: str, kind: Kind) -> None:
    changed = 0
    for moment in MOMENTS:
        since = moment - DAY
        fault = Fault(kind, press.id, route, since, moment + HOUR, number=3)
        well = Site(press, [], moment, root="http://press.example")
        ill = replace(well, faults=[fault], misleading=set())
        for address in addresses(well, route):
            before, under = well.answer(address), ill.answer(address)
            changed += before != under
            assert (under != before) == bool(fault.met), "a fault knows when it was met"
            fault.met.clear()
            ill.now = moment + HOUR
            assert ill.answer(address) == replace(well, now=ill.now).answer(address), "it is over"
            ill.now = moment
        if changed:
            return
    pytest.fail(f"{kind.id} changes nothing that a reading asks for")


def test_the_same_seed_draws_the_same_world() -> None:
    assert draw_presses(3, 20) == draw_presses(3, 20)
    assert draw_presses(3, 20) != draw_presses(4, 20)


def test_no_publisher_breaks_its_own_terms() -> None:
    """Late, but within the lag; silent, but not longer than declared: else a gap would be the truth's fault."""
    for press in draw_presses(5, 90):
        assert all(item.at <= item.listed_at < item.at + press.lag for item in press.items)
        times = sorted(item.at for item in press.items)
        longest = max(later - earlier for earlier, later in pairwise(times))
        assert longest < press.longest_silence
        assert times[0].date() < BEGIN_ON
