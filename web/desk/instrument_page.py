"""The page of an instrument: its text, with its commitments in place and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from servanda.alerts.letters.common_sections import KINDS
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, VerdictValue
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.instrument_dossier import (
    CommitmentLine,
    InstrumentDossier,
    SourceCoverageLine,
    instrument_dossier,
)
from servanda.web.desk.phrases import recorded_meaning
from servanda.web.desk.plain_text import Piece, paragraphs
from servanda.web.desk.rendering import Frame, render


def instrument_html(wiring: Wiring, frame: Frame, instrument_id: str, party: str | None = None) -> str:
    """The page; ``party``: only the commitments that it owes. LookupError for an instrument that is none."""
    dossier = instrument_dossier(wiring.ledger, wiring.catalogue, instrument_id)
    instrument, words = dossier.instrument, frame.words
    chosen = [line for line in dossier.commitments if party is None or party in line.commitment.debtors]
    return render(
        "instrument",
        frame,
        instrument=instrument,
        party=party,
        parties=[(one.id, _names(one, words)) for one in instrument.parties],
        blocks=list(_blocks(dossier, chosen, frame)),
        shown=len(chosen),
        sources=[_source(line, words) for line in dossier.sources],
        windows=[_window(pair, words) for line in dossier.commitments for pair in line.windows],
        feeds=[
            ("iCalendar", frame.addresses.file(f"calendar/{instrument.id}.ics")),
            ("Atom", frame.addresses.file(f"events/{instrument.id}.atom")),
        ],
    )


def _names(party: Any, words: Words) -> str:
    names = party.names.es if words.language == "es" else party.names.en
    return str(names[0])


def _blocks(
    dossier: InstrumentDossier, chosen: Sequence[CommitmentLine], frame: Frame
) -> Iterator[dict[str, Any]]:
    """The paragraphs of the text, each with the commitments that begin in it."""
    instrument = dossier.instrument
    sections = {line.commitment.section for line in dossier.commitments}
    spans = [(line.commitment.start, line.commitment.end) for line in chosen]
    begun: set[int] = set()
    for pieces in paragraphs(instrument.text, spans):
        new = [n for piece in pieces for n in piece.marks if n not in begun]
        begun.update(new)
        said = "".join(piece.text for piece in pieces).strip()
        yield {
            "heading": said if said in sections else None,
            "pieces": [_piece(piece, chosen) for piece in pieces],
            "commitments": [_commitment(chosen[n], frame) for n in dict.fromkeys(new)],
        }


def _piece(piece: Piece, chosen: Sequence[CommitmentLine]) -> tuple[str, str | None]:
    """The words of a piece, and the commitment that they state."""
    return piece.text, chosen[piece.marks[0]].commitment.id if piece.marks else None


def _commitment(line: CommitmentLine, frame: Frame) -> dict[str, Any]:
    words, commitment = frame.words, line.commitment
    is_public = not frame.addresses.on_desk
    shown = [row for row in line.evidence if row.review in ACCEPTED_REVIEWS] if is_public else line.evidence
    return {
        "id": commitment.id,
        "kind": words.say(KINDS[commitment.kind]),
        "debtors": ", ".join(commitment.debtors),
        "condition": commitment.condition,
        "known": _known(line, words, is_public=is_public),
        "news": shown[-1] if shown else None,
        "windows": [_window(one, words) for one in line.windows],
    }


def _known(line: CommitmentLine, words: Words, *, is_public: bool) -> str:
    accepted = words.count("{n} accepted", "{n} accepted", line.accepted)
    if is_public:
        return accepted
    waiting = words.count("{n} waits for review", "{n} wait for review", line.waiting)
    return f"{waiting}, {accepted}"


def _window(pair: Any, words: Words) -> dict[str, Any]:
    window, stored = pair
    verdict = stored.verdict if stored else None
    value = verdict.value if verdict else VerdictValue.PENDING
    return {
        "id": window.id,
        "title": window.title,
        "value": value.value,
        "meaning": recorded_meaning(verdict, words),
        "final": verdict.final if verdict else None,
    }


def _source(line: SourceCoverageLine, words: Words) -> dict[str, Any]:
    if line.covered_until is None:
        said = words.say("nothing covered yet")
    elif line.gaps:
        said = words.count("covered but for {n} gap", "covered but for {n} gaps", line.gaps)
    else:
        said = words.say("covered without a gap")
    return {
        "id": line.source.id,
        "title": line.source.title,
        "party": line.source.party or "",
        "said": said,
        "until": line.covered_until,
        "zone": line.source.zone,
    }
