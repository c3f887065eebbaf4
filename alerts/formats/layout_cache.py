"""One layout for all who read the same letter: only the addresses of their own pages differ."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import lru_cache

from markupsafe import escape

from servanda.alerts.formats.mail import Footer, Mail, lay_out_mail
from servanda.alerts.letters.letter import Letter, clean_letter
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Language

_TOKEN = secrets.token_hex(16)
_PREFERENCES, _UNSUBSCRIBE = f"https://{_TOKEN}.invalid/p", f"https://{_TOKEN}.invalid/u"
"""What stands in a layout in place of a reader's addresses; nobody outside can know it, and so name it."""

KEPT = 256
"""Layouts that are remembered."""


def lay_out_mail_for(letter: Letter, footer: Footer, language: Language, *, replay: bool) -> Mail:
    """What ``alerts.formats.mail.lay_out_mail`` gives for the letter, cleaned.

    Thousands of readers cost hardly more than one.
    """
    preferences = plain.link(footer.preferences_url or "")
    unsubscribe = plain.link(footer.unsubscribe_url or "")
    if preferences is None or unsubscribe is None:
        return _laid_out(letter, footer, language, replay)
    shared = Footer(footer.why, footer.contact, _PREFERENCES, _UNSUBSCRIBE, footer.page_url)
    mail = _laid_out(letter, shared, language, replay)
    return replace(
        mail,
        text=mail.text.replace(_PREFERENCES, preferences).replace(_UNSUBSCRIBE, unsubscribe),
        html=mail.html.replace(_PREFERENCES, str(escape(preferences))).replace(
            _UNSUBSCRIBE, str(escape(unsubscribe))
        ),
    )


@lru_cache(maxsize=KEPT)
def _laid_out(letter: Letter, footer: Footer, language: Language, replay: bool) -> Mail:
    return lay_out_mail(clean_letter(letter), footer, words(language), replay=replay)
