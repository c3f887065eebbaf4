"""Get a page from a publisher, politely: the way in for readers, and the only one.

Asked for robots.txt first, paced per host, tried again where that can help, redirected only within the
publisher's site; every request is handed to a recorder, whatever came of it. Sockets are opened in
``network.guarded`` alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ssrfguard import Resolver

from servanda.network.clock import Clock
from servanda.network.guarded import host_of
from servanda.network.retry_after import retry_after
from servanda.scrapers.barriers import find_barrier, find_challenge
from servanda.scrapers.barriers.page_view import PageView
from servanda.scrapers.exchange import (
    Blocked,
    Exchange,
    Fetch,
    Recorder,
    ScrapeError,
    Unreachable,
    Validators,
)
from servanda.scrapers.failures import sanitise_detail
from servanda.scrapers.http.robots import (
    KEPT_SECONDS,
    PARSED_BYTES,
    RobotsCache,
    RobotsMemory,
    RobotsRules,
    parse_rules,
    rules_without_file,
)
from servanda.scrapers.http.transport import ExchangeLimits, Transport, TransportResult
from servanda.scrapers.pacing import Pacer
from servanda.scrapers.redirects import REDIRECTS, check_redirect, redirect_target

RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
RETRIED_KINDS = frozenset({"dns", "refused", "timeout", "disconnected", "truncated"})
BLOCKED_STATUSES = frozenset({401, 403, 451})
LONGEST_VALIDATOR = 1000

PRODUCT = "Servanda"

ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
"""What readers want first: gob.mx answers ``*/*`` with a script."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to try. After try n there is a pause of ``backoff_seconds`` · 2^(n-1), or what Retry-After
    asks for if that is longer; one that asks for more than ``longest_wait_seconds`` is taken at its word and
    not tried again."""

    tries: int = 3
    backoff_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    redirects: int = 5


LIMITS = ExchangeLimits()
RETRY_POLICY = RetryPolicy()


class Fetcher:
    """Everything that requests share: connections, pauses, robots.txt. Thread-safe.

    ``user_agent`` is an honest name with a way to reach whoever runs this; ``Servanda`` is the product that
    robots.txt may name wherever it stands there, else the first word is. ``allow_hosts`` are host:port pairs
    that may be private. ``ca_bundle`` replaces the built-in roots of trust. ``resolver`` stands in for
    ``socket.getaddrinfo``; what it answers is checked like any other address. ``robots_memory`` keeps
    robots.txt from one process to the next.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Clock,
        allow_hosts: frozenset[tuple[str, int]] = frozenset(),
        limits: ExchangeLimits = LIMITS,
        persistence: RetryPolicy = RETRY_POLICY,
        ca_bundle: Path | None = None,
        resolver: Resolver | None = None,
        robots_memory: RobotsMemory | None = None,
    ) -> None:
        if not re.fullmatch(r"[A-Za-z][\w.-]*(/[\w.-]+)?( [ -~]+)?", user_agent):
            raise ValueError(f"{user_agent!r} is no User-Agent; valid: Servanda/0.1 (contact: a@b.example)")
        self.user_agent = user_agent
        self.product = PRODUCT if f"{PRODUCT}/" in user_agent else re.split(r"[/ ]", user_agent)[0]
        self.clock = clock
        self.persistence = persistence
        self.pacer = Pacer(clock)
        self.robots = RobotsCache(clock)
        self.robots_memory = robots_memory
        self.transport = Transport(
            clock=clock, limits=limits, allow_hosts=allow_hosts, ca_bundle=ca_bundle, resolver=resolver
        )

    def session(self, recorder: Recorder) -> Fetch:
        """A way to fetch that hands every exchange to ``recorder``, those with robots.txt too."""
        return _Session(self, recorder)

    def close(self) -> None:
        """Close the connections that are kept alive; the fetcher can still be used."""
        self.transport.close()


@dataclass(frozen=True, slots=True)
class _Session:
    """One reader's use of a fetcher."""

    fetcher: Fetcher
    recorder: Recorder

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        conditions = _conditions(validators)
        exchange = self._follow(url, pause_seconds, conditions, ask_robots=True)
        if failure := find_challenge(exchange) if exchange.status == 304 else find_barrier(exchange):
            raise failure
        if exchange.status == 200 or (exchange.status == 304 and conditions):
            return exchange
        raise _status_failure(exchange)

    def _follow(
        self, url: str, pause_seconds: float, conditions: dict[str, str], *, ask_robots: bool
    ) -> Exchange:
        """The response at the end of the redirects."""
        url = url.partition("#")[0]
        visited = [url]
        while True:
            exchange = self._ask(url, pause_seconds, conditions, ask_robots=ask_robots)
            target = redirect_target(exchange)
            if target is None:
                return exchange
            if not self.fetcher.transport.refuses(target):
                check_redirect(url, target, visited, self.fetcher.persistence.redirects)
            url = target
            visited.append(url)

    def _ask(
        self, url: str, pause_seconds: float, conditions: dict[str, str], *, ask_robots: bool
    ) -> Exchange:
        """One hop, if the host's robots.txt allows it (not asked for where no connection may be made)."""
        if ask_robots and not self.fetcher.transport.refuses(url):
            rules = self._rules(url, pause_seconds)
            if refusal := rules.refusal(url):
                raise Blocked("robots", refusal)
            pause_seconds = max(pause_seconds, rules.crawl_delay)
        return self._try(url, pause_seconds, conditions)

    def _rules(self, url: str, pause_seconds: float) -> RobotsRules:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
        return self.fetcher.robots.rules(origin, lambda: self._read_rules(origin, pause_seconds))

    def _read_rules(self, origin: str, pause_seconds: float) -> RobotsRules:
        product, memory, now = self.fetcher.product, self.fetcher.robots_memory, self.fetcher.clock.now()
        kept = memory.recall(origin, now - timedelta(seconds=KEPT_SECONDS)) if memory else None
        if kept is not None:
            return parse_rules(kept, product)
        try:
            exchange = self._follow(f"{origin}/robots.txt", pause_seconds, {}, ask_robots=False)
            if refusal := find_challenge(exchange):
                raise refusal
            if exchange.status != 200:
                raise _status_failure(exchange)
        except ScrapeError as failure:
            rules = rules_without_file(failure, product)
            if memory and rules.closed_because is None:
                memory.remember(origin, b"", now)
            return rules
        if memory:
            memory.remember(origin, exchange.body[:PARSED_BYTES], now)
        return parse_rules(exchange.body, product)

    def _try(self, url: str, pause_seconds: float, conditions: dict[str, str]) -> Exchange:
        """One hop, tried again where that can help. Returns whatever status came.

        A challenge ends the tries; one that comes instead of a page is for the caller to see, who looks once:
        that takes longer than the request.
        """
        headers = {
            "User-Agent": self.fetcher.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            **conditions,
        }
        tries = 0
        while True:
            self.fetcher.pacer.wait(host_of(url), pause_seconds)
            answer = self.fetcher.transport.get(url, headers)
            self.recorder(answer.exchange)
            tries += 1
            wait = self._wait_before_retry(answer, tries)
            if wait is None:
                break
            if refusal := _refusal(answer):
                raise refusal
            self.fetcher.clock.sleep(wait)
        if answer.error is not None:
            raise _refusal(answer) or answer.error
        return answer.exchange

    def _wait_before_retry(self, answer: TransportResult, tries: int) -> float | None:
        """Seconds to wait before the next try; None where there is to be none."""
        persistence, exchange, error = self.fetcher.persistence, answer.exchange, answer.error
        can_help = error.kind in RETRIED_KINDS if error else exchange.status in RETRIED_STATUSES
        if not can_help or tries >= persistence.tries:
            return None
        wait = persistence.backoff_seconds * 2 ** (tries - 1)
        if error is None:
            header = exchange.header
            asked = retry_after(header("Retry-After"), self.fetcher.clock.now(), header("Date"))
            wait = max(wait, asked.total_seconds() if asked else 0.0)
        return wait if wait <= persistence.longest_wait_seconds else None


def _is_redirect(answer: TransportResult) -> bool:
    return answer.exchange.status in REDIRECTS and answer.exchange.header("Location") is not None


def _refusal(answer: TransportResult) -> Blocked | None:
    return None if _is_redirect(answer) else find_challenge(answer.exchange)


def _status_failure(exchange: Exchange) -> ScrapeError:
    family = Blocked if exchange.status in BLOCKED_STATUSES else Unreachable
    answered = f"{exchange.final_url} answered {exchange.status} {exchange.reason}".strip()
    if family is Blocked and (said := sanitise_detail(PageView(exchange).words_of_refusal, 160)):
        answered = f"{answered}: {said!r}"
    asked = exchange.header("Retry-After")
    reason = f"{answered}; Retry-After: {asked[:60]}" if asked else answered
    return family(f"http_{exchange.status}", reason, exchange)


def _conditions(validators: Validators | None) -> dict[str, str]:
    """The headers that make a request conditional; a validator that cannot be sent back is left out."""
    if validators is None:
        return {}
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return {name: value for name, value in pairs if value and _can_be_sent(value)}


def _can_be_sent(value: str) -> bool:
    """Whether it is one line of visible ASCII, as HTTP's grammar has both; anything else is not sent on."""
    return len(value) <= LONGEST_VALIDATOR and re.fullmatch(r"[!-~]([ -~]*[!-~])?", value) is not None
