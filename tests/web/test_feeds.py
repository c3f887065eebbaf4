from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import feedparser
import icalendar
import pytest
from support.web_pages import BASE, Visitor

from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.scheduling.heartbeat import repeating_schedule, with_heartbeat
from servanda.web.feeds import SECONDS, ResponseCache

PATHS = ("/calendar.ics", "/calendar/us-mexico-2019.ics", "/events.atom", "/events/us-mexico-2019.atom")


@pytest.fixture
def judged(wiring: Wiring) -> Wiring:
    assess(wiring)
    return wiring


@pytest.mark.parametrize("path", PATHS[:2])
def test_calendars_can_be_subscribed_to(judged: Wiring, visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[:1]
    assert event.decoded("DTSTART") == date(2019, 9, 5)


@pytest.mark.parametrize("path", PATHS[2:])
def test_events_can_be_followed(judged: Wiring, visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        "application/atom+xml; charset=utf-8",
    )
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.entries
    assert {link.href for link in feed.feed.links if link.rel == "self"} == {f"{BASE}{path}"}


@pytest.mark.parametrize("path", PATHS)
def test_who_has_the_newest_is_not_sent_it_again(judged: Wiring, visitor: Visitor, path: str) -> None:
    first = visitor.get(path)
    again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert visitor.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert "public" in first.headers["Cache-Control"]


@pytest.mark.parametrize("path", PATHS)
def test_both_languages_are_there_and_no_other(judged: Wiring, visitor: Visitor, path: str) -> None:
    english, spanish = (visitor.get(path, params={"language": one}).content for one in ("en", "es"))
    assert english == visitor.get(path).content != spanish
    other = visitor.get(path, params={"language": "<script>"})
    assert (other.status_code, other.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "script" not in other.text


@pytest.mark.parametrize("path", ["/calendar/no-such.ics", "/events/no-such.atom", "/events/..%2f.atom"])
def test_of_an_instrument_that_is_not_there_is_no_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_an_answer_is_made_once_for_many_and_anew_after_a_while() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return str(len(made)).encode()

    remembered = ResponseCache()
    assert [remembered.answer(("a",), at, make) for at in (0.0, SECONDS, SECONDS + 0.1)] == [b"1", b"1", b"2"]
    assert remembered.answer(("b",), 0.0, make) == b"3"


def test_health_tells_of_a_monitor_that_never_ran(visitor: Visitor) -> None:
    answer = visitor.get("/health")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert answer.json()["problems"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_needs_no_database(
    visitor: Visitor, wiring: Wiring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVANDA_PULSE", str(wiring.settings.pulse))
    for job in ("collect", "assess", "notify"):
        with with_heartbeat(job, nullcontext(wiring), repeating_schedule(timedelta(hours=1))):
            pass
    wiring.store.close()
    (tmp_path / "servanda.db").write_bytes(b"no database any more")
    answer = visitor.get("/health")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert {one["job"] for one in answer.json()["pulses"]} == {"collect", "assess", "notify"}


def test_where_the_database_is_gone_pages_say_so_and_the_server_stands(
    visitor: Visitor, wiring: Wiring, tmp_path: Path
) -> None:
    url = visitor.links("ana@example.org").unsubscribe_url
    wiring.store.close()
    kept = (tmp_path / "servanda.db").rename(tmp_path / "aside")
    (tmp_path / "servanda.db").write_bytes(b"no database any more, and long enough to be read as one" * 100)
    for method in ("GET", "POST"):
        answer = visitor.ask(method, url)
        assert answer.status_code == 500
        assert "Nothing has changed" in answer.text and "Traceback" not in answer.text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    wiring.store.close()
    kept.rename(tmp_path / "servanda.db")
    assert visitor.post(url).status_code == 200
