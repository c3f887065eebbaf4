"""Who the monitor says it is: honestly, in the form that sites expect, and so that robots.txt can name it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from support.http_publisher import FakeClock

from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import VERSION, user_agent
from servanda.scrapers.http.fetch import Fetcher

CONTACT = "https://watch.example.org/about"


def test_it_is_the_product_with_its_version_and_the_contact() -> None:
    assert (
        user_agent(Settings(contact=CONTACT)) == f"Mozilla/5.0 (compatible; Servanda/{VERSION}; +{CONTACT})"
    )
    assert user_agent(Settings(mail_from="a@b.example")).endswith("; +a@b.example)")
    root = Path(__file__).parents[3]
    assert tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_another_one_may_be_set_that_says_as_much() -> None:
    given = f"Servanda/0.1 (ministry of oversight; {CONTACT})"
    assert user_agent(Settings(contact=CONTACT, user_agent=given)) == given


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64)", "must hold 'Servanda/'"),
        ("Servanda/0.1 (somebody)", "and the contact"),
        (f"Mozilla/5.0 Chrome/120.0 Servanda/0.1 ({CONTACT})", "'Chrome/' claims to be a browser"),
        (
            f"Mozilla/5.0 (compatible; Servanda/0.1; +{CONTACT}) Safari/537",
            "'Safari/' claims to be a browser",
        ),
    ],
)
def test_one_that_hides_who_reads_is_refused(given: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        user_agent(Settings(contact=CONTACT, user_agent=given))
    assert why in str(caught.value)
    assert str(caught.value).startswith(f"SERVANDA_USER_AGENT = {given!r}")
    assert "valid: Mozilla/5.0 (compatible; Servanda/" in str(caught.value)


@pytest.mark.parametrize(
    ("agent", "product"),
    [
        (f"Mozilla/5.0 (compatible; Servanda/0.1.0; +{CONTACT})", "Servanda"),
        (f"Oversight/2 Servanda/0.1 ({CONTACT})", "Servanda"),
        ("Servanda/0.1 (contact)", "Servanda"),
        ("Another/1.0 (reader)", "Another"),
    ],
)
def test_robots_txt_may_name_the_product(agent: str, product: str) -> None:
    assert Fetcher(user_agent=agent, clock=FakeClock()).product == product
