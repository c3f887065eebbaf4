"""Where the parts meet the machine.

``jobs.bootstrap.system`` has the clock, ``jobs.bootstrap.settings`` the environment.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from servanda.jobs.bootstrap.replay import REPLAY_BANNER, FrozenClock
from servanda.jobs.bootstrap.settings import Settings, read_settings
from servanda.jobs.bootstrap.system import SystemClock, inherited_environment
from servanda.jobs.bootstrap.usage import SettingUnusable, UsageError, aware

if TYPE_CHECKING:  # each is imported by whoever asks for it: a verb that reads needs few of them
    from servanda.alerts.channels.chat import ChatSender
    from servanda.alerts.channels.delivery import Sender
    from servanda.alerts.channels.dkim_signing import DkimSigner
    from servanda.alerts.channels.webhook import WebhookSender
    from servanda.alerts.formats.letterhead import Letterhead
    from servanda.instruments.catalogue import Catalogue
    from servanda.jobs.bootstrap.ledger import Ledger
    from servanda.models.archive.folder import Archive
    from servanda.models.store import Mode, Store
    from servanda.network.clock import Clock
    from servanda.scrapers.http.fetch import Fetcher
    from servanda.scrapers.isolation.reader_process import ArticleReader


@dataclass(frozen=True)
class Wiring:
    """Everything a job needs, made once for each command or task."""

    settings: Settings
    catalogue: Catalogue
    store: Store
    clock: Clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @cached_property
    def ledger(self) -> Ledger:
        """What functions below the doors take to open transactions."""
        from servanda.jobs.bootstrap.ledger import Ledger

        return Ledger(self.store, self.clock)

    def hang_up(self) -> None:
        """Close the connections to publishers that are kept alive; end the process that reads documents."""
        if "fetcher" in self.__dict__:
            self.fetcher.close()
        if "webhook" in self.__dict__:
            self.webhook.close()
        if "article_reader" in self.__dict__:
            self.article_reader.close()

    @property
    def replay(self) -> bool:
        return self.store.mode == "replay"

    @cached_property
    def archive(self) -> Archive:
        from servanda.models.archive.folder import Archive

        return Archive(self.settings.archive)

    @cached_property
    def fetcher(self) -> Fetcher:
        """UsageError where the contact or the certificates in the settings cannot be used."""
        from servanda.models.polls.robots import StoredRobots
        from servanda.scrapers.http.fetch import Fetcher

        try:
            return Fetcher(
                user_agent=user_agent(self.settings),
                allow_hosts=self.settings.allow_hosts,
                clock=self.clock,
                ca_bundle=self.settings.ca_bundle,
                robots_memory=StoredRobots(self.store),
            )
        except ValueError as error:
            names = "SERVANDA_CONTACT, SERVANDA_USER_AGENT or SERVANDA_CA_BUNDLE"
            raise SettingUnusable(f"{names}: {error}") from error

    @cached_property
    def article_reader(self) -> ArticleReader:
        """What reads documents, in a process of its own that starts with the first one."""
        from servanda.scrapers.isolation.reader_process import ArticleReader, ReaderLimits

        memory, seconds = self.settings.document_memory * 1_000_000, self.settings.document_seconds
        return ArticleReader(
            monotonic=self.clock.monotonic,
            environment=inherited_environment(),
            limits=ReaderLimits(memory_bytes=memory, seconds=seconds),
        )

    @cached_property
    def signing_secret(self) -> bytes:
        """What signs the links in mails; UsageError where the file that keeps it cannot be used."""
        from servanda.jobs.bootstrap.signing_secret import kept_secret

        given = self.settings.secret
        if given is not None:
            return given.get_secret_value().encode()
        try:
            return kept_secret(self.settings.secret_file)
        except (ValueError, OSError) as error:
            raise SettingUnusable(f"SERVANDA_SECRET_FILE: {error}") from error

    @cached_property
    def dkim(self) -> DkimSigner | None:
        """What signs mails for the sender's domain; None where no key is set."""
        return dkim_signer(self.settings)

    @cached_property
    def letterhead(self) -> Letterhead:
        """What heads every mail; UsageError where the key or the secret in the settings cannot be used."""
        from servanda.alerts.formats.letterhead import Letterhead, WatcherPages

        settings, url = self.settings, self.settings.public_url
        return Letterhead(
            database=self.store.identity.id,
            replay=self.replay,
            mail_from=settings.mail_from,
            contact=settings.contact,
            operator=settings.operator,
            pages=None if url is None else WatcherPages(url, self.signing_secret),
            signer=self.dkim,
            site=settings.site_url,
        )

    @cached_property
    def sender(self) -> Sender:
        from servanda.alerts.channels.mail_sender import sender_from_url

        try:
            return sender_from_url(self.settings.smtp_url, self.settings.outbox, self.clock.monotonic)
        except ValueError as error:
            raise SettingUnusable(f"SERVANDA_SMTP_URL: {error}") from error

    @cached_property
    def webhook(self) -> WebhookSender:
        from servanda.alerts.channels.webhook import WebhookSender

        return WebhookSender(
            user_agent=user_agent(self.settings),
            allow_hosts=self.settings.allow_hosts,
            ca_bundle=self.settings.ca_bundle,
            monotonic=self.clock.monotonic,
        )

    @cached_property
    def chat(self) -> ChatSender:
        from servanda.alerts.channels.chat import ChatSender

        return ChatSender()


