"""A step of the replay in plain words: what happened, and what the monitor said of it. Pure."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from servanda.compliance.intervals import Interval
from servanda.compliance.vocabulary import ENDED_PHASES, Verdict
from servanda.compliance.windows import long_date
from servanda.demo.replay import WASHINGTON, ReplayStep
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.models.findings.evidence import EvidenceRow

WIDTH = 100


def narrate_step(step: ReplayStep) -> list[str]:
    """The lines that tell a step; none where nothing is worth telling."""
    lines = [
        *(_bullet("", text) for text in (*step.happened, *_boundary(step))),
        *_done(step),
        *_health(step),
        *(_near_miss(row) for row in step.near_misses),
        *_mails(step),
        *_window(step),
    ]
    return [_heading(step), *lines, ""] if lines else []


def _heading(step: ReplayStep) -> str:
    local = step.at.astimezone(WASHINGTON)
    day = long_date(local.date())
    return day if step.is_evening else f"{day}, {local:%H:%M:%S} in Washington"


def _boundary(step: ReplayStep) -> Iterator[str]:
    """The instants at which nothing happens but time."""
    left = (step.verdict.due_at - step.at).total_seconds()
    if 0 < left <= 1:
        yield "The last second of the window."
    elif left == 0:
        yield "A second later: the window has ended."
    elif step.at == step.verdict.settles_at:
        yield "Late listings are awaited no longer."


def _done(step: ReplayStep) -> Iterator[str]:
    """What a person did, the command line that does it, what came of it."""
    for act, done in step.done:
        yield _bullet("", act.told)
        yield _bullet("$ ", done.command)
        yield _bullet("", done.outcome)


def _health(step: ReplayStep) -> Iterator[str]:
    for source, reason in step.failed:
        yield _bullet("✗ ", f"{source} cannot be read: {reason}")
    for source, unseen in step.recovered:
        left = f"never seen: {_stretches(unseen)}" if unseen else "what it published meanwhile was seen too"
        yield _bullet("✓ ", f"{source} is read again; {left}")


def _near_miss(row: EvidenceRow) -> str:
    failing = "; ".join(f"{part.id}: {part.why}" for part in row.checklist if not part.holds)
    return _bullet("≈ ", f"Near miss, kept without alert: “{row.title}”. The checklist refuses it: {failing}")


def _mails(step: ReplayStep) -> Iterator[str]:
    recipients: dict[str, Counter[str]] = {}
    for mail in step.mails:
        subject = mail.subject.removeprefix(f"{REPLAY_BANNER}: ")
        recipients.setdefault(subject, Counter())[mail.recipient.partition("@")[0]] += 1
    for subject, counted in recipients.items():
        each = max(counted.values())
        many = f", {each} each, for {each} commitments" if each > 1 else ""
        yield _bullet("✉ ", f"{subject} (to {' and '.join(counted)}{many})")


def _window(step: ReplayStep) -> Iterator[str]:
    """The verdict, where what it says changed or where time alone is watched at the end."""
    verdict = step.verdict
    if _said(verdict) == _said(step.previous) and not list(_boundary(step)):
        return
    final = ", final" if verdict.final else ""
    yield _bullet("→ ", f"Window {verdict.phase.value}, verdict {verdict.value.value}{final}")
    if verdict.phase in ENDED_PHASES:
        for duty in verdict.duties:
            named = f"{duty.kind}, {duty.source}" if duty.source else duty.kind
            yield _bullet("  · ", f"{named}: {duty.detail}")


def _said(verdict: Verdict | None) -> object:
    """What a reader would notice of a verdict; the exact ends of a gap that is closing are not among it."""
    if verdict is None:
        return None
    duties = [(duty.kind, duty.source) for duty in verdict.duties]
    return verdict.phase, verdict.value, verdict.final, duties


def _stretches(gaps: Iterable[Interval]) -> str:
    return ", ".join(f"{_instant(gap.from_at)} to {_instant(gap.until_at)}" for gap in gaps)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _bullet(mark: str, text: str) -> str:
    indent = "    "
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent + mark,
        subsequent_indent=indent + " " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
