"""How a document names all parties without a name, in either language: "both governments"."""

from __future__ import annotations

from servanda.compliance import act_phrases
from servanda.compliance.instrument import Concept

TOGETHER = Concept("both-parties", en=act_phrases.TOGETHER, es=())
