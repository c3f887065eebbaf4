"""Where the parts meet the machine. Beside ``jobs.machine`` the only module that reads the environment."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from alerts.addresses import validate_address
from alerts.chat import ChatSender
from alerts.dkim_signing import DkimSigner
from alerts.email import Sender, sender_from_url
from alerts.webhook import WebhookSender
from compliance.reviewing import AFTER_DAYS
from compliance.scanning import Scan
from instruments.catalogue import Catalogue, builtin_catalogue, load_catalogue
from jobs.facts import scan_digest
from jobs.machine import SystemClock as SystemClock
from jobs.machine import inherited_environment as inherited_environment
from jobs.mail_rate import Limit, read_rate
from jobs.public_url import validate_public_url
from jobs.signing_secret import SHORTEST, kept_secret
from models import polls
from models.archive import Archive
from models.robots import KeptRobots
from models.store import Mode, Store, StoreError, create_store, exists, open_store
from scrapers.fetch import Fetcher
from scrapers.isolation import ArticleReader, Limits
from scrapers.pacing import Clock

REPLAY_BANNER = "REPLAY – reconstructed"


class UsageError(Exception):
    """What was asked cannot be done; the message names what, and what would be valid."""


class Settings(BaseSettings):
    """What the environment says. Paths are relative to the working directory."""

    model_config = SettingsConfigDict(
        env_prefix="SERVANDA_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = "sqlite:///var/servanda.db"
    catalogue: Path | None = None
    archive: Path = Path("var/archive")
    outbox: Path = Path("var/outbox")
    smtp_url: str | None = None
    mail_from: str = "servanda@localhost"
    contact: str | None = None
    ca_bundle: Path | None = Field(
        default=None,
        validation_alias=AliasChoices(
            "SERVANDA_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"
        ),
    )
    operator: str = "operator@localhost"
    airflow_home: Path = Path("var/airflow")
    pulse: Path = Path("var/pulse")
    now: datetime | None = None
    allow_hosts: Annotated[frozenset[tuple[str, int]], NoDecode] = frozenset()
    document_memory: int = Field(default=1500, ge=300)
    document_seconds: float = Field(default=30, gt=0, le=3600)
    review_after: Annotated[tuple[int, ...], NoDecode] = AFTER_DAYS
    public_url: str | None = None
    secret: SecretStr | None = None
    secret_file: Path = Path("var/secret")
    dkim_key: Path | None = None
    dkim_selector: str | None = None
    smtp_rate: Annotated[tuple[Limit, ...], NoDecode] = ()
    suspend_after: int = Field(default=3, ge=1, le=100)
    return_path: str | None = None
    bounces: Path | None = None

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _read_hosts(cls, value: Any) -> Any:
        """``host:port`` pairs, separated by commas or spaces."""
        if not isinstance(value, str):
            return value
        pairs = set()
        for part in value.replace(",", " ").split():
            host, _, port = part.rpartition(":")
            if not host or not port.isdigit() or not 0 < int(port) < 65536:
                raise ValueError(f"{part!r} is not host:port, such as 127.0.0.1:8000")
            pairs.add((host.strip("[]"), int(port)))
        return frozenset(pairs)

    @field_validator("review_after", mode="before")
    @classmethod
    def _read_days(cls, value: Any) -> Any:
        """Whole days, separated by commas or spaces, each greater than the one before; ``none`` for none."""
        if not isinstance(value, str):
            return value
        parts = [] if value.strip() == "none" else value.replace(",", " ").split()
        days = [int(part) if part.isdecimal() and part.isascii() else 0 for part in parts]
        if days != sorted(set(days)) or any(not 1 <= n <= 366 for n in days):
            valid = "valid: 1, 3, 7 or none"
            raise ValueError(f"not days from 1 to 366, each greater than the one before; {valid}")
        return tuple(days)

    @field_validator("smtp_rate", mode="before")
    @classmethod
    def _read_rate(cls, value: Any) -> Any:
        return read_rate(value) if isinstance(value, str) else value

    @field_validator("mail_from", "return_path")
    @classmethod
    def _check_address(cls, value: str | None) -> str | None:
        return None if value is None else validate_address(value)

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        return None if value is None else validate_public_url(value)

    @field_validator("secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST:
            raise ValueError(
                f"too short for a secret; valid: at least {SHORTEST} characters nobody can guess"
            )
        return value

    @field_validator("now")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        return None if value is None else aware(value)


def aware(value: datetime) -> datetime:
    """An instant in UTC; ValueError for one without an offset."""
    if value.tzinfo is None:
        raise ValueError(
            f"{value.isoformat()} has no offset; valid: 2019-09-06T04:00:00Z or 2019-09-06T00:00:00-04:00"
        )
    return value.astimezone(UTC)


class StandingClock(SystemClock):
    """A replay's clock: ``now`` stands where ``--now`` put it; pacing still takes its time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


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
    def scan(self) -> Scan:
        """All rules of the catalogue, ready to be looked for."""
        return Scan.of(self.catalogue.instruments)

    @cached_property
    def scan_digest(self) -> str:
        """Names the rules that ``scan`` looks for."""
        return scan_digest(self.catalogue.instruments)

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.settings.archive)

    @cached_property
    def fetcher(self) -> Fetcher:
        """UsageError where the contact or the certificates in the settings cannot be used."""
        try:
            return Fetcher(
                user_agent=user_agent(self.settings),
                allow_hosts=self.settings.allow_hosts,
                clock=self.clock,
                ca_bundle=self.settings.ca_bundle,
                robots_memory=KeptRobots(self.store),
            )
        except ValueError as error:
            raise UsageError(f"SERVANDA_CONTACT or SERVANDA_CA_BUNDLE: {error}") from error

    @cached_property
    def article_reader(self) -> ArticleReader:
        """What reads documents, in a process of its own that starts with the first one."""
        memory, seconds = self.settings.document_memory * 1_000_000, self.settings.document_seconds
        return ArticleReader(
            monotonic=self.clock.monotonic,
            environment=inherited_environment(),
            limits=Limits(memory_bytes=memory, seconds=seconds),
        )

    @cached_property
    def signing_secret(self) -> bytes:
        """What signs the links in mails; UsageError where the file that keeps it cannot be used."""
        given = self.settings.secret
        if given is not None:
            return given.get_secret_value().encode()
        try:
            return kept_secret(self.settings.secret_file)
        except (ValueError, OSError) as error:
            raise UsageError(f"SERVANDA_SECRET_FILE: {error}") from error

    @cached_property
    def dkim(self) -> DkimSigner | None:
        """What signs mails for the sender's domain; None where no key is set."""
        return dkim_signer(self.settings)

    @cached_property
    def sender(self) -> Sender:
        try:
            return sender_from_url(self.settings.smtp_url, self.settings.outbox, self.clock.monotonic)
        except ValueError as error:
            raise UsageError(f"SERVANDA_SMTP_URL: {error}") from error

    @cached_property
    def webhook(self) -> WebhookSender:
        return WebhookSender(
            user_agent=user_agent(self.settings),
            allow_hosts=self.settings.allow_hosts,
            ca_bundle=self.settings.ca_bundle,
            monotonic=self.clock.monotonic,
        )

    @cached_property
    def chat(self) -> ChatSender:
        return ChatSender()


