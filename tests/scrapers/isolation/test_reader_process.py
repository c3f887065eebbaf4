"""Documents that crash, hang or devour memory: each is refused by name, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.answers import exchange_of, source_with
from support.articles import AT, FEED, STATEMENT, TITLE, URL, page_of
from support.pdfs import pdf_of
from support.waiting import wait_for

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.scrapers.documents.extract import MAX_CHARS, PLAIN_SCAN, read_article
from servanda.scrapers.exchange import Blocked, Unrecognised
from servanda.scrapers.isolation.reader_process import ArticleReader, ReaderError, ReaderLimits
from servanda.scrapers.route_reading import Article

SOURCE, ROUTE = source_with(FEED, url=URL)
LIMITS = ReaderLimits(memory_bytes=300_000_000, seconds=20.0)


def reader_of(module: str = "support.poison", limits: ReaderLimits = LIMITS) -> ArticleReader:
    environment = {**os.environ, "HTTPS_PROXY": "http://proxy.example", "SERVANDA_SMTP_URL": "smtp://u:p@x"}
    return ArticleReader(monotonic=time.monotonic, environment=environment, limits=limits, module=module)


@pytest.fixture(scope="module")
def poisonable() -> Iterator[ArticleReader]:
    """A reader that does what titles ask of it."""
    reader = reader_of()
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[ArticleReader]:
    """The real one."""
    reader = reader_of("servanda.scrapers.documents.extract", ReaderLimits())
    yield reader
    reader.close()


def read(
    reader: ArticleReader,
    title: str,
    body: bytes = b"x",
    scan: Prefilter | None = None,
    max_chars: int = MAX_CHARS,
) -> Article:
    exchange = exchange_of(URL, body, at=AT)
    return reader.read(exchange, route=ROUTE, source=SOURCE, item_title=title, scan=scan, max_chars=max_chars)


def refusal(reader: ArticleReader, title: str, body: bytes = b"x") -> Unrecognised:
    with pytest.raises(Unrecognised) as caught:
        read(reader, title, body)
    return caught.value


# --- poison ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "kind", "reason"),
    [
        ("crash", "poison_crash", "ended by SIGSEGV"),
        ("leave", "poison_crash", "ended with code 3"),
        ("killed", "poison_memory", "ended by SIGKILL"),  # as the system does with who takes most memory
        ("allocate", "poison_memory", "more than 300000000 bytes"),
        ("grow", "poison_memory", "more than 300000000 bytes"),
        ("flood", "poison_crash", "20000"),
    ],
)
def test_poison_is_named_and_the_next_document_is_read(
    poisonable: ArticleReader, title: str, kind: str, reason: str
) -> None:
    refused = refusal(poisonable, title)
    assert (refused.family, refused.kind) == ("unrecognised", kind)
    assert URL in refused.reason and reason in refused.reason
    assert read(poisonable, "next one").text == "one"


def test_a_document_that_hangs_is_given_up_in_time() -> None:
    reader = reader_of(limits=ReaderLimits(seconds=1.0))
    read(reader, "warm")
    begun = time.monotonic()
    assert refusal(reader, "hang").kind == "poison_hang"
    assert 1.0 <= time.monotonic() - begun < 5.0
    assert read(reader, "sleep 0.5").text == "0.5"
    reader.close()


def test_what_only_an_old_process_dies_of_is_read_by_a_new_one(
    poisonable: ArticleReader, tmp_path: Path
) -> None:
    """Age, or somebody who ends processes at random, is no reason to put a document aside."""
    read(poisonable, "warm")
    assert read(poisonable, f"once {tmp_path / 'first'}").text == str(tmp_path / "first")


def test_a_process_that_died_between_documents_is_no_documents_fault(poisonable: ArticleReader) -> None:
    process = int(read(poisonable, "whoami").text or "")
    os.kill(process, signal.SIGKILL)
    assert int(read(poisonable, "whoami").text or "") != process


def test_a_mistake_of_ours_is_told_with_its_traceback_and_ends_nothing(poisonable: ArticleReader) -> None:
    process = read(poisonable, "whoami").text
    with pytest.raises(ReaderError, match="a mistake of ours"):
        read(poisonable, "raise")
    with pytest.raises(ReaderError, match="RecursionError"):
        read(poisonable, "recurse")
    assert refusal(poisonable, "refuse u").kind == "not_it"
    with pytest.raises(Blocked, match="not_it: it is not"):
        read(poisonable, "refuse b")
    assert read(poisonable, "shout it").text == "it"
    assert read(poisonable, "whoami").text == process


def test_a_process_that_does_not_start_says_why_and_is_no_documents_fault() -> None:
    with pytest.raises(ReaderError, match=r"No module named 'support\.no_such_thing'"):
        read(reader_of("support.no_such_thing"), "x")


def test_a_new_process_goes_on_after_so_many_documents() -> None:
    reader = reader_of(limits=ReaderLimits(documents=2))
    assert [read(reader, "history").text for _ in range(3)] == ["history", "history history", "history"]
    reader.close()


# --- what the process gets --------------------------------------------------------------------------------


def test_the_process_gets_no_secrets_and_no_proxies(poisonable: ArticleReader) -> None:
    names = set((read(poisonable, "environment").text or "").split())
    assert names <= {
        "PYTHONPATH",
        "PYTHONUTF8",
        "LC_CTYPE",
        "LD_LIBRARY_PATH",
        "PYTHONHOME",
        "PYTHONTZPATH",
        "TMPDIR",
    }


def test_a_scan_is_kept_until_there_is_another(poisonable: ArticleReader) -> None:
    built_in = Prefilter.of(load_catalogue(builtin_catalogue()).instruments)
    answers = [
        read(poisonable, f"scan {text}", scan=scan).text
        for text, scan in (
            ("joint statement", built_in),
            ("a museum", built_in),
            ("joint statement", None),
            ("joint statement", Prefilter.of(())),
            ("joint statement", built_in),
        )
    ]
    assert answers == ["True", "False", "none", "False", "True"]


# --- its life ---------------------------------------------------------------------------------------------


def test_threads_take_turns(poisonable: ArticleReader) -> None:
    found: list[str | None] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(read(poisonable, f"echo {n}").text))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == [str(n) for n in range(8)]


def test_a_closed_reader_leaves_no_process_and_starts_another_when_asked() -> None:
    reader = reader_of()
    process = int(read(reader, "whoami").text or "")
    reader.close()
    assert not is_running(process)
    assert int(read(reader, "whoami").text or "") != process
    reader.close()


ASKER = """
    import os, sys, time
    sys.path[:] = {path!r}
    from tests_of_isolation import read, reader_of
    from servanda.scrapers.isolation.reader_process import ReaderLimits
    reader = reader_of(limits=ReaderLimits(seconds=1.0))
    print(read(reader, "whoami").text, flush=True)
    {then}
