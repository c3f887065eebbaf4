"""What is archived again: a body that stands there already is named, not written a second time."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from support.archived import AT, archived, exchange
from support.catalogues import feed_route, source
from support.press import PressOffice

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.captures.show import load_capture
from servanda.jobs.documents.archiving import LEAST_REVISITED, AskedFor, archive_exchanges
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, PollRecord
from servanda.scrapers.exchange import Exchange

BODY = b"".join(b"<li>%s</li>" % hashlib.sha256(b"%d" % n).hexdigest().encode() for n in range(60))
HOUR = timedelta(hours=1)
ROUTE = ("us-state", "feed")


@pytest.fixture
def wiring(any_monitor):  # type: ignore[no-untyped-def]
    any_monitor.catalogue({"us-state": source("us-state", feed_route(PressOffice(any_monitor.site).url))})
    with any_monitor.at(AT) as opened:
        yield opened


def keep(wiring: Wiring, made: Exchange, asked_for: AskedFor = None) -> tuple[int, ExchangeRecord]:
    """Archive an exchange and record it in a poll of its own; its id."""
    record = archived(wiring, made, asked_for)
    poll = PollRecord(
        *ROUTE, made.at, made.at, "read", None, pages=1, items=0, new_documents=0,
        catalogue=wiring.catalogue.digest,
    )  # fmt: skip
    with wiring.store.writing() as db:
        return polls.record_exchange(db, polls.record_poll(db, poll), None, record), record


def test_an_unchanged_body_is_stored_once(wiring: Wiring) -> None:
    first, stored = keep(wiring, exchange(BODY))
    assert stored.body_of is None
    for hours in (1, 2, 3):
        again = exchange(BODY, at=AT + hours * HOUR)
        _, record = keep(wiring, again)
        assert record.body_of == first, "always the one that holds the bytes, never another revisit"
        assert record.place.length < stored.place.length
        found = wiring.archive.load(record.place, sha256=again.sha256)
        assert (found.body, found.at) == (BODY, again.at)


def test_a_body_that_comes_back_is_found_behind_others(wiring: Wiring) -> None:
    first, _ = keep(wiring, exchange(BODY))
    keep(wiring, exchange(BODY + b"<li>One more</li>", at=AT + HOUR))
    assert keep(wiring, exchange(BODY, at=AT + 2 * HOUR))[1].body_of == first


def elsewhere(made: Exchange, url: str) -> Exchange:
    return replace(made, url=url, final_url=url)


NOT_REVISITED = {
    "another address": elsewhere(exchange(BODY, at=AT + HOUR), "https://www.state.gov/press/?page=3"),
    "another body": exchange(BODY + b" ", at=AT + HOUR),
    "the same content, packed": exchange(
        gzip.compress(BODY), body=BODY, sha256=hashlib.sha256(BODY).hexdigest(), at=AT + HOUR,
        headers=(("Content-Encoding", "gzip"),),
    ),
    "half a body": exchange(
        BODY, body=b"", sha256=hashlib.sha256(b"").hexdigest(), failure="truncated: …", at=AT + HOUR
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", NOT_REVISITED)
def test_what_differs_in_anything_is_stored_in_full(wiring: Wiring, which: str) -> None:
    keep(wiring, exchange(BODY))
    other = NOT_REVISITED[which]
    _, record = keep(wiring, other)
    assert record.body_of is None
    found = wiring.archive.load(record.place, sha256=other.sha256)
    assert (found.wire, found.refers_to) == (other.wire, None)


def test_two_ways_to_pack_one_body_are_each_found_again(wiring: Wiring) -> None:
    headers = (("Content-Encoding", "gzip"),)
    digest = hashlib.sha256(BODY).hexdigest()
    ways = [
        exchange(gzip.compress(BODY, level), headers=headers, body=BODY, sha256=digest) for level in (1, 9)
    ]
    ids = [keep(wiring, way)[0] for way in ways]
    again = [keep(wiring, replace(way, at=AT + HOUR))[1] for way in ways]
    assert [record.body_of for record in again] == ids


def test_a_status_of_its_own_does_not_matter_to_the_bytes(wiring: Wiring) -> None:
    first, _ = keep(wiring, exchange(BODY))
    _, record = keep(wiring, exchange(BODY, status=404, reason="Not Found", at=AT + HOUR))
    found = wiring.archive.load(record.place)
    assert (record.body_of, found.status, found.body) == (first, 404, BODY)


@pytest.mark.parametrize(
    "size, revisits", [(LEAST_REVISITED - 1, False), (LEAST_REVISITED, True), (0, False)]
)
def test_a_small_body_is_not_worth_a_reference(wiring: Wiring, size: int, revisits: bool) -> None:
    keep(wiring, exchange(b"x" * size))
    _, record = keep(wiring, exchange(b"x" * size, at=AT + HOUR))
    assert (record.body_of is not None) == revisits


def test_what_was_archived_and_never_recorded_is_not_referred_to(wiring: Wiring) -> None:
    archived(wiring, exchange(BODY))  # a run that was killed before its transaction
    assert archived(wiring, exchange(BODY, at=AT + HOUR)).body_of is None


def test_what_comes_twice_in_one_poll_is_stored_once(wiring: Wiring) -> None:
    """A listing is read there and back, so that its pages come twice before anything is recorded."""
    other = elsewhere(exchange(BODY), "https://www.state.gov/press/?page=3")
    batch = [exchange(BODY), other, exchange(BODY, at=AT + HOUR), unchanged(2), exchange(BODY * 2)]
    placed = archive_exchanges(wiring.ledger, wiring.archive, batch)
    assert [one.body_of for one in placed] == [None, None, placed[0].place, placed[0].place, None]
    poll = PollRecord(*ROUTE, AT, AT, "read", None, 2, 0, 0, wiring.catalogue.digest)
    with wiring.store.writing() as db:
        poll_id = polls.record_poll(db, poll)
        ids = [polls.record_exchange(db, poll_id, None, record) for record in placed]
    for name, made in zip(ids, batch, strict=True):
        shown = load_capture(wiring.ledger, wiring.archive, str(name))
        assert shown.stored.body == made.body
        assert shown.capture.revisit_of == (ids[0] if name in ids[2:4] else None)
    later = [exchange(BODY, at=AT + 5 * HOUR), unchanged(6)]
    again = archive_exchanges(wiring.ledger, wiring.archive, later, ROUTE)
    assert [one.body_of for one in again] == [ids[0], ids[4]], "the 304 speaks of what came last"


def test_a_damaged_original_is_replaced_by_a_whole_one(wiring: Wiring) -> None:
    _, stored = keep(wiring, exchange(BODY))
    path = wiring.settings.archive / stored.place.file
    data = bytearray(path.read_bytes())
    data[stored.place.offset + stored.place.length // 2] ^= 0xFF
    path.write_bytes(data)
    second, anew = keep(wiring, exchange(BODY, at=AT + HOUR))
    assert anew.body_of is None
    assert wiring.archive.load(anew.place).body == BODY
    assert keep(wiring, exchange(BODY, at=AT + 2 * HOUR))[1].body_of == second


# --- 304 ------------------------------------------------------------------------------------------


def unchanged(hours: int, etag: str = '"a"') -> Exchange:
    asked = (("If-None-Match", etag),)
    return exchange(b"", status=304, reason="Not Modified", request_headers=asked, at=AT + hours * HOUR)


def test_a_304_names_what_it_calls_unchanged_through_others(wiring: Wiring) -> None:
    first, _ = keep(wiring, exchange(BODY))
    for hours in (1, 2):
        _, record = keep(wiring, unchanged(hours), ROUTE)
        assert record.body_of == first
        found = wiring.archive.load(record.place)
        assert found.refers_to is not None
        assert found.refers_to.date == "2019-09-05T12:30:15.250000Z"
    newer, _ = keep(wiring, exchange(BODY * 2, headers=(("ETag", '"b"'),), at=AT + 3 * HOUR))
    assert keep(wiring, unchanged(4, '"b"'), ROUTE)[1].body_of == newer


@pytest.mark.parametrize(
    "etag, asked_for", [('"c"', ROUTE), ('"a"', ("us-state", "listing")), ('"a"', None), ('"a"', 7)]
)
def test_a_304_whose_validators_are_not_known_stands_alone(wiring: Wiring, etag: str, asked_for: Any) -> None:
    keep(wiring, exchange(BODY))
    _, record = keep(wiring, unchanged(1, etag), asked_for)
    found = wiring.archive.load(record.place)
    assert (record.body_of, found.refers_to, found.status) == (None, None, 304)


def test_a_304_passes_over_failed_readings_and_over_304s_that_stand_alone(wiring: Wiring) -> None:
    first, _ = keep(wiring, exchange(BODY))
    challenge = archived(wiring, exchange(b"Just a moment...", headers=(), at=AT + HOUR))
    alone = archived(wiring, exchange(b"", status=304, at=AT + 2 * HOUR))
    for record, outcome in ((challenge, "failed"), (alone, "unchanged")):
        poll = PollRecord(*ROUTE, record.at, record.at, outcome, None, 1, 0, 0, wiring.catalogue.digest)  # type: ignore[arg-type]
        with wiring.store.writing() as db:
            polls.record_exchange(db, polls.record_poll(db, poll), None, record)
    assert keep(wiring, unchanged(3), ROUTE)[1].body_of == first


def test_what_may_be_revisited_is_found_by_the_index_that_fits(monitor: Any) -> None:
    """Of no document are all listings ever read, with one digest all copies of a page: each is too many."""
    monitor.catalogue({"us-state": source("us-state", feed_route(PressOffice(monitor.site).url))})
    asked: list[tuple[str, Any]] = []
    with monitor.at(AT) as wiring:
        keep(wiring, exchange(BODY))
        event.listen(wiring.store.engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
        archived(wiring, exchange(BODY, at=AT + HOUR))
        archived(wiring, unchanged(2), ROUTE)
        with wiring.store.reading() as db:
            plans = [
                [row.detail for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)]
                for text, given in list(asked)
                if "FROM exchange" in text
            ]
    used = {
        re.sub(r" \(.*", "", step) for plan in plans for step in plan if step.startswith("SEARCH exchange")
    }
    assert used == {
        "SEARCH exchange USING INDEX ix_exchange_sha256_id",
        "SEARCH exchange USING INDEX ix_exchange_poll",
        "SEARCH exchange USING INTEGER PRIMARY KEY",
    }


def test_a_304_to_a_document_names_its_page(wiring: Wiring) -> None:
    moment = datetime(2019, 9, 5, tzinfo=UTC)
    with wiring.store.writing() as db:
        db.exec_driver_sql("INSERT INTO document (source, first_seen_at) VALUES ('us-state', '2019-09-05')")
        document = int(db.exec_driver_sql("SELECT max(id) FROM document").scalar_one())
    page = archived(wiring, exchange(BODY), document)
    poll = PollRecord(*ROUTE, moment, moment, "read", None, 1, 0, 0, wiring.catalogue.digest)
    with wiring.store.writing() as db:
        first = polls.record_exchange(db, polls.record_poll(db, poll), document, page)
    assert archived(wiring, unchanged(1), document).body_of == first
