"""Which way an envelope goes: by mail, to a webhook, to a chat service."""

from __future__ import annotations

from servanda.alerts.channels.delivery import Receipt, RecheckContent
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.delivery.envelopes import Envelope


def dispatch(wiring: Wiring, envelope: Envelope, last_look: RecheckContent) -> Receipt:
    """Hand an envelope over; DeliveryError where it was not taken, Withheld where it may not go any more."""
    if envelope.channel == "webhook":
        return wiring.webhook.deliver(
            envelope.bytes,
            envelope.recipient,
            envelope.secret or "",
            envelope.message_id,
            now=wiring.now,
            last_look=last_look,
        )
    if envelope.channel == "chat":
        return wiring.chat.deliver(envelope.bytes, envelope.recipient, last_look=last_look)
    sender = wiring.settings.return_path or wiring.settings.mail_from
    return wiring.sender.deliver(envelope.bytes, sender, envelope.recipient, last_look)
