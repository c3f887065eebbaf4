"""The command line as a person meets it: exit codes, plain errors, the same jobs."""

from __future__ import annotations

import json

import pytest
from support.catalogues import listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.monitors import Monitor

pytestmark = pytest.mark.slow

NOW = ("--now", "2019-06-20T18:00:00Z")


@pytest.fixture
def prepared(monitor: Monitor) -> Monitor:
    """Two sources with pages, and nothing read yet."""
    url = monitor.site.url
    monitor.catalogue({s: source(s, listing_route(f"{url}/{s}/")) for s in ("us-state", "mx-sre")})
    releases = [Release(f"day-{n}", f"Day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 20)]
    for slug in ("us-state", "mx-sre"):
        publish(monitor.site, f"/{slug}/", releases)
    return monitor


def test_run_collects_assesses_and_notifies_once(prepared: Monitor) -> None:
    assert servanda("watchers", "add", "ana@example.org", "--yes-they-agreed", *NOW).returncode == 0
    done = servanda("run", *NOW)
    assert done.returncode == 0, done.stderr
    assert "REPLAY – reconstructed" in done.stdout
    assert "1 mails sent, written to" in done.stdout
    assert len(prepared.mails()) == 1
    shown = servanda("status", "--json")
    assert json.loads(shown.stdout)["windows"][0]["verdict"] == "pending"
    assert "Traceback" not in done.stderr + shown.stderr


def test_a_failed_source_gives_exit_code_1_and_the_others_are_read(prepared: Monitor) -> None:
    prepared.site.pages["/mx-sre/"].status = 404
    done = servanda("collect", *NOW)
    assert done.returncode == 1
    assert "mx-sre/listing: failed" in done.stdout
    assert "us-state/listing: read" in done.stdout


def test_a_dry_run_keeps_nothing(prepared: Monitor) -> None:
    done = servanda("collect", "--dry-run", "--source", "us-state", *NOW)
    assert done.returncode == 0, done.stderr
    assert "10 items" in done.stdout
    assert not (prepared.folder / "servanda.db").exists()
    assert servanda("collect", "--source", "us-state", *NOW).returncode == 0
    before = servanda("documents", "--json").stdout
    assert servanda("collect", "--dry-run", *NOW).returncode == 0
    assert servanda("documents", "--json").stdout == before, "nor where there is a database already"


def test_options_may_stand_before_or_after_the_verb(prepared: Monitor) -> None:
    assert servanda(*NOW, "collect").returncode == 0
    assert servanda("documents", "--json").stdout == servanda("documents", "--json", *NOW).stdout != "[]\n"


@pytest.mark.parametrize(
    "arguments, environment, message",
    [
        (("collct",), {}, "No such command 'collct'"),
        (("status",), {}, "there is no database at"),
        (("collect", "--source", "us-stat"), {}, "us-state"),
        (("collect", "--since", "2019-07-02", "--until", "2019-07-01"), {}, "--since 2019-07-02 is after --until 2019-07-01"),
        (("collect", "--since", "yesterday"), {}, "'yesterday' does not match the format"),
        (("run", "--now", "2019-06-20T18:00:00"), {}, "has no offset; valid: 2019-09-06T04:00:00Z"),
        (("run", "--now", "soon"), {}, "valid: 2019-09-06T04:00:00Z"),
        (("run",), {"SERVANDA_ALLOW_HOSTS": "127.0.0.1"}, "SERVANDA_ALLOW_HOSTS = '127.0.0.1'"),
        (("run",), {"SERVANDA_DATABASE_URL": "oracle://x"}, "oracle"),
        (("run",), {"SERVANDA_MAIL_FROM": "nobody"}, "SERVANDA_MAIL_FROM"),
        (("run",), {"SERVANDA_CATALOGUE": "/nowhere"}, "/nowhere"),
        (("watchers", "add", "ana@example.org\nBcc: eve@example.org"), {}, "valid is one address such as"),
        (("watchers", "add", "ana@example.org", "--kind", "gossip"), {}, "'gossip' is not one of"),
        (("catalogue", "show", "nothing"), {}, "us-mexico-2019"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_plain_message_and_exit_code_2(
    prepared: Monitor,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    message: str,
) -> None:
    done = servanda(*arguments, **environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_what_the_catalogue_does_not_have_is_named_with_what_it_has(prepared: Monitor) -> None:
    servanda("collect", "--source", "us-state", *NOW)
    for arguments in (
        ("condition", "no-window", "met", "--by", "Ana", "--reason", "x"),
        ("window", "no-window"),
        ("evidence", "--window", "no-window"),
    ):
        done = servanda(*arguments)
        assert done.returncode == 2, done.stdout
        assert "no-window" in done.stderr
        assert "further-actions-90d" in done.stderr
    done = servanda("review", "accept", "99", "--by", "Ana", "--reason", "x")
    assert (done.returncode, "there is no evidence 99" in done.stderr) == (2, True)


def test_a_live_database_refuses_another_now(prepared: Monitor) -> None:
    assert servanda("watchers", "add", "ana@example.org", "--yes-they-agreed").returncode == 0
    done = servanda("status", *NOW)
    assert done.returncode == 2
    assert "this one is live; --as-of asks about the past" in done.stderr


def test_a_watcher_is_added_listed_and_removed(prepared: Monitor) -> None:
    agreed = ("--yes-they-agreed", "--instrument", "us-mexico-2019")
    servanda("watchers", "add", "Ana@Example.ORG", *agreed, *NOW)
    (row,) = json.loads(servanda("watchers", "list", "--json").stdout)
    assert (row["address"], row["active"], row["instruments"]) == (
        "Ana@example.org",
        True,
        ["us-mexico-2019"],
    )
    assert servanda("watchers", "remove", "Ana@example.org").returncode == 0
    again = servanda("watchers", "remove", "Ana@example.org")
    assert (again.returncode, "is not a watcher any more" in again.stderr) == (2, True)
