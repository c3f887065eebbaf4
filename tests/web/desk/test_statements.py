"""What pages ask of the database: a constant number of statements, found by index, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection
from support.databases import database_on
from support.many_instruments import many_instruments, window_of
from support.plans import GROWING, Statement, scanned, statements

from servanda.alerts.text.translation import words
from servanda.demo.replay import Replay
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.documents.current_listings import ListingKey, refresh_current_listings
from servanda.web.desk import document_pages, instrument_page, mail_pages, overview, window_page
from servanda.web.desk.addresses import Addresses
from servanda.web.desk.rendering import Frame

pytestmark = pytest.mark.slow

Make = Callable[[Wiring, Frame], str]
KEY = ListingKey
ASKED_OF_ALL = {
    "overview": {"evidence", "quarantine", "repeated_text"},
    "document": {"quarantine"},
    "alerts": {"silence"},
    "alerts of a kind": {"silence"},
    "watchers": {"profile", "standing"},
}
"""What waits for a person is looked for among all evidence, which is as much as rules ever matched; put-aside
and repeated documents, silences and watchers are few."""

PAGES: dict[str, Make] = {
    "overview": lambda w, f: overview.overview_page(
        w, f, overview.read_question(None, None, None, None, None)
    ),
    "window": lambda w, f: window_page.window_html(w, f, "further-actions-90d"),
    "instrument": lambda w, f: instrument_page.instrument_html(w, f, "us-mexico-2019"),
    "documents": lambda w, f: document_pages.documents_html(w, f, None, None),
    "documents of a source": lambda w, f: document_pages.documents_html(w, f, "mx-sre", None),
    "the next documents": lambda w, f: document_pages.documents_html(w, f, "mx-sre", KEY(w.now, 1 << 40)),
    "search": lambda w, f: document_pages.search_html(w, f, "guardia nacional", None),
    "document": lambda w, f: document_pages.document_html(w, f, 71),
    "evidence": lambda w, f: document_pages.evidence_html(w, f, 14),
    "capture": lambda w, f: document_pages.capture_html(w, f, "1"),
    "alerts": lambda w, f: mail_pages.alerts_html(w, f, None, None),
    "alerts of a kind": lambda w, f: mail_pages.alerts_html(w, f, "final_word", None),
    "alert": lambda w, f: mail_pages.alert_html(w, f, 17),
    "watchers": lambda w, f: mail_pages.watchers_html(w, f),
    "watcher": lambda w, f: mail_pages.watcher_html(w, f, 1),
}
MOST_STATEMENTS = 40


@pytest.mark.parametrize("name", PAGES)
def test_no_page_walks_through_a_ledger(replay: Replay, name: str) -> None:
    wiring = replay.wiring
    frame = Frame(words("en"), Addresses(), wiring.now, wiring.replay)
    with statements() as asked:
        PAGES[name](wiring, frame)
    with wiring.store.reading() as db:
        questions = [one for one in asked if one[0].startswith(("SELECT", "WITH"))]
        found = set().union(*(scanned(db, one) for one in questions if not _is_newest_first(one[0])))
    assert 0 < len(questions) <= MOST_STATEMENTS
    assert found <= ASKED_OF_ALL.get(name, set())


def _is_newest_first(statement: str) -> bool:
    """A walk by the key itself, from its end, that stops after a page."""
    return "ORDER BY alert.id DESC" in statement and "LIMIT" in statement


# --- the same on PostgreSQL, which walks through small tables unless it is told not to --------------------


PAGES_OF_MANY: dict[str, Make] = {
    **{
        name: PAGES[name]
        for name in ("overview", "documents", "the next documents", "search", "alerts of a kind")
    },
    "window": lambda w, f: window_page.window_html(w, f, window_of(0)),
    "instrument": lambda w, f: instrument_page.instrument_html(w, f, "instrument-0"),
    "documents of a source": lambda w, f: document_pages.documents_html(w, f, "us-a", None),
    "document": lambda w, f: document_pages.document_html(w, f, 1),
    "evidence": lambda w, f: document_pages.evidence_html(w, f, 1),
}
PAGES_OF_MANY["the next documents"] = lambda w, f: document_pages.documents_html(
    w, f, "us-a", KEY(w.now, 1 << 40)
)


@pytest.fixture(scope="module")
def many(
    postgres_server: str, postgres_schema: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wiring]:
    folder = tmp_path_factory.mktemp("many")
    with (
        database_on(postgres_server, postgres_schema) as url,
        many_instruments(folder, 12, database_url=url) as wiring,
    ):
        with wiring.store.writing() as db:
            refresh_current_listings(db, range(1, 37))
        yield wiring


@pytest.mark.postgres
@pytest.mark.parametrize("name", PAGES_OF_MANY)
def test_no_page_walks_through_a_ledger_on_postgresql(many: Wiring, name: str) -> None:
    frame = Frame(words("en"), Addresses(), many.now, many.replay)
    with statements() as asked:
        html = PAGES_OF_MANY[name](many, frame)
    assert "</html>" in html
    with many.store.reading() as db:
        db.exec_driver_sql("SET LOCAL enable_seqscan = off")
        questions = [one for one in asked if one[0].startswith(("SELECT", "WITH"))]
        found = set().union(*(walked(db, one) for one in questions))
    assert 0 < len(questions) <= MOST_STATEMENTS
    assert found <= ASKED_OF_ALL.get(name, set()) | ON_POSTGRESQL.get(name, set())


ON_POSTGRESQL = {"window": {"route_distrust", "version"}, "instrument": {"route_distrust"}}
"""What judging asks: which documents were ever read, of the sources of one window; and the few routes whose word
is not believed."""


def walked(db: Connection, statement: Statement) -> set[str]:
    """The growing ledgers that PostgreSQL walks through though it was told to do so only where it must."""
    text, parameters = statement
    (plan,) = db.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}", parameters).scalar_one()
    return {
        node["Relation Name"] for node in nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"
    } & GROWING


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
