"""`servanda review documents` and `review document`, as a person types them."""

from __future__ import annotations

import json

import pytest
from support.command_line import servanda
from support.doubtful import ENDED_AT, EXPIRED, TALKS, ShortDesk
from support.monitors import Monitor

pytestmark = pytest.mark.slow

NOW = ("--now", ENDED_AT.isoformat())
SAID = ("--by", "Ana", "--reason", "looked at it")


@pytest.fixture
def desk(monitor: Monitor) -> ShortDesk:
    desk = ShortDesk(monitor)
    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.until_ended()
    return desk


def waiting() -> list[dict[str, object]]:
    done = servanda("review", "documents", "--json", *NOW)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def test_what_waits_is_listed_shown_answered_and_gone(desk: ShortDesk) -> None:
    number = desk.document("talks")
    (row,) = waiting()
    assert (row["id"], row["source"], row["title"]) == (number, "us-state", TALKS.title)
    assert (row["url"], row["published"]) == (f"{desk.site.url}/us-state/talks/", TALKS.at)
    assert "nothing on its page shows the listed title" in str(row["why"])

    listed = servanda("review", "documents", *NOW)
    assert listed.returncode == 0, listed.stderr
    assert "`servanda review document ID` shows one and takes your answer." in listed.stdout

    shown = servanda("review", "document", str(number), *NOW)
    assert shown.returncode == 0, shown.stderr
    assert TALKS.title in shown.stdout
    assert "doubtful     nothing on its page shows the listed title" in shown.stdout
    assert "Answer with --it-is, --it-is-not or --does-not-matter" in shown.stdout
    assert len(waiting()) == 1, "to be shown is no answer"

    done = servanda("review", "document", str(number), "--does-not-matter", *SAID, *NOW)
    assert done.returncode == 0, done.stderr
    assert "recorded for the content" in done.stdout
    assert desk.verdict() == "none_found"
    assert waiting() == []
    assert "No document is doubtful." in servanda("review", "documents", *NOW).stdout
    assert "answered     irrelevant" in servanda("review", "document", str(number), *NOW).stdout

    again = servanda("review", "document", str(number), "--it-is-not", *SAID, *NOW)
    assert again.returncode == 0, again.stderr
    assert (desk.verdict(), len(waiting())) == ("unverified", 1)


def test_what_cannot_be_answered_is_one_plain_message_and_exit_code_2(desk: ShortDesk) -> None:
    number = str(desk.document("talks"))
    cases = [
        (("review", "document"), "Missing argument 'DOCUMENT'"),
        (("review", "document", "first"), "'first' is not a valid integer"),
        (("review", "document", "0"), "0 is not in the range x>=1"),
        (("review", "document", "-1"), "No such option"),
        (("review", "document", "9999"), "there is no document 9999"),
        (("review", "document", "9999", "--it-is", *SAID), "there is no document 9999 that was read"),
        (("review", "document", number, "--it-is"), "--by is empty; say who looked, and why"),
        (("review", "document", number, "--it-is", "--by", "Ana"), "--reason is empty"),
        (("review", "document", number, "--it-is", "--reason", "so"), "--by is empty"),
        (("review", "document", number, "--it-is", "--by", "", "--reason", "so"), "--by"),
        (("review", "document", number, "--it-might-be"), "No such option"),
        (("review", "document", number, "7"), "unexpected extra argument"),
        (("review", "documents", number), "unexpected extra argument"),
        (("review", "docment", number), "No such command 'docment'"),
    ]
    for arguments, message in cases:
        done = servanda(*arguments, *NOW)
        assert (done.returncode, message in done.stderr) == (2, True), (arguments, done.stdout + done.stderr)
        assert "Traceback" not in done.stderr
    assert len(waiting()) == 1, "none of them counts"


def test_where_there_is_no_database_that_is_said(monitor: Monitor) -> None:
    monitor.catalogue({})
    for arguments in (("review", "documents"), ("review", "document", "1")):
        done = servanda(*arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
