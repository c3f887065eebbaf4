"""The story as data: what keeps it tellable."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.publication import PublicationTime
from servanda.demo.pages import address
from servanda.demo.prepare import declaration_text
from servanda.demo.story import Story, StoryItem, civil_date, read_story, slug_of
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

SOURCES = ("us-state-press", "us-white-house", "us-federal-register", "mx-sre", "mx-presidencia")


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story(declaration_text())


def test_every_page_has_an_address_of_its_own(story: Story) -> None:
    assert [where for where, n in Counter(map(address, story.items)).items() if n > 1] == []


def test_items_stand_in_the_order_of_their_publication(story: Story) -> None:
    assert [item.number for item in story.items] == list(range(1, len(story.items) + 1))
    assert all(earlier.at <= later.at for earlier, later in pairwise(story.items))


@pytest.mark.parametrize("source", [s for s in SOURCES if s != "us-federal-register"])  # asked by date
def test_no_silence_is_longer_than_the_catalogue_takes_for_normal(story: Story, source: str) -> None:
    times = [item.at for item in story.items if item.source == source]
    assert max(later - earlier for earlier, later in pairwise(times)) < timedelta(days=4)


@pytest.mark.parametrize("source", SOURCES)
def test_some_days_bring_several_items_and_some_none(story: Story, source: str) -> None:
    days = Counter(item.local_at.date() for item in story.items if item.source == source)
    first, last = min(days), max(days)
    assert len(days) < (last - first).days + 1, "no day without"


def test_what_is_published_later_is_not_shown(story: Story) -> None:
    poland = next(item for item in story.items if "Poland" in item.title)
    before = story.published("us-state-press", poland.at - timedelta(seconds=1))
    assert poland not in before
    assert story.published("us-state-press", poland.at)[0] == poland


def test_a_trouble_holds_from_its_first_instant_to_before_its_last(story: Story) -> None:
    block = next(trouble for trouble in story.troubles if trouble.kind == "reset")
    second = timedelta(seconds=1)
    inside = [story.trouble(block.source, at) for at in (block.from_at, block.until_at - second)]
    outside = [story.trouble(block.source, at) for at in (block.from_at - second, block.until_at)]
    assert inside == [block, block]
    assert outside == [None, None]


def test_only_the_pages_of_the_story_are_matched_and_everyday_ones_never(story: Story) -> None:
    catalogue = load_catalogue(builtin_catalogue())
    instrument = catalogue.instrument("us-mexico-2019")

    def is_matched(item: StoryItem) -> bool:
        source = catalogue.source(item.source)
        text = "\n\n".join((item.title, *item.paragraphs))
        published = PublicationTime.instant(item.at, item.zone)
        url = f"http://127.0.0.1{address(item)}"
        return bool(match(Candidate(url, text, published, source.title, source.party), instrument))

    matched = {item.slug for item in story.items if is_matched(item)}
    assert "u-s-poland-joint-declaration-on-5g" in matched
    assert "us-mexico-joint-declaration" not in matched, "the instrument is no evidence for itself"
    assert not [slug for slug in matched if slug.rpartition("-")[2].isdigit() and "45-dias" not in slug]


def test_the_facts_of_public_record_stand_where_they_belong(story: Story) -> None:
    told = story.happened(datetime(2019, 6, 7, tzinfo=UTC), datetime(2019, 9, 13, tzinfo=UTC))
    days = {text.split(".")[0][:40]: at.date().isoformat() for at, text in told}
    assert days["Mexico shows its Senate the supplementar"] == "2019-06-14"
    assert days["The third-country asylum rule appears in"] == "2019-07-16"
    assert days["Vice President Pence and Foreign Secreta"] == "2019-09-10"
    rule = next(item for item in story.items if item.document_number == "2019-15246")
    assert rule.title == "Asylum Eligibility and Procedural Modifications"


@pytest.mark.parametrize("language, written", [("en", "5 September 2019"), ("es", "5 de septiembre de 2019")])
def test_dates_are_written_in_the_language_of_the_page(language: str, written: str) -> None:
    assert civil_date(datetime(2019, 9, 5, tzinfo=UTC).date(), language) == written


def test_an_address_is_made_of_plain_letters() -> None:
    assert slug_of("Reunión del canciller: ¡45 días!") == "reunion-del-canciller-45-dias"
