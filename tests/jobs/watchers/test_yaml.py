"""Watchers as a file: what is read, what is refused and how, and that nothing is half done or lost on the way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from support.desk_of_watchers import Desk, empty_desk

from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.sanitising import one_line
from servanda.compliance.watchers import Profile, Subscription, Watcher
from servanda.jobs.notify import notify
from servanda.jobs.watchers import membership as watching
from servanda.jobs.watchers.membership import DesiredWatcher
from servanda.jobs.watchers.validation import duration, minutes, new_secret
from servanda.jobs.watchers.yaml_export import export_watchers
from servanda.jobs.watchers.yaml_import import ImportPlan, import_watchers
from servanda.jobs.watchers.yaml_schema import ValidChoices, WatcherFileError
from servanda.models import tables
from servanda.models.delivery.watchers import watchers
from servanda.models.store import Store

NOW = datetime(2019, 6, 7, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANA, HOOK, CHAT = "ana@example.org", "https://hooks.example/a", "ntfys://ntfy.example/a-topic-that-is-a-key"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return empty_desk(tmp_path_factory.mktemp("empty"), NOW)


@pytest.fixture
def bench(empty: Desk, tmp_path: Path) -> Iterator[Desk]:
    copied = empty.copied(tmp_path)
    yield copied
    copied.store.close()


@pytest.fixture
def other(empty: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Another monitor."""
    copied = empty.copied(tmp_path_factory.mktemp("other"))
    yield copied
    copied.store.close()


def imported(
    bench: Desk, text: str, *, now: datetime = NOW, prune: bool = False, dry_run: bool = False
) -> ImportPlan:
    wiring = bench.at(now)
    return import_watchers(
        wiring.ledger,
        ValidChoices(wiring.catalogue, wiring.settings.allow_hosts),
        lambda: wiring.letterhead,
        "w.yml",
        text.encode(),
        by="Ben",
        prune=prune,
        dry_run=dry_run,
    )


def acts(plan: ImportPlan) -> list[tuple[str, str]]:
    return [(step.act, step.address) for step in plan.steps]


def everyone(store: Store) -> list[Watcher]:
    with store.reading() as db:
        return watchers(db)


def rows(store: Store) -> list[int]:
    """How many rows each table about watchers holds."""
    with store.reading() as db:
        return [
            db.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (
                tables.watcher,
                tables.profile,
                tables.standing,
                tables.subscription,
                tables.envelope,
            )
        ]


def refused(bench: Desk, text: str) -> list[str]:
    before = rows(bench.store)
    with pytest.raises(WatcherFileError) as raised:
        imported(bench, text)
    assert rows(bench.store) == before
    return str(raised.value).splitlines()


