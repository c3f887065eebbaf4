"""What a sweep has shown, as a table."""

from __future__ import annotations

from collections import Counter

from fault_injection.crashes.between import Between
from fault_injection.crashes.stages import Stage
from fault_injection.crashes.sweep import Swept, Trial


def report(swept: Swept) -> str:
    """Kills by the stage they met, what each stage cost, and every fault in full."""
    trials = swept.trials
    met = Counter(trial.stage for trial in trials)
    width = max(len(stage) for stage in Stage)
    lines = [
        f"{swept.database}: a day of {swept.undisturbed.seconds:.1f} s with "
        f"{len(swept.undisturbed.mails)} mails, killed {len(trials)} times",
        "",
        f"{'killed while':<{width}}  kills  lost  twice  other bytes  other state",
    ]
    for stage in Stage:
        if met[stage]:
            lines.append(_row(stage, [t for t in trials if t.stage is stage], width))
    lines.append(_row("all", list(trials), width))
    lines += [line for trial in trials if not trial.is_sound for line in _faults(trial)]
    return "\n".join(lines)


def report_between(found: Between) -> str:
    """What came of a run that was killed each time a mail had arrived and its 250 had not."""
    times = Counter(found.times.values())
    lines = [
        f"{found.database}: killed {found.kills} times between the server's storing of a mail and its 250",
        "",
        *(f"{number:4} mails arrived {often} times" for often, number in sorted(times.items())),
        f"{len(found.changed):4} of them with other bytes",
        f"{found.sent_after:4} mails sent by one more run",
    ]
    return "\n".join([*lines, *(f"broken: {one}" for one in found.broken)])


def _row(label: str, trials: list[Trial], width: int) -> str:
    lost = sum(len(t.lost) for t in trials)
    twice = sum(t.duplicates for t in trials)
    changed = sum(len(t.changed) for t in trials)
    wrong = sum(bool(t.wrong) for t in trials)
    return f"{label:<{width}}  {len(trials):5}  {lost:4}  {twice:5}  {changed:11}  {wrong:11}"


def _faults(trial: Trial) -> list[str]:
    """What is wrong with one trial, in full."""
    found = [("lost", trial.lost), ("not of this day", trial.strange), ("other bytes", trial.changed),
             ("other state", trial.wrong), ("broken", trial.broken)]  # fmt: skip
    if trial.duplicates > 1:
        found.append(("more than one twice", trial.twice))
    after = f"{trial.moment.mails} mails and " if trial.moment.mails else ""
    lines = [f"\nkilled after {after}{trial.moment.seconds:.3f} s ({trial.stage}):"]
    return lines + [f"  {what}: {one}" for what, ones in found for one in ones]
