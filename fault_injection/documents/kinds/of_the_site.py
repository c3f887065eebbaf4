"""Pages of the site itself in the document's place, and its own page over another text."""

from __future__ import annotations

from html import escape
from random import Random

from fault_injection.documents.dressing import dressed
from fault_injection.documents.kinds.homemade import BAN
from fault_injection.documents.served import Kind, Served, Sight

_NAV = (
    '<header><nav><a href="/">Inicio</a> <a href="/prensa">Prensa</a></nav></header>'
    "<main>{main}</main><footer><p>{site}</p></footer>"
)


def _in_frame(sight: Sight, title: str, main: str) -> Served:
    """A page of the site itself, under its menu."""
    return sight.bare(title, _NAV.format(main=main, site=escape(sight.structure.site)))


def _home(sight: Sight) -> Served:
    teasers = "".join(
        f'<section><h3><a href="/n/{n}">{escape(one.title)}</a></h3>'
        f"<p>{escape(one.paragraphs[0][:140])}…</p></section>"
        for n, one in enumerate(sight.siblings[:8])
    )
    welcome = sight.text(
        "Welcome to the site of the office. Here are its services, its news and its people.",
        "Bienvenidos al sitio de la dependencia. Aquí están sus trámites, sus noticias y su gente.",
    )
    return _in_frame(sight, sight.structure.site, f"<h1>{sight.structure.site}</h1><p>{welcome}</p>{teasers}")


def _listing(sight: Sight) -> Served:
    """The newest titles, the announcement's own among them, as a link."""
    rows = "".join(
        f'<li><a href="/n/{n}">{escape(one.title)}</a></li>' for n, one in enumerate(sight.siblings[:10])
    )
    own = f'<li><a href="{sight.path}">{escape(sight.release.title)}</a></li>'
    return _in_frame(
        sight,
        sight.text("Newsroom", "Sala de prensa"),
        f"<h1>{sight.text('News', 'Prensa')}</h1><ul>{own}{rows}</ul>",
    )


def _listing_with_teasers(sight: Sight) -> Served:
    """The titles are headings that lead nowhere, each over its first words."""
    rows = "".join(
        f'<div class="row"><h3>{escape(one.title)}</h3><p>{escape(" ".join(one.paragraphs[:1]))}</p></div>'
        for one in (sight.release, *sight.siblings[:6])
    )
    return _in_frame(sight, sight.text("Newsroom", "Sala de prensa"), rows)


def _search(sight: Sight) -> Served:
    found = "".join(
        f'<li><a href="/n/{n}">{escape(one.title)}</a></li>' for n, one in enumerate(sight.siblings[3:9])
    )
    asked = escape(sight.release.title)
    words = sight.text(
        f"Results for “{asked}”: 6 documents were found.", f"Resultados de “{asked}”: 6 documentos."
    )
    box = f'<form action="/search"><input name="q" value="{asked}"></form>'
    return _in_frame(
        sight,
        sight.text("Search", "Buscador"),
        f"<h2>{sight.text('Search', 'Buscador')}</h2>{box}<p>{words}</p><ol>{found}</ol>",
    )


def _other_release(sight: Sight) -> Served:
    others = [one for one in sight.siblings if one.title != sight.release.title]
    chosen = others[sight.rng.randrange(len(others))]
    return sight.of(chosen).clean


def _previous_release(sight: Sight) -> Served:
    """The newest release of before: a cache gave the wrong copy."""
    before = [one for one in sight.siblings if one.at < sight.release.at]
    return sight.of(before[0]).clean


def _previous_under_own_title(sight: Sight) -> Served:
    """The right title and day over the text of the release before."""
    before = [one for one in sight.siblings if one.at < sight.release.at and not one.as_pdf]
    return sight.page(body=dressed(before[0].paragraphs, Random(before[0].slug), sight.language))


def _one_page(sight: Sight) -> Served:
    main = sight.text(
        "<h1>We are moving</h1><p>The site of this office is moving to a new platform. Its publications "
        "will be "
        "available again in the next weeks, and we ask for your understanding while this work is under "
        "way.</p>",
        "<h1>Estamos cambiando</h1><p>El sitio de esta dependencia se traslada a una nueva plataforma. Sus "
        "publicaciones "
        "estarán disponibles de nuevo en las próximas semanas y agradecemos su comprensión en lo que esto "
        "termina.</p>",
    )
    return _in_frame(sight, sight.structure.site, main)


_MOVED = (
    "The publications of this office are being moved to a new platform and will be shown again in the next "
    "weeks. We "
    "ask for your understanding while this work is under way. For requests in the meantime, please write to "
    "the press "
    "desk, which answers on working days between nine and five.",
    "Las publicaciones de esta dependencia se trasladan a una nueva plataforma y se mostrarán de nuevo en "
    "las próximas "
    "semanas. Agradecemos su comprensión en lo que esto termina. Para cualquier solicitud puede escribir a "
    "la oficina de "
    "prensa, que atiende de lunes a viernes entre las nueve y las cinco.",
)


def _ban_under_own_title(sight: Sight) -> Served:
    return sight.page(paragraphs=[sight.text(*BAN)])


def _moved_under_own_title(sight: Sight) -> Served:
    return sight.page(paragraphs=[sight.text(*_MOVED)])


def _every_page(sight: Sight) -> bool:
    """The pages of what is published in the second half of the window and later."""
    return (sight.until_at - sight.release.at).days < 45


def _empty_article(sight: Sight) -> Served:
    return sight.page(body="<p>&nbsp;</p>")


def _template_article(sight: Sight) -> Served:
    """The right title over what a publishing system puts where no text was saved."""
    return sight.page(body=f"<p>{sight.text('Body text goes here.', 'Aquí va el cuerpo del texto.')}</p>")


def _placeholder_article(sight: Sight) -> Served:
    lorem = (
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut "
        "labore et dolore "
        "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip "
        "ex ea commodo "
        "consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat "
        "nulla."
    )
    return sight.page(paragraphs=[lorem])


OF_THE_SITE = (
    Kind("home_page", "The site's home page comes.", _home),
    Kind("the_listing", "The listing itself comes.", _listing),
    Kind("the_listing_with_teasers", "A listing comes whose headings lead nowhere.", _listing_with_teasers),
    Kind("search_page", "A search for the title comes, with its findings.", _search),
    Kind("another_release", "Another release of the site comes.", _other_release),
    Kind("previous_release", "A cache gives the release before.", _previous_release),
    Kind(
        "previous_under_own_title",
        "The right title stands over the text of before.",
        _previous_under_own_title,
    ),
    Kind("one_page_for_all", "One page comes for every release of weeks.", _one_page, others=_every_page),
    Kind("one_page_for_one", "A page of the whole site's comes for this release.", _one_page),
    Kind(
        "one_text_under_all_titles",
        "For weeks every title stands over the same notice.",
        _moved_under_own_title,
        others=_every_page,
    ),
    Kind("moved_under_own_title", "The right title stands over a notice of moving.", _moved_under_own_title),
    Kind("ban_under_own_title", "The right title stands over the electoral notice.", _ban_under_own_title),
    Kind("empty_article", "The right title stands over nothing.", _empty_article),
    Kind("template_article", "The right title stands over a template's words.", _template_article),
    Kind("lorem_ipsum", "The right title stands over a printer's Latin.", _placeholder_article),
)
