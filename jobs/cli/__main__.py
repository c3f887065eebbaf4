"""``python -m jobs.cli``: the command line where no script was installed."""

from jobs.cli import main

main()
