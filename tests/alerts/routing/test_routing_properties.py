"""Whatever people subscribe to: a filter takes away and never adds, and who is not active is told nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.alerts.payloads.kinds import FLAGS, SEVERITIES, AlertKind, severity_rank
from servanda.alerts.payloads.reasons import from_json, to_json
from servanda.alerts.routing.routing import Topic, choose_recipients, matches
from servanda.compliance.watchers import Profile, Subscription, Watcher

INSTRUMENTS, COMMITMENTS, PARTIES = ["i1", "i2"], ["c1", "c2", "c3"], ["US", "MX", "GT"]
KINDS = list(AlertKind)
PACES = {"at_once": 0, "unacknowledged": 1, "digest": 2}


def _some(values: list[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=least).map(tuple)


FILTERS: dict[str, st.SearchStrategy[Any]] = {
    "instruments": _some(INSTRUMENTS, 1),
    "commitments": _some(COMMITMENTS, 1),
    "parties": _some(PARTIES, 1),
    "kinds": _some([kind.value for kind in KINDS], 1),
    "severity": st.sampled_from(SEVERITIES),
    "unacknowledged_after": st.integers(1, 99),
}
SUBSCRIPTIONS = st.builds(
    Subscription,
    slug=st.sampled_from(["a", "b", "c"]),
    instruments=_some(INSTRUMENTS),
    commitments=_some(COMMITMENTS),
    parties=_some(PARTIES),
    kinds=_some([kind.value for kind in KINDS]),
    severity=st.sampled_from(SEVERITIES),
    frequency=st.sampled_from(["at_once", "daily", "weekly"]),
    unacknowledged_after=st.none() | st.integers(1, 99),
)
WATCHERS = st.lists(
    st.builds(
        Watcher,
        id=st.just(0),
        address=st.just("w@example.org"),
        state=st.sampled_from(["asked", "active", "active", "active", "suspended", "ended"]),
        profile=st.builds(Profile, operator=st.booleans(), analyst=st.booleans()),
        subscriptions=st.lists(SUBSCRIPTIONS, max_size=3, unique_by=lambda one: one.slug).map(tuple),
    ),
    max_size=5,
).map(lambda found: [replace(one, id=n) for n, one in enumerate(found)])
TOPICS = st.builds(
    Topic,
    kind=st.sampled_from(KINDS),
    instrument=st.none() | st.sampled_from(INSTRUMENTS),
    commitments=_some(COMMITMENTS),
    parties=_some(PARTIES),
)
quick = settings(max_examples=80, deadline=None)


def told(topic: Topic, everyone: list[Watcher]) -> set[int]:
    return {one.watcher.id for one in choose_recipients(topic, everyone)}


@quick
@given(TOPICS, WATCHERS)
def test_each_is_told_once_in_order_and_only_who_is_active(topic: Topic, everyone: list[Watcher]) -> None:
    ids = [one.watcher.id for one in choose_recipients(topic, everyone)]
    assert ids == sorted(set(ids))
    assert all(everyone[n].state == "active" for n in ids)


@pytest.mark.parametrize("name", FILTERS)
@quick
@given(data=st.data())
def test_a_filter_more_never_adds_a_recipient(name: str, data: st.DataObject) -> None:
    topic, everyone = data.draw(TOPICS), data.draw(WATCHERS)
    value = data.draw(FILTERS[name])
    open_ones = [
        replace(
            watcher,
            subscriptions=tuple(replace(one, **{name: _unset(name)}) for one in watcher.subscriptions),
        )
        for watcher in everyone
    ]
    limited = [
        replace(watcher, subscriptions=tuple(replace(one, **{name: value}) for one in watcher.subscriptions))
        for watcher in everyone
    ]
    assert told(topic, limited) <= told(topic, open_ones)


def _unset(name: str) -> Any:
    return getattr(Subscription(), name)


@quick
@given(TOPICS, WATCHERS, SUBSCRIPTIONS)
def test_a_subscription_more_never_takes_a_recipient_away_nor_slows_one(
    topic: Topic, everyone: list[Watcher], more: Subscription
) -> None:
    added = [replace(one, subscriptions=(*one.subscriptions, replace(more, slug="more"))) for one in everyone]
    before = {one.watcher.id: one for one in choose_recipients(topic, everyone)}
    after = {one.watcher.id: one for one in choose_recipients(topic, added)}
    assert before.keys() <= after.keys()
    assert all(PACES[after[n].manner] <= PACES[before[n].manner] for n in before)


@quick
@given(TOPICS, WATCHERS)
def test_the_most_eager_of_those_that_match_decides_and_is_the_reason(
    topic: Topic, everyone: list[Watcher]
) -> None:
    for one in choose_recipients(topic, everyone):
        assert from_json(to_json(one.why)) == one.why
        if one.why.role != "subscriber":
            continue
        asking = [wanted for wanted in one.watcher.subscriptions if matches(wanted, topic)]
        (named,) = [wanted for wanted in asking if wanted.slug == one.why.subscription.slug]
        assert PACES[one.manner] == min(_pace(wanted, topic) for wanted in asking)
        assert PACES[one.manner] == _pace(named, topic)
        if one.manner == "digest":
            assert (named.frequency == "daily") or all(w.frequency == "weekly" for w in asking)


def _pace(wanted: Subscription, topic: Topic) -> int:
    if wanted.unacknowledged_after is not None:
        return PACES["unacknowledged"]
    return PACES["at_once"] if topic.kind in FLAGS or wanted.frequency == "at_once" else PACES["digest"]


@quick
@given(TOPICS, WATCHERS)
def test_a_kind_of_a_role_goes_to_everyone_who_has_it_and_to_nobody_else(
    topic: Topic, everyone: list[Watcher]
) -> None:
    role = topic.kind.record.audience
    if role != "subscriber":
        have = {one.id for one in everyone if one.active and getattr(one.profile, role)}
        assert told(topic, everyone) == have
        assert {one.manner for one in choose_recipients(topic, everyone)} <= {"at_once"}
        return
    roles_apart = [replace(one, profile=Profile()) for one in everyone]
    assert told(topic, everyone) == told(topic, roles_apart)


@quick
@given(TOPICS, SUBSCRIPTIONS)
def test_each_filter_alone_is_what_it_says(topic: Topic, wanted: Subscription) -> None:
    """The definition once more, one filter at a time."""
    refusals = [
        wanted.instruments and topic.instrument not in wanted.instruments,
        wanted.commitments and not set(wanted.commitments) & set(topic.commitments),
        wanted.parties and not set(wanted.parties) & set(topic.parties),
        wanted.kinds and topic.kind.value not in wanted.kinds,
        severity_rank(topic.kind.record.severity) < severity_rank(wanted.severity),
        wanted.unacknowledged_after is not None and topic.kind not in FLAGS,
    ]
    assert matches(wanted, topic) is not any(refusals)
