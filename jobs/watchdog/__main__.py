"""``python -m jobs.watchdog``: where no script was installed."""

from jobs.watchdog.command import main

main()
