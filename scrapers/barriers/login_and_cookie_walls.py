"""Gates: pages that want a password, or leave to set cookies, before they let anybody read."""

from __future__ import annotations

import re

from servanda.scrapers.barriers.page_view import PageView, any_of
from servanda.scrapers.redirects import CONSENT_HOSTS, LOGIN_STEPS

MOST_WORDS_OF_LOGIN = 250
MOST_WORDS_OF_WALL = 150
MOST_WORDS_OF_BARE_WALL = 60

LOGIN = any_of(
    r"((user|member|staff|please|secure) )?(log ?-?in|sign ?-?in|log ?on)( (to|with|into) .{1,60})?",
    r"(login|authentication) required",
    r"(iniciar|inicie|inicio de) sesión( (en|a) .{1,60})?",
    r"acceso (de|para) usuarios",
)
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}\btype=[\"']?password")
_HANDED_ON = re.compile(r"<input\b[^<>]{0,500}\bname=[\"']?(samlrequest|samlresponse|relaystate|wresult)\b")
_ASKS = ("password", "saml", "relaystate", "wresult")
"""One of these stands in any page that the patterns fit; they are looked for first, being quick to find."""

_COOKIE_HEADLINE = any_of(
    r"before you continue.*",
    r"(your )?(cookies?|privacy)( (settings|preferences|consent|choices|notice|wall))?",
    r"cookies? (are )?(required|disabled|needed)",
    r"(please )?(enable|accept|allow) (all )?cookies",
    r"(preferencias|configuración|aviso) de cookies",
    r"(acepte|aceptar|habilite) (las )?cookies",
    r"we value your privacy",
    r"valoramos su privacidad",
)
_COOKIE_WALL = any_of(
    r"(you (must|need to|have to)|please|in order to continue,?|to continue,?( please)?)"
    r" (accept|enable|allow|agree to|turn on)( (the|our|all|use of|the use of))* cookies",
    r"cookies (are|must be) (required|disabled|enabled|accepted|turned off)",
    r"(accept|enable|allow) (all )?cookies (to|and) (continue|proceed|view|access|read)",
    r"before you continue to",
    r"your browser (does not|doesn't|is not set to) accept cookies",
    r"(debe|deberá|necesita|tiene que|para continuar,?|por favor,?)"
    r" (aceptar|acepte|habilitar|habilite|activar|active)( (el uso de|las|sus))* cookies",
    r"(acepte|habilite) (las )?cookies para (continuar|acceder|ver)",
)
_COOKIE_OFFER = any_of(r".*\b(accept|allow|reject|aceptar|rechazar) (all |todas las |las )?cookies\b.*")
"""Enough under a heading that speaks of nothing else."""

_ACTION = re.compile(r"<(form|button|script|input)\b")


def login_in(seen: PageView) -> str | None:
    """What shows that a page asks its visitor to log in. A form in the corner of a page shows nothing."""
    if not seen.is_html or not any(sign in seen.markup for sign in _ASKS) or seen.words > MOST_WORDS_OF_LOGIN:
        return None
    if _HANDED_ON.search(seen.markup):
        return "the page hands its visitor on to a log-in service (SAML)"
    if not _PASSWORD.search(seen.markup):
        return None
    headline = seen.headline(LOGIN)
    step = next((step for step in seen.steps if step in LOGIN_STEPS), None)
    if headline is not None:
        return f"the page asks for a password, under the heading {headline[:80]!r}"
    if step is not None:
        return f"the page asks for a password, at an address that says {step!r}"
    if seen.status in (401, 403) and not seen.holds_publication:
        return f"status {seen.status}, and the page asks for a password"
    return None


def cookie_wall_in(seen: PageView) -> str | None:
    """What shows that a page only asks for leave to set cookies. A banner above a page shows nothing."""
    if not seen.is_html or ("cookie" not in seen.markup and "before you continue" not in seen.markup):
        return None
    if seen.host.startswith(CONSENT_HOSTS):
        return f"{seen.host} answered, which asks for leave to set cookies"
    if seen.words > MOST_WORDS_OF_WALL or seen.holds_publication or not _ACTION.search(seen.markup):
        return None
    headline = seen.headline(_COOKIE_HEADLINE)
    said = _COOKIE_WALL.search(seen.text) or (_COOKIE_OFFER.search(seen.text) if headline else None)
    if said is None or (headline is None and seen.words > MOST_WORDS_OF_BARE_WALL):
        return None
    return f"the page holds {seen.words} words and wants cookies first: {said[0][:80]!r}"
