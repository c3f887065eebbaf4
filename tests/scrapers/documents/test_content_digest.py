"""What changes a document's digest, and what does not."""

from __future__ import annotations

import hashlib

import pytest
from support.articles import COMUNICADO, STATEMENT, TITLE, read

from servanda.scrapers.documents.content_digest import digest_of


def digest(page: str, title: str = TITLE, content: str | None = None) -> str:
    return read(page, title, content=content).digest


def test_what_the_digest_covers_to_the_byte() -> None:
    lines = [
        "p: Office of the Spokesperson",
        "p: The two governments met on June 3 and agreed on the steps below, which follow the talks of 2018-11-29.",
        "h2: Enforcement",
        "p: One party will deploy its guard throughout its territory, giving priority to its southern border.",
        "p: In earlier meetings both sides affirmed their joint commitment to the region.",
        "li: Traffickers will be prosecuted.",
        "li: Information will be shared.",
        "th: Month",
        "th: Returned",
        "td: May",
        "td: 5,000",
        "p: Both parties will continue their discussions, to be completed and announced within 90 days, if necessary.",
    ]
    covered = "\n".join([TITLE, *lines]) + "\n"
    assert digest(STATEMENT) == hashlib.sha256(covered.encode()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("b7c1", "9f33"),
        ("Something else that was published", "Another thing that was published"),
        ('class="entry-content"', 'class="entry-content v2" data-time="9"'),
        ("</p>\n<p>The two", "</p>\n\n\n   <p>\n The two"),
        ("Office of the Spokesperson", "Office of <b>the</b>&nbsp;Spokesperson"),
        ("southern&#8203;", "southern"),
        ("<p>Office", "<!-- cached 12:30 --><p>Office"),
        ('<div class="entry-content">', '<div class="wrapper"><div class="entry-content">'),
        ("office of website management", "office of websites"),
        ("Media Note", "Statement"),
        ("<footer>", "<p>Cookies are used.</p><footer>"),
        ("<a>In earlier", '<a href="/moved/">In earlier'),
        ("</article>", '<input name="csrf" value="123"></article>'),
    ],
)
def test_what_is_not_the_document_leaves_the_digest_alone(old: str, new: str) -> None:
    assert old in STATEMENT
    assert digest(STATEMENT.replace(old, new, 1)) == digest(STATEMENT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("90 days", "45 days"),
        ("if necessary.", "if necessary"),
        ("<p>Office of the Spokesperson</p>", ""),
        ("<h2>Enforcement</h2>", "<p>Enforcement</p>"),
        ("5,000", "6,000"),
        ("Information will be shared.", "<del>Information will be shared.</del>"),
        ("prosecuted.</li><li>Information", "prosecuted. Information"),
        ("June 3 and", "June 3and"),
    ],
)
def test_what_the_document_says_changes_the_digest(old: str, new: str) -> None:
    changed = (
        STATEMENT.replace(old, new, 1) if old != "June 3 and" else STATEMENT.replace("3 and&nbsp;", "3 and")
    )
    assert changed != STATEMENT
    assert digest(changed) != digest(STATEMENT)


def test_the_title_is_part_of_the_digest() -> None:
    assert digest(STATEMENT, "Joint Declaration on Migration (corrected)") != digest(STATEMENT)


def test_a_teaser_is_not_taken_for_the_document() -> None:
    """A page's only ``article`` may be a box in the margin; the digest must cover the text all the same."""
    page = "<html><body><div><p>{}</p></div><article><p>Read also this.</p></article></body></html>"
    one, other = (page.format(f"The long text of the statement says {word}.") for word in ("yes", "no"))
    assert digest(one) != digest(other)


def test_a_page_inside_one_form_has_its_content() -> None:
    page = "<html><body><form><p>The text says {}.</p><input name='state' value='{}'></form></body></html>"
    assert digest(page.format("yes", 1)) != digest(page.format("no", 1))
    assert digest(page.format("yes", 1)) == digest(page.format("yes", 2))


def test_the_digest_of_a_named_part_covers_that_part() -> None:
    moved = COMUNICADO.replace("Compartir", "Comparte").replace("Inicio", "Home")
    changed = COMUNICADO.replace("noventa", "cuarenta")
    assert digest(moved, content=".article-body") == digest(COMUNICADO, content=".article-body")
    assert digest(changed, content=".article-body") != digest(COMUNICADO, content=".article-body")


def test_the_digest_of_plain_text_ignores_line_breaks() -> None:
    source_of = {"one": "A\nB.\n\nC.", "two": "A B.\r\n\r\n\r\nC.\n", "three": "A B. C."}
    digests = {name: read(body, content_type="text/plain").digest for name, body in source_of.items()}
    assert digests["one"] == digests["two"] != digests["three"]
    assert digests["one"] == digest_of(TITLE, ["p: A B.", "p: C."])
