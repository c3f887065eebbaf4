"""Real articles: those that the recorded feeds carry in full, in pages of our own."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.articles import STATEMENT, read, text_of

from servanda.scrapers.documents.content_digest import main_part
from servanda.scrapers.text_cleaning import html_to_text, parse_html

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
LAYOUTS = {
    "an article in main": STATEMENT.partition("<p>Office of")[0] + "%s</div></article></main></body></html>",
    "a bare div": "<html><body><div><h1>T</h1></div><div>%s</div><footer><p>Footer.</p></footer></body></html>",
}


@pytest.fixture(scope="module")
def bodies(real: Path) -> dict[str, tuple[str, str]]:
    """Title and content of every article that the recorded feeds carry in full, by link."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(real.glob("*_rss/*.rss")):
        for item in ElementTree.parse(path).getroot().iter("item"):
            if body := item.findtext(CONTENT):
                found[item.findtext("link", "")] = (item.findtext("title", ""), body)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_words_of_real_articles_are_kept(bodies: dict[str, tuple[str, str]], layout: str) -> None:
    assert len(bodies) == 124
    for link, (title, body) in bodies.items():
        page = LAYOUTS[layout].replace("%s", body)
        text = text_of(read(page, escape(title)))
        words, kept = (Counter(re.findall(r"\w+", t)) for t in (html_to_text(body), text))
        assert sum((words & kept).values()) >= 0.95 * sum(words.values()), link
        assert "Footer." not in text


def test_the_digest_of_real_articles_covers_every_word(bodies: dict[str, tuple[str, str]]) -> None:
    for link, (_, body) in bodies.items():
        lines = main_part(parse_html(LAYOUTS["an article in main"].replace("%s", body))).lines
        words, covered = (Counter(re.findall(r"\w+", t)) for t in (html_to_text(body), " ".join(lines)))
        assert not words - covered, link
