"""Pages that are not shown to be the listed document, through the real jobs to the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import DAY, HOUR
from support.doubtful import DUE_AT, ENDED_AT, EXPIRED, LONG, READINGS, TALKS, ShortDesk, june
from support.listing_pages import Release
from support.monitors import Monitor

from servanda.compliance.vocabulary import DocumentAnswer
from servanda.jobs.views.document import document as view
from servanda.jobs.views.json_values import Json

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(monitor: Monitor) -> ShortDesk:
    return ShortDesk(monitor)


@pytest.fixture
def any_desk(any_monitor: Monitor) -> ShortDesk:
    return ShortDesk(any_monitor)


def shown(desk: ShortDesk, slug: str) -> Json:
    with desk.monitor.at() as wiring:
        return view(wiring.ledger, wiring.catalogue, desk.document(slug), wiring.now)


def page(title: str, *parts: str, head: str = "") -> str:
    text = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    return f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{text}</main></body></html>"


# --- a page in the document's place -----------------------------------------------------------------------

PARTS = LONG.split("\n\n")
HOME = page(
    "Welcome to the Department",
    f'<h2><a href="/us-state/talks-2/">{TALKS.title}</a></h2>',
    PARTS[1],
    '<h2><a href="/us-state/other/">Library Opens Reading Room</a></h2>',
    PARTS[0],
)
OLD = page(
    TALKS.title, *PARTS, head='<meta property="article:published_time" content="2017-06-13T10:00:00-04:00">'
)
IN_ITS_PLACE = [
    (EXPIRED, "nothing on its page shows the listed title", "an expired session"),
    (page("Library Opens Reading Room", *PARTS), "nothing on its page shows", "another release"),
    (HOME, "nothing on its page shows", "the home page, where the title is a link"),
    (OLD, "its page is dated 2017-06-13", "a release of that title, of two years before"),
    (page(TALKS.title, f"{PARTS[0][:150]}…"), "its text ends with", "a part of it"),
    (
        page(TALKS.title, PARTS[1], '<p><a href="/text.pdf">Full text</a></p>'),
        "it leads to",
        "a link to a file",
    ),
    (page(TALKS.title, LONG[::-1]), "no legible English or Spanish", "letters in reverse"),
]


@pytest.mark.parametrize(("markup", "said", "why"), IN_ITS_PLACE, ids=[why for *_, why in IN_ITS_PLACE])
def test_a_page_in_the_documents_place_keeps_the_verdict_unverified(
    desk: ShortDesk, markup: str, said: str, why: str
) -> None:
    desk.put(TALKS)
    desk.instead["talks"] = markup
    desk.until_ended()
    window = desk.window()
    assert (window["verdict"], window["final"]) == ("unverified", False), why
    ((kind, detail),) = desk.duties()
    assert kind == "doubtful"
    assert detail.startswith(f"document {desk.document('talks')} is doubtful ("), why
    assert said in detail
    assert list(desk.doubtful()) == [TALKS.title]
    assert shown(desk, "talks")["doubts"][0]["why"].find(said) >= 0


def test_where_each_page_is_its_document_absence_is_found(any_desk: ShortDesk) -> None:
    desk = any_desk
    desk.put(TALKS)
    desk.until_ended()
    assert (desk.verdict(), desk.duties(), desk.doubtful()) == ("none_found", [], {})
    assert (shown(desk, "talks")["doubts"], shown(desk, "talks")["answer"]) == ([], None)


def test_a_doubt_outside_the_window_is_none_of_its_duties(desk: ShortDesk) -> None:
    desk.put(replace(TALKS, at="2019-06-22T10:00:00-04:00"))
    desk.instead["talks"] = EXPIRED
    desk.until_ended()
    assert (desk.verdict(), list(desk.doubtful())) == ("none_found", [TALKS.title])


def test_a_doubt_that_stands_when_the_window_settles_makes_unverified_the_last_word(desk: ShortDesk) -> None:
    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.until_ended()
    desk.read(june(23, 18))
    window = desk.window()
    assert (window["verdict"], window["final"], window["phase"]) == ("unverified", True, "settled")


def test_a_doubtful_document_is_asked_for_again_soon_and_in_full(any_desk: ShortDesk) -> None:
    desk = any_desk
    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.read(*READINGS[:2])
    for hours in (1, 2, 3):
        desk.read(READINGS[1] + hours * HOUR)
        assert desk.asked("talks") == [200], "although the page is unchanged"
    del desk.instead["talks"]
    desk.read(READINGS[1] + 5 * HOUR)
    assert desk.states("talks")[-1] == "seen B"
    assert desk.doubtful() == {}
    desk.read(READINGS[1] + 12 * HOUR)
    assert desk.asked("talks") in ([], [304]), "as seldom as others, and conditionally"


def test_a_document_that_a_person_settled_is_asked_for_as_seldom_as_others(any_desk: ShortDesk) -> None:
    desk = any_desk
    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.read(*READINGS[:2])
    desk.answer("talks", DocumentAnswer.IRRELEVANT, READINGS[1] + HOUR / 2)
    desk.read(READINGS[1] + HOUR)
    assert desk.asked("talks") == [200], "it was due already"
    for hours in (2, 3, 4):
        desk.read(READINGS[1] + hours * HOUR)
        assert desk.asked("talks") in ([], [304]), "no longer in full"
    assert desk.doubtful() == {}


# --- one text under several titles ------------------------------------------------------------------------

BUSY = "We are sorry, our servers are busy. Please try again in a few minutes, or write to the webmaster of this site."
CHESS = replace(TALKS, slug="chess", title="Chess Tournament in Vilnius", at="2019-06-16T10:00:00-04:00")


def test_one_text_under_unlike_titles_makes_each_doubtful_the_first_included(any_desk: ShortDesk) -> None:
    desk = any_desk
    desk.put(TALKS)
    desk.instead["talks"] = page(TALKS.title, BUSY)
    desk.read(*READINGS[:2])
    assert set(desk.doubtful()) == {TALKS.title}, "it holds no word of its title"
    desk.put(CHESS)
    desk.instead["chess"] = page(CHESS.title, BUSY)
    desk.read(*READINGS[2:], ENDED_AT)
    why = "words of its text stand under other titles as well"
    assert set(desk.doubtful()) == {TALKS.title, CHESS.title}
    assert all(why in said for said in desk.doubtful().values())
    assert (desk.verdict(), [kind for kind, _ in desk.duties()]) == ("unverified", ["doubtful"] * 2)


def test_when_one_of_them_holds_another_text_the_other_is_its_own_again(desk: ShortDesk) -> None:
    desk.put(TALKS, CHESS)
    desk.instead = {one.slug: page(one.title, BUSY) for one in (TALKS, CHESS)}
    desk.read(*READINGS)
    assert len(desk.doubtful()) == 2
    del desk.instead["chess"]
    desk.read(ENDED_AT)
    assert desk.states("chess")[-1] == "seen B"
    assert set(desk.doubtful()) == {TALKS.title}
    assert "other titles" not in desk.doubtful()[TALKS.title], "it is alone with its text"


@pytest.mark.parametrize(
    ("title", "why"),
    [
        (TALKS.title, "a cross-posted release"),
        ("Envoy of Latvia Presents Her Credentials, June 16", "a routine notice of another day"),
    ],
)
def test_one_text_under_titles_of_one_kind_is_routine(desk: ShortDesk, title: str, why: str) -> None:
    desk.put(TALKS, replace(TALKS, slug="again", title=title, at="2019-06-16T10:00:00-04:00"))
    desk.until_ended()
    assert (desk.verdict(), desk.doubtful()) == ("none_found", {}), why


# --- a document that changes ------------------------------------------------------------------------------


def test_a_good_version_is_followed_by_a_doubtful_one_and_back(any_desk: ShortDesk) -> None:
    desk = any_desk
    desk.put(replace(TALKS, at="2019-06-20T10:00:00-04:00"))
    desk.read(*READINGS)
    assert desk.doubtful() == {}
    desk.instead["talks"] = EXPIRED
    desk.read(ENDED_AT)
    assert (desk.verdict(), list(desk.doubtful())) == ("unverified", [TALKS.title])
    del desk.instead["talks"]
    desk.read(june(23, 18))
    assert (desk.verdict(), desk.window()["final"], desk.doubtful()) == ("none_found", True, {})
    assert desk.states("talks") == ["seen A", "seen B", "seen A"]


def test_what_was_doubtful_at_a_moment_is_said_of_that_moment(desk: ShortDesk) -> None:
    from servanda.models.documents.unread_documents import unread_documents

    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.read(*READINGS[:2])
    del desk.instead["talks"]
    desk.read(READINGS[2])
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        kinds = {now: [one.kind for one in unread_documents(db, now)] for now in READINGS[:3]}
    assert kinds == {READINGS[0]: [], READINGS[1]: ["doubtful"], READINGS[2]: []}


# --- listed anew ------------------------------------------------------------------------------------------

ANEW = "listed anew with another title or time, and not read since"
LATER = replace(TALKS, at="2019-06-17T10:00:00-04:00")
"""Among the newest at the reading after that, so that its entry is read again."""

CHANGES = [
    ({"title": "Governments Speak in Vilnius"}, True, "another title"),
    ({"at": "2019-06-19T10:00:00-04:00"}, True, "another day"),
    ({"at": "2019-06-18T10:00:00-04:00"}, False, "the same time of the next day"),
    ({"at": "2019-06-18T10:00:01-04:00"}, True, "a second more"),
    (
        {"title": f"{TALKS.title} in Washington"},
        True,
        "a longer title, with nothing to show that the other was cut",
    ),
    ({"title": f"{TALKS.title[:24]}…"}, False, "a shortened title"),
    ({"title": TALKS.title.upper()}, False, "capitals"),
]


@pytest.mark.parametrize(("changes", "anew", "why"), CHANGES, ids=[why for *_, why in CHANGES])
def test_what_is_listed_anew_is_unread_until_it_was_read_in_full(
    desk: ShortDesk, changes: dict[str, str], anew: bool, why: str
) -> None:
    desk.put(LATER)
    desk.read(*READINGS[:3])
    desk.show()
    page_of_talks = desk.site.pages[desk.path("talks")]
    desk.edit("talks", **changes)
    desk.statuses["talks"] = 503
    desk.read(READINGS[3], ENDED_AT)
    details = [detail for _, detail in desk.duties()]
    assert (desk.verdict() == "unverified") is anew, why
    assert any(ANEW in detail for detail in details) is anew, why
    if not anew:
        return
    del desk.statuses["talks"]
    desk.show()
    desk.site.pages[desk.path("talks")] = page_of_talks
    desk.is_still = True
    desk.look(june(23, 18))
    assert desk.asked("talks") == [200], "asked without a condition, though the page is unchanged"
    assert not any(ANEW in detail for _, detail in desk.duties()), why


def test_an_answer_unchanged_does_not_show_what_stands_there_now(desk: ShortDesk) -> None:
    desk.put(LATER)
    desk.read(*READINGS[:3])
    desk.edit("talks", at="2019-06-19T10:00:00-04:00")
    desk.statuses["talks"] = 304
    desk.read(READINGS[3], ENDED_AT)
    assert desk.asked("talks") == [304]
    assert (desk.verdict(), [ANEW in detail for _, detail in desk.duties()]) == ("unverified", [True])
    assert [kind for kind, _ in desk.duties()] == ["unread"]


def test_a_used_address_that_holds_another_document_is_doubtful_then_read(desk: ShortDesk) -> None:
    """The listing names a new release at an address that still shows the one of before."""
    desk.put(LATER)
    desk.read(*READINGS[:3])
    old = page(TALKS.title, *PARTS)
    desk.edit("talks", title="Governments Speak in Vilnius", at="2019-06-19T10:00:00-04:00")
    desk.instead["talks"] = old
    desk.read(READINGS[3], ENDED_AT)
    assert list(desk.doubtful()) == ["Governments Speak in Vilnius"]
    assert desk.verdict() == "unverified"
    del desk.instead["talks"]
    desk.read(june(23, 18))
    assert (desk.verdict(), desk.duties()) == ("none_found", [])


# --- what may have been completed -------------------------------------------------------------------------

STUB = Release(
    "stub",
    "Statement of the Ministers",
    "2019-06-19T10:00:00-04:00",
    "The text of this statement will follow here later today, as soon as both ministers have signed it.",
)
SUBJECT = replace(TALKS, slug="subject", title="Report to Congress", text=f"{LONG} It also names migration.")
READ_AGAIN = [
    (STUB, True, "a stub, shorter than is usual"),
    (SUBJECT, True, "a long text that speaks of a window's subject"),
    (TALKS, False, "a long text that does not"),
]


@pytest.mark.parametrize(("release", "again", "why"), READ_AGAIN, ids=[why for *_, why in READ_AGAIN])
def test_what_may_have_been_completed_is_read_once_more_in_full_after_the_end(
    monitor: Monitor, release: Release, again: bool, why: str
) -> None:
    desk = ShortDesk(monitor, reread="[]")
    desk.put(release)
    desk.read(*READINGS)
    assert desk.asked(release.slug) == []
    asked = []
    for now in (DUE_AT - timedelta(seconds=1), ENDED_AT, june(23, 18), june(24, 18)):
        desk.read(now)
        asked.append(desk.asked(release.slug))
    assert asked == ([[], [200], [], []] if again else [[], [], [], []]), why
    desk.dismiss(june(24, 19))
    assert desk.verdict() == "none_found"


def test_until_it_is_read_once_more_that_is_a_duty(any_monitor: Monitor) -> None:
    desk = ShortDesk(any_monitor, reread="[]")
    desk.put(STUB)
    desk.read(*READINGS)
    desk.statuses["stub"] = 503
    desk.read(ENDED_AT)
    ((kind, detail),) = desk.duties()
    assert (kind, desk.verdict()) == ("reread", "unverified")
    assert detail == (
        f"document {desk.document('stub')} may have been completed since it was last read, and is read once more "
        f"after the window's end: {STUB.title}"
    )
    assert desk.doubtful() == {}, "nobody is asked about it"
    del desk.statuses["stub"]
    desk.read(june(23, 18))
    assert (desk.verdict(), desk.duties()) == ("none_found", [])


def test_an_announcement_that_completes_a_stub_is_found(desk: ShortDesk) -> None:
    desk.put(STUB)
    desk.read(*READINGS)
    desk.edit(
        "stub",
        text="The United States and Mexico issued a joint statement. They announced additional measures on "
        "migration after their meeting of today, as the Secretary of State said.",
    )
    desk.read(ENDED_AT)
    assert [kind for kind, _ in desk.duties()] == ["candidate"]
    assert desk.verdict() == "unverified"


def test_a_stub_that_is_gone_when_it_is_read_once_more_was_looked_at(monitor: Monitor) -> None:
    desk = ShortDesk(monitor, reread="[]")
    desk.put(STUB)
    desk.read(*READINGS)
    desk.gone["stub"] = 404
    desk.read(ENDED_AT)
    assert desk.states("stub")[-1] == "gone"
    assert "reread" not in [kind for kind, _ in desk.duties()]


def test_a_document_of_after_the_window_is_not_waited_for(monitor: Monitor) -> None:
    desk = ShortDesk(monitor, reread="[]")
    desk.put(replace(STUB, at="2019-06-22T10:00:00-04:00"))
    desk.until_ended()
    desk.read(ENDED_AT + DAY)
    assert (desk.verdict(), desk.asked("stub")) == ("none_found", [])
