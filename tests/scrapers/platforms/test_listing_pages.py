"""Listings over several pages: how far they are read, and pages that came through a web archive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.answers import PAGES, Answers, exchange_of, source_with
from support.two_listings import LONG_AGO, NEWS, NEWS_2, NEWS_URL, NOW, changed, news, read_news, refusal

from servanda.scrapers.exchange import Unreachable
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.route_reading import ReadRequest, RouteReading


def test_pages_are_read_to_the_end_and_a_row_on_two_of_them_is_kept_once() -> None:
    """Its doubling may be a move: a third sweep shows that it is none."""
    reading = read_news(answers := news(), LONG_AGO)
    assert [item.title for item in reading.items][3:] == [
        "Fact Sheet: Support for the Region",
        "Proclamation on the National Day",
        "Readout of a Call",
    ]
    assert (reading.pages, reading.reached_end, answers.asked) == (
        2,
        True,
        [NEWS_URL, NEWS_2, NEWS_URL, NEWS_2],
    )
    assert answers.pauses == [2.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("back_to", "pages"),
    [
        pytest.param(datetime(2019, 9, 4, 20, 20, 31, tzinfo=UTC), 1, id="just after the oldest item"),
        pytest.param(
            datetime(2019, 9, 4, 20, 20, 30, tzinfo=UTC), 2, id="the very second of the oldest item"
        ),
        pytest.param(datetime(2019, 9, 4, 20, 20, 29, tzinfo=UTC), 2, id="just before it"),
    ],
)
def test_reading_goes_on_until_an_item_lies_before_what_was_asked(back_to: datetime, pages: int) -> None:
    assert read_news(news(), back_to).pages == pages


def test_an_old_item_pinned_on_top_does_not_end_the_reading() -> None:
    pinned = changed("news_listing_1.html", "2019-09-06T00:10:00-04:00", "2018-01-01T00:00:00-05:00")
    assert read_news(news(pinned), datetime(2019, 9, 3, tzinfo=UTC)).pages == 2


def test_no_more_pages_than_the_route_allows() -> None:
    reading = read_news(news(), LONG_AGO, max_pages=1)
    assert (reading.pages, reading.reached_end) == (1, False)


def test_the_end_is_not_believed_of_a_first_page() -> None:
    """A redesign that renames the next link must not look like a listing of a single page."""
    renamed = changed(
        "news_listing_1.html", "wp-block-query-pagination-next", "wp-block-query-pagination-forward"
    )
    reading = read_news(news(renamed), LONG_AGO)
    assert (reading.pages, reading.reached_end) == (1, False)


def test_the_end_is_not_believed_of_a_page_that_breaks_off() -> None:
    whole = (PAGES / "news_listing_2.html").read_text(encoding="utf-8")
    assert refusal(news(body_2=whole[: whole.index("</main")].encode()), LONG_AGO).kind == "truncated"
    cut = whole[: whole.index("</body")].encode()
    answers = news()
    answers.pages[NEWS_2] = exchange_of(NEWS_2, cut, headers=(("Content-Length", str(len(cut))),))
    reading = read_news(answers, LONG_AGO)
    assert (reading.pages, len(reading.items), reading.reached_end) == (2, 6, False)


def test_only_the_last_page_may_be_shorter_than_the_route_says() -> None:
    assert read_news(news(), LONG_AGO, minimum_items=4).pages == 2
    link = '<a class="wp-block-query-pagination-next" href="/news/page/3/">3</a></nav>'
    goes_on = changed("news_listing_2.html", "</nav></div>", f"{link}</div>")
    assert refusal(news(body_2=goes_on), LONG_AGO, minimum_items=4).kind == "too_few_items"


@pytest.mark.parametrize(
    ("body_2", "kind"),
    [
        pytest.param(b"<html><body>Down for maintenance</body></html>", "no_rows", id="no rows"),
        pytest.param(
            changed("news_listing_2.html", "<time datetime", "<time data"), "bad_row", id="a bad row"
        ),
        pytest.param((PAGES / "news_listing_1.html").read_bytes(), "page_repeats", id="the first page again"),
    ],
)
def test_a_later_page_that_cannot_be_read_fails_the_whole_reading(body_2: bytes, kind: str) -> None:
    assert refusal(news(body_2=body_2), LONG_AGO).kind == kind


def test_a_later_page_that_does_not_come_fails_the_whole_reading() -> None:
    answers = news()
    del answers.pages[NEWS_2]
    with pytest.raises(Unreachable):
        read_news(answers, LONG_AGO)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            'href="/news/page/2/" class="wp-block-query-pagination-next"',
            'class="wp-block-query-pagination-next"',
        ),
        ("Next</a>", 'Next</a><a href="/news/page/3/" class="wp-block-query-pagination-next">Next</a>'),
        ('href="/news/page/2/" class="wp', 'href="javascript:next()" class="wp'),
        ('href="/news/page/2/" class="wp', 'href="https://elsewhere.example/news/page/2/" class="wp'),
    ],
    ids=["no address", "two addresses", "no http", "another host"],
)
def test_a_next_link_that_leads_nowhere_is_refused(old: str, new: str) -> None:
    assert refusal(news(changed("news_listing_1.html", old, new)), LONG_AGO).kind == "bad_next"


def test_two_links_to_the_same_next_page_are_one() -> None:
    twice = changed(
        "news_listing_1.html",
        "Next</a>",
        'Next</a><a href="/news/page/2/" class="wp-block-query-pagination-next">2</a>',
    )
    assert read_news(news(twice), LONG_AGO).pages == 2


# --- pages that came through a web archive ----------------------------------------------------------------

PLAYBACK = "https://web.archive.org/web/20190906180000"


def test_a_page_through_an_archive_is_read_as_the_original_and_followed_inside_the_archive() -> None:
    """Raw playback (``id_``) leaves links as they were published; rewritten playback puts itself before them."""
    first, second = f"{PLAYBACK}id_/{NEWS_URL}", f"{PLAYBACK}id_/{NEWS_2}"
    source, route = source_with(NEWS, url=first, max_pages=5)
    answers = Answers().serve_page(first, "news_listing_1.html").serve_page(second, "news_listing_2.html")
    reading = read_listing(source, route, answers, ReadRequest(NOW, back_to=LONG_AGO))
    assert isinstance(reading, RouteReading)
    assert reading.items == read_news(news(), LONG_AGO).items
    assert answers.asked == [first, second, first, second]


def test_rewritten_links_are_unwrapped_wherever_the_page_came_from() -> None:
    rewritten = changed("news_listing_1.html", 'href="/', f'href="{PLAYBACK}/https://www.residence.example/')
    rewritten = rewritten.replace(b'href="https://www', b'href="/web/20190906180000/https://www')
    url = f"{PLAYBACK}/{NEWS_URL}"
    source, route = source_with(NEWS, url=url, max_pages=2)
    answers = Answers().serve(url, rewritten).serve_page(f"{PLAYBACK}/{NEWS_2}", "news_listing_2.html")
    reading = read_listing(source, route, answers, ReadRequest(NOW, back_to=LONG_AGO))
    assert isinstance(reading, RouteReading)
    assert reading.items == read_news(news(), LONG_AGO).items
