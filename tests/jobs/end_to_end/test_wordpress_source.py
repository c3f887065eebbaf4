"""A WordPress site's REST interface through the real jobs: its rows are the documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from support.catalogues import source
from support.monitors import Monitor
from support.site import Page
from support.wordpress import ROOT, Release, WordPress, daily

from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.late_extraction import extract_text
from servanda.jobs.documents.proving import prove_versions
from servanda.jobs.views import status as views
from servanda.models.documents.documents import version

FIRST = datetime(2019, 6, 1, 14, tzinfo=UTC)
NOW = datetime(2019, 6, 20, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
GUARD = (
    "Mexico will deploy its National Guard throughout Mexico, the two governments said in Washington today."
)

ROUTE = """\
  - id: rest
    url: {url}/wp-json/wp/v2/press_release
    reader: recorded
    cadence: PT6H
    pause: PT0S
    depth: true
    minimum_items: 0
    empty: news
    max_pages: 20
    content: .entry-content
    read: {{platform: wordpress, per_page: 4}}
"""


@pytest.fixture
def press(monitor: Monitor) -> WordPress:
    """A site with a release a day, served over HTTP; its pages hold what its rows do."""
    press = WordPress(daily(FIRST, 19))
    press.releases.append(Release(900, NOW - 2 * HOUR, "National Guard deployed", f"<p>{GUARD}</p>"))
    monitor.catalogue({"us-state": source("us-state", ROUTE.format(url=monitor.site.url))})
    monitor.site.fallback = lambda path: _answer(press, monitor.site.url, path)
    return press


def _answer(press: WordPress, url: str, path: str) -> Page | None:
    if path.startswith("/wp-json"):
        status, headers, body = press.answer(url + path)
        here = body.replace(ROOT.encode(), url.encode())
        return Page(
            here, "application/json; charset=UTF-8", status=status, headers=headers, conditional=False
        )
    step = urlsplit(path).path.strip("/").rpartition("/")[2]
    found = next((one for one in press.releases if one.slug == step), None)
    if found is None:
        return None
    content = "<form>Password: <input type='password'></form>" if found.protected else found.content
    page = f"<html lang='en'><body><h1>{found.title}</h1><div class='entry-content'>{content}</div></body></html>"
    return Page(page.encode())


def collect(monitor: Monitor, now: datetime) -> SourceOutcome:
    with monitor.at(now) as wiring:
        return collect_source(wiring, "us-state")


def states(monitor: Monitor, now: datetime, title: str) -> list[str]:
    with monitor.at(now) as wiring, wiring.ledger.reading() as (db, _):
        query = text(
            "SELECT o.state FROM observation o JOIN listing l ON l.document = o.document "
            "WHERE l.title = :title GROUP BY o.id, o.state ORDER BY o.id"
        )
        return list(db.execute(query, {"title": title}).scalars())


def pages_asked(monitor: Monitor) -> list[str]:
    return [path for path, _ in monitor.site.requests if path.startswith("/releases/")]


def test_rows_are_read_as_documents_and_no_page_is_asked_for(monitor: Monitor, press: WordPress) -> None:
    outcome = collect(monitor, NOW)
    assert (outcome.failures, outcome.unread_documents, outcome.read_documents) == ((), 0, 7)
    assert pages_asked(monitor) == []
    with monitor.at(NOW) as wiring:
        held = views.document_list(wiring.ledger, wiring.catalogue, NOW)
        with wiring.ledger.reading() as (db, _):
            texts = list(db.execute(text("SELECT text FROM extraction")).scalars())
    assert {d["url"] for d in held} >= {f"{monitor.site.url}/releases/release-number-900/"}
    assert texts == [f"National Guard deployed\n\n{GUARD}"]
    with monitor.at(NOW) as wiring, wiring.ledger.reading() as (db, _):
        basis = db.execute(text("SELECT basis FROM coverage")).scalar_one()
    assert basis == "date-ranged query, all 7 documents"


def test_its_text_is_drawn_again_from_the_kept_list(monitor: Monitor, press: WordPress) -> None:
    collect(monitor, NOW)
    with monitor.at(NOW + HOUR) as wiring:
        reader = DocumentReader(wiring.archive, wiring.article_reader, wiring.catalogue)
        with wiring.ledger.reading() as (db, _):
            (one,) = db.execute(
                text("SELECT id FROM version WHERE title LIKE 'Release number 15%'")
            ).scalars()
            known = version(db, one)
        assert known.text is None
        drawn = extract_text(wiring.ledger, reader, known, None)
        assert drawn.text is not None and "spoke of migration" in drawn.text
        assert prove_versions(wiring.ledger, reader) == 0


def test_an_edit_is_seen_in_its_row(monitor: Monitor, press: WordPress) -> None:
    collect(monitor, NOW)
    press.releases[
        -1
    ].content = f"<p>{GUARD}</p><p>This statement was corrected on the evening of that day.</p>"
    outcome = collect(monitor, NOW + 25 * HOUR)
    assert outcome.edited_documents == 1
    assert pages_asked(monitor) == []


def test_what_is_unchanged_is_no_edit(monitor: Monitor, press: WordPress) -> None:
    collect(monitor, NOW)
    outcome = collect(monitor, NOW + 25 * HOUR)
    assert outcome.reread_documents > 0
    assert (outcome.edited_documents, outcome.gone_documents) == (0, 0)


def test_a_withdrawal_is_what_its_page_says(monitor: Monitor, press: WordPress) -> None:
    collect(monitor, NOW)
    press.releases.pop()
    collect(monitor, NOW + 25 * HOUR)
    assert states(monitor, NOW + 25 * HOUR, "National Guard deployed") == ["seen", "gone"]


def test_a_route_that_was_removed_withdraws_nothing(monitor: Monitor, press: WordPress) -> None:
    collect(monitor, NOW)
    press.says = {kind: (404, {}, b'{"code": "rest_no_route", "message": ""}') for kind in ("item", "window")}
    outcome = collect(monitor, NOW + 25 * HOUR)
    assert outcome.failures and "no_route" in outcome.failures[0]
    assert states(monitor, NOW + 25 * HOUR, "National Guard deployed") == ["seen"]


def test_a_protected_row_is_asked_for_at_its_page_and_stays_a_duty(
    monitor: Monitor, press: WordPress
) -> None:
    press.releases[-1].protected = True
    outcome = collect(monitor, NOW)
    assert pages_asked(monitor) == ["/releases/release-number-900/"]
    with monitor.at(NOW) as wiring, wiring.ledger.reading() as (db, _):
        doubts = db.execute(text("SELECT count(*) FROM document_check WHERE doubts <> '[]'")).scalar_one()
    assert outcome.unread_documents + doubts == 1


def test_a_row_with_a_link_alone_is_doubtful(monitor: Monitor, press: WordPress) -> None:
    press.releases[-1].content = '<p><a href="/files/statement.pdf">Statement (PDF)</a></p>'
    collect(monitor, NOW)
    with monitor.at(NOW) as wiring, wiring.ledger.reading() as (db, _):
        found = db.execute(text("SELECT count(*) FROM document_check WHERE doubts <> '[]'")).scalar_one()
    assert found == 1