def one(*lines: str, address: str = ANA) -> str:
    return "\n".join(["watchers:", f"  - address: {address}", *(f"    {line}" for line in lines), ""])


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["zone: Mexico_City"], "zone = Mexico_City: is not an IANA time zone; valid: a zone such as America/Mexico_City"),
        (["hour: 24"], "hour = 24: is not an hour of the day; valid: 0 to 23"),
        (["hour: -1"], "hour = -1: is not an hour of the day; valid: 0 to 23"),
        (['hour: "8"'], "hour = 8: is not a whole number; valid: a whole number or null"),
        (["weekday: Mon"], "weekday = Mon: is not one of the known words; valid: monday, tuesday, wednesday,"),
        (["language: de"], "language = de: is not one of the known words; valid: en, es or null"),
        (["operator: yes"], "operator = yes: is not true or false; valid: true or false or null"),
        (["lang: es"], "lang = es: is an unknown key; valid: address, channel,"),
        (["name: \"Ana\\nBcc: eve@example.org\""], "name = Ana Bcc: eve@example.org: is not fit for a mail's head; valid: one line"),
        (["agreed: \" \""], "is empty; valid: who says so, when and how"),
        (["channel: webhook"], "address = ana@example.org: this is no address of a webhook; valid: https://host/path"),
        (["secret: whsec_AAAAAAAAAAAAAAAAAAAAAAAA"], "secret = …: is for webhooks alone; valid: no such line"),
        (["subscriptions: [{slug: A}]"], "subscriptions[0].slug = A: is not a slug; valid: a-z and 0-9, words joined by hyphens"),
        (["subscriptions: [{}, {}]"], "subscriptions[1].slug = all: stands twice; valid: each slug once"),
        (["subscriptions: [{instruments: [us-mexico]}]"], "instruments[0] = us-mexico: is not known here; valid: us-mexico-2019 (did you mean us-mexico-2019?)"),
        (["subscriptions: [{commitments: [guard]}]"], "commitments[0] = guard: is not known here; valid: further-actions, national-guard"),
        (["subscriptions: [{parties: [GT]}]"], "parties[0] = GT: is not known here; valid: MX, US"),
        (["subscriptions: [{kinds: [gossip]}]"], "kinds[0] = gossip: is not known here; valid: now_monitoring,"),
        (["subscriptions: [{kinds: [source_blind]}]"], "is told to every operator, and to nobody else; valid: make the watcher an operator"),
        (["subscriptions: [{unacknowledged_after: 4h}]"], "unacknowledged_after = 4h: is not an ISO 8601 duration"),
        (["subscriptions: [{unacknowledged_after: PT90S}]"], "unacknowledged_after = PT90S: is not whole minutes; valid: a duration such as PT4H"),
        (["subscriptions: [{unacknowledged_after: P31D}]"], "is too short or too long; valid: whole minutes from PT1M to P30D"),
        (["subscriptions: [{unacknowledged_after: PT0M}]"], "is too short or too long; valid: whole minutes from PT1M to P30D"),
        (["subscriptions: [{unacknowledged_after: PT4H, kinds: [candidate]}]"], "waits for flags, of which none is among the kinds"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_watcher_key_and_what_is_valid(
    bench: Desk, lines: list[str], problem: str
) -> None:
    (told,) = refused(bench, one(*lines))
    assert told.startswith(f"w.yml:3: {ANA}: ") or told.startswith(f"w.yml:2: {ANA}: address")
    assert problem in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("watchers:\n  - {address: nobody}\n", "w.yml:2: nobody: address = nobody: is not a mail address; valid: one address such as"),
        ("watchers:\n  - {name: Ana}\n", "w.yml:2: watcher 1: address: is missing"),
        ("watchers:\n  - {address: a@example.org}\n  - {address: a@EXAMPLE.org}\n", "w.yml:3: a@EXAMPLE.org: address = a@EXAMPLE.org: stands twice"),
        ("watchers: none\n", "w.yml:1: watchers = none: is not a list"),
        ("people: []\n", "w.yml:1: people: is an unknown key; valid: watchers"),
        ("", "w.yml:1: is empty"),
        ("watchers: [\n", "is not YAML"),
        ("watchers:\n  - &a {address: a@example.org}\n", "&a: is an anchor or alias; valid: the value itself"),
        ("watchers:\n  - {address: a@example.org, name: a, name: b}\n", "stands twice, first on line 2"),
        ("watchers:\n  - address: a@example.org\n    channel: chat\n", "is no address of a chat service"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_watchers_is_refused(bench: Desk, text: str, problem: str) -> None:
    assert any(problem in line for line in refused(bench, text)), refused(bench, text)


def test_a_file_that_is_too_large_is_not_read(bench: Desk) -> None:
    assert refused(bench, "#" * 5_000_001) == ["w.yml: is too large; valid: up to 5 MB"]


def test_a_key_is_not_repeated_where_it_is_wrong(bench: Desk) -> None:
    text = one("channel: chat", "hour: 99", address="nosuch://the-key@host/") + one(
        "channel: webhook", "secret: hunter2", "hour: 99", address=HOOK
    ).removeprefix("watchers:\n")
    told = "\n".join(refused(bench, text))
    assert "nosuch://…" in told
    assert not any(key in told for key in ("the-key", "hunter2"))


def test_of_several_mistakes_all_are_told_and_of_good_watchers_none_is_added(bench: Desk) -> None:
    text = one("hour: 30", "zone: X") + "  - {address: ben@example.org, agreed: yes she did}\n"
    assert len(refused(bench, text)) == 2
    assert everyone(bench.store) == []


def test_a_new_address_is_asked_unless_the_file_says_how_it_is_known_that_they_agreed(bench: Desk) -> None:
    text = one() + "  - {address: ben@example.org, agreed: on the phone}\n"
    assert acts(imported(bench, text, dry_run=True)) == [("ask", ANA), ("add", "ben@example.org")]
    assert everyone(bench.store) == []
    imported(bench, text)
    assert [one.state for one in everyone(bench.store)] == ["asked", "active"]
    assert notify(bench.at(NOW)).sent == 1
    for now in (NOW, NOW + 30 * DAY):
        again = imported(bench, text, now=now)
        assert (again.steps, again.same) == ((), 2), "a file that is applied by a timer asks nobody again"


def test_a_key_that_is_left_out_leaves_a_watcher_as_they_are(bench: Desk) -> None:
    mine = Profile("Ana", "es", "America/Mexico_City", 6, 4, "daily", operator=True)
    wanted = (Subscription("a", frequency="daily"), Subscription("b"))
    bench.add(NOW, ANA, agreed="x", profile=mine, wanted=wanted)
    assert imported(bench, one()).steps == ()
    (step,) = imported(bench, one("hour: 7", "weekday: monday")).steps
    assert step.what == "hour 6 → 7; weekday friday → monday"
    (found,) = everyone(bench.store)
    assert (found.profile, found.subscriptions) == (replace(mine, hour=7, weekday=0), wanted)


def test_where_subscriptions_are_given_they_are_the_whole_list(bench: Desk) -> None:
    wanted = (Subscription("a", frequency="daily", kinds=("candidate",)), Subscription("b"))
    bench.add(NOW, ANA, agreed="x", wanted=wanted)
    (step,) = imported(bench, one("subscriptions: [{slug: a, frequency: weekly}, {slug: c}]")).steps
    assert step.what == (
        "subscription a: kinds candidate → all, frequency daily → weekly; "
        "subscription c is new; subscription b ends"
    )
    (found,) = everyone(bench.store)
    assert set(found.subscriptions) == {Subscription("a", frequency="weekly"), Subscription("c")}
    imported(bench, one("subscriptions: []"))
    assert everyone(bench.store)[0].subscriptions == ()


def test_the_file_may_say_that_somebody_who_was_asked_has_agreed(bench: Desk) -> None:
    bench.add(NOW, ANA)
    assert acts(imported(bench, one("agreed: on the phone"))) == [("agree", ANA)]
    assert everyone(bench.store)[0].active


def test_who_left_by_themselves_stays_away_and_whom_the_operator_removed_comes_back(bench: Desk) -> None:
    for address in (ANA, "ben@example.org"):
        bench.add(NOW, address, agreed="x")
    watching.unsubscribe_all(bench.at(NOW).ledger, bench.watcher(ANA).key, "one click")
    watching.remove(bench.at(NOW).ledger, bench.watcher("ben@example.org"), "Ben", "x")
    text = one("agreed: on the phone") + "  - {address: ben@example.org, agreed: on the phone}\n"
    plan = imported(bench, text)
    assert acts(plan) == [("leave", ANA), ("add", "ben@example.org")]
    assert "left on 2019-06-07" in plan.steps[0].what
    assert [found.state for found in everyone(bench.store)] == ["ended", "active"]


def test_who_may_not_be_asked_is_left_alone(bench: Desk) -> None:
    bench.add(NOW, ANA)
    watching.remove(bench.at(NOW).ledger, bench.watcher(ANA), "Ben", "x")
    assert acts(imported(bench, one(), now=NOW + DAY)) == [("leave", ANA)]
    assert acts(imported(bench, one(), now=NOW + 8 * DAY)) == [("ask", ANA)]


def _one_of_each(bench: Desk) -> None:
    bench.add(NOW, ANA, agreed="x")
    hook = DesiredWatcher(HOOK, Profile(), (Subscription(),), "webhook", new_secret())
    for wanted in (hook, DesiredWatcher(CHAT, Profile(), (Subscription(),), "chat")):
        bench.join(NOW, wanted, by=None, agreed=None)


def test_others_stay_unless_they_are_pruned_and_then_only_on_channels_that_the_file_has(bench: Desk) -> None:
    _one_of_each(bench)
    text = one(address="caro@example.org")
    assert acts(imported(bench, text)) == [("ask", "caro@example.org")]
    assert acts(imported(bench, text, prune=True)) == [("end", ANA)]
    assert acts(imported(bench, "watchers: []\n", prune=True)) == []
    states = {found.address: found.state for found in everyone(bench.store)}
    assert states == {ANA: "ended", HOOK: "active", CHAT: "active", "caro@example.org": "asked"}


def test_an_export_holds_no_keys_unless_they_are_asked_for(bench: Desk, other: Desk) -> None:
    _one_of_each(bench)
    secret = bench.watcher(HOOK).secret or ""
    plain, whole = (
        export_watchers(bench.at(NOW).ledger, secrets=False),
        export_watchers(bench.at(NOW).ledger, secrets=True),
    )
    assert not any(key in plain for key in (secret, CHAT, bench.watcher(ANA).key))
    assert "# Chats left out, as their addresses are keys: 1" in plain
    assert all(key in whole for key in (secret, CHAT))
    imported(other, whole)
    assert {(w.address, w.secret, w.state) for w in everyone(other.store)} == {
        (w.address, w.secret, w.state) for w in everyone(bench.store)
    }
    (told,) = refused(other, one("channel: webhook", f"secret: {new_secret()}", address=HOOK))
    assert "secret = …: is not the one that is kept, and cannot be changed" in told


def test_who_has_ended_is_not_exported_and_who_was_only_asked_is_asked_elsewhere(
    bench: Desk, other: Desk
) -> None:
    bench.add(NOW, ANA)
    bench.add(NOW, "ben@example.org", agreed="x")
    watching.remove(bench.at(NOW).ledger, bench.watcher("ben@example.org"), "Ben", "x")
    text = export_watchers(bench.at(NOW).ledger, secrets=True)
    assert "ben@example.org" not in text
    assert acts(imported(other, text)) == [("ask", ANA)]


def test_what_the_catalogue_no_longer_has_does_not_stop_the_file_that_was_exported(bench: Desk) -> None:
    gone = Subscription("old", instruments=("gone-2001",), kinds=("source_blind",))
    bench.add(NOW, ANA, agreed="x", wanted=(gone,))
    assert imported(bench, export_watchers(bench.at(NOW).ledger, secrets=False)).steps == ()


@pytest.mark.parametrize("text", ["PT1M", "PT4H", "P1D", "P1DT12H30M", "P30D"])
def test_a_wait_is_read_and_written_the_same(text: str) -> None:
    assert duration(minutes(text)) == text


@pytest.mark.parametrize("text", ["", "P", "PT", "4h", "PT1.5H", "P1Y", "P1M", "-PT1H", "PT1H ", "PT30S"])
def test_what_is_no_wait_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="valid: days, hours and minutes such as PT4H"):
        minutes(text)


# --- whatever is kept comes back ------------------------------------------------------------------------

NAMES = st.text(max_size=30) | st.sampled_from(
    ["NO", "12:30", "007", "null", "~", "# no", "a: b", "- a", "'", '"', "\u2028", "\x85", "\x07", "é\u0301 \U0001f600",
     "=?utf-8?q?x?=", "&a", "*a", "!!str x", "%YAML 1.1", "---", "{}", "[x]", " lead", "trail ", "\t"]
)  # fmt: skip
KINDS = [kind.value for kind in AlertKind if kind.record.audience == "subscriber"]
PROFILES = st.builds(
    Profile,
    name=NAMES | NAMES.map(lambda name: one_line(name, 200)),
    language=st.sampled_from(["en", "es"]),
    zone=st.sampled_from(["UTC", "America/Mexico_City", "Asia/Kathmandu"]),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    heartbeat=st.sampled_from(["never", "daily", "weekly"]),
    operator=st.booleans(),
    analyst=st.booleans(),
)


def _some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


SUBSCRIPTIONS = st.builds(
    Subscription,
    slug=st.sampled_from(["all", "no", "12", "null", "1e3", "a-b"]),
    instruments=_some(["us-mexico-2019", "gone-2001"]),
    commitments=_some(["further-actions", "national-guard"]),
    parties=_some(["US", "MX", "NO"]),
    kinds=_some(KINDS),
    severity=st.sampled_from(["info", "notice", "urgent"]),
    frequency=st.sampled_from(["at_once", "daily", "weekly"]),
    unacknowledged_after=st.none() | st.integers(1, 43200),
)
PEOPLE = st.lists(
    st.tuples(PROFILES, st.lists(SUBSCRIPTIONS, unique_by=lambda one: one.slug, max_size=3), st.booleans()),
    max_size=3,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(PEOPLE)
def test_what_is_exported_and_imported_is_the_same_and_changes_nothing(
    empty: Desk, people: list[tuple[Profile, list[Subscription], bool]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = empty.copied(Path(folder))
        store = bench.store
        for n, (profile, wanted, agreed) in enumerate(people):
            bench.add(
                NOW,
                f"w{n}@example.org",
                profile=profile,
                wanted=tuple(wanted),
                agreed="x" if agreed else None,
            )
        before, count = everyone(store), rows(store)
        plan = imported(bench, export_watchers(bench.at(NOW).ledger, secrets=False), now=NOW + 30 * DAY)
        assert (plan.steps, plan.same) == ((), len(people))
        assert (everyone(store), rows(store)) == (before, count)
        store.close()
