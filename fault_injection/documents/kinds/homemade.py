"""Pages of a publisher's own making in the document's place, with status 200."""

from __future__ import annotations

from html import escape

from fault_injection.documents.kinds.standing_in import stands_in
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
        f'<section><h3><a href="/n/{n}">{escape(one.title)}</a></h3><p>{escape(one.paragraphs[0][:140])}…</p></section>'
        for n, one in enumerate(sight.siblings[:8])
    )
    welcome = sight.text(
        "Welcome to the site of the office. Here are its services, its news and its people.",
        "Bienvenidos al sitio de la dependencia. Aquí están sus trámites, sus noticias y su gente.",
    )
    return _in_frame(sight, sight.structure.site, f"<h1>{sight.structure.site}</h1><p>{welcome}</p>{teasers}")


def _listing(sight: Sight) -> Served:
    """The newest titles, the announcement's own among them, as a link."""
    rows = "".join(f'<li><a href="/n/{n}">{escape(one.title)}</a></li>' for n, one in enumerate(sight.siblings[:10]))
    own = f'<li><a href="{sight.path}">{escape(sight.release.title)}</a></li>'
    return _in_frame(sight, sight.text("Newsroom", "Sala de prensa"), f"<h1>{sight.text('News', 'Prensa')}</h1><ul>{own}{rows}</ul>")


def _listing_with_teasers(sight: Sight) -> Served:
    """The titles are headings that lead nowhere, each over its first words."""
    rows = "".join(
        f"<div class=\"row\"><h3>{escape(one.title)}</h3><p>{escape(one.paragraphs[0])}</p></div>"
        for one in (sight.release, *sight.siblings[:6])
    )
    return _in_frame(sight, sight.text("Newsroom", "Sala de prensa"), rows)


def _search(sight: Sight) -> Served:
    found = "".join(f'<li><a href="/n/{n}">{escape(one.title)}</a></li>' for n, one in enumerate(sight.siblings[3:9]))
    asked = escape(sight.release.title)
    words = sight.text(f"Results for “{asked}”: 6 documents were found.", f"Resultados de “{asked}”: 6 documentos.")
    box = f'<form action="/search"><input name="q" value="{asked}"></form>'
    return _in_frame(sight, sight.text("Search", "Buscador"), f"<h2>{sight.text('Search', 'Buscador')}</h2>{box}<p>{words}</p><ol>{found}</ol>")


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
    before = [one for one in sight.siblings if one.at < sight.release.at]
    return sight.page(paragraphs=before[0].paragraphs)


def _one_page(sight: Sight) -> Served:
    main = sight.text(
        "<h1>We are moving</h1><p>The site of this office is moving to a new platform. Its publications will be "
        "available again in the next weeks, and we ask for your understanding while this work is under way.</p>",
        "<h1>Estamos cambiando</h1><p>El sitio de esta dependencia se traslada a una nueva plataforma. Sus publicaciones "
        "estarán disponibles de nuevo en las próximas semanas y agradecemos su comprensión en lo que esto termina.</p>",
    )
    return _in_frame(sight, sight.structure.site, main)


_MOVED = (
    "The publications of this office are being moved to a new platform and will be shown again in the next weeks. We "
    "ask for your understanding while this work is under way. For requests in the meantime, please write to the press "
    "desk, which answers on working days between nine and five.",
    "Las publicaciones de esta dependencia se trasladan a una nueva plataforma y se mostrarán de nuevo en las próximas "
    "semanas. Agradecemos su comprensión en lo que esto termina. Para cualquier solicitud puede escribir a la oficina de "
    "prensa, que atiende de lunes a viernes entre las nueve y las cinco.",
)
_BAN = (
    "In compliance with the rules for electoral periods, the content of this page is not shown from April 2 to June 6. "
    "The information on services and emergencies remains available at all times.",
    "En cumplimiento de lo dispuesto en materia electoral, el contenido de esta página no se muestra del 2 de abril al 6 "
    "de junio. La información sobre trámites, servicios y emergencias sigue disponible en todo momento.",
)


def _ban_under_own_title(sight: Sight) -> Served:
    return sight.page(paragraphs=[sight.text(*_BAN)])


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
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
        "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo "
        "consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla."
    )
    return sight.page(paragraphs=[lorem])


