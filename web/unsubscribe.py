"""To end all mail with one press: by hand, or by the mail program's own button (RFC 8058)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from servanda.compliance.watchers import Watcher
from servanda.jobs.watchers.membership import unsubscribe_all
from servanda.web.pages import PageFrame, masked_address, page, words_of
from servanda.web.request_context import RequestFrame, RequestLedger, token_holder

router = APIRouter()

Leaving = Annotated[Watcher, Depends(token_holder("unsubscribe"))]


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def ask(watcher: Leaving, frame: RequestFrame) -> Response:
    """One button. Programs that follow every link in a mail do not press it."""
    return _shown(frame, watcher)


@router.post("/u/{token}")
def leave(watcher: Leaving, ledger: RequestLedger, frame: RequestFrame) -> Response:
    """Whatever the body says: it is ``List-Unsubscribe=One-Click``, from a mail program and from our button.

    Who is wrongly taken to have left can begin again; who wanted to leave and could not, cannot help it.
    """
    return _shown(frame, unsubscribe_all(ledger, watcher.key, "unsubscribed by the link in a mail"))


def _shown(frame: PageFrame, watcher: Watcher) -> Response:
    template = "left" if watcher.state == "ended" else "leave"
    return page(template, words_of(watcher), frame, address=masked_address(watcher))
