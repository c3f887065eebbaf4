"""An alert as a mail: subject, text and HTML. Pure: the same alert and recipient give the same mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts import plain
from alerts.change_letters import change_letter
from alerts.evidence_letters import evidence_letter
from alerts.letter import Letter, cleaned
from alerts.model import (
    Alert,
    DocumentChange,
    EvidencePayload,
    NowMonitoring,
    SourceHealth,
    WindowClosing,
    WindowVerdict,
)
from alerts.monitoring_letter import monitoring_letter
from alerts.routing import Routed
from alerts.source_letters import source_letter
from alerts.text_layout import block_text, wrapped
from alerts.window_letters import closing_letter, verdict_letter

REPLAY = "REPLAY – reconstructed"
REPLAY_MEANING = "This is a replay of the past with simulated knowledge. Nothing in it was sent at the time."
SUBJECT_LIMIT = 180


@dataclass(frozen=True, slots=True)
class Mail:
    """``subject`` is one line of at most SUBJECT_LIMIT characters."""

    subject: str
    text: str
    html: str


_WRITERS: dict[type, Callable[[Alert, Any], Letter]] = {
    NowMonitoring: monitoring_letter,
    EvidencePayload: evidence_letter,
    DocumentChange: change_letter,
    WindowClosing: closing_letter,
    WindowVerdict: verdict_letter,
    SourceHealth: source_letter,
}
"""What writes the letter of each payload."""


def render(alert: Alert, routed: Routed) -> Mail:
    """The mail that tells ``alert`` to one recipient."""
    letter: Letter = cleaned(_WRITERS[type(alert.payload)](alert, alert.payload))
    replay = alert.mode == "replay"
    values = {
        "letter": letter,
        "banner": REPLAY if replay else None,
        "banner_meaning": REPLAY_MEANING,
        "why": plain.one_line(routed.why, plain.REASON_LIMIT),
        "stop": f"servanda watchers remove {plain.one_line(routed.watcher.address)}",
    }
    return Mail(
        subject=_subject(letter, replay),
        text=_TEMPLATES.get_template("letter.txt.j2").render(values),
        html=_TEMPLATES.get_template("letter.html.j2").render(values),
    )


def _subject(letter: Letter, replay: bool) -> str:
    """The subject, with whatever could be read as an encoded word (RFC 2047) taken apart."""
    subject = f"{REPLAY}: {letter.subject}" if replay else letter.subject
    return plain.one_line(subject.replace("=?", "= ?"), SUBJECT_LIMIT)


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2",), default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["block_text"] = block_text
    environment.filters["wrapped"] = lambda text: "\n".join(wrapped(text))
    return environment


_TEMPLATES = _templates()
