"""What a mail says, by the kind of its part."""

from __future__ import annotations

from email.message import EmailMessage


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The text of the mail's body of this kind."""
    part = mail.get_body((kind,))
    assert part is not None, f"no body is {kind}"
    return str(part.get_content())
