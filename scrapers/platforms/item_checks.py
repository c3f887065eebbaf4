"""What every platform's reader holds its items to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route
from servanda.network.retry_after import http_date
from servanda.scrapers.dates import LATEST_AHEAD, is_plausible
from servanda.scrapers.exchange import Exchange, Unrecognised, Validators
from servanda.scrapers.redirects import is_same_site
from servanda.scrapers.route_reading import Item

CLOCKS_APART = timedelta(days=1)
"""A publisher's clock may be ahead of ours by so much."""

MAX_ITEMS = 5_000
"""On one page. Past it a page is refused: nothing of that length is read in a bearable time."""

LONGEST_TITLE = 1_000
LONGEST_SUMMARY = 2_000
"""Characters; what is longer is cut with an ellipsis. The longest title met in official feeds has 265."""


def validators_of(exchange: Exchange) -> Validators:
    """What the next conditional request will send back.

    None of a page that says it was changed in the future: whatever it is compared with there, it will be
    "unchanged" for as long.
    """
    changed = exchange.header("Last-Modified")
    at = http_date(changed) if changed else None
    if at is not None and at > exchange.at + CLOCKS_APART:
        return Validators()
    return Validators(exchange.header("ETag"), changed)


def minimum_items(route: Route) -> int:
    """How many items a reading must hold: none only where the catalogue says that empty is news."""
    return route.minimum_items if route.empty == "news" else max(1, route.minimum_items)


def refuse_few(items: Iterable[Item], route: Route) -> None:
    """Raise Unrecognised ``too_few_items`` where a reading holds fewer items than its route must."""
    found, least = sum(1 for _ in items), minimum_items(route)
    if found < least:
        raise Unrecognised("too_few_items", f"{route.url} lists {found} items, at least {least} are expected")


def refuse_many(found: int, url: str) -> None:
    """Raise Unrecognised ``too_many_items`` for a page past ``MAX_ITEMS``."""
    if found > MAX_ITEMS:
        raise Unrecognised("too_many_items", f"{url} lists {found} items, at most {MAX_ITEMS} are read")


def refuse_foreign(items: Iterable[Item], route: Route) -> None:
    """Raise Unrecognised ``foreign_item`` for an address that begins otherwise than the route says: on a
    platform that many share, only the link ties a row to its publisher."""
    for item in items if route.addresses else ():
        if not any(_begins(item.url, start, route.url) for start in route.addresses):
            why = f"leads to {item.url[:200]}, not to {' or '.join(route.addresses)}"
            raise Unrecognised("foreign_item", f"{route.url}: {item.title[:100]!r} {why}")


def _begins(url: str, start: str, route_url: str) -> bool:
    if start.startswith("/"):
        return is_same_site(url, route_url) and urlsplit(url).path.startswith(start)
    return url.startswith(start)


def refuse_future(published: PublicationTime | None, now: datetime, where: str) -> None:
    """Raise Unrecognised ``future_date`` for a time further ahead than zones and embargoes explain."""
    if published is not None and published.interval.from_at > now + LATEST_AHEAD:
        raise Unrecognised(
            "future_date", f"{where}: {published} lies more than {LATEST_AHEAD.days} days ahead"
        )


def plausible_or_none(published: PublicationTime | None, now: datetime) -> PublicationTime | None:
    """A publication time, or None for one that cannot be."""
    return published if published is not None and is_plausible(published, now) else None
