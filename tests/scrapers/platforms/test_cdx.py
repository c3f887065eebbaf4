"""A listing as an archive captured it: which captures are read, and what each proves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Unpack

import pytest
from support.answers import RouteFields, source_with
from support.wayback import Wayback

from servanda.compliance.coverage import CoveredInterval, listing_covers
from servanda.compliance.intervals import EVER, Interval, IntervalSet
from servanda.instruments.routes import CdxOptions, DateField, FeedOptions, ListingOptions, Route, Source
from servanda.scrapers.exchange import Blocked, Unreachable, Unrecognised
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.cdx import FAILURES_IN_A_ROW, read_cdx
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "https://www.agency.example/press/"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LISTING = ListingOptions(
    platform="listing", row="li", title="a", link="a",
    date=DateField(selector="time", attribute="datetime", formats=("iso",)), next="a.next",
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


SINCE, UNTIL = at("2019-09-01T00:00"), at("2019-09-06T04:00")


def page(newest: datetime, rows: int = 5, every: timedelta = 8 * HOUR) -> bytes:
    """A listing whose newest item is of ``newest``, with older ones ``every`` so long before."""
    times = [newest - n * every for n in range(rows)]
    items = "".join(
        f'<li><a href="/press/{when:%m%d%H}/">Release of {when:%d %H}</a><time datetime="{when.isoformat()}"></time></li>'
        for when in times
    )
    return (
        f'<html><body><ul>{items}</ul><a class="next" href="/press/page/2/">Next</a></body></html>'.encode()
    )


def published_before(when: datetime) -> datetime:
    """The newest item that stands at ``when``: one appears at 0, 8 and 16 hours."""
    return when.replace(hour=when.hour // 8 * 8, minute=0)


def archive(captures: Iterable[str], rows: int = 5, index_errors: Iterable[str] = ()) -> Wayback:
    bodies = {at(text): page(published_before(at(text)), rows) for text in captures}
    return Wayback(URL, NOW, bodies, index_errors=list(index_errors))


def captured(lag: timedelta = timedelta(0), **route: Unpack[RouteFields]) -> tuple[Source, Route]:
    read = CdxOptions(platform="cdx", archive="https://archive.example", read=LISTING)
    given = RouteFields(max_pages=50, on_demand=True) | route
    source, made = source_with(read, url=URL, **given)
    return source.model_copy(update={"lag": lag, "longest_silence": 2 * DAY}), made


def read(wayback: Wayback, lag: timedelta = timedelta(0), **more: Unpack[RouteFields]) -> RouteReading:
    source, route = captured(lag, **more)
    return read_cdx(source, route, wayback, ReadRequest(NOW, back_to=SINCE, until=UNTIL))


def covered(reading: RouteReading, lag: timedelta = timedelta(0)) -> IntervalSet:
    """What the captures prove together, each by its own time."""
    proven = (
        listing_covers(
            listing.published, read_at=listing.attested_at, lag=lag, longest_silence=2 * DAY, existed=EVER,
            reached_end=False,
        )
        for listing in reading.listings
    )  # fmt: skip
    return IntervalSet.of(one.interval for one in proven if isinstance(one, CoveredInterval))


DAILY = [
    f"2019-{month:02}-{day:02}T05:00" for month, day in [(8, 30), (8, 31), *((9, n) for n in range(1, 9))]
]


def test_captures_are_chosen_so_that_what_they_cover_joins() -> None:
    """Five items eight hours apart reach back 32 hours and more: every day's capture is needed, no other."""
    hourly = [f"2019-09-{day:02}T{hour:02}:00" for day in range(1, 9) for hour in range(24)]
    wayback = archive([*hourly, "2019-08-30T05:00", "2019-08-31T05:00"])
    reading = read(wayback)
    assert covered(reading).includes(Interval(SINCE, UNTIL))
    assert wayback.asked[0] == UNTIL
    assert len(wayback.asked) <= 5
    assert wayback.asked == sorted(wayback.asked, reverse=True)
    assert reading.pages == len(reading.listings) == len(wayback.asked)
    assert (reading.asked, reading.stated, reading.reached_end, reading.doubts) == (None, None, False, ())


def test_each_item_once_with_its_own_address_and_time() -> None:
    reading = read(archive(DAILY))
    times = [item.published.at for item in reading.items]
    assert len(set(times)) == len(times) == len({item.aliases[0] for item in reading.items})
    assert [item.url.removeprefix(URL) for item in reading.items[:2]] == ["090600/", "090516/"]
    assert min(when for when in times if when) <= SINCE


def test_a_capture_proves_nothing_later_than_itself() -> None:
    """An archive that stops before the range ends leaves the rest open, whenever it is read."""
    reading = read(archive(day for day in DAILY if day < "2019-09-04"))
    assert covered(reading).within(Interval(SINCE, UNTIL)).intervals[-1].until_at == at("2019-09-03T05:00")


def test_a_gap_between_captures_stays_a_gap() -> None:
    reading = read(archive(day for day in DAILY if not "2019-09-03" <= day < "2019-09-06"))
    gaps = covered(reading).gaps(Interval(SINCE, UNTIL)).intervals
    assert gaps == (Interval(at("2019-09-02T05:00"), at("2019-09-04T16:00") + timedelta(seconds=1)),)


