"""The page of a window: its picture, its verdict with every reason, and how it came to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from servanda.alerts.letters.letter import Entry
from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.letters.phrases.stored_sentences import translate_stored
from servanda.alerts.letters.phrases.verdict_words import (
    PHASES,
    condition_sentence,
    coverage_entry,
    verdict_in_short,
    verdict_sentence,
)
from servanda.alerts.letters.window_parts import duty_entry, reading_entry
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.intervals import utc_text
from servanda.compliance.publication import PublicationTime
from servanda.compliance.shortlist import Flow
from servanda.compliance.vocabulary import Condition, LateCoverage
from servanda.compliance.windows import count_window, is_within
from servanda.jobs.alerting.payload_parts import quotes_of
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.window_dossier import TELLING_KINDS, SourceStrip, WindowDossier, window_dossier
from servanda.jobs.views.window_steps import window_steps
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.verdicts import StoredVerdict
from servanda.web.desk.addresses import window_path
from servanda.web.desk.phrases import DUTY_KINDS, MARKS, distance
from servanda.web.desk.picture import STATES, MarkKind, Picture, draw, mark_of
from servanda.web.desk.rendering import Frame, render

CLOSINGS_SHOWN = 20


def window_html(wiring: Wiring, frame: Frame, window_id: str, as_of: datetime | None = None) -> str:
    """The page of what was known at ``as_of`` (None: now); LookupError for a window that there is not."""
    shown_at = as_of if frame.addresses.on_desk else as_of or settled_at(wiring, window_id)
    dossier = public(window_dossier(wiring.ledger, wiring.catalogue, window_id, shown_at), frame)
    words, zone, verdict = frame.words, dossier.window.zone, dossier.verdict
    now_path = window_path(dossier.instrument.id, dossier.window.id)
    here = window_path(dossier.instrument.id, dossier.window.id, as_of)
    pictures = draw_both(dossier, words)
    return render(
        "window",
        frame,
        dossier=dossier,
        known_at=dossier.as_of,
        zone=zone,
        is_past=as_of is not None,
        path=here,
        now_path=now_path,
        compare_path=f"{here.replace('/as-of/', '/compare/')}/now",
        meaning=verdict_in_short(verdict.value, words, verdict.late_by_days),
        sentence=verdict_sentence(dossier.told, words),
        condition=condition_sentence(dossier.told.window, verdict.condition, verdict.phase, words),
        derivation=derivation(dossier.told.window, words),
        ends_at=last_second(verdict.due_at),
        distance=distance(dossier.as_of, verdict.opens_at, verdict.due_at, zone, words),
        phase=words.say(PHASES[verdict.phase]),
        policy=translate_stored(dossier.told.policy, words),
        recall=words.say("recall not measured"),
        pictures=pictures,
        picture_title=words.say("The window {title} over time", title=one_line(dossier.window.title)),
        picture_description=describe(dossier, words),
        states=states_of(pictures, words),
        marks=marks_of(pictures, words),
        strips=[_strip_table(strip, words) for strip in dossier.strips],
        documents=list(_documents(dossier, words)),
        no_documents=_no_documents(frame),
        duties=list(duties_of(dossier, words)),
        no_duties=_no_duties(dossier, words),
        coverage=[_coverage(dossier, one, words) for one in dossier.told.coverage],
        flow=flow_steps(verdict.flow, words) if verdict.flow else (),
        to_look_at=verdict.flow.waiting if verdict.flow else 0,
        readings=[reading_entry(reading, words) for reading in dossier.told.readings],
        steps=list(_steps(dossier, words)),
        form=_form(dossier, frame.now),
        citation=citation(wiring, frame, dossier),
        answer_address=answer_address(frame, here),
        same_command=same_command(dossier),
        acts=list(_acts(dossier, words)) if frame.addresses.on_desk and as_of is None else (),
    )


def settled_at(wiring: Wiring, window_id: str) -> datetime | None:
    """When the last verdict of a window became known, where it is final: a public page of it says no later
    moment, so that it stays as it is. None where time goes on changing it."""
    steps = window_steps(wiring.ledger, window_id)
    return steps.verdicts[-1].known_at if steps.is_settled else None


def public(dossier: WindowDossier, frame: Frame) -> WindowDossier:
    """The dossier as this home may show it."""
    return dossier if frame.addresses.on_desk else dossier.published


def draw_both(dossier: WindowDossier, words: Words) -> tuple[Picture, ...]:
    return (draw(dossier, words, "wide"), draw(dossier, words, "narrow"))


def describe(dossier: WindowDossier, words: Words) -> str:
    """The picture in a sentence, for whoever does not see it."""
    complete = sum(one.complete for one in dossier.verdict.coverage)
    return words.say(
        "{verdict}. {n} of {all} required sources are covered. Tables below say the same as the picture.",
        verdict=verdict_in_short(dossier.verdict.value, words, dossier.verdict.late_by_days),
        n=words.number(complete),
        all=words.number(len(dossier.verdict.coverage)),
    )


def states_of(pictures: Iterable[Picture], words: Words) -> list[tuple[str, str]]:
    """The states that the pictures show, with their words."""
    shown = {one.state for picture in pictures for row in picture.rows for one in row.stretches}
    named = [(state.value, words.say(word)) for state, word in STATES.items()]
    return [pair for pair in (*named, ("to_come", words.say("still to come"))) if pair[0] in shown]


def marks_of(pictures: Iterable[Picture], words: Words) -> list[tuple[MarkKind, str]]:
    shown = {mark.kind for picture in pictures for row in picture.rows for mark in row.marks}
    return [(kind, words.say(word)) for kind, word in MARKS.items() if kind in shown]


def _strip_table(strip: SourceStrip, words: Words) -> dict[str, Any]:
    return {
        "title": strip.source.title,
        "stretches": [
            {
                "from_at": tile.interval.from_at,
                "until_at": tile.interval.until_at,
                "word": words.say(STATES[tile.state]),
                "why": one_line(tile.why) if tile.why else "",
            }
            for tile in strip.tiles
        ],
    }


def _documents(dossier: WindowDossier, words: Words) -> Iterator[dict[str, Any]]:
    """Everything that the picture marks, by time of publication."""
    titles = {strip.source.id: strip.source.title for strip in dossier.strips}
    found = [(row.published, _evidence(dossier, row, titles, words)) for row in dossier.evidence]
    for strip in dossier.strips:
        for one in strip.unread:
            if one.kind != "reread":
                kind: MarkKind = "doubtful" if one.kind == "doubtful" else "unread"
                path, why = (
                    f"documents/{one.document}",
                    translate_stored(one.why or "", words) if one.why else "",
                )
                shown = _document(one.published, path, one.title, strip.source.title, kind, words)
                found.append((one.published, {**shown, "place": why}))
    found.sort(key=lambda pair: pair[0].interval.from_at)
    return (shown for _, shown in found)


def _evidence(
    dossier: WindowDossier, row: EvidenceRow, titles: dict[str, str], words: Words
) -> dict[str, Any]:
    source = titles.get(row.source, row.source)
    shown = _document(row.published, f"evidence/{row.id}", row.title, source, mark_of(row), words)
    quotes = quotes_of(row) if row.id in dossier.verdict.accepted else ()
    place = _place(dossier, row.published, words)
    return {**shown, "language": row.language, "url": row.url, "place": place, "quote": quotes[-1:]}


def _document(
    published: PublicationTime, path: str, title: str, source: str, kind: MarkKind, words: Words
) -> dict[str, Any]:
    return {
        "published": published,
        "path": path,
        "title": title,
        "language": None,
        "url": None,
        "source": source,
        "kind": kind,
        "word": words.say(MARKS[kind]),
        "place": "",
        "quote": (),
    }


def _place(dossier: WindowDossier, published: PublicationTime, words: Words) -> str:
    """Where a publication lies beside the window."""
    term = count_window(dossier.window, dossier.window.primary)
    if is_within(published, term):
        return words.say("inside the window")
    after = published.interval.from_at >= dossier.verdict.due_at
    return words.say("after the window") if after else words.say("before the window")


def _no_documents(frame: Frame) -> str:
    if frame.addresses.on_desk:
        return frame.words.say(
            "No document has matched this commitment, and none of the window waits to be read."
        )
    return frame.words.say("No evidence has been accepted.")


def _no_duties(dossier: WindowDossier, words: Words) -> str:
    """What it means that no duty is listed: duties are asked about once a window has ended."""
    if dossier.as_of < dossier.verdict.due_at:
        return words.say("The window has not ended: nothing is claimed yet.")
    return words.say("No duty is unmet.")


def duties_of(dossier: WindowDossier, words: Words) -> Iterator[dict[str, Any]]:
    """Unmet duties; documents that are to be read once more are only counted."""
    told = dossier.told
    for kind, duties in groupby(told.duties, lambda duty: duty.kind):
        those = list(duties)
        if kind == "reread" or (dossier.is_public and kind not in TELLING_KINDS):
            text = _reread(len(those), words) if kind == "reread" else _number(len(those), words)
            yield {"kind": words.say(DUTY_KINDS[kind]), "text": text, "more": ()}
            continue
        for duty in those:
            entry = duty_entry(duty, told, words)
            yield {"kind": words.say(DUTY_KINDS[kind]), "text": entry.text, "more": entry.lines}


def _number(number: int, words: Words) -> str:
    return words.count("{n} document", "{n} documents", number)


def _reread(number: int, words: Words) -> str:
    return words.count(
        "{n} document is read once more after the window's end, for it may have been completed",
        "{n} documents are read once more after the window's end, for they may have been completed",
        number,
    )


def flow_steps(flow: Flow, words: Words) -> tuple[tuple[str, str, str], ...]:
    """How many documents came through each step (PRISMA 2020): its name, its number, what it means."""
    doubtful = words.count("{n} of them is doubtful", "{n} of them are doubtful", flow.doubtful)
    steps = (
        (words.say("Identified"), flow.identified, words.say("listed in the window")),
        (words.say("Retrieved"), flow.retrieved, doubtful if flow.doubtful else words.say("read")),
        (words.say("Screened"), flow.screened, words.say("matched by the rules")),
        (words.say("Shortlisted"), flow.shortlisted, words.say("for a person to look at")),
        (words.say("Reviewed"), flow.reviewed, words.say("looked at")),
        (words.say("Accepted"), flow.accepted, words.say("taken for what was due")),
    )
    return tuple((name, words.number(number), meaning) for name, number, meaning in steps)


def _coverage(dossier: WindowDossier, one: Any, words: Words) -> dict[str, Any]:
    entry: Entry = coverage_entry(one, dossier.told.window, words)
    closings = [_closing(closing, dossier.window.zone, words) for closing in one.closings]
    return {"text": entry.text, "lines": entry.lines, "closings": closings[:CLOSINGS_SHOWN]}


def _closing(closing: LateCoverage, zone: str, words: Words) -> str:
    return words.say(
        "{stretch}: seen by {route}, reading {poll}, on {moment}",
        stretch=words.stretch(closing.interval, zone),
        route=closing.route,
        poll=closing.poll,
        moment=words.moment(closing.read_at, zone),
    )


# --- over time ------------------------------------------------------------------------------------------


def _steps(dossier: WindowDossier, words: Words) -> Iterator[dict[str, Any]]:
    """The recorded verdicts, oldest first, each with what it changed."""
    before: StoredVerdict | None = None
    for step in dossier.steps:
        verdict = step.verdict
        yield {
            "path": window_path(dossier.instrument.id, dossier.window.id, step.known_at),
            "known_at": step.known_at,
            "said": words.moment(step.known_at, dossier.window.zone),
            "value": verdict.value.value,
            "meaning": verdict_in_short(verdict.value, words, verdict.late_by_days),
            "final": verdict.final,
            "changes": _changes(before, step, words),
        }
        before = step


def _changes(before: StoredVerdict | None, step: StoredVerdict, words: Words) -> str:
    """What differs from the verdict before, in a few words."""
    if before is None:
        return words.say("first judged")
    old, new = before.verdict, step.verdict
    said = []
    if old.phase is not new.phase:
        said.append(words.say("phase: {phase}", phase=words.say(PHASES[new.phase])))
    if len(old.duties) != len(new.duties):
        said.append(words.count("{n} duty unmet", "{n} duties unmet", len(new.duties)))
    if old.candidates != new.candidates:
        said.append(words.count("{n} candidate waits", "{n} candidates wait", len(new.candidates)))
    if old.accepted != new.accepted:
        said.append(words.count("{n} accepted", "{n} accepted", len(new.accepted)))
    if old.condition is not new.condition:
        said.append(words.say("condition recorded"))
    if not said and old.readings != new.readings:
        said.append(words.say("another way to count was decided"))
    return "; ".join(said)


def _form(dossier: WindowDossier, now: datetime) -> dict[str, str]:
    """What the date controls hold and allow."""
    there = ZoneInfo(dossier.window.zone)
    shown = dossier.as_of.astimezone(there)
    return {
        "day": shown.date().isoformat(),
        "time": "",
        "first": dossier.verdict.opens_at.astimezone(there).date().isoformat(),
        "last": now.astimezone(there).date().isoformat(),
        "due": min(now, last_second(dossier.verdict.due_at)).astimezone(there).date().isoformat(),
    }


# --- citing and acting ----------------------------------------------------------------------------------


def citation(wiring: Wiring, frame: Frame, dossier: WindowDossier) -> str:
    """What a text can cite: title, verdict, address, as-of and digest."""
    base = wiring.settings.site_url
    at = window_path(dossier.instrument.id, dossier.window.id, dossier.as_of)
    return frame.words.say(
        "{title}. Verdict: {verdict}. As of {moment}. {address} SHA-256 {digest}",
        title=one_line(dossier.window.title),
        verdict=dossier.verdict.value.value,
        moment=utc_text(dossier.as_of),
        address=f"{base}/{at}" if base else at,
        digest=dossier.digest,
    )


def answer_address(frame: Frame, here: str) -> str:
    """Where the answer lies as JSON."""
    return frame.addresses.file(f"{here}/answer.json")


def same_command(dossier: WindowDossier) -> str:
    return f"servanda window {dossier.window.id} --as-of {utc_text(dossier.as_of)} --json"


def _acts(dossier: WindowDossier, words: Words) -> Iterator[tuple[str, str]]:
    """What a person may do about the window now, each with its command."""
    for candidate in dossier.verdict.candidates:
        yield (
            words.say("Accept evidence {id}:", id=candidate),
            f"servanda review accept {candidate} --by NAME --reason TEXT",
        )
        yield (
            words.say("Reject evidence {id}:", id=candidate),
            f"servanda review reject {candidate} --by NAME --reason TEXT",
        )
    if dossier.window.condition and dossier.verdict.condition is Condition.UNKNOWN:
        for value, text in (
            ("met", words.say("Record the condition as met:")),
            ("not-met", words.say("Record it as not met:")),
        ):
            yield text, f"servanda condition {dossier.window.id} {value} --by NAME --reason TEXT"
    if any(duty.kind == "coverage" for duty in dossier.verdict.duties):
        yield (
            words.say("Read the days that are missing:"),
            "servanda collect --source SOURCE --since DAY --until DAY",
        )
    yield (
        words.say("Hand on the bytes that the verdict rests on:"),
        f"servanda capture export {dossier.window.id} --to FILE.warc.gz",
    )
