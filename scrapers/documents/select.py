"""Strict CSS selection: every function says how many matches it expects, and refuses any other number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement

from servanda.scrapers.addresses import base_address
from servanda.scrapers.documents.markup import html_of
from servanda.scrapers.documents.script_markup import is_script, page_of_script
from servanda.scrapers.exchange import Exchange, Unrecognised
from servanda.scrapers.text_cleaning import one_line

_CONTAINER = re.compile(r"(?P<container>[^,]*[^,\s>+~])\s*(?:\s|>)\s*[^,\s>+~]+")


def open_page(exchange: Exchange) -> BeautifulSoup:
    """The page of an exchange, or what its script would append. Raises what ``html_of`` raises, and
    ``page_of_script``."""
    return BeautifulSoup(page_of_script(exchange) if is_script(exchange) else html_of(exchange), "lxml")


def base_of(page: BeautifulSoup, page_url: str) -> str:
    """What the links of a page start from: its first ``base`` with an ``href``, else its own address."""
    base = page.find("base", href=True)
    return base_address(attribute_of(base, "href") if isinstance(base, Tag) else None, page_url)


def at_least(page: Tag, selector: str, least: int, what: str) -> list[Tag]:
    """``least`` matches or more. Raises Unrecognised ``no_rows`` for none, ``too_few_items`` for fewer."""
    found = page.select(selector)
    if len(found) < least:
        kind = "too_few_items" if found else "no_rows"
        raise Unrecognised(
            kind, f"{what}: {selector!r} matches {len(found)} elements, at least {least} are expected"
        )
    return found


def exactly_one(scope: Tag, selector: str, *, kind: str, what: str) -> Tag:
    """The only match. Raises Unrecognised ``kind`` for none or several."""
    found = scope.select(selector)
    if len(found) != 1:
        raise Unrecognised(kind, f"{what}: {selector!r} matches {len(found)} elements, exactly 1 is expected")
    return found[0]


def one_value_or_none(page: Tag, selector: str, attribute: str, *, kind: str, what: str) -> str | None:
    """The attribute that all matches agree on; None where nothing matches.

    Raises Unrecognised ``kind`` where they differ or one has none.
    """
    found = {attribute_of(tag, attribute) for tag in page.select(selector)}
    if not found:
        return None
    value = found.pop()
    if found or value is None:
        raise Unrecognised(
            kind, f"{what}: {selector!r} matches elements that differ in their {attribute}, or lack it"
        )
    return value


def attribute_of(tag: Tag, name: str) -> str | None:
    """An attribute's value, None where it is missing or empty."""
    value = tag.get(name)
    text = " ".join(value) if isinstance(value, list) else value
    return text.strip() or None if text is not None else None


def text_of(tag: Tag) -> str:
    """The visible text of an element on one line."""
    return one_line("".join(_strings(tag)))


def holds_container_of(page: Tag, selector: str) -> bool:
    """Whether a page holds the element in which ``selector`` looks for rows.

    For ``#news article`` that is ``#news``: it tells an empty listing from a page that is no listing. A
    selector of a single step names no container.
    """
    steps = _CONTAINER.fullmatch(selector.strip())
    plain = steps is not None and not re.search(r"[\[\]()\"']", selector)
    return plain and steps is not None and bool(page.select(steps["container"]))


def _strings(tag: Tag) -> Iterator[str]:
    element: PageElement
    for element in tag.descendants:
        if isinstance(element, Tag) and element.name == "br":
            yield " "
        elif type(element) in (NavigableString, CData):
            yield str(element)
