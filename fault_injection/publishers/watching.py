"""What the monitor has claimed and listed, held against the truth after every single reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from fault_injection.publishers.site import Fault
from fault_injection.publishers.truth import Item, Press, listed_within
from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.publication import Precision
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import SourceOutcome
from servanda.jobs.polling.poll import PollOutcome
from servanda.models import tables
from servanda.models.polls.polls import coverage_by_source

_SLUG = re.compile(r"/([a-z]+-(?:release|statement)-[a-z0-9-]+)/?(?:[?#].*)?$")

_HOST = re.compile(r"https?://127\.0\.0\.1:\d+")
"""Another port each time: a report says the same for the same seed."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that went by in silence: an item claimed and not listed, or listed at another time."""

    press: str
    item: str
    at: datetime
    faults: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll of a route and what came of it."""

    press: str
    route: str
    at: datetime
    failure: str | None
    basis: str

    @property
    def is_named(self) -> bool:
        """Whether it says of itself that it proves nothing; of a page that is watched that is no news."""
        return self.failure is not None or (self.route != "page" and self.basis.startswith("covers nothing"))


@dataclass
class Observer:
    """Looks at the ledgers after each reading; ``lost`` and ``misdated`` must stay empty."""

    presses: dict[str, Press]
    faults: Sequence[Fault]
    polls: list[Polled] = field(default_factory=list)
    lost: list[Wrong] = field(default_factory=list)
    misdated: list[Wrong] = field(default_factory=list)
    misread: list[Wrong] = field(default_factory=list)
    strange: list[Wrong] = field(default_factory=list)
    misleading: dict[str, set[str]] = field(default_factory=dict)
    contents: set[str] = field(default_factory=set)
    last_observation: int = 0
    known: dict[str, set[str]] = field(default_factory=dict)
    last_listing: int = 0
    last_coverage: int = 0

    def look(self, wiring: Wiring, outcome: SourceOutcome) -> None:
        """After a source was read: what is new in the ledgers, against what is true."""
        now, press = wiring.now, self.presses[outcome.source]
        self.polls += [self._polled(press, poll, now) for poll in outcome.polls]
        self._look_at_listings(wiring, press, now)
        self._look_at_coverage(wiring, press, now)
        self._look_at_texts(wiring, press, now)
        if press.platform == "page":
            self._look_at_page(press, outcome, now)

    def _look_at_page(self, press: Press, outcome: SourceOutcome, now: datetime) -> None:
        """A page that is watched: another content is one new document, the same content none."""
        listed = press.listed(now)
        if not listed:
            return  # every notice so far was withdrawn: the page is not there
        content = listed[0].slug
        for poll in outcome.polls:
            if poll.failure is not None:
                continue
            is_new, is_taken_for_new = content not in self.contents, poll.new_documents > 0
            wrong = self._wrong(
                press, content, now, "taken for another content" if is_taken_for_new else "not seen"
            )
            if is_taken_for_new and not is_new:
                self.strange.append(wrong)
            elif is_new and not is_taken_for_new and not wrong.faults:
                self.lost.append(wrong)
            elif is_new and is_taken_for_new:
                self.contents.add(content)

    def _look_at_texts(self, wiring: Wiring, press: Press, now: datetime) -> None:
        """Whether something else than the release was taken for it."""
        seen, exchange, document = tables.observation, tables.exchange, tables.document
        query = (
            select(seen.c.id, exchange.c.url, exchange.c.sha256)
            .join(exchange, exchange.c.id == seen.c.exchange)
            .join(document, document.c.id == seen.c.document)
            .where(seen.c.id > self.last_observation, seen.c.state == "seen", document.c.source == press.id)
            .order_by(seen.c.id)
        )
        with wiring.store.reading() as db:
            rows = db.execute(query).all()
        for row in rows:
            self.last_observation = row.id
            if row.sha256 in self.misleading.get(press.id, set()):
                self.misread.append(self._wrong(press, row.url, now, "something else was read in its place"))

    def _polled(self, press: Press, poll: PollOutcome, now: datetime) -> Polled:
        failure = poll.failure.kind if poll.failure is not None else None
        return Polled(press.id, poll.route, now, failure, poll.covered)

    def _look_at_listings(self, wiring: Wiring, press: Press, now: datetime) -> None:
        table = tables.listing
        truth = {item.slug: item for item in press.items}
        known = self.known.setdefault(press.id, set())
        with wiring.store.reading() as db:
            rows = db.execute(select(table).where(table.c.id > self.last_listing).order_by(table.c.id)).all()
        for row in rows:
            self.last_listing = row.id
            found = _SLUG.search(row.url)
            item = truth.get(found[1]) if found else None
            if item is None:
                if press.platform != "page":
                    self.strange.append(self._wrong(press, row.url, now, row.title[:80]))
                continue
            known.add(item.slug)
            self._check_date(press, item, row, now)

    def _check_date(self, press: Press, item: Item, row: object, now: datetime) -> None:
        """Whether the time that was understood is the true one, or a period that holds it."""
        truth = press.published(item)
        said_at, said_on = getattr(row, "published_at"), getattr(row, "published_on")  # noqa: B009
        is_right = (
            said_at == truth.at
            if getattr(row, "precision") == Precision.INSTANT  # noqa: B009
            else said_on == truth.civil_on
        )
        if not is_right:
            self.misdated.append(
                self._wrong(press, item.slug, now, f"is of {truth}, read as {said_at or said_on}")
            )

    def _look_at_coverage(self, wiring: Wiring, press: Press, now: datetime) -> None:
        table = tables.coverage
        with wiring.store.reading() as db:
            rows = db.execute(
                select(table).where(table.c.id > self.last_coverage, table.c.source == press.id)
            ).all()
            self.last_coverage = db.execute(select(func.max(table.c.id))).scalar() or 0
        known = self.known.setdefault(press.id, set())
        for row in rows:
            span = Interval(row.from_at, row.until_at)
            for item in listed_within(press, span, now):
                if item.slug not in known:
                    claim = f"{row.route} claims {span.from_at} to {span.until_at}"
                    detail = f"published {press.published(item)}, {claim}"
                    self.lost.append(self._wrong(press, item.slug, now, detail))

    def _wrong(self, press: Press, what: str, now: datetime, detail: str) -> Wrong:
        active = tuple(f"{f.route}:{f.kind.id}" for f in self.faults if f.press == press.id and f.is_on(now))
        return Wrong(press.id, _HOST.sub("", what), now, active, _HOST.sub("", detail))

    def lost_for_good(self, wiring: Wiring) -> list[Wrong]:
        """At the end: items in a time that is claimed, that stood there, and that were never listed."""
        now = wiring.now
        with wiring.store.reading() as db:
            covered = coverage_by_source(db, now, set(self.presses))
        found = []
        for press in self.presses.values():
            for item in never_listed(
                press, covered.get(press.id, IntervalSet()), self.known.get(press.id, set()), now
            ):
                found.append(Wrong(press.id, item.slug, now, (), f"published {press.published(item)}"))
        return found


def never_listed(press: Press, covered: IntervalSet, known: set[str], now: datetime) -> list[Item]:
    spans = covered.intervals
    return [item for span in spans for item in listed_within(press, span, now) if item.slug not in known]
