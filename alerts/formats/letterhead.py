"""What heads and ends every mail of one monitor, whoever gets it."""

from __future__ import annotations

from dataclasses import dataclass, field

from servanda.alerts.channels.dkim_signing import DkimSigner
from servanda.alerts.text.addresses import validate_address


@dataclass(frozen=True, slots=True)
class WatcherPages:
    """Where the pages of watchers are reached from outside, and the secret that signs the links to them."""

    url: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """``database`` is its id, which makes Message-IDs those of no other monitor. ``contact`` and ``operator``
    are whom to write to. ``pages``: None while the web app has no public address. ``signer``: None without a
    DKIM key. ``site``: where the public site is reached, None where there is none.
    """

    database: str
    replay: bool
    mail_from: str
    contact: str | None
    operator: str
    pages: WatcherPages | None
    signer: DkimSigner | None
    site: str | None = None

    @property
    def domain(self) -> str:
        return self.mail_from.rpartition("@")[2]

    @property
    def whom_to_ask(self) -> str:
        return self.contact or self.operator

    @property
    def reply_to(self) -> str | None:
        """The contact, where it is an address to which mail can be written."""
        try:
            return None if self.contact is None else validate_address(self.contact)
        except ValueError:
            return None
