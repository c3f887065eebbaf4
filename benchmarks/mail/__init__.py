"""Mails to ten thousand watchers, beside smtplib."""
