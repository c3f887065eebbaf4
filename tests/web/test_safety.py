"""What nobody can do to the pages: read a thing that is not theirs, change one by looking, load or run anything."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from support.web_pages import BASE, Page, Visitor

from servanda.jobs.delivery.signed_links import PATHS, Purpose, token_for
from servanda.web.app import create_app
from servanda.web.middleware import LONGEST_BODY, RequestLimitsMiddleware

ANA, LUZ = "ana@example.org", "luz@example.org"


def addresses(visitor: Visitor) -> Iterator[str]:
    """Every route of the app, with each watcher's valid tokens and with bad ones, and some that do not exist."""
    limited = create_app(visitor.wiring)
    assert isinstance(limited, RequestLimitsMiddleware) and isinstance(limited._app, FastAPI)
    app = limited._app
    for route in app.routes:
        assert isinstance(route, APIRoute)
        path = route.path
        if "{token}" not in path:
            yield path.replace("{instrument}", "us-mexico-2019")
            yield path.replace("{instrument}", "no-such")
            continue
        purpose = next(p for p, letter in PATHS.items() if path == f"/{letter}/{{token}}")
        for address in (ANA, LUZ):
            yield getattr(visitor.links(address), f"{purpose}_url").removeprefix(BASE)
        yield path.replace("{token}", "no-such-token")
    yield from ("/", "/nothing", "/docs", "/openapi.json", "/u", "/u/", "/p/", "/../etc/passwd")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_only_a_post_changes_anything(visitor: Visitor, method: str) -> None:
    before, asked = visitor.rows(), list(addresses(visitor))
    assert len(asked) > 15
    for path in asked:
        query = {"action": "end", "List-Unsubscribe": "One-Click", "language": "es"}
        for more in ({}, {"params": query}, {"data": query} if method != "TRACE" else {}):
            answer = visitor.ask(method, path, **more)
            assert answer.status_code in (200, 404, 405, 503 if path == "/health" else 200), (method, path)
            assert method != "HEAD" or answer.content == b""
    assert visitor.rows() == before


def test_every_answer_forbids_the_browser_what_it_need_not_do(visitor: Visitor) -> None:
    for path in addresses(visitor):
        for method in ("GET", "HEAD", "PUT"):
            headers = visitor.ask(method, path).headers
            policy = headers["Content-Security-Policy"].split("; ")
            assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
            assert not any("unsafe" in part or "*" in part for part in policy)
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "noindex" in headers["X-Robots-Tag"]
            assert "set-cookie" not in headers
            assert not re.search("servanda|python", headers.get("Server", ""), re.IGNORECASE)
            if headers["Content-Type"].startswith("text/html"):
                assert headers["Cache-Control"] == "no-store"


def test_pages_load_nothing_run_nothing_and_are_whole(visitor: Visitor) -> None:
    seen = 0
    for path in addresses(visitor):
        answer = visitor.get(path)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        seen += 1
        page = Page(answer.text)
        tags = {tag for tag, _ in page.tags}
        assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "a", "video", "svg", "base"})
        for tag, attributes in page.tags:
            assert not {"src", "srcset", "href", "action", "formaction", "style"} & attributes.keys(), tag
            assert not any(name.startswith("on") for name in attributes)
        check_accessible(page)
        (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
        assert "url(" not in style and "@import" not in style
    assert seen > 15


def check_accessible(page: Page) -> None:
    """One heading of the first rank, a language, a label for each choice, a name for each button."""
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] in ("en", "es")
    assert page.all("meta")[1]["content"] == "width=device-width, initial-scale=1"
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert [one["id"] for one in page.all("select")] == [one["for"] for one in page.all("label")]
    assert len(page.all("fieldset")) == len(page.all("legend"))
    assert len(page.all("main")) == 1


def bad_tokens(visitor: Visitor, path: str) -> Iterator[str]:
    secret, key, now = visitor.wiring.signing_secret, visitor.watcher(ANA).key, visitor.wiring.now
    good = {purpose: token_for(secret, purpose, key, now) for purpose in PATHS}
    yield from (token for purpose, token in good.items() if PATHS[purpose] != path)
    own = next(token for purpose, token in good.items() if PATHS[purpose] == path)
    yield from (own[:-1], own + "A", own[1:], own.swapcase(), own.upper(), own.replace(".", ""), own + "=")
    yield from (
        key,
        f"{key}.",
        f".{own}",
        own.partition(".")[0],
        "." * 100,
        "x" * 5_000,
        "%00",
        "%F0%9F%92%A9",
    )
    yield token_for(b"another secret, of thirty-two bytes", "unsubscribe", key, now)
    yield token_for(secret, "unsubscribe", "f" * 32, now)
    yield token_for(secret, "preferences", "' OR 1=1 --", now).replace("/", "")


