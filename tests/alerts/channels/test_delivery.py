from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from servanda.alerts.channels.delivery import DeliveryError, next_attempt_at
from servanda.alerts.channels.folder import FolderSender, file_name

NOW = datetime(2019, 9, 6, 4, tzinfo=UTC)


def _mail(message_id: str, body: str = "text") -> bytes:
    return f"Message-ID: {message_id}\r\nSubject: s\r\n\r\n{body}\r\n".encode()


# --- trying again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10), (5, 20), (6, 30), (7, 30), (195, 30)]
)
def test_waits_grow_and_then_stay(attempts: int, minutes: int) -> None:
    assert next_attempt_at(attempts, NOW, NOW) == NOW + timedelta(minutes=minutes)


def test_a_mail_is_tried_six_times_in_the_first_hour_and_given_up_after_four_days() -> None:
    at, tried = NOW, [NOW]
    while (again := next_attempt_at(len(tried), NOW, at)) is not None:
        at = again
        tried.append(at)
    assert sum(one < NOW + timedelta(hours=1) for one in tried) == 6
    later = [b - a for a, b in pairwise(tried[5:])]
    assert set(later) == {timedelta(minutes=30)}
    assert timedelta(days=4) <= at - NOW < timedelta(days=4, minutes=30)


@pytest.mark.parametrize(
    ("since_first", "given_up", "sentence"),
    [
        (timedelta(days=4) - timedelta(seconds=1), False, "the instant before"),
        (timedelta(days=4), True, "at four days"),
        (timedelta(days=40), True, "long after, when nothing was tried in between"),
    ],
)
def test_giving_up_counts_from_the_first_attempt(
    since_first: timedelta, given_up: bool, sentence: str
) -> None:
    assert (next_attempt_at(2, NOW, NOW + since_first) is None) is given_up


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (timedelta(seconds=5), timedelta(minutes=1)),
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(days=400), timedelta(days=1)),
        (timedelta(seconds=-5), timedelta(minutes=1)),
    ],
)
def test_who_asks_for_time_gets_it_within_bounds(asked: timedelta, waited: timedelta) -> None:
    assert next_attempt_at(1, NOW, NOW, asked) == NOW + waited


def test_an_attempt_comes_first() -> None:
    with pytest.raises(ValueError, match="an attempt comes first"):
        next_attempt_at(0, NOW, NOW)


def test_a_servers_words_are_bounded_and_visible() -> None:
    error = DeliveryError(False, 451, "busy\r\n\x1b[2J" + "x" * 5_000)
    assert error.answer.startswith("busy [2Jxxx")
    assert len(error.answer) == 500
    assert str(error).startswith("451 busy")


# --- files ------------------------------------------------------------------------------------------------


def test_a_mail_is_a_file_named_by_its_message_id(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    with FolderSender(folder) as sender:
        receipt = sender.deliver(_mail("<a7.w3.0a@example.org>"), "s@example.org", "ana@example.org")
    path = folder / "a7.w3.0a@example.org.eml"
    assert path.read_bytes() == _mail("<a7.w3.0a@example.org>")
    assert (receipt.code, receipt.answer) == (250, f"written to {path}")


def test_the_same_message_id_overwrites_and_leaves_no_draft(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    for body in ("first", "second"):
        sender.deliver(_mail("<a7.w3.0a@example.org>", body), "s@example.org", "ana@example.org")
    assert [path.name for path in tmp_path.iterdir()] == ["a7.w3.0a@example.org.eml"]
    assert b"second" in next(tmp_path.iterdir()).read_bytes()


@pytest.mark.parametrize(
    ("message_id", "sentence"),
    [
        ("<../../etc/passwd>", "a path"),
        ("</etc/passwd>", "an absolute path"),
        ("<..>", "the parent folder"),
        ("<.hidden@x>", "a hidden file"),
        ("<a b@x>", "a space"),
        ("<C:\\x@y>", "a drive"),
        (f"<{'a' * 400}@x>", "too long for a file name"),
    ],
)
def test_no_message_id_leaves_the_folder(tmp_path: Path, message_id: str, sentence: str) -> None:
    folder = tmp_path / "outbox"
    FolderSender(folder).deliver(_mail(message_id), "s@example.org", "ana@example.org")
    assert [path.name for path in tmp_path.iterdir()] == ["outbox"]
    (kept,) = folder.iterdir()
    assert kept.name == file_name(_mail(message_id))
    assert kept.suffix == ".eml"
    assert not kept.name.startswith(".")


def test_ids_that_look_alike_have_files_of_their_own() -> None:
    names = {
        file_name(_mail(i)) for i in ("<a/b@x>", "<a_b@x>", "<a b@x>", f"<{'a' * 200}@x>", f"<{'a' * 201}@x>")
    }
    assert len(names) == 5


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "outbox"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(DeliveryError) as raised:
        FolderSender(blocked).deliver(_mail("<a@x>"), "s@example.org", "ana@example.org")
    assert not raised.value.permanent
    assert "could not be written" in raised.value.answer


def test_a_failed_write_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "a@x.eml").mkdir()
    with pytest.raises(DeliveryError):
        FolderSender(tmp_path).deliver(_mail("<a@x>"), "s@example.org", "ana@example.org")
    assert [path.name for path in tmp_path.iterdir()] == ["a@x.eml"]


def test_mails_are_for_their_owner_alone(tmp_path: Path) -> None:
    FolderSender(tmp_path).deliver(_mail("<a@x>"), "s@example.org", "ana@example.org")
    assert stat.S_IMODE((tmp_path / "a@x.eml").stat().st_mode) == 0o600


def test_a_mail_without_message_id_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without Message-ID"):
        FolderSender(tmp_path).deliver(b"Subject: s\r\n\r\nx\r\n", "s@example.org", "ana@example.org")