HOMEMADE = (
    stands_in(
        "session_expired",
        "A session that nobody began has expired.",
        (
            "Session expired",
            "<h1>Your session has expired</h1><p>For your security, the session was closed after a time without activity. "
            'Please go back to the <a href="/">home page</a> and start again. We apologize for the inconvenience.</p>',
        ),
        (
            "Sesión expirada",
            "<h1>Su sesión ha expirado</h1><p>Por su seguridad, la sesión se cerró después de un tiempo sin actividad. Por "
            'favor vuelva a la <a href="/">página de inicio</a> e intente de nuevo. Disculpe las molestias.</p>',
        ),
    ),
    stands_in(
        "electoral_ban",
        "In the weeks before an election the site shows a notice of the law.",
        ("Notice", f"<h1>Electoral period</h1><p>{_BAN[0]}</p>"),
        ("Aviso", f"<h1>Veda electoral</h1><p>{_BAN[1]}</p>"),
    ),
    stands_in(
        "ups_not_found",
        "“Oops”, says the site in its own words.",
        (
            "Oops!",
            "<h1>Oops! We could not find that page</h1><p>The link may be old, or someone may have mistyped it. Try the "
            "search, or go back to the start page.</p>",
        ),
        (
            "¡Ups!",
            "<h1>¡Ups! No encontramos la página</h1><p>Es posible que el enlace sea antiguo o que se haya escrito mal. "
            "Intente con el buscador o regrese al inicio.</p>",
        ),
    ),
    stands_in(
        "maintenance_own_title",
        "Maintenance, under the site's own title.",
        (
            "Department of External Affairs",
            "<h1>Department of External Affairs</h1><p>We are improving our services for you. Some sections of this site "
            "cannot be consulted today. Come back in a few hours.</p>",
        ),
        (
            "Secretaría de Relaciones",
            "<h1>Secretaría de Relaciones</h1><p>Estamos mejorando nuestros servicios para usted. Algunas secciones de "
            "este sitio no pueden consultarse hoy. Vuelva en unas horas.</p>",
        ),
    ),
    stands_in(
        "title_in_its_sentence",
        "An error page repeats the listed title in its sentence.",
        (
            "Error",
            "<h1>We are sorry</h1><p>The document “{title}” that you asked for cannot be shown at this time. Please try "
            "again later or write to the webmaster, and mention the number {number}.</p>",
        ),
        (
            "Error",
            "<h1>Lo sentimos</h1><p>El documento “{title}” que usted solicitó no puede mostrarse en este momento. Intente "
            "más tarde o escriba al administrador del sitio y mencione el número {number}.</p>",
        ),
    ),
    stands_in(
        "cookie_wall",
        "First consent is wanted.",
        (
            "Before you continue",
            "<main><h1>Before you continue</h1><p>We use cookies to deliver this website and to measure its use. Choose "
            "what you agree to; you can change this at any time in the settings of this page.</p><button>Accept all"
            "</button><button>Reject</button></main>",
        ),
        (
            "Antes de continuar",
            "<main><h1>Antes de continuar</h1><p>Usamos cookies para prestar este servicio y para medir su uso. Elija qué "
            "acepta; puede cambiarlo en cualquier momento en la configuración de esta página.</p><button>Aceptar todo"
            "</button><button>Rechazar</button></main>",
        ),
    ),
    stands_in(
        "login",
        "First a name and a password are wanted.",
        (
            "Sign in",
            '<main><h1>Sign in</h1><form method="post" action="/login"><label>User name <input name="user"></label>'
            '<label>Password <input type="password" name="password"></label><button>Sign in</button></form></main>',
        ),
        (
            "Acceso",
            '<main><h1>Acceso</h1><form method="post" action="/acceso"><label>Usuario <input name="u"></label><label>'
            'Contraseña <input type="password" name="p"></label><button>Entrar</button></form></main>',
        ),
    ),
    stands_in(
        "age_gate",
        "First an age is wanted.",
        (
            "Please confirm your age",
            "<h1>How old are you?</h1><p>This content is meant for adults. Please confirm that you are at least eighteen "
            "years old to go on to the page that you asked for.</p><button>Yes</button><button>No</button>",
        ),
        (
            "Confirme su edad",
            "<h1>¿Es usted mayor de edad?</h1><p>Este contenido es para personas adultas. Confirme que tiene al menos "
            "dieciocho años para seguir a la página que solicitó.</p><button>Sí</button><button>No</button>",
        ),
    ),
    stands_in(
        "unavailable_in_region",
        "The content is not for readers from here.",
        (
            "Content not available in your region",
            "<h1>This content is not available in your region</h1><p>Because of the rules that apply in your country, we "
            "cannot show you what you asked for. If you think that this is a mistake, please write to us.</p>",
        ),
        (
            "Contenido no disponible en su región",
            "<h1>Este contenido no está disponible en su región</h1><p>Por las normas que se aplican en su país no podemos "
            "mostrarle lo que solicitó. Si cree que se trata de un error, escríbanos por favor.</p>",
        ),
    ),
    stands_in(
        "waiting_room",
        "There are too many readers, and one waits in line.",
        (
            "You are now in line",
            "<h1>You are now in line</h1><p>Many people want to see this page. When it is your turn, you will have ten "
            "minutes to enter the website. Your estimated wait time is {number} minutes.</p>",
        ),
        (
            "Está en la fila",
            "<h1>Está usted en la fila</h1><p>Muchas personas quieren ver esta página. Cuando sea su turno tendrá diez "
            "minutos para entrar al sitio. Su tiempo de espera es de {number} minutos.</p>",
        ),
    ),
    stands_in(
        "survey",
        "A survey stands before everything.",
        (
            "Your opinion counts",
            "<h1>Your opinion counts</h1><p>Help us make this site better. Answer five questions about how you use it, and "
            "then go on to what you came for. It will take less than two minutes of your time.</p>",
        ),
        (
            "Su opinión cuenta",
            "<h1>Su opinión cuenta</h1><p>Ayúdenos a mejorar este sitio. Responda cinco preguntas sobre cómo lo usa y "
            "después siga a lo que venía a ver. Le tomará menos de dos minutos de su tiempo.</p>",
        ),
    ),
    Kind("home_page", "The site's home page comes.", _home),
    Kind("the_listing", "The listing itself comes.", _listing),
    Kind("the_listing_with_teasers", "A listing comes whose headings lead nowhere.", _listing_with_teasers),
    Kind("search_page", "A search for the title comes, with its findings.", _search),
    Kind("another_release", "Another release of the site comes.", _other_release),
    Kind("previous_release", "A cache gives the release before.", _previous_release),
    Kind("previous_under_own_title", "The right title stands over the text of before.", _previous_under_own_title),
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
