"""Sitemaps and their indexes, on files of our own: what is read, how it is dated, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Unpack

import pytest
from support.answers import PAGES, Answers, RouteFields, exchange_of, source_with

from servanda.compliance.coverage import CoveredInterval, listing_covers
from servanda.compliance.intervals import EVER
from servanda.instruments.routes import Route, SitemapOptions, Source
from servanda.scrapers.exchange import Blocked, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.sitemap import MAX_BYTES, MAX_ENTRIES, MAX_TAGS, read_sitemap
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading, Unchanged

URL = "https://www.agency.example/sitemap.xml"
NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
XML = "application/xml"
HEAD = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
NEWS = "https://www.agency.example/news"


def sitemap(*, dated: bool = False, **route: Unpack[RouteFields]) -> tuple[Source, Route]:
    """``dated``: the publisher leaves lastmod at the publication time."""
    read = SitemapOptions(platform="sitemap", paths=("/news/",), lastmod_is_publication=dated)
    return source_with(read, url=URL, **(RouteFields(sampled=not dated, max_pages=10) | route))


def site() -> Answers:
    answers = Answers().serve_page(URL, "sitemap_index.xml")
    for page in (2, 3):
        answers.serve_page(f"{URL}?page={page}", f"sitemap_page_{page}.xml")
    return answers


def entries(*pairs: tuple[str, str]) -> bytes:
    rows = "".join(
        f"<url><loc>{loc}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</url>" for loc, when in pairs
    )
    return f"{HEAD}{rows}</urlset>".encode()


def read(
    answers: Answers, *, dated: bool = False, back_to: datetime | None = None, **route: Unpack[RouteFields]
) -> RouteReading:
    source, made = sitemap(dated=dated, **route)
    reading = read_sitemap(source, made, answers, ReadRequest(NOW, back_to=back_to))
    assert isinstance(reading, RouteReading)
    return reading


def refusal(
    body: bytes, *, dated: bool = False, back_to: datetime | None = None, **more: Unpack[RouteFields]
) -> Unrecognised:
    with pytest.raises(Unrecognised) as caught:
        read(Answers().serve(URL, body, XML), dated=dated, back_to=back_to, **more)
    return caught.value


def rows(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    return [(item.url.removeprefix(NEWS), str(item.published)) for item in items]


# --- a mere sample: the documents date themselves -----------------------------------------------------------


def test_the_sitemaps_of_an_index_that_were_changed_in_the_last_week() -> None:
    reading = read(answers := site())
    assert rows(reading.items) == [
        (
            "/2019/09/02/release-three/",
            "2019-09-05",
        ),  # half past nine in the evening of the 5th in Washington
        ("/2019/09/05/joint-statement-on-migration", "2019-09-05"),
        ("/2019/09/03/Fact_Sheet%3A-asylum.pdf", "2019-09-04"),
    ]
    assert answers.asked == [URL, f"{URL}?page=2", f"{URL}?page=3"]
    assert (reading.pages, reading.reached_end) == (3, False)
    assert reading.doubts == ("1 of 6 entries say nothing of their last change",)


def test_the_title_is_made_of_the_address_until_the_document_is_read() -> None:
    assert [item.title for item in read(site()).items] == [
        "release three",
        "joint statement on migration",
        "Fact Sheet: asylum",
    ]


def test_a_document_is_known_by_address_and_path() -> None:
    assert read(site()).items[1].aliases == (
        ("url", f"{NEWS}/2019/09/05/joint-statement-on-migration"),
        ("path", "/news/2019/09/05/joint-statement-on-migration"),
    )


def test_an_older_range_reads_the_older_sitemaps_too() -> None:
    answers = site().serve(
        f"{URL}?page=1", entries((f"{NEWS}/2019/05/31/may-release", "2019-06-01T11:00:00Z")), XML
    )
    reading = read(answers, back_to=datetime(2019, 6, 1, tzinfo=UTC))
    assert [row[0] for row in rows(reading.items)][-2:] == [
        "/2019/08/09/release-one",
        "/2019/05/31/may-release",
    ]
    assert reading.pages == 4


def test_a_route_whose_items_are_stand_ins_says_so() -> None:
    assert sitemap()[1].dated_by_document
    assert not sitemap(dated=True)[1].dated_by_document


# --- lastmod as publication time --------------------------------------------------------------------------


def test_a_dated_sitemap_is_read_newest_first_and_three_documents_beyond() -> None:
    body = entries(
        (f"{NEWS}/a", "2019-09-01T12:00:00Z"),
        (f"{NEWS}/c", "2019-09-05T12:00:00Z"),
        (f"{NEWS}/b", "2019-09-03"),
        (f"{NEWS}/older", "2019-08-30T12:00:00Z"),
        *((f"{NEWS}/old-{n}", f"2019-07-{9 - n:02}") for n in range(5)),
    )
    answers = Answers().serve(URL, body, XML)
    reading = read(answers, dated=True, back_to=datetime(2019, 9, 2, tzinfo=UTC))
    assert rows(reading.items) == [
        ("/c", "2019-09-05T08:00:00-04:00"),
        ("/b", "2019-09-03"),
        ("/a", "2019-09-01T08:00:00-04:00"),
        ("/older", "2019-08-30T08:00:00-04:00"),
        ("/old-0", "2019-07-09"),
    ]
    assert not reading.reached_end
    covered = listing_covers(
        [item.published for item in reading.items],
        read_at=NOW,
        lag=timedelta(0),
        longest_silence=timedelta(days=4),
        existed=EVER,
        reached_end=reading.reached_end,
    )
    assert isinstance(covered, CoveredInterval)
    assert covered.interval.from_at == datetime(2019, 8, 30, 12, 0, 1, tzinfo=UTC)


def test_dates_and_instants_of_one_day_are_all_kept() -> None:
    """At noon UTC the document of the day may still be newer than that of the morning."""
    noon = datetime(2019, 9, 5, 12, tzinfo=UTC)
    body = entries(
        *((f"{NEWS}/m{n}", f"2019-09-05T10:0{n}:00Z") for n in range(5)), (f"{NEWS}/day", "2019-09-05")
    )
    reading = read(Answers().serve(URL, body, XML), dated=True, back_to=noon)
    assert "/day" in [row[0] for row in rows(reading.items)]


def test_the_end_is_reached_where_everything_was_read_and_kept() -> None:
    body = entries(
        (f"{NEWS}/b", "2019-09-05"),
        (f"{NEWS}/a", "2019-09-01"),
        (f"{NEWS}/older", "2019-08-01"),
        *((f"{NEWS}/old-{n}", f"2019-02-0{9 - n}") for n in range(4)),
        (f"{NEWS}/old", "2019-01-01"),
    )
    ends = {
        day: read(
            Answers().serve(URL, body, XML), dated=True, back_to=datetime(2019, 1, day, tzinfo=UTC)
        ).reached_end
        for day in (1, 31)
    }
    assert ends == {1: True, 31: True}
    kept = read(Answers().serve(URL, body, XML), dated=True, back_to=datetime(2019, 9, 3, tzinfo=UTC))
    assert not kept.reached_end


def test_a_dated_entry_without_a_date_is_refused() -> None:
    error = refusal(entries((f"{NEWS}/a", "2019-09-01"), (f"{NEWS}/b", "")), dated=True)
    assert (error.kind, f"{NEWS}/b" in error.reason) == ("bad_item", True)


@pytest.mark.parametrize(("alike", "others", "refused"), [(11, 5, True), (10, 5, False), (11, 11, False)])
def test_one_second_for_most_documents_is_no_publication_time(alike: int, others: int, refused: bool) -> None:
    body = entries(
        *[(f"{NEWS}/same-{n}", "2019-09-05T12:00:00Z") for n in range(alike)],
        *[(f"{NEWS}/other-{n}", f"2019-09-04T{n:02}:00:00Z") for n in range(others)],
    )
    back_to = datetime(2019, 9, 1, tzinfo=UTC)
    if refused:
        assert refusal(body, dated=True, back_to=back_to).kind == "dates_alike"
    else:
        assert len(read(Answers().serve(URL, body, XML), dated=True, back_to=back_to).items) == alike + others


# --- conditional requests ---------------------------------------------------------------------------------


def test_a_sitemap_that_was_not_changed() -> None:
    source, route = sitemap()
    answers = Answers({URL: exchange_of(URL, b"", None, status=304)})
    assert read_sitemap(source, route, answers, ReadRequest(NOW, validators=Validators('"a"'))) == Unchanged()
    assert answers.validators == [Validators('"a"')]


def test_the_validators_of_an_index_are_not_kept() -> None:
    """An index may stay as it is while one of its sitemaps changes."""
    tagged = (("ETag", '"x"'),)
    index = site()
    index.pages[URL] = replace(index.pages[URL], headers=(*index.pages[URL].headers, *tagged))
    assert read(index).validators == Validators()
    single = Answers({URL: exchange_of(URL, entries((f"{NEWS}/a", "2019-09-05")), XML, headers=tagged)})
    assert read(single).validators == Validators('"x"')


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "not_a_sitemap"),
        (b"<rss><channel/></rss>", "not_a_sitemap"),
        (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "not_a_sitemap"),
        (f"{HEAD}<row/></urlset>".encode(), "not_a_sitemap"),
        ((PAGES / "sitemap_page_2.xml").read_bytes()[:900], "truncated"),
        (f"{HEAD}<url></url></urlset>".encode(), "bad_item"),
        (entries(("mailto:a@b.example", "2019-09-05")), "bad_item"),
        (entries((f"{NEWS}/a</loc><loc>{NEWS}/b", "2019-09-05")), "bad_item"),
        (entries((f"{NEWS}/a", "5 September 2019")), "bad_item"),
        (entries((f"{NEWS}/a", "2019")), "bad_item"),
        (entries((f"{NEWS}/a", "2019-09-20")), "future_date"),
        (entries(("https://www.agency.example/about", "2019-09-05")), "too_few_items"),
        (entries((f"{NEWS}/a", "2019-08-05")), "too_few_items"),
        (entries(*((f"{NEWS}/{n}", "2019-09-05") for n in range(5_001))), "too_many_items"),
        (HEAD.encode() + b"<url/>" * (MAX_ENTRIES + 1) + b"</urlset>", "too_large"),
        (entries((f"{NEWS}/a", "2019-09-05")) + b"\n" * MAX_BYTES, "too_large"),
        (HEAD.encode() + b"<a/>" * (MAX_TAGS + 1) + b"</urlset>", "too_large"),
    ],
)
def test_what_is_no_sitemap_of_this_route_is_named(body: bytes, kind: str) -> None:
    assert refusal(body).kind == kind


@pytest.mark.parametrize("body", [b"<!doctype html><html><body>News</body></html>", b"\n<html><body>News"])
def test_a_web_page_in_place_of_a_sitemap_is_named(body: bytes) -> None:
    with pytest.raises(Blocked) as caught:
        read(Answers().serve(URL, body, XML))
    assert caught.value.kind == "html_instead_of_sitemap"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "subset",
    ['<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">', '<!ENTITY a SYSTEM "file:///etc/passwd">', ""],
)
def test_entities_are_never_expanded(subset: str, encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE urlset [{subset}]>{HEAD}<url><loc>{NEWS}/&a;</loc></url></urlset>'
    assert refusal(body.encode(encoding)).kind == "not_a_sitemap"


def index_of(*urls: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'.encode()


def test_an_index_is_followed_on_its_own_host_only() -> None:
    assert refusal(index_of("https://elsewhere.example/sitemap.xml")).kind == "bad_next"


def test_an_index_with_more_sitemaps_than_may_be_read_is_not_read_in_part() -> None:
    urls = [f"{URL}?page={n}" for n in range(3)]
    assert refusal(index_of(*urls), max_pages=3).kind == "too_many_pages"


def test_an_index_within_an_index_is_refused() -> None:
    answers = Answers().serve(URL, index_of(f"{URL}?page=1"), XML)
    answers.serve(f"{URL}?page=1", index_of(f"{URL}?page=2"), XML)
    with pytest.raises(Unrecognised) as caught:
        read(answers)
    assert caught.value.kind == "not_a_sitemap"


def test_a_sitemap_that_does_not_come_fails_the_whole_reading() -> None:
    answers = site()
    del answers.pages[f"{URL}?page=3"]
    with pytest.raises(Unreachable):
        read(answers)


def test_the_registry_names_the_reader() -> None:
    assert READERS["sitemap"] is read_sitemap
