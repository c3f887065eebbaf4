"""The replay: the real jobs, evening after evening, from 7 June to 12 September 2019.

Each evening every source is read; besides, the windows are judged at each instant at which time alone changes
an answer, as the database names it, and a second before the window ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from servanda.compliance.intervals import RESOLUTION, Interval
from servanda.compliance.vocabulary import Verdict
from servanda.compliance.windows import count_window
from servanda.demo import human_actions as people
from servanda.demo.human_actions import Act, ActOutcome
from servanda.demo.prepare import WINDOW, clear, declaration_text, prepare
from servanda.demo.queries import SentMail, sent_mails
from servanda.demo.site import Site, serving
from servanda.demo.story import LAST_ON, read_story
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.system import SystemClock
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.notify import notify
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow

WASHINGTON = ZoneInfo("America/New_York")
BEGIN_ON = date(2019, 6, 7)
EVENING = time(22)

ACTS = (
    Act(
        datetime(2019, 6, 17, 15, tzinfo=UTC),
        "The analyst looks at the candidate and rejects it.",
        people.reject_supplementary_agreement,
    ),
    Act(
        datetime(2019, 9, 6, 14, tzinfo=UTC),
        "The analyst looks at the shortlist: what the rules did not take for an announcement.",
        people.review_shortlist,
    ),
    Act(
        datetime(2019, 9, 9, 14, tzinfo=UTC),
        "The analyst looks at the document whose page is not the document, and answers for it.",
        people.look_at_doubtful_document,
    ),
    Act(
        datetime(2019, 9, 9, 15, tzinfo=UTC),
        "The operator asks for the days that were never seen, as far back as the listing goes.",
        people.read_uncovered_days,
    ),
)


class ReplayClock(SystemClock):
    """Stands where the replay put it. A pause passes at once: there is nobody on the other side to spare."""

    def __init__(self, now: datetime) -> None:
        self.present = now
        self._slept = 0.0

    def now(self) -> datetime:
        return self.present

    def monotonic(self) -> float:
        return super().monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += max(0.0, seconds)


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One moment of the replay: what had happened since the last, what was done, what the monitor said.

    ``failed``: the sources that fail since this step, with the reason; ``recovered``: those that were read
    again, with the stretches that nobody has seen even so. ``previous`` is the verdict of the step before.
    """

    at: datetime
    happened: tuple[str, ...]
    done: tuple[tuple[Act, ActOutcome], ...]
    failed: tuple[tuple[str, str], ...]
    recovered: tuple[tuple[str, tuple[Interval, ...]], ...]
    near_misses: tuple[EvidenceRow, ...]
    mails: tuple[SentMail, ...]
    verdict: Verdict
    previous: Verdict | None

    @property
    def is_evening(self) -> bool:
        return self.at.astimezone(WASHINGTON).time() == EVENING


@contextmanager
def replaying(folder: Path) -> Iterator[Replay]:
    """A replay ready to run, in an emptied folder, with its sites served meanwhile."""
    clear(folder)
    begin = evening_of(BEGIN_ON)
    site = Site(read_story(declaration_text()), begin)
    with serving(site) as address:
        settings = prepare(folder, address)
        with wire(now=begin, opening="create", settings=settings) as opened:
            clock = ReplayClock(begin)
            yield Replay(replace(opened, clock=clock), clock, site)


def evening_of(on: date) -> datetime:
    return datetime.combine(on, EVENING, WASHINGTON).astimezone(UTC)


class Replay:
    """The summer, one step after the other; ``wiring`` is what the jobs get."""

    def __init__(self, wiring: Wiring, clock: ReplayClock, site: Site) -> None:
        self.wiring = wiring
        self._clock = clock
        self._site = site
        self._acts = list(ACTS)
        self._failing: frozenset[str] = frozenset()
        self._told_until = evening_of(BEGIN_ON - timedelta(days=1))
        self._last_envelope = 0
        self._last_verdict: Verdict | None = None
        _, window = wiring.catalogue.window(WINDOW)
        self._due_at = count_window(window, window.primary).due_at

    def steps(self) -> Iterator[ReplayStep]:
        """Run it all; each step is done when it is given out."""
        people.subscribe_watchers(self.wiring)
        for n in range((LAST_ON - BEGIN_ON).days + 1):
            evening = evening_of(BEGIN_ON + timedelta(days=n))
            while (at := self._next_moment()) is not None and at < evening:
                yield self._moment(at)
            yield self._evening(evening)

    def _next_moment(self) -> datetime | None:
        """The next instant between two evenings at which something is to be done."""
        with self.wiring.store.reading() as db:
            clock = findings.next_window_instant(db)
        moments = [act.at for act in self._acts]
        if clock is not None:
            second_before = clock[1] - RESOLUTION
            is_end = clock[1] == self._due_at and self._clock.present < second_before
            moments.append(second_before if is_end else clock[1])
        return min(moments, default=None)

    def _moment(self, at: datetime) -> ReplayStep:
        """Let time alone pass, or a person act."""
        self._move(at)
        done = []
        while self._acts and self._acts[0].at <= at:
            act = self._acts.pop(0)
            done.append((act, act.do(self.wiring)))
        return self._judge(done=tuple(done))

    def _evening(self, at: datetime) -> ReplayStep:
        self._move(at)
        outcomes = [collect_source(self.wiring, source.id) for source in self.wiring.catalogue.sources]
        return self._judge(outcomes=outcomes)

    def _move(self, at: datetime) -> None:
        self.wiring.store.move_replay_to(at)
        self._clock.present = at
        self._site.now = at

    def _judge(
        self, *, done: tuple[tuple[Act, ActOutcome], ...] = (), outcomes: list[SourceOutcome] | None = None
    ) -> ReplayStep:
        """Assess and notify, and gather what came of it."""
        now = self._clock.present
        assess(self.wiring)
        notify(self.wiring)
        with self.wiring.store.reading() as db:
            sent = sent_mails(db, after=self._last_envelope)
            evidence = evidence_rows.evidence(db, now, window=WINDOW)
            judged = findings.last_verdict(db, WINDOW)
        assert judged is not None, "assess records a first verdict of every window"
        failed, recovered = self._health(outcomes or [])
        step = ReplayStep(
            at=now,
            happened=tuple(text for _, text in self._site.story.happened(self._told_until, now)),
            done=done,
            failed=failed,
            recovered=recovered,
            near_misses=tuple(row for row in evidence if row.near_miss and row.known_at == now),
            mails=tuple(sent),
            verdict=judged.verdict,
            previous=self._last_verdict,
        )
        self._last_verdict = judged.verdict
        self._told_until = now
        self._last_envelope = max((mail.envelope for mail in sent), default=self._last_envelope)
        return step

    def _health(
        self, outcomes: list[SourceOutcome]
    ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[Interval, ...]], ...]]:
        """The sources that began to fail and those that were read again with these outcomes."""
        failing = {outcome.source: outcome.failures[0] for outcome in outcomes if outcome.failed}
        again = sorted(self._failing - set(failing)) if outcomes else []
        new = tuple((source, why) for source, why in failing.items() if source not in self._failing)
        if outcomes:
            self._failing = frozenset(failing)
        return new, tuple((source, people.uncovered_stretches(self.wiring, source)) for source in again)
