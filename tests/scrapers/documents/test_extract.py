"""The main text, the digest and the stated date of a document's page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import trafilatura
from support.articles import COMUNICADO, STATEMENT, TITLE, URL, page_of, read, refusal, text_of

from servanda.compliance.publication import PublicationTime
from servanda.scrapers.documents.page_facts import MAX_ELEMENTS, is_placeholder

# --- the text -----------------------------------------------------------------------------------------


def test_the_text_of_a_statement() -> None:
    article = read(STATEMENT)
    assert text_of(article).split("\n\n") == [
        "Joint Declaration on Migration",
        "June 7, 2019",
        "Office of the Spokesperson",
        "The two governments met on June 3 and agreed on the steps below, which follow the talks of 2018-11-29.",
        "Enforcement",
        "One party will deploy its guard throughout its territory, giving priority to its southern border.",
        "In earlier meetings both sides affirmed their joint commitment to the region.",
        "- Traffickers will be prosecuted.",
        "- Information will be shared.",
        "| Month | Returned |",
        "| May | 5,000 |",
        "Both parties will continue their discussions, to be completed and announced within 90 days, if necessary.",
    ]
    assert (article.title, article.language) == (TITLE, "en")
    assert article.extractor == f"trafilatura {trafilatura.__version__}"


def test_the_text_of_a_comunicado_with_its_part_named() -> None:
    title = "Comunicado 241. Informe de los 90 días"
    article = read(COMUNICADO, title, content=".article-body", language="es", zone="America/Mexico_City")
    assert text_of(article).split("\n\n") == [
        title,
        "El canciller presentó hoy el informe de los noventa días del acuerdo migratorio y dijo que el flujo ha"
        " disminuido.",
        "El informe señala que se han desplegado elementos de la guardia en la frontera sur y en la frontera norte.",
        "El acuerdo complementario puede consultarse en el documento que acompaña a este comunicado.",
    ]
    assert article.language == "es"


def test_a_paragraph_that_is_all_link_is_text() -> None:
    """Editors leave links, some without a target, around whole sentences; an extractor takes them for menus."""
    sentence = "We affirmed our joint commitment to strengthening the alliance and bringing peace."
    for link in (f"<a>{sentence}</a>", f'<a href="/x/">{sentence}</a>'):
        page = page_of(f"<h1>T</h1><p>First paragraph of the text.</p><p>{link}</p>")
        assert sentence in text_of(read(page))


def test_a_heading_that_repeats_the_title_is_not_repeated() -> None:
    article = read(page_of(f"<h1>{TITLE}</h1><p>The text of the declaration follows here.</p>"))
    assert article.text == f"{TITLE}\n\nThe text of the declaration follows here."


def test_invisible_characters_are_removed_and_letters_composed() -> None:
    article = read(
        page_of("<p>Migracio\u0301n\u200b y\u00a0desa\u00adrrollo\u2060 en la \u202eregi\u00f3n&#1;.</p>")
    )
    assert text_of(article).endswith("Migración y desarrollo en la región.")


@pytest.mark.parametrize(
    ("item_title", "page", "title"),
    [
        ("  From the\u00a0item ", page_of("<h1>From the heading</h1><p>Text.</p>"), "From the item"),
        (
            "",
            page_of("<h1>From the <em>heading</em></h1><p>Text.</p>", "<title>Site</title>"),
            "From the heading",
        ),
        (
            "",
            page_of("<p>Text.</p>", '<meta property="og:title" content="From og"><title>T</title>'),
            "From og",
        ),
        ("", page_of("<h1>A</h1><h1>B</h1><p>Text.</p>", "<title>From title</title>"), "From title"),
    ],
)
def test_the_title_is_the_items_or_else_the_pages_own(item_title: str, page: str, title: str) -> None:
    article = read(page, item_title)
    assert (article.title, text_of(article).partition("\n\n")[0]) == (title, title)


@pytest.mark.parametrize(
    ("lang", "source_language", "language"),
    [("en-US", "es", "en"), ("es-MX", "en", "es"), ("ES", "en", "es"), ("fr", "en", "en"), ("", "es", "es")],
)
def test_the_language_is_the_pages_where_it_is_one_of_ours(
    lang: str, source_language: str, language: str
) -> None:
    assert read(page_of("<p>Some text.</p>", lang=lang), language=source_language).language == language


def test_plain_text() -> None:
    body = f"{TITLE}\r\n\r\nThe two governments\r\nagreed.\r\n\r\n\r\n  Nothing else. \r\n"
    article = read(body, content_type="text/plain")
    assert article.text == f"{TITLE}\n\nThe two governments agreed.\n\nNothing else."
    assert (article.extractor, article.published) == ("plain text", None)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>Migración.</p>".encode("iso-8859-1"), "text/html; charset=ISO-8859-1"),
        ("<p>Migración.</p>".encode("windows-1252"), "text/html"),
        ('<meta charset="iso-8859-15"><p>Migración.</p>'.encode("iso-8859-15"), "text/html"),
        ("<p>Migración.</p>".encode(), "text/html"),
        ("<p>Migración.</p>".encode(), "text/html; charset=unknown"),
        ("<p>Migración.</p>".encode(), "text/html; charset=us-ascii"),
        ("\ufeff<p>Migración.</p>".encode("utf-8"), "text/html; charset=iso-8859-1"),
        ("<p>Migración.</p>".encode(), "text/html; charset=iso-8859-1"),
        ('<meta charset="utf-16"><p>Migración.</p>'.encode(), "text/html"),
        ("<p>Migración.</p>".encode("utf-16"), "text/html"),
        ("Migración.".encode("windows-1252"), "text/plain"),
        ("<!doctype html><p>Migración.</p>".encode(), None),
        (
            '<?xml version="1.0" encoding="utf-8"?><html><body><p>Migración.</p></body></html>'.encode(),
            "application/xhtml+xml",
        ),
    ],
)
def test_encodings(body: bytes, content_type: str | None) -> None:
    assert text_of(read(body, content_type=content_type)).endswith("\n\nMigración.")


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ['<meta charset="utf-8">', ""])
def test_a_stray_byte_costs_that_byte_and_nothing_else(declared: str) -> None:
    words = f"{declared}<p>Anunciaron una acción adicional, según @hoy@ la cancillería.</p>"
    body = words.encode().replace(b"@", b"\x93")
    text = read(body, content_type="text/html").text
    assert text is not None
    assert "una acción adicional, según \ufffdhoy\ufffd la cancillería" in text


@pytest.mark.parametrize(
    ("markup", "drawn"),
    [
        ("re\ufb02exión", "reflexión"),
        ("ＭＰＰ", "MPP"),
        ("accio\u00adnes\u200b adi\u2060cionales", "acciones adicionales"),
        ("acciones\u00a0adicionales\u00b9 hoy", "acciones adicionales hoy"),
        ("acciones adicionales<sup>12</sup> hoy", "acciones adicionales hoy"),
        ("25 km<sup>2</sup> hoy", "25 km2 hoy"),
    ],
)
def test_characters_are_drawn_as_they_are_searched(markup: str, drawn: str) -> None:
    text = read(f"<main><p>Hubo {markup}.</p></main>".encode(), content_type="text/html").text
    assert text is not None and f"Hubo {drawn}." in text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b"<p>x</p>", "application/octet-stream"),
        (b"", None),
    ],
)
def test_what_is_not_html(body: bytes, content_type: str | None) -> None:
    assert refusal(body, content_type) == "wrong_type"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        page_of(""),
        page_of(f"<h1>{TITLE}</h1>"),
        page_of("<p> &nbsp;&#8203; </p>"),
        page_of("<script>var text = 'not a text';</script>"),
        "<html><body><nav><ul><li><a href='/a'>About</a></li></ul></nav><footer>Footer</footer></body></html>",
    ],
)
def test_a_page_without_main_text(page: str) -> None:
    assert refusal(page) == "no_main_text"


@pytest.mark.parametrize(
    "heading", ["Page not found", "404", "Error 404: nothing here", "Página no encontrada"]
)
def test_a_page_that_says_it_is_not_there(heading: str) -> None:
    page = page_of(f"<h1>{heading}</h1><p>Try searching for what you were looking for, or go back home.</p>")
    assert refusal(page) == "not_found"
    assert read(page, heading).title == heading


@pytest.mark.parametrize("count", [0, 2])
def test_a_named_part_must_be_there_once(count: int) -> None:
    page = page_of('<div class="part"><p>Some text.</p></div>' * count + "<p>Other text.</p>")
    assert refusal(page, content=".part") == "bad_content"


def test_a_page_that_would_take_too_long_is_refused() -> None:
    assert refusal("<html>" + " " * 5_000_000) == "too_large"
    assert refusal("<html>" + "<p>a" * MAX_ELEMENTS + "</html>") == "too_large"
    assert refusal("<html>" + "<div>" * 200_000) == "too_large"
    assert refusal(" " * 5_000_001, "text/plain") == "too_large"


def test_a_text_is_never_cut() -> None:
    page = page_of("<p>One two three four five.</p>")
    length = len(text_of(read(page)))
    assert len(text_of(read(page, max_chars=length))) == length
    assert refusal(page, max_chars=length - 1) == "too_long"


def test_two_megabytes_of_one_page_are_read() -> None:
    image = "A" * 1_900_000
    paragraphs = "".join(
        f"<p>Paragraph {n} of a rather long declaration on several subjects.</p>" for n in range(1_500)
    )
    article = read(page_of(f'<img src="data:image/png;base64,{image}">{paragraphs}'))
    assert text_of(article).count("\n\n") == 1_500


# --- the date -----------------------------------------------------------------------------------------


def test_the_date_is_what_the_page_states_in_its_metadata() -> None:
    published = read(STATEMENT).published
    assert published == PublicationTime.instant(
        datetime(2019, 6, 8, 0, 35, 12, tzinfo=UTC), "America/New_York"
    )
    assert published.civil_on == date(2019, 6, 7)


@pytest.mark.parametrize(
    ("head", "main", "url", "on"),
    [
        ('<meta property="article:published_time" content="2019-06-07">', "", URL, "2019-06-07"),
        ('<meta name="date" content="2019-06-07">', "", URL, "2019-06-07"),
        ("", '<time datetime="2019-06-07">June 7, 2019</time>', URL, "2019-06-07"),
        ("", "", "https://www.external.example/2019/06/07/a-statement/", "2019-06-07"),
        (
            "",
            "",
            "https://web.archive.org/web/20190609111213/https://www.external.example/a-statement/",
            None,
        ),
        ('<meta property="article:published_time" content="2031-06-07">', "", URL, None),
        ('<meta property="article:published_time" content="1931-06-07">', "", URL, None),
        ("", '<p class="publish-date">June 7, 2019</p>', URL, "2019-06-07"),
        ("", "<p>As agreed on 3 May 2018, and again on 2019-02-03, both met.</p>", URL, None),
        ("", "<ul><li>2019-02-03: both met.</li></ul><table><tr><td>2019-02-04</td></tr></table>", URL, None),
    ],
)
def test_the_date_is_bounded_and_never_taken_from_the_running_text(
    head: str, main: str, url: str, on: str | None
) -> None:
    page = page_of(f"{main}<p>The text of the statement.</p>", head)
    published = read(page, url=url, dated=True).published
    assert (None if published is None else str(published)) == on


def test_a_date_is_sought_only_where_the_documents_must_date_themselves() -> None:
    page = page_of("<p>The text of the statement.</p>", '<meta name="date" content="2019-06-07">')
    assert read(page).published is None
    assert read(page, dated=True).published == PublicationTime.day(date(2019, 6, 7), "America/New_York")


@pytest.mark.parametrize(
    ("lines", "is_one"),
    [
        (["h1: T", "p: Loading…"], True),
        (["p: Please wait ..."], True),
        (["p: Cargando… Espere…"], True),
        (["h1: T"], True),
        ([], True),
        (["h1: T", "p: Loading of the ships went on."], False),
        (["p: Loading…", "p: The parties agreed."], False),
    ],
)
def test_a_part_that_is_still_to_be_filled_is_no_text(lines: list[str], is_one: bool) -> None:
    assert is_placeholder(lines, "T") is is_one
