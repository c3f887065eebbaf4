"""What the operator was told of, so that it is told once, again each day, and once when it is over."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from servanda.jobs.watchdog.diagnosis import MonitorProblem

AGAIN_AFTER = timedelta(days=1)

UNREACHABLE_FOR = timedelta(minutes=5)
"""So long must a monitor on another host not answer: two looks in a row, for one may be the network."""

LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Incident:
    """A problem while it lasts. ``told_at`` None: the operator was not told yet. ``times``: how often."""

    about: str
    words: str
    seen_at: datetime
    told_at: datetime | None = None
    times: int = 0


@dataclass(frozen=True, slots=True)
class IncidentUpdate:
    """What is to be told now: new incidents, those that last, and those that are over."""

    begun: tuple[Incident, ...]
    lasting: tuple[Incident, ...]
    over: tuple[Incident, ...]

    def __bool__(self) -> bool:
        return bool(self.begun or self.lasting or self.over)


def update_incidents(
    before: Sequence[Incident], found: Sequence[MonitorProblem], now: datetime
) -> tuple[Incident, ...]:
    """The incidents as of now: those that go on keep what is known of them."""
    known = {one.about: one for one in before}
    return tuple(
        replace(known[one.about], words=one.words)
        if one.about in known
        else Incident(one.about, one.words, now)
        for one in found
    )


def select_update(
    before: Sequence[Incident], incidents: Sequence[Incident], found: Sequence[MonitorProblem], now: datetime
) -> IncidentUpdate:
    """What of it the operator is to hear."""
    lasts = {one.about for one in incidents}
    network = {one.about for one in found if one.kind == "unreachable"}
    begun = tuple(
        one
        for one in incidents
        if one.told_at is None and (one.about not in network or now - one.seen_at >= UNREACHABLE_FOR)
    )
    lasting = tuple(one for one in incidents if one.told_at is not None and _is_due(one.told_at, now))
    over = tuple(one for one in before if one.told_at is not None and one.about not in lasts)
    return IncidentUpdate(begun, lasting, over)


def _is_due(told_at: datetime, now: datetime) -> bool:
    return now - told_at >= AGAIN_AFTER or told_at > now


def mark_told(incidents: Sequence[Incident], news: IncidentUpdate, now: datetime) -> tuple[Incident, ...]:
    """The incidents after the mail went out."""
    named = {one.about for one in (*news.begun, *news.lasting)}
    return tuple(
        replace(one, told_at=now, times=one.times + 1) if one.about in named else one for one in incidents
    )


def mark_untold(incidents: Sequence[Incident], news: IncidentUpdate) -> tuple[Incident, ...]:
    """The incidents where no mail could go out: what is over is remembered, to be told yet."""
    return (*incidents, *news.over)


def load_incidents(path: Path) -> tuple[Incident, ...]:
    """What was remembered; nothing where there is no file or it is broken, so that it is told again."""
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(LARGEST))
        return tuple(_incident(one) for one in data["incidents"])
    except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return ()


def save_incidents(path: Path, incidents: Sequence[Incident]) -> None:
    """Written whole and renamed; OSError where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"incidents": [_to_json(one) for one in incidents]}, indent=1) + "\n"
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", suffix=".tmp", delete=False) as draft:
        written = Path(draft.name)
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            draft.close()
            written.replace(path)
        except BaseException:
            written.unlink(missing_ok=True)
            raise


def _to_json(one: Incident) -> dict[str, Any]:
    return {
        "about": one.about,
        "words": one.words,
        "seen_at": one.seen_at.isoformat(),
        "told_at": None if one.told_at is None else one.told_at.isoformat(),
        "times": one.times,
    }


def _incident(data: dict[str, Any]) -> Incident:
    told_at = data["told_at"]
    return Incident(
        str(data["about"]),
        str(data["words"]),
        _instant(data["seen_at"]),
        None if told_at is None else _instant(told_at),
        int(data["times"]),
    )


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return at.astimezone(UTC)
