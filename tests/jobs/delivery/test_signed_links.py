from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.settings import Settings, read_settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.delivery.signed_links import CONFIRM_WITHIN, PATHS, Purpose, key_from, links_for, token_for

SECRET = b"a secret of at least thirty-two bytes"
KEY = "0123456789abcdef" * 2
NOW = datetime(2019, 6, 7, 12, tzinfo=UTC)
YEARS = timedelta(days=3650)


@pytest.mark.parametrize("purpose", PATHS)
def test_a_token_gives_back_its_key(purpose: Purpose) -> None:
    token = token_for(SECRET, purpose, KEY, NOW)
    assert key_from(SECRET, purpose, token, NOW) == KEY
    assert token_for(SECRET, purpose, KEY, NOW) == token
    assert re.fullmatch(r"[A-Za-z0-9_.-]{70,130}", token)


@pytest.mark.parametrize("made, asked", list(permutations(PATHS, 2)))
def test_a_token_serves_one_purpose(made: Purpose, asked: Purpose) -> None:
    assert key_from(SECRET, asked, token_for(SECRET, made, KEY, NOW), NOW) is None


@pytest.mark.parametrize("purpose", ["unsubscribe", "preferences"])
def test_links_in_old_mails_go_on_working(purpose: Purpose) -> None:
    assert key_from(SECRET, purpose, token_for(SECRET, purpose, KEY, NOW), NOW + YEARS) == KEY


@pytest.mark.parametrize("late, found", [(-1, True), (0, False), (1, False)])
def test_a_question_ends_after_thirty_days(late: int, found: bool) -> None:
    token = token_for(SECRET, "confirm", KEY, NOW)
    assert (
        key_from(SECRET, "confirm", token, NOW + CONFIRM_WITHIN + timedelta(seconds=late)) == KEY
    ) is found


def test_the_end_of_a_question_cannot_be_moved() -> None:
    payload, _, signature = token_for(SECRET, "confirm", KEY, NOW).rpartition(".")
    key, _, ends = payload.partition("-")
    for moved in (
        f"{key}-{int(ends, 16) + 1:x}",
        f"{key}-ffffffffffff",
        key,
        f"{key}-0{ends}",
        f"{key}-{ends.upper()}",
    ):
        if moved != payload:
            assert key_from(SECRET, "confirm", f"{moved}.{signature}", NOW) is None


def test_one_changed_character_makes_a_token_nobodys() -> None:
    token = token_for(SECRET, "unsubscribe", KEY, NOW)
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert key_from(SECRET, "unsubscribe", changed, NOW) is None
    for other in ("", ".", "é", token + "=", token + " ", token + "\n", " " + token, token * 3):
        assert key_from(SECRET, "unsubscribe", other, NOW) is None


def test_without_a_public_address_there_are_no_links_and_no_secret_is_made(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/servanda.db", secret_file=tmp_path / "secret", public_url=None
    )
    ana = Watcher(1, "ana@example.org", key=KEY)
    with wire(opening="create", settings=settings) as wiring:
        assert links_for(wiring.letterhead.pages, ana, wiring.now) is None
        assert not (tmp_path / "secret").exists()
    public = settings.model_copy(update={"public_url": "https://example.org/servanda"})
    with wire(settings=public) as wiring:
        links = links_for(wiring.letterhead.pages, ana, wiring.now)
        assert links is not None
        secret = (tmp_path / "secret").read_bytes().strip()
        assert links.unsubscribe_url == (
            f"https://example.org/servanda/u/{token_for(secret, 'unsubscribe', KEY, NOW)}"
        )
        assert links.preferences_url.startswith("https://example.org/servanda/p/")
        assert links.confirm_url.startswith("https://example.org/servanda/c/")
    with wire(settings=public) as wiring:
        again = links_for(wiring.letterhead.pages, ana, wiring.now)
        assert again is not None and again.unsubscribe_url == links.unsubscribe_url


def test_a_secret_that_is_given_is_used_and_no_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_SECRET", SECRET.decode())
    monkeypatch.setenv("SERVANDA_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("SERVANDA_DATABASE_URL", f"sqlite:///{tmp_path}/servanda.db")
    with wire(opening="create") as wiring:
        assert wiring.signing_secret == SECRET
        assert SECRET.decode() not in repr(wiring)
    assert not (tmp_path / "secret").exists()


def test_a_short_secret_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_SECRET", "hunter2")
    with pytest.raises(UsageError, match=r"SERVANDA_SECRET = ….*at least 32 characters") as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)
