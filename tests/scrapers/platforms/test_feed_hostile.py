"""What is not a feed, and what would like to be more than one."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.feeds import ITEM, feed_of, read, refusal


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"   \n", id="blanks"),
        pytest.param(b'{"items": []}', id="JSON"),
        pytest.param(b"%PDF-1.4 <a>", id="a PDF"),
        pytest.param(
            b'<?xml version="1.0"?><urlset><url><loc>https://a.example/</loc></url></urlset>', id="a sitemap"
        ),
        pytest.param(
            b'<?xml version="1.0"?><rss version="2.0"><channel><title>cut', id="cut before its first item"
        ),
        pytest.param(b"\n" * 200_000 + b'<rss version="2.0"/>', id="a long head"),
        pytest.param(b"\n<!DOCTYPE" * 2_000 + feed_of(ITEM, head=""), id="a head of declarations"),
    ],
)
def test_what_is_not_a_feed(body: bytes) -> None:
    assert refusal(body).kind == "not_a_feed"


def test_a_body_that_names_a_file_does_not_open_it(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.write_bytes(feed_of(ITEM))
    assert refusal(str(feed).encode(), None).kind == "not_a_feed"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param(f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>', id="a billion laughs"),
        pytest.param(
            '<!DOCTYPE rss [\n<!ENTITY l9 SYSTEM "file:///etc/passwd">\n]>', id="an external entity"
        ),
        pytest.param(
            '<!DOCTYPE rss [\n<!ENTITY % d SYSTEM "http://127.0.0.1:9/d.dtd">%d;]>', id="an external DTD"
        ),
        pytest.param('<!DOCTYPE rss [<!ENTITY l9 "harmless">]>', id="a harmless entity"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(doctype: str, encoding: str) -> None:
    feed = f'{doctype}<rss version="2.0"><channel><item><title>&l9;</title></item></channel></rss>'
    error = refusal(f'<?xml version="1.0" encoding="{encoding}"?>{feed}'.encode(encoding))
    assert (error.kind, "declares entities" in error.reason) == ("not_a_feed", True)


def test_a_quarter_of_a_million_declarations_are_refused_at_once() -> None:
    assert refusal(b"<!ENTITY x\n" * 250_000 + b"<rss/>").kind == "not_a_feed"


def test_a_doctype_without_entities_is_harmless() -> None:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'
    )
    assert len(read(feed_of(ITEM, head=f'<?xml version="1.0"?>\n{doctype}\n')).items) == 1
