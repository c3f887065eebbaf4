"""Shells: pages without content of their own, which a browser would fill by scripts or leave at once."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from servanda.scrapers.barriers.page_view import PageView, any_of
from servanda.scrapers.redirects import is_home, is_same_site

MOST_WORDS_OF_SHELL = 25

_MOUNT = re.compile(
    r"<(div|main|section)\b[^<>]{0,300}\bid=[\"']?(root|app|__next|__nuxt|___gatsby|react-root"
    r"|main-app|app-root|svelte)\b"
    r"[^<>]{0,300}>\s*(loading[^<]{0,20}|cargando[^<]{0,20})?</\1|<(app-root|app-main"
    r"|my-app)\b[^<>]{0,300}>\s*[^<]{0,30}</"
)
_WANTS_SCRIPT = any_of(
    r"(enable|turn on|requires?|needs?|without|allow)\b.{0,40}\bjava ?script",
    r"(habilit\w{1,9}|activ\w{1,9}|requiere|necesita)\b.{0,40}\bjava ?script",
    r"java ?script\b.{0,40}\b(required|disabled|enabled|turned off)",
    r"java ?script\b.{0,40}\b(necesario|requerido|deshabilitado|desactivado)",
)
_REFRESH = re.compile(
    r"<meta\b[^<>]{0,200}http-equiv=[\"']?refresh\b[^<>]{0,200}content=[\"']?\s*\d*\s*[;,]\s*url=['\"]?([^\"'>\s]{1,2000}"
    r")"
)
_LEAVES = re.compile(r"\blocation(\.href\s*=|\.replace\s*\(|\.assign\s*\(|\s*=\s*[\"'])")


def shell_in(seen: PageView) -> tuple[str, str] | None:
    """Kind and reason of a page that holds nothing but a way for browsers to get at something else."""
    if not seen.is_html or seen.holds_publication or seen.words > MOST_WORDS_OF_SHELL:
        return None
    if refresh := _REFRESH.search(seen.markup):
        return _sent_on(seen, html.unescape(refresh[1]))
    if "<script" not in seen.markup:
        return None
    if _MOUNT.search(seen.markup):
        return "javascript_shell", f"the page holds {seen.words} words and an empty place for scripts to fill"
    said = _WANTS_SCRIPT.search(f"{seen.no_script} {seen.text}")
    if said:
        return "javascript_shell", f"the page holds {seen.words} words and says {said[0][:80]!r}"
    if _LEAVES.search(seen.markup):
        return "javascript_shell", f"the page holds {seen.words} words and a script that leads elsewhere"
    return None


def _sent_on(seen: PageView, link: str) -> tuple[str, str] | None:
    """Where a page without content sends a browser by itself."""
    here = seen.exchange.final_url
    try:
        target = urljoin(here, link)
        away, home = not is_same_site(here, target), is_home(target) and not is_home(here)
    except ValueError:
        return None
    if target == here:
        return None
    kinds = {"redirected_away": away, "redirected_home": home, "javascript_shell": True}
    return next(kind for kind, holds in kinds.items() if holds), (
        f"the page holds {seen.words} words and sends browsers to {target[:200]}"
    )
