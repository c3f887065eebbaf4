"""What a request asks about: the wiring at this moment, and the watcher whom a token stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.wiring import FrozenClock, Wiring
from servanda.jobs.delivery.signed_links import Purpose, watcher_from
from servanda.jobs.watchers.membership import may_rejoin


def current_wiring(request: Request) -> Wiring:
    """The wiring; a replay may have moved on since the app was started."""
    wiring: Wiring = request.app.state.wiring
    if wiring.replay:
        return replace(wiring, clock=FrozenClock(wiring.store.replay_now()))
    return wiring


RequestWiring = Annotated[Wiring, Depends(current_wiring)]


def may_activate(wiring: Wiring, watcher: Watcher) -> bool:
    """Whether saying so is enough to get mail: for who was asked, or left by themselves."""
    if watcher.state == "asked":
        return True
    with wiring.store.reading() as db:
        return may_rejoin(db, watcher.id)


def watcher_of(wiring: Wiring, purpose: Purpose, token: str) -> Watcher:
    """Whom a token stands for; whatever is wrong with it, the answer is that there is no such page."""
    with wiring.ledger.reading() as (db, now):
        watcher = watcher_from(db, wiring.signing_secret, purpose, token, now)
    if watcher is None:
        raise HTTPException(404)
    return watcher
