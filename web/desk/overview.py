"""The overview: what needs a person now, then every window with what was last recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from servanda.alerts.letters.phrases.verdict_words import IN_SHORT
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import MONTHS, Words
from servanda.compliance.vocabulary import ENDED_PHASES, Phase, VerdictValue
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.attention import WaitingKind, attention
from servanda.jobs.views.window_list import (
    When,
    WindowFilter,
    WindowKey,
    WindowLine,
    WindowPage,
    parties,
    window_page,
)
from servanda.models.findings.last_news import LastNews
from servanda.web.desk.addresses import from_stamp, stamp
from servanda.web.desk.phrases import distance, recorded_meaning
from servanda.web.desk.rendering import Frame, render


@dataclass(frozen=True, slots=True)
class OverviewQuestion:
    """What the address of the overview asks for. ``after``: by table, where its page begins."""

    chosen: WindowFilter
    after: dict[When, WindowKey]


def read_question(
    instrument: str | None,
    party: str | None,
    verdict: str | None,
    open_after: str | None,
    ended_after: str | None,
) -> OverviewQuestion:
    """The question in an address; ValueError for what is none."""
    value = VerdictValue(verdict) if verdict else None
    keys: dict[When, WindowKey] = {}
    if open_after:
        keys["open"] = _read_key(open_after)
    if ended_after:
        keys["ended"] = _read_key(ended_after)
    return OverviewQuestion(WindowFilter(instrument or None, party or None, value), keys)


def _read_key(text: str) -> WindowKey:
    at, _, window = text.partition("~")
    return WindowKey(from_stamp(at), window)


def overview_page(wiring: Wiring, frame: Frame, question: OverviewQuestion) -> str:
    """The page. A public site shows no work that waits, and nobody's filters."""
    said_in = frame.words
    waiting: Sequence[WaitingKind] = ()
    if frame.addresses.on_desk:
        waiting = attention(wiring.ledger, wiring.catalogue, said_in)
    found: dict[When, WindowPage] = {
        when: window_page(wiring.ledger, wiring.catalogue, when, question.chosen, question.after.get(when))
        for when in _TABLES
    }
    return render(
        "overview",
        frame,
        waiting=[_waiting(kind, said_in) for kind in waiting],
        filters=list(_filters(wiring, said_in, question.chosen)),
        is_filtered=question.chosen != WindowFilter(),
        tables=[_table(when, page, frame, question) for when, page in found.items()],
        instruments=wiring.catalogue.instruments,
        downloads=[
            (form.upper(), frame.addresses.file(f"tables/windows.{form}")) for form in ("csv", "json")
        ],
    )


def _waiting(kind: WaitingKind, words: Words) -> dict[str, Any]:
    more = 0 if kind.kind == "shortlist" else kind.count - len(kind.first)
    return {
        "title": _waiting_title(kind, words),
        "first": kind.first,
        "more": words.count("and {n} more", "and {n} more", more) if more else None,
        "command": kind.command,
    }


def _waiting_title(kind: WaitingKind, words: Words) -> str:
    n = kind.count
    match kind.kind:
        case "candidates":
            return words.count(
                "{n} candidate waits: it may be an announcement",
                "{n} candidates wait: they may be announcements",
                n,
            )
        case "shortlist":
            return words.count(
                "{n} document of a shortlist waits to be looked at",
                "{n} documents of shortlists wait to be looked at",
                n,
            )
        case "evidence":
            return words.count(
                "{n} piece of evidence waits for review", "{n} pieces of evidence wait for review", n
            )
        case "doubtful":
            return words.count("{n} document is doubtful", "{n} documents are doubtful", n)
        case "blind":
            return words.count("{n} source is blind", "{n} sources are blind", n)
        case "flags":
            return words.count("{n} flag is not acknowledged", "{n} flags are not acknowledged", n)


Option = tuple[str, str, bool]


def _filters(wiring: Wiring, words: Words, chosen: WindowFilter) -> Iterator[tuple[str, str, list[Option]]]:
    """Name, label and options of each filter."""
    catalogue = wiring.catalogue
    yield (
        "instrument",
        words.say("Instrument"),
        [(one.id, one.title, one.id == chosen.instrument) for one in catalogue.instruments],
    )
    yield "party", words.say("Party"), [(party, party, party == chosen.party) for party in parties(catalogue)]
    yield (
        "verdict",
        words.say("Verdict"),
        [(value.value, words.say(short), value is chosen.verdict) for value, short in IN_SHORT.items()],
    )


_TABLES: dict[When, tuple[str, str]] = {
    "open": (msgid("Open and to come, the next to end first"), msgid("No window is open.")),
    "ended": (msgid("Ended, the last first"), msgid("No window has ended.")),
}


def _table(when: When, page: WindowPage, frame: Frame, question: OverviewQuestion) -> dict[str, Any]:
    words, addresses = frame.words, frame.addresses
    title, empty = _TABLES[when]
    name = f"{when}_after"
    following = None
    if page.following is not None:
        following = addresses.again(**{name: f"{stamp(page.following.due_at)}~{page.following.window}"})
    is_filtered = question.chosen != WindowFilter()
    return {
        "id": f"windows-{when}",
        "title": words.say(title),
        "empty": words.say("No window matches what you chose.") if is_filtered else words.say(empty),
        "lines": page.lines,
        "months": list(_by_month(page.lines, frame)),
        "first": addresses.again(**{name: None}) if when in question.after else None,
        "following": following,
    }


def _by_month(lines: Iterable[WindowLine], frame: Frame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The lines under the month in which their windows end: a calendar of what is due."""
    for month, those in groupby(lines, lambda line: _last_day(line).replace(day=1)):
        named = format_date(month, MONTHS[frame.words.language], frame.words.locale)
        yield str(named), [_line(line, frame) for line in those]


def _last_day(line: WindowLine) -> date:
    return last_second(line.due_at).astimezone(ZoneInfo(line.window.zone)).date()


def _line(line: WindowLine, frame: Frame) -> dict[str, Any]:
    words, verdict = frame.words, line.stored.verdict if line.stored else None
    value = verdict.value if verdict else VerdictValue.PENDING
    coverage = verdict.coverage if verdict and verdict.phase in ENDED_PHASES else ()
    return {
        "instrument": line.instrument.id,
        "window": line.window.id,
        "title": line.window.title,
        "parties": ", ".join(party.id for party in line.instrument.parties),
        "value": value.value,
        "meaning": recorded_meaning(verdict, words),
        "final": verdict.final if verdict and verdict.phase is not Phase.OPEN else None,
        "ends": words.long_date(_last_day(line)),
        "distance": distance(frame.now, line.opens_at, line.due_at, line.window.zone, words),
        "coverage": [one.complete for one in coverage],
        "required": bool(coverage),
        "covered": _covered(sum(one.complete for one in coverage), len(coverage), verdict is not None, words),
        "news": _shown(line.news, frame),
    }


def _covered(complete: int, required: int, judged: bool, words: Words) -> str:
    if not judged:
        return "–"
    if not required:
        return words.say("told at the end")
    return words.say("{n} of {all}", n=words.number(complete), all=words.number(required))


def _shown(news: LastNews | None, frame: Frame) -> LastNews | None:
    """A public site tells of no evidence that nobody has accepted."""
    return news if frame.addresses.on_desk else None
