"""What a request asks about: the monitor at this moment, and the watcher whom a token stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.replay import FrozenClock
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery.signed_links import Purpose, watcher_from
from servanda.jobs.watchers.consent import may_rejoin
from servanda.web.pages import PageFrame


def current_wiring(request: Request) -> Wiring:
    """The wiring; a replay may have moved on since the app was started."""
    wiring: Wiring = request.app.state.wiring
    if wiring.replay:
        return replace(wiring, clock=FrozenClock(wiring.store.replay_now()))
    return wiring


RequestWiring = Annotated[Wiring, Depends(current_wiring)]


def current_ledger(wiring: RequestWiring) -> Ledger:
    return wiring.ledger


def page_frame(wiring: RequestWiring) -> PageFrame:
    return PageFrame(wiring.settings.contact or wiring.settings.operator, wiring.replay)


RequestLedger = Annotated[Ledger, Depends(current_ledger)]
RequestFrame = Annotated[PageFrame, Depends(page_frame)]


def token_holder(purpose: Purpose) -> Callable[[str, Wiring], Watcher]:
    """Finds whom a token stands for; whatever is wrong with it, the answer is that there is no such page."""

    def holder(token: str, wiring: RequestWiring) -> Watcher:
        with wiring.ledger.reading() as (db, now):
            watcher = watcher_from(db, wiring.signing_secret, purpose, token, now)
        if watcher is None:
            raise HTTPException(404)
        return watcher

    return holder


def may_activate(ledger: Ledger, watcher: Watcher) -> bool:
    """Whether saying so is enough to get mail: for who was asked, or left by themselves."""
    if watcher.state == "asked":
        return True
    with ledger.reading() as (db, _):
        return may_rejoin(db, watcher.id)
