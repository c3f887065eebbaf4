"""Pages that stand in the place of the wanted one, often with status 200: each class by its evidence.

The status alone decides nothing. Conservative on purpose: each class asks for two signs that a genuine page
does not have together, such as the wording of a whole heading and a page almost without text. What slips
through meets a reader that knows how its listing or article looks.
"""

from __future__ import annotations

from servanda.scrapers.barriers.challenges import challenge_in
from servanda.scrapers.barriers.login_and_cookie_walls import cookie_wall_in, login_in
from servanda.scrapers.barriers.page_view import PageView
from servanda.scrapers.barriers.script_shells import shell_in
from servanda.scrapers.barriers.unavailable_pages import maintenance_in, not_found_in, rate_limit_in
from servanda.scrapers.exchange import Blocked, Exchange

CLASSES = (
    ("challenge", challenge_in),
    ("login", login_in),
    ("cookie_wall", cookie_wall_in),
    ("rate_limited", rate_limit_in),
    ("maintenance", maintenance_in),
    ("soft_404", not_found_in),
)
"""The first that fits names the page: a refusal (403) that shows a log-in page is ``login``."""

KINDS = frozenset({*dict(CLASSES), "javascript_shell", "redirected_home", "redirected_away"})


def find_challenge(exchange: Exchange) -> Blocked | None:
    """A challenge or refusal, which no further try would change; None for anything else."""
    reason = challenge_in(PageView(exchange))
    return Blocked("challenge", reason) if reason else None


def find_barrier(exchange: Exchange) -> Blocked | None:
    """What stands in the place of the wanted page, whatever its status; None where nothing shows it.

    ``KINDS`` are possible: ``redirected_home`` and ``redirected_away`` where the page itself sends browsers
    on.
    """
    if exchange.status is None or exchange.status == 304:
        return None
    seen = PageView(exchange)
    for kind, sign in CLASSES:
        if reason := sign(seen):
            return Blocked(kind, f"{exchange.final_url}: {reason}")
    shell = shell_in(seen)
    return Blocked(shell[0], f"{exchange.final_url}: {shell[1]}") if shell else None
