from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from servanda.alerts.formats.mail import REPLAY, SUBJECT_LIMIT, Footer, render
from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.reasons import RecipientReason
from servanda.alerts.text.translation import ENGLISH, Words, words
from servanda.compliance.watchers import Subscription

SPANISH = words("es")
GOLDEN = Path(__file__).parents[1] / "golden"

NAUGHTY = {
    "crlf": "Joint Statement\r\nBcc: eve@example.org\r\n\r\nbody",
    "line separators": "Joint\u2028Bcc: eve@example.org\u2029Statement\x85x\x0bz",
    "encoded word": "=?utf-8?q?Joint=0D=0ABcc:_eve@example.org?=",
    "bidi": "invoice \u202efdp.exe\u2066 \u200fx",
    "zero width": "Jo\u200bint\ufeff State\u2060ment",
    "escape": "\x1b]0;owned\x07\x1b[2J",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;",
    "template": "{{ 7*7 }}{% raw %}",
    "long": "word " * 2_000,
    "unbroken": "x" * 10_000,
    "nothing": "\u200b",
    "surrogate": "a\ud800b",
}

PLAIN_TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "dl", "dt", "dd", "ul", "li",
    "blockquote", "pre", "code", "a", "span", "br", "strong",
}  # fmt: skip
"""Nothing that loads, runs or sends."""

OF_THE_MONITOR = {AlertKind.SILENCE_ENDED, AlertKind.ADDRESS_SUSPENDED, AlertKind.MAIL_GIVEN_UP}
"""Kinds that speak of no page of a publisher."""


def _as_golden(alert: Alert, words: Words) -> str:
    why = reason_sentence(RecipientReason("subscriber", Subscription(instruments=("us-mexico-2019",))), words)
    mail = render(alert, Footer(why, contact="monitor@example.org"), words)
    return f"Subject: {mail.subject}\n\n{mail.text}"


def test_each_kind_reads_as_its_golden_file(sample: Alert, request: Any) -> None:
    name = request.node.callspec.id
    assert _as_golden(sample, ENGLISH) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_each_kind_reads_as_its_golden_file_in_spanish(sample: Alert, request: Any) -> None:
    name = request.node.callspec.id
    assert _as_golden(sample, SPANISH) == (GOLDEN / "es" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [GOLDEN, GOLDEN / "es"], ids=["en", "es"])
def test_every_golden_file_is_used(samples: dict[str, Alert], folder: Path) -> None:
    assert {path.stem for path in folder.glob("*.txt")} == set(samples)


def test_the_same_alert_gives_the_same_mail(sample: Alert, to_ana: Footer) -> None:
    assert render(sample, to_ana, ENGLISH) == render(sample, to_ana, ENGLISH)


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_text_is_narrow_and_the_subject_short(sample: Alert, to_ana: Footer, words: Words) -> None:
    mail = render(sample, to_ana, words)
    wide = ("://", "    servanda ")
    assert [one for one in mail.text.splitlines() if len(one) > 76 and not any(w in one for w in wide)] == []
    assert set(mail.text) - {letter for letter in mail.text if letter.isprintable()} == {"\n"}
    assert len(mail.subject) <= SUBJECT_LIMIT


def test_every_mail_says_why_since_when_and_where(sample: Alert, to_ana: Footer) -> None:
    text = render(sample, to_ana, ENGLISH).text
    assert "You get this because" in text
    if sample.kind not in OF_THE_MONITOR:
        for part in ("Official page\n-----", "https://", "Known since:", "Source"):
            assert part in text


@pytest.mark.parametrize(
    ("words", "claims"),
    [(ENGLISH, r"violat|breach|\bfail"), (SPANISH, r"\bviol|incumpl|infring|infracc|quebrant|\bfall[aoó]")],
    ids=["en", "es"],
)
def test_no_mail_claims_a_breach(sample: Alert, to_ana: Footer, words: Words, claims: str) -> None:
    mail = render(sample, to_ana, words)
    assert not re.search(claims, f"{mail.subject} {mail.text} {mail.html}".lower())


# --- replay ---------------------------------------------------------------------------------------------


def test_a_replay_says_so_first_in_subject_and_parts(sample: Alert, to_ana: Footer) -> None:
    mail = render(replace(sample, mode="replay"), to_ana, ENGLISH)
    assert mail.subject.startswith("REPLAY – reconstructed")
    assert mail.text.startswith("*** REPLAY – reconstructed ***\n")
    assert _words(mail.html).startswith("REPLAY – reconstructed")


