"""Two moments of a window side by side: what became known between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from servanda.alerts.letters.phrases.verdict_words import PHASES, verdict_in_short, verdict_sentence
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.intervals import IntervalSet
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.window_dossier import WindowDossier, window_dossier
from servanda.web.desk.addresses import window_path
from servanda.web.desk.phrases import MARKS
from servanda.web.desk.picture import mark_of
from servanda.web.desk.rendering import Frame, render
from servanda.web.desk.window_page import (
    describe,
    draw_both,
    duties_of,
    marks_of,
    public,
    states_of,
)


def compare_html(wiring: Wiring, frame: Frame, window_id: str, first: datetime, second: datetime) -> str:
    """The page that compares what was known at two moments."""
    pair = [
        public(window_dossier(wiring.ledger, wiring.catalogue, window_id, at), frame)
        for at in (first, second)
    ]
    words = frame.words
    pictures = [draw_both(dossier, words) for dossier in pair]
    sides = [_side(dossier, those, words) for dossier, those in zip(pair, pictures, strict=True)]
    shown = [picture for those in pictures for picture in those]
    return render(
        "compare",
        frame,
        window=pair[0].window,
        instrument=pair[0].instrument,
        zone=pair[0].window.zone,
        now_path=window_path(pair[0].instrument.id, pair[0].window.id),
        known_at=max(first, second),
        sides=sides,
        changes=list(_changes(pair[0], pair[1], words)),
        states=states_of(shown, words),
        marks=marks_of(shown, words),
    )


def _side(dossier: WindowDossier, pictures: Any, words: Words) -> dict[str, Any]:
    verdict = dossier.verdict
    return {
        "as_of": dossier.as_of,
        "path": window_path(dossier.instrument.id, dossier.window.id, dossier.as_of),
        "value": verdict.value.value,
        "meaning": verdict_in_short(verdict.value, words, verdict.late_by_days),
        "final": verdict.final,
        "sentence": verdict_sentence(dossier.told, words),
        "phase": words.say(PHASES[verdict.phase]),
        "covered": words.say(
            "{n} of {all}",
            n=words.number(sum(one.complete for one in verdict.coverage)),
            all=words.number(len(verdict.coverage)),
        ),
        "duties": words.number(len(verdict.duties)),
        "pictures": pictures,
        "title": words.say("The window {title} over time", title=one_line(dossier.window.title)),
        "description": describe(dossier, words),
    }


def _changes(one: WindowDossier, other: WindowDossier, words: Words) -> Iterator[dict[str, Any]]:
    before, after = ({_duty(duty): duty for duty in duties_of(side, words)} for side in (one, other))
    met = [text for text in before if text not in after]
    new = [text for text in after if text not in before]
    yield from _listed(words.say("Duties that were met since, or are worded anew"), met)
    yield from _listed(words.say("Duties that are new"), new)
    yield from _listed(words.say("Time that was covered since"), list(_covered(one, other, words)))
    yield from _listed(words.say("Documents that became known"), list(_documents(one, other, words)))
    yield from _listed(words.say("Documents that were judged otherwise"), list(_judged(one, other, words)))
    if one.verdict.condition is not other.verdict.condition:
        yield {"title": words.say("The condition was recorded"), "lines": ()}


def _listed(title: str, lines: list[str]) -> Iterator[dict[str, Any]]:
    if lines:
        yield {"title": title, "lines": lines}


def _duty(duty: dict[str, Any]) -> str:
    return f"{duty['kind']}: {' '.join((duty['text'], *duty['more']))}"


def _covered(one: WindowDossier, other: WindowDossier, words: Words) -> Iterator[str]:
    """The gaps of each source that later knowledge closed."""
    gaps = {coverage.source: IntervalSet.of(coverage.gaps) for coverage in other.verdict.coverage}
    titles = {strip.source.id: strip.source.title for strip in one.strips}
    for coverage in one.verdict.coverage:
        still = gaps.get(coverage.source, IntervalSet())
        for gap in coverage.gaps:
            for closed in still.gaps(gap).intervals:
                stretch = words.stretch(closed, one.window.zone)
                yield words.say("{source}: {stretch}", source=titles[coverage.source], stretch=stretch)


def _documents(one: WindowDossier, other: WindowDossier, words: Words) -> Iterator[str]:
    known = {row.document for row in one.evidence}
    for row in other.evidence:
        if row.document not in known:
            yield f"{one_line(row.title)} ({words.say(MARKS[mark_of(row)])})"


def _judged(one: WindowDossier, other: WindowDossier, words: Words) -> Iterator[str]:
    before = {row.document: mark_of(row) for row in one.evidence}
    for row in other.evidence:
        old, new = before.get(row.document), mark_of(row)
        if old is not None and old != new:
            yield words.say(
                "{title}: {before}, now {after}",
                title=one_line(row.title),
                before=words.say(MARKS[old]),
                after=words.say(MARKS[new]),
            )
