"""The verbs about who gets mail: add, ask, change, leave, and what is on record of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from servanda.cli import watcher_transfer
from servanda.cli.options import NAME, answer_json, json_option, shared_options, wired
from servanda.cli.reports import send_and_report
from servanda.cli.watcher_options import (
    Given,
    asks_of_a_subscription,
    channel_option,
    checked_address,
    clear_option,
    profile_from,
    refuse_faults,
    subscription_from,
    watcher_named,
    wish_options,
)
from servanda.compliance.watchers import Channel, Profile, Subscription, Watcher, shown_address
from servanda.jobs.bootstrap.usage import UsageError

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring
    from servanda.jobs.watchers.membership import DesiredWatcher, JoinOutcome

BY_COMMAND_LINE = "the command line"
"""Who says so where nobody gave a name."""

_BY = click.option("--by", type=NAME, metavar="NAME", help="Who says so.")
_REASON = click.option("--reason", metavar="TEXT", help="Why.")
_WATCHER = click.argument("address")


@click.group()
@shared_options
def watchers() -> None:
    """Who gets mail, and about what. ADDRESS may be the number that `list` shows."""


@watchers.command()
@_WATCHER
@channel_option
@wish_options
@click.option(
    "--yes-they-agreed", is_flag=True, help="Ask nothing: they said yes, or it is your own address."
)
@_BY
@shared_options
def add(address: str, channel: Channel, yes_they_agreed: bool, by: str | None, **given: Any) -> None:
    """Add a watcher, or give one another subscription.

    Unless --yes-they-agreed, ADDRESS is asked by mail, and sent nothing else until it agrees.
    """
    from servanda.jobs.watchers.membership import join

    with wired(opening="create") as wiring:
        wanted = _wanted(wiring, checked_address(wiring, channel, address), channel, given)
        agreed = "they agreed, by the word of who added them" if yes_they_agreed else None
        joined = join(wiring.ledger, lambda: wiring.letterhead, wanted, by=by, agreed=agreed)
        click.echo(_told(joined))
        if joined.new and channel == "webhook":
            click.echo(f"its secret, which signs what it gets: {joined.watcher.secret}")
        if joined.outcome == "asked":
            send_and_report(wiring)


def _wanted(wiring: Wiring, address: str, channel: Channel, given: Given) -> DesiredWatcher:
    """What the options ask for, on top of what stands: a subscription under its slug, the rest as it was."""
    from servanda.jobs.watchers.membership import DesiredWatcher
    from servanda.jobs.watchers.validation import new_secret
    from servanda.models.delivery.watchers import watcher_by_address

    with wiring.store.reading() as db:
        found = watcher_by_address(db, address)
    stays = found is not None and found.state != "ended"
    profile = profile_from(given, found.profile if found else Profile())
    kept = found.subscriptions if found and stays else ()
    secret = new_secret() if channel == "webhook" else None
    if stays and not asks_of_a_subscription(given):
        refuse_faults(wiring, profile, None)
        return DesiredWatcher(address, profile, kept, channel, secret)
    one = subscription_from(given, Subscription())
    refuse_faults(wiring, profile, one)
    others = tuple(other for other in kept if other.slug != one.slug)
    return DesiredWatcher(address, profile, (*others, one), channel, secret)


def _told(joined: JoinOutcome) -> str:
    from servanda.jobs.watchers.opt_in import ASK_AT_MOST

    who, asking = shown_address(joined.watcher), joined.asking
    if joined.outcome == "active":
        return f"{who} {'is a watcher now' if joined.new else 'is a watcher, and gets what was given'}"
    if joined.outcome == "suspended":
        return f"{who} is suspended: `servanda watchers resume` sends there again"
    assert asking is not None
    if joined.outcome == "asked":
        number = f"question {asking.times + 1} of at most {ASK_AT_MOST}"
        return f"{who} is asked by mail ({number}), and sent nothing else until they agree"
    why = {
        "declined": "has said no, and is not asked again",
        "too_often": f"was asked {asking.times} times, and is not asked again",
        "too_soon": f"was asked already, and is not asked again before {asking.again_at:%Y-%m-%d %H:%M} UTC",
    }[asking.outcome]
    return f"{who} {why}; if they agree otherwise: `servanda watchers confirm`"


@watchers.command()
@_WATCHER
@wish_options
@clear_option
@shared_options
def change(address: str, clear: tuple[str, ...], **given: Any) -> None:
    """Change what a watcher gets, or how; what is not given stays as it is."""
    from servanda.jobs.watchers import membership

    with wired() as wiring:
        found = watcher_named(wiring, address)
        profile = profile_from(given, found.profile)
        one = _changed(found, given, clear) if clear or asks_of_a_subscription(given) else None
        refuse_faults(wiring, profile, one)
        wanted = found.subscriptions if one is None else _with(found, one)
        if membership.change(wiring.ledger, found, profile, wanted):
            click.echo(f"{shown_address(found)} is changed")
        else:
            click.echo(f"{shown_address(found)} was so already")


def _changed(found: Watcher, given: Given, clear: tuple[str, ...]) -> Subscription:
    """The subscription that is meant, with what was given: the one named, or the only one."""
    slugs = [one.slug for one in found.subscriptions]
    slug = given["slug"] or (slugs[0] if len(slugs) == 1 else None)
    if slug is None and slugs:
        raise UsageError(f"which subscription? valid: --subscription with {', '.join(slugs)}, or a new one")
    base = next((one for one in found.subscriptions if one.slug == slug), Subscription())
    return subscription_from(given, base, clear)


def _with(found: Watcher, one: Subscription) -> tuple[Subscription, ...]:
    return (*(other for other in found.subscriptions if other.slug != one.slug), one)


@watchers.command("list")
@json_option
@shared_options
def list_watchers(as_json: bool) -> None:
    """The watchers and what they get."""
    from servanda.cli.tables.watchers import show_watchers
    from servanda.jobs.views.watchers import watcher_list

    with wired() as wiring:
        rows = watcher_list(wiring.ledger)
        if as_json:
            answer_json(rows)
        else:
            show_watchers(wiring, rows)


@watchers.command()
@_WATCHER
@click.option("--secrets", is_flag=True, help="With a webhook's secret or a chat's whole address.")
@json_option
@shared_options
def show(address: str, secrets: bool, as_json: bool) -> None:
    """One watcher, and all that became of them."""
    from servanda.cli.tables.watchers import show_watcher
    from servanda.jobs.views.watchers import watcher_show

    with wired() as wiring:
        answer = watcher_show(wiring.ledger, watcher_named(wiring, address), secrets=secrets)
        if as_json:
            answer_json(answer)
        else:
            show_watcher(wiring, answer)


@watchers.command()
@_WATCHER
@json_option
@shared_options
def subscriptions(address: str, as_json: bool) -> None:
    """What a watcher is told."""
    from servanda.cli.tables.watchers import show_subscriptions
    from servanda.jobs.views.watchers import subscription_json

    with wired() as wiring:
        found = watcher_named(wiring, address)
        rows = [subscription_json(one) for one in found.subscriptions]
        if as_json:
            answer_json(rows)
        else:
            show_subscriptions(wiring, shown_address(found), rows)


@watchers.command()
@_WATCHER
@click.argument("slug")
@shared_options
def unsubscribe(address: str, slug: str) -> None:
    """End the subscription SLUG of a watcher; the others stay."""
    from servanda.jobs.watchers import membership

    with wired() as wiring:
        found = watcher_named(wiring, address)
        slugs = [one.slug for one in found.subscriptions]
        if slug not in slugs:
            raise UsageError(f"there is no subscription {slug!r}; valid: {', '.join(slugs) or 'none'}")
        rest = [one for one in found.subscriptions if one.slug != slug]
        membership.change(wiring.ledger, found, found.profile, rest)
    left = ", ".join(one.slug for one in rest) or "none"
    click.echo(f"the subscription {slug} has ended; what is left: {left}")


@watchers.command()
@_WATCHER
@click.option("--by", required=True, type=NAME, metavar="NAME", help="Who knows that they agreed.")
@click.option("--reason", metavar="TEXT", help="How they agreed.", default="they agreed", show_default=True)
@shared_options
def confirm(address: str, by: str, reason: str) -> None:
    """Record that a watcher has agreed to get mail."""
    from servanda.jobs.watchers import membership

    with wired() as wiring:
        found = watcher_named(wiring, address)
        new = membership.agree(wiring.ledger, found, by, reason)
    click.echo(f"{shown_address(found)} {'gets mail from now on' if new else 'was active already'}")


@watchers.command()
@_WATCHER
@_BY
@_REASON
@shared_options
def remove(address: str, by: str | None, reason: str | None) -> None:
    """Send ADDRESS nothing more; what it was sent stays on record."""
    from servanda.jobs.watchers import membership

    with wired() as wiring:
        found = watcher_named(wiring, address)
        if not membership.remove(wiring.ledger, found, by or BY_COMMAND_LINE, reason or "removed"):
            raise UsageError(f"{shown_address(found)} is not a watcher any more")
    click.echo(f"{shown_address(found)} gets nothing more")


@watchers.command()
@_WATCHER
@_BY
@_REASON
@shared_options
def suspend(address: str, by: str | None, reason: str | None) -> None:
    """Send ADDRESS nothing until it is resumed; what happens meanwhile is not made up for."""
    from servanda.jobs.watchers import membership

    with wired() as wiring:
        found = watcher_named(wiring, address)
        if not membership.suspend(wiring.ledger, found, by or BY_COMMAND_LINE, reason or "suspended"):
            raise UsageError(f"{shown_address(found)} is {found.state}; valid: one that is active or asked")
    click.echo(f"{shown_address(found)} is suspended")


@watchers.command()
@_WATCHER
@_BY
@_REASON
@shared_options
def resume(address: str, by: str | None, reason: str | None) -> None:
    """Send to a suspended ADDRESS again."""
    from servanda.jobs.watchers import membership

    with wired() as wiring:
        found = watcher_named(wiring, address)
        if found.state != "suspended":
            raise UsageError(f"{shown_address(found)} is {found.state}; valid: one that is suspended")
        state = membership.resume(wiring.ledger, found, by or BY_COMMAND_LINE, reason or "resumed").state
    done = (
        "gets mail again" if state == "active" else "has not agreed yet; `servanda watchers add` asks again"
    )
    click.echo(f"{shown_address(found)} {done}")


for command in watcher_transfer.COMMANDS:
    watchers.add_command(command)
