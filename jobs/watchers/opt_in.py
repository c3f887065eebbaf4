"""Ask somebody whose address another person gave whether they want mail: seldom, and three times at most.

The question is an envelope like any other, but the only one that goes to who is not active.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from servanda.alerts.formats.letterhead import Letterhead
from servanda.alerts.formats.mail import Footer, lay_out_mail
from servanda.alerts.letters.letter import clean_letter
from servanda.alerts.letters.opt_in_letter import OptInRequest, opt_in_letter, opt_in_reason
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Watcher
from servanda.jobs.delivery.mail_headers import compose_mail, message_id_for
from servanda.jobs.delivery.signed_links import links_for
from servanda.jobs.watchers.consent import has_declined
from servanda.models.delivery import envelopes, watcher_mail
from servanda.models.delivery.envelopes import NewEnvelope
from servanda.models.delivery.watchers import standings

Letterheads = Callable[[], Letterhead]
"""Makes what heads a mail, once somebody is asked: a key that cannot be used matters to nobody else."""

ASK_AGAIN_AFTER = timedelta(days=7)
ASK_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class OptInEligibility:
    """Whether somebody may be asked. ``declined``: they said no; ``too_soon``: not before ``again_at``.

    ``times`` counts the questions since they last agreed.
    """

    outcome: Literal["may", "declined", "too_soon", "too_often"]
    times: int
    again_at: datetime | None = None


def check_opt_in(db: Connection, watcher: int, now: datetime) -> OptInEligibility:
    """Once a week at most, three times at most, and never who has said no to the question itself."""
    asked = watcher_mail.asked_at(db, watcher)
    if has_declined(standings(db, watcher)):
        return OptInEligibility("declined", len(asked))
    if len(asked) >= ASK_AT_MOST:
        return OptInEligibility("too_often", len(asked))
    if asked and now < asked[-1] + ASK_AGAIN_AFTER:
        return OptInEligibility("too_soon", len(asked), asked[-1] + ASK_AGAIN_AFTER)
    return OptInEligibility("may", len(asked))


def queue_opt_in(
    db: Connection, letterhead: Letterhead, watcher: Watcher, asked_by: str | None, now: datetime
) -> None:
    """Queue the question; whether it may be asked was looked at before."""
    number = watcher_mail.times_asked(db, watcher.id) + 1
    message_id = message_id_for(letterhead, f"c{number}", watcher)
    envelope = envelopes.add_envelope(
        db,
        NewEnvelope(
            watcher=watcher.id,
            kind="confirmation",
            recipient=watcher.address,
            message_id=message_id,
            bytes=_mail(letterhead, watcher, asked_by, message_id, now),
        ),
        now,
    )
    assert envelope is not None, "each question has a number of its own"


def _mail(
    letterhead: Letterhead, watcher: Watcher, asked_by: str | None, message_id: str, now: datetime
) -> bytes:
    told = words(watcher.profile.language)
    contact = letterhead.whom_to_ask
    links = links_for(letterhead.pages, watcher, now)
    question = OptInRequest(
        address=watcher.address,
        profile=watcher.profile,
        subscriptions=watcher.subscriptions,
        asked_by=asked_by,
        contact=contact,
        confirm_url=links.confirm_url if links else None,
        refuse_url=links.unsubscribe_url if links else None,
    )
    letter = clean_letter(opt_in_letter(question, told))
    mail = lay_out_mail(letter, Footer(opt_in_reason(told), contact), told, replay=letterhead.replay)
    return compose_mail(letterhead, watcher, mail, message_id, now)
