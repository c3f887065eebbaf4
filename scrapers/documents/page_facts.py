"""What a page says of itself: its title, language and date, and that it is no document."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from servanda.compliance.publication import PublicationTime
from servanda.scrapers.addresses import unwrap_archive
from servanda.scrapers.dates import EARLIEST, LATEST_AHEAD, is_plausible, read_iso
from servanda.scrapers.exchange import Exchange, Unrecognised
from servanda.scrapers.text_cleaning import one_line, shorten

MAX_ELEMENTS = 20_000
"""Extraction takes more than linear time in these: a few seconds at this bound."""

LONGEST_TITLE = 1_000

_RUNNING_TEXT = (
    "//*[self::p or self::li or self::td or self::blockquote or self::pre][not(.//time)]"
    "[not(contains(@class, 'date') or contains(@class, 'fecha') or @itemprop)]"
)

_PUBLISHED_ON = re.compile(
    r"\bpublished_on[\"']?\s{0,9}[=:]\s{0,9}[\"'](\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d ?[+-]\d\d:?\d\d)[\"']"
)

_NOT_FOUND = re.compile(
    r"(error\s*)?404\b|(page )?not found\b|(the )?page (you requested )?(could not|cannot) be found"
    r"|página no encontrada|no se encontró la página|página no disponible",
    re.IGNORECASE,
)


_PLACEHOLDER = re.compile(r"((loading|please wait|cargando|espere)[ .…]*)+", re.IGNORECASE)
"""What a part says that a browser would fill."""


def page_title(page: Any) -> str:
    """The page's own title: its only first-level heading, else ``og:title``, else ``title``."""
    headings = [text for h1 in page.iter("h1") if (text := one_line(h1.text_content()))]
    if len(headings) == 1:
        return shorten(headings[0], LONGEST_TITLE)
    others = page.xpath("//meta[@property='og:title']/@content | //head/title/text()")
    return shorten(next(filter(None, map(one_line, others)), ""), LONGEST_TITLE)


def page_language(page: Any, otherwise: str) -> str:
    """English or Spanish where the page says so."""
    stated = (page.get("lang") or "").strip().lower().partition("-")[0]
    return stated if stated in ("en", "es") else otherwise


def stated_publication(page: Any, zone: str, exchange: Exchange, *, search: bool) -> PublicationTime | None:
    """When the page itself says it was published: its ``article:published_time``, else ``published_on`` in a
    script (gob.mx: ``properties.published_on = "2019-09-11 10:23:00 -0500"``), else a day by htmldate.

    ``search`` False: without htmldate, which takes as long as all the rest of a plain reading. It looks at
    metadata, address and markup. The running text, which names other dates, it never sees.
    """
    for stated in (*page.xpath("//meta[@property='article:published_time']/@content"), *_in_scripts(page)):
        published = read_iso(stated.strip(), zone)
        if published is not None and is_plausible(published, exchange.at):
            return published
    return _searched_publication(page, zone, exchange) if search else None


def _in_scripts(page: Any) -> list[str]:
    """The instant that a page's scripts state as its own; none where they state several."""
    found = {stated for script in page.iter("script") for stated in _PUBLISHED_ON.findall(script.text or "")}
    return list(found) if len(found) == 1 else []


def _searched_publication(page: Any, zone: str, exchange: Exchange) -> PublicationTime | None:
    from htmldate import find_date  # here, because it is slow to load and few routes need it

    without_text = copy.deepcopy(page)
    for element in without_text.xpath(_RUNNING_TEXT):
        element.drop_tree()
    found = find_date(
        without_text,
        original_date=True,
        extensive_search=False,
        url=unwrap_archive(exchange.final_url),
        min_date=EARLIEST.date().isoformat(),
        max_date=(exchange.at + LATEST_AHEAD).date().isoformat(),
    )
    return PublicationTime.day(date.fromisoformat(found), zone) if found else None


def refuse_no_document(heading: str, item_title: str, url: str) -> None:
    """Raise Unrecognised ``not_found`` for a page that says so, unless its listing gave it such a title."""
    if _NOT_FOUND.match(heading) and not _NOT_FOUND.match(item_title):
        raise Unrecognised("not_found", f"{url} says {shorten(heading, 100)!r}")


def refuse_many_elements(page: Any, url: str) -> None:
    """Raise Unrecognised ``too_large`` for a page that would take too long to read."""
    found = int(page.xpath("count(/descendant::*)"))
    if found > MAX_ELEMENTS:
        raise Unrecognised("too_large", f"{url} has {found} elements, at most {MAX_ELEMENTS} are read")


def is_placeholder(lines: Sequence[str], title: str) -> bool:
    """Whether a page's main part says nothing but its title, or that something is still to come."""
    said = [line.partition(": ")[2] for line in lines]
    return all(words == title or _PLACEHOLDER.fullmatch(words) for words in said)
