"""From alert to attempt: recipients, letters, digests, sending, bounces, silences."""
