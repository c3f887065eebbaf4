"""A failed run is told to the operators: once a day for one failure, whatever else is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.catalogues import feed_route, source
from support.monitors import Monitor

from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.collect import collect_source
from servanda.jobs.scheduling.failure_mail import FailedRun, failure_mail, mail_operator
from servanda.jobs.watchers.membership import add_watcher

FAILED = {
    "dag": SimpleNamespace(dag_id="collect"),
    "dag_run": SimpleNamespace(start_date=datetime.now(UTC) - timedelta(minutes=1)),
    "run_id": "manual__1",
    "reason": "task_failure",
}
LATER = {**FAILED, "dag_run": SimpleNamespace(start_date=datetime.now(UTC) + timedelta(hours=1))}


@pytest.fixture
def live(monitor: Monitor) -> Any:
    monitor.catalogue({"us-a": source("us-a", feed_route(f"{monitor.site.url}/missing"))})
    with wire(opening="create") as wiring:
        add_watcher(wiring.ledger, "op@example.org", operator=True)
        add_watcher(wiring.ledger, "ana@example.org")
    return monitor


def mails(monitor: Monitor) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=default) for raw in monitor.mails()]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_operators_are_told_which_sources_fail_and_watchers_are_not(live: Any) -> None:
    with wire() as wiring:
        collect_source(wiring, "us-a")
    mail_operator(FAILED)
    (mail,) = mails(live)
    assert mail["To"].addresses[0].addr_spec == "op@example.org"
    assert mail["Subject"] == "Servanda: a run of collect failed"
    assert "manual__1" in text_of(mail)
    assert "us-a/feed: " in text_of(mail)


def test_the_same_failure_is_told_once_a_day_and_another_at_once(live: Any) -> None:
    mail_operator(FAILED)
    mail_operator({**FAILED, "run_id": "manual__2"})
    assert len(mails(live)) == 1
    with wire() as wiring:
        collect_source(wiring, "us-a")
    mail_operator({**FAILED, "run_id": "manual__3"})
    mail_operator({**FAILED, "dag": SimpleNamespace(dag_id="notify")})
    assert len(mails(live)) == 3


@pytest.mark.parametrize(
    "why, context",
    [
        ("the run began after the source had failed", LATER),
        ("the run reads no source", {**FAILED, "dag": SimpleNamespace(dag_id="notify")}),
        ("Airflow does not say when it began", {k: v for k, v in FAILED.items() if k != "dag_run"}),
    ],
)
def test_a_run_that_failed_for_another_reason_names_no_source(
    live: Any, why: str, context: dict[str, Any]
) -> None:
    with wire() as wiring:
        assert collect_source(wiring, "us-a").failed
    mail_operator(context)
    (mail,) = mails(live)
    assert "us-a" not in text_of(mail), why
    assert "manual__1" in text_of(mail)


def test_a_mail_that_nobody_took_is_not_marked_as_told(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_SMTP_URL", "smtp://127.0.0.1:1")
    mail_operator(FAILED)
    assert mails(live) == []
    monkeypatch.delenv("SERVANDA_SMTP_URL")
    mail_operator(FAILED)
    assert len(mails(live)) == 1


def test_a_lost_ledger_is_told_to_the_operator_of_the_settings(
    live: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_DATABASE_URL", f"sqlite:///{tmp_path}/lost.db")
    monkeypatch.setenv("SERVANDA_OPERATOR", "on-call@example.org")
    mail_operator(FAILED)
    (mail,) = mails(live)
    assert mail["To"].addresses[0].addr_spec == "on-call@example.org"


def test_what_a_page_says_is_not_markup_in_the_mail() -> None:
    run = FailedRun("collect", "manual__1", "task_failure", ("us-a/feed: <script>alert(1)</script>",))
    assert "<script>" not in failure_mail(run).html
    assert "&lt;script&gt;" in failure_mail(run).html