def test_the_lag_of_the_source_is_allowed_for() -> None:
    """With a lag of a day a capture proves a day less: it must be made a day later, and reach further back."""
    reading = read(archive(DAILY, rows=8), lag=DAY)
    assert reading.listings[0].attested_at == at("2019-09-07T05:00")
    assert covered(reading, lag=DAY).includes(Interval(SINCE, UNTIL))
    assert not covered(read(archive(DAILY), lag=DAY), lag=DAY).includes(Interval(SINCE, UNTIL))


def test_a_capture_that_cannot_be_read_gives_way_to_a_later_one() -> None:
    wayback = archive([*DAILY, "2019-09-04T20:00"])
    wayback.bodies[at("2019-09-04T20:00")] = b"<html><body>Maintenance</body></html>"
    reading = read(wayback)
    assert wayback.asked[:3] == [at("2019-09-06T05:00"), at("2019-09-04T20:00"), at("2019-09-05T05:00")]
    assert covered(reading).includes(Interval(SINCE, UNTIL))
    assert reading.doubts == ("captures that could not be read: no_rows (1)",)
    assert len(wayback.asked) == len(set(wayback.asked)), "none is asked for twice"


def test_where_the_end_cannot_be_read_the_one_before_is() -> None:
    wayback = archive(DAILY)
    for day in ("2019-09-06T05:00", "2019-09-07T05:00", "2019-09-08T05:00"):
        wayback.bodies[at(day)] = b"<html><body>Access denied</body></html>"
    reading = read(wayback)
    assert reading.listings[0].attested_at == at("2019-09-05T05:00")
    assert reading.doubts == ("captures that could not be read: no_rows (3)",)


def test_an_answer_with_another_capture_is_not_taken_for_this_one() -> None:
    wayback = archive(DAILY)
    wayback.shifted[at("2019-09-06T05:00")] = at("2019-11-06T05:00")
    reading = read(wayback)
    assert at("2019-09-06T05:00") not in [listing.attested_at for listing in reading.listings]
    assert reading.doubts == ("captures that could not be read: other_capture (1)",)


def test_an_item_from_after_its_capture_is_refused() -> None:
    wayback = archive(DAILY)
    wayback.bodies[at("2019-09-06T05:00")] = page(at("2019-09-20T00:00"))
    assert read(wayback).doubts == ("captures that could not be read: future_date (1)",)


def test_the_archive_is_left_alone_when_it_does_not_answer() -> None:
    wayback = archive(DAILY)
    for day in DAILY[:-3]:
        wayback.errors[at(day)] = Unreachable("timeout", "no answer in time")
    reading = read(wayback)
    assert len(wayback.asked) == 1 + FAILURES_IN_A_ROW
    assert reading.doubts == (
        "captures that could not be read: timeout (3)",
        "stopped after 4 captures; older ones were not read",
    )


def test_being_told_to_slow_down_ends_the_walk_at_once() -> None:
    wayback = archive(DAILY)
    wayback.errors[at("2019-09-05T05:00")] = Blocked("rate_limited", "too many requests")
    assert read(wayback).doubts[-1].startswith("stopped after 2 captures")


def test_the_number_of_captures_is_bounded() -> None:
    reading = read(archive(DAILY), max_pages=2)
    assert reading.pages == 2
    assert reading.doubts == ("stopped after 2 captures; older ones were not read",)


def test_lines_of_the_index_that_name_no_capture_are_counted() -> None:
    reading = read(
        archive(DAILY, index_errors=["key 20190012170449 https://www.agency.example/ text/html 200 D 1"])
    )
    assert reading.doubts == ("lines of the archive's index that name no capture: 1",)


def test_no_capture_at_all() -> None:
    with pytest.raises(Unreachable) as caught:
        read(archive([]))
    assert caught.value.kind == "no_captures"


def test_no_capture_that_can_be_read() -> None:
    wayback = archive(DAILY)
    wayback.bodies = dict.fromkeys(wayback.bodies, b"<html><body>Access denied</body></html>")
    with pytest.raises(Unrecognised) as caught:
        read(wayback)
    assert caught.value.kind == "no_rows"


def test_a_feed_is_read_by_the_reader_of_feeds() -> None:
    when = at("2019-09-06T05:00")
    body = (
        b"<rss version='2.0'><channel><title>Press</title><item><title>Statement</title>"
        b"<link>/press/statement-on-migration/</link><pubDate>Thu, 05 Sep 2019 20:00:00 +0000</pubDate></item>"
        b"</channel></rss>"
    )
    route = CdxOptions(platform="cdx", archive="https://archive.example/", read=FeedOptions(platform="feed"))
    source, made = source_with(route, url=URL, max_pages=5)
    reading = read_cdx(
        source,
        made,
        Wayback(URL, NOW, {when: body}, "application/rss+xml"),
        ReadRequest(NOW, back_to=SINCE, until=UNTIL),
    )
    assert [(item.title, item.url) for item in reading.items] == [
        ("Statement", f"{URL}statement-on-migration/")
    ]


def test_the_registry_names_the_reader() -> None:
    assert READERS["cdx"] is read_cdx


# --- documents ----------------------------------------------------------------------------------------------


def test_a_document_is_read_at_its_address_or_as_a_capture_soon_after() -> None:
    item = read(archive(DAILY)).items[0]
    _, route = captured()
    assert route.address_of(item.url, item.published) == item.url
    gone = route.model_copy(update={"read": route.read.model_copy(update={"documents": "captures"})})
    assert item.published.at is not None
    stamp = f"{item.published.at + timedelta(seconds=1):%Y%m%d%H%M%S}"
    assert gone.address_of(item.url, item.published) == f"https://archive.example/web/{stamp}id_/{item.url}"
