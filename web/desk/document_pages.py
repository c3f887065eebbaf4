"""The pages of documents, of evidence, and of kept bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.alerts.letters.phrases.stored_sentences import translate_stored
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.instrument import Concept, Instrument
from servanda.compliance.match_explanation import RuleExplanation
from servanda.compliance.vocabulary import Review
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.captures.show import load_capture
from servanda.jobs.views.document_dossier import (
    DocumentDossier,
    EvidenceDossier,
    document_dossier,
    evidence_dossier,
)
from servanda.jobs.views.document_pages import document_page, found_page
from servanda.models.documents.current_listings import ListingKey
from servanda.web.desk.addresses import from_stamp, stamp, window_path
from servanda.web.desk.phrases import MARKS, REVIEWS
from servanda.web.desk.picture import mark_of
from servanda.web.desk.plain_text import paragraphs
from servanda.web.desk.rendering import Frame, render

STATES = {
    "standing": msgid("stands on its site"),
    "withdrawn": msgid("withdrawn from its site"),
    "unread": msgid("listed, not read"),
    "quarantined": msgid("put aside: it breaks its reader"),
}

STEPS = {
    "published": msgid("published"),
    "edited": msgid("edited"),
    "withdrawn": msgid("withdrawn"),
    "restored": msgid("restored"),
}

ANSWERS = {
    "is_document": msgid("a person answered: it is the document"),
    "is_not": msgid("a person answered: it is not the document"),
    "irrelevant": msgid("a person answered: it does not matter here"),
}

PARTS = {
    "issued_by_party": msgid("issued by a party, or quoting its government"),
    "concerns_all_parties": msgid("names every party"),
    "completed_and_new": msgid("says that something new is completed"),
    "published_in_window": msgid("published in the window"),
}


def documents_html(wiring: Wiring, frame: Frame, source: str | None, after: ListingKey | None) -> str:
    """The documents that were published last; LookupError for a source that the catalogue has not."""
    if source is not None:
        wiring.catalogue.source(source)
    page = document_page(wiring.ledger, source=source, after=after)
    following = page.following
    return render(
        "documents",
        frame,
        lines=page.lines,
        source=source,
        sources=[(one.id, one.title, one.id == source) for one in wiring.catalogue.sources],
        titles={one.id: one.title for one in wiring.catalogue.sources},
        first=frame.addresses.again(after=None) if after else None,
        following=frame.addresses.again(after=f"{stamp(following.from_at)}~{following.document}")
        if following
        else None,
    )


def read_key(text: str) -> ListingKey:
    """Where a page begins, as an address says it; ValueError for what is none."""
    at, _, document = text.partition("~")
    return ListingKey(from_stamp(at), int(document))


def search_html(wiring: Wiring, frame: Frame, question: str, before: int | None) -> str:
    """What holds the words of a question."""
    page = found_page(wiring.ledger, question, before) if question.strip() else None
    return render(
        "search",
        frame,
        question=one_line(question) if question.strip() else "",
        lines=page.lines if page else None,
        titles={one.id: one.title for one in wiring.catalogue.sources},
        first=frame.addresses.again(before=None) if before is not None else None,
        following=frame.addresses.again(before=page.following) if page and page.following else None,
    )


def document_html(wiring: Wiring, frame: Frame, document: int) -> str:
    """One document over time; UsageError where there is none."""
    dossier = document_dossier(wiring.ledger, wiring.catalogue, document)
    words, answer = frame.words, dossier.answer
    source = next((one for one in wiring.catalogue.sources if one.id == answer["source"]), None)
    text = dossier.newest.text if dossier.newest else None
    return render(
        "document",
        frame,
        answer=answer,
        zone=source.zone if source else "UTC",
        source_title=source.title if source else answer["source"],
        state=_said(STATES, answer["state"], words),
        doubts=[translate_stored(one["why"], words) for one in answer["doubts"]],
        answered=_said(ANSWERS, answer["answer"], words) if answer["answer"] else None,
        steps=[{**step, "said": _said(STEPS, step["step"], words)} for step in answer["history"]],
        edits=dossier.edits,
        newest=dossier.newest,
        paragraphs=list(paragraphs(text)) if text else (),
        evidence=[
            {**row, "said": _said(REVIEWS, Review(row["review"]), words)} for row in answer["evidence"]
        ],
        explanations=list(_explanations(dossier, words)),
        watched_by=dossier.watched_by,
    )


def _said(names: Mapping[Any, str], key: object, words: Words) -> str:
    return words.say(names[key])


def _explanations(dossier: DocumentDossier, words: Words) -> Iterator[dict[str, Any]]:
    """By instrument, why each rule matched the document or did not."""
    for one in dossier.explanations:
        rules = [explanation(rule, one.instrument, words) for rule in one.rules or ()]
        yield {
            "instrument": one.instrument,
            "is_copy": one.rules is None,
            "rules": sorted(rules, key=lambda rule: not rule["matches"]),
        }


def explanation(rule: RuleExplanation, instrument: Instrument, words: Words) -> dict[str, Any]:
    """Why a rule matches a document, or why not, in sentences."""
    concepts = {one.id: one for one in instrument.concepts}
    return {
        "id": rule.rule.id,
        "commitment": rule.rule.commitment,
        "matches": rule.matches,
        "why": list(_why(rule, concepts, words)),
        "score": words.number(rule.score, 2),
        "threshold": words.number(rule.rule.threshold, 2),
    }


def _why(rule: RuleExplanation, concepts: dict[str, Concept], words: Words) -> Iterator[str]:
    if rule.found:
        yield words.say("found: {concepts}", concepts=words.list_of(rule.found))
    for missing in rule.missing:
        yield words.say(
            "nothing speaks of {concept} ({phrases})", concept=missing, phrases=_phrases(concepts[missing])
        )
    if rule.lacks_any:
        named = words.list_of(rule.rule.any)
        yield words.say("it speaks of none of these, and one is needed: {concepts}", concepts=named)
    if rule.apart:
        named = words.list_of(rule.rule.all)
        yield words.say("no single passage speaks of all of these: {concepts}", concepts=named)
    for forbidden in rule.forbidden:
        yield words.say("it speaks of {concept}, which this rule leaves out", concept=forbidden)
    if not rule.matches and not (rule.missing or rule.lacks_any or rule.apart or rule.forbidden):
        yield words.say("too little of what the rule names was found")


def _phrases(concept: Concept) -> str:
    """Some of the phrases of a concept."""
    shown = concept.phrases[:4]
    return ", ".join(f"“{phrase}”" for phrase in shown) + (" …" if len(concept.phrases) > len(shown) else "")


def evidence_html(wiring: Wiring, frame: Frame, evidence: int) -> str:
    """Evidence in its text; UsageError where there is none."""
    dossier = evidence_dossier(wiring.ledger, wiring.catalogue, evidence)
    words, row = frame.words, dossier.row
    source = next((one for one in wiring.catalogue.sources if one.id == row.source), None)
    kind = mark_of(row)
    return render(
        "evidence",
        frame,
        row=row,
        dossier=dossier,
        kind=kind,
        said=words.say(REVIEWS[row.review]),
        mark=words.say(MARKS[kind]),
        source_title=source.title if source else row.source,
        paragraphs=list(paragraphs(dossier.text, [(span.start, span.end) for span in row.spans])),
        checklist=[
            (part.holds, words.say(PARTS[part.id]), translate_stored(part.why, words), part.passage)
            for part in row.checklist
        ],
        rule=explanation(dossier.explanation, dossier.instrument, words) if dossier.explanation else None,
        score=words.number(row.score, 2),
        decisions=_decisions(dossier, words),
        about=window_path(dossier.instrument.id, row.window) if row.window else None,
    )


DECIDED = {
    "accepted": msgid("accepted"),
    "accepted_in_part": msgid("accepted in part"),
    "rejected": msgid("rejected"),
}


def _decisions(dossier: EvidenceDossier, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "said": words.say(DECIDED.get(one.value, one.value)),
            "by": one.by,
            "reason": one.reason,
            "at": one.known_at,
        }
        for one in dossier.decisions
    ]


def capture_html(wiring: Wiring, frame: Frame, name: str) -> str:
    """One exchange by its number or digest, verified; UsageError where there is none. Its bytes are a
    download, never a page."""
    shown = load_capture(wiring.ledger, wiring.archive, name)
    return render(
        "capture",
        frame,
        capture=shown.capture,
        stored=shown.stored,
        size=frame.words.number(len(shown.stored.body)),
        headers=[(one_line(name, 100), one_line(value, 500)) for name, value in shown.stored.headers],
    )
