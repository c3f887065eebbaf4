"""What the environment says, checked once: every variable, its default and what is valid."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from servanda.alerts.text.addresses import validate_address
from servanda.compliance.review_reminders import AFTER_DAYS
from servanda.jobs.bootstrap.public_url import validate_public_url
from servanda.jobs.bootstrap.rates import RateLimit, read_rate
from servanda.jobs.bootstrap.signing_secret import SHORTEST
from servanda.jobs.bootstrap.usage import UsageError, aware


class Settings(BaseSettings):
    """What is given, else what the environment says, else the default.

    Paths are relative to the working directory. An empty variable counts as none.
    """

    model_config = SettingsConfigDict(
        env_prefix="SERVANDA_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    database_url: str = "sqlite:///var/servanda.db"
    catalogue: Path | None = None
    archive: Path = Path("var/archive")
    cache: Path = Path("var/cache")
    outbox: Path = Path("var/outbox")
    smtp_url: str | None = None
    mail_from: str = "servanda@localhost"
    contact: str | None = None
    user_agent: str | None = None
    ca_bundle: Path | None = Field(
        default=None,
        validation_alias=AliasChoices(
            "SERVANDA_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"
        ),
    )
    operator: str = "operator@localhost"
    airflow_home: Path = Path("var/airflow")
    run_history_days: int = Field(default=180, ge=1, le=3650)
    dag_prefix: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]{0,50}$")
    pulse: Path = Path("var/pulse")
    now: datetime | None = None
    allow_hosts: Annotated[frozenset[tuple[str, int]], NoDecode] = frozenset()
    document_memory: int = Field(default=1500, ge=300)
    document_seconds: float = Field(default=30, gt=0, le=3600)
    review_after: Annotated[tuple[int, ...], NoDecode] = AFTER_DAYS
    public_url: str | None = None
    site_url: str | None = None
    secret: SecretStr | None = None
    secret_file: Path = Path("var/secret")
    dkim_key: Path | None = None
    dkim_selector: str | None = None
    smtp_rate: Annotated[tuple[RateLimit, ...], NoDecode] = ()
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

    @field_validator("public_url", "site_url")
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


def read_settings() -> Settings:
    """The settings; UsageError names the variable, its value and what would be valid."""
    try:
        return Settings()
    except ValidationError as error:
        raise UsageError("\n".join(map(_in_words, error.errors()))) from error


MAY_HOLD_SECRETS = frozenset({"secret", "smtp_url", "database_url", "public_url"})
"""Settings whose values no message repeats."""


def _in_words(problem: ErrorDetails) -> str:
    """One problem of the environment; a secret is not repeated."""
    name = str(problem["loc"][0])
    value = "…" if name in MAY_HOLD_SECRETS else repr(problem["input"])
    return f"SERVANDA_{name.upper()} = {value}: {problem['msg']}"
