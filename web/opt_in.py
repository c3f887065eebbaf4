"""To agree to mail that somebody else asked for: a page, and a press of its button."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from servanda.alerts.letters.phrases.subscription_words import subscription_sentence
from servanda.compliance.watchers import Watcher
from servanda.jobs.watchers.membership import confirm
from servanda.web.pages import PageFrame, masked_address, page, words_of
from servanda.web.request_context import RequestFrame, RequestLedger, may_activate, token_holder

router = APIRouter()

Asked = Annotated[Watcher, Depends(token_holder("confirm"))]


@router.api_route("/c/{token}", methods=["GET", "HEAD"])
def ask(watcher: Asked, ledger: RequestLedger, frame: RequestFrame) -> Response:
    """What they would get, and one button; opening the page agrees to nothing."""
    return _shown(frame, watcher, may=may_activate(ledger, watcher))


@router.post("/c/{token}")
def agree(watcher: Asked, ledger: RequestLedger, frame: RequestFrame) -> Response:
    """Agree. Whom whoever runs the monitor has removed or suspended stays so."""
    return _shown(frame, confirm(ledger, watcher.key, reason="confirmed by the link in a mail"), may=False)


def _shown(frame: PageFrame, watcher: Watcher, *, may: bool) -> Response:
    said_in = words_of(watcher)
    template = "confirmed" if watcher.active else "confirm" if may else "closed"
    wishes = [subscription_sentence(one, said_in) for one in watcher.subscriptions]
    return page(template, said_in, frame, address=masked_address(watcher), wishes=wishes)
