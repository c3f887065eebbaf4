"""The verbs about watchers, typed as a person types them."""

from __future__ import annotations

import io
import json
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.desk_of_watchers import Desk, empty_desk

from servanda.cli.commands import main

ANA, BEN, HOOK = "ana@example.org", "ben@example.org", "https://hooks.example/a"
Typed = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return empty_desk(tmp_path_factory.mktemp("made"), datetime.now(UTC))


@pytest.fixture
def typed(
    made: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Typed:
    """The command line in this process, on a database of its own: exit code, and what it said."""
    made.copied(tmp_path).store.close()
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path}/servanda.db",
        "CATALOGUE": str(made.settings.outbox.parent / "catalogue"),
        "OUTBOX": str(tmp_path / "outbox"),
        "SECRET_FILE": str(tmp_path / "secret"),
    }.items():
        monkeypatch.setenv(f"SERVANDA_{name}", value)
    for name in ("SMTP_URL", "NOW", "PUBLIC_URL", "BOUNCES"):
        monkeypatch.delenv(f"SERVANDA_{name}", raising=False)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["servanda", "watchers", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run


def shown(typed: Typed, address: str = ANA, *more: str) -> dict[str, Any]:
    code, out = typed("show", address, "--json", *more)
    assert code == 0, out
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_who_others_add_is_asked_and_confirmed_by_a_person(typed: Typed, tmp_path: Path) -> None:
    code, out = typed("add", ANA, "--by", "Ben")
    assert (code, f"{ANA} is asked by mail (question 1 of at most 3)" in out) == (0, True)
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    code, out = typed("add", ANA)
    assert (code, "was asked already, and is not asked again before 20" in out) == (0, True)
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    assert typed("confirm", ANA)[0] == 2, "who says so?"
    assert typed("confirm", ANA, "--by", "Ben", "--reason", "on the phone") == (
        0,
        f"{ANA} gets mail from now on\n",
    )
    assert typed("confirm", ANA, "--by", "Ben") == (0, f"{ANA} was active already\n")
    said = [(one["state"], one["by"], one["reason"]) for one in shown(typed)["standings"]]
    assert said == [("asked", "Ben", "added; not agreed yet"), ("active", "Ben", "on the phone")]


def test_changing_one_thing_leaves_the_rest(typed: Typed) -> None:
    profile = ("--name", "Ana", "--language", "es", "--zone", "America/Mexico_City", "--hour", "6")
    more = ("--weekday", "Friday", "--heartbeat", "daily", "--operator")
    limits = (
        "--instrument",
        "us-mexico-2019",
        "--party",
        "MX",
        "--kind",
        "candidate",
        "--frequency",
        "daily",
    )
    typed("add", ANA, "--yes-they-agreed", *profile, *more, *limits)
    before = shown(typed)
    assert typed("change", ANA, "--hour", "7") == (0, f"{ANA} is changed\n")
    assert shown(typed) == {**before, "hour": 7}
    assert typed("change", ANA, "--hour", "7") == (0, f"{ANA} was so already\n")
    typed("change", ANA, "--clear", "parties", "--severity", "urgent", "--no-operator")
    (wanted,) = before["subscriptions"]
    changed = {**wanted, "parties": [], "severity": "urgent"}
    assert shown(typed) == {**before, "hour": 7, "operator": False, "subscriptions": [changed]}


def test_several_subscriptions_are_told_apart_by_name(typed: Typed) -> None:
    typed("add", ANA, "--yes-they-agreed", "--frequency", "weekly")
    assert (
        "is a watcher, and gets what was given"
        in typed("add", ANA, "--subscription", "flags", "--kind", "final_word")[1]
    )
    typed("change", ANA, "--subscription", "late", "--unacknowledged-after", "PT4H")
    found = {one["slug"]: one for one in shown(typed)["subscriptions"]}
    assert found.keys() == {"all", "flags", "late"}
    assert (found["flags"]["kinds"], found["late"]["unacknowledged_after_seconds"]) == (["final_word"], 14400)
    code, out = typed("change", ANA, "--severity", "urgent")
    assert (code, "which subscription? valid: --subscription with all, flags, late, or a new one" in out) == (
        2,
        True,
    )
    typed("change", ANA, "--subscription", "late", "--clear", "unacknowledged-after")
    assert typed("unsubscribe", ANA, "flags") == (
        0,
        "the subscription flags has ended; what is left: all, late\n",
    )
    code, out = typed("unsubscribe", ANA, "flags")
    assert (code, "there is no subscription 'flags'; valid: all, late" in out) == (2, True)
    code, out = typed("subscriptions", ANA, "--json")
    assert [(one["slug"], one["unacknowledged_after_seconds"]) for one in json.loads(out)] == [
        ("all", None),
        ("late", None),
    ]
    assert "everything, weekly" in typed("subscriptions", ANA)[1]


def test_adding_somebody_again_leaves_what_was_not_given(typed: Typed) -> None:
    typed("add", ANA, "--yes-they-agreed", "--name", "Ana", "--kind", "final_word")
    typed("add", ANA, "--language", "es")
    again = shown(typed)
    assert (again["name"], again["language"], again["kinds"]) == ("Ana", "es", ["final_word"])
    typed("remove", ANA)
    typed("add", ANA, "--yes-they-agreed")
    assert shown(typed)["kinds"] == [], "who comes back gets what is given now"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "ana"), "'ana' is not a mail address; valid is one address such as"),
        (("add", ANA, "--instrument", "us-mexico"), "--instrument 'us-mexico' is not known here; valid: us-mexico-2019 (did you mean us-mexico-2019?)"),
        (("add", ANA, "--commitment", "guard"), "--commitment 'guard' is not known here; valid: further-actions, national-guard"),
        (("add", ANA, "--party", "GT"), "--party 'GT' is not known here; valid: MX, US"),
        (("add", ANA, "--kind", "gossip"), "'gossip' is not one of"),
        (("add", ANA, "--kind", "source_blind"), "--kind 'source_blind' is told to every operator, and to nobody else"),
        (("add", ANA, "--zone", "Mexico_City"), "--zone is not an IANA time zone; valid: a zone such as America/Mexico_City"),
        (("add", ANA, "--hour", "24"), "24 is not in the range 0<=x<=23"),
        (("add", ANA, "--weekday", "Caturday"), "'Caturday' is not one of 'monday'"),
        (("add", ANA, "--unacknowledged-after", "4h"), "'4h' is not a duration; valid: days, hours and minutes such as PT4H"),
        (("add", ANA, "--unacknowledged-after", "P31D"), "--unacknowledged-after 'P31D' is too short or too long; valid: whole minutes from PT1M to P30D"),
        (("add", ANA, "--unacknowledged-after", "PT4H", "--kind", "candidate"), "waits for flags, of which none is among the kinds; valid: a kind of: correction, final_word, window_ended"),
        (("add", ANA, "--subscription", "My flags"), "--subscription 'My flags' is not a slug"),
        (("add", ANA, "--name", "Ana\nBcc: eve@example.org"), "'Ana\\nBcc: eve@example.org': it is not one line of text"),
        (("add", "http://hooks.example/a", "--channel", "webhook"), "is no address of a webhook; valid: https://host/path"),
        (("add", "https://u:p@hooks.example/a", "--channel", "webhook"), "is no address of a webhook; valid: https://host/path"),
        (("add", "file:///etc/passwd", "--channel", "chat"), "no address of a chat service"),
        (("add", BEN, "--channel", "webhook"), "is no address of a webhook"),
        (("change", ANA, "--hour", "8"), "'ana@example.org' is not a watcher; watchers: ben@example.org"),
        (("show", "\udcff@example.org"), "is not a watcher; watchers: ben@example.org"),
        (("show", "7"), "'7' is not a watcher; watchers: ben@example.org"),
        (("suspend", "1", "--by", "x" * 201), "it has 201 characters; valid: up to 200"),
        (("suspend", "1", "--by", "Ana\nRuiz"), "it is not one line of text; valid: Ana Ruiz"),
        (("resume", BEN), "ben@example.org is active; valid: one that is suspended"),
        (("import", "/nowhere/w.yml"), "/nowhere/w.yml: No such file or directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_plain_message(
    typed: Typed, arguments: tuple[str, ...], message: str
) -> None:
    typed("add", BEN, "--yes-they-agreed")
    code, out = typed(*arguments)
    assert (code, message in " ".join(out.split())) == (2, True), out
    assert [row["address"] for row in json.loads(typed("list", "--json")[1])] == [BEN]


