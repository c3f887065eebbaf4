"""The same letter for other ways than mail: JSON for a webhook, a short text for a chat. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from servanda.alerts.formats.mail import Mail
from servanda.alerts.letters.letter import Entries, Letter, Link, Paragraph
from servanda.alerts.payloads.alert import Alert, to_json
from servanda.alerts.text.sanitising import one_line

CHAT_LIMIT = 900
"""Characters of a chat's text; what is known in full stands in mails and on the command line."""

LINKS = 50


def webhook_content(
    mail: Mail, *, message_id: str, date: datetime, replay: bool, about: Alert | None
) -> bytes:
    """What a webhook gets: type, time and data, as Standard Webhooks advises.

    ``data.text`` is the mail's text; ``data.alert`` is None where it tells of several alerts, or of none.
    """
    kind = "message" if about is None else about.kind.value
    content = {
        "type": f"servanda.{kind}",
        "timestamp": date.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "message_id": message_id,
            "replay": replay,
            "subject": mail.subject,
            "headline": mail.subject if mail.letter is None else mail.letter.headline,
            "text": mail.text,
            "links": [] if mail.letter is None else list(dict.fromkeys(_links(mail.letter)))[:LINKS],
            "alert": None if about is None else _alert(about),
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _alert(about: Alert) -> dict[str, Any]:
    return {
        "id": about.id,
        "kind": about.kind.value,
        "subject": about.subject,
        "instrument": about.instrument,
        "known_at": about.known_at.isoformat(),
        "effective_at": about.effective_at.isoformat(),
        "payload": to_json(about.payload),
    }


def chat_content(mail: Mail) -> bytes:
    """What a chat gets: the subject, the opening of the text, the first link; a line each of visible text."""
    parts = [mail.subject]
    if mail.letter is not None:
        parts += _opening(mail.letter)
    known = "\n\n".join(parts)
    if len(known) > CHAT_LIMIT:
        known = known[: CHAT_LIMIT - 1].rstrip() + "…"
    link = None if mail.letter is None else next(_links(mail.letter), None)
    return (known if link is None else f"{known}\n\n{link}").encode()


def _opening(letter: Letter) -> Iterator[str]:
    """The paragraphs before the first titled section."""
    for section in letter.sections:
        if section.title is not None:
            return
        yield from (one_line(block.text) for block in section.blocks if isinstance(block, Paragraph))


def _links(letter: Letter) -> Iterator[str]:
    """The addresses that a mail links to, in its order."""
    for section in letter.sections:
        for block in section.blocks:
            if isinstance(block, Link) and block.href:
                yield block.href
            elif isinstance(block, Entries):
                yield from (e.link.href for e in block.entries if e.link is not None and e.link.href)
