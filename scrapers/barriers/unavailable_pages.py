"""Closures: a publisher that says, often with status 200, that it is closed, or has no such page."""

from __future__ import annotations

from servanda.scrapers.barriers.page_view import PageView, any_of

MOST_WORDS_OF_NOTICE = 150
MOST_WORDS_OF_BARE_NOTICE = 60
SHORT_BODY = 2_000
"""Bytes: the error of an API."""

_SITE = r"((the |this |our )?(web ?site|site|service|server|portal|page|system) )"
_SITIO = r"((el |este |nuestro |la |esta )?(sitio|portal|página|sistema|servicio)( web)? )"
MAINTENANCE = any_of(
    _SITE + r"?(is )?(currently |temporarily )?(down |closed |offline |unavailable )?"
    r"(for |under |undergoing |in )?"
    r"((scheduled|planned|routine|site|system) )*maintenance( mode| page| notice)?",
    _SITE + r"?(is )?(currently |temporarily )?(unavailable|offline|out of service)",
    r"(50[023] )?service (temporarily )?unavailable",
    r"(we'll|we will) be (right )?back( soon| shortly)?",
    r"be right back",
    r"((we are|we're) )?(currently )?(experiencing )?technical difficult(y|ies)",
    r"briefly unavailable for scheduled maintenance",
    _SITIO + r"?(está |se encuentra )?(temporalmente )?(en|por|bajo) mantenimiento( programado)?",
    _SITIO + r"?(temporalmente )?(no disponible|fuera de servicio)",
    r"mantenimiento( programado)?",
    r"volvemos (pronto|enseguida)",
)
_MAINTENANCE_SAID = any_of(
    _SITE + r"(is|will be) (currently |temporarily )?"
    r"(undergoing|under|(down|closed|offline|unavailable) (due to|for|while)|experiencing technical)",
    r"unavailable for scheduled maintenance",
    r"we (are|'re) (currently )?(performing|undergoing|experiencing technical)",
    _SITIO + r"(está|se encuentra) (temporalmente )?(en mantenimiento|fuera de servicio|no disponible)",
    r"(estamos|nos encontramos) (en|realizando) (\w{1,20} ){0,4}mantenimiento",
)
RATE_LIMITED = any_of(
    r"((error|http) )?429( error)?(\W+too many requests)?",
    r"too many requests",
    r"(request )?rate limit(ed|ing| exceeded| reached)?",
    r"(request|usage|quota) limit exceeded",
    r"you (are being|have been) rate limited",
    r"demasiadas (solicitudes|peticiones)",
)
_RATE_LIMIT_SAID = any_of(
    r"rate[ _-]?limit", r"too many requests", r"over_rate_limit", r"demasiadas (solicitudes|peticiones)"
)
NOT_FOUND = any_of(
    r"(http )?(error\W*)?404(\W*error)?(\W+(the )?(page|file|document|página))?"
    r"(\W+(not found|cannot be found|no encontrad[oa]|error|does not exist|no existe))?",
    r"((oops|sorry|we(.re| are) sorry)\W+)?((the|this|that|requested) )*(page|file|document|content|url)"
    r"( (that )?you( are| were|'re)? (requested|looking for))?"
    r" ((was |is )?not found|(could not|cannot|can't) be found|does not exist|doesn't exist|no longer exists"
    r"|(is )?no longer available|(is )?not available|unavailable)",
    r"(lo sentimos\W+)?(la |esta )?p[áa]gina( que (busca|buscas|solicita|solicitó))?"
    r" (no (fue |ha sido )?(encontrada|disponible|existe|se encontró|está disponible)|inexistente)",
    r"no se (encontró|ha encontrado|encuentra) la página",
    r"(contenido|documento|recurso) no (encontrado|disponible)",
)
_NOT_FOUND_STEPS = any_of(
    r"(error[-_]?)?404(\.\w+)?", r"(page[-_]?)?not[-_]?found(\.\w+)?", r"no[-_]?encontrad[oa]"
)


def rate_limit_in(seen: PageView) -> str | None:
    """What shows that a client asked too much: the status 429, or words to that effect."""
    if seen.status == 429:
        asked = seen.exchange.header("Retry-After")
        return "status 429, too many requests" + (f"; Retry-After: {asked[:60]}" if asked else "")
    if not seen.is_html:
        is_error = seen.status >= 400 and len(seen.exchange.body) <= SHORT_BODY
        said = _RATE_LIMIT_SAID.search(seen.markup) if is_error else None
        return f"status {seen.status}, and the answer says {said[0]!r}" if said else None
    headline = seen.headline(RATE_LIMITED)
    if headline is None or seen.words > MOST_WORDS_OF_NOTICE or seen.holds_publication:
        return None
    return f"the page is headed {headline[:80]!r}"


def maintenance_in(seen: PageView) -> str | None:
    """What shows that a site is closed for a while. A publication about maintenance is dated, or longer."""
    if not seen.is_html or seen.holds_publication or seen.words > MOST_WORDS_OF_NOTICE:
        return None
    headline = seen.headline(MAINTENANCE)
    said = _MAINTENANCE_SAID.search(seen.text)
    if headline is not None and (said is not None or seen.status >= 500):
        return f"the page is headed {headline[:80]!r}, with status {seen.status}"
    if headline is not None and seen.words <= MOST_WORDS_OF_BARE_NOTICE:
        return f"the page is headed {headline[:80]!r} and holds {seen.words} words"
    if said is not None and seen.words <= MOST_WORDS_OF_BARE_NOTICE:
        return f"the page holds {seen.words} words and says {said[0][:80]!r}"
    return None


def not_found_in(seen: PageView) -> str | None:
    """What shows that a page, whatever its status, says that there is no such page."""
    if not seen.is_html or seen.status in (404, 410):
        return None
    step = seen.steps[-1] if seen.steps else ""
    if _NOT_FOUND_STEPS.fullmatch(step):
        return f"status {seen.status} at an address that says {step[:80]!r}"
    headline = seen.headline(NOT_FOUND)
    if headline is None or seen.holds_publication:
        return None
    return f"status {seen.status}, and the page is headed {headline[:80]!r}"
