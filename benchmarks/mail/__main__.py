"""``python -m benchmarks.mail``: notify beside smtplib."""

from benchmarks.mail.comparison import main

main()
