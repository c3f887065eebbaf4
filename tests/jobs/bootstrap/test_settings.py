"""What the environment says, and what is given instead."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from servanda.jobs.bootstrap.settings import Settings, read_settings
from servanda.jobs.bootstrap.usage import UsageError


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("SERVANDA_")]:
        monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_what_nobody_says_is_the_default() -> None:
    settings = read_settings()
    assert settings == Settings()
    assert (settings.cache, settings.archive) == (Path("var/cache"), Path("var/archive"))
    assert (settings.now, settings.secret, settings.smtp_rate) == (None, None, ())


@pytest.mark.parametrize(
    "variable, value, field, expected",
    [
        ("SERVANDA_CACHE", "/tmp/kept", "cache", Path("/tmp/kept")),
        ("servanda_cache", "/tmp/kept", "cache", Path("/tmp/kept")),
        ("SERVANDA_CACHE", "", "cache", Path("var/cache")),
        ("SERVANDA_DOCUMENT_MEMORY", "300", "document_memory", 300),
        ("SERVANDA_DOCUMENT_SECONDS", "2.5", "document_seconds", 2.5),
        ("SERVANDA_NOW", "2019-09-06T00:00:00-04:00", "now", datetime(2019, 9, 6, 4, tzinfo=UTC)),
        ("SERVANDA_REVIEW_AFTER", "2, 5", "review_after", (2, 5)),
        ("SERVANDA_REVIEW_AFTER", "none", "review_after", ()),
        ("SERVANDA_ALLOW_HOSTS", "127.0.0.1:80 [::1]:81", "allow_hosts", {("127.0.0.1", 80), ("::1", 81)}),
        ("SERVANDA_SUSPEND_AFTER", "4", "suspend_after", 4),
        ("SERVANDA_CA_BUNDLE", "/a.pem", "ca_bundle", Path("/a.pem")),
        ("SSL_CERT_FILE", "/d.pem", "ca_bundle", Path("/d.pem")),
        ("CA_BUNDLE", "/e.pem", "ca_bundle", None),
        ("CACHE", "/tmp/kept", "cache", Path("var/cache")),
    ],
)
def test_a_variable_says_its_setting(
    variable: str, value: str, field: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(read_settings(), field) == expected


def test_the_first_of_several_names_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SERVANDA_CA_BUNDLE"):
        monkeypatch.setenv(name, f"/{name}")
        assert read_settings().ca_bundle == Path(f"/{name}")


def test_what_is_given_goes_before_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_ARCHIVE", "/said")
    monkeypatch.setenv("SERVANDA_OUTBOX", "/said")
    settings = Settings(archive=Path("/given"), ca_bundle=Path("/given.pem"))
    assert (settings.archive, settings.outbox) == (Path("/given"), Path("/said"))
    assert settings.ca_bundle == Path("/given.pem")


@pytest.mark.parametrize(
    "variable, value, message",
    [
        ("SERVANDA_DOCUMENT_MEMORY", "much", "SERVANDA_DOCUMENT_MEMORY = 'much': Input should be a valid integer"),
        ("SERVANDA_DOCUMENT_MEMORY", "299", "SERVANDA_DOCUMENT_MEMORY = '299': Input should be greater than"),
        ("SERVANDA_NOW", "2019-09-06T00:00:00", "has no offset; valid: 2019-09-06T04:00:00Z"),
        ("SERVANDA_MAIL_FROM", "nobody", "SERVANDA_MAIL_FROM = 'nobody': Value error, 'nobody' is not a mail address"),
        ("SERVANDA_SECRET", "hunter2", "SERVANDA_SECRET = …: Value error, too short for a secret"),
        ("SERVANDA_DAG_PREFIX", "a b", "SERVANDA_DAG_PREFIX = 'a b': String should match pattern"),
    ],
)  # fmt: skip
def test_what_is_not_valid_is_named_with_its_value_and_a_secret_without(
    variable: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as raised:
        read_settings()
    assert message in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_MAIL_FROM", "nobody")
    monkeypatch.setenv("SERVANDA_SUSPEND_AFTER", "0")
    with pytest.raises(UsageError) as raised:
        read_settings()
    assert [line.split()[0] for line in str(raised.value).splitlines()] == [
        "SERVANDA_MAIL_FROM",
        "SERVANDA_SUSPEND_AFTER",
    ]


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().archive = Path("elsewhere")  # type: ignore[misc]
