"""Listings, on pages of our own: rows, dates, pages, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.answers import PAGES, Answers, RouteFields, exchange_of, source_with
from support.two_listings import (
    LONG_AGO,
    MEXICO,
    NEWS,
    NEWS_URL,
    NOW,
    PRENSA,
    PRENSA_2,
    PRENSA_URL,
    changed,
    news,
    read_news,
    refusal,
)

from servanda.instruments.routes import DateField, ListingOptions
from servanda.scrapers.exchange import Unrecognised, Validators
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.item_checks import MAX_ITEMS
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.route_reading import ReadRequest, RouteReading, Unchanged

# --- rows ---------------------------------------------------------------------------------------------


def test_the_rows_of_one_page() -> None:
    reading = read_news(answers := news())
    assert [(i.title, i.url, i.published.at) for i in reading.items] == [
        (
            "Remarks Before Departure",
            "https://www.residence.example/briefings-statements/2019/09/remarks-before-departure/",
            datetime(2019, 9, 6, 4, 10, tzinfo=UTC),
        ),
        (
            "Statement on the Joint Declaration – Border & Trade",
            "https://www.residence.example/briefings-statements/2019/09/statement-on-the-joint-declaration/",
            datetime(2019, 9, 6, 3, 59, 59, tzinfo=UTC),
        ),
        (
            "A Week in Review",
            "https://www.residence.example/articles/2019/09/a-week-in-review/",
            datetime(2019, 9, 5, 13, tzinfo=UTC),
        ),
        (
            "Fact Sheet: Support for the Region",
            "https://www.residence.example/fact-sheets/2019/09/399/",
            datetime(2019, 9, 4, 20, 20, 30, tzinfo=UTC),
        ),
    ]
    assert (reading.pages, reading.reached_end, answers.asked) == (1, False, [NEWS_URL])


def test_a_spanish_listing_in_its_own_zone() -> None:
    source, route = source_with(PRENSA, url=PRENSA_URL, zone=MEXICO, language="es", max_pages=5)
    answers = (
        Answers()
        .serve_page(PRENSA_URL, "prensa_listing_1.html")
        .serve_page(PRENSA_2, "prensa_listing_2.html")
    )
    reading = read_listing(source, route, answers, ReadRequest(NOW, back_to=LONG_AGO))
    assert isinstance(reading, RouteReading)
    assert [(i.title, str(i.published)) for i in reading.items] == [
        (
            "Comunicado 241. Informe de los 90 días: disminuye el flujo migratorio",
            "2019-09-06T10:05:00-05:00",
        ),
        ("Comunicado 240. Declaración conjunta sobre comercio", "2019-09-05T23:30:00-05:00"),
        ("Comunicado 239. Despliegue en la frontera sur", "2019-09-04T08:00:00-05:00"),
        ("Comunicado 238. Reunión con el cónsul", "2019-08-30T17:15:00-05:00"),
        ("Comunicado 237. Feria del libro", "2019-08-29T12:00:00-05:00"),
    ]
    assert (reading.pages, reading.reached_end, answers.asked) == (
        2,
        True,
        [PRENSA_URL, PRENSA_2, PRENSA_URL],
    )
    first = reading.items[0]
    assert first.url.endswith("/relaciones/prensa/comunicado-241-informe-de-los-90-dias?idiom=es")
    assert first.aliases == (
        ("url", "https://www.gobierno.example/relaciones/prensa/comunicado-241-informe-de-los-90-dias"),
        ("path", "/relaciones/prensa/comunicado-241-informe-de-los-90-dias"),
    )


TIME = '<time datetime="2019-09-05T23:59:59-04:00">September 5, 2019</time>'
LINK = '<a href="https://www.residence.example/briefings-statements/2019/09/statement-on-the-joint-declaration/" target="_self">'


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (LINK, '<a href="/x/">1</a>' + LINK, "title: 'h2.wp-block-post-title a' matches 2 elements"),
        (LINK, "<b>", "title: 'h2.wp-block-post-title a' matches 0 elements"),
        (LINK, "<a>", "link: '' names no document"),
        (LINK, '<a href="javascript:void(0)">', "link: 'javascript:void(0)' names no document"),
        (LINK, '<a href="#">', "link: '#' names no document"),
        (TIME, "", "date: '.wp-block-post-date time[datetime]' matches 0 elements"),
        (TIME, TIME + TIME, "date: '.wp-block-post-date time[datetime]' matches 2 elements"),
        (TIME, TIME.replace("2019-09-05T", "5/9/2019 "), "date: '5/9/2019 23:59:59-04:00' is none of iso"),
        (TIME, TIME.replace("2019", "1989"), "date: '1989-09-05T23:59:59-04:00' is none of iso"),
        (TIME, TIME.replace('"2019-09-05T23:59:59-04:00"', '""'), "date: '' is none of iso"),
        (TIME, TIME.replace("2019-09-05", "2019-09-31"), "date: '2019-09-31T23:59:59-04:00' is none of iso"),
        (
            "Statement on the Joint Declaration &#8211; <em>Border</em> &amp; Trade",
            "&#8203;",
            "title: it is empty",
        ),
    ],
)
def test_a_row_that_is_not_as_expected_is_named(old: str, new: str, reason: str) -> None:
    error = refusal(news(changed("news_listing_1.html", old, new)))
    assert error.kind == "bad_row"
    assert f"row 2 of {NEWS_URL}, {reason}" in error.reason


@pytest.mark.parametrize(
    ("field", "text", "published"),
    [
        (DateField(selector=".d", formats=("%B %d, %Y",)), "September 5, 2019", "2019-09-05"),
        (
            DateField(selector=".d", formats=("%d de %B de %Y",), language="es"),
            "5 de septiembre de 2019",
            "2019-09-05",
        ),
        (DateField(selector=".d", formats=("%m/%d/%Y", "%b %d, %Y")), "Sep 5, 2019", "2019-09-05"),
        (
            DateField(selector=".d", formats=("%d/%m/%Y %H:%M",)),
            "05/09/2019 23:30",
            "2019-09-05T23:30:00-04:00",
        ),
        (DateField(selector=".d", formats=("iso",)), "2019-09-05", "2019-09-05"),
    ],
)
def test_dates_in_text_have_the_precision_of_their_format(
    field: DateField, text: str, published: str
) -> None:
    read = ListingOptions(platform="listing", row=".r", title="a", link="a", date=field)
    source, route = source_with(read, url=NEWS_URL)
    page = f'<html><body><div class="r"><a href="/a-b/">T</a><i class="d"> {text} </i></div></body></html>'
    reading = read_listing(source, route, Answers().serve(NEWS_URL, page.encode()), ReadRequest(NOW))
    assert isinstance(reading, RouteReading)
    assert str(reading.items[0].published) == published


# --- the first page -----------------------------------------------------------------------------------


def test_the_first_request_is_conditional_and_the_first_page_gives_the_validators() -> None:
    source, route = source_with(NEWS, url=NEWS_URL, max_pages=2)
    answers = news()
    answers.pages[NEWS_URL] = exchange_of(
        NEWS_URL, answers.pages[NEWS_URL].body, headers=(("ETag", '"one"'), ("Last-Modified", "then"))
    )
    sent = Validators('"zero"')
    reading = read_listing(source, route, answers, ReadRequest(NOW, back_to=LONG_AGO, validators=sent))
    assert isinstance(reading, RouteReading)
    assert answers.validators == [sent, None, Validators('"one"', "then"), None]
    assert reading.validators == Validators('"one"', "then")


def test_an_unchanged_listing() -> None:
    source, route = source_with(NEWS, url=NEWS_URL)
    answers = Answers({NEWS_URL: exchange_of(NEWS_URL, b"", None, status=304)})
    assert read_listing(source, route, answers, ReadRequest(NOW, validators=Validators('"a"'))) == Unchanged()


@pytest.mark.parametrize(("least", "kind"), [(4, None), (5, "too_few_items")])
def test_the_first_page_holds_as_many_rows_as_its_route_says(least: int, kind: str | None) -> None:
    if kind is None:
        assert len(read_news(news(), minimum_items=least).items) == 4
    else:
        assert refusal(news(), minimum_items=least).kind == kind


@pytest.mark.parametrize(
    ("page", "route", "kind"),
    [
        pytest.param(
            "prensa_listing_empty.html", {"empty": "news", "minimum_items": 0}, None, id="empty is news"
        ),
        pytest.param("prensa_listing_empty.html", {"minimum_items": 0}, "no_rows", id="empty is a fault"),
        pytest.param("nothing.html", {"empty": "news", "minimum_items": 0}, "no_rows", id="another page"),
    ],
)
def test_an_empty_listing_is_news_only_where_it_is_the_listing(
    page: str, route: RouteFields, kind: str | None
) -> None:
    source, made = source_with(PRENSA, url=PRENSA_URL, zone=MEXICO, language="es", **route)
    body = (PAGES / page).read_bytes() if page != "nothing.html" else b"<html><body><p>Hoy</p></body></html>"
    answers = Answers().serve(PRENSA_URL, body)
    if kind is None:
        reading = read_listing(source, made, answers, ReadRequest(NOW))
        assert isinstance(reading, RouteReading)
        assert (reading.items, reading.reached_end) == ((), False)
    else:
        with pytest.raises(Unrecognised) as caught:
            read_listing(source, made, answers, ReadRequest(NOW))
        assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"%PDF-1.4", "application/pdf", "wrong_type"),
        (b"{}", "application/json", "wrong_type"),
        (b"\x89PNG", None, "wrong_type"),
        (b"<html>" + b"<b>" * 100_000, "text/html", "too_large"),
        (b"<html>" + b" " * 5_000_000, "text/html", "too_large"),
        (b"<html><body>Just a page</body></html>", "text/html", "no_rows"),
        (b"", "text/html", "no_rows"),
        (b"<ul>" + b"<li class='wp-block-post'></li>" * (MAX_ITEMS + 1), "text/html", "too_many_items"),
    ],
)
def test_what_is_no_listing(body: bytes, content_type: str | None, kind: str) -> None:
    assert refusal(Answers().serve(NEWS_URL, body, content_type)).kind == kind


def test_rows_in_scripts_are_no_rows() -> None:
    script = b"<html><body><script>'<li class=\"wp-block-post\">'</script></body></html>"
    assert refusal(Answers().serve(NEWS_URL, script)).kind == "no_rows"


def test_the_registry_names_the_reader() -> None:
    assert READERS["listing"] is read_listing


def test_an_item_two_days_ahead_is_the_latest() -> None:
    body = changed("news_listing_1.html", "2019-09-06T00:10:00-04:00", "2019-09-08T18:00:00+00:00")
    assert read_news(news(body)).items[0].published.at == NOW + timedelta(days=2)
    body = changed("news_listing_1.html", "2019-09-06T00:10:00-04:00", "2019-09-08T18:00:01+00:00")
    assert refusal(news(body)).kind == "future_date"
