"""Digests that name the rules of an instrument: they change where a document could match otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from pydantic import TypeAdapter

from servanda.compliance.vocabulary import Instrument

_INSTRUMENT = TypeAdapter(Instrument)


def scan_digest(instruments: Sequence[Instrument]) -> str:
    """Names all rules of these instruments together; never equal to one instrument's own digest."""
    digests = ",".join(sorted(rules_digest(instrument) for instrument in instruments))
    return hashlib.sha256(f"scanned for: {digests}".encode()).hexdigest()


def rules_digest(instrument: Instrument) -> str:
    """Names everything that decides a match: whoever changes it has every document matched again."""
    data = _INSTRUMENT.dump_python(instrument, mode="json")
    deciding = {key: data[key] for key in ("parties", "commitments", "windows", "concepts", "rules", "urls")}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()
