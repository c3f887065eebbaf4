"""Strict selection: how many matches, and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from support.answers import exchange_of

from servanda.scrapers.documents.select import (
    at_least,
    attribute_of,
    exactly_one,
    holds_container_of,
    one_value_or_none,
    open_page,
    text_of,
)
from servanda.scrapers.exchange import Unrecognised

PAGE = open_page(
    exchange_of(
        "https://x.example/",
        b"""<div id=news class="big list"><p class=row>One<br>line <i>in</i>side<script>no</script></p>
        <p class=row title=" t ">Two<!-- no --></p></div><a rel=next href=/2>2</a><a rel=next href=/2>&raquo;</a>""",
    )
)


def refusal(call: Callable[[], object]) -> Unrecognised:
    with pytest.raises(Unrecognised) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(("least", "kind"), [(0, None), (2, None), (3, "too_few_items")])
def test_at_least(least: int, kind: str | None) -> None:
    if kind is None:
        assert [text_of(tag) for tag in at_least(PAGE, ".row", least, "page")] == ["One line inside", "Two"]
    else:
        error = refusal(lambda: at_least(PAGE, ".row", least, "page"))
        assert str(error) == "too_few_items: page: '.row' matches 2 elements, at least 3 are expected"


def test_no_match_has_a_name_of_its_own() -> None:
    assert refusal(lambda: at_least(PAGE, ".absent", 1, "page")).kind == "no_rows"


def test_exactly_one() -> None:
    assert exactly_one(PAGE, "#news", kind="bad", what="page")["id"] == "news"
    for selector, count in ((".row", 2), (".absent", 0)):
        error = refusal(partial(exactly_one, PAGE, selector, kind="bad", what="page, title"))
        assert str(error) == f"bad: page, title: {selector!r} matches {count} elements, exactly 1 is expected"


def test_one_value_or_none() -> None:
    assert one_value_or_none(PAGE, "a[rel=next]", "href", kind="bad", what="page") == "/2"
    assert one_value_or_none(PAGE, "a[rel=prev]", "href", kind="bad", what="page") is None
    assert refusal(lambda: one_value_or_none(PAGE, "p", "title", kind="bad", what="page")).kind == "bad"


@pytest.mark.parametrize(
    ("selector", "name", "value"),
    [("#news", "class", "big list"), ("p + p", "title", "t"), ("#news", "title", None), ("a", "href", "/2")],
)
def test_attributes(selector: str, name: str, value: str | None) -> None:
    tag = PAGE.select(selector)[0]
    assert attribute_of(tag, name) == value


@pytest.mark.parametrize(
    ("selector", "holds"),
    [
        ("#news article", True),
        ("#news > article", True),
        ("div.list article.teaser", True),
        ("#other article", False),
        ("article", False),
        ("#news article, #news li", False),
        ("#news article[data-x='a b']", False),
        ("#news + article", False),
    ],
)
def test_the_container_tells_an_empty_listing_from_another_page(selector: str, holds: bool) -> None:
    assert holds_container_of(PAGE, selector) is holds
