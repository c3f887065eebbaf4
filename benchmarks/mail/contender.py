"""One contender in a process of its own: ``python -m benchmarks.mail.contender`` prints what it took."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.mail.kept import SENDER, mails


def plain(folder: Path, port: int) -> dict[str, float]:
    """smtplib as its documentation shows it: one connection, the same bytes, ready in files of a folder."""
    import smtplib

    took, begun = 0, time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for recipient, content in mails(folder / "mails"):
            server.sendmail(SENDER, [recipient], content)
            took += 1
    return {"mails": took, "sending": time.perf_counter() - begun}


def servanda(folder: Path, port: int) -> dict[str, float]:
    """notify, step by step."""
    from benchmarks.mail.ledger import opened
    from servanda.jobs.delivery.dispatch import Transports
    from servanda.jobs.delivery.envelopes import write_envelopes
    from servanda.jobs.delivery.routing import route_alerts
    from servanda.jobs.delivery.sending import SenderSetup, send_envelopes

    with opened(folder, port) as wiring:
        ledger, settings, catalogue = wiring.ledger, wiring.settings, wiring.catalogue
        setup = SenderSetup(
            ledger,
            Transports(wiring.sender, wiring.webhook, wiring.chat, settings.mail_from),
            wiring.letterhead,
            settings.outbox / "senders",
            settings.smtp_rate,
            settings.suspend_after,
        )
        routing = timed(lambda: route_alerts(ledger, catalogue))
        composing = timed(lambda: write_envelopes(ledger, catalogue, setup.letterhead))
        begun = time.perf_counter()
        sent = send_envelopes(setup)["sent"]
        sending = time.perf_counter() - begun
    return {"mails": sent, "routing": routing, "composing": composing, "sending": sending}


def timed(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("name", choices=("plain", "servanda"))
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--port", type=int, required=True)
    given = options.parse_args()
    contender = plain if given.name == "plain" else servanda
    print(json.dumps(contender(given.folder, given.port)))


if __name__ == "__main__":
    main()
