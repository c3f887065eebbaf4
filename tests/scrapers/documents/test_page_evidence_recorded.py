"""Recorded pages, releases and declarations of official publishers: none of them raises a doubt."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.articles import AT, read

from servanda.compliance.document_doubts import find_doubts
from servanda.compliance.prose import LEAST_SHARE, MOST_SINGLE_LETTERS, measure_prose, what_hides_words
from servanda.compliance.publication import PublicationTime
from servanda.compliance.retrieval import where_title_stands
from servanda.scrapers.documents.page_facts import page_title
from servanda.scrapers.text_cleaning import html_to_text, parse_html

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SHELL = (
    "<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
    "<main><article><h1>{title}</h1>{body}</article></main></body></html>"
)


def releases(real: Path) -> Iterator[tuple[str, str, str]]:
    """Address, title and content of every release that the recorded feeds carry in full."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(real.glob("*_rss/*.rss")):
        for item in ElementTree.parse(path).getroot().iter("item"):
            if body := item.findtext(CONTENT):
                found[item.findtext("link", "")] = (item.findtext("title", ""), body)
    for link, (title, body) in found.items():
        yield link, title, body


def declarations(real: Path) -> Iterator[tuple[str, str]]:
    for folder in ("declarations", "declaraciones_es", "texts"):
        for path in sorted((real / folder).glob("*.txt")):
            yield path.name, path.read_text(encoding="utf-8")


def doubts(markup: str | bytes, title: str, url: str) -> list[str]:
    """Those that a page raises, listed as it dates itself."""
    article = read(markup, title, url=url)
    stated = article.published
    listed = stated or PublicationTime.instant(AT, "America/New_York")
    found = find_doubts(article.facts, addresses=(url, url), listed=listed, stated=stated)
    return [f"{doubt.kind}: {doubt.why}" for doubt in found]


def test_no_recorded_release_raises_a_doubt(real: Path) -> None:
    seen = {
        link: doubts(SHELL.format(title=escape(title), body=body), title, link)
        for link, title, body in releases(real)
    }
    assert len(seen) == 124
    assert {link: found for link, found in seen.items() if found} == {}


PAGES = [
    ("gobmx_presidencia_articulos/conferencia-11-de-septiembre-2019.html", "a transcript of a morning"),
    ("gobmx_presidencia_articulos/conferencia-28-de-junio-de-2021.html", "another, of two years later"),
    ("state_gov_pages/report_2019_peru_wayback_2021-02-02.html", "a long report, from an archive"),
    ("state_gov_pages/report_2024_niue_live_2025-08.html", "one as it stands on the site"),
]


@pytest.mark.parametrize(("name", "why"), PAGES)
def test_no_recorded_page_raises_a_doubt(real: Path, name: str, why: str) -> None:
    body = (real / name).read_bytes()
    title = page_title(parse_html(body.decode("utf-8")))
    assert len(title) > 20
    assert doubts(body, title, "https://www.agency.example/press/4711/") == [], why


@pytest.mark.parametrize(("name", "why"), PAGES)
def test_a_recorded_page_is_doubtful_under_another_title(real: Path, name: str, why: str) -> None:
    body = (real / name).read_bytes()
    found = doubts(
        body, "Agreement on the Rivers of the Southern Basin", "https://www.agency.example/press/4711/"
    )
    assert [one.partition(":")[0] for one in found][:1] == ["other_page"], why


def test_every_recorded_declaration_is_legible(real: Path) -> None:
    seen = {name: measure_prose(text) for name, text in declarations(real)}
    assert len(seen) == 56
    for name, facts in seen.items():
        assert what_hides_words(facts) is None, name
        assert (facts.language, facts.damaged) == (None, 0), name
        assert facts.function_share > 1.5 * LEAST_SHARE, name
        assert facts.single_letters < MOST_SINGLE_LETTERS / 2, name


def test_a_recorded_release_seldom_passes_for_another(real: Path) -> None:
    """Of one publisher and one summer: calls, meetings and national days have titles of one form."""
    every = [(title, paragraphs_of(body)) for _, title, body in releases(real)][::3]
    pairs = [
        where_title_stands(title, (others_title,), paragraphs)
        for title, _ in every
        for others_title, paragraphs in every
        if title != others_title
    ]
    assert len(pairs) > 1_500
    assert sum(shown != "nowhere" for shown in pairs) <= len(pairs) / 50


def paragraphs_of(body: str) -> list[str]:
    return [text for part in body.split("</p>") if (text := html_to_text(part))]
