"""Good documents: pages and files in the structures of the sources, read as the product reads them.

None of them should be doubted; each that is costs a person a look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from urllib.parse import urlsplit

from fault_injection.documents.dressing import dressed
from fault_injection.documents.pages import STRUCTURES, Structure
from fault_injection.documents.pdfs import release_pdf
from fault_injection.documents.releases import Release, draw_releases, window_end
from fault_injection.documents.scene import Scene
from fault_injection.documents.served import Served
from fault_injection.documents.site import Site, page_around
from servanda.compliance.document_doubts import find_doubts
from servanda.compliance.publication import PublicationTime
from servanda.scrapers.documents.extract import BesidePage, ExtractOptions, read_document
from servanda.scrapers.exchange import Exchange, Unrecognised
from servanda.scrapers.route_reading import Article

ROOT = "https://press.example"
PDF_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Judged:
    """One good document and why it was doubted or refused; empty for not at all. ``words``: of its text."""

    structure: str
    title: str
    words: int
    why: tuple[str, ...]


def judge_good_documents(seed: int, many: int = 350) -> list[Judged]:
    """So many good documents, in turn from each structure."""
    drawn = [_documents(structure, seed) for structure in STRUCTURES]
    return [_judged(*next(drawn[n % len(drawn)])) for n in range(many)]


def _documents(structure: Structure, seed: int) -> Iterator[tuple[Structure, Release, Served, str]]:
    rng = Random(f"{seed}:good:{structure.id}")
    while True:
        releases = draw_releases(rng, structure.language)
        scene = Scene("good", seed, structure, False, tuple(releases), None, None)
        site = Site(scene, window_end(structure.language) + timedelta(days=9), root=ROOT)
        for release in releases[::2]:
            sight = site.sight(release)
            served = sight.page(body=dressed(release.whole, rng, structure.language))
            if rng.random() < PDF_SHARE:
                served = Served(release_pdf(release.title, release.whole), "application/pdf")
            yield structure, release, served, ROOT + scene.path_of(release)


def _parts_of(structure: Structure, release: Release, article: Article, terms: ExtractOptions) -> BesidePage:
    """What stands at the addresses that a page leads to, as the product would fetch it."""
    texts: dict[str, str] = {}
    for url in article.facts.parts:
        served = page_around(structure, urlsplit(url).path)
        if served is not None:
            part = read_document(_exchange(url, served, release), replace(terms, content=None), "", None)
            texts[url] = part.text or ""
    return BesidePage(tuple(texts.values()), frozenset(texts))


def _judged(structure: Structure, release: Release, served: Served, url: str) -> Judged:
    zone = "America/New_York" if structure.language == "en" else "America/Mexico_City"
    terms = ExtractOptions(structure.language, zone, structure.content, False)
    exchange = _exchange(url, served, release)
    words = sum(len(text.split()) for text in release.whole)
    try:
        article = read_document(exchange, terms, release.title, None)
        if article.facts.parts:
            beside = _parts_of(structure, release, article, terms)
            article = read_document(exchange, replace(terms, beside=beside), release.title, None)
    except Unrecognised as refused:
        return Judged(structure.id, release.title, words, (f"refused: {refused}",))
    listed = PublicationTime.instant(release.at, zone)
    doubts = find_doubts(article.facts, addresses=(url,), listed=listed, stated=article.published)
    return Judged(structure.id, release.title, words, tuple(doubt.why for doubt in doubts))


def _exchange(url: str, served: Served, release: Release) -> Exchange:
    headers = (("Content-Type", served.content_type), ("Content-Length", str(len(served.body))))
    digest = hashlib.sha256(served.body).hexdigest()
    at = release.at + timedelta(hours=3)
    return Exchange(url, url, (), 200, "OK", headers, b"", served.body, digest, at, 0.1)


def good_report(judged: list[Judged]) -> str:
    """How many were doubted, and each of them."""
    doubted = [one for one in judged if one.why]
    lines = [f"Good documents: {len(judged)} read, {len(doubted)} doubted ({len(doubted) / len(judged):.1%})"]
    lines += [f"  {one.structure}, {one.words} words, {one.title!r}: {'; '.join(one.why)}" for one in doubted]
    return "\n".join(lines)
