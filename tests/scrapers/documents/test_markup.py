"""Whether a response is a web page, and whether it is all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.answers import PAGES, exchange_of

from servanda.scrapers.documents.markup import html_of, starts_like_html
from servanda.scrapers.exchange import Unrecognised

URL = "https://www.agency.example/news/"


def kind_of(body: bytes, content_type: str | None = "text/html", **headers: str) -> str | None:
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    try:
        html_of(exchange_of(URL, body, content_type, headers=lines))
    except Unrecognised as error:
        return error.kind
    return None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.4 x", "text/html"),
        (b"\x89PNG\r\n", "text/html"),
        (b"\xff\xd8\xff\xe0", "text/html"),
        (b"GIF89a", None),
        (b"PK\x03\x04", "text/html"),
        (b'{"results": []}', "text/html"),
        (b' [{"id": 1}]', "text/html; charset=utf-8"),
        (b"{}", "text/html"),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', "text/html"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "text/html"),
        (b"<html></html>", "application/json"),
        (b"<html></html>", "application/pdf"),
        (b"<html></html>", "image/png"),
        (b"The statement", "text/plain"),
        (b"The statement", None),
        (b"<html></html>", "application/octet-stream"),
    ],
)
def test_another_type_is_named_by_its_bytes_or_its_header(body: bytes, content_type: str | None) -> None:
    assert kind_of(body, content_type) == "wrong_type"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<!doctype html><p>x", "text/html"),
        (b"<p>x</p>", "text/html; charset=utf-8"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html></html>", "application/xhtml+xml"),
        (b"[Translation] The statement", "text/html"),
        (b"{ title } of a careless template", "text/html"),
        (b"<html></html>", None),
        (b"\n<!-- cached --><html></html>", None),
        (b"", "text/html"),
    ],
)
def test_a_page_is_one(body: bytes, content_type: str | None) -> None:
    assert kind_of(body, content_type) is None


WHOLE = (
    b"<!DOCTYPE html><html><body><div><main><ul><li>One</li><li>Two</li></ul><p>The statement</p></main></div>"
    b"</body></html>"
)


@pytest.mark.parametrize("length", range(WHOLE.index(b"<body") + 1, len(WHOLE), 7))
def test_a_page_that_ends_early_is_truncated_where_no_length_was_stated(length: int) -> None:
    cut = WHOLE[:length]
    assert kind_of(cut) == (None if b"</body" in cut else "truncated")


@pytest.mark.parametrize("end", [b"<p>The st", b"</main", b"<li>Two", b"</div"])
@pytest.mark.parametrize("header", [{"Content_Length": "1"}, {"Transfer_Encoding": "Chunked"}])
def test_where_one_was_what_stands_open_shows_it(end: bytes, header: dict[str, str]) -> None:
    cut = WHOLE[: WHOLE.index(end) + len(end)]
    assert kind_of(cut, **header) == "truncated"


@pytest.mark.parametrize(
    "careless",
    [
        b"<html><body><div><p>The statement</div>",
        b"<html><body><p>The statement<p>Both parties",
        b"<body><div>a</div></div>The statement",
        b"<p>A fragment <div>",
        b"<html><body><divider>x<unknown>y",
        b"<html><body><div><ul></body>",
        b"<html><body><div></html>",
    ],
)
def test_a_careless_page_of_a_stated_length_is_whole(careless: bytes) -> None:
    assert kind_of(careless, Content_Length=str(len(careless))) is None


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.name)
def test_our_own_pages_are_whole(path: Path) -> None:
    assert kind_of(path.read_bytes()) is None


@pytest.mark.parametrize(
    ("body", "is_html"),
    [
        (b"<html>", True), (b"\xef\xbb\xbf <!DOCTYPE HTML PUBLIC>", True), (b"<!-- x --><html>", True), (b"<body>", True),
        (b"<rss>", False), (b"<?xml version='1.0'?><rss>", False), (b"<htmlish>", False), (b"x<html>", False), (b"", False),
    ],
)  # fmt: skip
def test_how_a_web_page_begins(body: bytes, is_html: bool) -> None:
    assert starts_like_html(body) is is_html
