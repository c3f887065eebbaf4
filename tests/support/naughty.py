"""Texts as they must be expected from the web, made at random from a seed: what breaks headers, markup and lines."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

CONTROLS = [chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))]
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r\n ", "\r\n\t", "\r\n\r\n"]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN = [*"\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u2800\u3164\ufeff\ufff9\uffa0", "\U000e0041"]
BROKEN = ["\ud800", "\udfff", "\ufffe", "\U0010ffff", "\ue000"]
HEADERS = [
    "Bcc: eve@example.org", "To: eve@example.org", "Subject: you won", "Content-Type: text/html",
    "MIME-Version: 1.0", "List-Unsubscribe: <https://eve.example/>", "Reply-To: eve@example.org",
    "DKIM-Signature: v=1", "Content-Transfer-Encoding: base64", "--boundary", "--=_0123456789abcdef--", ".",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</blockquote></body></html>", "<a href=//eve.example>x</a>",
    "<!--", "-->", "]]>", "<![CDATA[", "&lt;", "&#60;script&#62;", "&amp;amp;", "<style>*{display:none}</style>",
    '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)", "<svg/onload=alert(1)>", "<meta http-equiv=refresh content=0>",
    "{{ 7*7 }}", "{% for x in () %}", "{0.__class__}", "{address}", "%(name)s", "${x}", "<iframe>", "</title><base href=//eve.example>",
]  # fmt: skip
ENCODED = [
    "=?utf-8?q?x=0D=0ABcc:_eve@example.org?=", "=?utf-8?b?eA0KQmNjOiBldmVAZXhhbXBsZS5vcmc=?=", "=?", "?=", "=?utf-8?q?=3D=3F?=",
    "=?x-unknown?q?a?=", "=0D=0A", "=", "=\r\n", "=3D", "=?utf-8?q?" + "=00" * 40 + "?=",
]  # fmt: skip
ADDRESSES = [
    "eve@example.org", "<eve@example.org>", "Eve <eve@example.org>", '"x" <eve@example.org>', "a@b.c, d@e.f", "a@b.c; d@e.f",
    "group: a@b.c;", "(comment)", "mailto:eve@example.org", "https://eve.example/", "HTTPS://eve.example/?a=1&b=2",
]  # fmt: skip
SCRIPTS = [
    "Declaración conjunta sobre migración", "Совместное заявление", "共同声明についての発表", "إعلان مشترك بشأن الهجرة",
    "הצהרה משותפת", "संयुक्त घोषणा", "🇲🇽🤝🇺🇸", "👩‍👩‍👧‍👦", "e\u0301" * 3, "Z" + "\u0335" * 60, "ﷺ", "ﬁ", "İ", "ß", "Ǆ", "１２３",
]  # fmt: skip
LONG = [
    "word " * 400,
    "x" * 1_200,
    "á" * 700,
    "=" * 999,
    "." * 999,
    " " * 999 + "x",
    "\u202e" + "abc " * 300,
    "🇲🇽" * 300,
]
NOTHING = ["", " ", "\u200b", "\r\n", "\x00"]

FAMILIES = (CONTROLS, BREAKS, BIDI, UNSEEN, BROKEN, HEADERS, MARKUP, ENCODED, ADDRESSES, SCRIPTS)
URLS = [
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://eve.example/\r\nBcc: eve@example.org",
    'https://eve.example/" onmouseover="alert(1)', "https://eve.example/<script>", "https://user:pass@eve.example/", "//eve.example",
    "https://eve.example/\u202etxt", "https://éve.example/á?b=ñ#ü", "https://[::1]/", "https://eve.example:99999/", "ftp://eve.example",
    "https://eve.example/" + "x" * 1_500, "https://eve.example/a?b=1&c=<2>", "HTTP://EVE.example", "https://eve.example/%0d%0aBcc:x",
]  # fmt: skip

SLUGS = frozenset({"id", "zone", "source", "language", "sha256", "digest", "duration", "kinds"})
"""Fields whose values are chosen or computed by us; everything else that is a text may come from outside."""


def naughty(chance: random.Random) -> str:
    """A text of one to six pieces, of which the next is rarely of the same sort."""
    if chance.random() < 0.04:
        return chance.choice(chance.choice((LONG, NOTHING)))
    pieces = [chance.choice(chance.choice(FAMILIES)) for _ in range(chance.randint(1, 6))]
    return chance.choice(("", " ", "x", "\r\n")).join(pieces)


def poisoned(part: Any, text: Callable[[], str], url: Callable[[], str]) -> Any:
    """The same payload with each text in it, and each address, replaced; numbers, dates, choices stay."""
    if not is_dataclass(part) or isinstance(part, type):
        return tuple(poisoned(one, text, url) for one in part) if isinstance(part, tuple) else part
    return replace(
        part,
        **{
            one.name: _field(one.name, str(one.type), getattr(part, one.name), text, url)
            for one in fields(part)
            if one.init
        },
    )


def _field(name: str, declared: str, value: Any, text: Callable[[], str], url: Callable[[], str]) -> Any:
    if name in SLUGS:
        return value
    if name == "url":
        return url()
    if declared in ("str", "str | None") and value is not None:
        return text()
    if declared == "tuple[str, ...]":
        return tuple(text() for _ in range(max(2, len(value))))
    return poisoned(value, text, url)
