"""The names of what goes wrong on the wire, by the errors that libraries wrap in one another."""

from __future__ import annotations

import errno

import pytest
import requests

from servanda.scrapers.failures import name_failure


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN])
def test_a_machine_without_a_way_out_is_told_from_a_host_that_refuses(number: int) -> None:
    wrapped = requests.ConnectionError(OSError(number, "unreachable"))
    failure = name_failure(wrapped, too_slow=False)
    assert (failure.family, failure.kind) == ("unreachable", "no_route_to_host")
    refused = name_failure(ConnectionRefusedError(errno.ECONNREFUSED, "refused"), too_slow=False)
    assert refused.kind != "no_route_to_host"
