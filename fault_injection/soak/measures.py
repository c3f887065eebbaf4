"""What is measured during a soak, and what is held against the truth at its end."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from fault_injection.soak.stage import Stage

EXCUSED_SECONDS = 30.0
"""After a kill of the API server or its database: what is answered with a fault meanwhile is explained."""

_SUBJECT = re.compile(r"^Subject: (.*(?:\n[ \t].*)*)", re.MULTILINE)


@dataclass
class Measures:
    """``faults``: answers of the API that nothing explains."""

    answers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    backlogs: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)

    def lines(self, stage: Stage, minutes: float, started: float) -> list[str]:
        mailed = [seconds for seconds in _delays(stage).values() if seconds is not None]
        log = sum(path.stat().st_size for path in (stage.home / "logs").rglob("*.log"))
        return [
            f"ready after          {started:.1f} s",
            f"triggers             {dict(self.answers)}, median {_median(self.latencies):.2f} s, "
            f"longest {max(self.latencies, default=0):.2f} s",
            f"killed               {', '.join(self.kills) or 'nothing'}",
            f"published to mail    {len(mailed)} of {len(stage.published)}, median {_median(mailed):.1f} s, "
            f"longest {max(mailed, default=0):.1f} s",
            f"window end to mail   {_flag_delay(stage)}",
            f"backlog              {max(self.backlogs, default=0)} runs at most",
            f"memory               {max(self.memory, default=0) // 2**20} MB resident at most, summed",
            f"logs                 {log / 2**20 / minutes:.2f} MB a minute",
        ]


def wrong_mails(stage: Stage) -> list[str]:
    """What is lost, came twice, or came before its time.

    A window that was first judged after it had settled, because what judges was killed, has its final word
    alone; where the ledger holds a verdict of before that, the flag must have come.
    """
    wrong = []
    flags = int(was_judged_before_settling(stage))
    for address in stage.published:
        times = sum(
            address in _plain(content) for _, content in stage.mails if "contingent" in _plain(content)
        )
        if times != 1:
            wrong.append(f"{address} came in {times} mails")
    for word, earliest, least in (("ended", stage.due_at, flags), ("Final word", stage.settles_at, 1)):
        found = [at for at, content in stage.mails if word in subject_of(content)]
        if not least <= len(found) <= 1:
            wrong.append(f"{len(found)} mails say {word!r}")
        wrong += [f"{word!r} was mailed at {at}, before {earliest}" for at in found if at < earliest]
    return wrong


def was_judged_before_settling(stage: Stage) -> bool:
    """Whether a verdict stands in the ledger of after the window's end and before it had settled."""
    with contextlib.closing(sqlite3.connect(stage.folder / "servanda.db")) as db:
        (found,) = db.execute("SELECT count(*) FROM verdict WHERE phase = 'elapsed'").fetchone()
    return bool(found)


def subject_of(content: str) -> str:
    found = _SUBJECT.search(content)
    return "" if found is None else " ".join(found[1].split())


def _plain(content: str) -> str:
    return content.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")


def _delays(stage: Stage) -> dict[str, float | None]:
    first: dict[str, float | None] = {}
    for address, at in stage.published.items():
        found = [mailed for mailed, content in stage.mails if address in _plain(content)]
        first[address] = (found[0] - at).total_seconds() if found else None
    return first


def is_complete(stage: Stage) -> bool:
    """Whether all that is to come has come."""
    subjects = [subject_of(content) for _, content in stage.mails]
    told = all(delay is not None for delay in _delays(stage).values())
    return told and any("Final word" in subject for subject in subjects)


def _flag_delay(stage: Stage) -> str:
    found: list[datetime] = [at for at, content in stage.mails if "ended" in subject_of(content)]
    return f"{(found[0] - stage.due_at).total_seconds():.1f} s" if found else "never"


def _median(values: list[float]) -> float:
    return median(values) if values else 0.0


def descendants(launcher: int) -> dict[int, str]:
    """The launcher's children by process id, with their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == launcher:
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ").replace("_", "-")
        except (OSError, ValueError):
            continue
    return found


def resident_bytes(pids: list[int]) -> int:
    """Summed; what processes share is counted for each."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        except (OSError, ValueError, IndexError):
            continue
    return total
