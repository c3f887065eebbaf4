"""Labelled responses: pages in another's place, as the software of sites writes them, and genuine ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from servanda.scrapers.exchange import Exchange

LISTING = "https://www.agency.example/news/"


class Labelled(NamedTuple):
    """``kind`` is the class of a page in another's place, None for a genuine one."""

    what: str
    kind: str | None
    body: str
    status: int = 200
    url: str = LISTING
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def exchange(self) -> Exchange:
        body, at = self.body.encode(), datetime(2019, 9, 5, tzinfo=UTC)
        typed = (("Content-Type", self.content_type),) if self.content_type else ()
        return Exchange(
            self.url, self.url, (), self.status, "", (*typed, *self.headers), body, body, "", at, 0.0
        )


def page(title: str, body: str = "", head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title>{head}</head>\n<body>{body}</body></html>"


def paragraphs(n: int) -> str:
    sentence = "The department said that consultations on the agreement would go on in the coming weeks."
    return "".join(f"<p>{sentence} Paragraph {k}.</p>" for k in range(n))


FORM = '<form method="post"><input name="user"><input type="password" name="pass"><button>Go</button></form>'
NAV = "<nav>" + "".join(f'<a href="/{s}">{s.title()}</a> ' for s in ("about", "news", "offices")) + "</nav>"
ARTICLE = "<main><h1>{0}</h1><time datetime='2019-09-05'>September 5, 2019</time>" + paragraphs(8) + "</main>"
BANNER = (
    '<div class="cookies">We use cookies. Please accept cookies to continue. <button>Accept</button></div>'
)
ROWS = "".join(
    f'<li class="row"><a href="/news/{n}/">Statement {n}</a><time datetime="2019-09-0{n}"></time></li>'
    for n in range(1, 6)
)
SCRIPT = '<script src="/static/main.2f1c.js"></script>'

# fmt: off
BLOCKED = (
    Labelled("Cloudflare's waiting page", "challenge", page("Just a moment...", '<script src="/cdn-cgi/challenge-platform/h">'), 403),
    Labelled("the same with status 200", "challenge", page("Just a moment...", "<script>window._cf_chl_opt={};</script>")),
    Labelled("Akamai's refusal", "challenge", page("Access Denied", "Reference #18.2d1.15"), 403),
    Labelled("a captcha with status 429", "challenge", page("Verify you are human", '<div class="g-recaptcha"></div>'), 429),
    Labelled("a challenge of AWS", "challenge", "", 202, headers=(("x-amzn-waf-action", "challenge"),)),
    Labelled("a challenge with status 503", "challenge", page("Robot Check", '<img src="captcha.png">'), 503),
    Labelled("the state department's refusal", "challenge", page(
        "Technical Difficulties", "<p>We're sorry, this site is currently experiencing technical difficulties.</p><p>Exception: forbidden</p>")),

    Labelled("a log-in page", "login", page("Log in | Agency", f"<h1>Log in</h1>{FORM}")),
    Labelled("a log-in page that refuses", "login", page("Agency", f"<h1>Please sign in</h1>{FORM}"), 403),
    Labelled("a log-in page with status 401", "login", page("Agency portal", FORM), 401),
    Labelled("a log-in page after a redirect", "login", page("Agency", f"{NAV}{FORM}"), url="https://www.agency.example/user/login?next=/news/"),
    Labelled("a log-in page of WordPress", "login", page("Agency &#8212; WordPress", FORM), url="https://www.agency.example/wp-login.php?redirect_to=x"),
    Labelled("a log-in page in Spanish", "login", page("Iniciar sesión - Secretaría", FORM)),
    Labelled("a log-in to something", "login", page("Sign in to your account", FORM), 202),
    Labelled("a form that hands on to a log-in service", "login", page(
        "", '<form action="https://idp.agency.example/sso" method="post"><input type="hidden" name="SAMLRequest" value="x"></form>')),
    Labelled("a log-in page, too many tries", "login", page("Login", FORM), 429),

    Labelled("a cookie wall", "cookie_wall", page("Cookies required", "<p>You must accept cookies to read this site.</p><button>Accept</button>")),
    Labelled("a consent page", "cookie_wall", page("Before you continue", "<p>Before you continue to News, accept cookies.</p><form></form>")),
    Labelled("a consent page that asks in its own words", "cookie_wall", page("Before you continue", "<p>We use cookies to deliver this website. Accept cookies to go on to the page that you asked for.</p><form><button>Accept all cookies</button></form>")),
    Labelled("a consent page by its host", "cookie_wall", page("News", "<p>cookie choices</p>"), url="https://consent.agency.example/m?continue=x"),
    Labelled("a cookie wall with status 403", "cookie_wall", page("Enable cookies", "<p>Please enable cookies.</p><script src='c.js'></script>"), 403),
    Labelled("a wall without a heading", "cookie_wall", page("Agency", "<p>Cookies are disabled. Enable cookies to continue.</p><form></form>")),
    Labelled("a cookie wall in Spanish", "cookie_wall", page("Aviso de cookies", "<p>Para continuar, acepte las cookies.</p><button>Aceptar</button>")),

    Labelled("too many requests", "rate_limited", page("429 Too Many Requests", "<h1>Too Many Requests</h1>"), 429),
    Labelled("too many requests, without a page", "rate_limited", "", 429, headers=(("Retry-After", "60"),)),
    Labelled("too many requests with status 200", "rate_limited", page("Too Many Requests", "<p>Slow down.</p>")),
    Labelled("a rate limit with status 403", "rate_limited", '{"error": {"code": "OVER_RATE_LIMIT"}}', 403, content_type="application/json"),
    Labelled("a rate limit with status 503", "rate_limited", page("Rate limit exceeded", "<p>Try again later.</p>"), 503),
    Labelled("too many requests in Spanish", "rate_limited", page("Demasiadas solicitudes")),

    Labelled("Drupal's maintenance page", "maintenance", page(
        "Site under maintenance | Agency", "<h1>Site under maintenance</h1><p>Agency is currently under maintenance. We should be back shortly.</p>"), 503),
    Labelled("the same with status 200", "maintenance", page("Site under maintenance | Agency", "<p>We should be back shortly.</p>")),
    Labelled("WordPress's", "maintenance", page("Maintenance", "<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>"), 503),
    Labelled("technical difficulties", "maintenance", page("Technical Difficulties", "<p>Please try again in a few moments.</p>")),
    Labelled("a server that is overloaded", "maintenance", page("503 Service Unavailable", "<h1>Service Unavailable</h1>"), 503),
    Labelled("back soon", "maintenance", page("Agency", "<h1>We'll be back soon!</h1><p>The website is undergoing scheduled maintenance.</p>")),
    Labelled("a notice without a heading", "maintenance", page("Agency", "<p>This site is down for maintenance until 6 p.m.</p>")),
    Labelled("maintenance in Spanish", "maintenance", page("Sitio en mantenimiento", "<p>Estamos realizando tareas de mantenimiento.</p>")),
    Labelled("the service is out of order, in Spanish", "maintenance", page("Servicio no disponible", "<p>Intente más tarde.</p>"), 202),
    Labelled("maintenance that refuses", "maintenance", page("Scheduled maintenance", "<p>Our website is under maintenance.</p>"), 403),

    Labelled("a soft 404", "soft_404", page("Page not found | Agency", f"{NAV}<h1>Page not found</h1>{paragraphs(3)}")),
    Labelled("a soft 404 by its heading", "soft_404", page("Agency", f"{NAV}<h1>404: Page Not Found</h1>")),
    Labelled("a soft 404, apologising", "soft_404", page("Sorry, the page you are looking for could not be found.", NAV)),
    Labelled("a soft 404 with the status of a refusal", "soft_404", page("Error 404", "<p>Try the search.</p>"), 403),
    Labelled("a soft 404 with the status of an error", "soft_404", page("The requested page cannot be found", NAV), 503),
    Labelled("a soft 404 by its address", "soft_404", page("Agency", NAV), url="https://www.agency.example/404.html"),
    Labelled("a soft 404 in Spanish", "soft_404", page("Página no encontrada - gob.mx", "<p>Lo sentimos.</p>")),
    Labelled("a document that is not there, in Spanish", "soft_404", page("Secretaría", "<h1>Documento no encontrado</h1>")),

    Labelled("a shell of React", "javascript_shell", page(
        "Agency", f'<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>{SCRIPT}')),
    Labelled("a shell of Angular", "javascript_shell", page("Agency", f"<app-root>Loading...</app-root>{SCRIPT}")),
    Labelled("a shell of Vue", "javascript_shell", page("Agency", f'<div id="app"></div>{SCRIPT}')),
    Labelled("a page that wants scripts", "javascript_shell", page("News", f"<p>Please enable JavaScript to view the page content.</p>{SCRIPT}"), 403),
    Labelled("a page that wants scripts, in Spanish", "javascript_shell", page("Prensa", f"<noscript>Habilite JavaScript en su navegador</noscript>{SCRIPT}"), 202),
    Labelled("a page whose script leads elsewhere", "javascript_shell", page("", "<script>window.location.replace('/x?t=1')</script>")),
    Labelled("a page that sends browsers to the front page", "redirected_home", page("", head='<meta http-equiv="refresh" content="0; url=/">')),
    Labelled("a page that sends browsers to another site", "redirected_away", page(
        "Moved", head='<meta http-equiv="Refresh" content="0;URL=https://www.elsewhere.example/news">')),
)

GENUINE = (
    Labelled("a listing", None, page("News | Agency", f"{NAV}<ul>{ROWS}</ul>")),
    Labelled("a small listing without dates in its markup", None, page("News", "<ul><li><a href='/a'>Statement</a> September 5, 2019</li></ul>")),
    Labelled("an empty listing", None, page("Prensa", '<section id="prensa"></section>')),
    Labelled("a listing under a cookie banner", None, page("News", f"{BANNER}<ul>{ROWS}</ul>")),
    Labelled("a release under a cookie banner", None, page("Joint Statement", BANNER + ARTICLE.format("Joint Statement"))),
    Labelled("an undated release under a cookie banner", None, page("Joint Statement", f"{BANNER}<h1>Joint Statement</h1>{paragraphs(5)}")),
    Labelled("a release about cookies", None, page("Maintenance of the cookie policy", ARTICLE.format("Maintenance of the cookie policy"))),
    Labelled("an undated one about cookies", None, page("Cookie notice", f"<h1>Cookie notice</h1>{paragraphs(12)}<p>You must accept cookies to use the form.</p>")),
    Labelled("a release about accepting cookies", None, page("New rules: sites must not make you accept cookies", f"<h1>New rules</h1>{paragraphs(6)}")),
    Labelled("a release about a log-in", None, page("Login.gov opens to all agencies", ARTICLE.format("Login.gov opens to all agencies"))),
    Labelled("a release titled like a log-in", None, page("Sign in to the new portal", ARTICLE.format("Sign in to the new portal"))),
    Labelled("a release with a log-in form in its corner", None, page("Joint Statement", f"<header>{FORM}</header>" + ARTICLE.format("Joint Statement"))),
    Labelled("a listing with a log-in form in its corner", None, page("News", f"<header>Log in {FORM}</header><ul>{ROWS}</ul>")),
    Labelled("a release on signing", None, page("Sign-in of the agreement", "<h1>Sign-in of the agreement</h1><p>The ministers signed.</p>")),
    Labelled("a release about maintenance", None, page("Scheduled Maintenance", ARTICLE.format("Scheduled Maintenance"))),
    Labelled("an undated release about maintenance", None, page("Scheduled maintenance of the bridge at Laredo", f"<h1>Scheduled maintenance of the bridge at Laredo</h1>{paragraphs(2)}")),
    Labelled("a long notice of maintenance", None, page("Scheduled Maintenance | Agency", f"{NAV}<h1>Scheduled Maintenance</h1>{paragraphs(14)}")),
    Labelled("a release about a ministry that was under maintenance", None, page("Statement", f"<h1>Statement</h1>{paragraphs(4)}<p>The website is under maintenance, the minister said.</p>")),
    Labelled("a release on technical difficulties", None, page("Technical difficulties in the talks", ARTICLE.format("Technical difficulties in the talks"))),
    Labelled("a moment in history", None, page("Just a moment in history", ARTICLE.format("Just a moment in history"))),
    Labelled("a release about robots", None, page("Are you a robot? A new curriculum", "<p>Schools will teach</p>")),
    Labelled("a report titled Access Denied", None, page("Access Denied: A Report on Consular Visits", "<p>The department said</p>")),
    Labelled("a release about what was not found", None, page("Evidence not found: report of the commission", ARTICLE.format("Evidence not found"))),
    Labelled("a document named like an error", None, page("Document 404", "<h1>Document 404</h1><p>The form.</p>")),
    Labelled("communiqué 404", None, page("Comunicado 404. Reunión bilateral", "<h1>Comunicado 404. Reunión bilateral</h1><p>Hoy.</p>")),
    Labelled("a release whose number is 404", None, page("404 migrants returned in a week", "<h1>404 migrants returned in a week</h1><p>CBP said.</p>")),
    Labelled("a dated page that is titled page not found", None, page("Page not found", ARTICLE.format("Page not found"))),
    Labelled("a release about requests", None, page("Too many requests for asylum", ARTICLE.format("Too many requests for asylum"))),
    Labelled("a release about a rate limit", None, page("Rate limit for exports", "<h1>Rate limit for exports</h1><p>Announced today.</p>")),
    Labelled("a rendered page of an application", None, page("News", f'<noscript>Enable JavaScript for the map.</noscript><div id="root">{NAV}{paragraphs(3)}</div>{SCRIPT}')),
    Labelled("a short statement on a page with scripts", None, page("Statement", f"<h1>Statement</h1><p>Both parties agree.</p>{SCRIPT}")),
    Labelled("a page that refreshes itself", None, page("News", f"<ul>{ROWS}</ul>", '<meta http-equiv="refresh" content="300">')),
    Labelled("a page that refreshes its own address", None, page("News", "<p>Live</p>", f'<meta http-equiv="refresh" content="60;url={LISTING}">')),
    Labelled("a page behind Cloudflare", None, page("News", '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><p>One item today.</p>')),
    Labelled("a page without a head's end", None, "<html><head><title>News</title><script src='/a.js'></script><body><p>" + "word " * 40),
    Labelled("a page in one word", None, page("", "here")),
    Labelled("nothing", None, ""),
    Labelled("a feed that tells of all of it", None, "<rss><channel><item><title>Page not found</title></item></channel></rss>", content_type="application/rss+xml"),
    Labelled("JSON that tells of all of it", None, '{"title": "<title>Too many requests</title> login maintenance"}', content_type="application/json"),
    Labelled("a text about cookies", None, "Please enable cookies. You must accept cookies.", content_type="text/plain"),
)
# fmt: on
