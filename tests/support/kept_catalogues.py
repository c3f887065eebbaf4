"""What a catalogue says, wherever it comes from, and the files that keep it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from servanda.instruments.catalogue import Catalogue
from servanda.instruments.yaml import read_yaml


def kept_file(cache: Path) -> Path:
    (path,) = cache.iterdir()
    return path


def reseal(path: Path, body: bytes) -> None:
    """Put another body into a file, as only we could write it."""
    seal = {"name": path.name, "sha256": hashlib.sha256(body).hexdigest()}
    path.write_bytes(json.dumps(seal).encode() + b"\n" + body)


def said(loaded: Catalogue) -> tuple[object, ...]:
    """All that a catalogue says."""
    return (
        loaded.digest, loaded.content, loaded.warnings, loaded.instruments, loaded.sources,
        loaded.instrument_ids, loaded.source_ids, loaded.window_ids, loaded.required_sources,
        dict(loaded.rules_digests),
    )  # fmt: skip


def yaml_read_by(work: Callable[[], object]) -> int:
    """How many YAML files were read."""
    read_yaml.cache_clear()
    work()
    return read_yaml.cache_info().misses
