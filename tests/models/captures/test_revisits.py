"""Bodies that an earlier record holds are not written again, and come back all the same."""

from __future__ import annotations

import gzip
import hashlib
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archived import AT, complaints, exchange
from warcio.archiveiterator import ArchiveIterator

from servanda.models.archive.folder import Archive, ArchiveError
from servanda.models.archive.location import RecordLocation
from servanda.models.archive.warc_writing import EarlierRecord
from servanda.scrapers.exchange import Exchange

BODY = b"<html>" + b"".join(b"<li>Release %d of the day</li>" % n for n in range(200)) + b"</html>"
LATER = AT + timedelta(hours=1)


def coded(wire: bytes, **more: Any) -> Exchange:
    headers = (("Content-Encoding", "gzip"), ("Content-Length", str(len(wire))))
    return exchange(wire, headers=headers, body=BODY, sha256=hashlib.sha256(BODY).hexdigest(), **more)


FIRST = {
    "a page": exchange(BODY),
    "gzip": coded(gzip.compress(BODY, mtime=0)),
    "a block page": exchange(BODY, status=403, reason="Forbidden"),
    "random bytes": exchange(os.urandom(5000)),
}


def revisited(archive: Archive, first: Exchange, again: Exchange) -> tuple[RecordLocation, RecordLocation]:
    """Both stored, the second as a revisit of the first."""
    held = archive.store(first)
    earlier = archive.holding(held, again.wire)
    assert earlier is not None
    return held, archive.store(again, earlier=earlier)


@pytest.mark.parametrize("which", FIRST)
def test_a_revisit_comes_back_as_if_it_had_been_stored_in_full(tmp_path: Path, which: str) -> None:
    first = FIRST[which]
    again = replace(first, at=LATER, headers=(*first.headers, ("Date", "Thu, 05 Sep 2019 13:30:15 GMT")))
    in_full = Archive(tmp_path / "full").load(Archive(tmp_path / "full").store(again))
    held, place = revisited(Archive(tmp_path / "archive"), first, again)
    found = Archive(tmp_path / "archive").load(place, sha256=again.sha256)
    assert found.refers_to is not None
    assert replace(found, refers_to=None) == in_full
    assert (found.wire, found.body, found.at) == (again.wire, again.body, LATER)
    assert place.length < held.length or len(first.wire) < 700


def test_a_revisit_record_holds_what_the_standard_asks_for(tmp_path: Path) -> None:
    held, place = revisited(Archive(tmp_path), exchange(BODY), exchange(BODY, at=LATER))
    with (tmp_path / place.file).open("rb") as file:
        found = [(r.rec_headers.get_header, r.rec_type, r.http_headers) for r in ArchiveIterator(file)]
    assert [kind for _, kind, _ in found] == ["warcinfo", "response", "request", "revisit", "request"]
    (response, _, _), (revisit, _, http), (request, _, _) = found[1], found[3], found[4]
    assert revisit("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit("WARC-Refers-To") == response("WARC-Record-ID")
    assert revisit("WARC-Refers-To-Target-URI") == response("WARC-Target-URI") == revisit("WARC-Target-URI")
    assert revisit("WARC-Refers-To-Date") == response("WARC-Date") == "2019-09-05T12:30:15.250000Z"
    assert revisit("WARC-Date") == "2019-09-05T13:30:15.250000Z"
    assert revisit("WARC-Payload-Digest") == response("WARC-Payload-Digest")
    assert revisit("WARC-Truncated") == "length"
    assert revisit("Content-Type") == "application/http;msgtype=response"
    assert revisit("Servanda-Refers-To-Place") == f"{held.file} {held.offset} {held.length}"
    assert (http.get_statuscode(), http.get_header("ETag")) == ("200", '"a"')
    assert request("WARC-Concurrent-To") == revisit("WARC-Record-ID")
    assert complaints(tmp_path / place.file) == (0, "")


def test_the_earlier_record_may_lie_in_another_file(tmp_path: Path) -> None:
    held = Archive(tmp_path).store(exchange(BODY))
    later = Archive(tmp_path)
    place = later.store(exchange(BODY, at=LATER), earlier=later.holding(held, BODY))
    assert place.file != held.file
    assert later.load(place).body == BODY


def test_only_a_sound_record_with_these_very_bytes_is_revisited(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    held, place = revisited(archive, exchange(BODY), exchange(BODY, at=LATER))
    failed = archive.store(exchange(b"", status=None, failure="dns: no such host"))
    assert archive.holding(held, BODY) is not None
    assert archive.holding(held, BODY + b" ") is None, "another body"
    assert archive.holding(place, BODY) is None, "a revisit holds no bytes itself"
    assert archive.holding(failed, b"") is None, "nothing was received"
    assert archive.holding(RecordLocation("gone.warc.gz", 0, 100), BODY) is None
    damage(tmp_path / held.file, held)
    assert archive.holding(held, BODY) is None, "what rests on a damaged record is lost with it"


def test_the_same_content_packed_in_another_way_is_another_body(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    held = archive.store(coded(gzip.compress(BODY, 1, mtime=0)))
    assert archive.holding(held, gzip.compress(BODY, 9, mtime=0)) is None
    assert archive.holding(held, BODY) is None


def damage(path: Path, place: RecordLocation) -> None:
    data = bytearray(path.read_bytes())
    data[place.offset + place.length // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("harmed", ["the revisit", "the original"])
def test_damage_to_either_record_is_told_with_both_places(tmp_path: Path, harmed: str) -> None:
    archive = Archive(tmp_path)
    held, place = revisited(archive, exchange(BODY), exchange(BODY, at=LATER))
    damage(tmp_path / place.file, place if harmed == "the revisit" else held)
    with pytest.raises(ArchiveError) as raised:
        archive.load(place)
    assert str(raised.value).startswith(f"{place.file} at {place.offset}: ")
    assert (f"a revisit of {held.file} at {held.offset}: " in str(raised.value)) == (harmed == "the original")


def test_an_original_that_is_gone_is_told(tmp_path: Path) -> None:
    held = Archive(tmp_path).store(exchange(BODY))
    later = Archive(tmp_path)
    place = later.store(exchange(BODY, at=LATER), earlier=later.holding(held, BODY))
    (tmp_path / held.file).unlink()
    with pytest.raises(ArchiveError, match=f"a revisit of {held.file} at {held.offset}: .*No such file"):
        later.load(place)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"record_id": "<urn:uuid:0>"}, "the record <urn:uuid:0> was expected here"),
        ({"date": "2019-09-05T12:30:15Z"}, "was expected here"),
        ({"url": "https://www.state.gov/"}, "was expected here"),
        ({"where": "one word"}, "names no place of an archive"),
        ({"where": "../../etc/passwd 0 10"}, "no file name of the archive"),
        ({"where": "a.warc.gz -1 10"}, "names no place"),
        ({"where": f"a.warc.gz 0 {'9' * 5000}"}, "names no place"),
    ],
)
def test_a_reference_to_another_record_is_refused(tmp_path: Path, change: dict[str, str], said: str) -> None:
    archive = Archive(tmp_path)
    earlier = archive.holding(archive.store(exchange(BODY)), BODY)
    assert isinstance(earlier, EarlierRecord)
    place = archive.store(exchange(BODY, at=LATER), earlier=replace(earlier, **change))
    with pytest.raises(ArchiveError) as raised:
        archive.load(place)
    assert said in str(raised.value)


