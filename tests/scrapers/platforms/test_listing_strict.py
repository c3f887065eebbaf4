"""What a listing's page must be, whole: every row known, each once, in its language, in its order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, TypedDict, Unpack

import pytest
from support.answers import exchange_of, source_with

from servanda.instruments.routes import DateField, ListingOptions
from servanda.scrapers.exchange import Blocked, ScrapeError
from servanda.scrapers.platforms.listing_rows import read_page
from servanda.scrapers.platforms.page_walk import ListingPage

URL = "https://www.agency.example/news/"
NOW = datetime(2019, 9, 6, 18, tzinfo=UTC)
ENGLISH = DateField(selector=".date", formats=("%B %d, %Y",))


def row(n: int, *, css: str = "row", date: str | None = None, wrap: str = "{}") -> str:
    day = f"September {11 - n}, 2018" if date is None else date
    return wrap.format(
        f'<li class="{css}"><a href="/news/{n}/">Statement {n}</a> <i class="date">{day}</i></li>'
    )


def listing(*rows: str, lang: str = "en", after: str = "") -> bytes:
    return f'<html lang="{lang}"><body><ul class="news">{"".join(rows)}</ul>{after}</body></html>'.encode()


ROWS = [row(n) for n in range(1, 11)]


class Page(TypedDict, total=False):
    """What a case may say of the page, its route and its source."""

    headers: tuple[tuple[str, str], ...]
    language: Literal["en", "es"] | None
    minimum_items: int
    others: str | None
    source_language: str


def read(
    body: bytes, field: DateField = ENGLISH, *, source_language: str = "en", headers: tuple[tuple[str, str], ...] = (),
    minimum_items: int = 1, others: str | None = None, language: Literal["en", "es"] | None = None,
) -> ListingPage:  # fmt: skip
    made = ListingOptions(
        platform="listing", row="li.row", title="a", link="a", date=field, next="a.next", others=others,
        language=language,
    )  # fmt: skip
    source, route = source_with(made, url=URL, language=source_language, minimum_items=minimum_items)
    return read_page(exchange_of(URL, body, headers=headers), source, route, NOW, is_first=True)


def refusal(body: bytes, *given: DateField, **options: Unpack[Page]) -> ScrapeError:
    with pytest.raises(ScrapeError) as caught:
        read(body, *given, **options)
    return caught.value


# --- where links lead -----------------------------------------------------------------------------------


def test_relative_links_start_from_the_base_that_the_page_states() -> None:
    links = [one.replace("/news/", "") for one in ROWS]
    page = listing(*links, after='<a class="next" href="page2">').replace(
        b"<body>", b'<head><base href="/press/2018/"></head><body>'
    )
    found = read(page)
    assert found.items[0].url == "https://www.agency.example/press/2018/1/"
    assert found.next_url == "https://www.agency.example/press/2018/page2"


# --- beside the rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 4, 9])
def test_one_row_of_ten_with_another_class_is_noticed(n: int) -> None:
    rows = [*ROWS]
    rows[n] = row(n + 1, css="entry")
    error = refusal(listing(*rows))
    assert error.kind == "unknown_row"
    assert f"Statement {n + 1}" in error.reason


def test_what_is_known_to_stand_beside_rows_may() -> None:
    rows = [*ROWS, '<li class="advertisement">Subscribe</li>']
    assert refusal(listing(*rows)).kind == "unknown_row"
    assert len(read(listing(*rows), others="li.advertisement").items) == 10
    assert refusal(listing(*rows, '<li class="x">'), others="li.advertisement").kind == "unknown_row"


def test_elements_of_another_name_are_no_rows() -> None:
    assert len(read(listing(*ROWS, "<div>Subscribe</div>")).items) == 10


def test_a_row_that_is_alone_in_its_wrapper_is_missed_with_it() -> None:
    rows = [row(n, wrap='<div class="cell">{}</div>') for n in range(1, 11)]
    assert len(read(listing(*rows)).items) == 10
    rows[3] = row(4, css="entry", wrap='<div class="cell">{}</div>')
    assert refusal(listing(*rows)).kind == "unknown_row"


def test_rows_in_several_groups_are_all_looked_beside() -> None:
    groups = ["".join(ROWS[:3]), "".join(ROWS[3:6]) + row(12, css="entry")]
    body = listing(*(f"<ul>{group}</ul>" for group in groups))
    assert refusal(body).kind == "unknown_row"


def test_a_publishers_fixed_number_of_rows_shows_the_loss_of_one() -> None:
    after = '<a class="next" href="/news/2/">Next</a>'
    assert len(read(listing(*ROWS, after=after), minimum_items=10).items) == 10
    assert refusal(listing(*ROWS[1:], after=after), minimum_items=10).kind == "too_few_items"


# --- repeated, foreign, ahead, upside down ----------------------------------------------------------------


@pytest.mark.parametrize(
    "again", [row(3), row(3).replace("Statement 3", "Another"), row(3).replace("/3/", "/3/#top")]
)
def test_two_rows_of_one_address_are_refused(again: str) -> None:
    error = refusal(listing(*ROWS, again))
    assert error.kind == "duplicate_row"
    assert "rows 3 and 11" in error.reason


@pytest.mark.parametrize(
    ("stated", "field", "kind"),
    [
        ("5 de septiembre de 2019", ENGLISH, "foreign_date"),
        ("Septiembre 5, 2019", ENGLISH, "foreign_date"),
        ("September 5, 2019", DateField(selector=".date", formats=("%d de %B de %Y",), language="es"), "foreign_date"),
        ("ENE 5, 2019", DateField(selector=".date", formats=("%b %d, %Y",)), "foreign_date"),
        ("5/9/2019", ENGLISH, "bad_row"),
        ("Mar 5 2019", DateField(selector=".date", formats=("%d de %B de %Y",), language="es"), "bad_row"),
        ("", ENGLISH, "bad_row"),
        ("September 5, 1989", ENGLISH, "bad_row"),
        ("September 9, 2019", ENGLISH, "future_date"),
        ("September 5, 2091", ENGLISH, "future_date"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_is_named(stated: str, field: DateField, kind: str) -> None:
    assert refusal(listing(row(1, date=stated)), field).kind == kind


def test_a_date_two_days_ahead_may_be() -> None:
    assert read(listing(row(1, date="September 8, 2019"))).items[0].published.on == date(2019, 9, 8)


@pytest.mark.parametrize(("rows", "kind"), [(4, None), (5, "wrong_order"), (10, "wrong_order")])
def test_rows_that_stand_oldest_first_are_refused(rows: int, kind: str | None) -> None:
    """A few rows may stand so by chance or by pins; such a listing covers nothing, and is no failure."""
    body = listing(*reversed(ROWS[:rows]))
    assert (refusal(body).kind if kind else len(read(body).items)) == (kind or rows)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row(n, date="September 5, 2019") for n in range(1, 11)], id="all of one day"),
        pytest.param([*ROWS[5:], *ROWS[:5]], id="two runs"),
        pytest.param([ROWS[9], *ROWS[:9]], id="an old one pinned"),
        pytest.param([*reversed(ROWS[:6]), ROWS[9]], id="all but the last"),
    ],
)
def test_any_other_order_is_left_to_the_rule_of_coverage(rows: list[str]) -> None:
    assert len(read(listing(*rows)).items) == len(rows)


# --- language and type ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "headers", "source", "route", "named"),
    [
        ("en", (), "en", None, False),
        ("en-US", (), "en", None, False),
        ("es-MX", (), "en", None, True),
        ("ES", (), "en", None, True),
        ("es", (), "es", None, False),
        ("en", (), "es", None, True),
        ("en", (), "es", "en", False),
        ("es", (), "es", "en", True),
        ("fr", (), "en", None, False),
        ("", (), "en", None, False),
        ("", (("Content-Language", "es"),), "en", None, True),
        ("en", (("Content-Language", "es"),), "en", None, False),
    ],
)
def test_a_page_in_the_other_language_is_no_reading(
    lang: str,
    headers: tuple[tuple[str, str], ...],
    source: str,
    route: Literal["en", "es"] | None,
    named: bool,
) -> None:
    body = listing(*ROWS, lang=lang)
    options = Page(source_language=source, headers=headers, language=route)
    if named:
        error = refusal(body, **options)
        assert (type(error), error.kind) == (Blocked, "wrong_language")
    else:
        assert len(read(body, **options).items) == 10
