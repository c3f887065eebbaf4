"""A watcher's own page: language, hours, the pace of each subscription; to end, and to begin again."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from servanda.alerts.letters.phrases.subscription_words import filter_phrases, pace_phrase
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.watchers import Subscription, Watcher
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.watchers.membership import change_profile, change_subscriptions, confirm, unsubscribe_all
from servanda.web.pages import PageFrame, masked_address, page, words_of
from servanda.web.preference_form import InvalidChoice, read_preferences, zones
from servanda.web.request_context import RequestFrame, RequestLedger, may_activate, token_holder

router = APIRouter()

Owner = Annotated[Watcher, Depends(token_holder("preferences"))]

FIELDS_AT_MOST = 300


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form, files left out; what is no form has none."""
    async with request.form(max_files=0, max_fields=FIELDS_AT_MOST) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


Form = Annotated[dict[str, str], Depends(fields)]


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
def show(watcher: Owner, ledger: RequestLedger, frame: RequestFrame) -> Response:
    return _shown(ledger, frame, watcher)


@router.post("/p/{token}")
def change(form: Form, watcher: Owner, ledger: RequestLedger, frame: RequestFrame) -> Response:
    """Do what one of the page's three buttons says, and show what is so now."""
    how = "their preferences page"
    match form.get("action"):
        case "end":
            return _shown(ledger, frame, unsubscribe_all(ledger, watcher.key, how), done="ended")
        case "begin":
            return _shown(ledger, frame, confirm(ledger, watcher.key, reason=how), done="begun")
        case "save":
            return _saved(ledger, frame, watcher, form)
        case _:
            return _shown(ledger, frame, watcher, done="nothing", status=400)


def _saved(ledger: Ledger, frame: PageFrame, watcher: Watcher, form: dict[str, str]) -> Response:
    try:
        wishes = read_preferences(form, watcher)
    except InvalidChoice as error:
        return _shown(ledger, frame, watcher, bad=one_line(error.value, 80), status=400)
    change_profile(ledger, watcher.key, wishes.profile)
    changed = change_subscriptions(ledger, watcher.key, wishes.subscriptions)
    return _shown(ledger, frame, changed, done="saved")


def _shown(
    ledger: Ledger,
    frame: PageFrame,
    watcher: Watcher,
    *,
    done: str | None = None,
    bad: str | None = None,
    status: int = 200,
) -> Response:
    said_in = words_of(watcher)
    return page(
        "preferences",
        said_in,
        frame,
        status=status,
        address=masked_address(watcher),
        profile=watcher.profile,
        state=watcher.state,
        may_begin=may_activate(ledger, watcher),
        done=done,
        bad=bad,
        languages=[("en", "English"), ("es", "Español")],
        regions=_regions(watcher.profile.zone),
        weekdays=[(day, said_in.weekday(day)) for day in range(7)],
        subscriptions=[_offered(one, said_in) for one in watcher.subscriptions],
    )


def _regions(current: str) -> list[tuple[str, list[str]]]:
    """The zones by region, the watcher's own among them whatever it is."""
    every = sorted({*zones(), current}, key=lambda zone: ("/" in zone, zone))
    return [(region, list(found)) for region, found in groupby(every, lambda z: z.partition("/")[0])]


def _offered(one: Subscription, said_in: Words) -> dict[str, Any]:
    """A subscription in words; ``fixed`` is its pace where no other can be chosen."""
    said = filter_phrases(one, said_in) or [said_in.say("everything that this monitor tells")]
    return {
        "slug": one.slug,
        "what": one_line("; ".join(said), 500),
        "pace": one.frequency,
        "fixed": None if one.unacknowledged_after is None else pace_phrase(one, said_in),
    }