@pytest.mark.parametrize("path", PATHS.values())
def test_a_bad_token_gives_no_hint_of_what_is_bad(visitor: Visitor, path: str) -> None:
    before = visitor.rows()
    nothing = visitor.get("/nothing")
    assert (nothing.status_code, "no such page" in nothing.text) == (404, True)
    for token in bad_tokens(visitor, path):
        for method in ("GET", "POST"):
            answer = visitor.ask(method, f"/{path}/{token}")
            assert (answer.status_code, answer.text) == (404, nothing.text), (method, token[:90])
    assert visitor.rows() == before


def test_who_is_unknown_is_spoken_to_in_the_browsers_language(visitor: Visitor) -> None:
    for accepted, language in {
        "es-MX,es;q=0.9,en;q=0.8": "es",
        "en-US,en;q=0.9,es;q=0.8": "en",
        "fr,es;q=0.2": "es",
        "es;q=0": "en",
        "": "en",
        ",;q=;q=x, es;q=nan" + "x" * 9_000: "en",
    }.items():
        page = Page(visitor.get("/u/no-such", headers={"Accept-Language": accepted}).text)
        assert page.all("html") == [{"lang": language}], accepted


@pytest.mark.parametrize("path", ["u", "p", "c"])
def test_a_body_that_is_too_long_changes_nothing(visitor: Visitor, path: str) -> None:
    before = visitor.rows()
    url = next(u for p, u in vars_of(visitor).items() if PATHS[p] == path)
    for body in (b"x" * (LONGEST_BODY + 1), (b"x" * 1000 for _ in range(66))):
        answer = visitor.post(url, body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code == 413
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.rows() == before


def vars_of(visitor: Visitor) -> dict[Purpose, str]:
    links = visitor.links(ANA)
    return {purpose: getattr(links, f"{purpose}_url") for purpose in PATHS}


@pytest.mark.parametrize(
    "form",
    [
        "&".join(f"f{n}=x" for n in range(5_000)),
        "pace.all=end&" * 200,
        "%" * 3_000,
        "action=save&hour=9&hour=99",
        "action=save&action=end",
    ],
)
def test_forms_of_any_shape_are_read_or_refused(visitor: Visitor, form: str) -> None:
    answer = visitor.post(
        visitor.links(ANA).preferences_url,
        form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in (200, 400)
    assert visitor.get(visitor.links(ANA).preferences_url).status_code == 200


def test_a_file_in_a_form_is_refused(visitor: Visitor) -> None:
    before = visitor.rows()
    files = {"action": ("x.txt", b"save")}
    assert visitor.ask("POST", visitor.links(ANA).preferences_url, files=files).status_code == 400
    assert visitor.rows() == before


def test_the_prefix_of_the_public_address_may_stand_in_a_request_or_not(visitor: Visitor) -> None:
    path = visitor.links(ANA).unsubscribe_url.removeprefix(BASE)
    assert visitor.get(path).status_code == 200
    assert visitor.get(urlsplit(BASE).path + path).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_sent_to_the_host_that_a_request_names(visitor: Visitor, method: str) -> None:
    for path in (visitor.links(ANA).unsubscribe_url, visitor.links(ANA).preferences_url, "/calendar.ics"):
        answer = visitor.ask(method, f"{path}/", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers.get("location")) == (404, None)
    assert visitor.watcher(ANA).active


def test_a_request_that_is_no_http_ends_in_an_error_and_not_in_the_server(visitor: Visitor) -> None:
    host, _, port = visitor.server.removeprefix("http://").partition(":")
    for sent in (
        b"\x16\x03\x01\x02\x00",
        b"GET /" + b"x" * 100_000,
        b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(sent + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            assert b" 200 " not in connection.recv(1000)
    assert visitor.get(visitor.links(ANA).unsubscribe_url).status_code == 200
