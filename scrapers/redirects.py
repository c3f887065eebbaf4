"""Which redirects are followed. Pure: addresses in, a decision out."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urldefrag, urljoin, urlsplit

from servanda.scrapers.exchange import Blocked, Exchange, Unreachable
from servanda.scrapers.failures import sanitise_detail

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOME_PATHS = frozenset({"", "/", "/index.html", "/index.htm", "/index.php"})
LOGIN_STEPS = frozenset(
    {"login", "log-in", "signin", "sign-in", "logon", "sso", "saml", "saml2", "oauth", "oauth2", "adfs",
     "wp-login.php", "login.aspx", "login.php", "iniciar-sesion"}
)  # fmt: skip
"""Steps of a path at which visitors are asked who they are."""

LOGIN_HOSTS = ("login.", "signin.", "sso.", "auth.", "accounts.", "idp.", "adfs.")
CHALLENGE_LABELS = frozenset({"unblock", "captcha", "captcha-delivery", "perfdrive", "botcheck"})
"""Parts of the names of hosts to which clients are sent that are taken for robots, or asked too fast."""

CLOUDFLARE = "challenges.cloudflare.com"
CHALLENGE_STEPS = frozenset({"captcha", "_incapsula_resource", "cdn-cgi"})
CONSENT_HOSTS = ("consent.", "guce.", "cookie-consent.")
SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gob", "gouv", "gov", "go", "gv", "mil", "net", "org"})
"""Under a country's domain these are shared by many owners: ``gob.mx``, ``gov.uk``."""


def redirect_target(exchange: Exchange) -> str | None:
    """Where a response sends its client, absolute and without fragment; None where it is no redirect.

    Raises Blocked (``redirected_away``) for a target that is no address of the web.
    """
    location = exchange.header("Location")
    if exchange.status not in REDIRECTS or not location:
        return None
    try:
        target = urldefrag(urljoin(exchange.final_url, _as_utf8(location.strip()))).url
        if urlsplit(target).scheme in ("http", "https") and urlsplit(target).hostname:
            return target
    except ValueError:
        pass
    raise Blocked("redirected_away", f"{exchange.final_url} redirects to {sanitise_detail(location, 200)!r}")


def check_redirect(source: str, target: str, visited: Sequence[str], most: int) -> None:
    """Raise where a redirect must not be followed.

    Unreachable: ``redirect_loop`` (seen before, or more than ``most`` hops). Blocked: ``challenge`` (to where
    clients prove that they are people, such as unblock.federalregister.gov), ``redirected_away`` (another
    site, or from https to http), ``login`` and ``cookie_wall`` (another site's log-in or consent page),
    ``redirected_home`` (from a page to the front page: what was asked for is not there, whatever the status
    says).
    """
    if target in visited:
        raise Unreachable("redirect_loop", f"{source} redirects back to {target}")
    if len(visited) > most:
        raise Unreachable("redirect_loop", f"{visited[0]} redirects more than {most} times")
    if is_challenge_address(target) and not is_challenge_address(source):
        raise Blocked(
            "challenge", f"{source} redirects to {target}, where clients prove that they are people"
        )
    if not is_same_site(source, target):
        raise Blocked(_kind_of_elsewhere(target), f"{source} redirects to another site: {target}")
    if urlsplit(source).scheme == "https" and urlsplit(target).scheme == "http":
        raise Blocked("redirected_away", f"{source} redirects to an address without TLS: {target}")
    if is_home(target) and not is_home(source):
        raise Blocked("redirected_home", f"{source} redirects to the front page {target}")


def _kind_of_elsewhere(target: str) -> str:
    """What another site is that a page redirects to, as far as its address says."""
    parts = urlsplit(target)
    host, steps = parts.hostname or "", set(parts.path.lower().split("/"))
    if host.startswith(CONSENT_HOSTS):
        return "cookie_wall"
    return "login" if host.startswith(LOGIN_HOSTS) or steps & LOGIN_STEPS else "redirected_away"


def is_challenge_address(url: str) -> bool:
    """Whether an address is one at which clients prove that they are people, by its host or a step."""
    parts = urlsplit(url)
    labels, steps = set((parts.hostname or "").split(".")), set(parts.path.lower().split("/"))
    return bool(labels & CHALLENGE_LABELS or steps & CHALLENGE_STEPS) or parts.hostname == CLOUDFLARE


def is_home(url: str) -> bool:
    """Whether an address is a site's front page. One with a query is a page of its own (``/?p=123``)."""
    parts = urlsplit(url)
    return parts.path.lower() in HOME_PATHS and not parts.query


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one owner as far as their names show.

    ``state.gov``, ``www.state.gov`` and ``2017-2021.state.gov`` do. ``gob.mx`` is shared by many, so that
    there only the name itself with and without ``www.`` does.
    """
    a, b = (urlsplit(url).hostname or "" for url in (one, other))
    return _without_www(a) == _without_www(b) or (_owned_name(a) == _owned_name(b) != "")


def _without_www(host: str) -> str:
    return host.rstrip(".").removeprefix("www.")


def _owned_name(host: str) -> str:
    """The part of a name that one owner registers, such as ``state.gov``; "" for an address or a suffix."""
    labels = host.rstrip(".").split(".")
    shared = len(labels) > 1 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    size = 3 if shared else 2
    if ":" in host or labels[-1].isdigit() or len(labels) < size:
        return ""
    return ".".join(labels[-size:])


def _as_utf8(location: str) -> str:
    """Header values arrive as Latin-1; an address in one is UTF-8, percent-encoded or not."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
