"""The verbs alerts and silence, as a person types them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from support.mailing import HOUR, NOW, Post, evidence
from support.monitors import Monitor

from servanda.cli.commands import servanda
from servanda.compliance.watchers import Subscription
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.notify import notify


@pytest.fixture
def post(monitor: Monitor) -> Post:
    made = Post(monitor)
    made.watcher("ana@example.org")
    made.watcher("ben@example.org", Subscription(unacknowledged_after=240))
    made.watcher("cleo@example.org", Subscription(frequency="daily"))
    made.tell(NOW, evidence("A [red]release[/red]"))
    made.flag(NOW)
    with monitor.at(NOW) as wiring:
        notify(wiring)
    return made


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(servanda, list(arguments))


def shown(*arguments: str) -> str:
    done = typed(*arguments)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_alerts_say_what_became_of_each_for_everyone(post: Post) -> None:
    said = shown("alerts")
    assert "New evidence: A [red]release[/red]" in said, "text from the web is shown as it is"
    assert "ana@example.org: sent 2019-06-20T15:00:00Z: 250 written to" in said
    assert "ben@example.org: waits for an acknowledgement, until 2019-06-20T19:00:00Z" in said
    assert "cleo@example.org: waits for its digest, until 2019-06-21T08:00:00Z" in said
    assert "window_ended not acknowledged" in said
    assert said.endswith("2 in all")


def test_alerts_are_chosen_by_every_condition(post: Post) -> None:
    def ids(*arguments: str) -> list[int]:
        return [row["id"] for row in json.loads(typed("alerts", "--json", *arguments).stdout)]

    assert ids() == [2, 1], "the newest first"
    assert ids("--limit", "1") == [2]
    assert ids("--kind", "new_evidence") == [1]
    assert ids("--instrument", "us-mexico-2019", "--watcher", "ben@example.org") == [2]
    assert ids("--since", "2019-06-20T15:00:00Z") == [2, 1], "from that instant on"
    assert ids("--since", "2019-06-20T15:00:01Z") == []
    assert ids("--unacknowledged") == [2], "flags alone are to be acknowledged"
    assert ids("--unacknowledged", "--kind", "new_evidence") == []
    shown("alerts", "acknowledge", "2", "--by", "Ana", "--note", "calling State")
    assert ids("--unacknowledged") == []


def test_one_watcher_s_alerts_name_nobody_else(post: Post) -> None:
    said = shown("alerts", "--watcher", "cleo@example.org")
    assert "cleo@example.org" in said
    assert "ana@" not in said


def test_one_alert_is_shown_with_every_attempt_and_note(post: Post) -> None:
    shown("alerts", "acknowledge", "2", "--by", "Ana", "--note", "calling State")
    said = shown("alerts", "show", "2")
    assert "Ana: calling State" in said
    assert "Message-ID <a2.w1." in said
    assert "attempt 2019-06-20T15:00:00Z: 250 written to" in said
    assert "3 recipients in all" in said


def test_a_silence_is_begun_listed_and_ended(post: Post) -> None:
    by = ("--by", "Ben", "--reason", "they move")
    said = shown("silence", "add", "--kind", "new_evidence", "--for", "PT6H", *by)
    assert said.startswith("silence 1 holds until 2019-06-20T21:00:00Z; flags (window_ended, final_word,")
    post.tell(NOW + HOUR)
    post.run(NOW + HOUR)
    (row,) = json.loads(typed("silence", "list", "--json").stdout)
    assert (row["state"], row["withheld"], row["kinds"]) == ("holds", 1, ["new_evidence"])
    assert "silenced by Ben until 2019-06-20T21:00:00Z: they move" in shown("alerts")
    said = shown("silence", "end", "1", *by)
    assert said.startswith("silence 1 has ended 1 mails sent"), "its end is mailed at once"
    (row,) = json.loads(typed("silence", "list", "--json").stdout)
    assert (row["state"], row["ended_by"]) == ("ended", "Ben")


FAULTS = [
    (("alerts", "--watcher", "x@example.org"), "x@example.org has never been a watcher"),
    (("alerts", "--instrument", "nope"), "no instrument 'nope'"),
    (("alerts", "show", "99"), "there is no alert 99; the newest are: 2, 1"),
    (("silence", "add", "--source", "nope", "--for", "PT1H"), "no source 'nope'; known: us-state"),
    (("silence", "add", "--window", "nope", "--for", "PT1H"), "no window 'nope'"),
    (("silence", "add", "--source", "us-state", "--document", "4", "--for", "PT1H"), "one of --source, --window, --document"),
    (("silence", "add", "--source", "us-state"), "valid: --until INSTANT, or --for DURATION"),
    (("silence", "add", "--source", "us-state", "--for", "PT1H", "--until", "2019-07-01T00:00:00Z"), "needs its end, once"),
    (("silence", "add", "--for", "PT1H"), "a silence of everything"),
    (("silence", "end", "7"), "there is no silence 7; silences: none"),
]  # fmt: skip


@pytest.mark.parametrize("arguments, said", FAULTS, ids=[" ".join(case[0]) for case in FAULTS])
def test_what_cannot_be_done_is_said_plainly(post: Post, arguments: tuple[str, ...], said: str) -> None:
    by = ("--by", "Ben", "--reason", "they move") if arguments[0] == "silence" else ()
    done = typed(*arguments, *by)
    assert isinstance(done.exception, UsageError), done.output
    assert said in str(done.exception)
