from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.web_pages import Page, Visitor

from servanda.jobs.watchers.membership import remove, suspend

ANA, LUZ = "ana@example.org", "luz@example.org"


def saved(visitor: Visitor, address: str = ANA, **fields: str) -> Page:
    """The page after its form was sent, with what it chose before, but for these fields."""
    url = visitor.links(address).preferences_url
    form = Page(visitor.get(url).text).chosen | {name.replace("__", "."): v for name, v in fields.items()}
    answer = visitor.post(url, form | {"action": "save"})
    assert answer.status_code == 200
    return Page(answer.text)


def test_the_page_shows_what_is_so(visitor: Visitor) -> None:
    page = Page(visitor.get(visitor.links(ANA).preferences_url).text)
    assert page.chosen == {
        "language": "en",
        "zone": "America/New_York",
        "hour": "8",
        "weekday": "0",
        "pace.all": "at_once",
        "pace.flags": "daily",
        "pace.last-resort": "at_once",
        "heartbeat": "weekly",
    }
    assert "Monday" in visitor.get(visitor.links(ANA).preferences_url).text
    assert "America/Mexico_City" in page.offered["zone"] and "UTC" in page.offered["zone"]


def test_saving_the_page_as_it_stands_changes_nothing(visitor: Visitor) -> None:
    before = visitor.rows()
    saved(visitor)
    assert visitor.rows() == before


def test_everything_on_the_page_can_be_changed(visitor: Visitor) -> None:
    page = saved(
        visitor,
        language="es",
        zone="America/Mexico_City",
        hour="21",
        weekday="6",
        heartbeat="daily",
        pace__all="weekly",
        pace__flags="at_once",
    )
    ana = visitor.watcher(ANA)
    profile = ana.profile
    assert (profile.language, profile.zone, profile.hour, profile.weekday, profile.heartbeat) == (
        "es", "America/Mexico_City", 21, 6, "daily",
    )  # fmt: skip
    assert {one.slug: one.frequency for one in ana.subscriptions} == {
        "all": "weekly", "flags": "at_once", "last-resort": "at_once",
    }  # fmt: skip
    assert page.all("html") == [{"lang": "es"}]
    assert page.chosen["zone"] == "America/Mexico_City"


def test_one_subscription_can_end_and_the_others_stay(visitor: Visitor) -> None:
    before = {one.slug: one for one in visitor.watcher(ANA).subscriptions}
    saved(visitor, pace__flags="end")
    after = {one.slug: one for one in visitor.watcher(ANA).subscriptions}
    assert after == {slug: one for slug, one in before.items() if slug != "flags"}
    assert visitor.watcher(ANA).active


def test_what_a_subscription_is_about_stays_as_it_is(visitor: Visitor) -> None:
    saved(visitor, pace__flags="weekly")
    (flags,) = [one for one in visitor.watcher(ANA).subscriptions if one.slug == "flags"]
    assert (flags.kinds, flags.severity) == (("window_ended", "final_word"), "urgent")


def test_all_can_end_and_begin_again(visitor: Visitor) -> None:
    url = visitor.links(ANA).preferences_url
    ended = Page(visitor.post(url, {"action": "end"}).text)
    assert visitor.watcher(ANA).state == "ended"
    assert len(ended.all("button")) == 1
    begun = Page(visitor.post(url, {"action": "begin"}).text)
    assert visitor.watcher(ANA).state == "active"
    assert len(visitor.watcher(ANA).subscriptions) == 3
    assert "You get mail again" in begun.words


def test_whom_others_removed_cannot_begin_again(visitor: Visitor) -> None:
    url = visitor.links(ANA).preferences_url
    remove(visitor.wiring.ledger, visitor.watcher(ANA), "Luz", "asked by telephone")
    page = Page(visitor.get(url).text)
    assert page.all("button") == [] and "desk@example.org" in page.words
    visitor.post(url, {"action": "begin"})
    assert visitor.watcher(ANA).state == "ended"


def test_a_suspended_watcher_is_told_why(visitor: Visitor) -> None:
    suspend(visitor.wiring.ledger, visitor.watcher(ANA), "the mail server", "550 no such user")
    page = Page(visitor.get(visitor.links(ANA).preferences_url).text)
    assert "was refused or came back" in page.words
    visitor.post(visitor.links(ANA).preferences_url, {"action": "begin"})
    assert visitor.watcher(ANA).state == "suspended"


@pytest.mark.parametrize("act", [remove, suspend])
def test_whom_others_removed_or_suspended_does_not_come_back_by_leaving_first(
    visitor: Visitor, act: Callable[..., Any]
) -> None:
    links = visitor.links(ANA)
    act(visitor.wiring.ledger, visitor.watcher(ANA), "Luz", "asked by telephone")
    visitor.post(links.unsubscribe_url)
    assert Page(visitor.get(links.preferences_url).text).all("button") == []
    visitor.post(links.preferences_url, {"action": "begin"})
    visitor.post(links.confirm_url)
    assert visitor.watcher(ANA).state == "ended"


BAD: list[dict[str, Any]] = [
    {"language": "fr"},
    {"zone": "Mars/Olympus"},
    {"zone": "../../etc/passwd"},
    {"zone": ""},
    {"hour": "24"},
    {"hour": "-1"},
    {"hour": "8.5"},
    {"hour": "٨"},
    {"weekday": "7"},
    {"heartbeat": "hourly"},
    {"pace.all": "now"},
    {"language": "es", "pace.flags": "<script>"},
    {"language": "\r\nSet-Cookie: a=b"},
]


@pytest.mark.parametrize("fields", BAD, ids=str)
def test_what_is_not_on_offer_changes_nothing(visitor: Visitor, fields: dict[str, str]) -> None:
    url, before = visitor.links(ANA).preferences_url, visitor.rows()
    answer = visitor.post(url, {"action": "save", **fields})
    assert answer.status_code == 400
    assert "cannot be chosen here" in Page(answer.text).words
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers
    assert visitor.rows() == before


@pytest.mark.parametrize(
    "form", [{}, {"action": ""}, {"action": "delete"}, {"List-Unsubscribe": "One-Click"}]
)
def test_a_form_that_asks_for_nothing_changes_nothing(visitor: Visitor, form: dict[str, str]) -> None:
    url, before = visitor.links(ANA).preferences_url, visitor.rows()
    answer = visitor.post(url, form)
    assert (answer.status_code, visitor.rows()) == (400, before)


def test_nobody_makes_themselves_an_operator(visitor: Visitor) -> None:
    before = visitor.watcher(ANA)
    more = {
        "operator": "on",
        "analyst": "true",
        "address": "eve@example.org",
        "name": "Eve",
        "pace.new": "daily",
    }
    visitor.post(visitor.links(ANA).preferences_url, {"action": "save", "hour": "9", **more})
    after = visitor.watcher(ANA)
    assert (after.profile.operator, after.profile.analyst, after.profile.name) == (False, False, "Ana")
    assert (after.address, len(after.subscriptions)) == (before.address, len(before.subscriptions))
    assert after.profile.hour == 9


def test_every_subscription_is_said_in_words(visitor: Visitor) -> None:
    words = Page(visitor.get(visitor.links(ANA).preferences_url).text).words
    for said in ("of the instrument us-mexico-2019", "window ended, final word", "what is urgent"):
        assert said in words
