"""What a verdict rests on is handed to others as one file, which is whole in itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archived import archived, complaints
from support.catalogues import listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.monitors import Monitor
from warcio.archiveiterator import ArchiveIterator

from servanda.compliance.intervals import Interval
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.captures.export import export_captures
from servanda.jobs.collect import collect_source
from servanda.models.archive.folder import ArchiveError
from servanda.models.captures.captures import captures_by_place
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, Failure, PollRecord
from servanda.scrapers.exchange import Exchange

WINDOW = "further-actions-90d"
IN_JUNE, IN_SEPTEMBER = datetime(2019, 6, 20, 18, tzinfo=UTC), datetime(2019, 9, 5, 18, tzinfo=UTC)
BEFORE, AFTER = "2019-06-05T12:00:00-04:00", "2019-09-10T12:00:00-04:00"


@dataclass(frozen=True)
class Record:
    kind: str
    id: str
    url: str
    refers_to: str | None
    digest: str | None
    content: bytes
    status: str | None


@pytest.fixture
def read(monitor: Monitor) -> Monitor:
    """A listing that is sent whole at each of three readings; the last one fails. Ten documents of June."""
    site = monitor.site
    monitor.catalogue({"us-state": source("us-state", listing_route(f"{site.url}/us-state/", pages=1))})
    days = [Release(f"d{n}", f"Day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 20)]
    publish(site, "/us-state/", days)
    site.pages["/us-state/"].conditional = False
    for hours, down in ((0, False), (24, False), (30, True)):
        site.down = down
        with monitor.at(IN_JUNE + timedelta(hours=hours)) as wiring:
            collect_source(wiring, "us-state")
    site.down = False
    return monitor


def records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [
            Record(
                kind=r.rec_type,
                id=r.rec_headers.get_header("WARC-Record-ID"),
                url=r.rec_headers.get_header("WARC-Target-URI"),
                refers_to=r.rec_headers.get_header("WARC-Refers-To"),
                digest=r.rec_headers.get_header("WARC-Payload-Digest"),
                content=r.content_stream().read(),
                status=r.http_headers.get_statuscode() if r.http_headers else None,
            )
            for r in ArchiveIterator(file)
        ]


def exported(monitor: Monitor, tmp_path: Path, **more: Any) -> list[Record]:
    target = tmp_path / "window.warc.gz"
    with monitor.at() as wiring:
        written = export_captures(wiring.ledger, wiring.catalogue, wiring.archive, WINDOW, target, **more)
    found = records(target)
    assert complaints(target) == (0, "")
    assert written == len([r for r in found if r.kind in ("response", "revisit", "metadata")])
    assert len({r.id for r in found}) == len(found), "every record once"
    return found


def replayed(found: list[Record]) -> Iterator[tuple[str, bytes]]:
    """Address and body of each capture, as a tool gets them that reads the file once from its beginning."""
    seen: dict[str, Record] = {}
    for record in found:
        if record.kind == "response":
            seen[record.id] = record
            yield record.url, record.content
        elif record.kind == "revisit":
            assert record.refers_to is not None
            held = seen[record.refers_to]
            if record.status != "304":
                assert record.digest == held.digest
            yield record.url, held.content


def test_every_revisit_finds_its_body_in_the_file(read: Monitor, tmp_path: Path) -> None:
    found = exported(read, tmp_path)
    listing, sent = f"{read.site.url}/us-state/", read.site.pages["/us-state/"].body
    bodies = list(replayed(found))
    assert bodies.count((listing, sent)) == 2
    assert [r.kind for r in found if r.url == listing and r.kind != "request"][:2] == ["response", "revisit"]
    read_documents = {url for url, body in bodies if url.startswith(f"{listing}d") and body}
    assert len(read_documents) == 5, "a page of the listing"
    assert len([r for r in found if r.kind == "request"]) == len(bodies)


def test_the_file_says_what_it_is(read: Monitor, tmp_path: Path) -> None:
    described = exported(read, tmp_path)[0]
    with read.at() as wiring:
        digest = wiring.catalogue.digest
    said = dict(line.split(": ", 1) for line in described.content.decode().strip().split("\r\n"))
    assert described.kind == "warcinfo"
    assert (said["instrument"], said["window"]) == ("us-mexico-2019", WINDOW)
    assert (said["verdict"], said["verdict-final"]) == ("pending", "no")
    assert (said["window-opens"], said["window-ends"]) == ("2019-06-07T04:00:00Z", "2019-09-06T04:00:00Z")
    assert (said["as-of"], said["catalogue-sha256"]) == ("2019-06-22T00:00:00Z", digest)
    assert said["description"].startswith("REPLAY – reconstructed")


def test_failed_readings_are_in_it_and_robots_txt_is_not(read: Monitor, tmp_path: Path) -> None:
    found = exported(read, tmp_path)
    failed = [r for r in found if r.status == "503" and r.kind == "response"]
    assert {r.url for r in failed} == {f"{read.site.url}/us-state/"}
    assert not [r for r in found if r.url and r.url.endswith("/robots.txt")]


def test_a_robots_txt_that_stopped_a_reading_is_in_it(read: Monitor, tmp_path: Path) -> None:
    read.site.put("/robots.txt", "User-agent: *\nDisallow: /us-state/\n" + "# patience\n" * 60, "text/plain")
    for hours in (72, 75):  # read once, and remembered the second time
        with read.at(IN_JUNE + timedelta(hours=hours)) as wiring:
            failure = collect_source(wiring, "us-state").polls[0].failure
            assert failure is not None and failure.kind == "robots"
    found = exported(read, tmp_path)
    robots = [r for r in found if r.kind == "response" and r.url == f"{read.site.url}/robots.txt"]
    assert [b"Disallow: /us-state/" in r.content for r in robots] == [True]


def test_knowledge_of_later_is_left_out(read: Monitor, tmp_path: Path) -> None:
    found = exported(read, tmp_path, as_of=IN_JUNE + timedelta(hours=12))
    assert not [r for r in found if r.kind == "revisit"]
    assert b"as-of: 2019-06-21T06:00:00Z" in found[0].content


# --- what else is known of the window's documents, and what is not of the window --------------------


def page(url: str, at: datetime, body: bytes, status: int = 200) -> Exchange:
    return Exchange(
        url=url, final_url=url, request_headers=(), status=status, reason="", headers=(), wire=body, body=body,
        sha256=hashlib.sha256(body).hexdigest(), at=at, seconds=0.1,
    )  # fmt: skip


def note(wiring: Wiring, poll: PollRecord, document: int | None, *kept: ExchangeRecord) -> None:
    with wiring.store.writing() as db:
        poll_id = polls.record_poll(db, poll)
        for record in kept:
            polls.record_exchange(db, poll_id, document, record)


def poll_at(wiring: Wiring, at: datetime, *, failed: bool = False, **more: Any) -> PollRecord:
    failure = Failure("unreachable", "http_503", "503") if failed else None
    outcome: polls.PollStatus = "failed" if failed else "read"
    return PollRecord(
        "us-state", "listing", at, at, outcome, failure, 1, 0, 0, wiring.catalogue.digest, **more
    )


def document_at(wiring: Wiring, url_end: str) -> tuple[int, str]:
    with wiring.store.reading() as db:
        found = next(c for c in captures_by_place(db) if c.document and c.url.endswith(url_end))
    assert found.document is not None
    return found.document, found.url


def test_every_later_look_at_its_documents_is_in_it(read: Monitor, tmp_path: Path) -> None:
    late = IN_SEPTEMBER + timedelta(days=20)
    with read.at(late) as wiring:
        document, url = document_at(wiring, "/d19/")
        edited, gone = page(url, late, b"<p>edited</p>"), page(url, late, b"<p>withdrawn</p>", 404)
        note(
            wiring,
            poll_at(wiring, late),
            document,
            archived(wiring, edited),
            archived(wiring, gone),
        )
    bodies = [body for address, body in replayed(exported(read, tmp_path)) if address == url]
    assert bodies[1:] == [b"<p>edited</p>", b"<p>withdrawn</p>"]


@pytest.mark.parametrize(
    "at, asked, within",
    [
        (IN_SEPTEMBER, None, True),
        (datetime(2019, 9, 7, tzinfo=UTC), None, True),  # while the window waits for late listings
        (datetime(2019, 9, 20, tzinfo=UTC), None, False),
        (datetime(2019, 9, 20, tzinfo=UTC), ("2019-09-04T00:00:00+00:00", "2019-09-05T00:00:00+00:00"), True),
        (
            datetime(2019, 9, 20, tzinfo=UTC),
            ("2019-09-10T00:00:00+00:00", "2019-09-11T00:00:00+00:00"),
            False,
        ),
        (datetime(2019, 6, 7, 3, tzinfo=UTC), None, False),
    ],
)
def test_a_failed_reading_belongs_to_the_days_it_was_for(
    read: Any, tmp_path: Path, at: datetime, asked: tuple[str, str] | None, within: bool
) -> None:
    interval = Interval(*map(datetime.fromisoformat, asked)) if asked else None
    url = f"{read.site.url}/us-state/page/9/"
    with read.at(datetime(2019, 9, 21, tzinfo=UTC)) as wiring:
        refused = archived(wiring, page(url, at, b"busy", 503))
        note(wiring, poll_at(wiring, at, failed=True, asked=interval), None, refused)
    assert (url in {r.url for r in exported(read, tmp_path)}) == within


def test_the_listing_decides_which_documents_are_of_the_window(read: Monitor, tmp_path: Path) -> None:
    publish(read.site, "/us-state/", [Release("before", "B", BEFORE), Release("after", "A", AFTER)])
    with read.at(datetime(2019, 9, 11, tzinfo=UTC)) as wiring:
        collect_source(wiring, "us-state")
    urls = {r.url for r in exported(read, tmp_path)}
    assert f"{read.site.url}/us-state/d19/" in urls
    assert f"{read.site.url}/us-state/before/" not in urls
    assert f"{read.site.url}/us-state/after/" not in urls


def test_late_evidence_for_the_window_is_in_it(read: Monitor, tmp_path: Path) -> None:
    said = (
        "The United States and Mexico announced additional measures on migration in a joint statement today."
    )
    publish(
        read.site, "/us-state/", [Release("late", "Joint statement", AFTER, said), Release("x", "X", AFTER)]
    )
    with read.at(datetime(2019, 9, 11, tzinfo=UTC)) as wiring:
        collect_source(wiring, "us-state")
    urls = {r.url for r in exported(read, tmp_path)}
    assert f"{read.site.url}/us-state/late/" in urls
    assert f"{read.site.url}/us-state/x/" not in urls


# --- what goes wrong ----------------------------------------------------------------------------------


def test_nothing_is_written_over(read: Monitor, tmp_path: Path) -> None:
    exported(read, tmp_path)
    with read.at() as wiring, pytest.raises(UsageError, match="exists"):
        export_captures(wiring.ledger, wiring.catalogue, wiring.archive, WINDOW, tmp_path / "window.warc.gz")


def test_damage_leaves_no_file(read: Monitor, tmp_path: Path) -> None:
    with read.at() as wiring:
        with wiring.store.reading() as db:
            last = next(c for c in captures_by_place(db) if c.url.endswith("/d19/"))
        path = read.folder / "archive" / last.place.file
        data = bytearray(path.read_bytes())
        data[last.place.offset + last.place.length // 2] ^= 0xFF
        path.write_bytes(data)
        with pytest.raises(ArchiveError, match=re.escape(last.place.file)):
            export_captures(
                wiring.ledger, wiring.catalogue, wiring.archive, WINDOW, tmp_path / "window.warc.gz"
            )
    assert not (tmp_path / "window.warc.gz").exists()


@pytest.mark.slow
def test_on_the_command_line(read: Monitor, tmp_path: Path) -> None:
    target = tmp_path / "w.warc.gz"
    done = servanda("capture", "export", WINDOW, "--to", str(target))
    count = len([r for r in records(target) if r.kind in ("response", "revisit")])
    assert f"{count} exchanges, each verified" in done.stdout, done.stderr
    again = servanda("capture", "export", WINDOW, "--to", str(target))
    assert (again.returncode, "exists" in again.stderr) == (2, True)