def test_a_watcher_is_suspended_resumed_and_removed_by_their_number(typed: Typed) -> None:
    typed("add", ANA, "--yes-they-agreed")
    assert typed("suspend", "1", "--by", "Ben", "--reason", "on leave") == (0, f"{ANA} is suspended\n")
    assert typed("suspend", "1")[0] == 2
    assert typed("resume", "1") == (0, f"{ANA} gets mail again\n")
    assert typed("remove", "1", "--by", "Ben") == (0, f"{ANA} gets nothing more\n")
    code, out = typed("remove", "1")
    assert (code, f"{ANA} is not a watcher any more" in out) == (2, True)
    assert [one["state"] for one in shown(typed, "1")["standings"]] == [
        "active",
        "suspended",
        "active",
        "ended",
    ]


def test_secrets_are_shown_once_and_when_they_are_asked_for(typed: Typed) -> None:
    code, out = typed("add", HOOK, "--channel", "webhook")
    secret = out.rpartition(": ")[2].strip()
    assert (code, secret.startswith("whsec_")) == (0, True)
    assert shown(typed, HOOK)["secret"] is None
    assert shown(typed, HOOK, "--secrets")["secret"] == secret
    typed("add", "ntfys://ntfy.example/a-topic", "--channel", "chat")
    for said in (
        typed("list"),
        typed("list", "--json"),
        typed("show", "2"),
        typed("export"),
        typed("remove", "9"),
    ):
        assert "a-topic" not in said[1]
        assert secret not in said[1]
    assert shown(typed, "2")["address"] == "ntfys://…"
    assert shown(typed, "2", "--secrets")["address"] == "ntfys://ntfy.example/a-topic"


def test_a_file_goes_out_and_comes_back_without_a_change(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("add", ANA, "--yes-they-agreed", "--name", "NO", "--weekday", "sunday")
    file = tmp_path / "w.yml"
    assert typed("export", str(file)) == (0, f"written to {file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == typed("export")[1]
    nothing = "nothing to change; as the file has them: 1\n"
    assert typed("import", str(file), "--dry-run") == (0, nothing)
    assert typed("import", str(file)) == (0, nothing)
    text = file.read_text().replace("sunday", "monday")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, out = typed("import", "-")
    assert (code, out) == (0, f"{ANA} changed: weekday sunday → monday\n1 changed, 0 as they were\n")


def test_a_dry_run_on_no_database_makes_none(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "servanda.db").unlink()
    file = tmp_path / "w.yml"
    file.write_text(f"watchers:\n  - address: {ANA}\n")
    code, out = typed("import", str(file), "--dry-run")
    assert (code, "1 would be asked, 0 as they were" in out) == (0, True)
    assert not (tmp_path / "servanda.db").exists()
