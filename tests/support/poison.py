"""A reader of documents that does what the title asks of it: what hostile documents do to real readers.

It is given to the reading process by name, on its command line, in place of ``scrapers.documents.extract``.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from servanda.compliance.document_doubts import DocumentFacts
from servanda.compliance.prefilter import Prefilter
from servanda.compliance.prose import ProseFacts
from servanda.scrapers.documents.extract import ExtractOptions
from servanda.scrapers.exchange import Blocked, Exchange, Unrecognised
from servanda.scrapers.route_reading import Article

read_before: list[str] = []


def read_document(
    exchange: Exchange, terms: ExtractOptions, item_title: str, scan: Prefilter | None, max_chars: int
) -> Article:
    word, _, rest = item_title.partition(" ")
    read_before.append(word)
    if word == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif word == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "leave":
        os._exit(3)
    elif word == "hang":
        while True:  # as C code does: no signal handler of Python's would run
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    elif word == "allocate":
        bytearray(4 << 30)
    elif word == "grow":
        hoard = [b"x" * 1_000_000 + str(n).encode() for n in range(10_000)]
        return article(str(len(hoard)))
    elif word == "flood":
        return article("x" * 20_000_000)
    elif word == "shout":
        print("a" * 1_000_000)
        print("b" * 1_000_000, file=sys.stderr)
    elif word == "refuse":
        raise {"u": Unrecognised, "b": Blocked}[rest]("not_it", "it is not")
    elif word == "raise":
        raise KeyError("a mistake of ours")
    elif word == "recurse":
        return read_document(exchange, terms, item_title, scan, max_chars)
    elif word == "once" and not Path(rest).exists():  # the first process dies of it, the second one does not
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGSEGV)
    elif word == "sleep":
        time.sleep(float(rest))
    elif word == "environment":
        return article(" ".join(sorted(os.environ)))
    elif word == "scan":
        return article("none" if scan is None else str(scan.may_match(rest)))
    elif word == "history":
        return article(" ".join(read_before))
    elif word == "whoami":
        return article(str(os.getpid()))
    return article(rest or "read")


FACTS = DocumentFacts("heading", ProseFacts(words=200, function_share=0.4))


def article(text: str) -> Article:
    return Article("title", text, "en", "d" * 64, "poison", FACTS)
