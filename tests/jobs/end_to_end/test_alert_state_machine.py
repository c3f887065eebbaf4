"""Whatever happens, in whatever order: everybody is told once, nobody what they did not ask for, and all the truth.

Evidence comes, is edited, withdrawn and restored; people decide; time passes; sources are blocked; mails are
refused, put off and lost; the jobs are killed; watchers come, change and go; silences and acknowledgements. The
real jobs do their work on SQLite, before a real SMTP server on loopback that does as it is told.

``ALERT_MACHINE_EXAMPLES=500`` plays that many stories, each another every time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import event, text
from support.alert_facts import TEXTS, Facts, Page
from support.alert_people import FLAGS, Expected, Pace, Person, Quiet, Wish
from support.catalogues import listing_route, source, write_catalogue

from fault_injection.crashes.mail_server import OK, READY, Answer, MailServer, Stored
from servanda.alerts.channels.delivery import Receipt
from servanda.alerts.channels.smtp import SmtpSender
from servanda.compliance.vocabulary import Condition, Review
from servanda.compliance.watchers import HeartbeatFrequency, Profile, Subscription
from servanda.demo.replay import ReplayClock
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.decisions.acknowledgements import acknowledge
from servanda.jobs.decisions.review import decide_condition, decide_review
from servanda.jobs.delivery import silences as silencing
from servanda.jobs.notify import notify
from servanda.jobs.watchers import membership as watching
from servanda.jobs.watchers.membership import DesiredWatcher
from servanda.models.delivery.watchers import watcher_by_address
from servanda.models.findings import evidence as evidence_rows

pytestmark = [pytest.mark.slow, pytest.mark.smtp]

BEGIN = datetime(2019, 6, 16, 12, tzinfo=UTC)
"""The window of ten days ends on 18 June, 04:00 UTC."""

SOURCES = ("us-state", "mx-sre")
WINDOW = "further-actions-90d"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ("ana", "ben", "carla", "dan")
KINDS = ("new_evidence", "candidate", "document_edited", "document_withdrawn", "condition_recorded")
PACES: tuple[Pace, ...] = ("at_once", "daily", "weekly", "unacknowledged")
EXAMPLES = int(os.environ.get("ALERT_MACHINE_EXAMPLES", "0"))
_ADDRESS = re.compile(rf"\b(?:{'|'.join(NAMES)})@\w+\.example")


@pytest.fixture(autouse=True, scope="module")
def _without_log() -> Iterator[None]:
    """Every refusal would be told."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


class Killed(BaseException):
    """Stands for the end of the process: nothing in the product may catch it."""


@contextlib.contextmanager
def killed_at_commit(engine: Any, number: int, *, before: bool) -> Iterator[None]:
    """End the process at its n-th commit: just before it, or just after."""
    seen = 0

    def commit(_connection: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number and before:
            raise Killed

    def begin(_connection: object) -> None:
        if seen >= number and not before:
            raise Killed

    event.listen(engine, "commit", commit)
    event.listen(engine, "begin", begin)
    try:
        yield
    finally:
        event.remove(engine, "commit", commit)
        event.remove(engine, "begin", begin)


class DyingSender(SmtpSender):
    """Ends the process between a server's 250 and all that follows from it, when told to."""

    dies_after = 0

    def deliver(self, *arguments: Any, **named: Any) -> Receipt:
        receipt = super().deliver(*arguments, **named)
        if self.dies_after:
            self.dies_after -= 1
            if not self.dies_after:
                raise Killed
        return receipt


def shared_memory() -> Path | None:
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None


@cache
def base() -> Path:
    """A monitor after its baseline, to be copied for each story."""
    folder = Path(tempfile.mkdtemp(prefix="servanda-machine-base-", dir=shared_memory()))
    every = {one: source(one, listing_route(f"https://{one}.example/"), lag="PT12H") for one in SOURCES}
    write_catalogue(folder / "catalogue", every, duration="P10D")
    with wire(now=BEGIN, opening="create", settings=settings_in(folder, "smtp://127.0.0.1:9")) as wiring:
        for one in SOURCES:
            Facts(wiring).read(one, days=30, release=("ordinary", HOUR))
        assess(wiring)
        notify(wiring)
    return folder


def settings_in(folder: Path, smtp_url: str) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        catalogue=folder / "catalogue",
        archive=folder / "archive",
        outbox=folder / "outbox",
        smtp_url=smtp_url,
        mail_from="servanda@monitor.example",
        contact="desk@monitor.example",
        operator="desk@monitor.example",
    )


