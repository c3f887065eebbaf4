"""What stands before every page: bounded requests, and headers that allow a browser no more than it needs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

LONGEST_BODY = 64 * 1024
SECONDS = 10.0
"""A body that takes longer to arrive is not waited for."""

Refusal = Callable[[Scope, int], Response]


class RequestLimitsMiddleware:
    """Reads the body of a request, bounded in size and time, before the app sees it; adds the headers.

    Whatever the app fails of, and has answered as a fault of ours, is logged, and the connection stands.
    """

    def __init__(self, app: ASGIApp, *, headers: dict[str, str], refusal: Refusal) -> None:
        self._app = app
        self._headers = headers
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            answered = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        body = await _bounded_body(scope, receive)
        if isinstance(body, int):
            await self._refusal(scope, body)(scope, receive, sending)
            return
        try:
            await self._app(scope, _again(body, receive), sending)
        except Exception:
            log.exception("a page could not be made")
            if not answered:
                raise


async def _bounded_body(scope: Scope, receive: Receive) -> bytes | int:
    """The whole body, or the status with which the request is refused."""
    announced = Headers(scope=scope).get("content-length", "0")
    if not announced.isdigit() or int(announced) > LONGEST_BODY:
        return 413
    body = b""
    try:
        async with asyncio.timeout(SECONDS):
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    return 408
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > LONGEST_BODY:
                    return 413
    except TimeoutError:
        return 408
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands the app the body that was read, and afterwards what else the server says."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
