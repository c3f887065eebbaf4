"""The verb that serves pages."""

from __future__ import annotations

import click

from servanda.cli.options import shared_options, wired


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free."
)
@click.option(
    "--desk-port",
    default=8766,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The desk's own, where SERVANDA_PUBLIC_URL names another host.",
)
@shared_options
def web(host: str, port: int, desk_port: int) -> None:
    """Serve the desk, the pages to which mails link, calendars and feeds, until Ctrl-C.

    The desk has no log-in: it answers browsers on this machine alone.
    """
    from servanda.web.server import serve

    with wired() as wiring:
        public = wiring.settings.public_url
        linked = f"mails link to {public}" if public else "no mail links here: SERVANDA_PUBLIC_URL is not set"

        def ready(address: str, desk: str) -> None:
            click.echo(f"listening at {address}; {linked}")
            click.echo(f"the desk is at {desk}, for browsers on this machine")

        serve(wiring, host, port, desk_port, ready=ready)
