"""Feeds, on pages of our own: what is read, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.answers import PAGES, Answers, RouteFields, exchange_of, source_with
from support.feeds import FEED, ITEM, NOW, URL, XML, feed_of, read, refusal

from servanda.scrapers.exchange import Blocked, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.platforms.item_checks import MAX_ITEMS
from servanda.scrapers.route_reading import ReadRequest, RouteReading, Unchanged


def test_the_items_of_an_rss_feed() -> None:
    reading = read((PAGES / "press_feed.xml").read_bytes())
    assert [(i.title, i.url, i.published.at, i.summary) for i in reading.items] == [
        (
            "Readout of the Secretary’s Call with Foreign Secretary Robles",
            "https://www.external.example/readout-of-the-secretarys-call-with-foreign-secretary-robles/",
            datetime(2019, 9, 6, 1, 30, 7, tzinfo=UTC),
            "Office of the Spokesperson The two ministers spoke about the border.",
        ),
        (
            "Joint Declaration on Telecommunications & Trade",
            "https://www.external.example/joint-declaration-on-telecommunications-and-trade/?utm_source=feed",
            datetime(2019, 9, 5, 18, tzinfo=UTC),
            None,
        ),
        (
            "Joint Statement on the Harbour",
            "https://www.external.example/joint-statement-on-the-harbour-2/",
            datetime(2019, 9, 4, 20, 15, tzinfo=UTC),
            None,
        ),
        (
            "Joint Statement on the Harbour",
            "https://www.external.example/joint-statement-on-the-harbour/",
            datetime(2019, 9, 4, 13, tzinfo=UTC),
            None,
        ),
    ]
    assert (reading.pages, reading.reached_end, reading.asked, reading.stated) == (1, False, None, None)


def test_an_evening_item_belongs_to_the_publishers_day() -> None:
    first = read((PAGES / "press_feed.xml").read_bytes()).items[0]
    assert str(first.published) == "2019-09-05T21:30:07-04:00"


def test_an_item_is_known_by_guid_address_and_path() -> None:
    items = read((PAGES / "press_feed.xml").read_bytes()).items
    assert items[1].aliases == (
        ("external-guid", "https://www.external.example/?page_id=100187"),
        ("url", "https://www.external.example/joint-declaration-on-telecommunications-and-trade/"),
        ("path", "/joint-declaration-on-telecommunications-and-trade/"),
    )


def test_the_entries_of_an_atom_feed() -> None:
    url = "https://www.relaciones.example/avisos/feed"
    source, route = source_with(FEED, url=url, zone="America/Mexico_City")
    body = (PAGES / "notices_feed.atom.xml").read_bytes()
    answers = Answers().serve(url, body, "application/atom+xml")
    reading = read_feed(source, route, answers, ReadRequest(NOW + timedelta(days=1)))
    assert isinstance(reading, RouteReading)
    assert [(i.title, i.url, i.published.at, i.aliases[0]) for i in reading.items] == [
        (
            "Informe sobre los 90 días del acuerdo",
            "https://www.relaciones.example/prensa/informe-sobre-los-90-dias",
            datetime(2019, 9, 6, 14, 30, tzinfo=UTC),
            ("external-guid", "urn:aviso:77"),
        ),
        (
            "Reunión de trabajo en la frontera sur",
            "https://www.relaciones.example/prensa/reunion-de-trabajo-en-la-frontera-sur",
            datetime(2019, 9, 5, 23, 59, 59, tzinfo=UTC),
            ("external-guid", "urn:aviso:76"),
        ),
    ]


def test_a_conditional_request_and_what_the_next_one_will_send() -> None:
    source, route = source_with(FEED, url=URL, pause=timedelta(seconds=3))
    sent = Validators('"v1"', "Thu, 05 Sep 2019 18:00:00 GMT")
    body = (PAGES / "press_feed.xml").read_bytes()
    answers = Answers(
        {URL: exchange_of(URL, body, XML, headers=(("etag", '"v2"'), ("Last-Modified", "today")))}
    )
    reading = read_feed(source, route, answers, ReadRequest(NOW, validators=sent))
    assert isinstance(reading, RouteReading)
    assert reading.validators == Validators('"v2"', "today")
    assert (answers.asked, answers.validators, answers.pauses) == ([URL], [sent], [3.0])


def test_an_unchanged_feed() -> None:
    source, route = source_with(FEED, url=URL)
    answers = Answers({URL: exchange_of(URL, b"", None, status=304)})
    assert read_feed(source, route, answers, ReadRequest(NOW, validators=Validators('"v1"'))) == Unchanged()


def test_what_fetch_raises_is_passed_on() -> None:
    source, route = source_with(FEED, url=URL)
    with pytest.raises(Unreachable):
        read_feed(source, route, Answers(), ReadRequest(NOW))


def test_the_registry_names_the_reader() -> None:
    assert READERS["feed"] is read_feed


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        (ITEM.replace("A title", ""), "has no title"),
        (ITEM.replace("A title", "&#8203;&amp;nbsp;"), "has no title"),
        (ITEM.replace("<link>https://www.external.example/a-title/</link>", ""), "has no link"),
        (ITEM.replace("https://www.external", "javascript://www.external"), "has no link"),
        (ITEM.replace("https://www.external.example", "https://[www.external.example"), "has no link"),
        (ITEM.replace("a-title/", "a" * 2_000), "has no link"),
        (ITEM.replace("pubDate", "lastBuildDate"), "has no plausible date (it says '')"),
        (
            ITEM.replace("Thu, 05 Sep 2019 14:00:00 +0000", "last Thursday"),
            "plausible date (it says 'last Thursday')",
        ),
        (ITEM.replace("14:00:00 +0000", "14:00:00 XYZ"), "has no plausible date"),
        (ITEM.replace("2019", "1989"), "has no plausible date"),
        ("<item><description>x</description></item>", "has no title, link, plausible date"),
    ],
)
def test_an_item_without_title_link_or_plausible_date_is_named(item: str, missing: str) -> None:
    error = refusal(feed_of(ITEM, item.replace("<guid>1<", "<guid>2<")))
    assert error.kind == "bad_item"
    assert "item 2 of" in error.reason
    assert missing in error.reason


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        pytest.param(
            "Sun, 08 Sep 2019 12:00:00 +0000", datetime(2019, 9, 8, 12, tzinfo=UTC), id="two days ahead"
        ),
        pytest.param("Mon, 01 Jan 1990 00:00:00 +0000", datetime(1990, 1, 1, tzinfo=UTC), id="the oldest"),
        pytest.param(
            "Thu, 05 Sep 2019 14:00:00 EDT", datetime(2019, 9, 5, 18, tzinfo=UTC), id="a known zone name"
        ),
        pytest.param(
            "Thu, 05 Sep 2019 14:00:00 -0000", datetime(2019, 9, 5, 14, tzinfo=UTC), id="-0000 is UTC"
        ),
        pytest.param("2019-09-05T14:00:00.250-04:00", datetime(2019, 9, 5, 18, tzinfo=UTC), id="ISO 8601"),
    ],
)
def test_dates_of_feeds(stated: str, at: datetime) -> None:
    item = read(feed_of(ITEM.replace("Thu, 05 Sep 2019 14:00:00 +0000", stated))).items[0]
    assert item.published.at == at


@pytest.mark.parametrize("stated", ["Thu, 05 Sep 2019 14:00:00", "2019-09-05T14:00:00"])
def test_a_time_that_has_lost_its_zone_is_not_guessed_at(stated: str) -> None:
    with pytest.raises(Unrecognised) as refused:
        read(feed_of(ITEM.replace("Thu, 05 Sep 2019 14:00:00 +0000", stated)))
    assert (refused.value.kind, stated in refused.value.reason) == ("bad_item", True)


def test_the_id_of_an_atom_entry_is_no_address() -> None:
    entry = (
        "<entry><title>Statement</title><id>https://www.external.example/?p=1</id>{link}"
        "<published>2019-09-05T14:00:00Z</published></entry>"
    )
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{}</feed>'
    with pytest.raises(Unrecognised) as refused:
        read(feed.format(entry.format(link="")).encode())
    assert (refused.value.kind, "no link" in refused.value.reason) == ("bad_item", True)
    linked = read(
        feed.format(entry.format(link='<link href="https://www.external.example/statement/"/>')).encode()
    )
    assert linked.items[0].url == "https://www.external.example/statement/"


@pytest.mark.parametrize(
    ("route", "items", "kind"),
    [
        ({"minimum_items": 2}, 1, "too_few_items"),
        ({"minimum_items": 2}, 2, None),
        ({"minimum_items": 0}, 0, "too_few_items"),
        ({"minimum_items": 0, "empty": "news"}, 0, None),
    ],
)
def test_a_feed_holds_as_many_items_as_its_route_says(
    route: RouteFields, items: int, kind: str | None
) -> None:
    body = feed_of(*(ITEM.replace("<guid>1", f"<guid>{n}") for n in range(items)))
    if kind is None:
        assert len(read(body, **route).items) == items
    else:
        assert refusal(body, **route).kind == kind


def test_a_repeated_item_does_not_count_twice() -> None:
    assert refusal(feed_of(ITEM, ITEM), minimum_items=2).kind == "too_few_items"


def test_two_items_that_share_a_guid_and_not_an_address_are_refused() -> None:
    assert refusal(feed_of(ITEM, ITEM.replace("a-title", "another-title"))).kind == "duplicate_item"


def test_an_item_that_lies_too_far_ahead_is_named() -> None:
    error = refusal(feed_of(ITEM, ITEM.replace("05 Sep 2019", "09 Sep 2019").replace("<guid>1<", "<guid>2<")))
    assert error.kind == "future_date"
    assert "item 2 of" in error.reason


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><html><body>News</body></html>", b"<!-- x --><html>", b" <body>"]
)
def test_a_web_page_in_place_of_a_feed_is_named(page: bytes) -> None:
    with pytest.raises(Blocked) as caught:
        read(page)
    assert caught.value.kind == "html_instead_of_feed"


def test_a_feed_with_too_many_items_is_refused() -> None:
    assert refusal(feed_of(*[ITEM] * (MAX_ITEMS + 1))).kind == "too_many_items"


def test_a_sloppy_feed_is_read_and_a_truncated_one_refused() -> None:
    sloppy = feed_of(ITEM.replace("A title", "A &eacute; & title"), ITEM.replace("<guid>1", "<guid>2"))
    assert [item.title for item in read(sloppy).items] == ["A é & title", "A title"]
    assert refusal(sloppy[:-12]).kind == "truncated"
    assert refusal(feed_of(ITEM, ITEM)[:-40]).kind == "truncated"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", "application/rss+xml"),
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "utf-8", None),
        ("utf-16", "utf-16", None),
        ("iso-8859-1", "iso-8859-1", "application/xml"),
        ("windows-1252", "utf-8", "application/xml; charset=windows-1252"),
    ],
)
def test_encodings(encoding: str, declared: str, content_type: str | None) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    body = feed_of(ITEM.replace("A title", "Más migración"), head=head).decode().encode(encoding)
    assert read(body, content_type).items[0].title == "Más migración"


def test_an_item_without_a_guid_is_known_by_its_address() -> None:
    item = read(feed_of(ITEM.replace("<guid>1</guid>", ""))).items[0]
    assert [scheme for scheme, _ in item.aliases] == ["url", "path"]


def test_hostile_text_is_bounded_and_harmless() -> None:
    hostile = "Bcc: x@y.example\r\n\u2028evil \u202e" + "long " * 500
    item = read(feed_of(ITEM.replace("A title", hostile))).items[0]
    assert item.title.startswith("Bcc: x@y.example evil long")
    assert (len(item.title), item.title[-1]) == (1_000, "…")
