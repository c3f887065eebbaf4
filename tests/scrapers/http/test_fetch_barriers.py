"""Challenges are told from genuine pages; what the fetcher makes of every page in another's place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.barrier_pages import BLOCKED, FORM, GENUINE, LISTING, Labelled
from support.http_publisher import Publisher, Reply

from servanda.scrapers.barriers import find_challenge
from servanda.scrapers.exchange import Blocked, Exchange, Unreachable


def response(
    body: str,
    content_type: str = "text/html",
    *,
    status: int = 200,
    url: str = "https://www.a.gov/",
    **headers: str,
) -> Exchange:
    lines = (("Content-Type", content_type), *((n.replace("_", "-"), v) for n, v in headers.items()))
    at = datetime(2019, 9, 5, tzinfo=UTC)
    return Exchange(url, url, (), status, "", lines, body.encode(), body.encode(), "", at, 0.0)


def page(title: str, body: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body>{body}</body></html>"


CHALLENGES = {
    "Cloudflare's waiting page": page(
        "Just a moment...",
        '<script>window._cf_chl_opt={};</script><script src="/cdn-cgi/challenge-platform/h">',
    ),
    "the same in Spanish": page("Un momento…", '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate">'),
    "Cloudflare's block": page(
        "Attention Required! | Cloudflare", '<div id="cf-error-details">Sorry, you have been blocked</div>'
    ),
    "Akamai's refusal": (
        "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n"
        "You don't have permission to access this on this server.<P>\nReference&#32;&#35;18&#46;2d1&#46;15\n</BODY>"
    ),
    "Akamai's refusal, unescaped": page("Access Denied", "Reference #18.2d1.15"),
    "Imperva's frame": (
        '<html><head><script src="/_Incapsula_Resource?SWJIYLWA=7"></script></head>'
        '<body><iframe id="main-iframe" src="/_Incapsula_Resource?x">Request unsuccessful.</iframe></body></html>'
    ),
    "Imperva's incident": page("", "Request unsuccessful. Incapsula incident ID: 7-7"),
    "the Federal Register's": page(
        "Federal Register :: Request Access",
        "Due to aggressive automated scraping of FederalRegister.gov and eCFR.gov, access is limited.",
    ),
    "F5's refusal": page("Request Rejected", "The requested URL was rejected. Your support ID is: 7"),
    "Sucuri's refusal": page("Sucuri WebSite Firewall - Access Denied", "Block details"),
    "PerimeterX's button": page(
        "Access to this page has been denied", '<div id="px-captcha">Press &amp; Hold</div>'
    ),
    "DataDome's": page(
        "a.gov", "Please enable JS and disable any ad blocker<script src='https://captcha-delivery.com/c.js'>"
    ),
    "AWS's": page(
        "", '<script>window.awsWafCookieDomainList=[];</script><div id="challenge-container"></div>'
    ),
    "Anubis's": page("Making sure you&#39;re not a bot!", "Loading"),
    "a captcha": page("Verify you are human", '<div class="g-recaptcha" data-sitekey="x"></div>'),
    "a captcha in Spanish": page("Verificación de seguridad", '<div class="h-captcha"></div>'),
}


@pytest.mark.parametrize("which", CHALLENGES)
@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_is_seen_whatever_its_status(which: str, status: int) -> None:
    assert find_challenge(response(CHALLENGES[which], status=status)) is not None


@pytest.mark.parametrize("which", CHALLENGES)
def test_a_challenge_is_seen_where_a_feed_was_asked_for(which: str) -> None:
    """Some say that they are the feed; the bytes show that they are not, where they start like a page."""
    starts_like_html = CHALLENGES[which].lower().startswith(("<!doctype html", "<html"))
    assert (
        find_challenge(response(CHALLENGES[which], "application/rss+xml")) is not None
    ) == starts_like_html


UNCHALLENGED = {
    "an article of that name": page(
        "Access Denied: A Report on Consular Visits", "<p>The department said</p>"
    ),
    "a press release on robots": page("Are you a robot? A new curriculum", "<p>Schools will teach</p>"),
    "a page behind Cloudflare": page(
        "News", '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js">'
    ),
    "a page behind Imperva": page("News", '<script src="/_Incapsula_Resource?SWJIYLWA=7"></script>'),
    "a page with a contact form": page(
        "Contact", '<div class="g-recaptcha"></div> reference #7 access denied'
    ),
    "a page that quotes the notice": page("Statement", "Just a moment... challenge-platform"),
    "an empty page": "",
    "a page without a title": "<html><body>Access Denied</body></html>",
}


@pytest.mark.parametrize("which", UNCHALLENGED)
def test_a_genuine_page_is_none(which: str) -> None:
    assert find_challenge(response(UNCHALLENGED[which])) is None


@pytest.mark.parametrize("content_type", ["application/json", "application/rss+xml", "text/plain", ""])
def test_text_about_challenges_in_data_is_none(content_type: str) -> None:
    text = '{"title": "<title>Just a moment...</title> challenge-platform"}'
    assert find_challenge(response(text, content_type)) is None


@pytest.mark.parametrize(
    "header, value, seen",
    [
        ("cf_mitigated", "challenge", True),
        ("x_amzn_waf_action", "challenge", True),
        ("x_amzn_waf_action", "CAPTCHA", True),
        ("x_amzn_waf_action", "allow", False),
        ("cf_ray", "challenge", False),
    ],
)
def test_a_header_can_say_it(header: str, value: str, seen: bool) -> None:
    assert (find_challenge(response("", "", status=202, **{header: value})) is not None) is seen


@pytest.mark.parametrize(
    "url, seen",
    [
        ("https://unblock.federalregister.gov/", True),
        ("https://www.federalregister.gov/api/v1/documents.json", False),
        ("https://www.a.gov/unblock.federalregister.gov", False),
    ],
)
def test_the_host_of_the_federal_registers_challenge_is_known(url: str, seen: bool) -> None:
    assert (find_challenge(response("<html>", url=url)) is not None) is seen


def test_no_recorded_page_is_taken_for_a_challenge(real: Path) -> None:
    recorded = sorted(p for kind in ("html", "rss", "json") for p in real.rglob(f"*.{kind}"))
    assert len(recorded) > 20
    wrong = {}
    for path in recorded:
        text = path.read_text(encoding="utf-8", errors="replace")
        for content_type in ("text/html", "application/octet-stream"):
            if found := find_challenge(response(text, content_type)):
                wrong[path.name] = found
    assert wrong == {}


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_challenge_is_blocked_and_not_tried_again(publisher: Publisher, status: int) -> None:
    body = CHALLENGES["Cloudflare's waiting page"].encode()
    url = publisher.say("/a", Reply(status, body, {"Content-Type": "text/html"}))
    failure, recording = publisher.get(url)
    assert (type(failure), failure.kind) == (Blocked, "challenge")
    assert "Cloudflare" in failure.reason
    assert publisher.paths == ["/a"]
    assert recording.exchanges[-1].body == body, "the evidence is kept"


def test_what_a_redirect_says_beside_its_target_is_not_looked_at(publisher: Publisher) -> None:
    body = CHALLENGES["Cloudflare's waiting page"].encode()
    publisher.say("/b", Reply(200, b"here"))
    moved = Reply(302, body, {"Content-Type": "text/html", "Location": "/b"})
    exchange, _ = publisher.get(publisher.say("/a", moved))
    assert exchange.body == b"here"


def test_a_challenge_in_place_of_robots_txt_leaves_the_page_to_say_so(publisher: Publisher) -> None:
    body = CHALLENGES["Akamai's refusal"].encode()
    reply = Reply(403, body, {"Content-Type": "text/html"})
    publisher.say("/robots.txt", reply)
    failure, recording = publisher.get(publisher.say("/a", reply))
    assert (type(failure), failure.kind) == (Blocked, "challenge")
    assert [exchange.status for exchange in recording.exchanges] == [403, 403]


# --- other pages in the wanted one's place ----------------------------------------------------------


@pytest.mark.parametrize("one", [one for one in BLOCKED if one.url == LISTING], ids=lambda one: one.what)
def test_a_page_in_anothers_place_is_blocked_by_its_class(publisher: Publisher, one: Labelled) -> None:
    typed = {"Content-Type": one.content_type, **dict(one.headers)}
    headers = {name: value for name, value in typed.items() if name != "Retry-After"}
    url = publisher.say("/news/", Reply(one.status, one.body.encode(), headers))
    failure, recording = publisher.get(url)
    assert (type(failure), failure.kind) == (Blocked, one.kind)
    assert url in failure.reason or one.kind == "challenge"
    assert recording.exchanges[-1].body == one.body.encode(), "the evidence is kept"


@pytest.mark.parametrize("one", [one for one in GENUINE if LISTING not in one.body], ids=lambda one: one.what)
def test_a_genuine_page_is_handed_on(publisher: Publisher, one: Labelled) -> None:
    url = publisher.say("/news/", Reply(200, one.body.encode(), {"Content-Type": one.content_type}))
    exchange, _ = publisher.get(url)
    assert isinstance(exchange, Exchange)
    assert exchange.body == one.body.encode()


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "http_401"), (403, "http_403"), (404, "http_404"), (503, "http_503")]
)
def test_where_nothing_but_the_status_speaks_it_names_the_failure(
    publisher: Publisher, status: int, kind: str
) -> None:
    body = page("Agency", "<p>Something went wrong.</p>").encode()
    failure, _ = publisher.get(publisher.say("/a", Reply(status, body, {"Content-Type": "text/html"})))
    assert failure.kind == kind
    assert ("something went wrong" in failure.reason) is (status in (401, 403))


def test_a_refusal_in_plain_words_is_kept_with_them(publisher: Publisher) -> None:
    body = b'{"error": "Automated access needs an agreement."}\x1b[31m'
    failure, _ = publisher.get(publisher.say("/a", Reply(403, body, {"Content-Type": "application/json"})))
    assert "automated access needs an agreement" in failure.reason
    assert "\x1b" not in failure.reason


def test_a_page_that_says_not_found_with_its_proper_status_is_no_soft_one(publisher: Publisher) -> None:
    body = page("Page not found").encode()
    failure, _ = publisher.get(publisher.say("/a", Reply(404, body, {"Content-Type": "text/html"})))
    assert (type(failure), failure.kind) == (Unreachable, "http_404")


def test_a_page_that_moved_to_the_log_in_is_one(publisher: Publisher) -> None:
    publisher.say(
        "/user/login?destination=news",
        Reply(200, page("Agency", FORM).encode(), {"Content-Type": "text/html"}),
    )
    moved = Reply(302, b"", {"Location": "/user/login?destination=news"})
    failure, _ = publisher.get(publisher.say("/news/", moved))
    assert (type(failure), failure.kind) == (Blocked, "login")


@pytest.mark.parametrize("kind", ["login", "cookie_wall", "maintenance", "javascript_shell", "soft_404"])
def test_such_a_page_in_place_of_robots_txt_forbids_nothing(publisher: Publisher, kind: str) -> None:
    body = next(one.body for one in BLOCKED if one.kind == kind and one.url == LISTING)
    publisher.say("/robots.txt", Reply(200, body.encode(), {"Content-Type": "text/html"}))
    exchange, _ = publisher.get(publisher.say("/a", Reply()))
    assert isinstance(exchange, Exchange)
