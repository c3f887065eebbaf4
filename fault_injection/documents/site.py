"""The site of a play: what each of its addresses answers at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from urllib.parse import parse_qs, urlsplit

from fault_injection.documents.dressing import AROUND, dressed
from fault_injection.documents.feed import feed_of
from fault_injection.documents.pages import HTML, Structure, bare_page, paragraphs_html
from fault_injection.documents.pdfs import release_pdf
from fault_injection.documents.releases import STOCKS, Release, window_end
from fault_injection.documents.scene import Scene
from fault_injection.documents.served import Row, Sight, item_of
from fault_injection.publishers.listings import LAYOUTS, render_listing
from fault_injection.publishers.served import CLEAN, Served
from fault_injection.publishers.served import Sight as ListingSight
from fault_injection.publishers.truth import Item

PER_PAGE = 10
FEED_ITEMS = 10
NOT_FOUND = Served(b"<html><head><title>Not found</title></head><body>404</body></html>", HTML, 404)
ROBOTS = Served(b"User-agent: *\nDisallow: /search/\n", "text/plain")


def page_around(structure: Structure, path: str) -> Served | None:
    """What ordinary releases lead to: a page on a country or a programme, or an annex; None for no such."""
    rng, stock = Random(path), STOCKS[structure.language]
    if path.startswith("/files/") and path.removeprefix("/files/").removesuffix(".pdf").isdigit():
        return Served(release_pdf(stock.title(rng), stock.paragraphs(rng, 150)), "application/pdf")
    if path.startswith(AROUND[structure.language]):
        text = paragraphs_html(stock.paragraphs(rng, 80))
        return Served(bare_page(structure.language, stock.title(rng), f"<main>{text}</main>"), HTML)
    return None


@dataclass
class Site:
    """One publisher's host. ``met`` counts the answers that the fault changed."""

    scene: Scene
    now: datetime
    root: str = ""
    met: int = 0
    _kept: dict[str, Served] = field(default_factory=dict)

    def answer(self, target: str) -> Served:
        """What the host answers for a path with query."""
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return ROBOTS
        if parts.path == "/feed":
            return self._feed()
        layout = LAYOUTS[self.scene.structure.listing]
        if parts.path == urlsplit(layout.first).path or parts.path.startswith("/news/page/"):
            return self._listing(target)
        return self._document(parts.path)

    def sight(self, release: Release) -> Sight:
        """What a fault may look at, around a release."""
        return Sight(
            release=release,
            siblings=self._listed_ordinary(),
            structure=self.scene.structure,
            root=self.root,
            path=self.scene.path_of(release),
            now=self.now,
            until_at=window_end(self.scene.language),
            rng=Random(f"{self.scene.seed}:fault"),
        )

    def row(self) -> Row | None:
        """How the listing shows the announcement's address now."""
        scene = self.scene
        return scene.kind.row(self.sight(scene.announced)) if scene.announced and scene.kind else None

    def _listed_ordinary(self) -> list[Release]:
        return [one for one in reversed(self.scene.releases) if one.at <= self.now]

    def _items(self) -> list[Item]:
        """What is listed, newest first."""
        found = [Item(one.slug, one.title, one.at, one.at) for one in self._listed_ordinary()]
        if self.scene.announced is not None and (row := self.row()) is not None:
            found.append(item_of(row, self.scene.announced.slug))
        by_day = self.scene.press.by_day
        return sorted(
            found, key=lambda one: (self.scene.day_of(one.at) if by_day else one.at, one.at), reverse=True
        )

    def _listing(self, target: str) -> Served:
        query = parse_qs(urlsplit(target).query)
        page = urlsplit(target).path.rstrip("/").rpartition("/page/")[2] if "/page/" in target else None
        number = int(page or query.get("page", ["1"])[0])
        layout, press = LAYOUTS[self.scene.structure.listing], self.scene.press
        seen = ListingSight(
            press, self.now, self.now, self.root, Random(0), number, lambda at: layout.stated(at, press.zone)
        )
        return render_listing(layout, press, self._items(), PER_PAGE, CLEAN, seen) or NOT_FOUND

    def _feed(self) -> Served:
        row = self.row()
        content = (
            {self.scene.announced.slug: row.content} if row and row.content and self.scene.announced else {}
        )
        return feed_of(self.root, self.scene, self._items()[:FEED_ITEMS], content)

    def _document(self, path: str) -> Served:
        announced = self.scene.announced
        if announced is not None and self.scene.kind is not None:
            if path == self.scene.path_of(announced) and self.row() is not None:
                return self._faulted(announced)
            beside = self.scene.kind.files(self.sight(announced))
            if path in beside:
                return beside[path]
        found = self.scene.by_path.get(path)
        if found is None and (around := page_around(self.scene.structure, path)) is not None:
            return around
        return NOT_FOUND if found is None or found.at > self.now else self._ordinary(path, found)

    def _faulted(self, announced: Release) -> Served:
        assert self.scene.kind is not None, "asked only with a kind"
        sight = self.sight(announced)
        served = self.scene.kind.answer(sight)
        self.met += served != sight.clean
        return served

    def _ordinary(self, path: str, release: Release) -> Served:
        kind = self.scene.kind
        if kind is not None and kind.others is not None and kind.others(self.sight(release)):
            return kind.answer(self.sight(release))
        if path not in self._kept:
            sight = self.sight(release)
            served = sight.page(body=dressed(release.whole, Random(release.slug), sight.language))
            if release.as_pdf:
                served = Served(release_pdf(release.title, release.whole), "application/pdf")
            self._kept[path] = served
        return self._kept[path]
