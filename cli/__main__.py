"""``python -m servanda.cli``: the command line where no script was installed."""

from servanda.cli.commands import main

main()
