"""A mail that could not be sent in time, written anew with a first line that says so. Pure."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email import message_from_bytes, policy
from html import escape

from servanda.alerts.formats.mail import Mail
from servanda.alerts.formats.text_layout import wrapped
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words

_BODY = re.compile(r"<body[^>]*>\n?")


def late_notice(written_at: datetime, now: datetime, because: str | None, zone: str, words: Words) -> str:
    """When a mail was written, until when it could not be sent, and why; None: because nobody sent."""
    written, until = words.moment(written_at, zone), words.moment(now, zone)
    if because is None:
        return words.say(
            "Delayed: written {written}, and not sent until {until} because no sender was at work.",
            written=written,
            until=until,
        )
    return words.say(
        "Delayed: written {written}. It could not be sent until {until}; the last answer was: {answer}",
        written=written,
        until=until,
        answer=one_line(because, REASON_LIMIT),
    )


def with_notice(content: bytes, first: str) -> Mail:
    """What a mail of ours says, with ``first`` at the top of both parts. ValueError for no mail of ours."""
    message = message_from_bytes(content, policy=policy.SMTP)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    if text is None or html is None:
        raise ValueError("a mail without text or HTML part is none of ours")
    paragraph = f'<p style="margin:0 0 16px"><strong>{escape(first)}</strong></p>\n'
    markup: str = html.get_content().replace("\r\n", "\n")
    body = _BODY.search(markup)
    if body is None:
        raise ValueError("a mail whose HTML has no body is none of ours")
    top = "\n".join(wrapped(first))
    text_part = text.get_content().replace("\r\n", "\n")
    return Mail(
        subject=str(message["Subject"]),
        text=f"{top}\n\n{text_part}",
        html=markup[: body.end()] + paragraph + markup[body.end() :],
    )


def with_notice_in_json(content: bytes, first: str) -> bytes:
    """What a webhook gets, with the notice as a key of its own and at the top of the text."""
    data = json.loads(content)
    data["data"] = {"delayed": first, **data["data"], "text": f"{first}\n\n{data['data']['text']}"}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def with_notice_in_chat(content: bytes, first: str) -> bytes:
    return f"{first}\n\n".encode() + content
