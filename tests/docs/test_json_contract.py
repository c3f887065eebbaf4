"""What the reading verbs print is what ``docs/json.md`` says, key by key and type by type."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

import click
import pytest
from click.testing import CliRunner

from servanda.cli.commands import servanda
from servanda.compliance.publication import Precision
from servanda.compliance.vocabulary import ChecklistPart, Condition, Duty, Phase, Review, VerdictValue
from servanda.instruments.catalogue import builtin_catalogue
from servanda.jobs.captures.verify import MisdatedCapture, Verification, verification_json
from servanda.jobs.views.mail_state import mail_json
from servanda.models.delivery.mail_health import MailHealth

pytestmark = pytest.mark.slow

SLUG = re.compile(r"[a-z0-9_]+(-[a-z0-9]+)*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
PUBLISHED = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?)?)?")

TYPES: dict[str, Callable[[Any], bool]] = {
    "text": lambda v: isinstance(v, str),
    "slug": lambda v: isinstance(v, str) and SLUG.fullmatch(v) is not None,
    "id": lambda v: type(v) is int and v > 0,
    "integer": lambda v: type(v) is int,
    "number": lambda v: type(v) in (int, float),
    "flag": lambda v: type(v) is bool,
    "instant": lambda v: isinstance(v, str) and INSTANT.fullmatch(v) is not None,
    "day": lambda v: isinstance(v, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", v) is not None,
    "published": lambda v: isinstance(v, str) and PUBLISHED.fullmatch(v) is not None,
    "null": lambda v: v is None,
}

NO_SUCH_USER = (
    b"From: MAILER-DAEMON@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
    b"Final-Recipient: rfc822; lena@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
)

PROMISED = {
    "status": {
        "": "mode as_of windows commitments",
        "windows[]": "id instrument commitment opens_at due_at settles_at phase verdict final condition "
        "derivation duties candidates readings coverage",
        "windows[].duties[]": "kind source detail",
        "windows[].readings[]": "id due_at relation",
        "windows[].coverage[]": "source complete gaps",
        "windows[].coverage[].gaps[]": "from until",
        "commitments[]": "id instrument kind evidence last_published last_seen_at",
        "commitments[].evidence": "waiting accepted",
    },
    "coverage": {
        "[]": "source covered gaps routes",
        "[].covered[]": "from until",
        "[].gaps[]": "from until",
        "[].routes[]": "route reader last_poll_at outcome failure",
    },
    "documents": {
        "[]": "id source title url published precision language versions first_seen_at last_seen_at",
    },
    "evidence": {
        "[]": "id commitment window document title url published score spans checklist review sha256",
        "[].spans[]": "text start end",
    },
    "capture list": {
        "[]": "id at url status failure sha256 bytes revisit_of",
    },
    "catalogue show": {
        "": "id published_on text_sha256 commitments windows sources",
        "commitments[]": "id quote start end debtors kind condition",
    },
}
"""The least that was promised to whoever builds on the answers: these keys stay, whatever is added."""

EARLY, DUE, LATE = "2019-06-08T00:00:00Z", "2019-09-06T04:00:00Z", "2019-09-12T18:00:00Z"

LENA = "lena@example.org"
"""A watcher with limits of every sort."""

Answers = dict[str, list[Any]]


@pytest.fixture(scope="session")
def answers(accepted: tuple[str, Any]) -> Answers:
    """Several answers of each verb, so that every key is met with and without a value."""
    before, watched = accepted

    def ask(*arguments: str) -> Any:
        return json.loads(watched.ask(*arguments, "--json"))

    def ask_of(moment: str, *arguments: str) -> Any:
        done = CliRunner(env=watched.environment).invoke(servanda, [*arguments, "--as-of", moment, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    window = ("window", "further-actions-90d")
    limits = (
        "--instrument",
        "us-mexico-2019",
        "--commitment",
        "further-actions",
        "--party",
        "MX",
        "--kind",
        "final_word",
    )
    said = ("--by", "Ben", "--reason", "their site moves")
    shortlist = ("review", "shortlist", window[1])
    (first, *_) = ask(*shortlist)
    watched.ask(*shortlist, "--dismiss", str(first["document"]), *said)
    watched.ask("silence", "add", "--source", "mx-sre", "--kind", "source_blind", "--for", "PT6H", *said)
    flag = next(str(row["id"]) for row in ask("alerts") if row["needs_acknowledgement"])
    watched.ask("alerts", "acknowledge", flag, "--by", "Ben", "--note", "calling State")
    watched.ask("watchers", "add", LENA, "--yes-they-agreed", *limits, "--unacknowledged-after", "PT4H")
    doubted = ask("review", "documents")
    (calendar,) = {str(row["id"]) for row in doubted}
    answered = ("--by", "Ben", "--reason", "a list of addresses")
    watched.ask("review", "document", calendar, "--does-not-matter", *answered)
    came_back = watched.settings.archive.parent / "came-back.eml"
    came_back.write_bytes(NO_SUCH_USER)
    watched.ask("bounces", "read", str(came_back))
    return {
        "status": while_mail_is_out(
            [json.loads(before), ask("status"), ask_of(DUE, "status"), ask_of(EARLY, "status")]
        ),
        "window": [ask(*window), ask_of(DUE, *window), ask_of(LATE, *window)],
        "coverage": [ask("coverage"), ask_of(EARLY, "coverage")],
        "documents": [ask("documents"), ask_of(DUE, "documents")],
        "document": [
            ask("document", str(ask("evidence")[0]["document"]), "--text"),
            ask("document", "1"),
            ask("document", calendar),
        ],
        "evidence": [ask("evidence")],
        "review list": [ask("review", "list")],
        "review documents": [doubted],
        "review shortlist": [ask(*shortlist, "--all")],
        "sources": [ask("sources")],
        "capture list": [ask("capture", "list", "--source", "us-state")],
        "capture show": [ask("capture", "show", "1")],
        "capture verify": [
            ask("capture", "verify"),
            verification_of_a_lost_archive(watched),
            verification_after_a_wrong_clock(),
        ],
        "alerts": [ask("alerts")],
        "alerts show": [ask("alerts", "show", flag)],
        "silence list": [ask("silence", "list")],
        "bounces list": [ask("bounces", "list")],
        "watchers list": [ask("watchers", "list")],
        "watchers show": [ask("watchers", "show", address) for address in ("ana@example.org", LENA)],
        "watchers subscriptions": [ask("watchers", "subscriptions", LENA)],
        "catalogue check": [ask("catalogue", "check", "--catalogue", str(builtin_catalogue()))],
        "catalogue show": [
            ask("catalogue", "show", "us-mexico-2019"),
            ask("catalogue", "show", "us-mexico-2019", "--catalogue", str(builtin_catalogue())),
        ],
    }


def while_mail_is_out(answers: list[Any]) -> list[Any]:
    """The same with one more, as a monitor gives it whose mail server refuses, or never took a mail."""
    at = datetime(2019, 9, 5, 12, tzinfo=UTC)
    refused = MailHealth(1, at, None, at, "451 4.3.2 later", of_server=True)
    healthy = MailHealth(0, None, at, None, None, of_server=False)
    made = [{**answers[0], "mail": mail_json(health, at)} for health in (refused, healthy)]
    return [*answers, *json.loads(json.dumps(made))]


def verification_after_a_wrong_clock() -> Any:
    """What a live database has and a replay, whose clock stands, has not."""
    found, at = Verification(), datetime(2019, 9, 5, 12, tzinfo=UTC)
    found.misdated = [MisdatedCapture(1, "us-state", "feed", at, at - timedelta(days=4))]
    return json.loads(json.dumps(verification_json(found)))


def verification_of_a_lost_archive(watched: Any) -> Any:
    """Nothing of it can be loaded, so that every damage is told."""
    lost = {**watched.environment, "SERVANDA_ARCHIVE": str(watched.settings.archive.parent / "lost")}
    return json.loads(CliRunner(env=lost).invoke(servanda, ["capture", "verify", "--json"]).stdout)


@pytest.fixture(scope="session")
def contract(documents: dict[str, Any]) -> dict[str, dict[str, tuple[str, str]]]:
    """Verb → key → (type, meaning), as the document's tables have them."""
    found = {}
    for section in re.split(r"^## ", documents["docs/json.md"].text, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|([^|]*)\|$", section, re.MULTILINE)
        found[section.splitlines()[0]] = {key: (kind, meaning.strip()) for key, kind, meaning in rows}
    return found


def leaves(answer: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its key, as the document writes keys."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from leaves(value, f"{path}.{key}".removeprefix("."))
    elif isinstance(answer, list):
        for value in answer:
            yield from leaves(value, f"{path}[]")
    else:
        yield path, answer


def met(answers: list[Any]) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for answer in answers:
        for path, value in leaves(answer):
            found[path].append(value)
    return found


def verbs_that_answer_in_json(command: click.Command = servanda, name: tuple[str, ...] = ()) -> Iterator[str]:
    if any("--json" in parameter.opts for parameter in command.params):
        yield " ".join(name)
    if isinstance(command, click.Group):
        for verb, below in command.commands.items():
            yield from verbs_that_answer_in_json(below, (*name, verb))


def test_every_verb_that_answers_in_json_is_documented(contract: dict[str, Any], answers: Answers) -> None:
    assert set(verbs_that_answer_in_json()) == contract.keys() == answers.keys()


def test_every_key_is_documented_and_every_documented_key_is_there(
    contract: dict[str, Any], answers: Answers
) -> None:
    for verb, keys in contract.items():
        assert keys.keys() == met(answers[verb]).keys(), verb


def test_every_value_has_its_documented_type(contract: dict[str, Any], answers: Answers) -> None:
    for verb, keys in contract.items():
        for key, values in met(answers[verb]).items():
            kinds = keys[key][0].split(" or ")
            wrong = [value for value in values if not any(TYPES[kind](value) for kind in kinds)]
            assert wrong == [], f"{verb}: {key} is no {keys[key][0]}"


OF_THE_CATALOGUE = {
    "commitments[].condition", "windows[].condition", "windows[].readings[].note", "sources[].party",
    "windows[].automatic_threshold", "windows[].greatest_gap",
}  # fmt: skip
"""Left out in the catalogue, or filled in: what this one does not use need not be met."""


def test_what_may_be_null_is_met_with_a_value_and_without(contract: dict[str, Any], answers: Answers) -> None:
    """Else "or null" could be written anywhere."""
    for verb in ("status", "coverage", "evidence"):
        for key, (kind, _) in contract[verb].items():
            if kind.endswith(" or null"):
                values = met(answers[verb])[key]
                assert {value is None for value in values} == {True, False}, f"{verb}: {key}"
    nullable = {key for key, (kind, _) in contract["catalogue show"].items() if kind.endswith("or null")}
    assert nullable == OF_THE_CATALOGUE


def at(answer: Any, path: str) -> list[Any]:
    """All objects at a path such as ``windows[].duties[]``; "" is the answer itself."""
    found = [answer]
    for step in filter(None, path.replace("[]", ".[]").split(".")):
        found = [
            inner
            for one in found
            for inner in (one if step == "[]" else [one[step]])
        ]  # fmt: skip
    return found


def test_the_keys_that_were_promised_are_there(answers: Answers) -> None:
    for verb, paths in PROMISED.items():
        for path, keys in paths.items():
            objects = [one for answer in answers[verb] for one in at(answer, path)]
            assert objects, f"{verb}: nothing at {path!r}"
            for one in objects:
                assert set(keys.split()) <= one.keys(), f"{verb}: {path}"


@pytest.mark.parametrize(
    "verb, key, expected",
    [
        ("status", "windows[].verdict", {value.value for value in VerdictValue}),
        ("status", "windows[].condition", {condition.value for condition in Condition}),
        ("status", "windows[].phase", {phase.value for phase in Phase} | {"due_at", "settles_at"}),
        ("status", "windows[].duties[].kind", set(get_args(get_type_hints(Duty)["kind"]))),
        ("documents", "[].precision", {precision.value for precision in Precision}),
        ("evidence", "[].checklist[].id", set(get_args(get_type_hints(ChecklistPart)["id"]))),
        ("evidence", "[].review", {review.value for review in Review}),
    ],
)
def test_the_document_lists_every_value(
    contract: dict[str, Any], verb: str, key: str, expected: set[str]
) -> None:
    assert set(re.findall(r"`(\w+)`", contract[verb][key][1])) == expected


def test_a_window_is_an_entry_of_the_status_and_review_lists_entries_of_the_evidence(
    contract: dict[str, Any], answers: Answers
) -> None:
    assert answers["window"][0] in answers["status"][1]["windows"]
    assert all(row in answers["evidence"][0] for row in answers["review list"][0])
    of_status = {k.removeprefix("windows[]."): v[0] for k, v in contract["status"].items() if "windows" in k}
    assert {key: kind for key, (kind, _) in contract["window"].items()} == of_status
    assert {k: v[0] for k, v in contract["review list"].items()} == {
        k: v[0] for k, v in contract["evidence"].items()
    }
