from __future__ import annotations

from typing import Any

import pytest
from support.web_pages import Page, Visitor

from servanda.compliance.watchers import Watcher
from servanda.models.delivery import envelopes
from servanda.models.delivery.envelopes import NewEnvelope

ANA, LUZ = "ana@example.org", "luz@example.org"

MULTIPART = (
    "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
)  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "form": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"data": MULTIPART, "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    "nothing": {},
    "another language": {"json": {"List-Unsubscribe": "One-Click"}},
    "no form at all": {"data": b"\x00\xff--b\r\n", "headers": {"Content-Type": "multipart/form-data"}},
}


def standing(visitor: Visitor, address: str) -> list[tuple[Any, ...]]:
    watcher: Watcher = visitor.watcher(address)
    return [row[2:5] for row in visitor.rows()["standing"] if row[1] == watcher.id]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_one_post_ends_all_mail_whatever_its_body(visitor: Visitor, body: dict[str, Any]) -> None:
    answer = visitor.ask("POST", visitor.links(ANA).unsubscribe_url, **body)
    assert answer.status_code == 200
    assert "Your mails have ended" in Page(answer.text).words
    assert visitor.watcher(ANA).state == "ended"
    assert visitor.watcher(LUZ).state == "asked"
    assert standing(visitor, ANA)[-1][1:] == ("the watcher", "unsubscribed by the link in a mail")


def test_the_button_of_the_page_sends_what_mail_programs_send(visitor: Visitor) -> None:
    url = visitor.links(ANA).unsubscribe_url
    page = Page(visitor.get(url).text)
    (form,) = page.all("form")
    (field,) = page.all("input")
    assert form == {"method": "post"}
    assert (field["name"], field["value"]) == ("List-Unsubscribe", "One-Click")
    assert len(page.all("button")) == 1
    assert visitor.post(url, {str(field["name"]): field["value"]}).status_code == 200
    assert visitor.watcher(ANA).state == "ended"


def test_leaving_twice_is_leaving_once(visitor: Visitor) -> None:
    url = visitor.links(ANA).unsubscribe_url
    first = visitor.post(url)
    before = visitor.rows()
    second = visitor.post(url)
    assert (second.status_code, second.text) == (200, first.text)
    assert visitor.rows() == before
    assert Page(visitor.get(url).text).all("button") == []


def test_who_leaves_gets_nothing_that_was_queued(visitor: Visitor) -> None:
    ana = visitor.watcher(ANA)
    with visitor.wiring.store.writing() as db:
        queued = NewEnvelope(ana.id, "alert", ANA, "<a1.w1.x@example.org>", b"mail")
        envelopes.add_envelope(db, queued, visitor.wiring.now)
    visitor.post(visitor.links(ANA).unsubscribe_url)
    with visitor.wiring.store.reading() as db:
        assert envelopes.envelope_counts(db)["withdrawn"] == 1


def test_who_was_asked_may_refuse_for_good(visitor: Visitor) -> None:
    answer = visitor.post(visitor.links(LUZ).unsubscribe_url)
    assert answer.status_code == 200
    assert visitor.watcher(LUZ).state == "ended"
    with visitor.wiring.store.reading() as db:
        assert envelopes.envelope_counts(db) == {"withdrawn": 1}


def test_pages_speak_their_readers_language(visitor: Visitor) -> None:
    spanish = Page(visitor.get(visitor.links(LUZ).unsubscribe_url).text)
    assert spanish.all("html") == [{"lang": "es"}]
    assert Page(visitor.get(visitor.links(ANA).unsubscribe_url).text).all("html") == [{"lang": "en"}]


def test_a_page_shows_only_enough_of_an_address_for_its_owner(visitor: Visitor) -> None:
    for url in (visitor.links(ANA).unsubscribe_url, visitor.links(ANA).preferences_url):
        text = visitor.get(url).text
        assert "a…@example.org" in text
        assert ANA not in text
