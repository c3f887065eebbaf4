"""Which way an envelope goes: by mail, to a webhook, to a chat service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from servanda.alerts.channels.chat import ChatSender
from servanda.alerts.channels.delivery import Receipt, RecheckContent, Sender
from servanda.alerts.channels.webhook import WebhookSender
from servanda.models.delivery.envelopes import Envelope


@dataclass(frozen=True, slots=True)
class Transports:
    """The ways out. ``return_path`` is the address to which mails come back that nobody takes."""

    mail: Sender
    webhook: WebhookSender
    chat: ChatSender
    return_path: str


def dispatch(
    transports: Transports, envelope: Envelope, recheck_before_content: RecheckContent, now: datetime
) -> Receipt:
    """Hand an envelope over; DeliveryError where it was not taken, Withheld where it may not go any more."""
    if envelope.channel == "webhook":
        return transports.webhook.deliver(
            envelope.bytes,
            envelope.recipient,
            envelope.secret or "",
            envelope.message_id,
            now=now,
            recheck_before_content=recheck_before_content,
        )
    if envelope.channel == "chat":
        return transports.chat.deliver(
            envelope.bytes, envelope.recipient, recheck_before_content=recheck_before_content
        )
    return transports.mail.deliver(
        envelope.bytes, transports.return_path, envelope.recipient, recheck_before_content
    )
