"""Pages of releases in the structures of official sites, and bare pages that stand in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from fault_injection.documents.announcing import Language

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a release's page is filled with. ``body`` is mark-up, all else text.

    ``shown`` is the day for the eye, ``stated`` the time for machines; ``address`` its own; ``others`` titles
    and addresses of releases that it points to.
    """

    language: Language
    site: str
    title: str
    body: str
    shown: str
    stated: str
    address: str
    others: Sequence[tuple[str, str]] = ()
    head: str = ""


def paragraphs_html(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)


def _links(parts: PageParts) -> str:
    return "".join(f'<li><a href="{escape(href)}">{escape(title)}</a></li>' for title, href in parts.others)


def _page(parts: PageParts, title: str, head: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{parts.language}">\n<head>\n<meta '
        f'charset="utf-8">\n<title>{escape(title)}'
        f"</title>\n{head}{parts.head}</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _state(parts: PageParts) -> str:
    """state.gov's WordPress."""
    head = (
        f'<link rel="canonical" href="{escape(parts.address)}">\n<meta property="og:title" '
        f'content="{escape(parts.title)}">\n<meta property="article:published_time" '
        f'content="{parts.stated}">\n'
    )
    return _page(
        parts,
        f"{parts.title} - {parts.site}",
        head,
        '<a class="skip-link" href="#content">Skip to content</a><header class="site-header"><nav><ul><li><a '
        'href="/">Home</a></li><li><a href="/policy/">Policy Issues</a></li><li><a '
        'href="/countries/">Countries'
        '</a></li></ul></nav></header>\n<main id="content"><div class="row gutenberg-content"><div '
        'class="entry-content"><section class="featured-content page-header"><p class="article-type">Press '
        f'Statement</p><h1 class="featured-content__headline stars-above">{escape(parts.title)}</h1>'
        f'<div class="article-meta"><p class="article-meta__publish-date">{parts.shown}</p></div></section>\n'
        f'{parts.body}</div></div>\n<div class="related-tags"><h2>Tags</h2><a href="/tag/office/">Office of '
        f'the Spokesperson</a></div></main>\n<aside class="related"><ul>{_links(parts)}</ul></aside>'
        "<footer><p>The Office of Website Management manages this site.</p><a "
        'href="/privacy/">Privacy</a></footer>',
    )


def _whitehouse(parts: PageParts) -> str:
    """WordPress blocks, as the White House has them."""
    head = (
        f'<meta property="og:title" content="{escape(parts.title)}">\n'
        f'<meta property="article:published_time" content="{parts.stated}">\n'
        f'<link rel="canonical" href="{escape(parts.address)}">\n'
    )
    return _page(
        parts,
        f"{parts.title} – {parts.site}",
        head,
        '<div class="wp-site-blocks"><header class="wp-block-template-part"><nav class="wp-block-navigation">'
        '<a href="/news/">News</a> <a href="/issues/">Issues</a></nav></header>\n<main '
        'class="wp-block-group">'
        f'<div class="wp-block-whitehouse-topper"><h1 class="wp-block-whitehouse-topper__headline">'
        f'{escape(parts.title)}</h1><div class="wp-block-post-date"><time '
        f'datetime="{parts.stated}">{parts.shown}'
        f'</time></div></div>\n<div class="entry-content wp-block-post-content">\n{parts.body}\n</div></main>'
        f'<section class="wp-block-query"><h2>Related</h2><ul>{_links(parts)}</ul></section>\n'
        '<footer class="wp-block-template-part"><p>1600 Avenue</p></footer></div>',
    )


def _drupal(parts: PageParts) -> str:
    """USWDS over Drupal: the text is a field."""
    return _page(
        parts,
        f"{parts.title} | {parts.site}",
        f'<link rel="canonical" href="{escape(parts.address)}">\n',
        '<section class="usa-banner" aria-label="Official website"><header class="usa-banner__header"><p>An '
        'official website of the government</p></header></section><div class="usa-overlay"></div>'
        '<header class="usa-header"><nav class="usa-nav"><a href="/topics">Topics</a></nav></header>\n'
        '<main class="main-content usa-layout-docs" id="main-content"><div class="grid-container">'
        f'<h1 class="page-title">{escape(parts.title)}</h1><div class="field field--name-field-release-date">'
        f'<div class="field__label">Release Date</div><time '
        f'datetime="{parts.stated}">{parts.shown}</time></div>'
        '\n<div class="clearfix text-formatted field field--name-body field--type-text-with-summary '
        f'field--label-hidden field__item">\n{parts.body}\n</div><div class="last-updated">Last Modified: '
        f'{parts.shown}</div></div></main><nav class="pager"><ul>{_links(parts)}</ul></nav>'
        '<footer class="usa-footer"><p>Return to top</p></footer>',
    )


def _gobmx(parts: PageParts) -> str:
    """gob.mx: the text is the article-body."""
    return _page(
        parts,
        f"{parts.title} | {parts.site} | Gobierno | gob.mx",
        f'<meta content="{escape(parts.title)}" property="og:title">\n',
        '<header><nav class="navbar"><a href="/tramites">Trámites</a> <a href="/gobierno">Gobierno</a></nav>'
        '</header>\n<main class="inner-page interior ficha"><div class="container"><ol '
        'class="breadcrumb"><li><a '
        f'href="/">Inicio</a></li><li class="active">Prensa</li></ol><div class="row"><div class="col-sm-7">'
        f'<h1 class="bottom-buffer">{escape(parts.title)}</h1></div><div class="col-md-4"><img alt="" '
        f'class="img-responsive" src="/cms/uploads/article/main_image/{len(parts.body)}/foto.jpeg"><section '
        f'class="border-box"><dl><dt>Autor</dt><dd>{parts.site}</dd><dt>Fecha de '
        f"publicación</dt><dd>{parts.shown}"
        f'</dd></dl></section></div><div class="col-sm-7"><div '
        f'class="article-body">{parts.body}</div></div></div>'
        '<div class="social"><a href="#">Comparte</a></div></div></main>'
        f"<aside><ul>{_links(parts)}</ul></aside>"
        "<footer><p>Portal único de trámites</p></footer>",
    )


def _dof(parts: PageParts) -> str:
    """The Diario: a table, no heading, a title of the site's own."""
    return _page(
        parts,
        "DOF - Diario Oficial de la Federación",
        "",
        '<div id="header"><img src="/img/logo_dof.png" width="90" alt=""><a '
        'href="/index.php">Inicio</a></div>'
        '<table width="100%"><tr><td id="lateral"><a href="/busqueda.php">Búsqueda</a></td><td><div '
        f'id="DivDetalleNota"><p class="fecha">DOF: {parts.shown}</p><div '
        f'class="TITULO"><b>{escape(parts.title)}'
        f"</b></div>\n<p>Al margen un sello con el Escudo Nacional.</p>\n{parts.body}</div></td></tr></table>"
        f'<ul class="siguientes">{_links(parts)}</ul><div id="footer">Río Amazonas 62, Ciudad de '
        f"México</div>",
    )


@dataclass(frozen=True, slots=True)
class Structure:
    """How a site's pages look. ``listing`` is the layout of its listing; ``content`` names the main part,
    where the catalogue's source of this structure does."""

    id: str
    language: Language
    listing: str
    site: str
    render: Callable[[PageParts], str]
    content: str | None = None


STRUCTURES = (
    Structure("state", "en", "wordpress", "Department of External Affairs", _state),
    Structure("whitehouse", "en", "wordpress", "The Residence", _whitehouse),
    Structure("drupal", "en", "drupal", "Homeland Office", _drupal),
    Structure("uswds", "en", "uswds", "Customs Office", _drupal),
    Structure("gobmx", "es", "gobmx", "Secretaría de Relaciones", _gobmx),
    Structure("dof", "es", "gobmx", "Diario Oficial", _dof, "#DivDetalleNota"),
    Structure("embassy", "es", "wordpress", "Embajada en México", _state),
)


def bare_page(language: Language, title: str, main: str, head: str = "") -> bytes:
    """A page that is nobody's release. ``main`` and ``head`` are mark-up."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta '
        f'charset="utf-8"><title>{escape(title)}</title>{head}'
        f"</head><body>{main}</body></html>\n"
    ).encode()
