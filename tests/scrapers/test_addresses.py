"""Addresses: absolute, out of the archive, and as identity."""

from __future__ import annotations

import pytest

from servanda.scrapers.addresses import absolute, archive_prefix, document_aliases, normalised, unwrap_archive

ORIGINAL = "https://www.whitehouse.gov/news/"


@pytest.mark.parametrize(
    ("url", "original"),
    [
        (f"https://web.archive.org/web/20251103152519/{ORIGINAL}", ORIGINAL),
        (f"http://web.archive.org/web/20251103152519id_/{ORIGINAL}", ORIGINAL),
        (f"https://web.archive.org/web/2025/{ORIGINAL}", ORIGINAL),
        ("https://web.archive.org/web/20251103152519/https:/www.whitehouse.gov/news/", ORIGINAL),
        (
            "https://web.archive.org/web/2019/http://a.example/?u=https://b.example/",
            "http://a.example/?u=https://b.example/",
        ),
        (
            "https://web.archive.org/web/*/https://www.whitehouse.gov/",
            "https://web.archive.org/web/*/https://www.whitehouse.gov/",
        ),
        (
            "https://archive.example/web/2019/https://a.example/",
            "https://archive.example/web/2019/https://a.example/",
        ),
        (ORIGINAL, ORIGINAL),
    ],
)
def test_playback_addresses_are_unwrapped(url: str, original: str) -> None:
    assert unwrap_archive(url) == original
    assert bool(archive_prefix(url)) is (url != original)
    assert url.startswith(archive_prefix(url))


@pytest.mark.parametrize(
    ("link", "page", "address"),
    [
        ("/a/b/", "https://x.example/news/", "https://x.example/a/b/"),
        ("b/?c=1", "https://x.example/news/", "https://x.example/news/b/?c=1"),
        ("//y.example/a", "https://x.example/", "https://y.example/a"),
        (" https://y.example/a\n", "https://x.example/", "https://y.example/a"),
        ("https://y.example/a\n/b", "https://x.example/", "https://y.example/a/b"),
        ("/a/", f"https://web.archive.org/web/2019id_/{ORIGINAL}", "https://www.whitehouse.gov/a/"),
        (
            "/web/2019/https://y.example/a",
            f"https://web.archive.org/web/2019/{ORIGINAL}",
            "https://y.example/a",
        ),
        ("/web/guides/", "https://x.example/", "https://x.example/web/guides/"),
        ("//web.archive.org/web/2019/http://y.example/a", ORIGINAL, "http://y.example/a"),
        ("HTTPS://Y.example/A", "https://x.example/", "https://Y.example/A"),
    ],
)
def test_links_are_made_absolute(link: str, page: str, address: str) -> None:
    assert absolute(link, page) == address


@pytest.mark.parametrize(
    "link",
    ["", " ", "#", "#top", "javascript:alert(1)", "mailto:a@b.example", "data:text/html,x", "file:///etc/passwd",
     "https://", "https://[x", "https://x.example:99999/", "https://x.example:0/", "https://x.example/a b",
     "https://x.example/" + "a" * 2_000],
)  # fmt: skip
def test_what_names_no_document(link: str) -> None:
    assert absolute(link, "https://x.example/news/") is None


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("HTTPS://WWW.Gob.MX/sre/prensa/a-b?idiom=es", "https://www.gob.mx/sre/prensa/a-b"),
        ("https://x.example:443/A?b=2&a=1#top", "https://x.example/A?a=1&b=2"),
        ("http://x.example:80/", "http://x.example/"),
        ("http://x.example:8080", "http://x.example:8080/"),
        ("https://user:secret@x.example/a", "https://x.example/a"),
        (
            "https://x.example/a?utm_source=feed&UTM_Medium=b&fbclid=1&page_id=7",
            "https://x.example/a?page_id=7",
        ),
        ("https://x.example/a?q=&p=%C3%A1", "https://x.example/a?p=%C3%A1&q="),
        (f"https://web.archive.org/web/2019/{ORIGINAL}", ORIGINAL),
        ("https://x.example/reuni%c3%b3n/%7Eone", "https://x.example/reuni%C3%B3n/~one"),
        ("https://x.example/reunión", "https://x.example/reuni%C3%B3n"),
        ("https://x.example/a%2fb/50%25", "https://x.example/a%2Fb/50%25"),
        ("https://x.example/a;jsessionid=0A1?n=1", "https://x.example/a?n=1"),
        ("https://x.example/a;v=1/b", "https://x.example/a;v=1/b"),
        (
            "https://x.example/a?n=1&PHPSESSID=9&JSESSIONID=8&CFID=6&CFTOKEN=5",
            "https://x.example/a?n=1",
        ),
        ("https://x.example/a?_=1571234567890&nocache=0.8412&cb=774411&n=1", "https://x.example/a?n=1"),
        ("https://x.example/a?cb=77&_=3&nocache=1", "https://x.example/a?_=3&cb=77&nocache=1"),
        ("https://x.example/a?t=1571234567&n=1", "https://x.example/a?n=1"),
        ("https://x.example/a?n=1&sid=0f3a9c27d4e15b86", "https://x.example/a?n=1"),
        ("https://x.example/story.php?sid=4711", "https://x.example/story.php?sid=4711"),
        ("https://x.example/debates?session_id=45", "https://x.example/debates?session_id=45"),
        ("https://x.example/nota.php?t=1571234567", "https://x.example/nota.php?t=1571234567"),
        ("https://x.example/nota.php?t=1571234567&id=7", "https://x.example/nota.php?id=7"),
        ("https://x.example/a?n=1&cb=774411&nocache=0.8412", "https://x.example/a?n=1"),
        ("https://x.example/a?t=3&v=2019&side=1&idea=2", "https://x.example/a?idea=2&side=1&t=3&v=2019"),
    ],
)
def test_an_address_as_identity(url: str, identity: str) -> None:
    assert normalised(url) == identity
    assert normalised(identity) == identity


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://www.state.gov/yemen-national-day/", "/yemen-national-day/"),
        ("https://2017-2021.state.gov/yemen-national-day/", "/yemen-national-day/"),
        ("https://x.example/opa/pr/some-release.html", "/opa/pr/some-release.html"),
        ("https://x.example/prensa/reuni%C3%B3n-de-trabajo", "/prensa/reuni%C3%B3n-de-trabajo"),
        ("https://x.example/", None),
        ("https://x.example/news/", None),
        ("https://x.example/fact-sheets/2025/10/28195/", None),
        ("https://x.example/2019-07-22/", None),
        ("https://x.example/read-more?id=7", None),
        ("https://x.example/read-more?utm_source=feed", "/read-more"),
        ("https://www.state.gov/?page_id=245633", None),
    ],
)
def test_a_path_is_an_alias_where_it_alone_names_a_document(url: str, path: str | None) -> None:
    aliases = document_aliases(url)
    assert [value for scheme, value in aliases if scheme == "path"] == ([path] if path else [])
    assert aliases[0] == ("url", normalised(url))


def test_what_a_publisher_numbers_comes_first() -> None:
    extra = (("fr", "2019-15246"), ("guid", "x"))
    assert document_aliases("https://x.example/a-b", extra) == (
        *extra,
        ("url", "https://x.example/a-b"),
        ("path", "/a-b"),
    )


def test_a_document_is_known_by_its_address_as_it_was_written_before() -> None:
    aliases = document_aliases("https://x.example/n/%c3%b3;jsessionid=1?n=2")
    assert aliases == (
        ("url", "https://x.example/n/%C3%B3?n=2"),
        ("url", "https://x.example/n/%c3%b3;jsessionid=1?n=2"),
    )