def test_other_bytes_than_the_revisit_states_are_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    earlier = archive.holding(archive.store(exchange(BODY)), BODY)
    place = archive.store(exchange(BODY + b"!", at=LATER), earlier=earlier)
    with pytest.raises(ArchiveError, match="these are not the bytes of the revisit"):
        archive.load(place)


def test_a_revisit_of_a_revisit_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    _, place = revisited(archive, exchange(BODY), exchange(BODY, at=LATER))
    stored = archive.load(place)
    assert stored.refers_to is not None
    chained = archive.store(exchange(BODY), earlier=replace(stored.refers_to, where=str(place)))
    with pytest.raises(ArchiveError, match="what is revisited here is no response"):
        archive.load(chained)


# --- 304 ------------------------------------------------------------------------------------------


def test_a_304_names_the_record_whose_validators_were_sent(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    held = archive.store(exchange(BODY))
    earlier = archive.unmodified(held, '"a"', None)
    unchanged = exchange(b"", status=304, reason="Not Modified", at=LATER)
    place = archive.store(unchanged, earlier=earlier)
    found = archive.load(place, sha256=hashlib.sha256(b"").hexdigest())
    assert (found.status, found.body, found.refers_to) == (304, b"", earlier)
    with (tmp_path / place.file).open("rb") as file:
        record = list(ArchiveIterator(file))[3].rec_headers.get_header
    assert record("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert record("WARC-Refers-To-Date") == "2019-09-05T12:30:15.250000Z"
    assert record("WARC-Payload-Digest") is None, "its payload is the earlier one's"
    assert record("WARC-Truncated") is None, "nothing was left out"
    assert complaints(tmp_path / place.file) == (0, "")


@pytest.mark.parametrize(
    "etag, last_modified, agrees",
    [
        ('"a"', None, True),
        ('"a"', "Thu, 05 Sep 2019 12:00:00 GMT", True),
        (None, "Thu, 05 Sep 2019 12:00:00 GMT", True),
        ('"b"', None, False),
        ('"a"', "Thu, 05 Sep 2019 12:00:01 GMT", False),
        (None, None, False),
    ],
)
def test_validators_must_be_those_of_the_record(
    tmp_path: Path, etag: str | None, last_modified: str | None, agrees: bool
) -> None:
    archive = Archive(tmp_path)
    headers = (("etag", '"a"'), ("LAST-MODIFIED", "Thu, 05 Sep 2019 12:00:00 GMT"))
    held = archive.store(exchange(BODY, headers=headers))
    assert (archive.unmodified(held, etag, last_modified) is not None) == agrees


def test_a_304_is_never_taken_for_what_it_calls_unchanged(tmp_path: Path) -> None:
    """It may bear the same ETag, and holds nothing."""
    archive = Archive(tmp_path)
    alone = archive.store(exchange(b"", status=304, reason="Not Modified"))
    assert archive.load(alone).headers[1] == ("ETag", '"a"')
    assert archive.unmodified(alone, '"a"', None) is None
