"""Alerts to machines: JSON over HTTPS, signed as Standard Webhooks says (v1, HMAC-SHA256).

Connections go only to public addresses over TLS; ``allow_hosts`` exempts exact host:port pairs
(``network.guarded``). Redirects are not followed: what is not answered with 2xx was not taken.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import http.client
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import requests
from ssrfguard import Policy, Resolver, SSRFGuardError
from urllib3.exceptions import NameResolutionError, NewConnectionError

from servanda.alerts.channels.delivery import ClosingSender, DeliveryError, Receipt, RecheckContent
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.network.clock import Monotonic
from servanda.network.deadline import Deadline
from servanda.network.guarded import GuardedClient
from servanda.network.retry_after import retry_after

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
ANSWER_BYTES = 2000
"""As much of an answer is read; it is shown to operators, and nothing else is done with it."""

PASSING = {408, 425, 429}
"""Refusals that ask us to come again; the others of 400 to 499 would be the same next time."""

PUBLIC = Policy(allowed_schemes=frozenset({"https"}), allowed_ports=frozenset(range(1, 65536)))
PREFIX = "whsec_"


class WebhookSender(ClosingSender):
    """Posts what a webhook gets. ``monotonic`` bounds a delivery as a whole."""

    def __init__(
        self,
        *,
        user_agent: str,
        allow_hosts: frozenset[tuple[str, int]] = frozenset(),
        ca_bundle: Path | None = None,
        monotonic: Monotonic | None = None,
        total_seconds: float = TOTAL_SECONDS,
        resolver: Resolver | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._monotonic, self._total = monotonic, total_seconds
        self._allow_hosts, self._ca_bundle, self._resolver = allow_hosts, ca_bundle, resolver

    @cached_property
    def _client(self) -> GuardedClient:
        """Made for the first delivery: most monitors have no webhook. ValueError for a bad ``ca_bundle``."""
        return GuardedClient(
            connect_seconds=CONNECT_SECONDS,
            public=PUBLIC,
            allow_hosts=self._allow_hosts,
            ca_bundle=self._ca_bundle,
            resolver=self._resolver,
        )

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()

    def deliver(
        self,
        content: bytes,
        url: str,
        secret: str,
        message_id: str,
        *,
        now: datetime,
        recheck_before_content: RecheckContent | None = None,
    ) -> Receipt:
        """One POST. DeliveryError says whether to come again; 410 says that the address is gone."""
        key = signing_key(secret)
        body = content if recheck_before_content is None else recheck_before_content()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
            "Accept-Encoding": "identity",
            **sign_headers(body, key, webhook_id(message_id), now),
        }
        status, answer, wait = self._post(url, body, headers, now)
        if 200 <= status < 300:
            return Receipt(status, answer)
        permanent = 300 <= status < 500 and status not in PASSING
        raise DeliveryError(
            permanent,
            status,
            answer,
            concerns="recipient" if status in (429, 503) else "envelope",
            wait=wait,
            gone=status == 410,
        )

    def _post(
        self, url: str, body: bytes, headers: dict[str, str], now: datetime
    ) -> tuple[int, str, timedelta | None]:
        deadline = Deadline(self._monotonic).allow(self._total)
        try:
            prepared = self._client.prepare("POST", url, headers, body)
            with self._client.send(prepared, deadline) as response:
                wait = retry_after(response.headers.get("Retry-After"), now, response.headers.get("Date"))
                return response.status_code, _words(response), wait
        except SSRFGuardError as error:
            raise DeliveryError(False, 0, _refusal(error, url), concerns="recipient") from error
        except (requests.RequestException, OSError, ValueError, http.client.HTTPException) as error:
            raise _failure(error, url) from error


def _words(response: requests.Response) -> str:
    """The beginning of the answer, else the reason; the status is an answer even where no more comes."""
    said = b""
    with contextlib.suppress(Exception):
        said = response.raw.read1(ANSWER_BYTES, decode_content=False)
    return one_line(said.decode("utf-8", "replace") or response.reason or "", REASON_LIMIT)


def _failure(error: Exception, url: str) -> DeliveryError:
    """Uncertain, unless it failed before anything could be sent. The address may be a secret: host alone."""
    host = urlsplit(url).hostname or "the webhook"
    said = f"{host}: {type(_reason(error)).__name__}: {_reason(error)}"
    return DeliveryError(
        False, 0, said.replace(url, host), concerns="recipient", uncertain=not _is_early(error)
    )


def _refusal(error: SSRFGuardError, url: str) -> str:
    """Why an address is not spoken to; its path may be a secret, so it is named by its host alone."""
    host = urlsplit(url).hostname or "the webhook"
    return one_line(str(error).replace(repr(url), host).replace(url, host), REASON_LIMIT)


def _reason(error: BaseException) -> BaseException:
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    return reason if isinstance(reason, BaseException) else error


def _is_early(error: Exception) -> bool:
    early = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.InvalidURL)
    return isinstance(error, early) or isinstance(
        _reason(error), (NewConnectionError, NameResolutionError, ConnectionRefusedError)
    )


# --- signing ----------------------------------------------------------------------------------------------


def webhook_id(message_id: str) -> str:
    """The Message-ID as an id of Standard Webhooks: a dot would stand between the parts of what is signed."""
    return message_id.strip("<>").replace(".", "-")


def signing_key(secret: str) -> bytes:
    """The key that ``whsec_…`` stands for, base64 behind the prefix; DeliveryError where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or len(key) < 16:
        words = "this webhook has no secret to sign with; valid: whsec_ and base64 of at least 16 bytes"
        raise DeliveryError(False, 0, words, concerns="recipient")
    return key


def sign_headers(body: bytes, key: bytes, identity: str, now: datetime) -> dict[str, str]:
    """The headers that let a receiver check who sent this, and when."""
    at = str(int(now.timestamp()))
    mac = hmac.new(key, f"{identity}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": identity,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }
