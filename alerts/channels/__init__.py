"""How it travels: SMTP, webhook, chat, folder; bounces, DKIM."""
