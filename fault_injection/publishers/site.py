"""The sites of the government: what each address answers at a moment, faults included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from urllib.parse import parse_qs, urlsplit

from fault_injection.publishers import feeds, interfaces, maps, registers
from fault_injection.publishers.articles import render_article
from fault_injection.publishers.catalogue import FEED_ITEMS, PER_PAGE, SHORT_FEED_ITEMS
from fault_injection.publishers.listings import LAYOUTS, render_listing, render_script
from fault_injection.publishers.served import CLEAN, Kind, Served, Sight
from fault_injection.publishers.truth import Item, Press

NOT_FOUND = Served(b"<html><head><title>Not found</title></head><body>404</body></html>", maps.HTML, 404)
ROBOTS = Served(b"User-agent: *\nDisallow: /search/\n", "text/plain")


@dataclass
class Fault:
    """A kind of fault on one route (or all of a host) for a time. ``met`` counts the answers it changed."""

    kind: Kind
    press: str
    route: str
    from_at: datetime
    until_at: datetime
    number: int
    met: list[datetime] = field(default_factory=list)

    def is_on(self, now: datetime) -> bool:
        return self.from_at <= now < self.until_at

    def concerns(self, route: str) -> bool:
        if self.kind.scope == "host":
            return True
        return route == ("article" if self.kind.scope == "articles" else self.route)


def _layout_name(platform: str) -> str:
    """Whose markup a listing has: one that comes as a script has that of gob.mx."""
    return "gobmx" if platform == "script" else platform


@dataclass
class Site:
    """One publisher's host."""

    press: Press
    faults: Sequence[Fault]
    now: datetime
    root: str = ""
    seed: int = 0
    misleading: set[str] = field(default_factory=set)
    """Digests of what stood in the place of an article, with status 200."""

    def answer(self, target: str) -> Served:
        """What the host answers for a path with query."""
        route = self.route_of(target)
        if by_number := re.fullmatch(r"/\?p=([a-z0-9-]+)", target):
            return Served(b"", maps.HTML, 301, (("Location", self._address(by_number[1])),))
        clean = self._render(target, route, CLEAN, None)
        served = clean
        for fault in self.faults:
            if fault.is_on(self.now) and fault.concerns(route):
                served = self._under(fault, target, route, served, clean)
        return served

    def _under(self, fault: Fault, target: str, route: str, served: Served, clean: Served) -> Served:
        """The answer under one fault: the page made anew, or what there is changed once more."""
        changed = (
            served
            if served is not clean or route == "article"
            else self._render(target, route, fault.kind, fault)
        )
        changed = fault.kind.answer(changed, self._sight(target, fault))
        if changed != served:
            fault.met.append(self.now)
            if route == "article" and changed.status == 200 and changed.body not in (b"", clean.body):
                self.misleading.add(sha256(changed.body).hexdigest())
        return changed

    def _address(self, slug: str) -> str:
        layout = LAYOUTS.get(_layout_name(self.press.platform))
        return (layout.article if layout else registers.ARTICLE).format(slug=slug)

    def route_of(self, target: str) -> str:
        path = urlsplit(target).path
        if path == "/robots.txt":
            return "robots"
        if self._slug(path) is not None:
            return "article"
        if path == "/feed":
            return "feed"
        platform = self.press.platform
        if platform in LAYOUTS:
            layout = LAYOUTS[platform]
            return "listing" if path.startswith(urlsplit(layout.first).path) else "elsewhere"
        if path.startswith("/wp-json/"):
            return "rest"
        if platform == "script":
            return "listing" if path.startswith("/relaciones/archivo/") else "elsewhere"
        names = {
            "news": "news",
            "register": "api",
            "dof": "diario",
            "sitemap": "sitemap",
            "page": "page",
            "cdx": "captures",
        }
        return names.get(platform, "elsewhere")

    def _slug(self, path: str) -> str | None:
        found = re.search(rf"/({re.escape(self.press.id)}-(?:release|statement)-[a-z0-9-]+)/?$", path)
        return found[1] if found else None

    def _sight(self, target: str, fault: Fault | None) -> Sight:
        query = parse_qs(urlsplit(target).query)
        in_path = re.search(r"/page/(\d+)/", target)
        page = in_path[1] if in_path else (query.get("page") or query.get("paged") or ["1"])[0]
        name = f"{self.seed}:{fault.number}" if fault else "clean"
        return Sight(
            press=self.press,
            now=self.now,
            since=fault.from_at if fault else self.now,
            root=self.root,
            rng=Random(name),
            page=int(page) if page.isdigit() else 1,
            stated=self._state,
        )

    def _state(self, at: datetime) -> str:
        if self.press.platform in LAYOUTS or self.press.platform == "script":
            return LAYOUTS[_layout_name(self.press.platform)].stated(at, self.press.zone)
        return (
            feeds.rss_date(at)
            if self.press.platform in ("rss", "paged")
            else feeds.atom_date(at, self.press.zone)
        )

    def _render(self, target: str, route: str, kind: Kind, fault: Fault | None) -> Served:
        parts = urlsplit(target)
        sight, query = self._sight(target, fault), parse_qs(parts.query)
        if route == "robots":
            return ROBOTS
        if route == "article":
            return self._article(target)
        items = kind.items(self.press.listed(self.now), sight)
        if route == "feed":
            return self._feed(items, kind, sight)
        if route == "listing" and self.press.platform == "script":
            return render_script(LAYOUTS["gobmx"], self.press, items, PER_PAGE, kind, sight)
        if route == "rest":
            if not parts.path.startswith("/wp-json/wp/"):
                return interfaces.render_root(self.press, kind, sight)
            return interfaces.render_rows(self.press, items, query, kind, sight)
        if route == "news":
            return interfaces.render_news(self.press, items, query, kind, sight)
        if route == "listing":
            layout = LAYOUTS[self.press.platform]
            return render_listing(layout, self.press, items, PER_PAGE, kind, sight) or NOT_FOUND
        if route == "api" and any(name.startswith("conditions[") for name in query):
            return registers.render_register(self.press, items, query, kind, sight)
        if route == "diario" and "day" in query:
            return registers.render_diario(self.press, items, query, kind, sight)
        if route == "sitemap" and parts.path == "/sitemap.xml":
            return maps.render_sitemap(self.press, items, kind, sight)
        if route == "page" and items:
            return maps.render_notice(self.press, items, kind, sight)
        if route == "captures":
            return self._archive(target, kind, sight)
        return NOT_FOUND

    def _feed(self, items: list[Item], kind: Kind, sight: Sight) -> Served:
        platform = self.press.platform
        article = LAYOUTS[platform].article if platform in LAYOUTS else "/news/{slug}"
        most = SHORT_FEED_ITEMS if platform in LAYOUTS else FEED_ITEMS
        if platform == "paged":
            items = items[(sight.page - 1) * FEED_ITEMS :]
            if not items and sight.page > 1:
                return NOT_FOUND
        if platform == "atom":
            return feeds.render_atom(self.press, items, most, article, kind, sight)
        return feeds.render_rss(items, most, article, kind, sight)

    def _article(self, target: str) -> Served:
        slug = self._slug(urlsplit(target).path)
        found = next((item for item in self.press.listed(self.now) if item.slug == slug), None)
        if found is None:
            return NOT_FOUND
        served = render_article(self.press, found, self.now)
        return maps.as_capture(served, found.listed_at) if "/web/" in target else served

    def _archive(self, target: str, kind: Kind, sight: Sight) -> Served:
        """The archive's index, or a capture of the listing as it stood then."""
        query = parse_qs(urlsplit(target).query)
        if target.startswith("/cdx/search/cdx"):
            return maps.render_index(query["url"][0], query["from"][0], query["to"][0], kind, sight)
        found = re.match(r"/web/(\d{14})id_/", target)
        if found is None:
            return NOT_FOUND
        at = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        then = replace(sight, now=at, page=1)
        layout = LAYOUTS["wordpress"]
        in_listing = replace(kind, text=lambda text, _: text) if kind.id.startswith("index_") else kind
        page = render_listing(
            layout, self.press, kind.items(self.press.listed(at), then), PER_PAGE, in_listing, then
        )
        return maps.as_capture(page, at) if page and at in maps.captures_before(self.now) else NOT_FOUND
