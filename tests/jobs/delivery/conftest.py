"""A mail server on loopback, to which the monitor of a test sends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fault_injection.crashes.mail_server import MailServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with MailServer(wait=0).running() as running:
        monkeypatch.setenv("SERVANDA_SMTP_URL", running.url)
        yield running
