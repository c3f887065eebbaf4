"""A small instrument of two parties, in memory."""

from __future__ import annotations

import hashlib
from datetime import date

from support.window_cases import WASHINGTON, make_window

from servanda.compliance.instrument import Checklist, Commitment, Concept, Instrument, Names, Party, Rule

TEXT = (
    "Both parties also agree that they will take further actions. Therefore, the United States and Mexico "
    "will continue their discussions on the terms of additional understandings to address irregular "
    "migrant flows and asylum issues, to be completed and announced within 90 days, if necessary.\n\n"
    "Mexico will deploy its National Guard throughout Mexico.\n"
)


def commitment(slug: str, quote: str, debtors: tuple[str, ...]) -> Commitment:
    start = TEXT.index(quote)
    return Commitment(
        id=slug,
        section="Actions",
        quote=quote,
        start=start,
        end=start + len(quote),
        debtors=debtors,
        creditors=tuple({"US", "MX"} - set(debtors)),
        modality="will",
        action=slug,
        kind="one_off",
    )


CONCEPTS = (
    Concept("joint-act", ("joint declaration", "joint statement", "announce*"), ("declaración conjunta", "anunci*")),
    Concept("migration", ("migra*", "asylum"), ("migra*", "asilo")),
    Concept("completed", ("agreed", "announced", "concluded"), ("acordaron", "anunciaron")),
    Concept("new", ("additional", "new", "further"), ("adicional*", "nuev*")),
    Concept("quoted", ("Secretary of State",), ("canciller",)),
    Concept("national-guard", ("National Guard",), ("Guardia Nacional",)),
    Concept("deployment", ("deploy*",), ("desplieg*", "despleg*")),
    Concept("drill", ("training exercise",), ("simulacro",)),
)  # fmt: skip


def make_instrument() -> Instrument:
    return Instrument(
        id="us-mexico-2019",
        title="Joint Declaration",
        published_on=date(2019, 6, 7),
        zone=WASHINGTON,
        urls=("https://www.state.gov/us-mexico-joint-declaration/",),
        text=TEXT,
        text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        parties=(
            Party("US", Names(("United States", "U.S."), ("Estados Unidos",))),
            Party("MX", Names(("Mexico", "Mexican"), ("México", "mexican*"))),
        ),
        commitments=(
            commitment("further-actions", "they will take further actions", ("US", "MX")),
            commitment("national-guard", "deploy its National Guard throughout Mexico", ("MX",)),
        ),
        windows=(
            make_window(
                checklist=Checklist(("migration",), ("completed",), ("new",), ("quoted",)),
            ),
        ),
        concepts=CONCEPTS,
        rules=(
            Rule("further", "further-actions", ("joint-act",), window="further-actions-90d"),
            Rule("guard", "national-guard", ("national-guard", "deployment"), ("migration",), ("drill",)),
        ),
        sources=("state", "sre"),
    )
