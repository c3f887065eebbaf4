"""The verb that serves the pages to which mails link."""

from __future__ import annotations

import click

from servanda.cli.options import shared_options, wired


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free."
)
@shared_options
def web(host: str, port: int) -> None:
    """Serve the pages to which mails link, calendars and feeds, until Ctrl-C."""
    from servanda.web.server import serve

    with wired() as wiring:
        public = wiring.settings.public_url
        linked = f"mails link to {public}" if public else "no mail links here: SERVANDA_PUBLIC_URL is not set"
        serve(wiring, host, port, ready=lambda address: click.echo(f"listening at {address}; {linked}"))
