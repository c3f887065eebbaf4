"""Pages in another's place are told from genuine ones, each by its class; the status alone decides nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from support.answers import PAGES
from support.barrier_pages import BLOCKED, FORM, GENUINE, Labelled, page

from servanda.scrapers.barriers import find_barrier
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.redirects import is_home


def kind_of(exchange: Exchange) -> str | None:
    failure = find_barrier(exchange)
    return failure.kind if failure else None


@pytest.mark.parametrize("one", BLOCKED, ids=lambda one: one.what)
def test_a_page_in_anothers_place_is_named_with_its_evidence(one: Labelled) -> None:
    failure = find_barrier(one.exchange)
    assert failure is not None
    assert failure.kind == one.kind
    assert len(failure.reason) > 20


@pytest.mark.parametrize("one", GENUINE, ids=lambda one: one.what)
def test_a_genuine_page_passes(one: Labelled) -> None:
    assert kind_of(one.exchange) is None


def test_precision_and_recall(capsys: pytest.CaptureFixture[str]) -> None:
    """Over the whole table; printed, so that a change to the signs shows what it does."""
    labelled = [*BLOCKED, *GENUINE]
    assert len(labelled) >= 40
    found = [(one.kind, kind_of(one.exchange)) for one in labelled]
    stopped, wanted = [pair for pair in found if pair[1]], [pair for pair in found if pair[0]]
    precision = sum(1 for label, _ in stopped if label) / len(stopped)
    recall = sum(1 for _, said in wanted if said) / len(wanted)
    named = sum(1 for label, said in wanted if label == said) / len(wanted)
    with capsys.disabled():
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(Counter(k for k, _ in wanted if k).items()))
        print(
            f"\n  {len(wanted)} pages in another's place ({kinds}), {len(GENUINE)} genuine: "
            f"precision {precision:.2f}, recall {recall:.2f}, class right {named:.2f}"
        )
    assert precision == 1
    assert recall == 1
    assert named == 1


@pytest.mark.parametrize("status", [200, 202, 403, 503])
@pytest.mark.parametrize(
    "one", [one for one in GENUINE if "html" in one.content_type], ids=lambda one: one.what
)
def test_no_status_makes_a_genuine_page_one_in_anothers_place(one: Labelled, status: int) -> None:
    """What a status means by itself is said by the fetcher, in its own words (``http_403``)."""
    found = kind_of(one._replace(status=status).exchange)
    about_maintenance = status == 503 and "aintenance" in one.body
    assert found is None or (about_maintenance and found == "maintenance")


def test_a_form_without_a_password_is_no_log_in() -> None:
    body = page("Log in", FORM.replace("password", "text"))
    assert kind_of(Labelled("", None, body).exchange) is None


def test_no_recorded_page_is_taken_for_one_in_anothers_place(real: Path) -> None:
    recorded = sorted(p for kind in ("html", "rss", "json", "txt", "jsonl") for p in real.rglob(f"*.{kind}"))
    assert len(recorded) > 40
    for path in recorded:
        text = path.read_text(encoding="utf-8", errors="replace")
        for content_type in ("text/html", "application/octet-stream", ""):
            one = Labelled(path.name, None, text, content_type=content_type)
            assert (path.name, kind_of(one.exchange)) == (path.name, None)


def test_none_of_our_own_pages_is_either() -> None:
    for path in sorted(PAGES.glob("*.html")):
        one = Labelled(path.name, None, path.read_text(encoding="utf-8"))
        assert (path.name, kind_of(one.exchange)) == (path.name, None)


def test_an_unchanged_page_and_no_response_are_none() -> None:
    exchange = BLOCKED[0].exchange
    assert find_barrier(replace(exchange, status=304)) is None
    assert find_barrier(replace(exchange, status=None)) is None


@pytest.mark.parametrize(
    "body",
    [
        "<html><title>" + "<" * 200_000,
        "<html>" + "<meta http-equiv=refresh " * 10_000,
        "<html>" + "<script>" * 30_000,
        "<html>" + "<input " * 30_000 + "type=",
        "<html><h1>" * 20_000,
        "<html><script></script>" + "habilit" * 30_000,
        "<html><script></script>" + "estamos en " * 20_000,
        "<html>" + "<!--" * 60_000,
        "<html><title>" + "the " * 50_000 + "</title>",
    ],
    ids=lambda body: body[:30],
)
def test_a_hostile_page_costs_little(body: str) -> None:
    begun = perf_counter()
    find_barrier(Labelled("", None, body).exchange)
    assert perf_counter() - begun < 2


def test_a_front_page_is_not_sent_home_by_refreshing() -> None:
    body = page("Agency", head='<meta http-equiv="refresh" content="0;url=/index.html">')
    home = Labelled("", None, body, url="https://www.agency.example/")
    assert is_home(home.url)
    assert kind_of(home.exchange) == "javascript_shell"
