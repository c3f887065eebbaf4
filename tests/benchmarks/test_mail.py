"""The comparison of mails compares something: both contenders send every mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.mail.comparison import NAMES, compare, mail_table


@pytest.mark.slow
@pytest.mark.smtp
def test_both_send_the_same_number_of_mails(tmp_path: Path) -> None:
    found = compare(tmp_path, watchers=30, rounds=1)
    assert set(found) == set(NAMES)
    assert {one.printed["mails"] for one in found.values()} == {30}
    shown = mail_table(found).splitlines()
    assert [line.split()[0] for line in shown[2:]] == ["plain", "servanda"]
    assert "1.00 x" in shown[2]
