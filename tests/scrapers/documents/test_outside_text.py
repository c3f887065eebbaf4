"""A passage that a rule might match is looked for on the whole page, whatever element holds it."""

from __future__ import annotations

import json
from html import escape

import pytest
from support.answers import exchange_of, source_with
from support.articles import AT, FEED
from support.instruments import make_instrument

from servanda.compliance.document_doubts import find_doubts
from servanda.compliance.prefilter import Prefilter
from servanda.compliance.publication import PublicationTime
from servanda.scrapers.documents.extract import read_article
from servanda.scrapers.route_reading import Article

URL = "https://www.agency.example/press/4711/"
TITLE = "A Note on the Talks"
SCAN = Prefilter.of((make_instrument(),))
SAYING = (
    "Mexico deployed the National Guard to its southern border in the last days of June, to stop migration."
)
ESCAPED = SAYING.replace("National", "N\\u0061tional")
QUIET = (
    "The delegations of both sides met again in the capital and spoke of the talks that are to follow in autumn.",
    "They will be led by the deputies of the ministers, and each is to report to its own side within the year.",
)
LONG = tuple(f"{text} It was the {number} time." for number in range(6) for text in QUIET)


def read(markup: str) -> Article:
    source, route = source_with(FEED, url=URL)
    exchange = exchange_of(URL, markup.encode(), at=AT)
    return read_article(exchange, route=route, source=source, item_title=TITLE, scan=SCAN)


def doubts(markup: str) -> list[str]:
    listed = PublicationTime.instant(AT, "America/New_York")
    return [
        doubt.why for doubt in find_doubts(read(markup).facts, addresses=(URL,), listed=listed, stated=None)
    ]


def page(*, within: str = "", after: str = "", head: str = "", quiet: tuple[str, ...] = QUIET) -> str:
    body = "".join(f"<p>{text}</p>" for text in quiet)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLE}</title>{head}</head><body><main><h1>{TITLE}</h1>"
        f"{body}{within}</main>{after}</body></html>"
    )


OUTSIDE = [
    (page(after=f"<footer><p>{SAYING}</p></footer>"), "in the page's foot"),
    (page(after=f"<aside><p>{SAYING}</p></aside>"), "beside the text"),
    (page(after=f"<nav><p>{SAYING}</p></nav>"), "in a menu"),
    (page(after=f"<template><p>{SAYING}</p></template>"), "in a template"),
    (page(after=f"<textarea>{SAYING}</textarea>"), "in a field"),
    (page(after=f"<svg><text>{SAYING}</text></svg>"), "in a drawing"),
    (page(after=f"<x-note>{SAYING}</x-note>"), "in an element of no known name"),
    (page(head=f"<script>var text = {json.dumps(SAYING)}</script>"), "in a script"),
    (page(head=f"<script>var text = '<p>{SAYING}</p>'</script>"), "in a script, as mark-up"),
    (page(head=f"<script>var text = `{SAYING}`</script>"), "in a template of a script"),
    (page(head=f"<script>var text = '{ESCAPED}'</script>"), "with escapes"),
    (page(within=f"<x-note text='{escape(json.dumps([SAYING]))}'></x-note>"), "in an attribute"),
    (page(quiet=LONG, after=f"<footer><p>{SAYING}</p></footer>"), "in the foot of a long page"),
]


@pytest.mark.parametrize(("markup", "why"), OUTSIDE, ids=[why for _, why in OUTSIDE])
def test_what_stands_outside_the_text_is_a_doubt(markup: str, why: str) -> None:
    (said,) = doubts(markup)
    assert said.startswith("outside its text its page says '"), why
    assert "National Guard" in read(markup).facts.outside  # type: ignore[operator]


WITHIN = [
    (page(), "nowhere"),
    (page(within=f"<p>{SAYING}</p>"), "in the text"),
    (page(within=f"<p>{SAYING}</p>", head=f'<meta name="description" content="{SAYING}">'), "in both"),
    (page(within=f"<p>{SAYING}</p>", after=f"<aside><p>{SAYING}</p></aside>"), "in the text and beside it"),
    (page(after=f"<aside><a href='/press/9'>{SAYING}</a></aside>"), "as a link to another page"),
    (
        page(after="<aside><p>Mexico deployed the National Guard: migration</p></aside>"),
        "too few words to say anything",
    ),
    (
        page(after="<aside><p>The southern border is open for trade and for travel today.</p></aside>"),
        "not all of it",
    ),
    (
        page(quiet=LONG, head=f"<script>var text = {json.dumps(SAYING)}</script>"),
        "in a script of a long page",
    ),
]


@pytest.mark.parametrize(("markup", "why"), WITHIN, ids=[why for _, why in WITHIN])
def test_what_raises_no_doubt(markup: str, why: str) -> None:
    assert doubts(markup) == [], why
