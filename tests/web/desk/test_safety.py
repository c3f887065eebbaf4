"""What no page of the desk does: change anything, run or load anything, answer anybody but this machine."""

from __future__ import annotations

import re
import shlex
from collections import Counter

import pytest
import requests
from support.desk_pages import WINDOW, Reader, internal
from support.typed_commands import parse
from support.web_pages import serving

from servanda.models.tables import metadata
from servanda.web.app import create_app
from servanda.web.desk.door import Door

pytestmark = pytest.mark.slow


MOST_ALIKE = 8
"""Pages of one template that are looked at."""


def crawled(reader: Reader) -> dict[str, requests.Response]:
    """What links lead to, beginning at the overview: up to so many pages of each template, and every answer."""
    found: dict[str, requests.Response] = {}
    todo, alike = [""], Counter[str]()
    while todo:
        path = todo.pop()
        shape = re.sub(r"[^/]*\d[^/]*", "0", path.partition("?")[0])
        if path in found or alike[shape] >= MOST_ALIKE:
            continue
        alike[shape] += 1
        found[path] = reader.ask(path)
        if is_page(found[path]):
            todo += internal(reader.page(path))
    return found


def is_page(answer: requests.Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


@pytest.fixture(scope="session")
def everything(reader: Reader) -> dict[str, requests.Response]:
    return crawled(reader)


def rows(reader: Reader) -> dict[str, int]:
    from sqlalchemy import func, select

    with reader.wiring.store.reading() as db:
        return {
            name: db.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_every_link_leads_somewhere(everything: dict[str, requests.Response]) -> None:
    assert len(everything) > 60
    assert {path: a.status_code for path, a in everything.items() if a.status_code not in (200, 303)} == {}


def test_looking_changes_nothing(reader: Reader, everything: dict[str, requests.Response]) -> None:
    before = rows(reader)
    for path in everything:
        for method in ("GET", "HEAD"):
            reader.ask(path, method)
    assert rows(reader) == before


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method_is_answered(reader: Reader, method: str) -> None:
    for path in ("", WINDOW, f"{WINDOW}/as-of/20190906T040000Z"):
        assert reader.ask(path, method).status_code == 405


def test_every_page_forbids_the_browser_what_it_need_not_do(everything: dict[str, requests.Response]) -> None:
    least = {"default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"}
    for path, answer in everything.items():
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert not is_page(answer) or least <= set(policy)
        assert not any("unsafe" in part or "*" in part or "script" in part for part in policy), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


def test_no_page_holds_a_script_a_style_or_a_thing_from_elsewhere(
    reader: Reader, everything: dict[str, requests.Response]
) -> None:
    for path in (path for path, answer in everything.items() if is_page(answer)):
        page = reader.page(path)
        active = ["script", "style", "iframe", "object", "embed", "img", "video", "base"]
        assert page.soup.find_all(active) == []
        for tag in page.soup.find_all(True):
            assert not [
                name for name in tag.attrs if name.startswith("on") or name in ("style", "src", "srcset")
            ]
        loaded = [str(one["href"]) for one in page.soup.find_all("link") if one["rel"] == ["stylesheet"]]
        assert len(loaded) == 1 and loaded[0].startswith("/static/")
        assert reader.ask(loaded[0].lstrip("/")).headers["Content-Type"] == "text/css; charset=utf-8"


def test_pages_are_small(everything: dict[str, requests.Response]) -> None:
    sizes = {path: len(answer.content) for path, answer in everything.items() if is_page(answer)}
    assert {path: size for path, size in sizes.items() if size > 100_000} == {}


def test_every_command_that_a_page_shows_can_be_typed(
    reader: Reader, everything: dict[str, requests.Response]
) -> None:
    shown = set()
    for path in (path for path, answer in everything.items() if is_page(answer)):
        shown |= {one.get_text() for one in reader.page(path).soup.select("code.command")}
    assert len(shown) > 15
    for command in shown:
        program, *arguments = shlex.split(
            command.replace("YYYY-MM-DD", "2019-06-07").replace("DAY", "2019-06-07")
        )
        assert program == "servanda"
        parse(arguments)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-For": "192.0.2.7"},
        {"Forwarded": "for=192.0.2.7"},
        {"Via": "1.1 proxy"},
    ],
)
def test_the_desk_does_not_show_itself_to_others_and_the_open_pages_stay_open(
    reader: Reader, headers: dict[str, str]
) -> None:
    for path in ("", WINDOW, "sources", "static/x.css"):
        answer = reader.ask(path, **headers)
        assert answer.status_code == 404
        assert "Further actions" not in answer.text
    assert reader.ask("calendar.ics", **headers).status_code == 200
    assert reader.ask("events.atom", **headers).status_code == 200


def test_a_desk_with_a_port_of_its_own_does_not_answer_at_another(reader: Reader) -> None:
    with serving(create_app(reader.wiring, Door(port=1))) as server:
        elsewhere = Reader(reader.wiring, server)
        assert elsewhere.ask("").status_code == 404
        assert elsewhere.ask("calendar.ics").status_code == 200


def test_the_desk_may_lie_below_a_prefix(reader: Reader) -> None:
    from dataclasses import replace

    settings = reader.wiring.settings.model_copy(update={"public_url": "http://localhost:1/monitor"})
    with serving(create_app(replace(reader.wiring, settings=settings), Door())) as server:
        below = Reader(reader.wiring, server)
        for path in ("monitor/", f"monitor/es/{WINDOW}", WINDOW):
            page = below.page(path)
            assert page.status == 200
            assert all(link.startswith(("/monitor/", "http", "#")) for link in page.links()), path
