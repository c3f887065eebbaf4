"""The archive: what is stored comes back, other tools read it, writers do not get in each other's way."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.archived import AT, BODY, complaints, exchange
from warcio.archiveiterator import ArchiveIterator

from servanda.models.archive.folder import Archive
from servanda.scrapers.exchange import Exchange


def coded(coding: str, wire: bytes) -> Exchange:
    headers = (("content-encoding", coding), ("Content-Length", str(len(wire))))
    return exchange(wire, headers=headers, body=BODY, sha256=hashlib.sha256(BODY).hexdigest())


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


FAILED = {"status": None, "reason": "", "headers": (), "failure": "dns: the host's name did not resolve"}

CASES = {
    "a page": exchange(),
    "gzip": coded("gzip", gzip.compress(BODY)),
    "gzip in capitals": coded("GZIP", gzip.compress(BODY)),
    "gzip in two members": coded("gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
    "gzip with padding": coded("x-gzip", gzip.compress(BODY) + b"\0" * 5),
    "deflate": coded("deflate", zlib.compress(BODY)),
    "raw deflate": coded("deflate", raw_deflate(BODY)),
    "chunked before": exchange(headers=(("Transfer-Encoding", "chunked"), ("X", "y"))),
    "nothing new": exchange(b"", status=304, reason="Not Modified"),
    "an empty gzip body": exchange(b"", headers=(("Content-Encoding", "gzip"),)),
    "not found": exchange(b"gone", status=404, reason="Not Found"),
    "no reason phrase": exchange(reason=""),
    "no headers": exchange(headers=()),
    "a body that looks like a record": exchange(b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n"),
    "a body of HTTP": exchange(b"HTTP/1.1 500 No\r\n\r\n"),
    "headers in Latin-1": exchange(reason="\u00a1Bien!", headers=(("X-A", "ma\u00f1ana; a=\u00e9"), ("X-B", ""))),
    "repeated headers": exchange(headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b: 2"))),
    "large": exchange(os.urandom(3_000_000)),
    "too large": exchange(b"half", body=b"", sha256=hashlib.sha256(b"").hexdigest(), failure="too_large: …"),
    "a bomb": replace(
        coded("gzip", gzip.compress(BODY)),
        body=b"",
        sha256=hashlib.sha256(b"").hexdigest(),
        failure="bomb: it unpacks to more",
    ),
    "no response": exchange(b"", **FAILED),
}  # fmt: skip


@pytest.mark.parametrize("which", CASES)
def test_what_is_stored_comes_back(tmp_path: Path, which: str) -> None:
    stored = CASES[which]
    archive = Archive(tmp_path / "archive")
    archive.store(exchange(b"one before"))
    place = archive.store(stored)
    archive.store(exchange(b"one after"))
    found = Archive(tmp_path / "archive").load(place, sha256=stored.sha256)
    assert found.wire == stored.wire
    assert found.body == stored.body
    assert found.sha256 == stored.sha256
    assert (found.url, found.status, found.headers) == (stored.url, stored.status, stored.headers)
    assert (found.at, found.failure) == (stored.at, stored.failure)


def records(path: Path) -> list[SimpleNamespace]:
    """What another tool sees in a file."""
    with path.open("rb") as file:
        return [
            SimpleNamespace(
                kind=record.rec_type,
                http=record.http_headers,
                content=record.content_stream().read(),
                field=record.rec_headers.get_header,
                version=record.rec_headers.protocol,
            )
            for record in ArchiveIterator(file)
        ]


def test_warcio_check_passes(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for stored in CASES.values():
        archive.store(stored)
    [path] = tmp_path.iterdir()
    assert complaints(path) == (0, "")
    assert len(records(path)) == 1 + 2 * len(CASES) - 1, "a description, then pairs; a failure stands alone"


def test_warcio_check_would_notice(tmp_path: Path) -> None:
    place = Archive(tmp_path).store(exchange())
    path = tmp_path / place.file
    unpacked = gzip.decompress(path.read_bytes())
    path.write_bytes(unpacked.replace(b"Declar", b"Deklar"))
    assert complaints(path)[0] == 1


def test_a_response_record_holds_what_the_standard_asks_for(tmp_path: Path) -> None:
    wire = gzip.compress(BODY)
    place = Archive(tmp_path).store(coded("gzip", wire))
    described, response, request = records(tmp_path / place.file)
    assert (described.kind, described.field("WARC-Filename")) == ("warcinfo", place.file)
    assert response.version == "WARC/1.1"
    assert response.kind == "response"
    assert response.field("WARC-Target-URI") == "https://www.state.gov/press/?page=2"
    assert response.field("WARC-Date") == "2019-09-05T12:30:15.250000Z"
    assert response.field("WARC-Payload-Digest") == f"sha256:{hashlib.sha256(wire).hexdigest()}"
    assert response.http.get_statuscode() == "200"
    assert response.content == BODY, "any tool decodes the payload by its Content-Encoding"
    assert request.kind == "request"
    assert request.field("WARC-Concurrent-To") == response.field("WARC-Record-ID")
    assert request.http.statusline == "/press/?page=2 HTTP/1.1"
    assert request.http.get_header("User-Agent") == "Servanda/0.1 (contact: a@b.example)"


def test_a_removed_transfer_coding_is_not_claimed(tmp_path: Path) -> None:
    place = Archive(tmp_path).store(CASES["chunked before"])
    response = records(tmp_path / place.file)[1]
    assert response.http.get_header("Transfer-Encoding") is None
    assert response.http.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"
    assert response.content == BODY


def test_a_failure_is_a_metadata_record(tmp_path: Path) -> None:
    place = Archive(tmp_path).store(CASES["no response"])
    _, failed = records(tmp_path / place.file)
    assert failed.kind == "metadata"
    assert failed.content == b"failure: dns: the host's name did not resolve\r\n"


def test_hostile_text_begins_no_header_of_its_own(tmp_path: Path) -> None:
    forged = "x\r\nWARC-Type: metadata\r\n\r\nHTTP/1.1 200 OK"
    archive = Archive(tmp_path)
    url = "https://www.state.gov/ñ\r\nX: y"
    place = archive.store(
        exchange(url=url, reason=forged, headers=((forged, forged),), request_headers=((forged, "…"),))
    )
    failed = archive.store(exchange(b"", **FAILED | {"failure": forged + "\ud800", "url": url}))
    found = archive.load(place)
    assert found.url == "https://www.state.gov/%C3%B1%0D%0AX:%20y"
    assert found.wire == BODY
    assert len(found.headers) == 1
    assert archive.load(failed).failure == "x WARC-Type: metadata HTTP/1.1 200 OK"
    assert complaints(tmp_path / place.file) == (0, "")


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at, day",
    [
        (datetime(2019, 9, 5, 23, 59, 59, tzinfo=UTC), "2019-09-05"),
        (datetime(2019, 9, 6, tzinfo=UTC), "2019-09-06"),
        (datetime(2019, 9, 5, 20, 0, tzinfo=timezone(timedelta(hours=-4))), "2019-09-06"),
    ],
)
def test_a_file_is_of_one_utc_day(tmp_path: Path, at: datetime, day: str) -> None:
    place = Archive(tmp_path).store(exchange(at=at))
    assert place.file.startswith(f"servanda-{day}-{os.getpid()}-")
    assert place.file.endswith(".warc.gz")


def test_places_follow_each_other_in_one_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    places = [archive.store(exchange(b"%d" % n)) for n in range(5)]
    assert len({place.file for place in places}) == 1
    assert [place.offset for place in places] == sorted({place.offset for place in places})
    assert [archive.load(place).body for place in places] == [b"0", b"1", b"2", b"3", b"4"]
    assert archive.store(exchange(at=AT + timedelta(days=1))).file != places[0].file
    assert archive.store(exchange()).offset > places[-1].offset, "a day can be gone back to"


def test_two_writers_never_share_a_file(tmp_path: Path) -> None:
    places = [Archive(tmp_path).store(exchange(b"%d" % n)) for n in range(3)]
    assert len({place.file for place in places}) == 3


def test_threads_can_store_at_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    bodies = [b"%d" % n * 50 for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda body: archive.store(exchange(body)), bodies))
    assert [archive.load(place).body for place in places] == bodies
    assert complaints(tmp_path / places[0].file) == (0, "")


def store_some(archive: Archive, bodies: list[bytes], answer: Any) -> None:
    answer.put([archive.store(exchange(body)) for body in bodies])


def test_forked_processes_write_files_of_their_own(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.store(exchange())
    fork = multiprocessing.get_context("fork")
    answer: Any = fork.Queue()
    children = [fork.Process(target=store_some, args=(archive, [b"a", b"b"], answer)) for _ in range(2)]
    for child in children:
        child.start()
    places = [place for _ in children for place in answer.get(timeout=30)]
    for child in children:
        child.join()
    assert len({place.file for place in places}) == 2
    assert sorted(archive.load(place).body for place in places) == [b"a", b"a", b"b", b"b"]
    assert len(list(tmp_path.iterdir())) == 3
