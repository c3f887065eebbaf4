"""What happens to a whole host: it is down, or something stands in its place. Pages after the known ones."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from fault_injection.publishers.served import Kind, Scope, Served, Sight

HTML = "text/html; charset=utf-8"


def _page(title: str, main: str, head: str = "") -> bytes:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta '
        f'charset="utf-8"><title>{escape(title)}</title>{head}</head>'
        f"<body>{main}</body></html>\n"
    ).encode()


CHALLENGE = _page(
    "Just a moment...",
    '<h1>Checking your browser</h1><p>Enable JavaScript and cookies to continue</p><script src="/cdn-cgi/'
    'challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
)
DENIED = _page(
    "Access Denied",
    "<h1>Access Denied</h1><p>You don't have permission to access this server.</p><p>Reference "
    "#18.2d1f1102.1712</p>",
)
LOGIN = _page(
    "Sign in",
    '<main><h1>Sign in</h1><form method="post" action="/login"><label>User name <input '
    'name="user"></label><label>'
    'Password <input type="password" name="password"></label><button>Sign in</button></form></main>',
)
COOKIES = _page(
    "Before you continue",
    "<main><h1>Before you continue</h1><p>We use cookies to deliver this website and to measure its use. "
    "Accept cookies "
    'to go on to the page that you asked for.</p><form action="/consent"><button>Accept all '
    "cookies</button><button>"
    "Reject</button></form></main>",
)
MAINTENANCE = _page(
    "Site under maintenance",
    "<main><h1>We will be back soon</h1><p>This site is currently undergoing scheduled maintenance. "
    "Please try again "
    "later. We apologize for the inconvenience that this may cause.</p></main>",
)
SHELL = _page(
    "News",
    '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script '
    'src="/static/js/main.3f2a.js"></script>',
)
SOFT_404 = _page(
    "Page not found",
    "<main><h1>Page not found</h1><p>The page that you are looking for may have been moved or is no "
    "longer there. Try "
    "our search, or go back to the home page.</p></main>",
)


def host_kinds(*, patient: bool) -> tuple[Kind, ...]:
    """``patient``: with answers that take longer than anybody waits; each costs the bench real seconds."""
    kinds = (
        *_outages(),
        *(_in_place(name, body, status) for name, body, status in _PLACED),
        _on_host("login_redirect", 302, b"", (("Location", "/login?next=1"),)),
        _on_host("home_redirect", 301, b"", (("Location", "/"),)),
        _on_host("elsewhere_redirect", 302, b"", (("Location", "https://moved.example.org/"),)),
        *_broken(),
    )
    return (
        (
            *kinds,
            Kind(
                "timeout",
                "loud",
                answer=lambda a, s: replace(a, drip=True),
                scope="host",
                group="host",
                days=0.3,
            ),
        )
        if patient
        else kinds
    )


_PLACED: tuple[tuple[str, bytes, int], ...] = (
    ("challenge_200", CHALLENGE, 200),
    ("challenge_403", CHALLENGE, 403),
    ("denied_200", DENIED, 200),
    ("denied_403", DENIED, 403),
    ("login_200", LOGIN, 200),
    ("cookie_wall", COOKIES, 200),
    ("maintenance_200", MAINTENANCE, 200),
    ("maintenance_503", MAINTENANCE, 503),
    ("script_shell", SHELL, 200),
    ("soft_404", SOFT_404, 200),
    ("http_404", SOFT_404, 404),
    ("http_429", b"Too Many Requests", 429),
    ("http_451", b"Unavailable For Legal Reasons", 451),
)


def _outages() -> tuple[Kind, ...]:
    return (
        _on_host("http_500", 500, b"Internal Server Error"),
        Kind("outage_long", "loud", answer=_with(502, b"Bad Gateway"), scope="host", group="host", days=2.5),
        Kind("cut_connection", "loud", answer=lambda a, s: replace(a, cut=-1), scope="host", group="host"),
    )


def _broken() -> tuple[Kind, ...]:
    return (
        Kind(
            "cut_body",
            "loud",
            answer=lambda a, s: replace(a, cut=len(a.body) // 2),
            scope="host",
            group="host",
        ),
        Kind("gzip_broken", "loud", answer=_broken_gzip, scope="host", group="host"),
        Kind("empty_body", "loud", answer=lambda a, s: replace(a, body=b""), scope="host", group="host"),
    )


def article_kinds() -> tuple[Kind, ...]:
    """The listing goes on, but something stands in the place of the releases behind it."""
    return tuple(
        Kind(f"releases_{kind.id}", "either", answer=kind.answer, scope="articles", group="host")
        for kind in host_kinds(patient=False)
        if kind.id in _OF_ARTICLES
    )


_OF_ARTICLES = frozenset({
    "challenge_200", "denied_200", "login_200", "cookie_wall", "maintenance_200", "script_shell", "soft_404",
    "home_redirect", "login_redirect", "http_500", "cut_body", "empty_body",
})  # fmt: skip


def _in_place(name: str, body: bytes, status: int) -> Kind:
    return _on_host(name, status, body)


def _on_host(
    name: str, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = (), scope: Scope = "host"
) -> Kind:
    return Kind(name, "loud", answer=_with(status, body, headers), scope=scope, group="host")


def _with(
    status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()
) -> Callable[[Served, Sight], Served]:
    return lambda answer, sight: Served(body, HTML, status, headers)


def _broken_gzip(answer: Served, sight: Sight) -> Served:
    return replace(
        answer,
        body=b"\x1f\x8b\x08" + answer.body[:200],
        headers=(*answer.headers, ("Content-Encoding", "gzip")),
    )
