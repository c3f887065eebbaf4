"""What a request asks the desk for: in which language, at which address, of which moment."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.requests import Request

from servanda.alerts.text.translation import Words, words
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.web.desk.addresses import Addresses
from servanda.web.desk.rendering import Frame
from servanda.web.pages import reader_language
from servanda.web.request_context import RequestWiring

LONGEST_QUERY = 2_000


def frame_of(request: Request, wiring: Wiring) -> Frame:
    """What a page says besides its own, for whoever asks."""
    spoken = request.scope.get("servanda.language")
    said_in = words(spoken or reader_language(request.headers.get("accept-language", "")))
    addresses = Addresses(
        "desk",
        root=request.scope.get("root_path", "").rstrip("/"),
        spoken=spoken,
        here=request.scope["servanda.path"],
        query=dict(parse_qsl(request.url.query[:LONGEST_QUERY])),
    )
    return Frame(said_in, addresses, wiring.now, wiring.replay, desk_areas(said_in))


def desk_areas(said_in: Words) -> tuple[tuple[str, str], ...]:
    """What the navigation of the desk names."""
    return (
        ("", said_in.say("Overview")),
        ("sources", said_in.say("Sources")),
        ("documents", said_in.say("Documents")),
        ("search", said_in.say("Search")),
        ("alerts", said_in.say("Alerts")),
        ("watchers", said_in.say("Watchers")),
    )


def request_frame(request: Request, wiring: RequestWiring) -> Frame:
    return frame_of(request, wiring)


RequestFrame = Annotated[Frame, Depends(request_frame)]
