"""Recorded pages of documents: where their text stands, and when they say that they were published."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.answers import exchange_of

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.scrapers.documents.extract import read_article
from servanda.scrapers.exchange import Unrecognised

PAGES = {
    ("gobmx_presidencia_articulos", "conferencia-11-de-septiembre-2019.html"): (
        "mx-presidencia-transcripts", "articulos", "2019-09-11T10:23:00-05:00", 60_000,
    ),
    ("gobmx_presidencia_articulos", "conferencia-28-de-junio-de-2021.html"): (
        "mx-presidencia-transcripts", "articulos", "2021-06-28T09:12:00-05:00", 60_000,
    ),
    ("state_gov_pages", "report_2024_niue_live_2025-08.html"): ("us-state-press", "listing", None, 5_000),
}  # fmt: skip


@pytest.mark.parametrize(("folder", "name"), PAGES)
def test_the_text_is_the_document_s(real: Path, folder: str, name: str) -> None:
    source_id, route_id, published, least = PAGES[folder, name]
    source = load_catalogue(builtin_catalogue()).source(source_id)
    exchange = exchange_of(f"https://www.gob.mx/{name}", (real / folder / name).read_bytes())
    article = read_article(exchange, route=source.route(route_id), source=source, item_title="")
    assert article.text is not None and len(article.text) >= least
    assert "official website of the United States" not in article.text
    assert published is None or str(article.published) == published


def test_a_report_whose_parts_stand_apart_is_refused(real: Path) -> None:
    source = load_catalogue(builtin_catalogue()).source("us-state-press")
    page = (real / "state_gov_pages" / "report_2019_peru_wayback_2021-02-02.html").read_bytes()
    exchange, route = exchange_of("https://www.state.gov/peru/", page), source.route("listing")
    with pytest.raises(Unrecognised, match="matches 8 elements"):
        read_article(exchange, route=route, source=source, item_title="")
