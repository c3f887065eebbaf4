"""What shows that a page is the listed document: read as a job reads it, and held against its listing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.answers import exchange_of, source_with
from support.articles import AT, FEED, read

from servanda.compliance.document_doubts import find_doubts
from servanda.compliance.publication import PublicationTime
from servanda.scrapers.documents.extract import read_article
from servanda.scrapers.documents.page_evidence import how_it_is_cut, slug_words
from servanda.scrapers.route_reading import Article

URL = "https://www.agency.example/press/4711/"
TITLE = "Secretary Meets Mexican Foreign Minister on Border Measures"
LISTED = PublicationTime.instant(datetime(2019, 6, 8, 16, tzinfo=UTC), "America/New_York")
SAID = (
    "The Secretary of State met today with his colleague and discussed what both countries have done since June "
    "to reduce the number of those who come without papers, as the two sides had agreed.",
    "Both officials said that the work of the past weeks has shown results, and that the two governments would "
    "go on with it at the common frontier in the coming months, with more staff than before.",
    "The Department will publish the text of the understandings on its site, together with the dates of the next "
    "meetings and the names of the officials who are to attend them.",
    "The Secretary thanked his colleague for the hospitality that was shown to the delegation and looked forward "
    "to the next round of talks in the capital in the autumn.",
    "The two delegations will be led by the deputies of both ministers, and each of them will report to its own "
    "congress before the end of the year, as the laws of both countries ask.",
)
"""Of 34, 36, 27, 26 and 30 words."""

SHORT_NOTICE = (
    "The spokesperson will brief the press at two in the afternoon on the border measures on Monday."
)
OTHER = "Minister Opens New Embassy in Vilnius"


def page(
    *paragraphs: str,
    title: str = TITLE,
    heading: str = TITLE,
    head: str = "",
    before: str = "",
    after: str = "",
) -> str:
    h1 = f"<h1>{heading}</h1>" if heading else ""
    text = "".join(p if p.startswith("<") else f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body>{before}"
        f"<main>{h1}{text}</main>{after}</body></html>"
    )


def doubts(article: Article, answered: str = URL) -> list[str]:
    found = find_doubts(article.facts, addresses=(URL, answered), listed=LISTED, stated=article.published)
    return [doubt.kind for doubt in found]


def doubts_of(markup: str, title: str = TITLE) -> list[str]:
    return doubts(read(markup, title, url=URL))


# --- the page in the document's place ---------------------------------------------------------------------

EXPIRED = (
    "Your session has expired because of inactivity. Please go back to the home page and sign in again to go on "
    "with your search of the publications of this site."
)
VENCIDA = (
    "Su sesión ha expirado por inactividad. Por favor vuelva a ingresar al portal desde la página de inicio para "
    "seguir con la consulta de las publicaciones del sitio."
)
FINDINGS = "".join(
    f'<p><a href="/press/{n}">{title}</a></p>'
    for n, title in enumerate(
        (OTHER, "Ambassador Visits a School in Lithuania", "Consular Hours Change in the Summer")
    )
)
ROWS_OF_TEASERS = "".join(
    f"<div><h3>{title}</h3><p>{SAID[n % 5]}</p></div>"
    for n, title in enumerate((TITLE, OTHER, "A Visit", "On Chess", "A School Opens", "Maps"))
)
TEASERS = "".join(
    f'<div><h2><a href="/press/{n}">{title}</a></h2><p>{SAID[n]}</p></div>'
    for n, title in enumerate((TITLE, OTHER, "Ambassador Visits a School"))
)
RELATED = f'<h2>More</h2><ul><li><a href="/press/4711-b">{TITLE}</a></li></ul>'


def other(*parts: str, head: str = "", before: str = "", after: str = "") -> str:
    return page(*parts, title=OTHER, heading=OTHER, head=head, before=before, after=after)


IN_ITS_PLACE = [
    (page(EXPIRED, title="Session expired", heading="Session expired"), "an expired session"),
    (page(VENCIDA, title="Sesión expirada", heading="Sesión expirada"), "the same in Spanish"),
    (page(EXPIRED, title="Agency", heading=""), "the same without a heading"),
    (page("We are busy. Please try again in a few minutes, or write to the webmaster of the department.",
          title="Sorry", heading="Sorry"), "a site that is overrun"),
    (page("Con motivo del proceso electoral este sitio suspende la difusión de sus comunicados hasta la jornada.",
          title="Aviso", heading="Aviso"), "a site that is silent before an election"),
    (other(*SAID), "another release"),
    (page(TEASERS, title="Newsroom", heading="Newsroom"), "the home page, where the title is a link"),
    (page(f"<p>Measures: results for “{TITLE}”</p>", FINDINGS, title="Search", heading="Search"), "a search for it"),
    (page(ROWS_OF_TEASERS, title="Newsroom", heading="Newsroom"), "a listing whose headings lead nowhere"),
    (page(f'<ul><li><a href="/press/4711-b">{TITLE}</a></li></ul>', SAID[0], title="Welcome", heading="Welcome"),
     "a home page with a list"),
    (other(*SAID, RELATED), "another release that links to it"),
    (other(*SAID, f'<p>Next: <a href="/press/4711-b">{TITLE}</a></p>'), "another release beside which it is next"),
    (other(*SAID, f'<a href="/press/4711-b"><h3>{TITLE}</h3><p>More</p></a>'), "a card around its title"),
    (other(*SAID, before=f"<nav><p>{TITLE}</p></nav>"), "its title in furniture"),
    (other(*SAID, after=f"<script>var next = '{TITLE}';</script>"), "its title in a script"),
    (other(*SAID, f"<!-- {TITLE} -->"), "its title in a comment"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "why"), IN_ITS_PLACE, ids=[why for _, why in IN_ITS_PLACE])
def test_a_page_in_the_documents_place_is_doubtful(markup: str, why: str) -> None:
    assert "other_page" in doubts_of(markup), why


NAMED = [
    (page(*SAID), "a heading and a title"),
    (page(*SAID, heading="Press Releases"), "the title alone, under the heading of the section"),
    (page(*SAID, title="Agency"), "a heading alone"),
    (page(*SAID, title=f"{TITLE} - Agency", heading=""), "the title, with the name of the site"),
    (page(*SAID, title="Agency", heading="", head=f'<meta property="og:title" content="{TITLE}">'), "og:title"),
    (page(*SAID, title="Agency", heading="", head=f'<meta name="DC.title" content="{TITLE}">'), "Dublin Core"),
    (page(*SAID, title="Agency", heading="", head='<script type="application/ld+json">{"@type": "NewsArticle", '
          f'"headline": "{TITLE}"}}</script>'), "a headline for machines"),
    (page(f"<h2>{TITLE}</h2>", *SAID, title="Agency", heading="Press Releases"), "a second heading"),
    (page(f"<h3>{TITLE}</h3>", *SAID, title="Agency", heading="Press Releases"), "a third one"),
    (page(*SAID, title="Agency", heading=f'<a href="{URL}">{TITLE}</a>'), "a heading that leads to itself"),
    (page(*SAID, title="Agency", heading=TITLE.upper()), "capitals"),
    (page(*SAID, title="Agency", heading=TITLE.replace(" ", " <br>")), "a heading on several lines"),
    (page(*SAID, title="Agency", heading=TITLE.replace("Secretary", "Sec\u00adre\u00adtary")), "soft hyphens"),
    (page(f"<h4>{TITLE}</h4>", *SAID, title="Agency", heading="Press Releases"), "a small heading is text"),
    (page(f"<p><strong>{TITLE}</strong></p>", *SAID, title="Agency", heading=""), "a bold paragraph"),
    (page(f"<div class='title'>{TITLE}</div>", *SAID, title="Agency", heading=""), "a division"),
    (page(f"Media note: {TITLE}.", *SAID, title="Agency", heading=""), "a first paragraph"),
    (page(*SAID, RELATED), "its own title, and links to it"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "why"), NAMED, ids=[why for _, why in NAMED])
def test_a_page_that_shows_the_title_is_the_document(markup: str, why: str) -> None:
    assert doubts_of(markup) == [], why


BY_ADDRESS = [
    (
        "https://www.agency.example/news/border-measures-announced/",
        "Border measures announced",
        [],
        "its words",
    ),
    ("https://www.agency.example/news/border-measures-announced/", OTHER, ["other_page"], "other words"),
    ("https://www.agency.example/news/4711/", OTHER, [], "a number names nothing"),
    ("https://www.agency.example/news/border/", OTHER, [], "one word names too little"),
]


@pytest.mark.parametrize(("url", "heading", "found", "why"), BY_ADDRESS, ids=[c[-1] for c in BY_ADDRESS])
def test_without_a_listed_title_the_address_stands_for_it(
    url: str, heading: str, found: list[str], why: str
) -> None:
    article = read(page(*SAID, title=heading, heading=heading), "", url=url)
    stated = find_doubts(article.facts, addresses=(url, url), listed=LISTED, stated=None)
    assert [doubt.kind for doubt in stated] == found, why


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a.example/news/border-measures-announced/", "border measures announced"),
        (
            "https://a.example/2019/06/Comunicado_conjunto_migratorio.html?x=1",
            "Comunicado conjunto migratorio",
        ),
        ("https://a.example/declaraci%C3%B3n-conjunta", ""),
        ("https://a.example/no-8-a-la-sre-mx", ""),
        ("https://a.example/4711", ""),
        ("https://a.example/", ""),
    ],
)
def test_the_words_of_an_address(url: str, words: str) -> None:
    assert slug_words(url) == words


# --- addresses and dates ----------------------------------------------------------------------------------

ELSEWHERE = '<link rel="canonical" href="https://www.agency.example/press/9999/">'


def test_a_page_that_states_another_address_needs_the_title_in_its_heading() -> None:
    in_text = page(f"<p>{TITLE}</p>", *SAID, title="Agency", heading="", head=ELSEWHERE)
    assert doubts_of(in_text) == ["other_address"]
    assert doubts_of(page(*SAID, head=ELSEWHERE)) == []
    article = read(in_text, TITLE, url=URL)
    assert doubts(article, answered="https://www.agency.example/press/9999") == [], "it was sent on there"


@pytest.mark.parametrize(
    ("stated", "found", "why"),
    [
        ("2019-06-08T12:00:00-04:00", [], "the listed time"),
        ("2019-06-06T12:00:00-04:00", [], "two days before"),
        ("2017-06-08T12:00:00-04:00", ["other_date"], "two years before"),
        ("2019-06-01T12:00:00-04:00", ["other_date"], "a week before"),
        ("soon", [], "no date at all"),
    ],
)
def test_the_date_that_a_page_states(stated: str, found: list[str], why: str) -> None:
    head = f'<meta property="article:published_time" content="{stated}">'
    assert doubts_of(page(*SAID, head=head)) == found, why


UNRELATED = (
    "<p>The office answers on working days between nine and five; please write to its desk instead.</p>"
)
CLOSED = "<p>The page is closed.</p>"
DATED = "<p>7 June 2019</p>"


@pytest.mark.parametrize(
    ("markup", "found", "why"),
    [
        (page(UNRELATED), [], "nothing but no word of the title"),
        (page(UNRELATED, CLOSED), ["other_page"], "a word said of sites, and no date"),
        (page(UNRELATED, CLOSED, DATED), [], "the same beside the listed date"),
        (page(UNRELATED, CLOSED, "<p>7 June 2018</p>"), ["other_page"], "another date"),
        (page(UNRELATED, CLOSED, "<time datetime='2019-06-07'>Friday</time>"), [], "the date, for machines"),
        (
            page(UNRELATED, DATED, "<p>This page of our site is closed.</p>"),
            ["other_page"],
            "it speaks of the site",
        ),
        (page(UNRELATED, CLOSED, "<p>They spoke of the border.</p>"), [], "a word of the title"),
        (page(UNRELATED * 6, CLOSED), [], "a long text"),
    ],
)
def test_a_short_text_under_the_right_title(markup: str, found: list[str], why: str) -> None:
    assert doubts_of(markup) == found, why


# --- whole ------------------------------------------------------------------------------------------------

LINK = '<p><a href="{}">{}</a></p>'
PARTIAL = [
    (page(SAID[0], f"{SAID[1][:80]}…"), ["cut"], "an ellipsis"),
    (page(SAID[0], f"{SAID[1][:80]} ..."), ["cut"], "three dots"),
    (page(SAID[0], f"{SAID[1][:80]} […]"), ["cut"], "an ellipsis in brackets"),
    (page(*SAID, f"{SAID[1][:80]}…"), ["cut"], "at the end of a long text"),
    (page(*SAID, SAID[1][:80], LINK.format("/full", "Read more")), ["cut"], "a sentence broken off before a link"),
    (page(*SAID, SAID[1][:80] + ' <a href="/full">Leer más</a>'), ["cut"], "a link at its end, in Spanish"),
    (page(SAID[0], LINK.format("/full", "Read the release")), ["not_whole"], "a lead and any link"),
    (page(*SAID[:3], LINK.format("/full", "Read the full statement")), ["not_whole"], "a longer lead and its link"),
    (page(*SAID[:3], LINK.format("/full", "Leer más")), ["not_whole"], "in Spanish"),
    (page(*SAID[:3], LINK.format("/text.pdf", "here")), ["not_whole"], "a file"),
    (page(*SAID[:3], LINK.format("/text.docx", "here")), ["not_whole"], "a file of another kind"),
    (page(*SAID, LINK.format("/text.pdf", TITLE)), ["not_whole"], "a long text, and a file under the title"),
    (page(*SAID, LINK.format("/text.pdf", "PDF")), ["not_whole"], "a long text, and a file"),
    (page(*SAID * 3, LINK.format("/text", "Full text of the statement")), ["not_whole"], "all of it elsewhere"),
    (page(*SAID * 3, LINK.format("/text", "Texto íntegro")), ["not_whole"], "the same in Spanish"),
    (page(*SAID[:3], '<iframe src="/viewer?id=7"></iframe>'), ["not_whole"], "a frame"),
    (page(*SAID, '<embed src="/text.pdf">'), ["not_whole"], "a file that is shown beside a long text"),
    (page(*SAID, '<object data="/text.pdf"></object>'), ["not_whole"], "the same as an object"),
    (page('<img src="/statement.png">', SHORT_NOTICE), ["not_whole"], "a picture that may be the statement"),
    (page('<img src="/a.png" width="900" height="1200">', SHORT_NOTICE), ["not_whole"], "a sheet of paper"),
    (page('<svg viewBox="0 0 900 1200"><path d="M0 0"/></svg>', SHORT_NOTICE), ["not_whole"], "a drawing"),
    (page("<div style='background: url(/s.png)'></div>", SHORT_NOTICE), ["not_whole"], "a background"),
    (page('<img src="/a.jpg" width="800" height="533">', "<p>The guests left at noon.</p>" * 2), ["not_whole"],
     "a photograph beside hardly a sentence"),
    (page('<img src="/a.jpg"><img src="/b.jpg">', SHORT_NOTICE), ["pictures"], "a gallery"),
    (page('<iframe src="https://www.youtube.com/embed/x"></iframe>', SHORT_NOTICE), ["video"], "a video"),
    (page("<video src='/a.mp4'></video>", SHORT_NOTICE), ["video"], "a video of its own"),
    (page("Watch the event."), ["no_text"], "a few words"),
    (page(SHORT_NOTICE, '<div data-src="/api/notes/7"></div>'), ["not_whole"], "an element that a script fills"),
    (page("<p><bdo dir='rtl'>.yadnoM no hcum yas lliw nosrepsekops ehT</bdo></p>", SAID[0]), ["illegible"],
     "letters stored in another order"),
    (page("<p>\u202e.yadnoM no hcum yas lliw nosrepsekops ehT</p>", SAID[0]), ["illegible"], "the same by a mark"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "found", "why"), PARTIAL, ids=[why for *_, why in PARTIAL])
def test_a_part_of_the_document_is_doubtful(markup: str, found: list[str], why: str) -> None:
    assert doubts_of(markup) == found, why


MENU = "<nav><ul>" + "".join(f"<li><a href='/m/{n}'>Entry {n}</a></li>" for n in range(60)) + "</ul></nav>"
ROWS = "".join(f"<tr><td>Sector {n}</td><td>{n * 311}</td><td>{n}.4</td></tr>" for n in range(9))
NAMES = "".join(
    f"<li>{name}</li>" for name in ("María del Carmen Hernández", "John Public", "Olga Cordero") * 4
)
WHOLE = [
    (page(*SAID), "a release"),
    (page(*SAID, before=MENU), "below a big menu"),
    (page(f"<div>{MENU}</div>", *SAID), "with a menu in its main part"),
    (page(SHORT_NOTICE), "a short notice"),
    (page(SHORT_NOTICE, before=MENU), "a short notice below a big menu"),
    (page(SHORT_NOTICE, f"<nav>{LINK.format('/press/', 'Back')}</nav>"), "with a way back"),
    (page(SHORT_NOTICE, '<p><a href="#top">To the top</a></p>'), "with a way to its top"),
    (page(SHORT_NOTICE, '<p><a href="mailto:press@agency.example">press@agency.example</a></p>'), "with an address"),
    (page(SHORT_NOTICE, f'<p><a href="{URL}">This page</a></p>'), "with a link to itself"),
    (page(SHORT_NOTICE, '<img src="/logo.png">'), "with a logo"),
    (page(SHORT_NOTICE, '<img src="/x.png" width="119">'), "with a picture that is an icon by its size"),
    (page('<img src="/a.jpg">', *SAID[:2]), "a text with a picture"),
    (page("<p>The delegation consists of:</p>", f"<ul>{NAMES}</ul>", SAID[0]), "a list of names"),
    (page(SAID[0], f"<table>{ROWS}</table>"), "a table"),
    (page(*(f"QUESTION: {p}" for p in SAID)), "a transcript"),
    (page(*SAID, '<iframe src="https://www.youtube.com/embed/x"></iframe>'), "a video beside a long text"),
    (page(*SAID[:3], '<iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>'), "a counter's frame"),
    (page(*SAID[:3], '<noscript><iframe src="https://counter.example/"></iframe></noscript>'), "a frame unseen"),
    (page(*SAID[:3], after='<footer><iframe src="/weather"></iframe></footer>'), "a frame in the footer"),
    (page(*SAID, '<iframe src="/timeline"></iframe>'), "a frame beside a long text"),
    (page(*SAID * 3, LINK.format("/text.pdf", "PDF version")), "an attachment beside a very long text"),
    (page('<img src="/a.jpg" width="800" height="533">', SAID[0]), "a picture wider than high"),
    (page('<figure><img src="/a.jpg"><figcaption>The guests.</figcaption></figure>', SAID[0]), "a caption"),
    (page('<svg viewBox="0 0 512 512"><path d="M0 0"/></svg>', SHORT_NOTICE), "an icon that is drawn"),
    (page('<a href="#top"><svg viewBox="0 0 900 900"></svg></a>', SHORT_NOTICE), "a drawing that leads up"),
    (page("<div style='background:#fff'></div>", SHORT_NOTICE), "a coloured background"),
    (page(*SAID, LINK.format("/next", "Read more")), "more to read after a long text"),
    (page(*SAID, "He ended: “We shall see.”"), "it ends in a quotation"),
    (page(*SAID, "###"), "it ends as press offices end"),
    (page("The talks … went on.", *SAID), "an ellipsis within"),
    (page(SHORT_NOTICE, '<div data-id="7"></div><div data-src="/api/7">Text</div>'), "elements that wait for nothing"),
    (page(*SAID, "Tell us…"), "a short last line is none of the text"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "why"), WHOLE, ids=[why for _, why in WHOLE])
def test_a_whole_document_raises_no_doubt(markup: str, why: str) -> None:
    assert doubts_of(markup) == [], why


BROKEN_OFF = SAID[0].rstrip(".")
ENDS = [
    ([], False, "no text"),
    (["A short line…"], False, "no prose"),
    ([SAID[0]], False, "a sentence that ends"),
    ([BROKEN_OFF], True, "a sentence that stops short"),
    ([BROKEN_OFF, "Last modified: June 8", "Washington"], True, "above two lines of the page's frame"),
    ([BROKEN_OFF, "The Secretary", "His deputy", "Their staff"], False, "above a list that it leads to"),
    ([f"{BROKEN_OFF} Washington"], False, "it ends in a name"),
    ([f"{BROKEN_OFF}. 7:45 P.M. EDT"], False, "it ends in a time"),
    ([f"{BROKEN_OFF}: www.agency.example/forms"], False, "it ends in an address"),
    ([BROKEN_OFF, "Read more"], True, "one without a stop before an invitation"),
    ([BROKEN_OFF, "Contact", "Read more"], True, "one line between"),
    ([BROKEN_OFF, "Contact", "Share", "Read more"], False, "two lines between"),
    ([SAID[0], "Read more"], False, "a sentence that ends, and an invitation"),
    ([SAID[0], "and so on with all the rest of what was said [...]"], True, "an ellipsis in brackets"),
    ([SAID[0], "and so on with all the rest of what was said…”"], True, "within quotation marks"),
    ([f"{BROKEN_OFF}…", SAID[0]], False, "an ellipsis before the last sentence"),
    ([f"{BROKEN_OFF}…", "Press office"], True, "one before a short line"),
]


@pytest.mark.parametrize(("lines", "cut", "why"), ENDS, ids=[why for *_, why in ENDS])
def test_how_a_text_is_cut(lines: list[str], cut: bool, why: str) -> None:
    assert (how_it_is_cut(lines) is not None) is cut, why


def test_a_cut_is_told_by_its_end() -> None:
    assert how_it_is_cut([f"{BROKEN_OFF}…"]) == f"{BROKEN_OFF}…"[-40:]


# --- legible ----------------------------------------------------------------------------------------------

ILLEGIBLE = [
    (page(*(p[::-1] for p in SAID)), ["illegible"], "letters in reverse"),
    (page(*(" ".join(p) for p in SAID)), ["illegible"], "letters that stand apart"),
    (page(*(p.replace("Secretary", "Secr\ufffdtary") for p in SAID)), ["illegible"], "lost letters"),
    (page(*(p.replace("Secretary", "Secr\u0435tary") for p in SAID)), ["illegible"], "a letter of another script"),
    (page(*(p.replace("Both", "Bothâ€™s") for p in SAID)), ["illegible"], "a quotation mark in a wrong encoding"),
    (page("Le secrétaire a rencontré son collègue et a parlé avec lui des mesures que les deux pays ont prises "
          "depuis juin pour réduire le nombre de ceux qui arrivent sans papiers."), ["other_language"], "French"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "found", "why"), ILLEGIBLE, ids=[why for *_, why in ILLEGIBLE])
def test_what_cannot_be_searched_is_doubtful(markup: str, found: list[str], why: str) -> None:
    assert doubts_of(markup) == found, why


@pytest.mark.parametrize(
    ("encoding", "content_type", "why"),
    [
        ("utf-8", "text/html; charset=utf-8", "as it is stated"),
        ("latin-1", "text/html; charset=iso-8859-1", "Latin-1 that is stated"),
        ("cp1252", "text/html; charset=windows-1252", "Windows text that is stated"),
        ("utf-16", "text/html; charset=utf-16", "UTF-16"),
        ("utf-8-sig", "text/html", "UTF-8 with a mark, and nothing stated"),
    ],
)
def test_encodings_that_are_stated_raise_no_doubt(encoding: str, content_type: str, why: str) -> None:
    said = "La Secretaría informó que continuará la cooperación en materia de migración con los países de la región."
    markup = page(said, said, title="Reunión en la región", heading="Reunión en la región")
    article = read(markup.encode(encoding), "Reunión en la región", content_type, url=URL)
    assert doubts(article) == [], why


def test_one_encoding_read_as_another_is_doubtful() -> None:
    said = "La Secretaría informó que continuará la cooperación en materia de migración con los países de la región."
    markup = page(said, title="Informe", heading="Informe")
    double = markup.encode().decode("cp1252", "replace")
    assert doubts_of(double, "Informe") == ["illegible"]


# --- plain text, and what is measured ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "found", "why"),
    [
        ([TITLE, *SAID], [], "its title on the first line"),
        (["AGENCY", "June 8, 2019", TITLE, *SAID], [], "below a letterhead"),
        ([OTHER, *SAID[2:]], ["other_page"], "another text"),
        ([TITLE, SAID[0], f"{SAID[1][:80]}..."], ["cut"], "a part"),
    ],
)
def test_plain_text(lines: list[str], found: list[str], why: str) -> None:
    body = "\n\n".join(lines).encode()
    assert doubts(read(body, TITLE, "text/plain; charset=utf-8", url=URL)) == found, why


def test_the_listed_title_is_not_counted_as_content() -> None:
    facts = read(page(SHORT_NOTICE), TITLE, url=URL).facts
    assert (facts.prose.words, facts.title_shown) == (17, "heading")
    alone = read(page(SHORT_NOTICE, heading=""), TITLE, url=URL).facts
    assert alone.lines == facts.lines


def test_a_text_that_is_not_drawn_raises_the_same_doubts() -> None:
    from servanda.compliance.prefilter import Prefilter

    source, route = source_with(FEED, url=URL)
    for markup in (*(case[0] for case in PARTIAL), *(case[0] for case in IN_ITS_PLACE)):
        exchange = exchange_of(URL, markup.encode(), at=AT)
        scanned = read_article(exchange, route=route, source=source, item_title=TITLE, scan=Prefilter.of(()))
        drawn = read_article(exchange, route=route, source=source, item_title=TITLE)
        assert scanned.text is None
        assert replace(scanned.facts, concerns=drawn.facts.concerns) == drawn.facts


@pytest.mark.parametrize("size", ["²", "9" * 5_000, "-1", "1e9", "100%", ""])
def test_no_stated_size_breaks_the_reader(size: str) -> None:
    markup = page(*SAID[:2], f'<img src="/a.jpg" width="{size}">')
    assert read(markup, TITLE, url=URL).facts.pictures == 1
