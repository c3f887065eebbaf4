"""The feed of alerts: valid, stable, and kept apart from what titles and passages may hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from servanda.alerts.formats.atom import ATOM, FeedSource, feed_of
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.document_payloads import EvidencePayload
from servanda.alerts.payloads.kinds import PUBLIC_KINDS, AlertKind
from servanda.alerts.text.translation import words

SOURCE = FeedSource("0123456789abcdef", datetime(2019, 6, 7, 12, tzinfo=UTC), None, "What happened")
NS = {"a": ATOM}


def made(*alerts: Alert, source: FeedSource = SOURCE, language: Any = "en", replay: bool = False) -> bytes:
    return feed_of(source, alerts, words(language), replay=replay)


def public(samples: dict[str, Alert]) -> list[Alert]:
    return [
        replace(one, id=number)
        for number, one in enumerate(samples.values(), 1)
        if one.kind in PUBLIC_KINDS
    ]  # fmt: skip


def check_by_the_book(content: bytes) -> ElementTree.Element:
    """What RFC 4287 (4.1) asks of a feed and its entries."""
    feed = ElementTree.fromstring(content)
    assert feed.tag == f"{{{ATOM}}}feed"
    entries = feed.findall("a:entry", NS)
    for holder in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"a:{name}", NS)) == 1, name
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", holder.findtext("a:updated", "", NS))
        assert re.fullmatch(
            r"tag:[a-z0-9.]+,\d{4}-\d\d-\d\d:(feed|alert):[a-z0-9-]+", holder.findtext("a:id", "", NS)
        )
    assert len(feed.findall("a:author", NS)) == 1, "of the feed, and so of every entry"
    ids = [entry.findtext("a:id", "", NS) for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert len(entry.findall("a:content", NS)) == 1
        assert entry.find("a:content", NS).attrib == {"type": "html"}  # type: ignore[union-attr]
        assert len(entry.findall("a:summary", NS)) == 1
    return feed


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("replay", [False, True])
def test_every_kind_makes_a_valid_entry_that_a_reader_understands(
    samples: dict[str, Alert], language: str, replay: bool
) -> None:
    alerts = public(samples)
    assert {one.kind for one in alerts} == PUBLIC_KINDS
    content = made(*alerts, language=language, replay=replay)
    check_by_the_book(content)
    read = feedparser.parse(content)
    assert not read.bozo
    assert len(read.entries) == len(alerts)
    for entry, alert in zip(read.entries, alerts, strict=True):
        assert entry.id == f"tag:0123456789abcdef.servanda.invalid,2019-06-07:alert:{alert.id}"
        assert [tag.term for tag in entry.tags] == [alert.kind.value, alert.instrument]
        assert entry.published == entry.updated
        assert entry.title.startswith("REPLAY") == replay
        assert entry.summary and entry.content[0].value.startswith(f'<div lang="{language}"')
        assert entry.link.startswith("https://")


def test_what_concerns_the_monitor_itself_stands_in_no_feed() -> None:
    assert {kind.record.audience for kind in PUBLIC_KINDS} == {"subscriber"}
    assert AlertKind.SILENCE_ENDED not in PUBLIC_KINDS


def test_a_feed_says_where_it_can_be_had_and_a_file_does_not(samples: dict[str, Alert]) -> None:
    served = replace(SOURCE, self_url="https://monitor.example.org/events.atom")
    (link,) = check_by_the_book(made(*public(samples), source=served)).findall("a:link", NS)
    assert link.attrib == {
        "rel": "self",
        "type": "application/atom+xml",
        "href": "https://monitor.example.org/events.atom",
    }
    assert check_by_the_book(made()).findall("a:link", NS) == []


def test_the_same_alerts_give_the_same_bytes_and_no_alert_a_feed_of_the_day_it_began(
    samples: dict[str, Alert],
) -> None:
    assert made(*public(samples)) == made(*public(samples))
    assert check_by_the_book(made()).findtext("a:updated", "", NS) == "2019-06-07T12:00:00Z"


HOSTILE = [
    "</title></entry><entry><id>evil</id>",
    "]]><script>alert(1)</script>",
    "<img src=https://evil.example/x onerror=alert(1)>",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "\x00\x08\x0b\x1b[31m\ufffe\uffff\ud800",
    "\u202egnp.exe \u2066\u200b",
    "{{ 7 * 7 }} {title} %s",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_in_a_title_or_a_passage_becomes_markup(samples: dict[str, Alert], hostile: str) -> None:
    sample = samples["candidate"]
    payload = sample.payload
    assert isinstance(payload, EvidencePayload)
    stained = replace(
        sample,
        payload=replace(
            payload,
            document=replace(payload.document, title=hostile, url=f"javascript:{hostile}"),
            quotes=(hostile,),
            publisher=hostile,
            language=hostile,
            instrument=replace(payload.instrument, title=hostile),
        ),
    )
    clean, content = made(sample), made(stained)
    assert [e.tag for e in check_by_the_book(content).iter() if "link" not in e.tag] == [
        e.tag for e in check_by_the_book(clean).iter() if "link" not in e.tag
    ]
    (html,) = (e.text or "" for e in check_by_the_book(content).iter(f"{{{ATOM}}}content"))
    found = set(re.findall(r"<(\w+)", html))
    assert found <= {"div", "h1", "h2", "p", "blockquote", "dl", "dt", "dd", "pre", "ul", "li", "a", "span"}
    assert not re.search(r'href="(?!https?://)', html)
    assert all(" on" not in tag for tag in re.findall(r"<[^>]*>", html))