def dkim_signer(settings: Settings) -> DkimSigner | None:
    """What signs mails for the sender's domain, None where no key is set; UsageError for one that cannot."""
    key, selector = settings.dkim_key, settings.dkim_selector
    if key is None and selector is None:
        return None
    if key is None or selector is None:
        missing = "SERVANDA_DKIM_KEY" if key is None else "SERVANDA_DKIM_SELECTOR"
        raise SettingUnusable(f"{missing} is not set; a signature needs both a key and its selector")
    from servanda.alerts.channels.dkim_signing import DkimSigner

    try:
        return DkimSigner.read(key, selector, settings.mail_from.rpartition("@")[2])
    except (ValueError, OSError) as error:
        raise SettingUnusable(f"SERVANDA_DKIM_KEY, SERVANDA_DKIM_SELECTOR: {error}") from error


VERSION = "0.1.0"

_BROWSERS = re.compile(r"AppleWebKit|Chrome/|Firefox/|Safari/|Edg/|OPR/|Gecko/|MSIE|Trident/", re.IGNORECASE)


def user_agent(settings: Settings) -> str:
    """An honest name with a way to reach whoever runs this monitor, in the form that filters of sites expect.

    Another one may be set; UsageError where it hides the product or the contact, or claims to be a browser.
    """
    contact = settings.contact or settings.mail_from
    usual = f"Mozilla/5.0 (compatible; Servanda/{VERSION}; +{contact})"
    given = settings.user_agent
    if given is None:
        return usual
    if "Servanda/" not in given or contact not in given:
        why = f"must hold 'Servanda/' and the contact {contact!r}"
    elif found := _BROWSERS.search(given):
        why = f"{found[0]!r} claims to be a browser"
    else:
        return given
    raise UsageError(f"SERVANDA_USER_AGENT = {given!r}: {why}; valid: {usual}")


Opening = Literal["create", "existing", "scratch"]
"""What to do where there is no database: make one, refuse, or make one that is gone at the end."""


@contextmanager
def wire(
    *,
    now: datetime | None = None,
    catalogue: Path | None = None,
    opening: Opening = "existing",
    settings: Settings | None = None,
    check: Callable[[Catalogue], object] | None = None,
) -> Iterator[Wiring]:
    """Open everything and close it again.

    ``opening`` ``create``: make the database if there is none, ``replay`` where ``now`` is given, else
    ``live``, and keep the catalogue in it. ``scratch``: work on what there is, else on a database that is
    gone at the end. ``settings`` None: what the environment says. ``check`` sees the catalogue before
    anything is made; what it raises ends the matter.
    """
    from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

    settings = settings or read_settings()
    now = now or settings.now
    loaded = load_catalogue(catalogue or settings.catalogue or builtin_catalogue(), settings.cache)
    if check is not None:
        check(loaded)
    with ExitStack() as closing:
        store = closing.enter_context(_opened(settings, now, opening, closing))
        if now is not None:
            store.move_replay_to(now)
        clock = FrozenClock(store.replay_now()) if store.mode == "replay" else SystemClock()
        if opening == "create":
            _keep_catalogue(store, loaded, clock)
        wiring = Wiring(settings, loaded, store, clock)
        closing.callback(wiring.hang_up)
        yield wiring


def _keep_catalogue(store: Store, catalogue: Catalogue, clock: Clock) -> None:
    """Keep the catalogue in the ledger, where it is not kept yet."""
    from servanda.models.polls import polls

    with store.reading() as db:
        kept = polls.is_catalogue_kept(db, catalogue.digest)
    if not kept:
        with store.writing() as db:
            polls.load_catalogue(db, catalogue.digest, catalogue.content, clock.now())


def _opened(
    settings: Settings, now: datetime | None, opening: Opening, closing: ExitStack
) -> AbstractContextManager[Store]:
    from servanda.models.store import create_store, exists, open_store

    url = settings.database_url
    if opening == "existing" or (opening == "scratch" and exists(url)):
        return contextlib.closing(open_store(url))
    if opening == "scratch":
        from tempfile import TemporaryDirectory

        url = f"sqlite:///{closing.enter_context(TemporaryDirectory())}/scratch.db"
    mode: Mode = "live" if now is None else "replay"
    return contextlib.closing(create_store(url, mode=mode, now=now or SystemClock().now()))


__all__ = [
    "REPLAY_BANNER", "FrozenClock", "Opening", "Settings", "SystemClock", "UsageError", "Wiring", "aware",
    "inherited_environment", "read_settings", "wire",
]  # fmt: skip
