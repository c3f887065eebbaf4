"""Leaving a text undrawn loses no evidence: what a scan rules out, matching finds nothing in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from support.answers import AT, exchange_of, source_with
from support.articles import FEED, STATEMENT, URL
from support.marked_up import BLOCKS, JOINTS, PAGES, pages_about

from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.prefilter import Prefilter
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import Match
from servanda.demo import pages
from servanda.demo.story import read_story
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.scrapers.documents.extract import PLAIN_SCAN, read_article
from servanda.scrapers.exchange import ScrapeError
from servanda.scrapers.route_reading import Article

INSTRUMENT = load_catalogue(builtin_catalogue()).instruments[0]
SCAN = Prefilter.of((INSTRUMENT,))
SOURCE, ROUTE = source_with(FEED, url=URL)
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def read(page: str, title: str, scan: Prefilter | None) -> Article | str:
    """The article, or the kind of the refusal."""
    try:
        return read_article(
            exchange_of(URL, page.encode()), route=ROUTE, source=SOURCE, item_title=title, scan=scan
        )
    except ScrapeError as error:
        return error.kind


def matches(article: Article | str) -> tuple[Match, ...]:
    if isinstance(article, str) or article.text is None:
        return ()
    published = PublicationTime.instant(AT, SOURCE.zone)
    return match(Candidate(URL, article.text, published, SOURCE.title, "US"), INSTRUMENT)


def assert_nothing_is_lost(page: str, title: str = "A title") -> tuple[bool, bool]:
    """Whether the document matches, and whether its text was drawn."""
    wanted, scanned = read(page, title, None), read(page, title, SCAN)
    assert matches(scanned) == matches(wanted)
    if isinstance(scanned, str):
        assert scanned == wanted
        return False, False
    if isinstance(wanted, str):  # only the extractor finds that there is no text, and it was not asked
        assert wanted in ("no_main_text", "too_long") and scanned.text is None
        return False, False
    assert (scanned.digest, scanned.title, scanned.language) == (wanted.digest, wanted.title, wanted.language)
    scanned = replace(scanned, facts=replace(scanned.facts, concerns=False, outside=None))
    assert scanned == wanted or (scanned.text, scanned.extractor) == (None, PLAIN_SCAN)
    return bool(matches(wanted)), scanned.text is not None


# --- real articles and those of the demonstration ---------------------------------------------------------

SHELLS = (
    STATEMENT.replace("Joint Declaration on Migration", "A Title").partition("<p>Office of")[0]
    + "%s</div></article></main></body></html>",
    "<html><body><div><h1>T</h1></div><div>%s</div><footer><p>Footer.</p></footer></body></html>",
    '<html><body><table><tr><td>%s</td></tr></table></body></html>',
)  # fmt: skip


def real_articles(real: Path) -> Iterator[tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(real.glob("*_rss/*.rss")):
        for item in ElementTree.parse(path).getroot().iter("item"):
            if body := item.findtext(CONTENT):
                found[item.findtext("link", "")] = (item.findtext("title", ""), body)
    yield from found.values()
    for path in sorted((real / "declarations").glob("*.txt")):
        paragraphs = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
        yield path.stem, "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_no_evidence_of_real_articles_is_lost_and_most_texts_are_left_undrawn(real: Path, shell: str) -> None:
    seen = [assert_nothing_is_lost(shell.replace("%s", body), title) for title, body in real_articles(real)]
    matching, drawn = sum(m for m, _ in seen), sum(d for _, d in seen)
    assert len(seen) == 140
    assert 11 <= matching <= drawn <= 70


def test_no_evidence_of_the_demonstration_is_lost() -> None:
    articles = [pages.article(item) for item in read_story(INSTRUMENT.text).items]
    seen = [assert_nothing_is_lost(page, "") for page in articles]
    assert sum(m for m, _ in seen) >= 10
    assert sum(d for _, d in seen) < len(seen)


# --- every element, every mark-up ---------------------------------------------------------------------------

SAID = "Mexico and the United States announced a joint declaration on migration, and the National Guard at the border."
OTHER = "<p>Some other words of the page.</p>"


@pytest.mark.parametrize("shell", PAGES)
def test_no_element_hides_a_text(shell: str) -> None:
    seen = {block: assert_nothing_is_lost(shell.format(OTHER + block.format(SAID))) for block in BLOCKS}
    assert all(drawn for _, drawn in seen.values() if _)
    assert sum(matching for matching, _ in seen.values()) > len(BLOCKS) / 2


@pytest.mark.parametrize("joint", JOINTS)
def test_no_mark_up_hides_a_phrase(joint: str) -> None:
    for at in (3, 5, 6, 12):
        said = f"They issued a {'joint declaration'[:at]}{joint}{'joint declaration'[at:]} today."
        for shell in PAGES:
            assert_nothing_is_lost(shell.format(OTHER + f"<p><b>{said}</b></p>"))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("declaraci&oacute;n conjunta", True),
        ("declaraci&amp;oacute;n conjunta", True),
        ("declaraci&amp;#243;n conjunta", True),
        ("declaracio&#x301;n<span> </span>conjunta", True),
        ("declaraci&amp;oacu<b>te;n</b> conjunta", True),
        ("declaraci&amp;<b>#243;n</b> conjunta", True),
    ],
)
def test_a_reference_hides_nothing_even_escaped_twice(written: str, found: bool) -> None:
    """The extractor reads references in the text that it has drawn, once more."""
    page = PAGES[1].format(OTHER + f"<p>Se emitió una {written} en materia de aduanas.</p>")
    assert assert_nothing_is_lost(page) == (found, True)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages_about(INSTRUMENT))
def test_no_evidence_is_lost_wherever_it_stands(page: str) -> None:
    assert_nothing_is_lost(page)
