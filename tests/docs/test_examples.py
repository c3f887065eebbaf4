"""The examples of the documents are what they claim to be: a catalogue that loads, a mail as it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from servanda.alerts.formats.mail import Footer, render
from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.payloads.alert import Alert, from_json
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.reasons import RecipientReason
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.intervals import BEGINNING, Interval, IntervalSet
from servanda.compliance.verdict_changes import compare_verdicts
from servanda.compliance.verdicts import judge
from servanda.compliance.vocabulary import WindowFacts
from servanda.compliance.watchers import Subscription
from servanda.demo.prepare import INSTRUMENT, WINDOW, write_catalogue
from servanda.instruments.catalogue import load_catalogue
from servanda.jobs.alerting.window_alerts import verdict_alert
from servanda.jobs.knowledge.snapshot import Knowledge

CUT = "[…]\n"
DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
SEEN_UNTIL = datetime(2019, 9, 5, 2, tzinfo=UTC)
BLOCKED = Interval(datetime(2019, 7, 29, 2, tzinfo=UTC), datetime(2019, 8, 9, 16, 30, 1, tzinfo=UTC))


@pytest.mark.parametrize("document", ["README.md", "docs/catalogue.md"])
def test_the_yaml_of_a_document_is_a_catalogue(
    document: str, blocks: Callable[[str], list[Any]], tmp_path: Path
) -> None:
    files = [
        block
        for language in ("yaml", "text")
        for block in blocks(language)
        if block.document.as_posix().endswith(f"/{document}") and "/" in block.name
    ]
    for block in files:
        path = tmp_path / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    loaded = load_catalogue(tmp_path)
    assert len(files) == 2 * len(loaded.instruments) + len(loaded.sources) >= 3


def test_every_yaml_block_belongs_to_such_a_catalogue(blocks: Callable[[str], list[Any]]) -> None:
    documents = {block.document.name for block in blocks("yaml")}
    assert documents == {"README.md", "catalogue.md", "watchers.md"}
    assert all(block.name for block in blocks("yaml"))


def test_the_json_and_the_python_of_the_documents_can_be_read(blocks: Callable[[str], list[Any]]) -> None:
    for block in blocks("json"):
        json.loads(block.text)
    for block in blocks("python"):
        compile(block.text, str(block), "exec")


def flag(folder: Path) -> str:
    """The demo's flag as ``Subject: …``, a blank line and its text, from the demo's catalogue and coverage."""
    write_catalogue(folder, "http://127.0.0.1:1")
    catalogue = load_catalogue(folder)
    instrument, window = catalogue.window(WINDOW)
    whole = Interval(BEGINNING, SEEN_UNTIL)
    coverage = {source: IntervalSet((whole,)) for source in window.sources}
    coverage["mx-presidencia"] = IntervalSet(
        (Interval(BEGINNING, BLOCKED.from_at), Interval(BLOCKED.until_at, SEEN_UNTIL))
    )
    facts = WindowFacts(tuple(catalogue.source(s).terms for s in window.sources), coverage)
    before = judge(window, facts, datetime(2019, 9, 6, 3, 59, 59, tzinfo=UTC))
    verdict = judge(window, facts, DUE)
    change = compare_verdicts(before, verdict)
    assert change is not None
    stored = verdict_alert(
        catalogue, instrument, window, before, verdict, change, Knowledge(DUE, coverage, (), (), {}), 1
    )
    alert = Alert(
        id=1,
        kind=AlertKind(stored.kind),
        subject=stored.subject,
        instrument=stored.instrument,
        dedup_key=stored.dedup_key,
        known_at=stored.known_at,
        effective_at=stored.effective_at,
        mode="replay",
        payload=from_json(stored.kind, stored.payload),
    )
    why = reason_sentence(RecipientReason("subscriber", Subscription(instruments=(INSTRUMENT,))), ENGLISH)
    mail = render(alert, Footer(why, contact="operator@localhost"), ENGLISH)
    return f"Subject: {mail.subject}\n\n{mail.text}"


def test_the_mail_of_the_readme_is_the_flag_of_the_demo_shortened(
    blocks: Callable[[str], list[Any]], tmp_path: Path
) -> None:
    (shown,) = [block for block in blocks("text") if block.name == "mail"]
    whole = flag(tmp_path / "catalogue")
    rest = whole
    parts = shown.text.split(CUT)
    assert len(parts) == 4
    for part in parts:
        found = rest.find(part)
        assert found >= 0, f"the mail does not say:\n{part}\nbut:\n{whole}"
        rest = rest[found + len(part) :]
    assert whole.startswith(parts[0])
    assert rest.strip() == ""


def test_the_readme_names_every_kind_of_alert(documents: dict[str, Any]) -> None:
    (sentence,) = re.findall(r"Kinds: (.*?)\.\n", documents["README.md"].text, re.DOTALL)
    assert re.findall(r"`(\w+)`", sentence) == [kind.value for kind in AlertKind]
