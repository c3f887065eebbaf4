"""PDF documents, each written by hand: their text, and what is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pypdf
import pytest
from support.answers import exchange_of, source_with
from support.articles import text_of
from support.pdfs import encrypted, pdf_of, pdf_with

from servanda.instruments.routes import FeedOptions
from servanda.scrapers.documents.extract import read_article
from servanda.scrapers.documents.pdf import BOUNDS, LONGEST_PARAGRAPH, Bounds, read_pdf
from servanda.scrapers.exchange import Unrecognised
from servanda.scrapers.route_reading import Article

URL = "https://www.justice.example/eoir/page/file/1/download"
LINES = (
    "The two governments met in Washington and agreed on the steps below, which fol-",
    "low the talks of last November. Both will go on.",
    "Enforcement",
    "One party will deploy its guard throughout its territory, with priority to its sou-",
    "thern border (año 2019).",
)
PARAGRAPHS = (
    "The two governments met in Washington and agreed on the steps below, which follow the talks of last "
    "November. Both will go on.",
    "Enforcement",
    "One party will deploy its guard throughout its territory, with priority to its southern border (año 2019).",
)


def read(body: bytes, item_title: str = "Policy memorandum", **more: Any) -> Article:
    source, route = source_with(FeedOptions(platform="feed"), url=URL, language="en")
    content_type = more.pop("content_type", "application/pdf")
    return read_article(
        exchange_of(URL, body, content_type), route=route, source=source, item_title=item_title, **more
    )


def refusal(body: bytes, **more: Any) -> Unrecognised:
    with pytest.raises(Unrecognised) as caught:
        read(body, **more)
    return caught.value


def test_a_document_of_two_pages() -> None:
    body = pdf_of([LINES, ["Information will be shared."]], title="From the file")
    article = read(body)
    assert text_of(article).split("\n\n") == ["Policy memorandum", *PARAGRAPHS, "Information will be shared."]
    assert (article.title, article.language, article.published) == ("Policy memorandum", "en", None)
    assert article.extractor == f"pypdf {pypdf.__version__}"


def test_the_files_own_title_serves_where_the_item_has_none() -> None:
    assert read(pdf_of([LINES], title="From the file"), item_title="").title == "From the file"
    assert text_of(read(pdf_of([LINES]), item_title="")).split("\n\n") == list(PARAGRAPHS)


def test_the_digest_is_that_of_the_file() -> None:
    """A file that is replaced under its address is a new version, were its text the same."""
    one, other = pdf_of([LINES]), pdf_of([LINES], title="Corrected")
    assert read(one).digest == hashlib.sha256(one).hexdigest()
    assert read(one).text == read(other).text
    assert read(one).digest != read(other).digest


@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "text/html", None])
def test_a_pdf_is_known_by_its_first_bytes(content_type: str | None) -> None:
    assert text_of(read(pdf_of([LINES]), content_type=content_type)).endswith(PARAGRAPHS[-1])


def test_a_web_page_that_is_called_a_pdf_is_refused() -> None:
    assert refusal(b"<html><body><p>Please log in.</p></body></html>").kind == "wrong_type"


def test_page_numbers_at_the_edge_of_a_page_are_left_out_and_figures_within_stay() -> None:
    first = ["Page 1 of 2", *LINES[:2], "144278", "were apprehended in May."]
    second = ["They were returned.", "- 2 -"]
    assert text_of(read(pdf_of([first, second]))).split("\n\n")[1:] == [
        PARAGRAPHS[0],
        "144278",
        "were apprehended in May.",
        "They were returned.",
    ]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    assert text_of(read(pdf_of([LINES[:1], LINES[1:]]))).split("\n\n")[1:] == list(PARAGRAPHS)


def test_a_long_text_without_short_lines_is_divided_at_sentences() -> None:
    line = "Both sides affirmed their joint commitment to the region and to its people."
    paragraphs = text_of(read(pdf_of([[line] * 45] * 3))).split("\n\n")[1:]
    assert len(paragraphs) > 2
    assert all(p.endswith(line) and len(p) <= LONGEST_PARAGRAPH + 2 * len(line) for p in paragraphs)
    assert " ".join(paragraphs) == " ".join([line] * 135)


def test_a_file_that_opens_without_a_password_is_read() -> None:
    assert text_of(read(encrypted(pdf_of([LINES]), ""))).endswith(PARAGRAPHS[-1])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(encrypted(pdf_of([LINES]), "secret"), "encrypted", id="a password"),
        pytest.param(b"%PDF-1.7\n", "bad_pdf", id="a head alone"),
        pytest.param(pdf_of([LINES])[:400], "bad_pdf", id="half a file"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 40, "bad_pdf", id="noise"),
        pytest.param(pdf_with([b"[" * 100_000]), "bad_pdf", id="endless nesting"),
        pytest.param(pdf_of([[]]), "no_main_text", id="no text"),
        pytest.param(pdf_with([b"q Q\n" * 10], resources=b"/XObject << >>"), "no_main_text", id="a drawing"),
        pytest.param(pdf_of([["x"]] * (BOUNDS.pages + 1)), "too_large", id="too many pages"),
        pytest.param(pdf_with([b" " * 50_000_000]), "too_large", id="a decompression bomb"),
        pytest.param(pdf_of([LINES]) + b"\n" * BOUNDS.file_bytes, "too_large", id="too many bytes"),
    ],
)
def test_what_cannot_be_read_is_named(body: bytes, kind: str) -> None:
    assert refusal(body).kind == kind


@pytest.mark.parametrize(
    ("bounds", "reason", "contents"),
    [
        ({"operations": 20}, "20 drawing operations", [b"q Q\n" * 5] * 5),
        ({"forms": 3}, "3 images", [b"/X Do\n" * 2] * 2),
        ({"drawn_bytes": 100}, "100 bytes of drawing", [b"q Q\n" * 10] * 3),
        ({"chars": 100}, "100 characters", [b"BT /F1 11 Tf (" + b"a" * 60 + b") Tj ET"] * 2),
    ],
)
def test_what_all_pages_cost_together_is_bounded(
    bounds: dict[str, int], reason: str, contents: list[bytes]
) -> None:
    with pytest.raises(Unrecognised) as caught:
        read_pdf(exchange_of(URL, pdf_with(contents)), bounds=Bounds(**bounds))
    assert caught.value.kind == "too_large"
    assert f"more than {reason}" in caught.value.reason


@pytest.mark.slow
def test_words_that_are_divided_without_end_take_no_time() -> None:
    drawn = b"BT /F1 11 Tf 12 TL " + b"(a-) Tj T* " * 20_000 + b"ET"
    paragraphs = read_pdf(exchange_of(URL, pdf_with([drawn] * 5))).paragraphs
    assert max(map(len, paragraphs)) <= 4 * LONGEST_PARAGRAPH


def test_a_text_longer_than_asked_for_is_refused() -> None:
    assert refusal(pdf_of([LINES]), max_chars=100).kind == "too_long"


def test_three_hundred_pages_of_print_are_within_the_bounds() -> None:
    body = pdf_of([["Both sides affirmed their commitment to the region."] * 45] * BOUNDS.pages)
    assert len(read_pdf(exchange_of(URL, body)).paragraphs) > 100


def test_nothing_that_a_file_says_of_itself_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    refusal(b"%PDF-1.7\n" + b"1 0 obj\n<< /Type /Catalog\n" * 50)
    assert caplog.records == []
