"""The app: which page answers at which address. GET and HEAD change nothing, whoever asks."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from servanda.alerts.text.translation import words
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.web import feeds as publications
from servanda.web import opt_in as confirming
from servanda.web import preferences
from servanda.web import unsubscribe as leaving
from servanda.web.desk.app import create_desk
from servanda.web.desk.door import Door, GuardedDesk
from servanda.web.feeds import ResponseCache
from servanda.web.middleware import RequestLimitsMiddleware
from servanda.web.pages import STYLE_HASH, page, reader_language
from servanda.web.request_context import page_frame

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""No referrer: an address holds the token that makes it valid."""


def create_app(wiring: Wiring, door: Door | None = None) -> ASGIApp:
    """The app over an open wiring; UsageError where the secret behind the links cannot be had.

    ``door`` lets readers in to the desk, which answers at every address that no other page has. None: there
    is no desk.
    """
    prefix = (wiring.settings.public_url or "").partition("://")[2].partition("/")[2]
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # to whatever host the request names, in the clear, with the token
        root_path=f"/{prefix}" if prefix else "",
    )
    app.state.wiring = wiring
    app.state.remembered = ResponseCache()
    assert wiring.signing_secret, "the first request must not be the one that makes it"
    for module in (leaving, preferences, confirming, publications):
        app.include_router(module.router)

    frame = page_frame(wiring)

    def refusal(scope: Scope, status: int) -> Response:
        said_in = words(reader_language(Headers(scope=scope).get("accept-language", "")))
        template = "not_found" if status == 404 else "refused"
        return page(template, said_in, frame, status=status, reason=HTTPStatus(status).phrase)

    async def refuse(request: Request, error: Exception) -> Response:
        status = 400 if isinstance(error, RequestValidationError) else getattr(error, "status_code", 500)
        answer = refusal(request.scope, status)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    app.add_exception_handler(HTTPException, refuse)
    app.add_exception_handler(RequestValidationError, refuse)
    app.add_exception_handler(Exception, refuse)
    if door is not None:
        app.router.default = GuardedDesk(create_desk(wiring), door, otherwise=app.router.not_found)
    return RequestLimitsMiddleware(app, headers=HEADERS, refusal=refusal)