def test_live_mails_do_not_speak_of_replays(samples: dict[str, Alert], to_ana: Footer) -> None:
    for alert in samples.values():
        if alert.mode == "live":
            mail = render(alert, to_ana, ENGLISH)
            assert REPLAY not in mail.subject + mail.text + mail.html


# --- HTML -----------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """What a mail program would see: tags with their attributes, and text outside of head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_body = self._in_body or tag == "body"

    def handle_data(self, data: str) -> None:
        if self._in_body:
            self.words.append(data)


def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def _words(html: str) -> str:
    return " ".join("".join(_page(html).words).split())


def test_html_says_what_the_text_says(sample: Alert, to_ana: Footer) -> None:
    mail = render(sample, to_ana, ENGLISH)
    html = re.sub(r"\W+", "", _words(mail.html))
    rules = re.compile(r"^[=-]+$", re.MULTILINE)
    text = re.sub(r"\W+", "", rules.sub("", mail.text))
    assert html == text


def test_html_loads_nothing_and_runs_nothing(sample: Alert, to_ana: Footer) -> None:
    page = _page(render(sample, to_ana, ENGLISH).html)
    assert {tag for tag, _ in page.tags} <= PLAIN_TAGS
    for _, attributes in page.tags:
        assert not {"src", "srcset", "background", "action"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert "url(" not in (attributes.get("style") or "")
        assert (attributes.get("href") or "https://").startswith(("https://", "http://"))


def test_passages_are_quoted_in_their_own_language(samples: dict[str, Alert], to_ana: Footer) -> None:
    page = _page(render(samples["new_evidence"], to_ana, ENGLISH).html)
    languages = [attributes["lang"] for tag, attributes in page.tags if tag == "blockquote"]
    assert languages == ["es", "en"]


@pytest.mark.parametrize("text", NAUGHTY.values(), ids=NAUGHTY)
def test_text_from_the_web_is_harmless_everywhere(sample: Alert, to_ana: Footer, text: str) -> None:
    poisoned = replace(sample, payload=_poison(sample.payload, text))
    for said in (ENGLISH, SPANISH):
        mail = render(poisoned, replace(to_ana, why=text, contact=text), said)
        assert len(mail.subject) <= SUBJECT_LIMIT
        assert "=?" not in mail.subject
        for part in (mail.subject, mail.text, mail.html):
            part.encode("utf-8")
            assert {unicodedata.category(c) for c in part if c != "\n"}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
        assert "\n" not in mail.subject
        assert len(mail.text) < 60_000
        tags = [tag for tag, _ in _page(mail.html).tags]
        assert tags.count("script") == tags.count("img") == 0


def _poison(part: Any, text: str) -> Any:
    """The same payload with every free text replaced."""
    if is_dataclass(part) and not isinstance(part, type):
        free = ("title", "quote", "passage", "why", "failure", "detail", "publisher", "source_title", "capture",
                "policy", "note", "url", "language", "quotes", "needed_by", "counting", "others")  # fmt: skip
        return replace(
            part,
            **{
                f.name: _poison_free(getattr(part, f.name), text)
                if f.name in free
                else _poison(getattr(part, f.name), text)
                for f in fields(part)
                if f.init
            },
        )
    return tuple(_poison(one, text) for one in part) if isinstance(part, tuple) else part


def _poison_free(value: Any, text: str) -> Any:
    if isinstance(value, tuple):
        return (text,) * max(3, len(value))
    return text if isinstance(value, str) else value


def test_markup_in_a_title_is_shown_as_written(samples: dict[str, Alert], to_ana: Footer) -> None:
    alert = replace(samples["new_evidence"], payload=_poison(samples["new_evidence"].payload, "<b>1 & 2</b>"))
    mail = render(alert, to_ana, ENGLISH)
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in mail.html
    assert "<b>" not in mail.html
    assert mail.subject == "New evidence: <b>1 & 2</b>"


def test_an_address_that_is_no_link_is_shown_as_text(samples: dict[str, Alert], to_ana: Footer) -> None:
    payload: Any = samples["new_evidence"].payload
    document = replace(payload.document, url="javascript:alert(1)")
    mail = render(
        replace(samples["new_evidence"], payload=replace(payload, document=document)), to_ana, ENGLISH
    )
    assert "javascript:alert(1)" in mail.text
    assert [a["href"] for tag, a in _page(mail.html).tags if tag == "a"] == []