class AlertMachine(RuleBasedStateMachine):
    """``people`` is the oracle: what each wants, and whether they are there."""

    pages = Bundle("pages")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="servanda-machine-", dir=shared_memory()))
        shutil.copytree(base(), self.folder, dirs_exist_ok=True)
        self.server = MailServer(wait=0.0, answer_to=self.answer, on_stored=self.stored)
        self.server.up()
        self.open = contextlib.ExitStack()
        self.open.callback(shutil.rmtree, self.folder)
        self.open.callback(self.server.down)
        opened = self.open.enter_context(
            wire(now=BEGIN, opening="existing", settings=settings_in(self.folder, self.server.url))
        )
        self.clock = ReplayClock(BEGIN)
        self.wiring = Wiring(opened.settings, opened.catalogue, opened.store, self.clock)
        self.sender = DyingSender(self.server.url)
        self.wiring.__dict__["sender"] = self.sender
        self.facts = Facts(self.wiring)
        self.people: dict[str, Person] = {}
        self.silences: list[Quiet] = []
        self.moods: dict[str, int] = {}
        self.again: Counter[str] = Counter()  # how often a mail may come more than once, by Message-ID
        self.contents: dict[str, bytes] = {}
        self.checked = 0
        self.routed: set[int] = {row.alert for row in self.rows("SELECT alert FROM routing")}

    # --- the mail server ------------------------------------------------------------------------------------

    def answer(self, recipient: str, _times: int) -> Answer:
        code = self.moods.get(recipient.partition("@")[0], 250)
        return OK if code == 250 else (code, "5.1.1 no such user" if code == 550 else "4.7.1 later")

    def stored(self, mail: Stored) -> None:
        """Bytes never change once a server has had them."""
        if self.server.drop_after_data > 0:
            self.again[mail.message_id] += 1
        self.contents.setdefault(mail.message_id, mail.content)

    # --- what the database says -----------------------------------------------------------------------------

    def rows(self, query: str, **named: Any) -> list[Any]:
        with self.wiring.store.reading() as db:
            return list(db.execute(text(query), named))

    def by_name(self, name: str) -> Any:
        with self.wiring.store.reading() as db:
            return watcher_by_address(db, self.people[name].address)

    # --- what happens in the world --------------------------------------------------------------------------

    @rule(
        target=pages,
        one=st.sampled_from(SOURCES),
        kind=st.sampled_from(sorted(TEXTS)),
        hours=st.sampled_from([1, 13, 40]),
        days=st.sampled_from([2, 30]),
    )
    def publish(self, one: str, kind: str, hours: int, days: int) -> Page:
        page = self.facts.read(one, days=days, release=(kind, hours * HOUR))
        assert page is not None
        return page

    @rule(page=pages, kind=st.sampled_from(sorted(TEXTS)))
    def edit(self, page: Page, kind: str) -> None:
        self.facts.edit(page, kind)

    @rule(page=pages, gone=st.booleans())
    def look(self, page: Page, gone: bool) -> None:
        self.facts.look(page, gone=gone)

    @rule(one=st.sampled_from(SOURCES), days=st.sampled_from([1, 30]))
    def read(self, one: str, days: int) -> None:
        self.facts.read(one, days=days)

    @rule(one=st.sampled_from(SOURCES))
    def block(self, one: str) -> None:
        self.facts.block(one)

    @rule(minutes=st.sampled_from([7, 31, 61, 6 * 60, 25 * 60, 3 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.move(timedelta(minutes=minutes))

    def move(self, length: timedelta) -> None:
        self.clock.present += length
        self.wiring.store.move_replay_to(self.clock.present)

    @rule(
        kind=st.sampled_from(["candidate", "guard", "guard"]),
        minutes=st.sampled_from([3, 61, 11 * 60, 25 * 60]),
    )
    def a_round(self, kind: str, minutes: int) -> None:
        """What goes on all day: both sources are read, one has something new, the jobs do their work."""
        self.move(timedelta(minutes=minutes))
        self.facts.read(SOURCES[0], days=30, release=(kind, HOUR))
        self.facts.read(SOURCES[1], days=30)
        assess(self.wiring)
        self.tell()

    # --- what people decide ---------------------------------------------------------------------------------

    @rule(
        answer=st.sampled_from([Review.ACCEPTED, Review.ACCEPTED_IN_PART, Review.REJECTED]),
        n=st.integers(0, 5),
    )
    def review(self, answer: Review, n: int) -> None:
        with self.wiring.store.reading() as db:
            found = [e for e in evidence_rows.evidence(db, self.clock.present) if not e.near_miss]
        if found:
            decision = decide_review(
                self.wiring.ledger, found[n % len(found)].id, answer, by="Ana", reason="so it reads"
            )
            assess(self.wiring, decision=decision)

    @rule(value=st.sampled_from([Condition.MET, Condition.MET, Condition.NOT_MET]))
    def condition(self, value: Condition) -> None:
        decision = decide_condition(self.wiring.catalogue, WINDOW, value, by="Ana", reason="both said so")
        assess(self.wiring, decision=decision)

    # --- watchers -------------------------------------------------------------------------------------------

    @initialize(
        names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
        pace=st.sampled_from(["at_once", "at_once", "daily"]),
    )
    def some_watch(self, names: list[str], pace: Pace) -> None:
        """One wants everything at once, from the beginning; others go with them, at their pace."""
        for n, name in enumerate(names):
            self.join(name, True, ["at_once" if n == 0 else pace], frozenset(), n == 0, "weekly")

    @rule(
        name=st.sampled_from(NAMES),
        agreed=st.sampled_from([True, True, False]),
        paces=st.lists(st.sampled_from(PACES), min_size=1, max_size=2, unique=True),
        kinds=st.one_of(st.just(frozenset[str]()), st.frozensets(st.sampled_from(KINDS), min_size=1)),
        operator=st.booleans(),
        heartbeat=st.sampled_from(["never", "daily", "weekly"]),
    )
    def join(
        self,
        name: str,
        agreed: bool,
        paces: list[Pace],
        kinds: frozenset[str],
        operator: bool,
        heartbeat: HeartbeatFrequency,
    ) -> None:
        """Somebody joins, or is given other wishes."""
        wishes = tuple(Wish(pace, kinds) for pace in paces)
        profile = Profile(name, operator=operator, analyst=operator, heartbeat=heartbeat)
        person = self.people.setdefault(name, Person(name, "ended", wishes))
        wanted = DesiredWatcher(person.address, profile, tuple(map(subscription, wishes)))
        said = "by telephone" if agreed else None
        wiring = self.wiring
        joined = watching.join(wiring.ledger, lambda: wiring.letterhead, wanted, by="Ana", agreed=said)
        if person.state != "active":
            if agreed:
                person.state = "active"
            elif person.state != "suspended" and joined.outcome == "asked":
                person.state = "asked"
        assert (joined.outcome == "active") == (person.state == "active")
        person.wishes, person.operator, person.heartbeat = wishes, operator, heartbeat
        self.note_change(person)

    def note_change(self, person: Person) -> None:
        person.watched_since = (person.watched_since or self.clock.present) if person.wants_flags else None

    @precondition(lambda self: self.people)
    @rule(data=st.data(), how=st.sampled_from(["leave", "remove", "suspend", "resume", "confirm"]))
    def change_standing(self, data: st.DataObject, how: str) -> None:
        person = self.people[data.draw(st.sampled_from(sorted(self.people)))]
        watcher = self.by_name(person.name)
        if how == "leave":
            watching.unsubscribe_all(self.wiring.ledger, watcher.key, "the page")
            person.state = "ended"
        elif how == "remove":
            watching.remove(self.wiring.ledger, watcher, "Ana", "asked for it")
            person.state = "ended"
        elif how == "suspend":
            if watching.suspend(self.wiring.ledger, watcher, "Ana", "on holiday"):
                person.state = "suspended"
        elif how == "resume":
            person.state = watching.resume(self.wiring.ledger, watcher, "Ana", "is back").state
        else:
            person.state = watching.confirm(self.wiring.ledger, watcher.key).state
        assert self.by_name(person.name).state == person.state
        self.note_change(person)

    @rule(kind=st.one_of(st.none(), st.sampled_from(KINDS)), hours=st.sampled_from([2, 30]))
    def silence(self, kind: str | None, hours: int) -> None:
        until_at = self.clock.present + hours * HOUR
        number = silencing.begin_silence(
            self.wiring.ledger, instrument=None if kind else "us-mexico-2019", subject=None,
            kinds=(kind,) if kind else (), until_at=until_at, by="Ana", reason="known",
        )  # fmt: skip
        self.silences.append(Quiet(number, kind, until_at))

    @precondition(lambda self: self.silences)
    @rule(n=st.integers(0, 5))
    def end_silence(self, n: int) -> None:
        one = self.silences[n % len(self.silences)]
        if self.rows("SELECT 1 FROM silence_end WHERE silence = :id", id=one.id):
            return
        silencing.end_silence_early(self.wiring.ledger, one.id, by="Ana", reason="over")
        self.silences.remove(one)

    @rule(n=st.integers(0, 3))
    def take_note(self, n: int) -> None:
        found = self.rows("SELECT id FROM alert ORDER BY id DESC")
        acknowledge(self.wiring.ledger, found[n % len(found)].id, by="Ana", note="seen")

    # --- the mail server's moods ----------------------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), code=st.sampled_from([250, 451, 550]))
    def answers(self, name: str, code: int) -> None:
        self.moods[name] = code

    @rule(name=st.sampled_from(NAMES))
    def refuses_for_days(self, name: str) -> None:
        """An address that is dead while much happens: three refusals suspend it."""
        self.moods[name] = 550
        for _ in range(3):
            self.a_round("guard", 61)

    @rule(number=st.sampled_from([1, 2, 3]))
    def loses_connections(self, number: int) -> None:
        self.server.drop_after_data = number

    @rule(how=st.sampled_from(["up", "down", "busy"]))
    def server_is(self, how: str) -> None:
        self.server.greeting = (421, "4.3.2 down") if how == "busy" else READY
        self.server.down()
        if how != "down":
            self.server.up()

    # --- the jobs, disturbed or not -------------------------------------------------------------------------

    @rule()
    def assess(self) -> None:
        assess(self.wiring)

    @rule()
    def notify(self) -> None:
        self.tell()

    @rule(number=st.integers(1, 12), before=st.booleans())
    def assess_is_killed(self, number: int, before: bool) -> None:
        with contextlib.suppress(Killed), killed_at_commit(self.wiring.store.engine, number, before=before):
            assess(self.wiring)

    @rule(number=st.integers(1, 20), before=st.booleans())
    def notify_is_killed(self, number: int, before: bool) -> None:
        self.tell(killed_at_commit(self.wiring.store.engine, number, before=before))

    @rule(number=st.integers(1, 5))
    def notify_is_killed_in_doubt(self, number: int) -> None:
        self.sender.dies_after = number
        self.tell()
        self.sender.dies_after = 0

    def tell(self, disturbance: AbstractContextManager[None] | None = None) -> None:
        """Notify, and hold what came of it against what the people wanted when it began."""
        before = Expected(deepcopy(self.people), list(self.silences))
        already = len(self.server.stored)
        try:
            with disturbance or contextlib.nullcontext():
                notify(self.wiring)
        except Killed:
            if len(self.server.stored) > already:
                self.again[self.server.stored[-1].message_id] += 1
        self.check_routed(before)
        self.check_mails(before)
        self.notice_suspensions()

    # --- what must hold -------------------------------------------------------------------------------------

    def check_routed(self, before: Expected) -> None:
        """Every alert goes to exactly those who asked for it, in the manner in which they did."""
        for alert in self.rows("SELECT a.* FROM alert a JOIN routing r ON r.alert = a.id ORDER BY a.id"):
            if alert.id in self.routed:
                continue
            self.routed.add(alert.id)
            query = "SELECT w.address, r.manner FROM recipient r JOIN watcher w ON w.id = r.watcher WHERE r.alert = :id"
            found = {row.address.partition("@")[0]: row.manner for row in self.rows(query, id=alert.id)}
            if alert.kind == "silence_ended":
                self.check_end_of_silence(before, alert, set(found))
                continue
            wanted = before.manners(alert.kind, alert.instrument, alert.payload, self.clock.present)
            assert found == wanted, f"{alert.kind}: told {found}, wanted {wanted}"

    def check_end_of_silence(self, before: Expected, alert: Any, found: set[str]) -> None:
        query = (
            "SELECT DISTINCT w.address FROM told t JOIN watcher w ON w.id = t.watcher WHERE t.silence = :id"
        )
        number = int(alert.subject.partition(":")[2])
        spared = {row.address.partition("@")[0] for row in self.rows(query, id=number)}
        active = {p.name for p in before.people.values() if p.state == "active"}
        operators = {p.name for p in before.people.values() if p.operator}
        assert found == active & (spared | operators)

    def check_mails(self, before: Expected) -> None:
        """Nobody gets anything who is not there, nor anything of others; and nothing twice without cause."""
        for mail in self.server.stored[self.checked :]:
            name = mail.recipient.partition("@")[0]
            person = before.people[name]
            (kind,) = self.rows("SELECT kind FROM envelope WHERE message_id = :id", id=mail.message_id)[0]
            assert person.state == "active" or (kind, person.state) == ("confirmation", "asked"), (
                kind,
                person,
            )
            if not person.operator:
                assert set(_ADDRESS.findall(mail.content.decode())) <= {mail.recipient}
            assert mail.content == self.contents[mail.message_id], "the same Message-ID, the same bytes"
        self.checked = len(self.server.stored)
        times = Counter(mail.message_id for mail in self.server.stored)
        for message_id, n in times.items():
            assert n <= 1 + self.again[message_id], f"{message_id} came {n} times"

    def notice_suspensions(self) -> None:
        """The monitor itself suspends whom a server refuses; nobody else."""
        for person in self.people.values():
            if person.state == "active" and self.by_name(person.name).state == "suspended":
                query = (
                    "SELECT count(*) AS n FROM envelope e JOIN watcher w ON w.id = e.watcher "
                    "WHERE e.state = 'refused' AND w.address = :address"
                )
                assert self.rows(query, address=person.address)[0].n >= 3
                person.state = "suspended"
                self.note_change(person)

    def teardown(self) -> None:
        try:
            self.drain()
            self.check_told()
            self.check_last_words()
        finally:
            self.wiring.hang_up()
            self.open.close()

    def drain(self) -> None:
        """The server is well, and time passes every slot."""
        self.server_is("up")
        self.moods.clear()
        self.server.drop_after_data = 0
        for length in (
            31 * timedelta(minutes=1),
            61 * timedelta(minutes=1),
            *[4 * DAY] * 3,
            2 * HOUR,
            2 * HOUR,
        ):
            self.move(length)
            assess(self.wiring)
            self.tell()

    def check_told(self) -> None:
        """Each recipient was told, or it is on record why not; and what is said to be sent has come."""
        query = (
            "SELECT r.alert, w.address, r.manner, t.omitted, e.state, e.message_id, e.bytes FROM recipient r "
            "JOIN watcher w ON w.id = r.watcher LEFT JOIN told t ON t.alert = r.alert AND t.watcher = r.watcher "
            "LEFT JOIN envelope e ON e.id = t.envelope"
        )
        for row in self.rows(query):
            who = f"alert {row.alert} to {row.address}"
            assert row.omitted or row.state, f"{who}: nothing came of it"
            assert not (row.omitted and row.state), who
            if row.manner == "silenced":
                assert row.omitted and "silenced by Ana" in row.omitted
            if row.state == "sent":
                assert self.contents[row.message_id] == row.bytes, f"{who}: sent other bytes"
            elif row.state is not None:
                assert row.state in ("refused", "given_up", "withdrawn"), f"{who}: {row.state}"
                assert row.message_id not in self.contents or self.again[row.message_id], (
                    f"{who}: {row.state}"
                )
        assert not self.rows("SELECT id FROM envelope WHERE state = 'queued'")

    def check_last_words(self) -> None:
        """What each watcher was last told of the window is what the database says of it."""
        query = "SELECT value, phase FROM verdict WHERE window = :window ORDER BY id DESC LIMIT 1"
        (verdict,) = self.rows(query, window=WINDOW)
        assert verdict.phase in ("elapsed", "settled")
        names = ", ".join(f"'{kind}'" for kind in sorted(FLAGS))
        flags = self.rows(f"SELECT id, payload, known_at FROM alert WHERE kind IN ({names}) ORDER BY id")
        if not flags:
            return
        assert f'"value": "{verdict.value}"' in flags[-1].payload
        for person in self.people.values():
            since = person.watched_since
            if since is None or since.replace(tzinfo=None).isoformat(" ") >= str(flags[-1].known_at)[:19]:
                continue  # what was known before they came is told to the others
            query = (
                "SELECT t.alert, e.message_id, e.state FROM told t JOIN envelope e ON e.id = t.envelope "
                "JOIN watcher w ON w.id = t.watcher JOIN alert a ON a.id = t.alert "
                f"WHERE w.address = :address AND a.kind IN ({names})"
            )
            told = {
                row.message_id: row.alert
                for row in self.rows(query, address=person.address)
                if row.state == "sent"
            }
            came = [told[mail.message_id] for mail in self.server.stored if mail.message_id in told]
            refused = self.rows(query, address=person.address)
            if any(row.alert == flags[-1].id and row.state != "sent" for row in refused):
                continue  # their server refused it
            assert came and came[-1] == flags[-1].id, f"{person.name} was told {came}, last is {flags[-1].id}"


def subscription(wish: Wish) -> Subscription:
    if wish.pace == "unacknowledged":
        return Subscription("next", kinds=tuple(sorted(wish.kinds)), unacknowledged_after=120)
    return Subscription(wish.pace, kinds=tuple(sorted(wish.kinds)), frequency=wish.pace)


TestAlertMachine = AlertMachine.TestCase
TestAlertMachine.settings = settings(
    max_examples=EXAMPLES or 8,
    stateful_step_count=60 if EXAMPLES else 30,
    deadline=None,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
