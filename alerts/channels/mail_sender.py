"""Who delivers mails: a mail server, or a folder where there is none."""

from __future__ import annotations

from pathlib import Path

from servanda.alerts.channels.delivery import Sender
from servanda.alerts.channels.folder import FolderSender
from servanda.alerts.channels.smtp import SmtpSender
from servanda.network.clock import Monotonic


def sender_from_url(url: str | None, folder: Path, monotonic: Monotonic | None = None) -> Sender:
    """Who delivers: the mail server at ``url``, or files in ``folder``. ValueError for a bad URL."""
    return FolderSender(folder) if url is None else SmtpSender(url, monotonic=monotonic)
