"""To end all mail with one press: by hand, or by the mail program's own button (RFC 8058)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.watchers.membership import unsubscribe_all
from servanda.web.pages import masked_address, page, words_of
from servanda.web.request_context import RequestWiring, watcher_of

router = APIRouter()


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def ask(token: str, wiring: RequestWiring) -> Response:
    """One button. Programs that follow every link in a mail do not press it."""
    return _shown(wiring, watcher_of(wiring, "unsubscribe", token))


@router.post("/u/{token}")
def leave(token: str, wiring: RequestWiring) -> Response:
    """Whatever the body says: it is ``List-Unsubscribe=One-Click``, from a mail program and from our button.

    Who is wrongly taken to have left can begin again; who wanted to leave and could not, cannot help it.
    """
    watcher = watcher_of(wiring, "unsubscribe", token)
    return _shown(wiring, unsubscribe_all(wiring, watcher.key, "unsubscribed by the link in a mail"))


def _shown(wiring: Wiring, watcher: Watcher) -> Response:
    template = "left" if watcher.state == "ended" else "leave"
    return page(template, words_of(watcher), wiring, address=masked_address(watcher))
