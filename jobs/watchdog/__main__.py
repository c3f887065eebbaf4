"""``python -m servanda.jobs.watchdog``: where no script was installed."""

from servanda.jobs.watchdog.command import main

main()
