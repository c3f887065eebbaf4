"""What anybody may have: calendars, feeds of events, and whether the monitor runs."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from servanda.compliance.watchers import Language
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.scheduling.heartbeat import heartbeat_health
from servanda.jobs.views.calendar import calendar
from servanda.jobs.views.events_feed import events
from servanda.web.request_context import RequestWiring

router = APIRouter()

SECONDS = 60.0
"""For so long an answer is given again as it was: many may ask, and none needs it newer."""

CALENDAR, ATOM = "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8"


class ResponseCache:
    """The newest answer to each question, for a while. Questions are few: instruments times languages."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, ...], tuple[float, bytes]] = {}
        self._making = threading.Lock()

    def answer(self, question: tuple[str, ...], now: float, make: Callable[[], bytes]) -> bytes:
        """What was answered within SECONDS, else what is made now; ``now`` is a monotonic clock's."""
        with self._making:
            found = self._answers.get(question)
            if found is None or now - found[0] > SECONDS:
                self._answers[question] = found = (now, make())
            return found[1]


@dataclass(frozen=True)
class Publisher:
    """Answers what anybody may have, from what was answered lately. ``seen``: the answer the reader has."""

    ledger: Ledger
    catalogue: Catalogue
    base_url: str | None
    answers: ResponseCache
    seen: str | None

    def calendar(self, instrument: str | None, language: Language) -> Response:
        return self._answer(
            CALENDAR,
            instrument,
            language,
            lambda: calendar(self.ledger, self.catalogue, instrument, language),
        )

    def events(self, instrument: str | None, language: Language) -> Response:
        return self._answer(
            ATOM,
            instrument,
            language,
            lambda: events(self.ledger, self.catalogue, instrument, self.base_url, language),
        )

    def _answer(
        self, media_type: str, instrument: str | None, language: Language, make: Callable[[], bytes]
    ) -> Response:
        """The answer, or that the reader has it already (304); 404 for an instrument that there is not."""
        if instrument is not None and instrument not in {one.id for one in self.catalogue.instruments}:
            raise HTTPException(404)
        question = (media_type, instrument or "", language)
        content = self.answers.answer(question, self.ledger.clock.monotonic(), make)
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "public, max-age=300"}
        if self.seen == etag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media_type, headers=headers)


def current_publisher(request: Request, wiring: RequestWiring) -> Publisher:
    return Publisher(
        wiring.ledger,
        wiring.catalogue,
        wiring.settings.public_url,
        request.app.state.remembered,
        request.headers.get("if-none-match"),
    )


RequestPublisher = Annotated[Publisher, Depends(current_publisher)]


@router.api_route("/calendar.ics", methods=["GET", "HEAD"])
def all_windows(publisher: RequestPublisher, language: Language = "en") -> Response:
    return publisher.calendar(None, language)


@router.api_route("/calendar/{instrument}.ics", methods=["GET", "HEAD"])
def windows_of(instrument: str, publisher: RequestPublisher, language: Language = "en") -> Response:
    return publisher.calendar(instrument, language)


@router.api_route("/events.atom", methods=["GET", "HEAD"])
def all_events(publisher: RequestPublisher, language: Language = "en") -> Response:
    return publisher.events(None, language)


@router.api_route("/events/{instrument}.atom", methods=["GET", "HEAD"])
def events_of(instrument: str, publisher: RequestPublisher, language: Language = "en") -> Response:
    return publisher.events(instrument, language)


@router.api_route("/health", methods=["GET", "HEAD"])
def signs_of_life(request: Request) -> Response:
    """Without the database, whose failure is one of the things that it tells; 503 where anything is wrong."""
    wiring: Wiring = request.app.state.wiring
    found = heartbeat_health(wiring.settings.pulse, wiring.now)
    return JSONResponse(found, 200 if found["ok"] else 503)
