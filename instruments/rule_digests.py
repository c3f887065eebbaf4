"""Digests that name the rules of an instrument: they change where a document could match otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from servanda.compliance.document_doubts import CHECKER
from servanda.compliance.vocabulary import MATCHER
from servanda.instruments.adapters import instrument_adapter

if TYPE_CHECKING:
    from servanda.compliance.instrument import Instrument

DECIDING = ("parties", "commitments", "windows", "concepts", "rules", "urls")


def scan_digest(rules_digests: Iterable[str]) -> str:
    """Names all rules of some instruments together; never equal to one instrument's own digest."""
    return hashlib.sha256(f"scanned for: {','.join(sorted(rules_digests))}".encode()).hexdigest()


def rules_digest(instrument: Instrument) -> str:
    """Names everything that decides a match: whoever changes it has every document matched again."""
    return digest_of_rules(instrument_adapter().dump_python(instrument, mode="json"))


def digest_of_rules(instrument: Mapping[str, Any]) -> str:
    """The same, of an instrument as JSON."""
    deciding = {**{key: instrument[key] for key in DECIDING}, "matcher": MATCHER, "reader": CHECKER}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()
