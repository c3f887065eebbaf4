"""The comparison with other tools, in small: that each of them does the work is tested, never how fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import others
from benchmarks.measuring import Measured
from benchmarks.official import ABOUT, NEAR, is_about, official_body
from benchmarks.pages import ITEMS, article_page, published_at, title_of
from benchmarks.publisher import Publisher, running_publisher
from benchmarks.report import evidence_table
from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.publication import PublicationTime
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.scrapers.text_cleaning import html_to_text

FEEDS = 4  # the least that holds a document about a commitment


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    if not others.are_installed():
        pytest.skip(f"the other tools are not installed at {others.RIVALS}; `make benchmark` does it")
    with running_publisher() as running:
        yield running


@pytest.mark.slow
def test_every_tool_reads_the_same_documents_and_loses_no_evidence(
    publisher: Publisher, tmp_path: Path
) -> None:
    found = others.new_documents(publisher, tmp_path, feeds=FEEDS, rounds=1, on_run=lambda _: None)
    truth = others.truth(publisher, FEEDS)
    assert truth.about == {f"{publisher.url}/official/release-3-7/"}
    assert set(found) == set(others.READING)
    for name, measured in found.items():
        assert measured.documents == FEEDS * ITEMS
        assert measured.answers[200] >= FEEDS + FEEDS * ITEMS
        assert measured.matched == truth.about, name
        assert measured.cpu > 0
        assert measured.peak > 20_000_000


@pytest.mark.slow
def test_unchanged_feeds_are_asked_for_conditionally_by_all(publisher: Publisher, tmp_path: Path) -> None:
    found = others.unchanged_feeds(publisher, tmp_path, feeds=3, rounds=1, on_run=lambda _: None)
    assert set(found) == set(others.RE_POLLING)
    for name, measured in found.items():
        assert set(measured.answers) == {304}, name


def test_lost_and_false_finds_are_told() -> None:
    truth = others.Truth(frozenset({"a", "b"}))
    measured = Measured(1, 1, 1, 1, 1, 4, {}, matched=frozenset({"b", "c"}))
    assert truth.lost(measured) == {"a"}
    assert truth.false(measured) == {"c"}
    shown = evidence_table({"ours": measured, "theirs": replace(measured, matched=truth.about)}, truth)
    assert [line.split() for line in shown.splitlines()[2:]] == [
        ["ours", "1", "1", "1"],
        ["theirs", "2", "0", "0"],
    ]


def test_one_document_in_a_hundred_is_about_a_commitment_and_no_other_matches() -> None:
    instrument = load_catalogue(builtin_catalogue()).instruments[0]
    told = []
    for number in range(700):
        feed, item = divmod(number, ITEMS)
        paragraphs = [html_to_text(paragraph) for paragraph in official_body(feed, item)]
        text = "\n\n".join((title_of(feed, item), *paragraphs))
        published = PublicationTime.instant(published_at(feed, item), "America/New_York")
        candidate = Candidate(f"https://press.example/{number}", text, published, "Press releases", "US")
        assert bool(match(candidate, instrument)) is is_about(feed, item), f"{feed}-{item}"
        told += [passage for passage in ABOUT if passage in official_body(feed, item)]
    assert sorted(told) == sorted(ABOUT), "each form of it occurs once"
    assert len(NEAR) == 3


def test_an_official_page_is_mostly_furniture_and_names_other_subjects_in_it() -> None:
    page = article_page("official", 0, 0).decode()
    assert 100_000 < len(page) < 140_000
    before, _, rest = page.partition("<main")
    main, _, after = rest.partition("</main>")
    assert len(main) < 0.1 * len(page)
    assert "Migration" in before and "Migration" not in main and "<footer" in after