"""


@pytest.mark.slow
@pytest.mark.parametrize("then", ["time.sleep(60)", "read(reader, 'hang')"])
def test_the_process_ends_with_its_asker_however_that_ends(then: str, tmp_path: Path) -> None:
    (tmp_path / "tests_of_isolation.py").write_bytes(Path(__file__).read_bytes())
    script = textwrap.dedent(ASKER.format(path=[str(tmp_path), *sys.path], then=then))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout is not None
        process = int(asker.stdout.readline())
        assert is_running(process)
        asker.kill()
    wait_for(lambda: not is_running(process), "the end of the process", seconds=15)


def test_ctrl_c_reaches_the_asker_alone() -> None:
    """It ends the asker, which ends the process: nothing half read is taken for poison."""
    reader = reader_of()
    process = int(read(reader, "whoami").text or "")
    assert os.getsid(process) != os.getsid(0)
    os.kill(process, signal.SIGINT)
    assert read(reader, "whoami").text == str(process)
    timer = threading.Timer(0.3, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        read(reader, "sleep 10")
    assert not is_running(process)
    assert read(reader, "next one").text == "one"
    reader.close()


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


# --- the real reader --------------------------------------------------------------------------------------

BUILT_IN = Prefilter.of(load_catalogue(builtin_catalogue()).instruments)
OFF_SUBJECT = page_of("<h1>A visit</h1><p>The secretary visited the museum and thanked its staff.</p>")


@pytest.mark.parametrize(
    ("body", "title", "scan"),
    [
        (STATEMENT.encode(), TITLE, None),
        (STATEMENT.encode(), TITLE, BUILT_IN),
        (OFF_SUBJECT.encode(), "A visit", BUILT_IN),
        (pdf_of([["Both governments agreed today, in Washington."]]), "A PDF", BUILT_IN),
    ],
)
def test_the_answer_is_that_of_reading_here(
    reader: ArticleReader, body: bytes, title: str, scan: Prefilter | None
) -> None:
    exchange = exchange_of(URL, body, at=AT)
    here = read_article(exchange, route=ROUTE, source=SOURCE, item_title=title, scan=scan)
    assert read(reader, title, body, scan) == here
    assert (here.text is None) == (here.extractor == PLAIN_SCAN) == (body == OFF_SUBJECT.encode())


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>" + b"<div>" * 100_000 + b"The text.", "too_large"),
        (b"<html>" + b"<div>" * 19_000 + b"The text.</html>", "too_deep"),
        (b"<html>" + b"<table><tr><td>" * 6_000 + b"The text.</html>", "too_deep"),
        (b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 1 0 R /Kids [ 1 0 R 1 0 R ] >> endobj\n"
         b"trailer << /Root 1 0 R >>", "bad_pdf"),
        (b"%PDF-1.4\n" + b"[" * 200_000, "bad_pdf"),
    ],
)  # fmt: skip
def test_documents_made_to_break_readers_are_refused_by_the_real_one(
    reader: ArticleReader, body: bytes, kind: str
) -> None:
    assert refusal(reader, "A title", body).kind == kind
    assert read(reader, TITLE, STATEMENT.encode()).title == TITLE


def test_a_page_over_which_the_real_extractor_takes_for_ever_is_given_up() -> None:
    """Text in thousands of inline elements of one paragraph takes it quadratic time: minutes for this page."""
    paragraph = "".join(f"<b>{n}</b> <i>{'word ' * 40}</i> " for n in range(9_900))
    reader = reader_of("servanda.scrapers.documents.extract", ReaderLimits(seconds=2.0))
    assert refusal(reader, TITLE, page_of(f"<p>{paragraph}</p>").encode()).kind == "poison_hang"
    assert read(reader, TITLE, STATEMENT.encode()).title == TITLE
    reader.close()
