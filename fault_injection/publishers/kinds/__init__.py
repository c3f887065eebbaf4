"""The kinds of faults, by publisher and route."""

from __future__ import annotations

from fault_injection.publishers.kinds.counted import news_kinds, rest_kinds
from fault_injection.publishers.kinds.feed import atom_kinds, rss_kinds
from fault_injection.publishers.kinds.host import article_kinds, host_kinds
from fault_injection.publishers.kinds.listing import listing_kinds
from fault_injection.publishers.kinds.maps import archive_kinds, page_kinds, sitemap_kinds
from fault_injection.publishers.kinds.paged import paged_feed_kinds, script_kinds
from fault_injection.publishers.kinds.publisher import publisher_kinds
from fault_injection.publishers.kinds.query import diario_kinds, register_kinds
from fault_injection.publishers.listings import LAYOUTS
from fault_injection.publishers.served import Kind
from fault_injection.publishers.truth import Press

PATIENT = frozenset({"rss", "gobmx", "register"})
"""Where answers may take longer than anybody waits; elsewhere the bench spares itself the seconds."""


def kinds_of(press: Press) -> dict[str, tuple[Kind, ...]]:
    """Every kind of fault that a publisher meets, by the route it concerns."""
    platform = press.platform
    on_host = host_kinds(patient=platform in PATIENT)
    if platform in ("rss", "atom"):
        own = rss_kinds() if platform == "rss" else atom_kinds()
        return {"feed": (*own, *publisher_kinds(press, paged=False), *on_host, *article_kinds())}
    if platform == "wordpress":
        listing = (*listing_kinds(LAYOUTS[platform]), *publisher_kinds(press, paged=True, frozen_days=3.0))
        feed = publisher_kinds(press, paged=False, frozen_days=1.5)
        return {"listing": (*listing, *on_host, *article_kinds()), "feed": feed}
    if platform in LAYOUTS:
        listing = (*listing_kinds(LAYOUTS[platform]), *publisher_kinds(press, paged=True))
        return {"listing": (*listing, *on_host)}
    if platform == "rest":
        return {"rest": (*rest_kinds(), *on_host)}
    if platform == "news":
        return {"news": (*news_kinds(), *on_host)}
    if platform == "paged":
        return {"feed": (*paged_feed_kinds(), *publisher_kinds(press, paged=False), *on_host)}
    if platform == "script":
        return {"listing": (*script_kinds(), *publisher_kinds(press, paged=False), *on_host)}
    if platform == "register":
        return {"api": (*register_kinds(), *on_host)}
    if platform == "dof":
        return {"diario": (*diario_kinds(), *on_host)}
    if platform == "sitemap":
        return {"sitemap": (*sitemap_kinds(), *on_host)}
    if platform == "page":
        return {"page": (*page_kinds(), *on_host)}
    return {"captures": (*archive_kinds(), *on_host)}


__all__ = ["kinds_of"]
