"""The whole built-in catalogue on loopback, in the shape that its sites have in 2026: one day, one run, all well;
then each host turned bad in a way that was met, and each named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.databases import copy_schema
from support.official_sites import NOW, OfficialSites
from support.site import Page

from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.collect import SourceOutcome, begin_run, read_source
from servanda.jobs.views.sources import source_list

pytestmark = pytest.mark.slow


@pytest.fixture
def official() -> Iterator[OfficialSites]:
    with OfficialSites().running() as running:
        yield running


@pytest.fixture
def wiring(
    official: OfficialSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_schema: Path
) -> Iterator[Wiring]:
    hosts = ",".join(f"127.0.0.1:{site.port}" for site in official.sites.values())
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/servanda.db",
        "CATALOGUE": official.catalogue(tmp_path / "catalogue"),
        "ARCHIVE": tmp_path / "archive",
        "OUTBOX": tmp_path / "outbox",
        "ALLOW_HOSTS": hosts,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"SERVANDA_{name}", str(value))
    copy_schema(sqlite_schema, tmp_path / "servanda.db")
    with wire(now=NOW, opening="create") as opened:
        yield opened


def read_all(wiring: Wiring) -> dict[str, SourceOutcome]:
    names = [source.id for source in wiring.catalogue.sources]
    run = begin_run(wiring, names)
    return {name: read_source(run, name) for name in names}


def test_one_run_reads_fourteen_sources_and_all_are_well(wiring: Wiring) -> None:
    outcomes = read_all(wiring)
    assert len(outcomes) == 14
    assert {name: one.failures for name, one in outcomes.items() if one.failures} == {}
    assert {name: one.unread_documents for name, one in outcomes.items() if one.unread_documents} == {}
    rows = source_list(wiring.ledger, wiring.catalogue)
    assert {row["id"]: row["state"] for row in rows if row["state"] != "ok"} == {}
    assert all(route["state"] in ("ok", "not_read_daily") for row in rows for route in row["routes"])
    assert {row["id"]: row["declaration_exceeded"] for row in rows if row["declaration_exceeded"]} == {}
    polls = {f"{name}/{poll.route}": poll for name, one in outcomes.items() for poll in one.polls}
    assert polls["us-state-press/rest"].items > 20 and polls["mx-dof/indice"].items > 20
    assert polls["us-uscis/all-news"].covered.startswith("listing, ")
    assert polls["mx-sre/prensa"].covered.startswith("listing, ")


CHALLENGE = Page(
    b"<html><head><title>Challenge Validation</title></head><body><script>work()</script></body></html>"
)
REFUSED = Page(
    b"<html><title>Access Denied</title><body>Automated clients need an agreement.</body></html>", status=403
)
THEME = Page(
    b"<html><body><div class='usa-banner'>An official website of the United States government</div></body></html>"
)
WRONG = Page(b"<!DOCTYPE html><html><body><main>A new site is here.</main></body></html>")

BAD: dict[str, tuple[str, Page, set[str]]] = {
    "state.gov refuses us": ("www.state.gov", REFUSED, {"us-state-press"}),
    "whitehouse.gov is a shell": ("www.whitehouse.gov", THEME, {"us-white-house"}),
    "the register moved": ("www.federalregister.gov", WRONG, {"us-federal-register"}),
    "dhs.gov refuses us": ("www.dhs.gov", REFUSED, {"us-dhs"}),
    "uscis.gov has another theme": ("www.uscis.gov", THEME, {"us-uscis"}),
    "cbp.gov has another theme": ("www.cbp.gov", THEME, {"us-cbp"}),
    "justice.gov challenges us": ("www.justice.gov", CHALLENGE, {"us-eoir"}),
    "gob.mx challenges us": (
        "www.gob.mx", CHALLENGE,
        {"mx-sre", "mx-segob", "mx-inm", "mx-presidencia", "mx-presidencia-transcripts", "mx-guardia-nacional"},
    ),
    "the Diario is another page": ("dof.gob.mx", WRONG, {"mx-dof"}),
}  # fmt: skip


def test_each_host_that_turned_bad_is_named(official: OfficialSites, wiring: Wiring) -> None:
    names = {source.id for source in wiring.catalogue.sources}
    assert set().union(*(sources for _, _, sources in BAD.values())) == names
    for host, page, _ in BAD.values():
        official.bad[host] = page
    for name, outcome in read_all(wiring).items():
        assert outcome.failed, name
        for poll in outcome.polls:
            assert poll.failure is not None or poll.route == "diario", f"{name}/{poll.route}"
    for row in source_list(wiring.ledger, wiring.catalogue):
        assert row["state"] == "failing" and row["last_failure_kind"], row["id"]
    kinds = {row["id"]: row["last_failure_kind"] for row in source_list(wiring.ledger, wiring.catalogue)}
    assert kinds["us-state-press"] in ("http_403", "challenge") and kinds["mx-sre"] == "challenge"


def test_sites_that_list_nothing_are_named_where_that_cannot_be(
    official: OfficialSites, wiring: Wiring
) -> None:
    official.empty |= set(official.sites)
    for name, outcome in read_all(wiring).items():
        unnamed = [
            p.route for p in outcome.polls if p.failure is None and not p.covered.startswith("covers nothing")
        ]
        assert unnamed == [], name
