from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.web_pages import BASE, Page, Visitor

from servanda.jobs.delivery.signed_links import token_for
from servanda.jobs.watchers.membership import remove, resume, suspend

ANA, LUZ = "ana@example.org", "luz@example.org"


def test_one_press_agrees(visitor: Visitor) -> None:
    url = visitor.links(LUZ).confirm_url
    page = Page(visitor.get(url).text)
    assert len(page.all("button")) == 1 and len(page.all("li")) == 1
    assert visitor.watcher(LUZ).state == "asked"
    answer = visitor.post(url)
    assert answer.status_code == 200
    assert visitor.watcher(LUZ).state == "active"
    assert visitor.rows()["standing"][-1][2:5] == ("active", "the watcher", "confirmed by the link in a mail")


def test_agreeing_twice_is_agreeing_once(visitor: Visitor) -> None:
    url = visitor.links(LUZ).confirm_url
    first = visitor.post(url)
    before = visitor.rows()
    assert visitor.post(url).text == first.text
    assert visitor.rows() == before
    assert Page(visitor.get(url).text).all("button") == []


@pytest.mark.parametrize("seconds, status", [(-1, 200), (0, 404), (1, 404)])
def test_a_question_is_open_for_thirty_days(visitor: Visitor, seconds: int, status: int) -> None:
    """The instant before the end, at it, and after it."""
    wiring = visitor.wiring
    made_at = wiring.now.replace(microsecond=0) - timedelta(days=30, seconds=seconds)
    token = token_for(wiring.signing_secret, "confirm", visitor.watcher(LUZ).key, made_at)
    if status == 200:  # the clock runs on
        token = token_for(
            wiring.signing_secret, "confirm", visitor.watcher(LUZ).key, made_at + timedelta(minutes=5)
        )
    assert visitor.post(f"/c/{token}").status_code == status
    assert visitor.watcher(LUZ).state == ("active" if status == 200 else "asked")


def test_whom_others_removed_stays_removed(visitor: Visitor) -> None:
    url = visitor.links(LUZ).confirm_url
    remove(visitor.wiring.ledger, visitor.watcher(LUZ), "Ana", "a wrong address")
    for answer in (visitor.get(url), visitor.post(url)):
        page = Page(answer.text)
        assert (answer.status_code, page.all("button")) == (200, [])
        assert "desk@example.org" in page.words
    assert visitor.watcher(LUZ).state == "ended"


def test_who_refused_may_think_again(visitor: Visitor) -> None:
    links = visitor.links(LUZ)
    visitor.post(links.unsubscribe_url)
    assert len(Page(visitor.get(links.confirm_url).text).all("button")) == 1
    visitor.post(links.confirm_url)
    assert visitor.watcher(LUZ).state == "active"


def test_a_suspended_watcher_does_not_resume_by_an_old_question(visitor: Visitor) -> None:
    url = visitor.links(LUZ).confirm_url
    suspend(visitor.wiring.ledger, visitor.watcher(LUZ), "the mail server", "550 no such user")
    visitor.post(url)
    assert visitor.watcher(LUZ).state == "suspended"
    resume(visitor.wiring.ledger, visitor.watcher(LUZ), "Ana", "the server was wrong")
    visitor.post(url)
    assert visitor.watcher(LUZ).state == "active"


def test_the_links_of_a_question_are_of_one_watcher(visitor: Visitor) -> None:
    assert BASE in visitor.links(LUZ).confirm_url
    stranger = replace(visitor.watcher(LUZ), key="0" * 32)
    token = token_for(visitor.wiring.signing_secret, "confirm", stranger.key, visitor.wiring.now)
    assert visitor.post(f"/c/{token}").status_code == 404
