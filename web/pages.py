"""Pages for watchers as HTML: one template each, the style sheet within, nothing loaded, nothing run."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from servanda.alerts.formats.mail import REPLAY
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import LANGUAGES, Words, words
from servanda.compliance.watchers import Language, Watcher

STYLE = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
STYLE_FILE = f"static/servanda-{hashlib.sha256(STYLE.encode()).hexdigest()[:12]}.css"
"""The style sheet as a file of its own, to which the desk's pages link; another one has another name."""

ICON = (Path(__file__).parent / "templates" / "icon.svg").read_text(encoding="utf-8")
ICON_FILE = "static/icon.svg"

STYLE_HASH = f"sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}"

_TEMPLATES = Environment(
    loader=PackageLoader("servanda.web"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page of a monitor says: whom to write to, and whether it is a replay."""

    contact: str
    replay: bool


def page(
    template: str, said_in: Words, frame: PageFrame, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page in one language. ``values`` are what the template names."""
    content = _TEMPLATES.get_template(f"{template}.html.j2").render(
        say=said_in.say,
        language=said_in.language,
        style=STYLE,
        banner=REPLAY if frame.replay else None,
        contact=one_line(frame.contact),
        **values,
    )
    return HTMLResponse(content, status)


def masked_address(watcher: Watcher) -> str:
    """Enough of an address for its owner to know it; a forwarded mail must not tell others the rest."""
    if watcher.channel != "mail":
        return watcher.channel
    local, _, host = watcher.address.rpartition("@")
    return one_line(f"{local[:1]}…@{host}")


def reader_language(accepted: str) -> Language:
    """The language for somebody unknown, by what their browser accepts (RFC 9110, 12.5.4)."""
    wanted = sorted(map(_weighed, accepted[:500].split(",")), reverse=True)
    for weight, tag in wanted:
        if weight > 0 and tag in LANGUAGES:
            return tag
    return "en"


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return float(weight or 1), tag.partition("-")[0]
    except ValueError:
        return 0.0, tag


def words_of(watcher: Watcher) -> Words:
    return words(watcher.profile.language)
