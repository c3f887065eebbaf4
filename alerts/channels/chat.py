"""Alerts to chat services, through apprise: a headline, what is known, a link.

apprise is imported where it is used: it loads more than a hundred services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from servanda.alerts.channels.delivery import ClosingSender, DeliveryError, Receipt, RecheckContent

if TYPE_CHECKING:
    from apprise import Apprise

SERVICES = frozenset(
    {
        "discord", "flock", "gchat", "gotify", "gotifys", "groupme", "guilded", "lark", "line", "matrix",
        "matrixs", "mmost", "mmosts", "nctalk", "nctalks", "ntfy", "ntfys", "pover", "rocket", "rockets",
        "ryver", "signal", "signals", "slack", "tgram", "threema", "twist", "webex", "workflow", "workflows",
        "wxteams", "zulip",
    }
)  # fmt: skip
"""Schemes of apprise that reach people who talk; it knows others that write to files and run programs."""


class ChatSender(ClosingSender):
    """Posts a text by an apprise address."""

    def deliver(
        self, content: bytes, url: str, *, recheck_before_content: RecheckContent | None = None
    ) -> Receipt:
        """One message. apprise tells yes or no, and no more: so no is tried again, and may have arrived."""
        service = parse_chat_address(url)
        text = (content if recheck_before_content is None else recheck_before_content()).decode()
        try:
            taken = service.notify(body=text, body_format="text")
        except Exception as error:  # whatever one of so many plugins raises
            failure = f"the chat service could not be reached: {type(error).__name__}"
            raise DeliveryError(False, 0, failure, concerns="recipient", uncertain=True) from error
        if not taken:
            failure = "the chat service did not take it"
            raise DeliveryError(False, 0, failure, concerns="recipient", uncertain=True)
        return Receipt(250, "taken by the chat service")


def parse_chat_address(url: str) -> Apprise:
    """What apprise makes of an address; DeliveryError where it is none of a chat service."""
    from apprise import Apprise

    scheme = url.partition("://")[0].lower()
    service = Apprise()
    if scheme not in SERVICES or not service.add(url):
        valid = ", ".join(sorted(SERVICES))
        raise DeliveryError(True, 0, f"this is no address of a chat service; valid: {valid}")
    return service
