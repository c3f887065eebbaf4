"""What the environment says that the watchdog needs, read by hand: the rest may be broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servanda.alerts.channels.smtp_server import SmtpServer
from servanda.alerts.text.addresses import validate_address


@dataclass(frozen=True, slots=True)
class WatchdogSettings:
    """Names and defaults are those of ``jobs.bootstrap.settings.Settings``."""

    pulse: Path
    outbox: Path
    operator: str
    mail_from: str
    smtp_url: str | None = field(repr=False)


def read_watchdog_settings(environment: Mapping[str, str]) -> WatchdogSettings:
    """ValueError names the variable and what would be valid."""
    given = {name: value for name, value in environment.items() if value}
    smtp_url = given.get("SERVANDA_SMTP_URL")
    if smtp_url is not None:
        try:
            SmtpServer.parse(smtp_url)
        except ValueError as error:
            raise ValueError(f"SERVANDA_SMTP_URL: {error}") from error
    return WatchdogSettings(
        pulse=Path(given.get("SERVANDA_PULSE", "var/pulse")),
        outbox=Path(given.get("SERVANDA_OUTBOX", "var/outbox")),
        operator=_address(given, "SERVANDA_OPERATOR", "operator@localhost"),
        mail_from=_address(given, "SERVANDA_MAIL_FROM", "servanda@localhost"),
        smtp_url=smtp_url,
    )


def _address(given: Mapping[str, str], name: str, default: str) -> str:
    try:
        return validate_address(given.get(name, default))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