def dkim_signer(settings: Settings) -> DkimSigner | None:
    """What signs mails for the sender's domain, None where no key is set; UsageError for one that cannot."""
    key, selector = settings.dkim_key, settings.dkim_selector
    if key is None and selector is None:
        return None
    if key is None or selector is None:
        missing = "SERVANDA_DKIM_KEY" if key is None else "SERVANDA_DKIM_SELECTOR"
        raise UsageError(f"{missing} is not set; a signature needs both a key and its selector")
    try:
        return DkimSigner.read(key, selector, settings.mail_from.rpartition("@")[2])
    except (ValueError, OSError) as error:
        raise UsageError(f"SERVANDA_DKIM_KEY, SERVANDA_DKIM_SELECTOR: {error}") from error


def user_agent(settings: Settings) -> str:
    """An honest name with a way to reach whoever runs this monitor."""
    return f"Servanda/0.1 (commitment compliance monitor; contact: {settings.contact or settings.mail_from})"


def read_settings() -> Settings:
    """The settings; UsageError names the variable, its value and what would be valid."""
    try:
        return Settings()
    except ValidationError as error:
        raise UsageError("\n".join(map(_in_words, error.errors()))) from error


def _in_words(problem: ErrorDetails) -> str:
    """One problem of the environment; a secret is not repeated."""
    name = str(problem["loc"][0])
    value = "…" if name == "secret" else repr(problem["input"])
    return f"SERVANDA_{name.upper()} = {value}: {problem['msg']}"


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
    settings = settings or read_settings()
    now = now or settings.now
    loaded = load_catalogue(catalogue or settings.catalogue or builtin_catalogue())
    if check is not None:
        check(loaded)
    with ExitStack() as closing:
        store = closing.enter_context(_opened(settings, now, opening, closing))
        if now is not None:
            store.move_replay_to(now)
        clock = StandingClock(store.replay_now()) if store.mode == "replay" else SystemClock()
        if opening == "create":
            with store.writing() as db:
                polls.load_catalogue(db, loaded.digest, loaded.content, clock.now())
        wiring = Wiring(settings, loaded, store, clock)
        closing.callback(wiring.hang_up)
        yield wiring


def _opened(
    settings: Settings, now: datetime | None, opening: Opening, closing: ExitStack
) -> AbstractContextManager[Store]:
    url = settings.database_url
    if opening == "existing" or (opening == "scratch" and exists(url)):
        return contextlib.closing(open_store(url))
    if opening == "scratch":
        url = f"sqlite:///{closing.enter_context(TemporaryDirectory())}/scratch.db"
    mode: Mode = "live" if now is None else "replay"
    return contextlib.closing(create_store(url, mode=mode, now=now or SystemClock().now()))


__all__ = ["Settings", "StoreError", "UsageError", "Wiring", "aware", "read_settings", "wire"]
