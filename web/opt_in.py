"""To agree to mail that somebody else asked for: a page, and a press of its button."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from servanda.alerts.letters.subscription_words import subscription_sentence
from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.watchers.membership import confirm
from servanda.web.pages import masked_address, page, words_of
from servanda.web.request_context import RequestWiring, may_activate, watcher_of

router = APIRouter()


@router.api_route("/c/{token}", methods=["GET", "HEAD"])
def ask(token: str, wiring: RequestWiring) -> Response:
    """What they would get, and one button; opening the page agrees to nothing."""
    watcher = watcher_of(wiring, "confirm", token)
    return _shown(wiring, watcher, may=may_activate(wiring, watcher))


@router.post("/c/{token}")
def agree(token: str, wiring: RequestWiring) -> Response:
    """Agree. Whom whoever runs the monitor has removed or suspended stays so."""
    watcher = watcher_of(wiring, "confirm", token)
    return _shown(wiring, confirm(wiring, watcher.key, reason="confirmed by the link in a mail"), may=False)


def _shown(wiring: Wiring, watcher: Watcher, *, may: bool) -> Response:
    said_in = words_of(watcher)
    template = "confirmed" if watcher.active else "confirm" if may else "closed"
    wishes = [subscription_sentence(one, said_in) for one in watcher.subscriptions]
    return page(template, said_in, wiring, address=masked_address(watcher), wishes=wishes)
