"""The one loader: a folder of YAML and text → a checked catalogue, or every problem at once.

A catalogue folder holds ``declarations/<slug>/instrument.yml`` with its ``text.txt``, and
``sources/<id>.yml``. The package's own folder is the built-in one.

What was read and checked can be kept in a cache; an instrument is decoded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from servanda.instruments.adapters import instrument_adapter, source_adapter
from servanda.instruments.catalogue_cache import CatalogueCache
from servanda.instruments.checked_catalogue import CheckedCatalogue, IndexedInstrument, IndexedSource
from servanda.instruments.code_version import CODE_VERSION
from servanda.instruments.folder import CatalogueFiles, read_folder
from servanda.instruments.problems import CatalogueError, Problem

if TYPE_CHECKING:
    from servanda.compliance.instrument import Commitment, Instrument, Window
    from servanda.instruments.routes import Source

T = TypeVar("T")


class Catalogue:
    """Instruments and sources by id, in alphabetical order, all checked; decoded one by one, when asked for.

    ``digest`` is the hex SHA-256 over the names and bytes of the files read. ``warnings`` do not forbid use.
    What is asked by id raises LookupError, which names the ids that exist.
    """

    def __init__(self, folder: Path, digest: str, checked: CheckedCatalogue) -> None:
        self.digest = digest
        self.warnings: tuple[Problem, ...] = checked.index.warnings
        self._folder, self._checked = folder, checked
        self._indexed = {one.id: one for one in checked.index.instruments}
        self._listed = {one.id: one for one in checked.index.sources}
        self._instruments: dict[str, Instrument] = {}
        self._sources: dict[str, Source] = {}

    @property
    def instrument_ids(self) -> tuple[str, ...]:
        return tuple(self._indexed)

    @property
    def source_ids(self) -> tuple[str, ...]:
        return tuple(self._listed)

    @property
    def window_ids(self) -> tuple[str, ...]:
        """In the order of the instruments, and in theirs."""
        return tuple(self._windows)

    @property
    def required_sources(self) -> frozenset[str]:
        """The ids of the sources that some window requires."""
        windows = (window for one in self._indexed.values() for window in one.windows.values())
        return frozenset(source for sources in windows for source in sources)

    @property
    def rules_digests(self) -> Mapping[str, str]:
        """By instrument, what names its rules: ``rules_digest``."""
        return {name: one.rules for name, one in self._indexed.items()}

    @cached_property
    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(map(self.instrument, self._indexed))

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return tuple(map(self.source, self._listed))

    @cached_property
    def content(self) -> str:
        """What was loaded, as canonical JSON: sorted keys, no spaces."""
        return self._checked.content.decode("utf-8")

    def only(self, instruments: Collection[str]) -> Catalogue:
        """The same without the other instruments; its sources and its digest stay."""
        known = {one: self.instrument(one) for one in instruments}
        chosen = Catalogue(self._folder, self.digest, self._checked)
        chosen._indexed = {name: one for name, one in self._indexed.items() if name in known}
        chosen._instruments = known
        return chosen

    def instrument(self, instrument_id: str) -> Instrument:
        if instrument_id not in self._instruments:
            indexed = _named(self._indexed, instrument_id, "instrument")
            found = self._decoded(instrument_adapter(), indexed)
            self._instruments[instrument_id] = found or self._anew.instrument(instrument_id)
        return self._instruments[instrument_id]

    def source(self, source_id: str) -> Source:
        if source_id not in self._sources:
            found = self._decoded(source_adapter(), _named(self._listed, source_id, "source"))
            self._sources[source_id] = found or self._anew.source(source_id)
        return self._sources[source_id]

    def window(self, window_id: str) -> tuple[Instrument, Window]:
        instrument = self.instrument(_named(self._windows, window_id, "window"))
        return instrument, next(window for window in instrument.windows if window.id == window_id)

    def commitment(self, commitment_id: str) -> tuple[Instrument, Commitment]:
        instrument = self.instrument(_named(self._commitments, commitment_id, "commitment"))
        return instrument, next(one for one in instrument.commitments if one.id == commitment_id)

    @cached_property
    def _windows(self) -> dict[str, str]:
        return {window: one.id for one in self._indexed.values() for window in one.windows}

    @cached_property
    def _commitments(self) -> dict[str, str]:
        return {commitment: one.id for one in self._indexed.values() for commitment in one.commitments}

    def _decoded(self, adapter: TypeAdapter[T], indexed: IndexedInstrument | IndexedSource) -> T | None:
        """None for a part that is none, which only a forged cache can hold."""
        try:
            return adapter.validate_json(self._checked.part(indexed))
        except ValidationError:
            return None

    @cached_property
    def _anew(self) -> Catalogue:
        """The same, without what was kept of it."""
        loaded = load_catalogue(self._folder)
        if loaded.digest != self.digest:
            changed = Problem(".", None, "", None, "has changed while it was in use", "start again")
            raise CatalogueError(str(self._folder), [changed])
        return loaded


def builtin_catalogue() -> Path:
    """The folder of the catalogue that comes with the package."""
    return Path(__file__).parent


def load_catalogue(folder: Path, cache: Path | None = None) -> Catalogue:
    """Read and check a whole catalogue. CatalogueError holds every problem, not the first.

    ``cache`` is a folder that keeps what was found; None: nothing is kept.
    """
    files = read_folder(folder)
    kept = CatalogueCache(cache, CODE_VERSION) if cache is not None and CODE_VERSION is not None else None
    checked = kept.load(files.digest) if kept is not None and not files.problems else None
    if checked is None:
        checked = _check(folder, files, kept)
    return Catalogue(folder, files.digest, checked)


def _check(folder: Path, files: CatalogueFiles, kept: CatalogueCache | None) -> CheckedCatalogue:
    """Read and check the files; what is known of single ones is not read again."""
    from servanda.instruments.catalogue_composition import compose
    from servanda.instruments.catalogue_draft import CatalogueDraft

    written = (*files.declarations.values(), *files.sources.values())
    known = {} if kept is None else kept.parts({file.digest for file in written})
    draft = CatalogueDraft(files, known)
    problems = [*files.problems, *draft.problems()]
    if problems:
        raise CatalogueError(str(folder), problems)
    checked = compose(draft)
    if kept is not None:
        kept.keep(files.digest, checked)
    return checked


def _named(known: Mapping[str, T], wanted: str, what: str) -> T:
    if wanted not in known:
        raise LookupError(f"no {what} {wanted!r}; known: {', '.join(sorted(known)) or 'none'}")
    return known[wanted]
