"""The kept bytes are given back as they were received, and can be listed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support.catalogues import listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.captures import show as captures
from servanda.jobs.collect import collect_source
from servanda.models.archive.folder import ArchiveError
from servanda.models.polls import polls

NOW = datetime(2019, 6, 20, 18, tzinfo=UTC)


@pytest.fixture
def read(monitor: Monitor) -> Monitor:
    """A monitor that has read one source once: robots.txt, one listing page, five documents."""
    monitor.catalogue(
        {"us-state": source("us-state", listing_route(f"{monitor.site.url}/us-state/", pages=1))}
    )
    publish(
        monitor.site,
        "/us-state/",
        [Release(f"d{n}", f"Day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 20)],
    )
    with monitor.at(NOW) as wiring:
        collect_source(wiring, "us-state")
    return monitor


def test_the_bytes_of_a_page_come_back_as_they_were_sent(read: Monitor) -> None:
    sent = read.site.pages["/us-state/"].body
    digest = hashlib.sha256(sent).hexdigest()
    with read.at() as wiring:
        shown = captures.load_capture(wiring.ledger, wiring.archive, digest[:12])
        assert shown.stored.body == sent
        assert shown.capture.sha256 == digest
        assert captures.load_capture(wiring.ledger, wiring.archive, str(shown.capture.id)).stored.body == sent


def test_damaged_bytes_are_refused(read: Monitor) -> None:
    digest = hashlib.sha256(read.site.pages["/us-state/"].body).hexdigest()
    (file,) = (read.folder / "archive").glob("*.warc.gz")
    with read.at() as wiring:
        place = captures.load_capture(wiring.ledger, wiring.archive, digest).capture.place
        data = bytearray(file.read_bytes())
        data[place.offset + place.length // 2] ^= 0xFF
        file.write_bytes(data)
        with pytest.raises(ArchiveError, match=r"warc\.gz at \d+"):
            captures.load_capture(wiring.ledger, wiring.archive, digest)


@pytest.mark.parametrize(
    "name, message", [("99", "no capture 99"), ("abc", "8 or more digits"), ("f" * 64, "no capture")]
)
def test_what_there_is_not_is_said(read: Monitor, name: str, message: str) -> None:
    with read.at() as wiring, pytest.raises(UsageError, match=message):
        captures.load_capture(wiring.ledger, wiring.archive, name)


# --- revisits -------------------------------------------------------------------------------------


@pytest.fixture
def again(read: Monitor) -> Monitor:
    """The same monitor a day later: the site sent the same listing whole, then was down."""
    read.site.pages["/us-state/"].conditional = False
    for hours, down in ((24, False), (30, True)):
        read.site.down = down
        with read.at(NOW + timedelta(hours=hours)) as wiring:
            collect_source(wiring, "us-state")
    return read


def of_listing(wiring: Any, **more: Any) -> list[Any]:
    source = wiring.catalogue.source("us-state")
    return [
        one
        for one in captures.list_source_captures(wiring.ledger, source, wiring.now, **more)
        if one.url.endswith("/us-state/")
    ]


def test_a_revisit_is_shown_with_what_it_revisits(again: Monitor) -> None:
    sent = again.site.pages["/us-state/"].body
    with again.at() as wiring:
        second, first = of_listing(wiring)[-2:]
        shown = captures.load_capture(wiring.ledger, wiring.archive, str(second.id))
        assert (second.revisit_of, second.original) == (first.id, first.place)
        assert (shown.stored.body, shown.stored.at) == (sent, second.at)
        assert captures.load_capture(wiring.ledger, wiring.archive, second.sha256).capture.id == first.id, (
            "a digest names the first with it"
        )


def test_the_database_and_the_archive_must_name_the_same_original(again: Monitor) -> None:
    with again.at() as wiring:
        second, first = of_listing(wiring)[-2:]
        with wiring.store.writing() as db:
            other = polls.record_exchange(
                db,
                second.poll,
                None,
                polls.ExchangeRecord(
                    first.url, 200, None, first.sha256, second.place, second.at, body_of=first.id + 1
                ),
            )
        with pytest.raises(ArchiveError, match=r"it revisits .* and the database says"):
            captures.load_capture(wiring.ledger, wiring.archive, str(other))


def test_captures_are_listed_newest_first_within_days_of_the_source_s_zone(again: Monitor) -> None:
    with again.at() as wiring:
        found = of_listing(wiring)
        assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
        assert [one.status for one in found][-2:] == [200, 200]
        assert {one.at.date() for one in of_listing(wiring, since=date(2019, 6, 21))} == {
            date(2019, 6, 21),
            date(2019, 6, 22),
        }
        assert [one.at for one in of_listing(wiring, until=date(2019, 6, 20))] == [NOW]
        assert len(of_listing(wiring, since=date(2019, 6, 20), until=date(2019, 6, 21))) == len(found)
        assert of_listing(wiring, since=date(2019, 6, 22)) == [], "a day in Washington, not in UTC"
        newest = list(
            captures.list_source_captures(
                wiring.ledger, wiring.catalogue.source("us-state"), wiring.now, limit=1
            )
        )
        assert [one.id for one in newest] == [max(one.id for one in found)]
        assert (
            list(
                captures.list_source_captures(
                    wiring.ledger, wiring.catalogue.source("us-state"), NOW - timedelta(1)
                )
            )
            == []
        )


def test_what_was_of_no_use_can_be_asked_for(again: Monitor) -> None:
    with again.at() as wiring:
        source = wiring.catalogue.source("us-state")
        found = list(captures.list_source_captures(wiring.ledger, source, wiring.now, failed=True))
        assert {one.status for one in found} == {503}
        page = next(
            one for one in captures.list_source_captures(wiring.ledger, source, wiring.now) if one.document
        )
        stored = captures.load_capture(wiring.ledger, wiring.archive, str(page.id)).stored
        with wiring.store.writing() as db:  # a page that came and gave no version
            record = polls.ExchangeRecord(page.url, 200, None, stored.sha256, page.place, page.at)
            unusable = polls.record_exchange(db, page.poll, page.document, record)
        assert unusable in {
            one.id for one in captures.list_source_captures(wiring.ledger, source, wiring.now, failed=True)
        }


@pytest.mark.slow
def test_on_the_command_line(again: Monitor) -> None:
    shown = servanda("capture", "show", "1")
    assert (shown.returncode, "verified" in shown.stdout) == (0, True), shown.stderr
    assert "revisit" not in shown.stdout
    assert servanda("capture", "show", "99").returncode == 2
    rows = json.loads(servanda("capture", "list", "--source", "us-state", "--json").stdout)
    revisit = next(row for row in rows if row["revisit_of"] and row["status"] == 200)
    told = servanda("capture", "show", str(revisit["id"])).stdout
    assert f"a revisit: its body is that of capture {revisit['revisit_of']}, 2019-06-20T18:00:00" in told
    answer = json.loads(servanda("capture", "show", str(revisit["id"]), "--json").stdout)
    assert {key: answer[key] for key in revisit} == revisit
    assert answer["body_bytes"] == len(again.site.pages["/us-state/"].body)
    listed = servanda("capture", "list", "--source", "us-state", "--failed").stdout
    assert listed.startswith("REPLAY")
    assert all("  503  " in line for line in listed.splitlines()[1:])
    assert (
        f"(revisit of {revisit['revisit_of']})" in servanda("capture", "list", "--source", "us-state").stdout
    )
    nowhere = servanda("capture", "list", "--source", "nowhere")
    assert (nowhere.returncode, "us-state" in nowhere.stderr) == (2, True)
